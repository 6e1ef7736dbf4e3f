"""Writes the sample tables: `python analyst/sample/make.py [folder]`; the same bytes every time.

orders.csv     1,900 orders of an office supplier, 2023-11-01 to 2026-10-31; one row an order; money in US dollars.
               Sales = Quantity x Unit Price x (1 - Discount). Grows about 12 % a year, peaks in November and December, falls by
               more than half in June 2025 (the warehouse was under water). West is the strong region, South the weak one.
               Customer ID is missing for orders without an account, Profit where the cost is not settled yet.
customers.csv  Its 240 customers; Customer ID joins it to orders.csv. Segment is missing for some.
门店销售.csv    1,250 lines of a chain of six shops, same period, in yuan; 销售额 = 数量 x 单价. Drinks peak in summer, fresh food at
               the Spring Festival, June 2026 stands out (an anniversary sale). 会员 and 满意度 are missing where nobody asked.

Names are drawn from lists of common ones; the figures are drawn by a seeded generator and are nobody's.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

T = TypeVar("T")
Row = tuple[str | int, ...]

SEED = 20231101
FIRST_MONTH, MONTHS = (2023, 11), 36

# ------------------------------------------------------------------------------------------------ the office supplier
ORDERS, CUSTOMERS = 1900, 240
YEARLY_GROWTH = 0.12
# January to December; shares of an average month.
OFFICE_SEASON = (0.86, 0.78, 0.95, 0.92, 0.94, 0.98, 0.88, 1.04, 1.10, 1.02, 1.24, 1.40)
FLOOD_MONTH, FLOOD_SHARE = (2025, 6), 0.4
# Region -> its share of customers and the discounts it gets; South sells little, at prices that leave little.
REGIONS = {
    "West": (0.37, (0, 0, 0, 5, 10)),
    "East": (0.30, (0, 0, 5, 10, 10)),
    "Central": (0.21, (0, 0, 5, 10, 15)),
    "South": (0.12, (0, 10, 15, 20, 30)),
}
CITIES = {
    "West": (("Seattle", "United States"), ("San Francisco", "United States"), ("Los Angeles", "United States"), ("Vancouver", "Canada")),
    "East": (("New York", "United States"), ("Boston", "United States"), ("Philadelphia", "United States"), ("Toronto", "Canada")),
    "Central": (("Chicago", "United States"), ("Denver", "United States"), ("Minneapolis", "United States")),
    "South": (("Houston", "United States"), ("Atlanta", "United States"), ("Miami", "United States")),
}
# Category, product, price in cents, cost as a share of it, how often it sells.
PRODUCTS: tuple[tuple[str, str, int, float, int], ...] = (
    ("Furniture", "Oak Desk", 42900, 0.74, 5),
    ("Furniture", "Mesh Chair", 18900, 0.70, 9),
    ("Furniture", "Bookcase", 15900, 0.78, 5),
    ("Furniture", "Filing Cabinet", 12900, 0.72, 6),
    ("Office Supplies", "Copy Paper, 5 Reams", 2950, 0.62, 20),
    ("Office Supplies", "Ballpoint Pens, 50 Pack", 1250, 0.45, 18),
    ("Office Supplies", "Ring Binders, 10 Pack", 2190, 0.55, 14),
    ("Office Supplies", "Envelopes, 500 Pack", 1890, 0.58, 11),
    ("Office Supplies", "Desk Organizer", 2490, 0.50, 10),
    ("Technology", "27-inch Monitor", 27900, 0.80, 8),
    ("Technology", "Wireless Keyboard", 5990, 0.64, 12),
    ("Technology", "Laser Printer", 23900, 0.76, 6),
    ("Technology", "Headset", 12900, 0.60, 9),
    ("Technology", "USB-C Dock", 9900, 0.66, 9),
)
SEGMENTS = {"Consumer": (0.50, 3), "Small Business": (0.30, 6), "Corporate": (0.20, 12)}
GIVEN = (
    "Amelia", "Andrew", "Beatriz", "Carlos", "Chloe", "Daniel", "Diego", "Elena", "Emma", "Ethan", "Fatima", "Grace", "Hannah", "Hiro",
    "Isaac", "Jamal", "Julia", "Kevin", "Laura", "Liam", "Lucia", "Marcus", "Maya", "Mei", "Nadia", "Noah", "Olivia", "Omar", "Priya",
    "Rachel", "Ravi", "René", "Samuel", "Sofia", "Thomas", "Victor", "Yuki", "Zoë",
)  # fmt: skip
FAMILY = (
    "Adams", "Ahmed", "Baker", "Brooks", "Chen", "Clark", "Cruz", "Diaz", "Evans", "Fischer", "Foster", "García", "Gupta", "Hughes",
    "Ito", "Jackson", "Kelly", "Kim", "Larsen", "Lopez", "Martin", "Mitchell", "Nguyen", "O'Brien", "Okafor", "Patel", "Price", "Reed",
    "Rossi", "Santos", "Shah", "Silva", "Tanaka", "Turner", "Walker", "Wang", "Weber", "Young",
)  # fmt: skip

# ------------------------------------------------------------------------------------------------ the chain of shops
SALE_LINES = 1250
SHOP_GROWTH = 0.08
ANNIVERSARY_MONTH, ANNIVERSARY_SHARE = (2026, 6), 1.9
# Shop, city, share of the lines.
SHOPS = (
    ("静安店", "上海", 0.26),
    ("浦东店", "上海", 0.20),
    ("西湖店", "杭州", 0.18),
    ("南山店", "深圳", 0.17),
    ("天河店", "广州", 0.13),
    ("武侯店", "成都", 0.06),
)
# Category -> season, January to December.
SHOP_SEASON = {
    "饮料": (0.7, 0.7, 0.8, 1.0, 1.2, 1.4, 1.6, 1.5, 1.1, 0.9, 0.7, 0.7),
    "烘焙": (1.0, 0.9, 1.0, 1.0, 1.0, 0.9, 0.9, 0.9, 1.4, 1.0, 1.0, 1.1),
    "生鲜": (1.4, 1.5, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 1.0, 1.1, 1.0, 1.1),
    "日用": (1.0, 0.9, 1.0, 1.0, 1.0, 1.1, 0.9, 0.9, 1.0, 1.0, 1.4, 1.1),
}
# Category, product, price in fen, cost as a share of it.
GOODS = (
    ("饮料", "乌龙茶", 650, 0.55),
    ("饮料", "鲜榨橙汁", 1580, 0.62),
    ("饮料", "冷萃咖啡", 1980, 0.48),
    ("烘焙", "全麦吐司", 1690, 0.52),
    ("烘焙", "蛋黄酥", 880, 0.50),
    ("烘焙", "月饼礼盒", 16800, 0.58),
    ("生鲜", "草莓", 3580, 0.74),
    ("生鲜", "三文鱼", 6980, 0.78),
    ("生鲜", "有机青菜", 990, 0.70),
    ("日用", "抽纸", 2990, 0.66),
    ("日用", "洗衣液", 4590, 0.63),
)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer with all that an order takes from it."""

    id: str
    name: str
    segment: str
    region: str
    city: str
    country: str
    since: date


class Draw:
    """Draws from random() alone: Python promises the same sequence for it in every version, and for nothing else."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed).random  # noqa: S311 - sample data, no secret

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        return int(self.random() * limit)

    def one_of(self, items: Sequence[T]) -> T:
        """One item, each as likely."""
        return items[self.below(len(items))]

    def weighted(self, weights: Iterable[tuple[T, float]]) -> T:
        """One item, each as likely as its weight says."""
        pairs = list(weights)
        left = self.random() * sum(weight for _, weight in pairs)
        for item, weight in pairs:
            left -= weight
            if left < 0:
                return item
        return pairs[-1][0]


def main(folder: Path) -> None:
    """Write the three files into a folder."""
    draw = Draw(SEED)
    customers = sorted((make_customer(draw, number) for number in range(CUSTOMERS)), key=lambda customer: customer.since)
    customers = [replace(customer, id=f"C-{1001 + place}") for place, customer in enumerate(customers)]
    write(folder / "orders.csv", ORDER_HEADER, orders(draw, customers))
    write(folder / "customers.csv", CUSTOMER_HEADER, (customer_row(draw, customer) for customer in customers))
    write(folder / "门店销售.csv", SALE_HEADER, sales(draw))


def write(path: Path, header: Row, rows: Iterable[Row]) -> None:
    """A CSV in UTF-8 with one kind of line end on every system."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


# ------------------------------------------------------------------------------------------------ months and money
def months() -> list[tuple[int, int]]:
    """(year, month) of every month, oldest first."""
    first = FIRST_MONTH[0] * 12 + FIRST_MONTH[1] - 1
    return [divmod(month, 12) for month in range(first, first + MONTHS)]


def spread(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total."""
    ends = [round(total * sum(weights[: place + 1]) / sum(weights)) for place in range(len(weights))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def dates(draw: Draw, counts: Sequence[int]) -> list[date]:
    """That many days of each month, oldest first."""
    days: list[date] = []
    for (year, month), count in zip(months(), counts, strict=True):
        first = date(year, month + 1, 1)
        length = ((first + timedelta(days=31)).replace(day=1) - first).days
        days += sorted(first + timedelta(days=draw.below(length)) for _ in range(count))
    return days


def money(cents: int) -> str:
    """1234 as 12.34."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


# ------------------------------------------------------------------------------------------------ customers and orders
CUSTOMER_HEADER: Row = ("Customer ID", "Customer Name", "Segment", "City", "Country", "Since")
ORDER_HEADER: Row = (
    "Order ID", "Order Date", "Customer ID", "Region", "City", "Category",
    "Product", "Quantity", "Unit Price", "Discount", "Sales", "Profit",
)  # fmt: skip


def make_customer(draw: Draw, number: int) -> Customer:
    """A customer without an id: two thirds were there before the first order, the others came one by one."""
    region = draw.weighted((name, share) for name, (share, _) in REGIONS.items())
    city, country = draw.one_of(CITIES[region])
    segment = draw.weighted((name, share) for name, (share, _) in SEGMENTS.items())
    name = f"{GIVEN[number % len(GIVEN)]} {FAMILY[(number * 5 + number // len(GIVEN)) % len(FAMILY)]}"
    first = date(*FIRST_MONTH, 1)
    since = first - timedelta(days=1 + draw.below(1000)) if draw.random() < 0.67 else first + timedelta(days=draw.below(900))
    return Customer("", name, segment, region, city, country, since)


def customer_row(draw: Draw, customer: Customer) -> Row:
    """A line of customers.csv; every 25th person did not say their segment."""
    segment = "" if draw.random() < 0.04 else customer.segment
    return (customer.id, customer.name, segment, customer.city, customer.country, customer.since.isoformat())


def orders(draw: Draw, customers: Sequence[Customer]) -> Iterable[Row]:
    """The lines of orders.csv, oldest first."""
    weights = [office_weight(place, year, month + 1) for place, (year, month) in enumerate(months())]
    return [order(draw, number, day, customers) for number, day in enumerate(dates(draw, spread(ORDERS, weights)))]


def office_weight(place: int, year: int, month: int) -> float:
    """How much is ordered in a month: growth, season, and the flood."""
    share = FLOOD_SHARE if (year, month) == FLOOD_MONTH else 1.0
    return share * OFFICE_SEASON[month - 1] * math.pow(1 + YEARLY_GROWTH, place / 12)


def order(draw: Draw, number: int, day: date, customers: Sequence[Customer]) -> Row:
    """One line of orders.csv by somebody who was a customer on that day."""
    there = [customer for customer in customers if customer.since <= day]
    # The square makes early customers buy more often than late ones, as loyal ones do.
    customer = there[int(len(there) * draw.random() ** 1.5)]
    category, product, price, cost_share, _ = draw.weighted((item, item[4]) for item in PRODUCTS)
    # Prices rise by 3 % each November.
    price = round(price * 1.03 ** ((day.year * 12 + day.month - 1 - FIRST_MONTH[0] * 12 - FIRST_MONTH[1] + 1) // 12) / 10) * 10
    # What costs little is bought by the dozen, a desk is not.
    most = SEGMENTS[customer.segment][1] * (3 if price < 5000 else 1 if price < 10000 else 0.5)
    quantity = 1 + int(most * draw.random() * draw.random())
    discount = draw.one_of(REGIONS[customer.region][1])
    sales = round(quantity * price * (100 - discount) / 100)
    profit = sales - round(quantity * price * cost_share * (0.97 + 0.06 * draw.random()))
    customer_id = "" if draw.random() < 0.015 else customer.id
    return (
        f"SO-{10001 + number}", day.isoformat(), customer_id, customer.region, customer.city, category, product, quantity,
        money(price), f"{discount / 100:.2f}", money(sales), "" if draw.random() < 0.01 else money(profit),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ the shops
SALE_HEADER: Row = ("日期", "门店", "城市", "品类", "商品", "数量", "单价", "销售额", "成本", "会员", "满意度")


def sales(draw: Draw) -> Iterable[Row]:
    """The lines of 门店销售.csv, oldest first."""
    weights = [shop_weight(place, year, month + 1) for place, (year, month) in enumerate(months())]
    return [sale(draw, day) for day in dates(draw, spread(SALE_LINES, weights))]


def shop_weight(place: int, year: int, month: int) -> float:
    """How much is sold in a month: growth, the season of all goods together, and the anniversary."""
    season = sum(SHOP_SEASON[category][month - 1] for category, *_ in GOODS)
    return season * math.pow(1 + SHOP_GROWTH, place / 12) * (ANNIVERSARY_SHARE if (year, month) == ANNIVERSARY_MONTH else 1.0)


def sale(draw: Draw, day: date) -> Row:
    """One line of 门店销售.csv."""
    shop, city = draw.weighted(((shop, city), share) for shop, city, share in SHOPS)
    goods = [item for item in GOODS if item[1] != "月饼礼盒" or day.month in (8, 9)]
    category, product, price, cost_share = draw.weighted((item, SHOP_SEASON[item[0]][day.month - 1]) for item in goods)
    quantity = 1 + draw.below(2 if price > 10000 else 6 if price > 3000 else 16)
    cost = round(quantity * price * cost_share * (0.97 + 0.06 * draw.random()))
    member = "" if draw.random() < 0.02 else "是" if draw.random() < 0.58 else "否"
    stars = "" if draw.random() < 0.12 else str(draw.weighted(((5, 0.45), (4, 0.33), (3, 0.14), (2, 0.05), (1, 0.03))))
    return (day.isoformat(), shop, city, category, product, quantity, money(price), money(quantity * price), money(cost), member, stars)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
