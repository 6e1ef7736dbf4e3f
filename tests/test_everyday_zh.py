"""Everyday Chinese questions over joined tables of a shop, a school, a company and a clinic give the right rows or are declined."""

from __future__ import annotations

import duckdb
import pytest

from analyst import Answer, Refusal, ask
from analyst.workspace import Workspace

TABLES = {
    "班级成绩": {
        "学生": "学号,姓名,性别,班级\n1,王芳,女,一班\n2,李强,男,一班\n3,王磊,男,二班\n4,赵敏,女,二班\n5,孙杰,男,二班\n",
        "成绩": "学号,科目,考试,分数\n"
        "1,语文,期中,88\n1,数学,期中,55\n2,语文,期中,47\n2,数学,期中,92\n3,语文,期中,73\n3,数学,期中,61\n"
        "4,语文,期末,59\n4,数学,期末,97\n1,语文,期末,90\n2,数学,期末,78\n3,语文,期末,66\n1,数学,期末,58\n",
    },
    "公司人事": {
        "部门": "部门编号,部门名称,年度预算（万元）\nD1,研发部,800\nD2,市场部,350\nD3,法务部,60\n",
        "员工": "工号,姓名,性别,出生日期,部门编号,年薪,入职日期\n"
        + "".join(
            f"E{n:02d},员工{'甲乙丙丁戊己庚辛壬癸'[n]},{'男女'[n % 2]},{1978 + n}-0{1 + n % 9}-15,"
            f"D{1 + n % 2 * (n > 4)},{100 + n * 37}000,20{10 + n}-03-0{1 + n % 7}\n"
            for n in range(10)
        ),
    },
    "广告": {
        "投放": "日期,渠道,曝光量,点击量,花费,转化数\n"
        + "".join(
            f"2024-0{1 + n % 3}-{1 + n:02d},{('抖音', '百度')[n % 2]},{9000 + n * 311},{300 + n * 23 % 170},{120 + n * 7}.5,{9 + n % 5}\n"
            for n in range(24)
        ),
    },
    "养宠": {
        "主人": "主人编号,主人姓名,居住城市\n1,周平,北京\n2,吴超,大连\n3,郑丽,北京\n4,冯军,天津\n",
        "宠物": "宠物编号,主人编号,宠物名,种类,体重\n1,1,旺财,狗,12.5\n2,1,咪咪,猫,4.1\n3,2,豆豆,猫,3.8\n4,2,球球,狗,8.0\n",
    },
    "快递": {
        "运单": "运单号,始发城市,目的城市,运费,状态\n"
        "Y1,上海,武汉,20,已签收\nY2,武汉,上海,22,丢失\nY3,上海,上海,9,已签收\nY4,西安,武汉,31,已签收\n"
        "Y5,上海,武汉,18,丢失\nY6,西安,西安,12,已签收\nY7,武汉,西安,27,已签收\n",
    },
}
ASKED = [
    ("班级成绩", "数学及格率", "select 100.0 * count(*) filter (分数 >= 60) / count(*) from 成绩 where 科目 = '数学'"),
    (
        "班级成绩",
        "每个班的及格率",
        "select 班级, 100.0 * count(*) filter (分数 >= 60) / count(*) from 成绩 join 学生 using (学号) group by 1",
    ),
    ("班级成绩", "不及格的有多少人次", "select count(*) from 成绩 where 分数 < 60"),
    ("班级成绩", "分数的最高、最低和平均值", "select max(分数), min(分数), avg(分数) from 成绩"),
    ("班级成绩", "姓王的学生有哪些", "select 姓名 from 学生 where 姓名 like '王%'"),
    ("班级成绩", "没有参加考试的学生", "select 姓名 from 学生 where 学号 not in (select 学号 from 成绩)"),
    ("公司人事", "每个部门有多少人", "select 部门名称, count(*) from 员工 join 部门 using (部门编号) group by 1"),
    ("公司人事", "人数超过5人的部门", "select 部门名称 from 员工 join 部门 using (部门编号) group by 1 having count(*) > 5"),
    ("公司人事", "预算超过200万的部门", 'select 部门名称 from 部门 where "年度预算（万元）" > 200'),
    ("公司人事", "入职最早的员工", "select 姓名 from 员工 order by 入职日期 limit 1"),
    ("公司人事", "80后有多少人", "select count(*) from 员工 where year(出生日期) between 1980 and 1989"),
    ("公司人事", "员工的平均年龄", "select avg(date_sub('year', 出生日期, (select max(入职日期) from 员工))) from 员工"),
    ("广告", "各渠道的点击率", "select 渠道, sum(点击量) / sum(曝光量) from 投放 group by 1"),
    ("广告", "哪个渠道的获客成本最低", "select 渠道 from 投放 group by 1 order by sum(花费) / sum(转化数) limit 1"),
    ("广告", "三月比二月多花了多少", "select sum(花费) filter (month(日期) = 3) - sum(花费) filter (month(日期) = 2) from 投放"),
    ("养宠", "没有养狗的主人", "select 主人姓名 from 主人 where 主人编号 not in (select 主人编号 from 宠物 where 种类 = '狗')"),
    ("养宠", "养了两只以上宠物的主人", "select 主人姓名 from 主人 join 宠物 using (主人编号) group by 1 having count(*) >= 2"),
    ("快递", "从上海发往武汉的运单有多少", "select count(*) from 运单 where 始发城市 = '上海' and 目的城市 = '武汉'"),
    ("快递", "始发城市和目的城市不一样的运单有几单", "select count(*) from 运单 where 始发城市 <> 目的城市"),
]
LACKING = [("公司人事", "员工的离职率是多少", "离职率"), ("养宠", "主人的住房面积多大", "面积"), ("快递", "各城市的投诉率", "投诉率")]


def plain(value: object) -> object:
    return round(float(value), 3) if isinstance(value, (int, float)) else str(value)


@pytest.mark.parametrize(("tables", "question", "sql"), ASKED, ids=lambda part: part if isinstance(part, str) else "")
def test_an_everyday_question_in_chinese_is_answered_right(tables: str, question: str, sql: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    assert isinstance(reply, Answer), reply
    with duckdb.connect(str(workspaces[tables].database()), read_only=True) as connection:
        gold = sorted(sorted(map(str, map(plain, row))) for row in connection.execute(sql).fetchall())
    found = [set(map(str, map(plain, row))) for row in reply.result.rows()]
    assert len(found) == len(gold), reply.query.sql
    assert all(any(set(row) <= other for other in found) for row in gold), reply.query.sql


@pytest.mark.parametrize(("tables", "question", "missing"), LACKING)
def test_what_the_tables_lack_is_named_in_chinese(tables: str, question: str, missing: str, workspaces: dict[str, Workspace]) -> None:
    *_, reply = ask(question, workspaces[tables])
    assert isinstance(reply, Refusal), reply
    assert missing in reply.message
