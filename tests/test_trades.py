"""Questions of a charity, a help desk, a workshop and a delivery service, in words that are not those of the headers."""

from __future__ import annotations

import pytest

from analyst import Refusal, ask
from analyst.workspace import Workspace
from tests.test_readings import agree

TABLES = {
    "charity": {
        "supporters": "supporterId,supporterName,supporterType,town,joinedOn\nS1,Ada Nord,Person,Leeds,2020-01-02\n"
        "S2,Bolt Ltd,Firm,York,2021-03-04\nS3,Cy Vale,Person,Leeds,2023-05-06\nS4,Dot Moss,Person,York,2024-02-03\n",
        "gifts": "Receipt,Supporter ID,Gift Date,Amount (GBP),Cause,Gift Kind,Thanked On\n1,S1,2023-01-04,20,Trees,Cash,2023-01-09\n"
        "2,S1,2024-02-05,35,Rivers,Card,2024-02-06\n3,S2,2023-03-06,500,Trees,Card,2023-03-16\n4,S2,2024-04-07,650,Rivers,Card,\n"
        "5,S3,2024-05-08,15,Trees,Cash,2024-05-10\n6,S1,2024-06-09,40,Trees,Card,2024-06-10\n",
    },
    "desk": {
        "clients": "clientId,Client,Country,signup_date\nC1,Acme,United Kingdom,2023-01-05\nC2,Birch,United States,2023-06-07\n"
        "C3,Cove,Norway,2024-02-01\n",
        "plans": "plan_id,ClientID,Seats,start_date,end_date,Status\nP1,C1,10,2023-01-10,2024-08-01,cancelled\n"
        "P2,C2,25,2023-07-01,,active\n"
        "P3,C3,5,2024-02-05,2025-01-15,cancelled\n",
        "tickets": "ticket,opened,clientId,closed,topic,waitMin,score\n701,2024-01-04 09:02:00,C1,2024-01-05 10:00:00,Billing,50,4\n"
        "702,2024-01-09 10:10:00,C2,2024-01-09 18:00:00,Bug,130,\n703,2024-02-06 12:00:00,C1,2024-02-08 12:00:00,Bug,20,5\n"
        "704,2024-02-07 15:30:00,C3,,Billing,95,3\n705,2024-02-20 08:00:00,C1,2024-02-21 08:00:00,Bug,140,2\n",
    },
    "工厂": {
        "产品": "产品编号,产品名称,类别,出厂价\nA1,小风扇,风扇,50\nA2,大风扇,风扇,90\nB1,电水壶,水壶,60\n",
        "工单": "工单号,产品编号,车间,开工日期,完工日期,计划数量,完成数量\nW1,A1,一车间,2024-01-02,2024-01-08,100,96\n"
        "W2,A2,一车间,2024-02-03,2024-02-10,200,190\nW3,B1,二车间,2024-02-05,2024-02-09,150,150\n"
        "W4,A1,二车间,2025-03-01,2025-03-09,120,118\n"
        "W5,B1,一车间,2025-04-02,2025-04-08,80,75\n",
        "质检": "检验单号,工单号,检验日期,抽检数,不良数,判定\nQ1,W1,2024-01-09,20,1,合格\nQ2,W2,2024-02-11,40,6,返工\n"
        "Q3,W3,2024-02-10,30,0,合格\n"
        "Q4,W4,2025-03-10,25,2,返工\nQ5,W5,2025-04-09,20,1,合格\n",
    },
    "外卖": {
        "订单": "订单号,下单时间,城市,商家,餐品金额,实付金额,距离km,配送时长(分钟),骑手\n"
        "1,2025-01-03 12:10:00,杭州,小笼包,30,26,2.1,35,张强\n"
        "2,2025-01-04 18:20:00,宁波,面馆,45,40,5.2,62,李伟\n3,2025-10-02 12:30:00,杭州,小笼包,28,25,1.4,28,张强\n"
        "4,2025-10-05 19:00:00,温州,烧烤,90,82,8.8,71,王磊\n5,2025-11-11 11:40:00,杭州,小笼包,33,31,3.0,41,李伟\n"
        "6,2025-12-01 12:00:00,宁波,面馆,40,36,2.2,30,张强\n",
    },
}
PAID = "from 订单 where "
ASKED = [
    ("charity", "how much have we raised in total?", 'select sum("Amount (GBP)") from gifts'),
    ("charity", "what's the average gift", 'select avg("Amount (GBP)") from gifts'),
    ("charity", "How many gifts did each cause get", "select Cause, count(*) from gifts group by 1"),
    (
        "charity",
        "money raised by supporter type",
        """select supporterType, sum("Amount (GBP)") from gifts join supporters on "Supporter ID" = supporterId group by 1""",
    ),
    ("charity", "the two causes that raised the least", """select Cause, sum("Amount (GBP)") s from gifts group by 1 order by s limit 2"""),
    ("charity", "which supporters have given at least 3 times", "select 'Ada Nord'"),
    ("charity", "how many supporters gave in both 2023 and 2024", "select 2"),
    ("charity", "total from Leeds supporters in 2024", "select 90"),
    ("desk", "tickets by topic", "select topic, count(*) from tickets group by 1"),
    ("desk", "How many tickets came in last month from clients in the UK?", "select 1"),
    ("desk", "number of clients outside the US and UK", "select 1"),
    ("desk", "How many plans got cancelled in 2024?", "select 1"),
    ("desk", "How many tickets waited longer than two hours?", "select 2"),
    ("desk", "What's the median wait for each topic?", "select topic, median(waitMin) from tickets group by 1"),
    ("工厂", "各车间的产量", "select 车间, sum(完成数量) from 工单 group by 1"),
    (
        "工厂",
        "2024年每个月完工了多少台",
        "select date_trunc('month', 完工日期)::date, sum(完成数量) from 工单 where year(完工日期) = 2024 group by 1",
    ),
    ("工厂", "总的不良率是多少", "select 1.0 * sum(不良数) / sum(抽检数) from 质检"),
    (
        "工厂",
        "产量最高的2个产品是哪些",
        "select 产品名称, sum(完成数量) s from 工单 join 产品 using (产品编号) group by 1 order by s desc limit 2",
    ),
    (
        "工厂",
        "一车间的检验单里，判返工的占多大比例",
        "select 100.0 / 3",
    ),
    ("外卖", "送了60分钟以上的有多少单", 'select count(*) from 订单 where "配送时长(分钟)" >= 60'),
    ("外卖", "订单超过2单的商家有哪些?", "select 商家, count(*) from 订单 group by 1 having count(*) > 2"),
    ("外卖", "除了杭州,其他城市加起来实付了多少", f"select sum(实付金额) {PAID}城市 <> '杭州'"),
    ("外卖", "2025年10月1号到7号有多少单", "select 2"),
    ("外卖", "超过3公里的订单一共收了多少钱", f"select sum(实付金额) {PAID}距离km > 3"),
]
DECLINED = [
    ("charity", "what's the average age of our supporters?"),
    ("desk", "What are the names of the engineers who closed the most tickets?"),
    ("外卖", "哪道菜点得最多"),
]


@pytest.mark.parametrize(("tables", "question", "sql"), ASKED, ids=lambda part: part if isinstance(part, str) else "")
def test_words_of_a_trade_find_the_figures_that_are_meant(tables: str, question: str, sql: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    agree(workspaces[tables], reply, sql)


@pytest.mark.parametrize(("tables", "question"), DECLINED)
def test_what_the_tables_do_not_hold_is_declined(tables: str, question: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    assert isinstance(reply, Refusal), reply
