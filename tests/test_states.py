"""States, ends, rates, lengths of time and units, over tables of a gym, a help desk, a carrier, repairs and staff, in two languages."""

from __future__ import annotations

import pytest

from analyst import Answer, ask
from analyst.workspace import Workspace
from tests.test_readings import agree

TABLES = {
    "gym": {
        "memberships": "member_no,full_name,age,plan,branch,start_date,cancel_date,monthly_fee,active,satisfaction\n"
        "M1,Ann Ray,31,Basic,Harbour,2023-01-10,2024-02-10,20,No,4\nM2,Bo Moss,52,Plus,Harbour,2023-01-25,,30,Yes,\n"
        "M3,Cy Hill,19,Basic,Airport,2023-03-02,2023-06-02,20,No,2\nM4,Di Park,44,Premium,Airport,2024-03-15,,50,Yes,5\n"
        "M5,Ed Stone,27,Plus,Riverside,2024-03-20,,30,Yes,3\nM6,Fay Ray,63,Premium,Riverside,2024-05-01,2024-09-01,50,No,\n",
    },
    "desk": {
        "tickets": "TicketID,CreatedAt,Priority,Agent,Status,FirstResponseMinutes,CSAT\n"
        "1,2024-01-05 09:10:00,High,Lena,Closed,15,5\n2,2024-01-06 09:40:00,Low,Omar,Open,240,\n"
        "3,2024-02-01 14:00:00,High,Lena,Closed,35,4\n"
        "4,2024-02-03 09:05:00,Low,Priya,Closed,90,2\n5,2024-02-09 16:30:00,Low,Omar,Open,300,\n6,2024-03-01 10:00:00,High,Lena,Open,25,\n",
    },
    "freight": {
        "carriers": "carrier_id,carrier,country,rating\n1,SwiftLine,Germany,4.5\n2,BlueFreight,France,3.9\n3,OldCart,Germany,2.9\n",
        "shipments": "shipment_id,carrier_id,shipped_on,origin,weight_kg,cost_eur,on_time,damaged\n"
        "1,1,2024-01-03,Hamburg,100,200,Y,false\n2,1,2024-01-20,Lyon,900,450,Y,true\n3,2,2024-02-02,Lyon,850,90,N,false\n"
        "4,3,2024-02-11,Hamburg,40,80,N,true\n5,3,2024-03-05,Malmo,820,95,Y,false\n6,2,2024-03-09,Malmo,60,120,Y,false\n",
    },
    "报修": {
        "报修记录": "工单号,报修日期,完成日期,小区,报修类型,维修人员,费用,是否完成,业主评分,耗时小时\n"
        "WX1,2023-01-05,2023-01-07,阳光花园,水管,老张,50,是,5,30\nWX2,2023-01-09,,翠湖居,电路,小李,0,否,,12\n"
        "WX3,2023-02-11,2023-02-12,阳光花园,电梯,老张,300,是,3,20\nWX4,2023-02-15,2023-02-20,翠湖居,电梯,王师傅,80,是,1,46\n"
        "WX5,2023-02-20,,金色家园,水管,小李,120,否,,8\n",
    },
    "人事": {
        "员工": "工号,姓名,性别,出生日期,入职日期,离职日期,部门,月薪\nE1,王伟,男,1990-02-01,2016-03-01,,研发部,30000\n"
        "E2,李芳,女,1985-07-11,2019-05-06,2022-05-06,研发部,25000\nE3,张敏,女,1978-01-20,2020-08-01,,市场部,18000\n"
        "E4,陈静,女,1995-12-30,2018-01-15,2021-02-01,市场部,16000\nE5,刘强,男,1999-04-04,2022-09-01,,市场部,9000\n",
    },
    "门店": {
        "销售": "日期,门店,城市,商品,数量,销售额,成本,会员,满意度\n2024-01-01,一店,上海,茶,3,90,60,是,5\n"
        "2024-01-01,二店,北京,咖啡,2,80,50,否,3\n"
        "2024-01-02,一店,上海,咖啡,1,40,25,是,4\n2024-01-03,三店,上海,茶,5,150,100,否,2\n2024-01-04,二店,北京,茶,1,30,20,是,4\n",
        "orders": "Order ID,Order Date,Customer ID,City,Product,Sales,Profit\n"
        "1,2024-01-02,C1,Leeds,Tea,10,2\n2,2024-02-03,C2,York,Cup,30,5\n",
        "customers": "Customer ID,Name,Since\nC1,Ada,2022-01-01\nC2,Bea,2023-04-05\n",
    },
}
PART = "100.0 * count(*) filter ({}) / count(*)"
ASKED = [
    ("gym", "new members per month", "select date_trunc('month', start_date)::date, count(*) from memberships group by 1"),
    ("gym", "how many members cancelled in 2024", "select count(*) from memberships where year(cancel_date) = 2024"),
    ("gym", "how many inactive members are there", "select count(*) from memberships where active = 'No'"),
    (
        "gym",
        "what is the cancellation rate by plan",
        f"select plan, {PART.format('where cancel_date is not null')} from memberships group by 1",
    ),
    ("gym", "how many members did not give a satisfaction rating", "select count(*) from memberships where satisfaction is null"),
    ("gym", "youngest and oldest age per plan", "select plan, min(age), max(age) from memberships group by 1"),
    ("gym", "how long do members stay on average", "select avg(cancel_date - start_date) from memberships"),
    (
        "gym",
        "top 2 branches by revenue",
        "select branch, sum(monthly_fee) from memberships group by 1 order by 2 desc, 1 limit 2",
    ),
    ("desk", "busiest hour of the day", "select hour(CreatedAt), count(*) from tickets group by 1 order by 2 desc limit 1"),
    ("desk", "how many tickets per agent on average", "select count(*) / count(distinct Agent) from tickets"),
    ("desk", "tickets without a csat score", "select * from tickets where CSAT is null"),
    (
        "freight",
        "average cost per kg by carrier",
        "select carrier, sum(cost_eur) / sum(weight_kg) from shipments join carriers using (carrier_id) group by 1",
    ),
    ("freight", "carriers rated below 4", "select carrier from carriers where rating < 4"),
    (
        "freight",
        "shipments heavier than 800 kg with cost under 100",
        "select shipment_id from shipments where weight_kg > 800 and cost_eur < 100",
    ),
    ("freight", "how many late shipments were there", "select count(*) from shipments where on_time = 'N'"),
    (
        "freight",
        "average cost of on time shipments vs late ones",
        "select on_time, avg(cost_eur) from shipments group by 1",
    ),
    (
        "freight",
        "which carriers have the highest on time rate",
        f"""select carrier, {PART.format("where on_time = 'Y'")} from shipments join carriers using (carrier_id) group by 1
            order by 2 desc limit 1""",
    ),
    (
        "freight",
        "rank carriers by on time rate",
        f"""select carrier, {PART.format("where on_time = 'Y'")} from shipments join carriers using (carrier_id) group by 1""",
    ),
    (
        "freight",
        "percentage of damaged shipments by origin",
        f"select origin, {PART.format('where damaged')} from shipments group by 1",
    ),
    ("报修", "一共有多少张工单", "select count(*) from 报修记录"),
    ("报修", "老张完成了多少工单", "select count(*) from 报修记录 where 维修人员 = '老张' and 是否完成 = '是'"),
    ("报修", "每个维修人员的平均评分", "select 维修人员, avg(业主评分) from 报修记录 group by 1"),
    ("报修", "评分为1的工单", "select * from 报修记录 where 业主评分 = 1"),
    ("报修", "没有评分的工单数量", "select count(*) from 报修记录 where 业主评分 is null"),
    ("报修", "电梯报修的平均耗时", "select avg(耗时小时) from 报修记录 where 报修类型 = '电梯'"),
    ("报修", "各小区各类型的报修数量", "select 小区, 报修类型, count(*) from 报修记录 group by 1, 2"),
    ("报修", "耗时超过24小时的工单占比", f"select {PART.format('where 耗时小时 > 24')} from 报修记录"),
    ("报修", "未完成率", f"""select {PART.format("where 是否完成 = '否'")} from 报修记录"""),
    (
        "报修",
        "每月的完成率",
        f"""select date_trunc('month', 报修日期)::date, {PART.format("where 是否完成 = '是'")} from 报修记录 group by 1""",
    ),
    ("人事", "在职员工有多少", "select count(*) from 员工 where 离职日期 is null"),
    ("人事", "各部门离职率", f"select 部门, {PART.format('where 离职日期 is not null')} from 员工 group by 1"),
    ("人事", "工龄最长的员工", "select 姓名 from 员工 order by 入职日期 limit 1"),
    ("人事", "部门人数占比", "select 部门, 100.0 * count(*) / sum(count(*)) over () from 员工 group by 1"),
    ("门店", "销售额最高的两天", "select 日期, sum(销售额) from 销售 group by 1 order by 2 desc limit 2"),
    ("门店", "满意度最低的门店", "select 门店, avg(满意度) from 销售 group by 1 order by 2 limit 1"),
    ("门店", "非会员的平均销售额", "select avg(销售额) from 销售 where 会员 = '否'"),
    ("门店", "会员销售额占比", "select 100.0 * sum(销售额) filter (where 会员 = '是') / sum(销售额) from 销售"),
    (
        "门店",
        "每个城市卖得最多的商品",
        """select 城市, 商品, sum(销售额) s from 销售 group by 1, 2
           qualify rank() over (partition by 城市 order by s desc) = 1""",
    ),
    ("门店", "各门店的销售额和利润", "select 门店, sum(销售额), sum(销售额) - sum(成本) from 销售 group by 1"),
]


@pytest.mark.parametrize(("tables", "question", "sql"), ASKED, ids=lambda part: part if isinstance(part, str) else "")
def test_states_and_rates_are_read_as_people_mean_them(tables: str, question: str, sql: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    agree(workspaces[tables], reply, sql)


def test_the_slowest_take_longest(workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask("slowest agent", workspaces["desk"])
    assert isinstance(reply, Answer)
    assert [row[0] for row in reply.result.rows()] == ["Omar"]
