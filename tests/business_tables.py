"""Two businesses as people keep them in files: a coffee trader's sales and a clinic's visits, each over several tables."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

PEOPLE = [
    (1, "Anna", "Adler", "Sales Manager", "", "2015-03-04", "North", 7600),
    (2, "Ben", "Brandt", "Account Executive", 1, "2016-03-05", "South", 7000),
    (3, "Carla", "Cole", "Account Executive", 1, "2017-03-06", "East", 7700),
    (4, "Dan", "Diaz", "Account Executive", 2, "2018-03-07", "West", 5800),
    (5, "Eva", "Engel", "Sales Assistant", 2, "2019-03-08", "North", 5200),
]
GOODS = {"Coffee": ("House Blend", "Dark Roast", "Decaf Gold"), "Tea": ("Green Leaf", "Earl Grey"), "Equipment": ("Grinder X", "Brew Pot")}


def write(folder: Path, name: str, header: str, rows: Iterable[tuple[object, ...]]) -> None:
    """One CSV file."""
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header.split(), *rows])


def trader(folder: Path) -> list[Path]:
    """Staff with managers, customers with a representative, products with stock, orders with due and shipping days, and their lines."""
    rng = random.Random(7)
    write(folder, "staff", "staff_id first_name last_name job_title manager_id hire_date territory monthly_salary", PEOPLE)
    firms = [(n, f"Firm {n:02d}", rng.choice(["Germany", "France", "Spain"]), rng.choice(["Retail", "Online"]), rng.randint(2, 5),
              date(2021, 1, 1) + timedelta(days=rng.randint(0, 900))) for n in range(1, 31)]  # fmt: skip
    write(folder, "customers", "customer_id company_name country channel rep_id signup_date", firms)
    write(folder, "categories", "category_id category_name", enumerate(GOODS, start=1))
    goods = [(kind, name) for kind, names in enumerate(GOODS.values(), start=1) for name in names]
    wares = [(n, name, kind, 5 * n, 8 * n, rng.randint(0, 40), rng.choice([10, 20])) for n, (kind, name) in enumerate(goods, start=1)]
    write(folder, "products", "product_id product_name category_id unit_cost list_price stock_qty reorder_point", wares)
    orders, lines = [], []
    for number in range(1000, 1240):
        day = date(2023, 1, 3) + timedelta(days=rng.randint(0, 720))
        sent: object = "" if rng.random() < 0.1 else day + timedelta(days=rng.randint(1, 14))
        state = "open" if not sent else rng.choice(["shipped"] * 8 + ["cancelled", "returned"])
        orders.append((number, rng.randint(1, 27), day, day + timedelta(days=7), sent, state, rng.choice(["card", "invoice"])))
        lines += [(number, ware, rng.randint(1, 12), 8 * ware) for ware in rng.sample(range(1, 7), rng.randint(1, 3))]
    write(folder, "orders", "order_id customer_id order_date due_date shipped_date status payment_method", orders)
    write(folder, "order_items", "order_id product_id quantity unit_price", lines)
    return [folder / f"{name}.csv" for name in ("staff", "customers", "categories", "products", "orders", "order_items")]


def clinic(folder: Path) -> list[Path]:
    """Doctors with supervisors, patients of whom some share a name, appointments, and stays in departments."""
    rng = random.Random(11)
    write(folder, "departments", "dept_id dept_name floor", [(1, "Cardiology", 3), (2, "Pediatrics", 1), (3, "Neurology", 3)])
    names = ["Ash", "Bell", "Clay", "Dunn", "Ellis", "Frost", "Grant", "Hill"]
    doctors = [(100 + n, f"Dr. {name}", n % 3 + 1, ("Senior", "Head")[n % 2], 2005 + n, 6000 + 700 * n, "" if n < 2 else 100 + n % 2)
               for n, name in enumerate(names)]  # fmt: skip
    write(folder, "doctors", "doctor_id doctor_name dept_id grade start_year salary supervisor_id", doctors)
    patients = [(n, rng.choice(["Amy", "Bob", "Cat", "Don", "Eve"]), rng.choice(names), rng.choice("FM"),
                 date(1940 + rng.randint(0, 75), rng.randint(1, 12), rng.randint(1, 28)), rng.choice(["Leeds", "York", "Hull"]))
                for n in range(1, 91)]  # fmt: skip
    write(folder, "patients", "patient_id first_name last_name gender date_of_birth city", patients)
    visits = []
    for number in range(1, 401):
        day = date(2023, 1, 2) + timedelta(days=rng.randint(0, 800))
        state = rng.choice(["Completed"] * 8 + ["Cancelled", "No-show"])
        kind = rng.choice(["Checkup", "Consultation", "Surgery"])
        visits.append((number, rng.randint(1, 80), rng.randint(100, 107), day, day - timedelta(days=rng.randint(1, 40)), state, kind,
                       round(rng.uniform(40, 900), 2), rng.choice([15, 45]), "" if rng.random() < 0.3 else rng.randint(1, 5)))  # fmt: skip
    header = "appointment_id patient_id doctor_id appointment_date booked_on status visit_type fee duration_min satisfaction"
    write(folder, "appointments", header, visits)
    stays = [(n, rng.randint(1, 90), rng.randint(1, 3), day := date(2024, 1, 1) + timedelta(days=rng.randint(0, 400)),
              "" if rng.random() < 0.1 else day + timedelta(days=rng.randint(1, 20))) for n in range(1, 71)]  # fmt: skip
    write(folder, "admissions", "admission_id patient_id dept_id admitted_on discharged_on", stays)
    return [folder / f"{name}.csv" for name in ("departments", "doctors", "patients", "appointments", "admissions")]


def support(folder: Path) -> list[Path]:
    """A support desk: tickets with the moments at which they came and were closed, in one file."""
    rng = random.Random(5)
    tickets = []
    for number in range(1, 401):
        came = datetime(2025, 1, 2, 8) + timedelta(minutes=rng.randint(0, 60 * 24 * 300))
        closed: object = came + timedelta(minutes=rng.randint(10, 5000)) if rng.random() < 0.85 else ""
        state = "Closed" if closed else rng.choice(["Open", "Pending"])
        kind = (
            rng.choice(["Email", "Phone", "Chat"]),
            rng.choice(["Low", "Normal", "High", "Urgent"]),
            rng.choice(["Billing", "Login", "Bug"]),
        )
        agent = rng.choice(["Priya Nair", "Tom Becker", "Lucia Moreno"])
        rating = rng.randint(1, 5) if closed else ""
        tickets.append((f"T-{number}", came, closed, *kind, agent, state, rating, rng.randint(3, 400), rng.choice(["Basic", "Pro"])))
    header = "Ticket_ID Created_At Resolved_At Channel Priority Topic Agent Status CSAT_(1-5) First_Response_(min) Plan"
    write(folder, "support_tickets", header, tickets)
    return [folder / "support_tickets.csv"]


def household(folder: Path) -> list[Path]:
    """A bank account: what was paid below zero, what came in above it."""
    rng = random.Random(3)
    shops = [("Corner Shop", "Groceries"), ("Night Bus", "Transport"), ("Cafe Sun", "Eating out"), ("Cinema", "Fun")]
    lines: list[tuple[object, ...]] = []
    for _ in range(300):
        shop, kind = rng.choice(shops)
        lines.append(
            (
                date(2024, 1, 1) + timedelta(days=rng.randint(0, 700)),
                shop,
                kind,
                -round(rng.uniform(3, 90), 2),
                rng.choice(["card", "cash"]),
            )
        )
    for month in range(1, 13):
        lines += [(date(2024, month, 1), "Lettings", "Rent", -900, "debit"), (date(2024, month, 28), "Works Ltd", "Salary", 2500, "debit")]
    write(folder, "transactions", "date merchant category amount method", lines)
    return [folder / "transactions.csv"]


def school(folder: Path) -> list[Path]:
    """Exam results: a row for each student, some of whom share a name."""
    rng = random.Random(6)
    names = [f"{first} {last}" for first in ("Ava", "Ben", "Cleo") for last in ("Stone", "Kaur", "Li", "Diaz")]
    marks = [(n, rng.choice(names), rng.choice(["9A", "9B", "10A"]), rng.choice("FM"), rng.randint(30, 100), rng.randint(25, 100),
              rng.choice(["yes", "no"])) for n in range(100, 180)]  # fmt: skip
    write(folder, "exam_results", "student_id student_name class gender math science scholarship", marks)
    return [folder / "exam_results.csv"]


DEGREES = ("高中", "大专", "本科", "硕士", "博士")


def roster(folder: Path) -> list[Path]:
    """A company's people, in Chinese; some share a name."""
    rng = random.Random(9)
    people = [(f"E{n:03d}", rng.choice("王李张刘陈") + rng.choice("伟芳娜敏静"), rng.choice("男女"), rng.randint(22, 58),
               rng.choice(["研发部", "销售部", "市场部"]), date(2012, 1, 5) + timedelta(days=rng.randint(0, 4500)), 6000 + 37 * n,
               DEGREES[n * 7 % 5], f"P{3 + n * 11 % 6}")
              for n in range(120)]  # fmt: skip
    write(folder, "员工名册", "工号 姓名 性别 年龄 部门 入职日期 月薪 学历 职级", people)
    return [folder / "员工名册.csv"]
