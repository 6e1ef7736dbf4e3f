"""Words that are easily read as something else, over tables of a shelter, a port, a library and a club, in English and Chinese."""

from __future__ import annotations

import duckdb
import pytest

from analyst import Answer, Refusal, ask
from analyst.terms import Turn
from analyst.workspace import Workspace

TABLES = {
    "shelter": {
        "animals": "animal_id,name,kind_code,color,date_arrived,date_departed,age,price_code\n"
        "1,Rex,DG,brown,2021-03-02 10:15:00,2021-05-01 09:00:00,3,A\n2,Mia,CT,white,2021-03-02 15:40:00,2022-01-07 12:00:00,2,A\n"
        "3,Bo,DG,black,2022-06-09 08:05:00,2022-06-20 17:30:00,5,B\n4,Zoe,RB,black,2022-06-10 11:00:00,2023-02-01 10:00:00,1,B\n"
        "5,Sam,DG,white,2023-01-12 09:45:00,2023-02-01 16:20:00,4,A\n6,Kit,CT,black,2023-01-13 14:30:00,2023-03-05 08:10:00,2,C\n",
        "kinds": "kind_code,kind_name\nDG,Dog\nCT,Cat\nRB,Rabbit\n",
        "fees": "fee_type,fee_amount\nMicrochip,35\nVaccine,60\nBoarding,18\n",
        "checkups": "checkup_id,animal_id,date_of_checkup,cost_of_checkup\n1,1,2021-04-01,40\n2,1,2021-04-20,55\n3,3,2022-06-12,40\n"
        "4,4,2022-07-01,70\n5,5,2023-01-20,25\n",
    },
    "port": {
        "lines": "line_id,line,country\n1,North Star,Norway\n2,Blue Wave,Spain\n3,Sun Cruise,Spain\n",
        "sailings": "sailing_id,line,SailingNo,from_port,year,version_number\n"
        "1,1,301,Oslo,2013,4\n2,1,302,Bergen,2014,6\n3,2,117,Cadiz,2014,7\n4,2,118,Vigo,2013,2\n5,2,119,Cadiz,2013,6\n6,3,77,Palma,2014,9\n",
    },
    "harbour": {"trips": "TripNo,origin,destination,load\n1,Oslo,Bergen,4\n2,Bergen,Oslo,3\n3,Oslo,Bergen,6\n4,Molde,Oslo,5\n"},
    "火车": {
        "车次": "车次号,出发城市,目的地城市,票价\n"
        "G1,武汉,上海,300\nG2,上海,武汉,300\nG3,武汉,西安,280\nG4,西安,武汉,280\nG5,武汉,广州,460\n"
    },
    "rink": {
        "players": "player_id,name,hand,size,well_depth,no_shows\n1,Ann,R,L,10,2\n2,Bob,L,M,20,0\n3,Cy,R,L,30,1\n",
    },
    "apart": {
        "orders": "OrderNo,Region,Sales,Discount\nA,North,10,1\nB,South,30,0\nC,North,50,2\n",
        "柜台": "柜台,日期,销售额\n一号,2024-01-01,7\n二号,2024-01-02,9\n",
    },
    "shop": {
        "clients": "ClientID,Client Name,Segment,Land\nC1,Ada,Home,Norway\nC2,Bea,Office,Spain\nC3,Cy,Home,Spain\n",
        "orders": "OrderNo,ClientID,Category,Sales,Profit\nA1,C1,Paper,10,1\nA2,C2,Ink,30,9\nA3,C1,Ink,25,2\nA4,C3,Paper,50,4\n",
    },
    "stage": {
        "actors": "actor_id,name,birth_place,first_role_year\n1,Ada,Rome,2014\n2,Bea,Oslo,2009\n3,Cid,Rome,2011\n",
        "plays": "play_id,play_name,year,language\n1,Dawn,2014,English\n2,Dusk,2015,French\n3,Noon,2014,French\n",
        "casts": "play_id,actor_id\n1,2\n1,3\n2,1\n3,2\n",
    },
    "书库": {
        "类别": "类别ID,类别名称\n1,小说\n2,历史\n",
        "图书": "图书ID,书名,类别ID,定价,页数,版本号\n1,远山,1,38,320,2\n2,长河,1,45,410,6\n3,古城,2,60,280,5\n4,边塞,2,52,350,7\n",
        "借阅": "借阅的ID,图书ID,读者,日期\n11,1,王芳,2023-01-03\n12,1,李雷,2023-02-04\n13,3,王芳,2023-02-09\n14,4,赵敏,2023-03-01\n",
    },
    "球队": {
        "球员": "球员ID,名字,国籍,惯用手,年龄,航空会员\n1,张伟,中国,R,24,是\n2,李娜,中国,L,29,否\n3,Tom,美国,R,31,是\n4,Ana,法国,R,22,否\n",
        "俱乐部": "俱乐部ID,俱乐部名称,城市\n1,飞鹰,上海\n2,海浪,青岛\n",
        "合同": "合同ID,球员ID,俱乐部,薪水\n1,1,1,300\n2,2,2,500\n3,3,2,450\n4,4,1,280\n",
    },
}
BY_SEGMENT = "from clients join orders using (ClientID) group by Segment"
ASKED = [
    ("shop", "orders by segment", f"select Segment, count(*) {BY_SEGMENT}"),
    ("shop", "How many orders were placed by each segment?", f"select Segment, count(*) {BY_SEGMENT}"),
    ("shop", "segments with the most orders", f"select Segment {BY_SEGMENT} order by count(*) desc limit 1"),
    ("shop", "Which segment brings the most profit?", f"select Segment, sum(Profit) {BY_SEGMENT} order by 2 desc limit 1"),
    ("shop", "average sales per category", "select Category, avg(Sales) from orders group by 1"),
    ("shelter", "How many animals departed in each year?", "select year(date_departed), count(*) from animals group by 1"),
    ("shelter", "How many animals arrived in each day?", "select date_arrived::date, count(*) from animals group by 1"),
    (
        "shelter",
        "How many animals arrived in each day? Draw a bar chart that groups by arrival date.",
        "select date_arrived::date, count(*) from animals group by 1",
    ),
    ("shelter", "What are the arriving date and the departing date of all the animals?", "select date_arrived, date_departed from animals"),
    (
        "shelter",
        "List the names of the animals of the rarest kind.",
        "select name from animals where kind_code = 'RB'",
    ),
    ("shelter", "How many animals are of the most common kind?", "select count(*) from animals where kind_code = 'DG'"),
    ("shelter", "How many animals have the most common color?", "select max(n) from (select count(*) n from animals group by color)"),
    ("shelter", "What are the names of the animals aged either 2 or 5?", "select name from animals where age in (2, 5)"),
    ("shelter", "How much does each fee type cost? List both fee type and amount.", "select fee_type, fee_amount from fees"),
    (
        "shelter",
        "Which color is the most common and how many animals have it?",
        "select color, count(*) from animals group by 1 order by 2 desc limit 1",
    ),
    (
        "shelter",
        "What are all the kind codes of animals, and how many times was each of them used?",
        "select kind_code, count(*) from animals group by 1",
    ),
    (
        "shelter",
        "Show me the cost of the most recently performed checkup.",
        "select cost_of_checkup from checkups order by date_of_checkup desc limit 1",
    ),
    ("port", "Give the sailing numbers of sailings from Cadiz.", "select SailingNo from sailings where from_port = 'Cadiz'"),
    (
        "port",
        "How many sailings does each line have?",
        "select l.line, count(*) from sailings s join lines l on s.line = l.line_id group by 1",
    ),
    (
        "port",
        "Which lines have more than 1 sailing?",
        "select l.line from sailings s join lines l on s.line = l.line_id group by 1 having count(*) > 1",
    ),
    ("port", "How many sailings have a version number later than 5?", "select count(*) from sailings where version_number > 5"),
    (
        "port",
        "Plot the number of sailings in each year as a bar chart, and show names in desc order.",
        "select year, count(*) from sailings group by 1",
    ),
    (
        "stage",
        "What are the names of the actors who performed in a play in 2014?",
        "select distinct a.name from actors a join casts using (actor_id) join plays p using (play_id) where p.year = 2014",
    ),
    ("port", "How many sailings leave from Cadiz?", "select count(*) from sailings where from_port = 'Cadiz'"),
    ("harbour", "Give the trip numbers of trips arriving at Oslo.", "select TripNo from trips where destination = 'Oslo'"),
    ("harbour", "How many trips start in Oslo?", "select count(*) from trips where origin = 'Oslo'"),
    ("harbour", "Which trips go to Bergen?", "select * from trips where destination = 'Bergen'"),
    ("火车", "从武汉出发的车次有几个？", "select count(*) from 车次 where 出发城市 = '武汉'"),
    ("火车", "目的地是武汉的车次有几个？", "select count(*) from 车次 where 目的地城市 = '武汉'"),
    ("rink", "how many right handed players are there", "select count(*) from players where hand = 'R'"),
    ("rink", "how many players are left", "select count(*) from players"),
    ("rink", "no shows by hand", "select hand, sum(no_shows) from players group by 1"),
    ("rink", "well depth on average", "select avg(well_depth) from players"),
    ("rink", "Great, how many players are there?", "select count(*) from players"),
    ("apart", "每个地区的最高销售额和平均销售额是多少？", "select Region, max(Sales), avg(Sales) from orders group by 1"),
    ("apart", "各柜台的平均销售额和最高销售额", "select 柜台, avg(销售额), max(销售额) from 柜台 group by 1"),
    ("stage", "Which plays do not use French?", "select play_name from plays where language <> 'French'"),
    ("书库", "显示所有类别的ID", "select 类别ID from 类别"),
    ("书库", "显示所有图书的ID和书名", "select 图书ID, 书名 from 图书"),
    ("书库", "显示所有借阅的图书ID", "select 图书ID from 借阅"),
    ("书库", "图书的平均定价，最低定价和最高定价是多少？", "select avg(定价), min(定价), max(定价) from 图书"),
    ("书库", "图书的最大页数是多少？", "select max(页数) from 图书"),
    ("书库", "一共有哪些类别名称？", "select distinct 类别名称 from 类别"),
    ("球队", "一共有多少名球员？", "select count(*) from 球员"),
    ("球队", "每个国籍各有多少名球员？", "select 国籍, count(*) from 球员 group by 1"),
    ("球队", "有多少球员是左利手？", "select count(*) from 球员 where 惯用手 = 'L'"),
    ("球队", "每家俱乐部分别有多少合同？", "select 俱乐部名称, count(*) from 合同 join 俱乐部 on 俱乐部 = 俱乐部ID group by 1"),
    ("球队", "航空会员的国籍是什么？", "select 国籍 from 球员 where 航空会员 = '是'"),
]
AFTER = [
    (
        "书库",
        ("显示所有借阅的图书ID", 'SELECT "图书ID" FROM "借阅"'),
        "对于每个，显示借阅数",
        "select 图书ID, count(*) from 借阅 group by 1",
    ),
    ("书库", ("列出每本书的书名", 'SELECT "书名" FROM "图书"'), "把它们按照图书的定价排序", "select 书名 from 图书 order by 定价"),
    (
        "书库",
        ("列出定价超过40的图书", 'SELECT "书名", "定价" FROM "图书" WHERE "定价" > 40'),
        "这些书的平均定价和最高定价是多少？",
        "select avg(定价), max(定价) from 图书 where 定价 > 40",
    ),
    (
        "shelter",
        ("Show the color of all animals.", "SELECT color FROM animals"),
        "For each, show the number of animals.",
        "select color, count(*) from animals group by 1",
    ),
]


DECLINED = [
    ("apart", "每个仓库的平均销售额", "仓库"),
    ("apart", "各供应商的销售额合计", "供应商"),
    ("apart", "average Discount per 柜台", ""),
    ("apart", "每个柜台的最高Discount", ""),
    ("apart", "total Sales per warehouse", "warehouse"),
]
"""Groups that the data does not hold, or holds only where nothing joins them with the figure."""


def plain(value: object) -> str:
    return str(round(float(value), 3)) if isinstance(value, (int, float)) else str(value).replace("T", " ")


def agree(workspace: Workspace, reply: object, sql: str) -> None:
    """The reply holds the rows of the SQL, whatever the order of columns and rows; texts are compared as they are shown."""
    assert isinstance(reply, Answer), reply
    with duckdb.connect(str(workspace.database()), read_only=True) as connection:
        gold = sorted(sorted(map(plain, row)) for row in connection.execute(sql).fetchall())
    assert sorted(sorted(map(plain, row)) for row in reply.result.rows()) == gold, reply.query.sql


@pytest.mark.parametrize(("tables", "question", "sql"), ASKED, ids=lambda part: part if isinstance(part, str) else "")
def test_words_are_read_as_people_mean_them(tables: str, question: str, sql: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    agree(workspaces[tables], reply, sql)


@pytest.mark.parametrize(("tables", "before", "question", "sql"), AFTER, ids=lambda part: part if isinstance(part, str) else "")
def test_a_follow_up_is_read_as_people_mean_it(
    tables: str, before: tuple[str, str], question: str, sql: str, workspaces: dict[str, Workspace]
) -> None:
    *_, reply = ask(question, workspaces[tables], history=(Turn(*before),))
    agree(workspaces[tables], reply, sql)


@pytest.mark.parametrize(("tables", "question", "missing"), DECLINED)
def test_a_group_is_never_left_out_in_silence(tables: str, question: str, missing: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    assert isinstance(reply, Refusal), reply
    assert missing in reply.message
