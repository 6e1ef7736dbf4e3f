"""The same figures in the many ways in which owners and clerks word them: who paid, who won, how long, how much in all, in which bands."""

from __future__ import annotations

import pytest

from analyst import Refusal, ask
from analyst.terms import Turn
from analyst.workspace import Workspace
from tests.test_readings import agree

TABLES = {
    "campsite": {
        "stays": "Stay No,Booked On,Check-in,Check-out,Nights,Pitch,Area,Lake View,Agent,Guest,Home Country,"
        "Pitch Rate,Total Paid,Commission,Status\n"
        "1,2023-11-02,2024-05-01,2024-05-04,3,P1,North,Yes,CampNow,Ann Ash,France,30,90,9,Done\n"
        "2,2023-12-05,2024-06-10,2024-06-24,14,P2,North,No,Direct,Bob Elm,,20,280,0,Done\n"
        "3,2024-01-08,2024-07-01,2024-07-08,7,P3,South,Yes,CampNow,Ann Ash,France,35,245,24.5,Done\n"
        "4,2024-04-04,2025-05-02,2025-05-12,10,P1,North,Yes,Direct,Cy Fir,Spain,31,310,0,Done\n"
        "5,2025-01-15,2025-06-03,2025-06-05,2,P4,South,No,CampNow,Di Oak,,18,36,3.6,Cancelled\n"
        "6,2025-02-20,2025-08-01,2025-08-15,14,P3,South,Yes,TentHub,Ann Ash,France,38,532,42,Done\n",
    },
    "couriers": {
        "riders": "rider_no,Full Name,base,hired,hourly_wage,status,contract\n11,Ada Nord,Leeds,2019-02-01,14,Active,Full-time\n"
        "12,Ben Vale,York,2016-05-01,12,Left,Part-time\n13,Cleo Park,York,2021-09-01,13,Active,Part-time\n",
        "bikes": "bikeId,Reg No,Power,Home Base\nB1,AA1 BBB,Electric,Leeds\nB2,CC2 DDD,Petrol,York\nB3,EE3 FFF,Petrol,York\n",
        "runs": "run_no,started,finished,bike,rider,zone,km,parcels,mins_late,fuel_cost\n"
        "R1,2025-03-03 06:10:00,2025-03-03 12:20:00,B1,11,Centre,40,60,5,\n"
        "R2,2025-03-03 09:00:00,2025-03-03 11:00:00,B2,12,Rural,70,20,40,9\n"
        "R3,2025-04-05 06:50:00,2025-04-05 13:00:00,B1,11,Centre,35,55,0,\n"
        "R4,2025-04-07 14:00:00,2025-04-07 15:30:00,B2,13,Rural,80,25,75,11\n"
        "R5,2025-04-09 10:00:00,2025-04-09 12:00:00,B2,,Coast,90,15,10,12\n"
        "R6,2025-04-11 10:00:00,2025-04-11 18:00:00,B1,13,Coast,110,35,0,\n",
    },
    "swimming": {
        "clubs": "club_id,club_name,Region,Members\n1,Ashby,East,90\n2,Birch,West,40\n3,Crag,East,20\n",
        "coaches": "coach_id,coach_name,club_id,Level,Salary\n1,Ida,1,L1,30000\n2,Jon,1,L2,38000\n3,Kit,2,L2,41000\n4,Lea,2,L1,35000\n",
        "swimmers": "swimmer_id,swimmer_name,Gender,HeightCm,club_id,coach_id\n"
        "1,Max,M,190,1,1\n2,Nia,F,178,1,2\n3,Oli,M,182,2,3\n4,Pia,F,170,2,2\n",
        "meets": "meet_id,meet_name,Meet Date,Pool,Distance_m,Prize\n1,Spring,2024-03-01,Lido,100,50\n2,Summer,2024-07-01,Lido,200,80\n"
        "3,Winter,2025-01-15,Baths,100,60\n",
        "results": "result_id,meet_id,swimmer_id,TimeSec,Place,Points\n"
        "1,1,1,55.1,1,8\n2,1,2,58.2,2,6\n3,2,1,118.0,1,8\n4,2,3,119.5,2,6\n"
        "5,3,3,54.0,1,8\n6,3,1,56.0,2,6\n7,3,4,60.5,3,4\n",
    },
    "gym": {
        "members": "Member ID,Name,Join Date,Plan,Monthly Fee,Home Branch,Cancelled On\n1,Ann,2024-01-05,Gold,40,Hill,\n"
        "2,Bob,2024-02-10,Basic,20,Dale,2024-09-01\n3,Cy,2025-01-20,Gold,42,Hill,\n4,Di,2025-02-02,Basic,22,Dale,2025-04-01\n",
        "visits": "visitId,memberId,visitDate,durationMin,branch,score\n"
        "1,1,2025-03-01,30,Hill,5\n2,1,2025-03-05,45,Dale,\n3,3,2025-03-07,95,Hill,4\n"
        "4,4,2025-03-09,70,Dale,\n5,4,2025-03-11,20,Hill,2\n",
        "classes": "bookingId,memberId,kind\n1,1,Spin\n2,1,Yoga\n3,2,Spin\n4,3,Yoga\n5,3,Spin\n",
    },
    "诊所": {
        "医师": "工号,姓名,职称,科室编号,挂号费\nD1,王丽,主任,K1,50\nD2,李强,主治,K1,30\nD3,赵敏,主治,K2,25\nD4,钱坤,主任,K2,60\n",
        "科室": "科室编号,科室名称,类别\nK1,骨科,外科\nK2,儿科,内科\n",
        "就诊": "就诊号,就诊日期,医师工号,年龄,候诊时长(分钟),总费用,医保,赠券抵扣,状态\n"
        "1,2025-09-30,D1,66,20,100,职工,,已完成\n2,2025-10-02,D1,12,30,80,居民,5,已完成\n3,2025-10-05,D2,45,60,200,职工,0,已退款\n"
        "4,2025-10-09,D3,8,10,60,居民,,已完成\n5,2025-11-02,D3,71,14,90,居民,8,已退款\n6,2025-11-03,D3,30,50,120,职工,,已完成\n",
    },
    "外送": {
        "订单": "单号,时间,城市,店铺,用户ID,是否新客,配送费,距离km,用时(分钟),评分\n"
        "1,2024-05-03 12:10:00,杭州,面馆,U1,是,4,2,30,5\n2,2024-06-08 18:00:00,宁波,粥铺,U2,是,6,3,45,3\n"
        "3,2025-05-04 12:00:00,杭州,面馆,U1,否,5,2.5,33,4\n4,2025-06-07 19:00:00,杭州,烧烤,U3,是,9,5,60,2\n"
        "5,2025-06-09 11:00:00,宁波,粥铺,U1,否,6,4,50,4\n",
    },
}
NORTH = "from stays where "
ASKED = [
    # who pays tells nothing apart, and what for
    ("campsite", "How much have guests paid us altogether?", 'select sum("Total Paid") from stays'),
    (
        "campsite",
        "commission as a percentage of what guests paid, per agent",
        'select Agent, 100.0 * sum(Commission) / sum("Total Paid") from stays group by 1',
    ),
    ("couriers", "how many kilometres have the bikes covered in total?", "select sum(km) from runs"),
    ("couriers", "what did we spend on fuel in April 2025?", "select sum(fuel_cost) from runs where month(started) = 4"),
    # nothing, and something
    ("campsite", "how many stays have no home country filled in", 'select count(*) from stays where "Home Country" is null'),
    ("couriers", "how many runs have no rider written down", "select count(*) from runs where rider is null"),
    ("couriers", "runs without a rider", "select run_no from runs where rider is null"),
    ("gym", "how many visits never got a score", "select count(*) from visits where score is null"),
    # orders and ends
    ("campsite", "number of stays by agent, most first", "select Agent, count(*) n from stays group by 1 order by n desc"),
    ("campsite", "who has booked with us most often?", "select 'Ann Ash'"),
    (
        "swimming",
        "What are the names and heights of the two tallest swimmers, from the tallest to the shortest?",
        "select swimmer_name, HeightCm from swimmers order by HeightCm desc limit 2",
    ),
    ("couriers", "which rider has been with us the longest?", 'select "Full Name" from riders order by hired limit 1'),
    # dates that are named
    (
        "campsite",
        "Which month had the most nights, by check-in date?",
        """select date_trunc('month', "Check-in")::date, sum(Nights) n from stays group by 1 order by n desc, 1 limit 1""",
    ),
    (
        "campsite",
        "By what percentage did total paid grow from 2024 to 2025, counting each stay in the year of its check-in?",
        """select a, b, 100.0 * (b / a - 1) from (select sum("Total Paid") filter (where year("Check-in") = 2024) a,
           sum("Total Paid") filter (where year("Check-in") = 2025) b from stays)""",
    ),
    # lengths of time
    (
        "campsite",
        "how many stays of a week or longer did not come through Direct?",
        "select count(*) from stays where Nights >= 7 and Agent <> 'Direct'",
    ),
    ("campsite", "stays of more than two weeks", "select * from stays where Nights > 14"),
    ("couriers", "how many runs were over an hour late", "select count(*) from runs where mins_late > 60"),
    ("couriers", "how many runs were more than half an hour late", "select count(*) from runs where mins_late > 30"),
    ("couriers", "how many runs took more than 5 hours", "select count(*) from runs where finished - started > interval 5 hour"),
    ("couriers", "how many runs set off before 7 in the morning", "select count(*) from runs where hour(started) < 7"),
    # flags and states
    ("campsite", "average pitch rate with and without a lake view", 'select "Lake View", avg("Pitch Rate") from stays group by 1'),
    ("couriers", "how many riders still work for us", "select count(*) from riders where status = 'Active'"),
    ("couriers", "average hourly pay of the part timers", "select avg(hourly_wage) from riders where contract = 'Part-time'"),
    # sums of each against a number
    (
        "couriers",
        "riders who carried more than 50 parcels in total",
        """select "Full Name" from runs join riders on rider = rider_no group by 1 having sum(parcels) > 50""",
    ),
    (
        "swimming",
        "Which clubs pay their coaches more than 37,000 on average?",
        "select club_name from clubs join coaches using (club_id) group by 1 having avg(Salary) > 37000",
    ),
    (
        "couriers",
        "for each base, which of its riders has done the most km",
        """select base, "Full Name", k from (select base, "Full Name", sum(km) k, rank() over (partition by base order by sum(km) desc) r
           from runs join riders on rider = rider_no group by 1, 2) where r = 1""",
    ),
    (
        "couriers",
        "total parcels carried by bikes from the York base",
        """select sum(parcels) from runs join bikes on bike = bikeId where "Home Base" = 'York'""",
    ),
    ("couriers", "how many runs did ben do?", "select 1"),
    # races
    ("swimming", "Find the names of the swimmers who have won at least two meets.", "select 'Max'"),
    ("swimming", "Which swimmers finished first in 2025?", "select 'Oli'"),
    ("swimming", "What are the names of the swimmers who won a meet in 2024 but did not win any in 2025?", "select 'Max'"),
    (
        "swimming",
        "What is the average finishing time over 100 metres?",
        "select avg(TimeSec) from results join meets using (meet_id) where Distance_m = 100",
    ),
    (
        "swimming",
        "What is the fastest time for each distance?",
        "select Distance_m, min(TimeSec) from results join meets using (meet_id) group by 1",
    ),
    ("swimming", "Which clubs have more members than the average club but no swimmer?", "select club_name from clubs where false"),
    (
        "swimming",
        "For each level of coach, what is the name of the coach with the highest salary?",
        """select Level, coach_name, Salary
           from (select *, rank() over (partition by Level order by Salary desc) r from coaches) where r = 1""",
    ),
    # events
    (
        "gym",
        "sign-ups per month in 2025",
        """select date_trunc('month', "Join Date")::date, count(*) from members where year("Join Date") = 2025 group by 1""",
    ),
    ("gym", "how many cancellations were there in 2025?", "select 1"),
    ("gym", "what does a member pay per month on average, by plan?", 'select Plan, avg("Monthly Fee") from members group by 1'),
    (
        "gym",
        "how many visits took place at a branch that isn't the member's home branch?",
        """select count(*) from visits join members on memberId = "Member ID" where branch <> "Home Branch" """,
    ),
    ("gym", "how many members have booked both Spin and Yoga", "select 2"),
    (
        "gym",
        "how many visits lasted under 30, 30 to 60, 60 to 90 and over 90 minutes?",
        """select case when durationMin < 30 then 'under 30' when durationMin < 60 then '30 to 60' when durationMin <= 90 then '60 to 90'
           else 'over 90' end, count(*) from visits group by 1""",
    ),
    # 中文
    ("诊所", "接诊人次最多的是哪位医师", "select 姓名 from 医师 join 就诊 on 医师工号 = 工号 group by 1 order by count(*) desc, 1 limit 1"),
    (
        "诊所",
        "各科室的次均总费用",
        "select 科室名称, avg(总费用) from 就诊 join 医师 on 医师工号 = 工号 join 科室 using (科室编号) group by 1",
    ),
    ("诊所", "哪些科室的平均候诊时长比全院平均还长?", "select '骨科'"),
    ("诊所", "有没有一个病人都没接诊过的医师?列一下姓名和科室", "select '钱坤', '儿科'"),
    (
        "诊所",
        "列出骨科所有医师的姓名、科室和挂号费",
        "select 姓名, 科室名称, 挂号费 from 医师 join 科室 using (科室编号) where 科室名称 = '骨科'",
    ),
    ("诊所", "一张赠券都没用的就诊有多少人次", "select count(*) from 就诊 where 赠券抵扣 is null or 赠券抵扣 = 0"),
    ("诊所", "退款的就诊有多少次", "select 2"),
    ("诊所", "国庆那几天(2025年10月1号到7号)接待了多少人次", "select 2"),
    (
        "诊所",
        "18岁以下、18到60岁、60岁以上的病人各有多少人次",
        "select case when 年龄 < 18 then '18岁以下' when 年龄 < 60 then '18到60岁' else '60岁以上' end, count(*) from 就诊 group by 1",
    ),
    (
        "诊所",
        "哪2位医师等的时间最短",
        """select 姓名, avg("候诊时长(分钟)") a from 就诊 join 医师 on 医师工号 = 工号 group by 1 order by a limit 2""",
    ),
    ("外送", "平均评分垫底的两家店是哪几家", "select 店铺, avg(评分) a from 订单 group by 1 order by a limit 2"),
    ("外送", "新客和老客各有多少单?", "select 是否新客, count(*) from 订单 group by 1"),
    ("外送", "老客有多少单", "select 2"),
    ("外送", "各城市平均每公里收多少配送费", "select 城市, sum(配送费) / sum(距离km) from 订单 group by 1"),
    ("外送", "2024年和2025年都下过单的用户有多少个", "select 1"),
    ("外送", "90%的订单能在多少分钟之内送到?", """select quantile_cont("用时(分钟)", 0.9) from 订单"""),
    (
        "外送",
        "周末(周六周日)和工作日各有多少单",
        "select case when isodow(时间) >= 6 then '周末' else '工作日' end, count(*) from 订单 group by 1",
    ),
]
DECLINED = [
    ("campsite", "how much did we spend on electricity for each pitch?"),
    ("couriers", "what do we pay in insurance per bike?"),
    ("couriers", "Which customer gets the most parcels from us?"),
    ("swimming", "How much sponsorship money did each club receive in 2025?"),
    ("gym", "what is the hourly wage of each trainer?"),
    ("campsite", "stays that took over 3 hours"),
    ("外送", "哪位医生接的单最多"),
]
BY_PITCH = ("total paid per pitch", 'select Pitch, sum("Total Paid") from stays group by 1')
BY_AREA = ("total paid by area", 'select Area, sum("Total Paid") from stays group by 1')
CANCELLED = ("how many cancelled stays did each area have?", "select Area, count(*) from stays where Status = 'Cancelled' group by 1")
STAFF = ("职工医保的就诊有多少次", "select count(*) from 就诊 where 医保 = '职工'")
REFUNDED = ("其中退款的有几次", "select count(*) from 就诊 where 医保 = '职工' and 状态 = '已退款'")
GOES_ON = [
    ("campsite", [BY_PITCH], "now per night", 'select Pitch, sum("Total Paid") / sum(Nights) from stays group by 1'),
    ("campsite", [BY_AREA], "per stay", 'select Area, sum("Total Paid") / count(*) from stays group by 1'),
    (
        "campsite",
        [CANCELLED],
        "what percent of each area's stays is that",
        "select Area, 100.0 * count(*) filter (where Status = 'Cancelled') / count(*) from stays group by 1",
    ),
    ("campsite", [BY_AREA], "show me nights instead of money", "select Area, sum(Nights) from stays group by 1"),
    ("campsite", [BY_AREA], "how many nights is that in total", "select sum(Nights) from stays"),
    ("诊所", [STAFF, REFUNDED], "占职工就诊的百分之多少", "select 100.0 / 3"),
]


@pytest.mark.parametrize(("tables", "question", "sql"), ASKED, ids=lambda part: part if isinstance(part, str) else "")
def test_whatever_the_wording_the_figure_that_is_meant_is_found(
    tables: str, question: str, sql: str, workspaces: dict[str, Workspace]
) -> None:
    *_, reply = ask(question, workspaces[tables])
    agree(workspaces[tables], reply, sql)


@pytest.mark.parametrize(("tables", "question"), DECLINED)
def test_what_no_table_holds_is_declined(tables: str, question: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    assert isinstance(reply, Refusal), reply


@pytest.mark.parametrize(("tables", "turns", "question", "sql"), GOES_ON, ids=lambda part: part if isinstance(part, str) else "")
def test_what_was_answered_can_be_divided_and_swapped(
    tables: str, turns: list[tuple[str, str]], question: str, sql: str, workspaces: dict[str, Workspace]
) -> None:
    *_, reply = ask(question, workspaces[tables], history=tuple(Turn(*turn) for turn in turns))
    agree(workspaces[tables], reply, sql)
