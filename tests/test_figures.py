"""What figures are made of and whom they count: money in other words, revenue less spend, people with several rows, ages, bins, rates
per unit and figures side by side, over tables of a hotel, a school, a shop, campaigns, marks and a clinic; and their follow-ups."""

from __future__ import annotations

import pytest

from analyst import Refusal, ask
from analyst.terms import Turn
from analyst.workspace import Workspace
from tests.test_readings import agree

TABLES = {
    "hotel": {
        "bookings": "BookingRef,GuestName,Country,RoomType,CheckIn,CheckOut,Nights,Guests,RatePerNight,TotalPaid,Cancelled\n"
        "B1,Anna Koch,Spain,Single,2023-06-01,2023-06-04,3,1,80,240,FALSE\n"
        "B2,Luis Diaz,Egypt,Suite,2023-06-20,2023-06-22,2,2,210,420,FALSE\n"
        "B3,Anna Koch,Spain,Double,2023-09-02,2023-09-07,5,2,95,475,TRUE\nB4,Mei Wong,China,Suite,2024-01-10,2024-01-11,1,4,210,210,FALSE\n"
        "B5,Omar Said,Egypt,Single,2024-02-01,2024-02-03,2,1,80,160,FALSE\n",
    },
    "school": {
        "students": "student_id,student_name,homeroom\n1,Amy Fox,A\n2,Ben Gray,B\n3,Cara Hunt,A\n4,Deb Ives,B\n",
        "teachers": "teacher_id,teacher_name,subject\n1,Ms Reed,Math\n2,Mr Shaw,History\n3,Ms Umber,Art\n",
        "results": "result_id,student_id,teacher_id,exam_date,score,passed\n1,1,1,2023-01-10,80,1\n2,1,2,2023-02-11,40,0\n"
        "3,2,1,2023-02-14,95,1\n4,3,1,2023-03-01,30,0\n5,3,2,2023-03-09,45,0\n6,2,2,2023-04-02,97,1\n",
    },
    "shop": {
        "products": "sku,product_name,category,supplier_id,unit_cost,stock_on_hand,reorder_level,discontinued\n"
        "S1,Desk,Office,1,40,5,10,No\nS2,Lamp,Home,1,8,60,20,No\nS3,Chair,Office,2,25,3,10,Yes\nS4,Rug,Home,2,30,90,20,No\n",
        "suppliers": "supplier_id,supplier_name,lead_time_days\n1,Alpine,5\n2,Baltic,12\n",
        "sales": "sale_id,sku,sold_at,quantity,sale_price,store\n1,S1,2024-01-03,2,70,Bonn\n2,S2,2024-01-20,5,15,Kiel\n"
        "3,S2,2024-02-05,1,14,Bonn\n4,S4,2024-02-11,3,50,Kiel\n5,S1,2024-03-01,1,72,Kiel\n",
    },
    "ads": {
        "campaigns": "date,campaign,platform,impressions,clicks,conversions,spend_usd,revenue_usd\n"
        "2024-01-01,Spring,Google,1000,50,5,20,150\n2024-01-02,Brand,TikTok,3000,60,2,30,60\n2024-01-08,Spring,TikTok,2000,80,6,25,180\n"
        "2024-02-05,Brand,Google,1500,30,4,12,120\n2024-02-06,Spring,Google,900,20,1,9,30\n",
    },
    "成绩": {
        "课程成绩": "学号,姓名,班级,课程,任课教师,分数,是否补考,出勤率\n"
        "S1,赵明,一班,数学,陈老师,95,否,98\nS1,赵明,一班,英语,林老师,70,否,90\n"
        "S2,钱丽,一班,数学,陈老师,55,是,60\nS2,钱丽,一班,英语,林老师,85,否,88\n"
        "S3,孙强,二班,数学,陈老师,62,否,75\nS3,孙强,二班,英语,林老师,91,否,95\n",
    },
    "门诊": {
        "门诊记录": "就诊号,患者编号,就诊日期,科室,药费,检查费\nM1,P1,2024-01-06,内科,100,0\nM2,P1,2024-01-09,外科,50,120\n"
        "M3,P2,2024-02-10,内科,80,0\nM4,P1,2024-04-13,内科,20,300\nM5,P3,2024-05-15,儿科,60,0\n",
        "患者": "患者编号,姓名,性别,年龄\nP1,赵一,男,63\nP2,钱华,女,35\nP3,孙丽,女,8\nP4,李明,男,41\n",
    },
    "rooms": {
        "readings": "timestamp,sensor,room,temperature_c,co2_ppm\n2024-05-01 08:00:00,S1,Lab,21.5,900\n"
        "2024-05-01 09:00:00,S2,Hall,19.0,1600\n"
        "2024-05-02 08:00:00,S1,Lab,24.0,1700\n2024-05-02 09:00:00,S2,Hall,18.5,700\n2024-05-03 08:00:00,S3,Office,22.0,1100\n",
    },
    "staff": {
        "staff": "emp_id,first_name,last_name,department,hire_date,termination_date,base_salary,manager_id,job_title\n"
        "1,Al,Ash,Sales,2015-01-02,,90000,,Director\n2,Bea,Elm,Sales,2018-03-01,2021-05-01,60000,1,Manager\n"
        "3,Al,Ash,Finance,2020-07-01,,120000,1,Manager\n4,Di,Fir,Finance,2019-09-09,2022-01-31,45000,3,Analyst\n"
        "5,Cy,Elm,Sales,2021-02-02,,52000,1,Analyst\n",
    },
    "网店": {
        "运单": "运单号,下单时间,签收时间,收货城市,承运商,重量kg,运费,保价金额\nY1,2023-01-02,2023-01-05,北京,顺风,12,30,0\n"
        "Y2,2023-01-04,,上海,通达,40,55,500\nY3,2023-02-01,2023-02-03,北京,顺风,3,12,2000\n",
    },
    "library": {
        "books": "isbn,title,genre\nB1,Sea,Crime\nB2,Road,Poetry\nB3,Night,Crime\n",
        "loans": "loan_id,isbn,member_id,loaned_on,due_on,returned_on\n"
        "1,B1,1,2023-01-01,2023-01-29,2023-02-10\n2,B2,2,2023-01-05,2023-02-02,2023-01-20\n"
        "3,B1,2,2023-03-01,2023-03-29,2023-04-15\n4,B1,1,2023-05-05,2023-06-02,\n5,B2,1,2023-06-06,2023-07-04,2023-06-16\n",
        "members": "member_id,member_name,member_type\n1,Ida Berg,adult\n2,Jon Holt,student\n",
    },
    "estate": {
        "listings": "ListingID,Neighbourhood,PropertyType,Bedrooms,AskingPrice,ListedOn,SoldOn,Agent,HasGarage,YearBuilt\n"
        "1,Harbour,Flat,2,250000,2022-05-01,2022-07-01,Nina,no,1990\n2,Harbour,House,4,600000,2022-11-01,2023-02-01,Raj,yes,1935\n"
        "3,Old Town,Flat,1,150000,2023-01-10,,Nina,no,1948\n4,Old Town,House,5,480000,2023-02-02,2023-03-03,Raj,yes,2001\n"
        "5,Northside,Studio,0,120000,2023-04-04,2023-05-05,Nina,no,2015\n",
    },
    "account": {
        "transactions": "Date,Account,Merchant,Amount\n2024-01-01,Main,Aldo,-20\n2024-01-02,Main,Pay Ltd,2500\n"
        "2024-01-09,Spare,Bistro,-75\n"
        "2024-02-01,Main,Aldo,-31\n2024-02-03,Main,Bistro,-44\n",
    },
    "分店": {
        "门店": "店号,开店日期,省份\n101,2019-03-02,浙江\n102,2019-03-18,四川\n"
        "103,2020-05-01,浙江\n104,2021-05-09,浙江\n105,2022-05-20,四川\n",
    },
    "明细": {
        "订单明细": "订单编号,下单日期,客户名称,省份,商品类别,商品名称,数量,单价,金额,客户评分\n"
        "D1,2023-01-01,星辰科技,浙江,家具,椅子,2,99,198,5\n"
        ""
        ""
        "D1,2023-01-01,星辰科技,浙江,电子,键盘,1,45,45,4\nD2,2023-02-03,绿源食品,江苏,电子,键盘,6,45,270,2\n"
        "D3,2023-02-09,星辰科技,江苏,办公,纸张,8,12,96,\nD3,2023-02-09,星辰科技,江苏,家具,椅子,1,99,99,3\n",
    },
    "store": {
        "customers": "customer_id,name,email,city\n1,Ada,a@x.org,Graz\n2,Ben,b@x.org,Porto\n3,Cleo,c@x.org,Porto\n4,Dov,d@x.org,Graz\n",
        "orders": "order_id,customer_id,order_date\n11,1,2023-01-05\n12,1,2023-03-01\n13,2,2023-03-09\n14,3,2023-04-04\n"
        "15,3,2023-05-05\n16,3,2023-06-06\n",
        "order_items": "order_item_id,order_id,product,qty,unit_price\n1,11,Mug,2,10\n2,11,Cap,1,30\n3,12,Mug,1,10\n4,13,Tee,3,20\n"
        "5,14,Cap,1,30\n"
        "6,15,Tee,5,20\n7,16,Mug,2,10\n",
    },
    "员工": {
        "员工": "工号,姓名,出生日期,入职日期,部门\nE1,王伟,1990-02-01,2016-03-01,研发部\nE2,李芳,1985-07-11,2019-05-06,研发部\n"
        "E3,张敏,1999-01-20,2024-08-01,市场部\n",
    },
}
ORDERS = "from sales join products using (sku)"
ASKED = [
    ("hotel", "total revenue by room type", "select RoomType, sum(TotalPaid) from bookings group by 1"),
    ("hotel", "revenue per guest", "select sum(TotalPaid) / sum(Guests) from bookings"),
    ("hotel", "average nightly rate by country", "select Country, avg(RatePerNight) from bookings group by 1"),
    ("hotel", "how many different guests are there", "select count(distinct GuestName) from bookings"),
    ("hotel", "top 2 guests by total paid", "select GuestName, sum(TotalPaid) from bookings group by 1 order by 2 desc limit 2"),
    ("hotel", "how many guests stayed in total", "select sum(Guests) from bookings"),
    (
        "hotel",
        "check-ins per quarter",
        "select date_trunc('quarter', CheckIn)::date, count(*) from bookings group by 1",
    ),
    (
        "school",
        "pass rate by teacher",
        """select teacher_name, 100.0 * count(*) filter (where passed = 1) / count(*)
           from results join teachers using (teacher_id) group by 1""",
    ),
    ("school", "teachers with no exams", "select teacher_name from teachers where teacher_id not in (select teacher_id from results)"),
    (
        "school",
        "which teacher has the most failed exams",
        "select teacher_name from results join teachers using (teacher_id) where passed = 0 group by 1 order by count(*) desc, 1 limit 1",
    ),
    (
        "school",
        "students with their average score",
        "select student_name, avg(score) from results join students using (student_id) group by 1",
    ),
    ("shop", "monthly revenue in 2024", "select date_trunc('month', sold_at)::date, sum(quantity * sale_price) from sales group by 1"),
    ("shop", "top 2 products by revenue", f"select product_name, sum(quantity * sale_price) {ORDERS} group by 1 order by 2 desc limit 2"),
    ("shop", "products below reorder level", "select product_name from products where stock_on_hand < reorder_level"),
    ("shop", "active products by category", "select category, count(*) from products where discontinued = 'No' group by 1"),
    ("shop", "slowest supplier", "select supplier_name from suppliers order by lead_time_days desc limit 1"),
    ("shop", "how many different products were sold in Kiel", f"select count(distinct product_name) {ORDERS} where store = 'Kiel'"),
    ("ads", "profit by campaign", "select campaign, sum(revenue_usd) - sum(spend_usd) from campaigns group by 1"),
    (
        "ads",
        "revenue minus spend by month",
        "select date_trunc('month', date)::date, sum(revenue_usd) - sum(spend_usd) from campaigns group by 1",
    ),
    ("ads", "clicks vs impressions by platform", "select platform, sum(clicks), sum(impressions) from campaigns group by 1"),
    (
        "ads",
        "which platform is cheapest per conversion",
        "select platform, sum(spend_usd) / sum(conversions) from campaigns group by 1 order by 2 limit 1",
    ),
    (
        "ads",
        "which campaign has the best roi",
        "select campaign, sum(revenue_usd) / sum(spend_usd) from campaigns group by 1 order by 2 desc limit 1",
    ),
    (
        "ads",
        "best day of the week for conversions",
        "select dayname(date), sum(conversions) from campaigns group by 1 order by 2 desc limit 1",
    ),
    ("成绩", "各班人数", "select 班级, count(distinct 学号) from 课程成绩 group by 1"),
    ("成绩", "有多少学生", "select count(distinct 学号) from 课程成绩"),
    ("成绩", "出勤率低于70的学生", "select distinct 姓名 from 课程成绩 where 出勤率 < 70"),
    ("成绩", "平均分高于75的课程", "select 课程, avg(分数) from 课程成绩 group by 1 having avg(分数) > 75"),
    (
        "成绩",
        "哪个老师的学生平均分最高",
        "select 任课教师, avg(分数) from 课程成绩 group by 1 order by 2 desc limit 1",
    ),
    ("成绩", "每个学生选了几门课", "select 姓名, count(distinct 课程) from 课程成绩 group by 1"),
    ("门诊", "各科室就诊人次", "select 科室, count(*) from 门诊记录 group by 1"),
    ("门诊", "就诊超过2次的患者", "select 姓名 from 门诊记录 join 患者 using (患者编号) group by 1 having count(*) > 2"),
    ("门诊", "周末就诊占比", "select 100.0 * count(*) filter (where isodow(就诊日期) > 5) / count(*) from 门诊记录"),
    ("门诊", "每位患者平均就诊几次", "select count(*) / count(distinct 患者编号) from 门诊记录"),
    ("门诊", "药费和检查费的总和按科室", "select 科室, sum(药费), sum(检查费) from 门诊记录 group by 1"),
    ("门诊", "女性患者就诊次数", "select count(*) from 门诊记录 join 患者 using (患者编号) where 性别 = '女'"),
    ("rooms", "maximum co2 by sensor", "select sensor, max(co2_ppm) from readings group by 1"),
    ("rooms", "rooms where co2 exceeded 1500", "select distinct room from readings where co2_ppm > 1500"),
    ("rooms", "last reading of S1", "select * from readings where sensor = 'S1' order by timestamp desc limit 1"),
    (
        "rooms",
        "percentage of readings above 1000 ppm by room",
        "select room, 100.0 * count(*) filter (where co2_ppm > 1000) / count(*) from readings group by 1",
    ),
    ("staff", "who earns the most", "select first_name, last_name from staff order by base_salary desc limit 1"),
    ("staff", "employees without a manager", "select * from staff where manager_id is null"),
    ("staff", "salary range by department", "select department, min(base_salary), max(base_salary) from staff group by 1"),
    (
        "staff",
        "turnover rate by department",
        "select department, 100.0 * count(*) filter (where termination_date is not null) / count(*) from staff group by 1",
    ),
    ("网店", "最重的运单", "select 运单号 from 运单 order by 重量kg desc limit 1"),
    ("网店", "各收货城市的运费总额", "select 收货城市, sum(运费) from 运单 group by 1"),
    (
        "store",
        "how many repeat customers are there",
        "select count(*) from (select customer_id from orders group by 1 having count(*) > 1)",
    ),
    (
        "store",
        "orders per customer on average",
        "select count(order_id) / count(distinct customer_id) from customers join orders using (customer_id)",
    ),
    ("store", "average items per order", "select sum(qty) / count(distinct order_id) from order_items"),
    (
        "store",
        "customers whose total spend is above average",
        """with spent as (select name, sum(qty * unit_price) s from customers join orders using (customer_id)
           join order_items using (order_id) group by 1) select name from spent where s > (select avg(s) from spent)""",
    ),
    ("library", "average loan duration", "select avg(returned_on - loaned_on) from loans"),
    ("library", "how many days on average are books kept", "select avg(returned_on - loaned_on) from loans"),
    ("library", "overdue loans", "select loan_id from loans where returned_on > due_on"),
    (
        "library",
        "percentage of loans returned late by member type",
        """select member_type, 100.0 * count(*) filter (where returned_on > due_on) / count(*)
           from loans join members using (member_id) group by 1""",
    ),
    ("estate", "how many houses were sold in 2023", "select count(*) from listings where PropertyType = 'House' and year(SoldOn) = 2023"),
    ("estate", "unsold listings", "select * from listings where SoldOn is null"),
    (
        "estate",
        "percentage sold by neighbourhood",
        "select Neighbourhood, 100.0 * count(SoldOn) / count(*) from listings group by 1",
    ),
    ("estate", "flats under 200000", "select count(*) from listings where PropertyType = 'Flat' and AskingPrice < 200000"),
    ("estate", "average price by number of bedrooms", "select Bedrooms, avg(AskingPrice) from listings group by 1"),
    ("estate", "how many properties have a garage", "select count(*) from listings where HasGarage = 'yes'"),
    ("estate", "average days on market by agent", "select Agent, avg(SoldOn - ListedOn) from listings group by 1"),
    ("account", "biggest expense", "select min(Amount) from transactions"),
    ("account", "average spend per transaction at Bistro", "select avg(Amount) from transactions where Merchant = 'Bistro'"),
    ("分店", "哪个月开店最多", "select date_trunc('month', 开店日期)::date, count(*) from 门店 group by 1 order by 2 desc limit 1"),
    ("分店", "一年里几月份开店最多", "select month(开店日期), count(*) from 门店 group by 1 order by 2 desc limit 1"),
    ("明细", "订单数量", "select count(distinct 订单编号) from 订单明细"),
    ("明细", "每个客户的订单数", "select 客户名称, count(distinct 订单编号) from 订单明细 group by 1"),
    ("明细", "客单价", "select sum(金额) / count(distinct 订单编号) from 订单明细"),
    ("明细", "销售额前两名的商品", "select 商品名称, sum(金额) from 订单明细 group by 1 order by 2 desc limit 2"),
    ("明细", "金额最大的客户", "select 客户名称, sum(金额) from 订单明细 group by 1 order by 2 desc limit 1"),
    ("明细", "平均评分最低的商品", "select 商品名称, avg(客户评分) from 订单明细 group by 1 order by 2 limit 1"),
    ("员工", "30岁以下的员工有多少", "select count(*) from 员工 where 出生日期 >= '1994-08-01'"),
    ("员工", "平均年龄", "select avg(datesub('year', 出生日期, date '2024-08-01')) from 员工"),
]
AFTER = [
    (
        "hotel",
        ("total revenue by country in 2023", "SELECT Country, sum(TotalPaid) FROM bookings WHERE CheckIn >= '2023-01-01' AND "
         "CheckIn < '2024-01-01' GROUP BY Country"),
        "compared with 2024",
        "select Country, year(CheckIn), sum(TotalPaid) from bookings group by 1, 2",
    ),
    (
        "hotel",
        ("how many guests left in June 2023", "SELECT count(*) FROM bookings WHERE CheckOut >= '2023-06-01' AND CheckOut < '2023-07-01'"),
        "and in September 2023?",
        "select count(*) from bookings where CheckOut >= '2023-09-01' and CheckOut < '2023-10-01'",
    ),
    (
        "ads",
        ("total clicks by platform", "SELECT platform, sum(clicks) FROM campaigns GROUP BY platform"),
        "sort from most to least",
        "select platform, sum(clicks) from campaigns group by 1",
    ),
    (
        "成绩",
        (
            "平均分最高的老师教了多少人",
            'SELECT "任课教师", count(*) FROM "课程成绩" WHERE "任课教师" IN (SELECT "任课教师" FROM "课程成绩" GROUP BY "任课教师" '
            'ORDER BY avg("分数") DESC LIMIT 1) GROUP BY "任课教师"',
        ),
        "那陈老师呢",
        "select 任课教师, count(*) from 课程成绩 where 任课教师 = '陈老师' group by 1",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("tables", "question", "sql"), ASKED, ids=lambda part: part if isinstance(part, str) else "")
def test_figures_are_made_as_people_mean_them(tables: str, question: str, sql: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    agree(workspaces[tables], reply, sql)


@pytest.mark.parametrize(("tables", "before", "question", "sql"), AFTER, ids=lambda part: part if isinstance(part, str) else "")
def test_a_follow_up_keeps_the_day_and_the_value_that_are_meant(
    tables: str, before: tuple[str, str], question: str, sql: str, workspaces: dict[str, Workspace]
) -> None:
    *_, reply = ask(question, workspaces[tables], history=(Turn(*before),))
    agree(workspaces[tables], reply, sql)


@pytest.mark.parametrize(
    ("tables", "question", "missing"),
    [
        ("school", "survival rate by teacher", "survival rate"),
        ("员工", "total revenue by 部门", "revenue"),
        ("school", "top 2 teachers by revenue", "revenue"),
        ("网店", "各承运商的平均时效", "时效"),
    ],
)
def test_a_figure_that_nothing_holds_is_declined(tables: str, question: str, missing: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    assert isinstance(reply, Refusal), reply
    assert missing in reply.message
