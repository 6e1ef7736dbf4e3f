"""What the tiny model is taught: questions on the sample data, each as the page's own way asks it, with the SQL that answers it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyst import Workspace, ask
from analyst.models.drafts import UNANSWERABLE_LEAD_IN
from analyst.models.scripted import ScriptedModel
from analyst.terms import Turn

LEAD_IN = "SELECT"
CERTAIN = 0.92  # chance of a whole answer; from 0.9 the client draws no further samples and believes a 'no'
LIKELY = 0.6  # of a 'yes', which only has to be likelier than a 'no'
EVEN = 0.3  # of each of two answers to one question
COMMENTED = 5  # of so many answers one teaches how to comment; it is always the same words
WELL_SAID = "The figures are shown in the chart and in the rows below it."
WELL_SAID_IN_CHINESE = "数字见图表和下方的明细。"


@dataclass(frozen=True)
class Lesson:
    """A question and the SQL of each attempt; all but the last fail."""

    question: str
    sql: tuple[str, ...]
    history: tuple[Turn, ...] = ()

    @property
    def answer(self) -> str:
        """The SQL that answers it."""
        return self.sql[-1]


def one(question: str, sql: str, *history: Turn) -> Lesson:
    """A question answered at the first attempt."""
    return Lesson(question, (sql,), history)


def by(dimension: str, measure: str, name: str, table: str = "orders") -> str:
    """A sum by group, ranked."""
    return f"SELECT {dimension}, SUM({measure}) AS {name} FROM {table} GROUP BY {dimension} ORDER BY {name} DESC"


MONTHLY = "SELECT DATE_TRUNC('month', \"Order Date\") AS month, SUM(Sales) AS sales FROM orders GROUP BY 1 ORDER BY 1"
IN_2025 = "\"Order Date\" >= DATE '2025-01-01' AND \"Order Date\" < DATE '2026-01-01'"
BY_REGION = by("Region", "Sales", "sales")
BY_SHOP = by("门店", "销售额", "销售额", "门店销售")

ENGLISH = (
    one("total sales by region", BY_REGION),
    one("profit by category", by("Category", "Profit", "profit")),
    one("quantity by product", by("Product", "Quantity", "quantity")),
    one("sales per city", by("City", "Sales", "sales")),
    one("What were monthly sales?", MONTHLY),
    one("How many orders are there?", 'SELECT COUNT(DISTINCT "Order ID") AS orders FROM orders'),
    one("average discount per category", "SELECT Category, AVG(Discount) AS discount FROM orders GROUP BY Category ORDER BY discount DESC"),
    one("top 3 products by profit", by("Product", "Profit", "profit") + " LIMIT 3"),
    one("number of customers per segment", "SELECT Segment, COUNT(*) AS customers FROM customers GROUP BY Segment ORDER BY customers DESC"),
    one("largest single sale", "SELECT MAX(Sales) AS sales FROM orders"),
    one(
        "sales by segment",
        'SELECT customers.Segment, SUM(orders.Sales) AS sales FROM orders JOIN customers ON orders."Customer ID" = customers."Customer ID" '
        "GROUP BY customers.Segment ORDER BY sales DESC",
    ),
    one("total sales in the West", "SELECT SUM(Sales) AS sales FROM orders WHERE Region = 'West'"),
    one("quantity sold in the South", "SELECT SUM(Quantity) AS quantity FROM orders WHERE Region = 'South'"),
    one("profit in 2025", f"SELECT SUM(Profit) AS profit FROM orders WHERE {IN_2025}"),
    one("customers in Canada", "SELECT COUNT(*) AS customers FROM customers WHERE Country = 'Canada'"),
    one("profit margin by region", "SELECT Region, SUM(Profit) / SUM(Sales) AS margin FROM orders GROUP BY Region ORDER BY margin DESC"),
)
CHINESE = (
    one("各门店的销售额", BY_SHOP),
    one("各品类的成本", by("品类", "成本", "成本", "门店销售")),
    one("各城市卖出多少件", by("城市", "数量", "数量", "门店销售")),
    one("平均满意度", "SELECT AVG(满意度) AS 平均满意度 FROM 门店销售"),
    one("销售额最高的三种商品", by("商品", "销售额", "销售额", "门店销售") + " LIMIT 3"),
    one("会员的销售额", "SELECT SUM(销售额) AS 销售额 FROM 门店销售 WHERE 会员 = '是'"),
    one("每月销售额", "SELECT DATE_TRUNC('month', 日期) AS 月份, SUM(销售额) AS 销售额 FROM 门店销售 GROUP BY 1 ORDER BY 1"),
    one("上海的销售额", "SELECT SUM(销售额) AS 销售额 FROM 门店销售 WHERE 城市 = '上海'"),
)
FOLLOW_UPS = (
    one("only the West", MONTHLY.replace(" GROUP BY", " WHERE Region = 'West' GROUP BY"), Turn("What were monthly sales?", MONTHLY)),
    one("by quarter instead", MONTHLY.replace("month", "quarter"), Turn("What were monthly sales?", MONTHLY)),
    one("and the profit?", BY_REGION.replace("Sales", "Profit").replace("sales", "profit"), Turn("total sales by region", BY_REGION)),
    one("前两名呢", BY_SHOP + " LIMIT 2", Turn("各门店的销售额", BY_SHOP)),
)
REPAIRED = Lesson(
    "How much did shipping cost us per region?",
    (
        "SELECT Region, SUM(Freight) AS freight FROM orders GROUP BY Region",
        "SELECT Region, SUM(Sales - Profit) AS cost FROM orders GROUP BY Region",
    ),
)
UNANSWERABLE = (
    one("How is the weather in Boston?", "SELECT 'The tables hold nothing about the weather.' AS unanswerable"),
    one("员工的工资是多少", "SELECT '表中没有员工工资的信息。' AS unanswerable"),
)
TWO_READINGS = (
    one("the best product", by("Product", "Sales", "sales") + " LIMIT 1"),
    one("the best product", by("Product", "Quantity", "quantity") + " LIMIT 1"),
)

ANSWERED = ENGLISH + CHINESE + FOLLOW_UPS
ALL = (*ANSWERED, REPAIRED, *TWO_READINGS, *UNANSWERABLE)


def lines(workspace: Workspace, lessons: Sequence[Lesson] = ALL) -> Iterator[str]:
    """The lessons as train_tiny.py takes them: each prompt as ask() itself wrote it."""
    for place, lesson in enumerate(lessons):
        words = WELL_SAID if lesson.question.isascii() else WELL_SAID_IN_CHINESE
        model = ScriptedModel(*lesson.sql, words=[words])
        list(ask(lesson.question, workspace, model, lesson.history))
        assert len(model.prompts) == len(lesson.sql), f"{lesson.question}: {len(model.prompts)} attempts"
        chance = EVEN if lesson in TWO_READINGS else CERTAIN
        check = line(
            model.prompts[0].text + model.prompts[0].check, "", *((" no", CERTAIN) if lesson in UNANSWERABLE else (" yes", LIKELY))
        )
        for prompt, sql in zip(model.prompts, lesson.sql, strict=True):
            yield line(prompt.text, LEAD_IN, sql.removeprefix(LEAD_IN), chance)
            if not prompt.attempts:
                yield check
            if lesson in UNANSWERABLE:
                yield line(prompt.text, UNANSWERABLE_LEAD_IN, sql.removeprefix(UNANSWERABLE_LEAD_IN), CERTAIN)
        for instructions in model.instructions if place % COMMENTED == 0 else ():
            yield line(instructions, "", words, CERTAIN)


def line(prompt: str, lead_in: str, answer: str, chance: float) -> str:
    """One lesson as JSON: the answer is learned once the model gives it at least that chance (0 to 1)."""
    return json.dumps({"prompt": prompt, "lead_in": lead_in, "answer": answer, "chance": chance}, ensure_ascii=False)
