"""Clauses that say which rows are meant, and lists of what is wanted, over tables of a swimming club, a school and a shop."""

from __future__ import annotations

import pytest

from analyst import ask
from analyst.workspace import Workspace
from tests.test_readings import agree

TABLES = {
    "club": {
        "members": "member_id,first_name,last_name,home_town,sex,rank\n1,Ann,Lee,Oslo,F,Senior\n2,Bob,Ray,Bergen,M,Junior\n"
        "3,Steve,Kim,Oslo,M,Senior\n4,Cara,Fox,Molde,F,Captain\n5,Dan,Lee,Oslo,M,Junior\n6,Eve,Park,Bergen,F,Captain\n"
        "7,Finn,Kim,Voss,M,Captain\n",
        "coaches": "coach_id,first_name,last_name,pay,took_office\n1,Steve,Moor,30,1990\n2,Ida,Berg,45,2001\n3,Jon,Vik,28,1985\n",
        "trains": "coach_id,member_id\n1,1\n1,2\n2,3\n2,4\n2,5\n3,6\n",
        "halls": "hall_id,hall_name,town,maxVisitors,height_m,length_m,award\n1,North Bad,Oslo,300,11,50,Best Hall\n"
        "2,Old Bath,Bergen,120,14,25,Kind Staff\n3,Fjord Bad,Oslo,450,9,33,Kind Staff\n4,Hill Pool,Molde,80,10,25,Best Hall\n"
        "5,Sea Pool,Voss,95,8,60,Clean Water\n",
        "visits": "visit_id,member_id,hall_id,visit_date,minutes,price_paid,price_due\n1,1,1,2021-02-03,40,8,10\n2,1,3,2021-04-05,65,9,9\n"
        "3,2,2,2021-08-09,30,6,7\n4,3,1,2022-01-10,90,10,10\n5,3,1,2022-03-11,45,10,10\n6,3,4,2022-06-12,20,4,5\n7,4,4,2022-11-13,55,5,5\n"
        "8,6,2,2023-02-14,35,7,7\n",
    },
    "toys": {
        "makers": "maker_id,maker_name,home_country,birth_year,end_year\n1,Ada,Norway,1950,2010\n2,Bo,Spain,1960,\n3,Cy,Norway,1970,\n",
        "toys": "toy_id,toy_name,maker_id,house_id,style,price\n1,Bear,1,1,Wood,50\n2,Cart,1,2,Tin,20\n3,Doll,2,1,Wood,80\n"
        "4,Kite,3,3,Paper,15\n5,Drum,2,3,Tin,90\n",
        "houses": "house_id,house_name,country\n1,Red House,Norway\n2,Old Mill,Spain\n3,Green Hall,Norway\n",
        "shows": "show_id,show_name,theme,host_house_id,visitors\n1,Play,Old,1,300\n2,Dream,New,2,500\n3,Wheel,Old,2,700\n"
        "4,Spin,New,3,400\n",
        "loans": "loan_id,toy_id,show_id,loan_date\n1,1,2,2023-01-04\n2,3,2,2023-02-05\n3,1,3,2023-05-06\n4,5,1,2024-02-03\n"
        "5,3,4,2024-03-04\n"
        "6,3,3,2024-04-05\n",
    },
    "school": {
        "pupils": "pupil_id,name,grade,room\n1,Ada,3,A\n2,Bo,4,B\n3,Cy,4,C\n4,Di,1,A\n5,Ed,4,B\n6,Flo,1,C\n",
        "rooms": "room,teacher\nA,Moe\nB,Noa\nC,Pia\n",
    },
    "shop": {
        "customers": "customer_id,customer_name,city\n1,Ada Nord,Oslo\n2,Bea Sund,Molde\n3,Cy Vik,Oslo\n",
        "products": "product_id,product_name,price\n1,Lamp,20\n2,Rug,50\n3,Cup,5\n",
        "orders": "order_id,customer_id,order_date\n1,1,2024-01-02\n2,1,2024-02-03\n3,2,2024-02-05\n4,3,2024-03-09\n",
        "order_items": "order_id,product_id,order_quantity\n1,1,2\n1,3,6\n2,2,1\n3,3,4\n4,1,1\n",
    },
}
VISITED = "members join visits using (member_id)"
ASKED = [
    ("club", "What are the names of the halls outside Oslo?", "select hall_name from halls where town <> 'Oslo'"),
    ("club", "How many non senior members are there?", "select count(*) from members where rank <> 'Senior'"),
    ("club", "How many members does Steve Moor train?", "select 2"),
    (
        "club",
        "What are the first and last names of the top 2 members by number of visits and how many visits did they make?",
        f"select first_name, last_name, count(*) n from {VISITED} group by 1, 2 order by n desc limit 2",
    ),
    (
        "club",
        "Show the first and last name of all members who made visits, together with the number of visits they made.",
        f"select first_name, last_name, count(*) from {VISITED} group by 1, 2",
    ),
    ("club", 'Find the names of all the halls that contain the word "bad".', "select hall_name from halls where hall_name ilike '%bad%'"),
    (
        "club",
        "What are the names of the halls that have 'Pool' in their names?",
        "select hall_name from halls where hall_name like '%Pool%'",
    ),
    (
        "club",
        "Show the maximum, minimum and average number of minutes of the visits.",
        "select max(minutes), min(minutes), avg(minutes) from visits",
    ),
    ("club", "What are the maximum and minimum number of minutes of all visits?", "select max(minutes), min(minutes) from visits"),
    ("club", "Which towns have two or more halls?", "select 'Oslo'"),
    (
        "club",
        "What are the home towns that are shared by at least two members?",
        "select home_town from members group by 1 having count(*) > 1",
    ),
    ("club", "What are the home towns of at least three members?", "select 'Oslo'"),
    (
        "club",
        "What are the last names of the coaches who train more than one member?",
        "select last_name from coaches join trains using (coach_id) group by 1 having count(*) > 1",
    ),
    ("club", "Which ranks have between 2 and 3 members?", "select rank from members group by 1 having count(*) between 2 and 3"),
    ("club", "Which ranks are held by less than three members?", "select rank from members group by 1 having count(*) < 3"),
    ("club", "How many visits have a price paid smaller than the price due?", "select count(*) from visits where price_paid < price_due"),
    (
        "club",
        "Show all the towns where no hall has a height over 10.",
        "select town from halls except select town from halls where height_m > 10",
    ),
    ("club", "What is the name of the hall with the maximum visitors?", "select 'Fjord Bad'"),
    ("club", "What is the first name of the member with id 3?", "select 'Steve'"),
    (
        "club",
        "What are the first names of the members with ids between 2 and 4?",
        "select first_name from members where member_id between 2 and 4",
    ),
    (
        "club",
        "Show the names of the halls longer than 55 or higher than 10.",
        "select hall_name from halls where length_m > 55 or height_m > 10",
    ),
    ("club", "Find the numbers of different ranks and home towns.", "select count(distinct rank), count(distinct home_town) from members"),
    (
        "club",
        "Find the number and average minutes of visits for each hall.",
        "select hall_name, count(*), avg(minutes) from halls join visits using (hall_id) group by 1",
    ),
    ("club", "How many female captains are there?", "select 2"),
    (
        "club",
        "What are the first names of the members who are captains or come from Bergen?",
        "select first_name from members where rank = 'Captain' or home_town = 'Bergen'",
    ),
    (
        "club",
        "What are the first names of the members who only made one visit?",
        f"select first_name from {VISITED} group by 1 having count(*) = 1",
    ),
    ("club", 'Show the names of the halls that won the award "Best Hall".', "select hall_name from halls where award = 'Best Hall'"),
    (
        "club",
        "Show the last names of the coaches who took office after 1995 or before 1988.",
        "select last_name from coaches where took_office > 1995 or took_office < 1988",
    ),
    ("club", "Show the ids of the members with at least 2 visits.", "select member_id from visits group by 1 having count(*) >= 2"),
    ("club", "List the hall names in decreasing order of their length.", "select hall_name from halls order by length_m desc"),
    (
        "club",
        "What are the ids of the visits before 2021-03-01 or after 2022-12-31?",
        "select visit_id from visits where visit_date < '2021-03-01' or visit_date > '2022-12-31'",
    ),
    ("club", "What are the names of the halls that are higher than all halls in Oslo?", "select hall_name from halls where height_m > 11"),
    (
        "club",
        "Find the last names of the coaches with pay greater than that of Steve Moor.",
        "select 'Berg'",
    ),
    (
        "club",
        "For each hall, show its name and the minutes of its longest visit.",
        "select hall_name, max(minutes) from halls join visits using (hall_id) group by 1",
    ),
    ("toys", "Find the names of the makers whose end year is not recorded.", "select maker_name from makers where end_year is null"),
    ("toys", "What is the average price of the toys for each toy style?", "select style, avg(price) from toys group by 1"),
    (
        "toys",
        "For each hosting country, how many shows are there?",
        "select country, count(*) from shows join houses on host_house_id = house_id group by 1",
    ),
    (
        "toys",
        'What are the names of the toys that were lent to the show "Dream"?',
        "select toy_name from toys join loans using (toy_id) join shows using (show_id) where show_name = 'Dream'",
    ),
    ("toys", "What are the names of the toys that have never been lent?", "select unnest(['Cart', 'Kite'])"),
    ("toys", "Which toys have been lent to at least two different shows?", "select unnest(['Bear', 'Doll'])"),
    (
        "toys",
        "What are the names of the tin toys whose price is above the average price of all wood toys?",
        "select 'Drum'",
    ),
    ("toys", "Which shows attracted more visitors than the average show on the same theme?", "select unnest(['Wheel', 'Dream'])"),
    (
        "toys",
        "List the names of the toys lent to shows in Spain.",
        """select distinct toy_name from toys join loans using (toy_id) join shows using (show_id)
           join houses h on h.house_id = host_house_id where h.country = 'Spain'""",
    ),
    ("toys", "How many makers are there for each country of home?", "select home_country, count(*) from makers group by 1"),
    ("school", "How many fourth grade pupils are there?", "select count(*) from pupils where grade = 4"),
    ("school", "List the names of the 1st-grade pupils.", "select name from pupils where grade = 1"),
    ("school", "Report the number of pupils for each fourth-grade room.", "select room, count(*) from pupils where grade = 4 group by 1"),
    ("shop", "What is the total quantity of products bought by Ada Nord?", "select 9"),
    (
        "shop",
        "Show the product name and total order quantity for each product.",
        "select product_name, sum(order_quantity) from products join order_items using (product_id) group by 1",
    ),
]


@pytest.mark.parametrize(("tables", "question", "sql"), ASKED, ids=lambda part: part if isinstance(part, str) else "")
def test_clauses_are_read_as_people_mean_them(tables: str, question: str, sql: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    agree(workspaces[tables], reply, sql)
