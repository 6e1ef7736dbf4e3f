"""What a front desk types: who came how often, this May and last March, rows by their number, short forms of cells, top percents."""

from __future__ import annotations

import pytest

from analyst import Answer, Clarification, Refusal, ask
from analyst.terms import Turn
from analyst.workspace import Workspace
from tests.test_readings import agree

TABLES = {
    "surgery": {
        "team": "staff_id,name,role\nS1,Dr Amis,Dentist\nS2,Dr Bell,Dentist\nS3,Cy Dow,Hygienist\n",
        "patients": "patient_ref,first_name,last_name,date_of_birth,smoker\n"
        "P1,Ann,Lee,1990-01-02,yes\nP2,Bob,Ray,1985-03-04,no\nP3,Cara,Diaz,2001-05-06,no\n",
        "visits": "visit_no,patient_ref,staff_id,branch,treatment,visit_date,minutes,fee,rating\n"
        "1,P1,S1,Abbey,Check-up,2025-01-06,20,50,5\n2,P1,S1,Abbey,Filling,2025-01-06,40,100,4\n3,P2,S2,Mill,Filling,2025-02-03,35,90,3\n"
        "4,P3,S3,Abbey,Check-up,2025-02-11,25,30,4\n",
    },
    "dojo": {
        "stores": "store_id,store_name,city,opened\n1,Harbour,Leeds,2018-04-01\n2,Mill,York,2019-06-15\n3,Kirkgate,Leeds,2023-02-11\n",
        "customers": "customer_id,name,home town,tier\n"
        "101,Ann Lee,Leeds,gold\n102,Bob Ray,York,silver\n103,Cara Diaz,Hull,\n104,Dev Patel,Leeds,gold\n",
        "sales": "sale_no,sale_date,store_id,customer_id,product,qty,unit price,total,status\n"
        "5001,2024-03-05,1,101,Mug,2,4,8,paid\n5002,2024-05-09,1,102,Chair,1,55,55,refunded\n5003,2024-05-20,2,101,Lamp,3,30,90,paid\n"
        "5004,2024-11-02,2,,Mug,1,4,4,pending\n5005,2025-03-14,1,101,Chair,2,55,110,paid\n5006,2025-04-30,3,102,Mug,5,4,20,paid\n"
        "5007,2025-05-03,1,103,Lamp,1,30,30,pending\n5008,2025-05-11,2,101,Mug,4,4,16,paid\n",
    },
    "staff": {
        "staff": "Emp ID,Full Name,Department,Office,Start Date,Leave Date,Salary,Age,Sick Days\n"
        "1,Ana Brown,Sales,London,2015-02-01,,52000,41,3\n2,Ben Clark,Sales,Paris,2019-07-01,2023-05-31,38000,29,11\n"
        "3,Ana Brown,Finance,London,2020-01-15,,61000,36,0\n4,Dan Evans,Finance,Paris,2021-03-01,2024-08-31,47000,52,7\n"
        "5,Eli Adams,HR,London,2022-09-01,,33000,24,2\n6,Fay Davis,HR,Paris,2024-02-01,,35000,27,21\n",
    },
    "驾校": {
        "教练": "工号,姓名,校区,底薪,入职日期\n"
        "J1,周强,城东校区,4800,2019-03-01\nJ2,吴敏,城东校区,4500,2021-06-01\nJ3,郑浩,城西校区,4700,2020-09-01\n",
        "学员": "学员编号,姓名,性别,报名日期,班型,教练工号,年龄\nX1,王芳,女,2025-05-06,普通班,J1,22\nX2,李强,男,2025-07-10,VIP班,J1,\n"
        "X3,张敏,女,2025-10-03,普通班,J2,31\nX4,刘洋,男,2026-03-12,周末班,J3,27\nX5,陈静,女,2026-05-20,普通班,,25\n",
        "考试记录": "记录号,学员编号,科目,考试日期,考场,成绩,是否通过,费用\n"
        "K1,X1,科目一,2025-06-11,南湖考场,92,是,50\nK2,X1,科目二,2025-08-15,车管所考场,78,否,120\nK3,X1,科目二,2025-09-20,车管所考场,88,是,120\n"
        "K4,X2,科目一,2025-09-02,南湖考场,,否,50\nK5,X2,科目一,2026-04-18,南湖考场,95,是,50\nK6,X3,科目一,2026-02-21,南湖考场,90,是,50\n"
        "K7,X3,科目二,2026-05-08,车管所考场,82,是,120\nK8,X4,科目三,2026-05-30,南湖考场,70,否,200\n",
    },
    "小店": {
        "订单": "订单编号,下单时间,客户,城市,商品,数量,金额,状态\n"
        "E1,2025-03-03 10:00,王芳,上海,耳机,3,600,已完成\nE2,2025-03-05 11:30,王芳,北京,水杯,2,140,已退款\n"
        "E3,2025-04-12 20:15,李强,上海,耳机,1,200,已完成\nE4,2025-04-20 09:40,张敏,广州,坚果,6,520,待发货\n"
        "E5,2025-05-12 19:15,李强,上海,水杯,2,140,已完成\nE6,2025-05-20 08:40,张敏,广州,坚果,1,90,已完成\n",
    },
    "网店": {
        "订单": "订单编号,下单时间,客户,城市,商品,数量,单价,金额,状态\n"
        "D1,2024-12-03 10:00,王芳,上海,耳机,3,199,597,已完成\nD2,2025-03-05 11:30,王芳,北京,水杯,2,69,138,已退款\n"
        "D3,2025-04-12 20:15,李强,上海,耳机,1,199,199,已完成\nD4,2025-05-02 09:40,张敏,广州,坚果,6,88,528,待发货\n",
    },
}
ASKED = [
    ("surgery", "how many patients came at least twice", "select 1"),
    ("surgery", "how many patients came at least two times", "select 1"),
    ("surgery", "dentists averaging over 4 stars", "select 'Dr Amis'"),
    ("surgery", "the two highest earning dentists", "select 'Dr Amis', 150 union all select 'Dr Bell', 90"),
    ("surgery", "top earning dentist at each branch", "select 'Abbey', 'Dr Amis', 150 union all select 'Mill', 'Dr Bell', 90"),
    ("surgery", "branches with above average takings", "select 'Abbey'"),
    ("surgery", "visits between 30 and 45 mins", "select visit_no from visits where minutes between 30 and 45"),
    ("surgery", "total fees for everything except check-ups", "select 190"),
    ("surgery", "smokers vs non-smokers", "select smoker, count(*) from patients group by 1"),
    ("surgery", "on how many separate days did Abbey have visits", "select 2"),
    ("dojo", "which stores had more than 3 sales", "select 'Harbour'"),
    ("dojo", "stores with fewer than 2 sales", "select 'Kirkgate'"),
    ("dojo", "how many sales in May this year", "select 2"),
    ("dojo", "total sales in May last year", "select 145"),
    ("dojo", "how many sales in March and May this year", """select date_trunc('month', sale_date)::date, count(*) from sales
           where year(sale_date) = 2025 and month(sale_date) in (3, 5) group by 1"""),
    ("dojo", "revenue per quarter", "select date_trunc('quarter', sale_date)::date, sum(total) from sales group by 1"),
    ("dojo", "revenue this month vs last month", """select date_trunc('month', sale_date)::date, sum(total) from sales
           where sale_date >= '2025-04-01' group by 1"""),
    ("dojo", "last 3 sales", "select sale_no from sales order by sale_date desc limit 3"),
    ("dojo", "sales without a customer", "select 5004"),
    ("dojo", "unpaid sales", "select 89"),
    ("dojo", "sale 5003", "select * from sales where sale_no = 5003"),
    ("dojo", "how much did customer 101 spend", "select 224"),
    ("dojo", "what did Ann Lee buy", "select distinct product from sales where customer_id = 101"),
    ("dojo", "number of customers per town", "select \"home town\", count(*) from customers group by 1"),
    ("dojo", "stores that sold more than average", """select store_name from stores join sales using (store_id)
           group by 1 having sum(total) > 111"""),
    ("dojo", "what cities do we have stores in", "select distinct city from stores"),
    ("dojo", "most expensive sale", "select 5005"),
    ("staff", "top 2 salaries", "select \"Full Name\", \"Salary\" from staff order by \"Salary\" desc limit 2"),
    ("staff", "highest paid person in each office", "select 'London', 'Ana Brown', 61000 union all select 'Paris', 'Dan Evans', 47000"),
    ("staff", "how many people left last year", "select 1"),
    ("staff", "people who have not left", "select * from staff where \"Leave Date\" is null"),
    ("staff", "leavers by department", "select 'Sales', 1 union all select 'Finance', 1"),
    ("staff", "average salary by age group", "select floor(\"Age\" / 5) * 5, avg(\"Salary\") from staff group by 1"),
    ("staff", "sick days per employee", "select \"Full Name\", \"Sick Days\" from staff"),
    ("staff", "share of salary cost by department", "select \"Department\", 100.0 * sum(\"Salary\") / 266000 from staff group by 1"),
    ("staff", "top 20% of earners", "select 'Ana Brown', 61000 union all select 'Ana Brown', 52000"),
    ("staff", "how many people have the letters z or y in their full name", "select 1"),
    ("staff", "names starting with A", "select \"Full Name\" from staff where \"Full Name\" like 'A%'"),
    ("驾校", "哪些学员有2个以上的考试记录", "select 姓名 from 学员 join 考试记录 using (学员编号) group by 1 having count(*) >= 2"),
    ("驾校", "考试超过2次的学员", "select '王芳'"),
    ("驾校", "至少考过2次科二的学员", "select '王芳'"),
    ("驾校", "只考过一次的学员有几个", "select 1"),
    ("驾校", "没参加过考试的学员", "select '陈静'"),
    ("驾校", "没去过车管所考试的学员有几个", "select 3"),
    ("驾校", "没分配教练的学员", "select '陈静'"),
    ("驾校", "一次都没挂过的学员有多少", "select 2"),
    ("驾校", "科二通过率", "select 100.0 * 2 / 3"),
    ("驾校", "每个校区合格率", """select 校区, 100.0 * count(*) filter (where 是否通过 = '是') / count(*)
           from 考试记录 join 学员 using (学员编号) join 教练 on 教练工号 = 工号 group by 1"""),
    ("驾校", "男女学员各多少", "select 性别, count(*) from 学员 group by 1"),
    ("驾校", "平均一个教练带几个学员", "select 4 / 3"),
    ("驾校", "人均考几次试", "select 2"),
    ("驾校", "教练人数超过平均水平的校区", "select '城东校区'"),
    ("驾校", "各校区底薪第一名", "select '城东校区', '周强', 4800 union all select '城西校区', '郑浩', 4700"),
    ("驾校", "今年5月考了几场", "select 2"),
    ("驾校", "去年10月1号到7号报了几个", "select 1"),
    ("驾校", "去年下半年考试费用", "select 290"),
    ("驾校", "近三个月招了多少人", "select 2"),
    ("驾校", "有哪些班型", "select distinct 班型 from 学员"),
    ("驾校", "年龄空着的占比", "select 20.0"),
    ("驾校", "二季度考试费用比一季度多多少", "select 320"),
    ("网店", "超过500元的订单", "select * from 订单 where 金额 > 500"),
    ("网店", "最贵的订单", "select 'D1'"),
    ("网店", "王芳买了什么", "select distinct 商品 from 订单 where 客户 = '王芳'"),
    ("网店", "5月销售额比4月多多少", "select 329"),
    ("小店", "不同客户的数量", "select 3"),
    ("小店", "月均销售额", "select 1690 / 3"),
    ("小店", "平均每单几件", "select 2.5"),
    ("小店", "晚上的订单数", "select 2"),
    ("小店", "从没退过款的客户", "select distinct 客户 from 订单 where 客户 <> '王芳'"),
]  # fmt: skip
AFTER = [
    ("驾校", ("女学员占比",), "男的呢", "select 40.0"),
    ("驾校", ("科二通过率",), "科一呢", "select 100.0 * 3 / 4"),
    (
        "dojo",
        ("sales per year", "Leeds stores only"),
        "split by status",
        """select year(sale_date), status, sum(total)
           from sales join stores using (store_id) where city = 'Leeds' group by 1, 2""",
    ),
    ("驾校", ("上个月考了多少场",), "那去年9月呢", "select 2"),
]
BACK = [
    ("dojo", "how many sales with 7777 coupons 12"),
    ("staff", "staff older than 50 and younger than 30"),
    ("网店", "有多少订单 199"),
]
DECLINED = [
    ("驾校", "城西校区一个月房租多少"),
    ("驾校", "今年广告费花了多少"),
    ("网店", "各部门人数"),
    ("网店", "各大区销售额"),
    ("dojo", "how much rent do we pay for Harbour"),
    ("staff", "how many years has Ben Clark been here"),
]


@pytest.mark.parametrize(("tables", "question", "sql"), ASKED, ids=lambda part: part if isinstance(part, str) else "")
def test_a_front_desk_gets_its_figure(tables: str, question: str, sql: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    agree(workspaces[tables], reply, sql)


@pytest.mark.parametrize(("tables", "before", "question", "sql"), AFTER, ids=lambda part: part if isinstance(part, str) else "")
def test_what_follows_changes_the_figure(
    tables: str, before: tuple[str, ...], question: str, sql: str, workspaces: dict[str, Workspace]
) -> None:
    history: tuple[Turn, ...] = ()
    for earlier in before:
        *_, reply = ask(earlier, workspaces[tables], history=history)
        assert isinstance(reply, Answer), reply
        history = (*history, Turn(earlier, reply.query.sql))
    *_, reply = ask(question, workspaces[tables], history=history)
    agree(workspaces[tables], reply, sql)


@pytest.mark.parametrize(("tables", "question"), BACK)
def test_a_number_without_a_place_is_never_left_out_in_silence(tables: str, question: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    assert isinstance(reply, Clarification | Refusal), reply


@pytest.mark.parametrize(("tables", "question"), DECLINED)
def test_a_cost_or_a_length_that_is_not_there_is_declined(tables: str, question: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    assert isinstance(reply, Refusal), reply
