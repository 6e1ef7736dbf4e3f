"""Rows held against others: more than another, than their own group, the same as, the second of them, all of them."""

from __future__ import annotations

import pytest

from analyst import ask
from analyst.workspace import Workspace
from tests.test_readings import agree

TABLES = {
    "staff": {
        "staff": "emp_id,name,department,city,salary,hired\n1,Ann,Sales,Oslo,5000,2019-01-02\n2,Bob,Sales,Bergen,4000,2020-02-03\n"
        "3,Cid,IT,Oslo,7000,2018-05-06\n4,Dee,IT,Oslo,6000,2021-07-08\n5,Eve,IT,Bergen,9000,2017-01-01\n6,Fay,HR,Oslo,3500,2022-03-04\n"
        "7,Gus,Sales,Oslo,4500,2021-03-04\n8,Hal,HR,Bergen,3900,2016-03-04\n"
    },
    "firm": {
        "departments": "department_id,department_name\n1,Sales\n2,IT\n",
        "workers": "worker_id,worker_name,department_id,pay\n1,Ann,1,50\n2,Bob,1,40\n3,Cid,2,70\n4,Dee,2,60\n5,Eve,2,95\n",
    },
    "store": {
        "customers": "customer_id,customer_name,country\n1,Ada,UK\n2,Bea,US\n3,Cy,UK\n4,Di,FR\n",
        "products": "product_id,product,category,list_price\n1,Tee,Clothes,20\n2,Poster,Paper,10\n3,Mug,Kitchen,8\n4,Cap,Clothes,15\n",
        "orders": "order_id,customer_id,product_id,order_date,quantity,unit_price\n1,1,1,2024-01-02,2,18\n2,1,2,2024-01-05,1,10\n"
        "3,2,1,2024-02-02,3,20\n4,2,3,2024-02-09,1,8\n5,3,2,2024-03-02,2,9\n6,3,4,2024-03-12,1,15\n7,4,1,2024-04-02,1,17\n",
    },
    "cafe": {
        "guests": "guest_id,guest_name,town\n1,Ada,Oslo\n2,Bea,Molde\n3,Ada,Voss\n4,Cy,Oslo\n",
        "visits": "visit_id,guest_id,drink,paid\n1,1,Tea,3\n2,1,Tea,4\n3,2,Juice,5\n4,3,Tea,3\n5,4,Cocoa,6\n6,2,Juice,4\n",
    },
    "library": {
        "books": "book_id,title,genre\n1,Ash,Crime\n2,Bay,Poetry\n3,Cove,Crime\n4,Dune,Poetry\n5,Elm,Crime\n",
        "loans": "loan_id,book_id,loan_date\n1,2,2024-01-01\n2,2,2024-02-01\n3,4,2024-02-01\n4,3,2024-03-01\n",
    },
    "员工": {
        "员工": "工号,姓名,部门,城市,工资,年龄,入职日期\n1,张三,销售部,北京,8000,30,2020-01-03\n2,李四,技术部,上海,12000,35,2019-05-06\n"
        "3,王五,技术部,北京,9000,28,2021-07-08\n4,赵六,市场部,广州,7000,41,2018-02-02\n5,钱七,销售部,上海,10000,33,2022-03-01\n"
    },
    "门店": {
        "流水": "日期,门店,销售额\n2024-01-01,东店,100\n2024-01-02,东店,150\n2024-01-01,西店,300\n"
        "2024-01-02,西店,50\n2024-01-01,南店,500\n2024-01-03,北店,20\n"
    },
}
OWN = "(select avg({0}) from {1} p where p.{2} = {1}.{2})"
ALL = "select * from staff where "
ROWS = "select * from 员工 where "
ASKED = [
    ("staff", "employees earning more than their department average", f"{ALL} salary > {OWN.format('salary', 'staff', 'department')}"),
    ("staff", "who earns above the average of their department", f"{ALL} salary > {OWN.format('salary', 'staff', 'department')}"),
    (
        "staff",
        "how many people earn less than the average salary in their city",
        f"select count(*) from staff where salary < {OWN.format('salary', 'staff', 'city')}",
    ),
    (
        "firm",
        "names of the workers with pay above the average of their department",
        f"select worker_name from workers where pay > {OWN.format('pay', 'workers', 'department_id')}",
    ),
    ("staff", "who earns more than Ann", f"{ALL} salary > 5000"),
    ("staff", "how many people earn more than Cid", "select 1"),
    ("staff", "people in the same department as Ann", f"{ALL} department = 'Sales'"),
    ("staff", "people hired in the same year as Dee", f"{ALL} year(hired) = 2021"),
    ("staff", "employees hired after Ann", f"{ALL} hired > date '2019-01-02'"),
    ("staff", "employees who joined before Bob", f"{ALL} hired < date '2020-02-03'"),
    ("staff", "second highest salary", "select 7000"),
    ("staff", "who has the second highest salary", "select 'Cid'"),
    ("staff", "third highest paid employee", "select 'Dee'"),
    ("staff", "2nd largest salary in IT", "select 7000"),
    (
        "staff",
        "second highest paid employee in each department",
        """select department, name, salary from staff
           qualify rank() over (partition by department order by salary desc) = 2""",
    ),
    (
        "staff",
        "top 2 earners in each department",
        """select department, name, salary from staff
           qualify rank() over (partition by department order by salary desc) <= 2""",
    ),
    ("staff", "top 2 earners", "select name, salary from staff order by salary desc limit 2"),
    (
        "staff",
        "what is the gap between the highest and lowest salary in each department",
        "select department, max(salary) - min(salary) from staff group by 1",
    ),
    ("staff", "departments where everyone earns more than 3800", "select department from staff group by 1 having min(salary) > 3800"),
    ("store", "customers who bought a Tee but not a Poster", "select unnest(['Bea', 'Di'])"),
    ("store", "who bought both a Tee and a Poster", "select 'Ada'"),
    ("store", "orders sold below list price", "select order_id from orders join products using (product_id) where unit_price < list_price"),
    ("cafe", "guests who drank Tea", "select unnest(['Ada', 'Ada'])"),
    ("cafe", "Which guests had a Juice?", "select 'Bea'"),
    ("library", "which genre is borrowed most", "select 'Poetry'"),
    ("员工", "工资比张三高的员工", f"{ROWS} 工资 > 8000"),
    ("员工", "比李四年龄小的员工有哪些", f"{ROWS} 年龄 < 35"),
    ("员工", "工资高于张三的员工有几个", "select 3"),
    ("员工", "比张三入职早的员工", f"{ROWS} 入职日期 < date '2020-01-03'"),
    ("员工", "在王五之后入职的员工", f"{ROWS} 入职日期 > date '2021-07-08'"),
    ("员工", "和张三同一个部门的员工", f"{ROWS} 部门 = '销售部'"),
    ("员工", "与李四同城的员工", f"{ROWS} 城市 = '上海'"),
    ("员工", "工资高于本部门平均工资的员工", f"{ROWS} 工资 > {OWN.format('工资', '员工', '部门')}"),
    ("员工", "工资比平均高的人有几个", "select 2"),
    ("员工", "工资第二高的员工", "select '钱七'"),
    ("员工", "第二高的工资是多少", "select 10000"),
    (
        "员工",
        "每个部门工资前两名",
        "select 部门, 姓名, 工资 from 员工 qualify rank() over (partition by 部门 order by 工资 desc) <= 2",
    ),
    ("员工", "各部门最高工资和最低工资的差距", "select 部门, max(工资) - min(工资) from 员工 group by 1"),
    ("员工", "所有人工资都超过8500的部门", "select '技术部'"),
    ("门店", "销售额比西店高的门店有哪些", "select '南店', 500"),
    ("门店", "哪些门店的销售额超过东店", "select 门店, sum(销售额) from 流水 group by 1 having sum(销售额) > 250"),
    ("门店", "销售额排名第二的门店", "select '西店', 350"),
]


@pytest.mark.parametrize(("tables", "question", "sql"), ASKED, ids=lambda part: part if isinstance(part, str) else "")
def test_rows_are_held_against_the_rows_that_are_meant(tables: str, question: str, sql: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    agree(workspaces[tables], reply, sql)
