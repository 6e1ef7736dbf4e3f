"""The store: what was put in comes out the same after a restart, from many threads, and a file that is not whole is left alone."""

from __future__ import annotations

import json
import math
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyst.errors import StoreDamaged, StoreFailed
from analyst.store import DateFilter, Feedback, Place, Store
from analyst.store.conversations import turns
from analyst.store.database import Database
from analyst.store.migrations import MIGRATIONS
from analyst.store.packing import ROWS_KEPT, pack, unpack
from analyst.terms import (
    Answer,
    Attempt,
    Caution,
    ChartSpec,
    Choice,
    Clarification,
    ColumnEdit,
    Edits,
    Fact,
    Facts,
    Failure,
    JoinEnds,
    Query,
    Question,
    Reading,
    Refusal,
    Reply,
    ResultSet,
    Term,
    Turn,
)
from connectors.files import ColumnOptions, LoadedColumn, LoadedTable, ReadOptions
from connectors.wording import Bilingual

SALES = JoinEnds("orders", "Customer ID", "customers", "Customer ID")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "store.sqlite")) as opened:
        yield opened


def answer(table: pa.Table | None = None, text: str = "销售额按地区") -> Answer:
    """An answer with something in every field."""
    rows = table if table is not None else pa.table({"Region": ["West", "South", None], "Sales": [1.5, 2.0, None]})
    return Answer(
        question=Question(text, "zh", (Turn("hello", "SELECT 1"),), "today is 2026-10-31"),
        query=Query('SELECT "Region", sum("Sales") FROM orders GROUP BY ALL', "duckdb", ("orders",)),
        result=ResultSet(rows, truncated=False, seconds=0.012),
        chart=ChartSpec("bar", "Region", ("Sales",), title="Sales by Region", units={"Sales": "$"}),
        facts=Facts((Fact("level", {"total": 3.5, "count": 2}, {"column": "Sales"}),)),
        commentary="Sales are $3.5.",
        reading=Reading(Bilingual("Sum of Sales by Region", "按地区的销售额之和"), rows_scanned=3, missing_left_out={"Sales": 1}),
        cautions=(Caution("partial_period", Bilingual("The last month is not over.", "最后一个月尚未结束。")),),
        confidence=0.83,
        alternatives=(Choice("count", text, "SELECT count(*) FROM orders"),),
        attempts=(Attempt("SELECT x", "No column is called x."),),
        model="builtin",
        notes=(Bilingual("revenue is read as Sales", "营收按 Sales 理解"),),
        seconds=0.2,
    )


# ------------------------------------------------------------------------------------------------ any value, any reply
numbers = st.floats(allow_nan=False)
texts = st.text(max_size=20)
bilinguals = st.builds(Bilingual, texts, texts)
choices = st.builds(Choice, texts, texts, texts)
attempts = st.builds(Attempt, texts, texts)
columns = st.one_of(
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), min_size=3, max_size=3).map(lambda cells: pa.array(cells, pa.int64())),
    st.lists(st.none() | numbers, min_size=3, max_size=3).map(lambda cells: pa.array(cells, pa.float64())),
    st.lists(st.none() | texts, min_size=3, max_size=3).map(lambda cells: pa.array(cells, pa.string())),
    st.lists(st.none() | st.datetimes(), min_size=3, max_size=3).map(lambda cells: pa.array(cells, pa.timestamp("us"))),
    st.lists(st.none() | st.dates(), min_size=3, max_size=3).map(lambda cells: pa.array(cells, pa.date32())),
)
tables = st.lists(columns, min_size=1, max_size=3).map(lambda given: pa.table(given, names=[f"列{place}" for place in range(len(given))]))
answers = st.builds(
    Answer,
    question=st.builds(Question, texts, st.sampled_from(["en", "zh"]), st.tuples(st.builds(Turn, texts, texts))),
    query=st.builds(Query, texts, st.just("duckdb"), st.tuples(texts)),
    result=st.builds(ResultSet, tables, st.booleans(), numbers),
    chart=st.builds(ChartSpec, st.sampled_from(["bar", "line", "pie"]), st.none() | texts, st.tuples(texts, texts), st.none() | texts),
    facts=st.builds(Facts, st.tuples(st.builds(Fact, texts, st.dictionaries(texts, numbers), st.dictionaries(texts, texts)))),
    commentary=texts,
    reading=st.builds(Reading, bilinguals, period=st.none() | bilinguals, rows_matched=st.none() | st.integers(0, 10**12)),
    cautions=st.tuples(st.builds(Caution, texts, bilinguals)),
    confidence=numbers,
    alternatives=st.lists(choices).map(tuple),
    attempts=st.lists(attempts).map(tuple),
    notes=st.lists(bilinguals).map(tuple),
)
replies = st.one_of(
    answers,
    st.builds(Clarification, texts, st.lists(choices).map(tuple)),
    st.builds(Refusal, texts, st.lists(choices).map(tuple)),
    st.builds(Failure, texts, st.lists(attempts).map(tuple)),
)


@given(reply=replies)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_reply_comes_back_as_it_was(store: Store, reply: Reply) -> None:
    message = store.save_reply(store.add_conversation("x"), Question("?", "en"), reply, "v1")
    kept = store.message(message)
    assert kept is not None
    assert kept.reply == reply


def test_a_reply_is_there_after_a_restart(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "store.sqlite")) as before:
        conversation = before.add_conversation("Sales")
        before.save_reply(conversation, answer().question, answer(), "v7")
    with closing(Store(tmp_path / "store.sqlite")) as after:
        [message] = after.messages(conversation)
    assert (message.reply, message.question, message.data_version) == (answer(), answer().question, "v7")


def test_rows_of_every_arrow_type_come_back(store: Store) -> None:
    table = pa.table({
        "decimal": pa.array([Decimal("1.20")], pa.decimal128(38, 2)),
        "big": pa.array([Decimal(2**100)], pa.decimal128(38, 0)),
        "moment": pa.array([datetime(2026, 10, 31)], pa.timestamp("us", tz="Asia/Shanghai")),
        "list": pa.array([[1, None]], pa.list_(pa.int32())),
        "struct": pa.array([{"a": 1}]),
        "none": pa.nulls(1),
        "words": pa.array(["北京"]).dictionary_encode(),
    })  # fmt: skip
    kept = store.message(store.save_reply(store.add_conversation("x"), Question("?", "en"), answer(table)))
    assert kept is not None
    assert isinstance(kept.reply, Answer)
    assert kept.reply.result.table.equals(table)


def test_rows_past_the_cap_are_left_out_and_the_result_says_so(store: Store) -> None:
    long = answer(pa.table({"n": pa.array(range(ROWS_KEPT + 5))}))
    kept = store.message(store.save_reply(store.add_conversation("x"), long.question, long))
    assert kept is not None
    assert isinstance(kept.reply, Answer)
    assert (kept.reply.result.table.num_rows, kept.reply.result.truncated) == (ROWS_KEPT, True)


def test_infinite_and_undefined_numbers_survive(store: Store) -> None:
    odd = Facts((Fact("trend", {"slope": math.inf, "strength": math.nan}),))
    kept = store.message(store.save_reply(store.add_conversation("x"), Question("?", "en"), replace(answer(), facts=odd)))
    assert kept is not None
    assert isinstance(kept.reply, Answer)
    found = kept.reply.facts.findings[0].numbers
    assert found["slope"] == math.inf
    assert math.isnan(found["strength"])


def test_fields_of_a_newer_version_are_passed_over_and_missing_ones_take_their_default() -> None:
    text = json.dumps({"format": 1, "value": {"mark": "bar", "x": "Region", "sparkle": [1, 2]}})
    assert unpack(ChartSpec, text) == ChartSpec("bar", "Region")


def test_a_reply_that_cannot_be_read_any_more_says_so_and_leaves_the_others_alone(store: Store) -> None:
    conversation = store.add_conversation("x")
    for _ in range(2):
        store.save_reply(conversation, answer().question, answer())
    with closing(sqlite3.connect(store.path)) as outside:
        outside.execute("UPDATE messages SET result = x'00' WHERE id = 1")
        outside.commit()
    broken, whole = store.messages(conversation)
    assert isinstance(broken.reply, Failure)
    assert "重新提问" in broken.reply.message
    assert (broken.question, whole.reply) == (answer().question, answer())


# ------------------------------------------------------------------------------------------------ conversations
def test_the_conversation_last_spoken_in_comes_first(store: Store) -> None:
    first, second = store.add_conversation("first"), store.add_conversation("second")
    store.save_reply(first, Question("?", "en"), Refusal("no"))
    store.rename_conversation(second, "another name")
    assert [(found.id, found.title) for found in store.conversations()] == [(first, "first"), (second, "another name")]


def test_deleting_a_conversation_takes_its_messages_off_the_disk(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "store.sqlite")) as store:
        conversation = store.add_conversation("x")
        store.save_reply(conversation, Question("the secret of Ada", "en"), Refusal("no"))
        store.delete_conversation(conversation)
        assert store.messages(conversation) == ()
    assert b"secret of Ada" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_reply_to_a_deleted_conversation_is_an_error_in_both_languages(store: Store) -> None:
    conversation = store.add_conversation("x")
    store.delete_conversation(conversation)
    with pytest.raises(StoreFailed) as caught:
        store.save_reply(conversation, Question("?", "en"), Refusal("no"))
    assert "no longer there" in caught.value.in_language("en")
    assert "已不存在" in caught.value.in_language("zh")


def test_chart_and_feedback_stay_with_the_message_until_its_reply_is_replaced(store: Store) -> None:
    message = store.save_reply(store.add_conversation("x"), answer().question, answer())
    store.set_chart(message, ChartSpec("line", "Region", ("Sales",)))
    store.set_feedback(message, Feedback("down", "地区不对"))
    kept = store.message(message)
    assert kept is not None
    assert (kept.chart, kept.feedback) == (ChartSpec("line", "Region", ("Sales",)), Feedback("down", "地区不对"))
    assert [found.id for found in store.messages_with_feedback()] == [message]
    store.replace_reply(message, answer(text="again"))
    kept = store.message(message)
    assert kept is not None
    assert (kept.chart, kept.feedback) == (None, None)


def test_a_follow_up_knows_the_answered_questions_alone(store: Store) -> None:
    conversation = store.add_conversation("x")
    store.save_reply(conversation, Question("hello", "en"), Refusal("Hello"))
    store.save_reply(conversation, answer().question, answer())
    assert turns(store.messages(conversation)) == (Turn("销售额按地区", answer().query.sql),)


def test_half_characters_of_a_paste_do_not_stop_a_question(store: Store) -> None:
    conversation = store.add_conversation("a\ud83d")
    store.save_reply(conversation, Question("a\ud83d", "en"), Refusal("no"))
    assert store.messages(conversation)[0].question == Question("a\ud83d", "en")


# ------------------------------------------------------------------------------------------------ dashboards
def test_a_dashboard_is_there_after_a_restart(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "store.sqlite")) as before:
        dashboard = before.add_dashboard("月报")
        before.set_dates(dashboard, DateFilter(date(2026, 1, 1), None, "this_year"))
        tile = before.add_tile(dashboard, "Sales", answer(), chart=ChartSpec("pie"), data_version="v1")
    with closing(Store(tmp_path / "store.sqlite")) as after:
        kept = after.dashboard(dashboard)
    assert kept is not None
    assert (kept.name, kept.dates) == ("月报", DateFilter(date(2026, 1, 1), None, "this_year"))
    assert [(found.id, found.title, found.chart, found.answer, found.sql) for found in kept.tiles] == [
        (tile, "Sales", ChartSpec("pie"), answer(), answer().query.sql)
    ]


def test_tiles_take_the_first_free_place_and_can_be_moved(store: Store) -> None:
    dashboard = store.add_dashboard("x")
    first, second, third = (store.add_tile(dashboard, title, answer()) for title in "abc")
    assert [tile.place for tile in store.tiles(dashboard)] == [Place(0, 0), Place(6, 0), Place(0, 4)]
    store.place_tiles({first: Place(0, 8, 12, 5), third: Place(0, 0)})
    assert [tile.id for tile in store.tiles(dashboard)] == [third, second, first]


def test_refreshing_a_tile_keeps_title_chart_and_place(store: Store) -> None:
    tile = store.add_tile(store.add_dashboard("x"), "mine", answer(), chart=ChartSpec("pie"), place=Place(3, 3, 2, 2))
    before = store.tile(tile)
    fresh = answer(pa.table({"Region": ["West"], "Sales": [9.0]}))
    store.refresh_tile(tile, fresh, "v2")
    after = store.tile(tile)
    assert before is not None
    assert after is not None
    assert (after.title, after.chart, after.place, after.answer, after.data_version) == (
        "mine",
        ChartSpec("pie"),
        Place(3, 3, 2, 2),
        fresh,
        "v2",
    )
    assert after.refreshed > before.refreshed


def test_a_tile_whose_rows_are_lost_can_still_be_refreshed(store: Store) -> None:
    tile = store.add_tile(store.add_dashboard("x"), "mine", answer())
    with closing(sqlite3.connect(store.path)) as outside:
        outside.execute("UPDATE tiles SET reply = '{}'")
        outside.commit()
    kept = store.tile(tile)
    assert kept is not None
    assert (kept.answer, kept.sql, kept.question, kept.chart) == (None, answer().query.sql, answer().question, answer().chart)


def test_deleting_a_dashboard_leaves_the_others(store: Store) -> None:
    kept, lost = store.add_dashboard("kept"), store.add_dashboard("lost")
    tile = store.add_tile(lost, "x", answer())
    store.delete_dashboard(lost)
    assert [found.id for found in store.dashboards()] == [kept]
    assert store.tile(tile) is None


# ------------------------------------------------------------------------------------------------ what the person said
def test_edits_come_back_as_the_workspace_takes_them(store: Store) -> None:
    store.set_column_edit("orders", "Sales", ColumnEdit("measure", "$", "what was paid", ("revenue", "营收")))
    store.set_table_description("orders", "one row an order")
    store.set_join(SALES, "confirmed")
    store.set_term(Term("big order", "Sales > 1000"))
    assert store.edits() == Edits(
        columns={("orders", "Sales"): ColumnEdit("measure", "$", "what was paid", ("revenue", "营收"))},
        tables={"orders": "one row an order"},
        joins_confirmed=(SALES,),
        glossary=(Term("big order", "Sales > 1000"),),
    )


def test_a_later_edit_replaces_an_earlier_one_whatever_the_case_of_the_name(store: Store) -> None:
    store.set_column_edit("orders", "Sales", ColumnEdit(unit="$"))
    store.set_column_edit("Orders", "SALES", ColumnEdit(unit="€"))
    assert list(store.edits().columns.values()) == [ColumnEdit(unit="€")]
    store.set_column_edit("orders", "sales", None)
    assert store.edits() == Edits()


def test_what_was_said_of_a_column_follows_it_to_its_new_name(store: Store) -> None:
    store.set_column_edit("orders", "Customer ID", ColumnEdit(role="identifier"))
    store.set_join(SALES, "added")
    store.rename_column("orders", "Customer ID", "Buyer")
    assert store.edits() == Edits(
        columns={("orders", "Buyer"): ColumnEdit(role="identifier")},
        joins_added=(JoinEnds("orders", "Buyer", "customers", "Customer ID"),),
    )


def test_a_file_comes_back_with_its_options_and_what_reading_it_made(store: Store, tmp_path: Path) -> None:
    options = ReadOptions("gb18030", ";", 2, {"日期": ColumnOptions("day", "DATE", "%d/%m/%Y")})
    table = LoadedTable(
        "orders", tmp_path / "orders.csv", 5, (LoadedColumn("day", "日期", "DATE", "%d/%m/%Y", ("%m/%d/%Y",)),),
        notes=(Bilingual("a note", "说明"),), rejected=1, rejects_file=tmp_path / "rejects.csv",
    )  # fmt: skip
    store.save_source(tmp_path / "orders.csv", ReadOptions(), ())
    store.save_source(tmp_path / "orders.csv", options, (table,))
    [source] = store.sources()
    assert (source.path, source.options, source.tables, source.table_names) == (tmp_path / "orders.csv", options, (table,), ("orders",))


def test_a_checked_example_replaces_one_with_the_same_words(store: Store) -> None:
    first = store.add_example("total", "SELECT 1")
    assert store.add_example("total", "SELECT 2") == first
    assert [(example.question, example.sql) for example in store.examples()] == [("total", "SELECT 2")]


def test_one_wording_of_a_prompt_is_in_use_at_a_time(store: Store) -> None:
    first, second = store.add_prompt("sql", "a"), store.add_prompt("sql", "b", "shorter")
    store.use_prompt("sql", first)
    store.use_prompt("sql", second)
    assert [(version.id, version.active) for version in store.prompts("sql")] == [(second, True), (first, False)]
    store.use_prompt("sql", None)
    assert store.prompt_in_use("sql") is None


def test_settings_are_kept_and_can_be_taken_back(store: Store) -> None:
    store.set_setting("language", "en")
    store.set_setting("language", "zh")
    assert store.setting("language") == "zh"
    store.set_setting("language", None)
    assert store.setting("language") is None


# ------------------------------------------------------------------------------------------------ the audit log
def test_the_audit_log_can_be_read_in_pages_newest_first(store: Store) -> None:
    lines = [store.log(who="me", question=str(n), sql="SELECT 1", rows=n, model="builtin", outcome="answer") for n in range(5)]
    assert [entry.rows for entry in store.audit(limit=2)] == [4, 3]
    assert [entry.rows for entry in store.audit(limit=9, before=lines[3])] == [2, 1, 0]


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"])
def test_no_line_of_the_audit_log_can_be_changed_even_from_outside(store: Store, statement: str) -> None:
    store.log(who="me", question="?", sql="", rows=0, model="", outcome="refusal")
    with closing(sqlite3.connect(store.path)) as outside, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        outside.execute(statement)


# ------------------------------------------------------------------------------------------------ the file
def test_many_threads_write_at_once_and_nothing_is_lost(store: Store) -> None:
    conversation = store.add_conversation("x")
    with ThreadPoolExecutor(8) as threads:
        ids = list(threads.map(lambda n: store.save_reply(conversation, Question(str(n), "en"), answer()), range(64)))
    assert sorted(ids) == [message.id for message in store.messages(conversation)]


def test_two_stores_on_one_file_see_each_other(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "store.sqlite")) as one, closing(Store(tmp_path / "store.sqlite")) as other:
        one.add_conversation("a")
        other.add_conversation("b")
        assert [found.title for found in one.conversations()] == ["b", "a"]


def test_the_file_is_for_its_owner_alone(store: Store) -> None:
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"not a database, at all " * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_named_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreDamaged) as caught:
        Store(path)
    for language in ("en", "zh"):
        assert str(path) in caught.value.in_language(language)
    assert path.read_bytes() == content


def test_a_file_with_a_broken_page_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with closing(Store(path)) as store:
        for number in range(200):
            store.log(who="me", question="x" * 200, sql="", rows=number, model="", outcome="answer")
    content = bytearray(path.read_bytes())
    content[-4096 * 4 :] = b"\xaa" * 4096 * 4
    path.write_bytes(content)
    with pytest.raises(StoreDamaged):
        Store(path)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    content = path.read_bytes()
    with pytest.raises(StoreDamaged, match="another program"):
        Store(path)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_written_to_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreFailed) as caught:
        Store(tmp_path / "file" / "store.sqlite")
    assert "ANALYST_HOME" in caught.value.in_language("zh")


def test_an_older_file_is_brought_to_the_newest_form_and_a_copy_of_it_kept(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with closing(Store(path)) as store:
        store.add_conversation("old")
    newer = (*MIGRATIONS, "ALTER TABLE conversations ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;")
    with closing(Database(path, newer)) as database:
        assert [tuple(row) for row in database.rows("SELECT title, starred FROM conversations")] == [("old", 0)]
    with closing(sqlite3.connect(tmp_path / "store.sqlite.version-1")) as copy:
        assert copy.execute("SELECT title FROM conversations").fetchall() == [("old",)]
    with pytest.raises(StoreDamaged, match="newer version"):
        Store(path)


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    Store(path).close()
    with pytest.raises(StoreFailed):
        Database(path, (*MIGRATIONS, "CREATE TABLE extra (x INTEGER);\nCREATE TABLE conversations (x INTEGER);"))
    with closing(Store(path)) as store:
        assert store.database.rows("SELECT name FROM sqlite_master WHERE name = 'extra'") == []


def test_text_packed_by_a_later_format_is_refused() -> None:
    later = pack(ChartSpec("bar")).replace('"format":1', '"format":2')
    with pytest.raises(ValueError, match="format 2"):
        unpack(ChartSpec, later)


def test_times_are_in_utc(store: Store) -> None:
    store.add_conversation("x")
    assert store.conversations()[0].created.utcoffset() == timedelta(0)
