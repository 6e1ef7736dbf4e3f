"""What the columns of a schema are good for: which can be added up, which name a row, which tell its time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cached_property, lru_cache
from math import prod

from analyst.models.builtin.plan import Arithmetic, Field
from analyst.terms import Cell, Column, Schema, Table
from analyst.words.lexicon import concepts_by_phrase, header_vocabulary
from analyst.words.names import expanded
from analyst.words.tokens import header_stems, is_chinese
from analyst.words.units import unit_of, without_unit

RATES = frozenset((
    "price", "rate", "rating", "csat", "nps", "satisfaction", "score", "age", "temp", "temperature", "percent", "percentage",
    "ratio", "avg", "average", "mean", "margin", "per", "expectancy", "index", "level", "height", "weight", "latitude",
    "longitude", "lat", "lon", "grade", "gpa", "pct", "salary", "wage", "pay", "close", "open", "high", "low", "speed", "max",
    "min", "humidity", "wind", "share", "discount", "width", "depth", "rank", "capita", "duration", "length", "point",
    "median", "year", "ppm", "bpm", "hpa", "psi", "decibel", "pressure",
    "math", "maths", "mathematics", "physics", "chemistry", "biology", "english", "science",
))  # fmt: skip
RATES_ZH = (
    "率", "价", "平均", "均", "评分", "温", "龄", "比例", "工资", "薪", "分数", "得分", "占比", "指数", "寿命", "身高", "体重",
    "速", "折扣", "语文", "数学", "英语", "物理", "化学", "成绩", "满意", "打分", "湿度", "浓度", "血压", "血糖", "心率",
)  # fmt: skip
"""Words in headers whose numbers are averaged rather than added up."""
NUMBER_TYPES = (
    "BIGINT", "INT", "DOUBLE", "DECIMAL", "HUGEINT", "SMALLINT", "TINYINT", "FLOAT", "REAL", "UBIGINT", "UINTEGER",
    "USMALLINT", "UTINYINT",
)  # fmt: skip
CURRENCIES = frozenset(["$", "€", "£", "¥", "￥", "usd", "eur", "gbp", "cny", "rmb", "元", "万元", "亿元", "美元", "欧元", "人民币"])
NOT_SOLD = frozenset(("stock", "reorder", "on order"))
"""What quantities on hand or to come are called, which bring no money yet."""
LABELS = ("name", "title", "full name", "label", "名称", "姓名", "名字", "标题", "名")


def reached(tables: Iterable[str], schema: Schema) -> set[str]:
    """These tables and those that their rows point to, directly or through others: of each, a row meets one."""
    found = set(tables)
    while further := {join.parent_table for join in schema.joins if join.table in found} - found:
        found |= further
    return found


PERSON_CONCEPTS = frozenset(("customer", "employee", "salesperson", "patient", "student"))
"""Concepts that are people."""
REPEATED = 0.9  # of the rows: with fewer different numbers than that, things have several rows
NUMBERS_ZH = ("编号", "号", "号码", "ID", "id", "单号", "编码")
ENDINGS = frozenset((
    "end", "ended", "cancel", "cancelled", "canceled", "cancellation", "close", "closed", "closing", "resolve", "resolved", "deliver",
    "delivered", "delivery", "return", "returned", "complete", "completed", "completion", "finish", "finished", "due", "expire", "expired",
    "expiry", "expiration", "leave", "left", "leaving", "exit", "termination", "terminated", "churn", "churned", "update", "updated",
    "modified", "discharge", "discharged", "checkout", "sold",
))  # fmt: skip
ENDINGS_ZH = ("离职", "结束", "完成", "截止", "到期", "关闭", "取消", "退", "归还", "更新", "送达", "交付", "出院", "解决", "注销", "离店")
"""Words in headers of dates on which something ends; what is told by a date is when it began."""


PAID_ZH = ("实付", "实收", "应付", "应收")
"""Headers of what is paid in the end, after discounts and fees."""
YEARS = frozenset((
    "year", "yr", "年", "founded", "built", "since", "opened", "season", "established", "elected", "released", "published", "born",
    "died", "formed", "joined", "debuted", "debut", "office", "inaugurated", "constructed", "incorporated",
))  # fmt: skip
"""Words of headers of numbers that are years, where these lie in the range of years."""
NUMBERED = (("no",), ("number",), ("num",), ("号",), ("号", "码"), ("编", "号"))
"""Ends of headers that number the rows of a table: flight_no, 航班号."""


SOLD = frozenset(("sold", "ordered", "purchased"))
"""Ends of headers that tell how many of a thing changed hands."""


class Catalog:
    """One schema's columns by what they are good for."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._columns = {(table.name, column.name): column for table in schema.tables for column in table.columns}
        self._words = {key: expanded(header_stems(key[1], header_vocabulary())) for key in self._columns}
        self._bare = {key: expanded(header_stems(without_unit(key[1]), header_vocabulary())) for key in self._columns}
        self._tables = {table.name: table for table in schema.tables}

    @cached_property
    def people_tables(self) -> tuple[str, ...]:
        """The tables whose names say that their rows are people."""
        said = {name: concepts_by_phrase().get(header_stems(name), ()) for name in self._tables}
        return tuple(name for name, concepts in said.items() if PERSON_CONCEPTS & set(concepts))

    @property
    def people_table(self) -> str | None:
        """The only table whose name says that its rows are people; None where there is none or several."""
        return self.people_tables[0] if len(self.people_tables) == 1 else None

    def column(self, field: Field) -> Column:
        """The column of a field."""
        return self._columns[field.table, field.column]

    def table(self, name: str) -> Table:
        """The table of a name as the schema writes it."""
        return self._tables[name]

    def has(self, field: Field) -> bool:
        """Whether there is such a column."""
        return (field.table, field.column) in self._columns

    def words(self, field: Field) -> tuple[str, ...]:
        """The header's words."""
        return self._words[field.table, field.column]

    def is_number(self, field: Field) -> bool:
        """Whether its cells are numbers."""
        return self.column(field).type.upper().startswith(NUMBER_TYPES)

    def is_measure(self, field: Field) -> bool:
        """Whether its numbers can be averaged."""
        column = self.column(field)
        return self.is_number(field) and column.role == "measure" and not self.is_row_number(field)

    def is_row_number(self, field: Field) -> bool:
        """Whether it is the number of each row under the table's own name, as `ticket` in a table of tickets."""
        return header_stems(field.column) == header_stems(field.table) and self.is_key(field)

    def is_date(self, field: Field) -> bool:
        """Whether its cells are days or moments."""
        column = self.column(field)
        return column.type.upper().startswith(("DATE", "TIMESTAMP"))

    def is_year(self, field: Field) -> bool:
        """Whether its cells are years written as numbers."""
        column = self.column(field)
        low, high = column.minimum, column.maximum
        if not self.is_number(field) or not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
            return False
        named = bool(YEARS & set(self.words(field)))
        return 1000 <= low <= high <= 2200 and (named or column.role == "time")

    def is_clock(self, field: Field) -> bool:
        """Whether it holds a time of day."""
        kind = self.column(field).type.upper()
        return kind.startswith("TIMESTAMP") or kind == "TIME"

    def is_time(self, field: Field) -> bool:
        """Whether it tells when."""
        return self.is_date(field) or self.is_year(field) or self.column(field).role == "time"

    def adds_up(self, field: Field) -> bool:
        """Whether sums of it mean something."""
        words = [word for word in self.words(field) if not word.isdigit()]
        if (
            self.column(field).unit == "%"
            or any(word in RATES for word in words[-2:] if word.isascii())
            or "per" in words
            or "average" in words
        ):
            return False
        joined = "".join(word for word in words if is_chinese(word))
        return not any(word in joined for word in RATES_ZH)

    def is_flag(self, field: Field) -> bool:
        """Whether its cells say yes or no."""
        column = self.column(field)
        cells = {str(value).strip().casefold() for value, _ in column.frequent}
        return (
            column.distinct in (1, 2)
            and bool(cells)
            and (
                cells <= {"0", "1"}
                or cells <= {"0.0", "1.0"}
                or cells <= {"true", "false"}
                or cells <= {"t", "f"}
                or cells <= {"y", "n"}
                or cells <= {"yes", "no"}
                or cells <= {"是", "否"}
            )
        )

    def flag_value(self, field: Field, yes: bool) -> Cell:
        """The cell of a yes-or-no column that means yes, or no."""
        wanted = ("1", "1.0", "true", "t", "y", "yes", "是") if yes else ("0", "0.0", "false", "f", "n", "no", "否")
        found = next((value for value, _ in self.column(field).frequent if str(value).strip().casefold() in wanted), None)
        return found if found is not None else (1 if yes else 0) if self.is_number(field) else yes

    def is_key(self, field: Field) -> bool:
        """Whether each row has its own value."""
        return any(key == (field.column,) for key in self.table(field.table).keys)

    def settles(self, table: str, columns: Iterable[str]) -> bool:
        """Whether these columns together tell every row of the table from the others."""
        given = set(columns)
        if any(set(key) <= given for key in self.table(table).keys):
            return True
        if any(
            column.name in given
            and column.distinct + column.missing == column.rows > 1
            and column.missing * 100 < column.rows
            and self.is_date(Field(table, column.name))
            for column in self.table(table).columns
        ):
            return True
        known = [column.distinct for column in self.table(table).columns if column.name in given]
        return len(known) > 1 and prod(known) == self.table(table).rows

    def fields(self, table: str | None = None) -> list[Field]:
        """All columns, or those of one table."""
        return [Field(*key) for key in self._columns if table is None or key[0] == table]

    @lru_cache(maxsize=4096)  # noqa: B019 - one catalogue a schema, kept as long as its schema
    def concepts(self, field: Field) -> frozenset[str]:
        """What a column means, from its header's words or their endings; a unit says nothing of that."""
        words = self._bare[field.table, field.column]
        table = expanded(header_stems(field.table, header_vocabulary()))
        bare = words[len(table) :] if words[: len(table)] == table else words
        found: set[str] = set()
        if "per" in words[1:]:
            words = words[: words.index("per", 1)]
        raw = header_stems(without_unit(field.column), header_vocabulary())
        for phrase in {words, bare, raw, *(words[at:] for at in range(1, len(words)))}:
            if phrase != ("point",) and phrase and (len(phrase) * 2 >= len(words) or is_chinese(phrase[0])):
                found.update(concepts_by_phrase().get(phrase, ()))
        if len(words) > 1 and words[-1] in SOLD and self.is_number(field):
            found.add("quantity")  # tickets sold, copies ordered
        return frozenset(found)

    def named(self, concept: str, tables: Iterable[str], number: bool = False) -> list[Field]:
        """Columns of these tables that mean a concept, the most direct first."""
        found = [
            field
            for table in tables
            for field in self.fields(table)
            if concept in self.concepts(field) and (not number or self.is_number(field))
        ]
        return sorted(found, key=lambda field: (concept not in self.words(field), len(self.words(field)), not self.is_measure(field)))

    def labels(self, table: str) -> tuple[Field, ...]:
        """The columns that name a row of a table to a person."""
        own = expanded(header_stems(table, header_vocabulary()))
        fields = self.fields(table)
        firsts = [field for field in fields if "first name" in self.concepts(field)]
        lasts = [field for field in fields if "last name" in self.concepts(field)]
        named = any(self.words(field)[-1:] in (("name",), ("名",)) and field not in (*firsts, *lasts) for field in fields)
        if firsts and lasts and not named:
            return (firsts[0], lasts[0])
        for ending in LABELS:
            wanted = tuple(ending.split()) if ending.isascii() else tuple(ending)
            for field in fields:
                words = self.words(field)
                if (
                    words == wanted
                    or (words[: len(own)] == own and words[len(own) :] == wanted)
                    or (words and words[:-1] == own[-1:] and words[-1:] == wanted)
                ):
                    return (field,)
        for field in fields:
            words = self.words(field)
            if words and words[-1] in ("name", "title", "名", "称") and not self.is_number(field) and not self.is_parent_key(field):
                return (field,)
        texts = [
            field for field in fields if self.column(field).role == "dimension" and not self.is_number(field) and not self.is_time(field)
        ]
        unique = [field for field in texts if self.is_key(field)]
        numbered = [field for field in fields if self.words(field)[: len(own)] == own and self.words(field)[len(own) :] in NUMBERED]
        others = [field for field in texts if not self.is_parent_key(field)]
        return tuple((unique or [])[:1]) or self.identifiers(table)[:1] or tuple((numbered or others or texts)[:1]) or tuple(fields[:1])

    def identifiers(self, table: str) -> tuple[Field, ...]:
        """The columns that identify a row."""
        keys = [Field(table, key[0]) for key in self.table(table).keys if len(key) == 1]
        named = [
            field
            for field in keys
            if self.column(field).role == "identifier" or self.words(field)[-1:] == ("id",) or self.is_row_number(field)
        ]
        return tuple(named or keys[:1])

    def repeated(self, thing: str) -> Field | None:
        """The number of a thing, such as 'order', that tells no row of the only table apart: of orders with several lines."""
        if len(self.schema.tables) > 1:
            return None
        found = [field for field in self.fields() if not self.is_key(field) and self.is_number_of(field, thing)]
        several = [field for field in found if 0 < self.column(field).distinct < REPEATED * self.column(field).rows]
        return several[0] if len(several) == 1 else None

    def is_number_of(self, field: Field, thing: str) -> bool:
        """Whether a header is that of a thing's number: order_id, 订单编号."""
        if not thing.isascii():
            return field.column.startswith(thing) and field.column.removeprefix(thing) in NUMBERS_ZH
        words = self.words(field)
        return len(words) == 2 and words[0] == thing and words[1] in ("id", "no", "number", "ref", "code")

    def is_parent_key(self, field: Field) -> bool:
        """Whether it points to a row of another table."""
        return any((join.table, join.column) == (field.table, field.column) for join in self.schema.joins)

    def is_pointed_to(self, field: Field) -> bool:
        """Whether rows of other tables point to it."""
        return any((join.parent_table, join.parent_column) == (field.table, field.column) for join in self.schema.joins)

    def dates(self, table: str) -> list[Field]:
        """The columns that tell when, real dates first, fuller ones before emptier ones."""
        fields = [field for field in self.fields(table) if self.is_time(field)]
        return sorted(fields, key=lambda field: (not self.is_date(field), self.column(field).missing))

    def is_ending(self, field: Field) -> bool:
        """Whether it tells when something ended rather than when it began."""
        return bool(ENDINGS & set(self.words(field))) or any(word in field.column for word in ENDINGS_ZH)

    def steps_up(self, tables: Iterable[str]) -> dict[str, int]:
        """How many joins lead from the rows of these tables up to the row of each table that they belong to."""
        found = dict.fromkeys(tables, 0)
        while further := {
            join.parent_table: found[join.table] + 1 for join in self.schema.joins if join.table in found and join.parent_table not in found
        }:
            found |= further
        return found

    @cached_property
    def main_table(self) -> str:
        """The table whose rows are meant where none is named: the one that points to others, the largest of them."""
        pointing = Counter(join.table for join in self.schema.joins)
        return max(self.schema.tables, key=lambda table: (pointing[table.name], table.rows)).name

    def latest(self, field: Field) -> date | None:
        """The latest day in a column; None where it holds no days."""
        top = self.column(field).maximum
        if isinstance(top, str) and len(top) >= 10 and top[4] == "-":
            return date.fromisoformat(top[:10])
        if self.is_year(field) and isinstance(top, (int, float)):
            return date(int(top), 12, 31)
        return None

    def money(self, tables: Iterable[str], spent: bool = False) -> Field | Arithmetic | None:
        """What revenue or spending is read from: an amount column, or price times quantity."""
        tables = list(tables)
        kinds = ("spend", "amount") if spent else ("amount", "spend")
        amounts = [field for concept in kinds for field in self.named(concept, tables, number=True) if self.is_measure(field)]
        amounts = amounts or [
            field for field in self.named("payment", tables, number=True) if self.is_measure(field) and self.adds_up(field)
        ]
        if amounts:
            return next((field for field in amounts if field.column.startswith(PAID_ZH)), amounts[0])
        for table in tables:
            prices = [field for field in self.named("price", [table], number=True) if "cost" not in self.words(field)]
            counts = [field for field in self.named("quantity", [table], number=True) if not self.concepts(field) & NOT_SOLD]
            prices = [field for field in prices if field not in counts]
            if prices and counts:
                return Arithmetic(prices[0], "*", counts[0])
        charges = [field for table in tables for field in self.fields(table) if self.is_charge(field)]
        fees = [field for field in self.named("charge", tables, number=True) if self.is_measure(field)]
        plain = [field for field in fees if len(self.words(field)) == 1]
        return next(iter((*charges, *plain, *(fees if len(fees) == 1 else ()))), None)

    def gain(self, tables: Iterable[str]) -> tuple[Field | Arithmetic, Field | Arithmetic] | None:
        """What profit is the difference of where no column holds it: the money taken, and what the same things cost."""
        money = self.money(tables)
        if isinstance(money, Arithmetic):
            near = list(self.steps_up([money.left.table]))
            costs = [field for field in self.named("cost", near, number=True) if "cost" in self.words(field) or "成本" in field.column]
            return (money, Arithmetic(costs[0], "*", money.right)) if costs else None
        if isinstance(money, Field):
            paid = (field for concept in ("cost", "spend") for field in self.named(concept, [money.table], number=True))
            costs = [field for field in paid if self.adds_up(field) and field != money]
            return (money, costs[0]) if costs else None
        return None

    def is_charge(self, field: Field) -> bool:
        """Whether it holds amounts in a currency that can be added up and are no price of one piece, no pay and no balance."""
        column = self.column(field)
        other = {"price", "salary", "cost", "profit", "tax", "budget", "discount"} & self.concepts(field)
        held = column.unit or unit_of(column.name)
        return self.is_measure(field) and self.adds_up(field) and held.casefold() in CURRENCIES and not other

    def worth(self, tables: Iterable[str]) -> Arithmetic | None:
        """The value of what is in stock: price times stock."""
        for table in tables:
            prices = [*self.named("cost", [table], number=True), *self.named("price", [table], number=True)]
            stocks = self.named("stock", [table], number=True)
            if prices and stocks:
                return Arithmetic(prices[0], "*", stocks[0])
        return None
