"""What is asked over the counter: pieces sold and wasted, some and never, who raised it, the busiest day, marks and service."""

from __future__ import annotations

import pytest

from analyst import Refusal, ask
from analyst.workspace import Workspace
from tests.test_readings import agree

TABLES = {
    "kiosk": {
        "sales": "Date,Shop,Item,Category,Qty Sold,Unit Price,Discount,Takings,Wasted,Weather,Delivery?\n"
        "2024-12-06,Pier,Fudge,Sweets,10,2,0,20,1,Sunny,N\n2024-12-07,Pier,Cocoa,Drinks,5,3,0.1,13.5,0,Rain,Y\n"
        "2025-01-04,Park,Fudge,Sweets,8,2,0,16,2,Rain,N\n2025-01-05,Park,Tea,Drinks,30,2,0,60,0,Sunny,N\n"
        "2025-01-05,Pier,Tea,Drinks,12,2,0.2,19.2,3,Sunny,Y\n2025-01-11,Pier,Toffee,Sweets,25,1,0,25,5,,N\n"
        "2025-02-02,Park,Cocoa,Drinks,9,3,0,27,1,Rain,N\n",
    },
    "desk": {
        "tickets": "Ticket ID,Opened,Closed,Requester,Category,Priority,Agent ID,Status,Reopened,Satisfaction\n"
        "1,2025-03-03 09:00:00,2025-03-03 12:00:00,Ann,Email,High,1,Closed,No,5\n"
        "2,2025-03-04 10:00:00,2025-03-07 10:00:00,Bob,Printer,Low,2,Closed,Yes,2\n"
        "3,2025-03-10 08:00:00,,Bob,Printer,High,2,Open,No,\n4,2025-04-01 11:00:00,2025-04-01 13:00:00,Cat,Email,Low,1,Closed,No,4\n"
        "5,2025-04-07 09:30:00,2025-04-09 09:30:00,Bob,Access,High,3,Closed,Yes,1\n"
        "6,2025-02-03 09:30:00,2025-02-03 12:30:00,Ann,Email,High,2,Closed,Yes,3\n",
        "agents": "Agent ID,Agent,Team\n1,Pia,Apps\n2,Tom,Network\n3,Mia,Network\n4,Leo,Apps\n",
    },
    "office": {
        "employees": "EmpNo,Name,Dept,Start Date,Left On,Annual Salary,Hours/Week,Location\n1,Amy,D1,2015-01-01,,50000,40,London\n"
        "2,Ben,D1,2020-06-01,2025-03-31,30000,20,Remote\n3,Cy,D2,2018-02-01,,42000,40,Leeds\n4,Di,D2,2023-09-01,,26000,30,Remote\n",
        "departments": "DeptCode,Department\nD1,Finance\nD2,Sales\nD3,Legal\n",
        "leave": "LeaveId,EmpNo,Type,From,Days,Approved\n"
        "1,1,Annual,2024-05-01,5,Yes\n2,1,Annual,2024-08-01,5,Yes\n3,2,Sick,2024-06-01,2,Yes\n"
        "4,3,Annual,2025-02-01,3,No\n5,3,Unpaid,2025-07-01,4,Yes\n6,2,Unpaid,2025-12-31,1,Pending\n",
    },
    "学校": {
        "学生": "学号,姓名,班级,住校,住址\nS1,陈浩,1班,是,东城\nS2,李娜,1班,否,\nS3,王强,2班,是,西城\nS4,赵敏,2班,否,西城\n",
        "成绩": "学号,考试,科目,分数\nS1,期末,语文,80\nS1,期末,数学,95\n"
        "S2,期末,语文,91\nS2,期末,数学,58\nS3,期末,语文,66\nS3,期末,数学,88\nS4,期末,语文,72\n"
        "S4,期末,数学,79\n",
    },
    "超市": {
        "明细": "小票号,时间,门店,商品,类别,数量,单价,金额,会员卡号\n"
        "T1,2025-05-03 09:00:00,东店,牛奶,乳品,2,5,10,V1\nT1,2025-05-03 09:00:00,东店,鸡蛋,生鲜,10,1,10,V1\n"
        "T2,2025-05-05 10:00:00,西店,牛奶,乳品,6,5,30,\n"
        "T3,2025-05-05 18:00:00,东店,薯片,零食,4,7,28,V2\nT4,2025-05-10 12:00:00,西店,鸡蛋,生鲜,3,1,3,V2\n"
        "T5,2025-05-11 12:00:00,西店,薯片,零食,1,7,7,V1\n",
    },
}
HOURS = "date_diff('second', Opened, Closed) / 3600.0"
ASKED = [
    ("kiosk", "how many teas did we sell at Pier in 2025", 'select sum("Qty Sold") from sales where Item = \'Tea\' and Shop = \'Pier\''),
    ("kiosk", "how many items have we sold since January 2025", """select sum("Qty Sold") from sales where Date >= '2025-01-01'"""),
    ("kiosk", "how many different items do we sell", "select count(distinct Item) from sales"),
    ("kiosk", "how many fudge were wasted", "select sum(Wasted) from sales where Item = 'Fudge'"),
    ("kiosk", "which shop throws away the most", "select Shop, sum(Wasted) w from sales group by 1 order by w desc limit 1"),
    (
        "kiosk",
        "which shop sells the fewest teas",
        """select Shop, sum("Qty Sold") q from sales where Item = 'Tea' group by 1 order by q limit 1""",
    ),
    (
        "kiosk",
        "top 2 drinks by quantity",
        """select Item, sum("Qty Sold") q from sales where Category = 'Drinks' group by 1 order by q desc limit 2""",
    ),
    ("kiosk", "what is the best selling item", """select Item, sum("Qty Sold") q from sales group by 1 order by q desc limit 1"""),
    (
        "kiosk",
        "best selling item at each shop",
        """select Shop, Item, q from (select Shop, Item, sum("Qty Sold") q, rank() over (partition by Shop order by sum("Qty Sold") desc) r
           from sales group by 1, 2) where r = 1""",
    ),
    ("kiosk", "average takings per day", "select sum(Takings) / count(distinct Date) from sales"),
    (
        "kiosk",
        "how much did we take on Saturdays compared with Sundays",
        "select dayname(Date), sum(Takings) from sales where isodow(Date) in (6, 7) group by 1",
    ),
    ("kiosk", "do we sell more when it rains?", "select Weather, avg(Takings) from sales group by 1"),
    ("kiosk", "which items were never sold with a discount", "select 'Fudge' union select 'Toffee'"),
    ("kiosk", "what percentage of rows had a discount", "select 200.0 / 7"),
    ("kiosk", "how many days did Park take more than 20", "select 2"),
    ("kiosk", "how did Pier do in January 2025", "select 44.2"),
    ("kiosk", "sales of Tea and Cocoa by shop", "select Shop, Item, sum(Takings) from sales where Item in ('Tea', 'Cocoa') group by 1, 2"),
    (
        "kiosk",
        "waste as a percentage of quantity sold by category",
        """select Category, 100.0 * sum(Wasted) / sum("Qty Sold") from sales group by 1""",
    ),
    ("desk", "tickets opened on Mondays", 'select "Ticket ID" from tickets where isodow(Opened) = 1'),
    ("desk", "oldest open ticket", "select 3"),
    (
        "office",
        "how many employees work under 25 hours, 25 to 35 hours and over 35 hours",
        """select case when "Hours/Week" < 25 then 'under 25' when "Hours/Week" <= 35 then '25 to 35' else 'over 35' end, count(*)
           from employees group by 1""",
    ),
    ("desk", "who raises the most tickets", "select 'Bob'"),
    ("desk", "median hours to close by priority", f"select Priority, median({HOURS}) from tickets group by 1"),
    (
        "desk",
        "which team is slowest",
        f"select Team, avg({HOURS}) h from tickets join agents using (\"Agent ID\") group by 1 order by h desc limit 1",
    ),
    ("desk", "share of tickets handled by the Apps team", "select 200.0 / 6"),
    ("desk", "how many high priority tickets took more than a day", "select 1"),
    ("office", "who took the most annual leave in 2024", "select 'Amy'"),
    ("office", "who has never taken any leave", "select 'Di'"),
    ("office", "employees who left in 2025", "select 'Ben'"),
    ("office", "share of employees working remotely", "select 50.0"),
    ("office", "average days of leave per employee", "select 20.0 / 3"),
    ("office", "how many days of unpaid leave were approved in 2025", "select 4"),
    ("office", "top 2 earners and their department", """select Name, Department from employees join departments on Dept = DeptCode
           order by "Annual Salary" desc limit 2"""),
    (
        "office",
        "which department has the highest wage bill",
        """select Dept, sum("Annual Salary") s from employees group by 1 order by s desc limit 1""",
    ),
    (
        "office",
        "part-time staff (under 35 hours) by location",
        """select Location, count(*) from employees where "Hours/Week" < 35 group by 1""",
    ),
    ("office", "average length of service by department", """select Department, avg(date_sub('year', "Start Date", date '2025-12-31'))
           from employees join departments on Dept = DeptCode group by 1"""),
    ("学校", "每科的最高分和最低分", "select 科目, max(分数), min(分数) from 成绩 group by 1"),
    ("学校", "陈浩期末各科成绩", "select 科目, 分数 from 成绩 join 学生 using (学号) where 姓名 = '陈浩'"),
    ("学校", "没有填住址的学生有几个", "select 1"),
    ("学校", "住校和不住校的各有多少人", "select 住校, count(*) from 学生 group by 1"),
    ("学校", "住校和不住校的学生平均分差多少", "select 7.25"),
    ("超市", "哪家店卖的牛奶最多", "select 门店, sum(数量) q from 明细 where 商品 = '牛奶' group by 1 order by q desc limit 1"),
    ("超市", "鸡蛋卖了几个", "select 13"),
    ("超市", "客单价是多少", "select sum(金额) / count(distinct 小票号) from 明细"),
    ("超市", "周末和平时的销售额", "select case when isodow(时间) >= 6 then '周末' else '工作日' end, sum(金额) from 明细 group by 1"),
    ("超市", "哪些会员消费超过25元", "select 会员卡号, sum(金额) from 明细 group by 1 having sum(金额) > 25"),
]  # fmt: skip
DECLINED = [
    ("超市", "库存还剩多少"),
    ("kiosk", "profit by shop"),
    ("office", "which customer owes us the most"),
]


@pytest.mark.parametrize(("tables", "question", "sql"), ASKED, ids=lambda part: part if isinstance(part, str) else "")
def test_everyday_trade_questions_get_their_figure(tables: str, question: str, sql: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    agree(workspaces[tables], reply, sql)


@pytest.mark.parametrize(("tables", "question"), DECLINED)
def test_what_is_not_there_is_declined(tables: str, question: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    assert isinstance(reply, Refusal), reply
