"""Everyday questions on the sample data and on a stranger's CSV are answered right, in both languages, without any server."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
import yaml

from analyst import Answer, Refusal, ask
from analyst.sample import FILES
from analyst.workspace import Workspace, open_workspace

GOLDEN = yaml.safe_load((Path(__file__).parent / "golden" / "everyday.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Asked:
    """A question and the SQL whose rows a right answer gives."""

    table: str
    text: str
    sql: str
    ordered: bool
    more: bool
    """Further columns are welcome."""
    years: bool
    """A year may come as 2025 or as 2025-01-01."""
    listed: bool
    """The rows themselves are as good as their count."""


CASES = [
    Asked(group["tables"][0], one["q"], one["sql"], *(bool(one.get(key)) for key in ("ordered", "more", "years", "listed")))
    for group in GOLDEN
    for one in group["asked"]
    if not one.get("share")
]


def employees() -> str:
    """A stranger's file: people, where they work and what they earn."""
    rng = random.Random(4)
    lines = ["Name,Department,Office,Age,Salary,Hired On"]
    for number in range(80):
        hired = date(2016, 1, 1) + timedelta(days=rng.randrange(3500))
        place = rng.choice(["Berlin", "Lyon", "Porto"])
        team = rng.choice(["Engineering", "Sales", "Finance", "Support"])
        lines.append(f"Person {number:02d},{team},{place},{rng.randrange(22, 64)},{rng.randrange(30_000, 120_000)},{hired.isoformat()}")
    return "\n".join(lines) + "\n"


def temperatures() -> str:
    """A stranger's file in Chinese: two weather stations over half a year."""
    rng = random.Random(9)
    lines = ["站点,日期,气温,降水量"]
    for day in range(180):
        for place in ("北站", "南站"):
            lines.append(f"{place},{date(2024, 1, 1) + timedelta(days=day)},{rng.uniform(-5, 30):.1f},{max(0, rng.uniform(-20, 40)):.1f}")
    return "\n".join(lines) + "\n"


def strangers() -> dict[str, str]:
    """Files with headers as people write them: units in brackets, short forms, two dates, states, keys that nothing declares."""
    rng = random.Random(7)
    shop = ["Order No.,Order Date,Customer,Segment,Country,Product,Category,Qty.,unit_price(USD),Discount %,Ship Date,Status"]
    goods = [("Trail Shoe", "Footwear", 89), ("City Sneaker", "Footwear", 65), ("Rain Jacket", "Outerwear", 140), ("Tote Bag", "Bags", 28)]
    for number in range(400):
        day = date(2022, 1, 3) + timedelta(days=rng.randrange(1000))
        name, kind, price = rng.choice(goods)
        sent = day + timedelta(days=rng.randrange(1, 12)) if rng.random() > 0.06 else ""
        who = f"{rng.choice(['Ana', 'Ben', 'Chloe', 'Dev', 'Eva'])} {rng.choice(['Silva', 'Meyer', 'Okafor'])}"
        state = rng.choice(["shipped"] * 8 + ["returned", "cancelled"])
        place, segment = rng.choice(["Germany", "France", "Spain"]), rng.choice(["Consumer", "Business", "School"])
        cells = [f"SO-{10_000 + number}", day, who, segment, place, name, kind, rng.randrange(1, 9), price, rng.choice([0, 0, 5, 20]), sent]
        shop.append(",".join(map(str, [*cells, state])))
    hotel = ["订单号,入住日期,离店日期,房型,预订渠道,间夜数,房费（元）,客人国籍,是否取消,评分"]
    for number in range(300):
        day, nights = date(2023, 1, 1) + timedelta(days=rng.randrange(700)), rng.choice([1, 2, 3, 5, 7])
        room, price = rng.choice([("标准间", 320), ("家庭套房", 680), ("豪华套房", 1180)])
        channel, nation = rng.choice(["携程", "美团", "官网"]), rng.choice(["中国", "中国", "美国", "日本"])
        cells = [
            f"BK{number:05d}",
            day,
            day + timedelta(days=nights),
            room,
            channel,
            nights,
            price * nights,
            nation,
            rng.choice("否否否是"),
        ]
        hotel.append(",".join(map(str, [*cells, rng.choice([3, 4, 5, ""])])))
    stores = [
        "门店编号,店名,城市,开业日期,类型",
        "S1,人民路店,南京,2018-03-01,直营",
        "S2,西湖店,杭州,2017-11-05,加盟",
        "S3,新街口店,南京,2024-12-01,直营",
    ]
    wares = ["商品编号,商品名称,品类,进价,售价", "G1,拿铁,咖啡,6,22", "G2,可颂,面包,3.5,12", "G3,柠檬茶,茶饮,3,15", "G4,纪念杯,周边,20,59"]
    sales = ["日期,门店编号,商品编号,销量,销售额（万元）"]
    for _ in range(300):
        ware, price = rng.choice([("G1", 22), ("G2", 12), ("G3", 15)])
        sold = rng.randrange(1, 40)
        day = date(2023, 1, 1) + timedelta(days=rng.randrange(600))
        sales.append(f"{day},{rng.choice(['S1', 'S2'])},{ware},{sold},{sold * price / 10_000:.4f}")
    log = ["ts,machine,production_line,temp_c,units_produced,defects"]
    for hour in range(24 * 30):
        for machine, line in (("Press A", "Line 1"), ("Mill 7", "Line 2")):
            moment = f"{date(2024, 5, 1) + timedelta(days=hour // 24)} {hour % 24:02d}:00:00"
            heat = f"{rng.gauss(70, 9):.1f}" if rng.random() > 0.02 else ""
            log.append(f"{moment},{machine},{line},{heat},{rng.randrange(80, 140)},{rng.randrange(0, 6)}")
    named = {"shop_orders": shop, "酒店预订": hotel, "门店": stores, "商品": wares, "销售": sales, "machine_log": log}
    return {name: "\n".join(lines) + "\n" for name, lines in named.items()}


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Workspace]]:
    folder = tmp_path_factory.mktemp("everyday")
    (folder / "employees.csv").write_text(employees(), encoding="utf-8")
    (folder / "气温记录.csv").write_text(temperatures(), encoding="gb18030")
    for name, text in strangers().items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    files = {path.stem: path for path in (*FILES, *folder.glob("*.csv"))}
    together = {group["tables"][0]: [files[name] for name in group["tables"]] for group in GOLDEN}
    opened = {name: open_workspace(paths, folder / f"workspace-{number}") for number, (name, paths) in enumerate(together.items())}
    yield opened
    for workspace in opened.values():
        workspace.close()


def rows(found: list[list[object]], years: bool) -> list[tuple[object, ...]]:
    """Rows in a form that compares: numbers rounded, years as numbers where both forms are right, columns in one order."""
    plain = [[cell(value, years) for value in row] for row in found]
    return [tuple(sorted(row, key=str)) for row in plain]


def cell(value: object, years: bool) -> object:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return round(float(value), 4)
    text = str(value)[:10]
    return float(text[:4]) if years and text[4:] == "-01-01" else text


def gold(workspace: Workspace, asked: Asked) -> list[list[object]]:
    with duckdb.connect(str(workspace.database()), read_only=True) as connection:
        return [list(row) for row in connection.execute(asked.sql).fetchall()]


@pytest.mark.parametrize("asked", CASES, ids=lambda asked: asked.text)
def test_an_everyday_question_is_answered_right(asked: Asked, workspaces: dict[str, Workspace]) -> None:
    workspace = workspaces[asked.table]
    *_, reply = ask(asked.text, workspace)
    assert isinstance(reply, Answer), reply
    expected, found = rows(gold(workspace, asked), asked.years), rows(reply.result.rows(), asked.years)
    if asked.listed and len(found) != 1:
        assert float(len(found)) == expected[0][0], reply.query.sql
    elif asked.more:
        assert [set(row) & set(other) for row, other in zip(expected, found, strict=True)] == [set(row) for row in expected], (
            reply.query.sql
        )
    else:
        assert (found if asked.ordered else sorted(found, key=str)) == (expected if asked.ordered else sorted(expected, key=str)), (
            reply.query.sql
        )
    assert reply.commentary
    assert reply.reading.summary.in_language(reply.question.language)


@pytest.mark.parametrize(
    ("table", "question", "missing"),
    [
        ("shop_orders", "what is our profit margin", "profit margin"),
        ("shop_orders", "bonus by country", "bonus"),
        ("shop_orders", "how many orders have a warehouse number above 3", "warehouse number"),
        ("shop_orders", "total of shipping_fee per country", "shipping_fee"),
        ("machine_log", "output by shift", "shift"),
        ("销售", "利润率是多少", "利润率"),
    ],
)
def test_what_a_strangers_file_lacks_is_named_and_declined(
    table: str, question: str, missing: str, workspaces: dict[str, Workspace]
) -> None:
    *_, reply = ask(question, workspaces[table])
    assert isinstance(reply, Refusal)
    assert missing in reply.message
