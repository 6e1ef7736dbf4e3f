"""Reads cell values as tests on their columns, with what negates them."""

from __future__ import annotations

import re
from itertools import pairwise

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import quotations
from analyst.models.builtin.plan import Condition, Either, Field, Test
from analyst.terms import ValueMatch
from analyst.words.tokens import stems

NEGATED = {"=": "!=", "in": "not in", "like": "not like", ">": "<=", "<": ">=", ">=": "<", "<=": ">", "between": "between"}


def read_values(draft: Draft) -> None:
    """Cell values become tests on their columns; several of one column are alternatives."""
    by_column: dict[tuple[Field, bool], list[tuple[int, ValueMatch, bool, bool]]] = {}
    for at in [place for place, mention in enumerate(draft.mentions) if mention.values and place not in draft.used]:
        mention = draft.mentions[at]
        if mention.kind != "value" and not beside_its_column(draft, at) and not is_cell(draft, at):
            continue
        if is_unit(draft, at):
            draft.use(at)
            continue
        if lacking := lacks(draft, at):
            draft.where.append(Condition(lacking, "is null"))
            draft.use(at)
            continue
        chosen = value_column(draft, at)
        if not chosen:
            continue
        matches = [match for match in mention.values if Field(match.table, match.column) == chosen]
        matches = [match for match in matches if match.score >= matches[0].score - 0.12]
        several = matches[0].score < 0.9 and len({match.value for match in matches}) > 1
        absent = 0 <= draft.absence_at < at  # 'bought a tee but not a poster'
        by_column.setdefault((chosen, absent), []).append((at, matches[0], negated(draft, at), several))
        draft.use(at)
    for (field, _), all_found in by_column.items():
        one_name = len(all_found) > 1 and any(not several for *_, several in all_found) and is_one_name(draft, [at for at, *_ in all_found])
        found = [one for one in all_found if not one[3]] if one_name else all_found  # the flood appeal: there are other appeals
        if both_sides(draft, field, [at for at, *_ in found]):
            draft.group += [field] if field not in draft.group else []
            continue
        tests = value_tests(draft, field, found)
        draft.placed.update(dict.fromkeys(tests, found[0][0]))
        draft.value_tests += tests


def both_sides(draft: Draft, field: Field, places: list[int]) -> bool:
    """Whether the two cells of a column are said in one breath, as in 每个科目男女通过率: they tell groups apart and leave no row out."""
    said = [draft.mentions[at] for at in places]
    return (
        draft.language == "zh"
        and not any(mention.asks("share") and mention.text != "率" for mention in draft.mentions)
        and len(said) == draft.catalog.column(field).distinct == len({mention.text for mention in said}) > 1
        and all(one.end == other.start for one, other in pairwise(said))
    )


def is_one_name(draft: Draft, places: list[int]) -> bool:
    """Whether cells stand side by side, as the words of one name do."""
    return all(after - before == 1 for before, after in pairwise(sorted(places)))


def lacks(draft: Draft, at: int) -> Field | None:
    """The key that rows do without, where 'without a manager' names a cell as well: whom they point to, not what they are."""
    before = draft.next_to(at, -1, 2, lambda place: draft.mentions[place].text.lower() in ("without", "no"))
    if before is None:
        return None
    named = (Field(match.table, match.column) for match in draft.mentions[at].columns if match.column and match.score >= HALF)
    found = next(
        (field for field in named if draft.catalog.column(field).missing and draft.catalog.column(field).role == "identifier"), None
    )
    draft.use(*((before,) if found else ()))
    return found


HALF = 0.5  # of a link with a header


def beside_its_column(draft: Draft, at: int) -> bool:
    """Whether words that can mean something else are a cell of the column named right after them, as in 'the sales team'."""
    following = draft.mentions[at + 1] if at + 1 < len(draft.mentions) else None
    if following is None or following.kind != "column" or draft.mentions[at].kind not in ("money", "column") or at + 1 in draft.used:
        return False
    homes = {(match.table, match.column) for match in following.columns if match.score >= 0.6}
    return any((value.table, value.column) in homes for value in draft.mentions[at].values)


def is_cell(draft: Draft, at: int) -> bool:
    """Whether a word of money is a cell of a kind: no column holds money, or another word speaks of it ('revenue from business
    customers')."""
    mention = draft.mentions[at]
    if mention.kind != "money" or mention.values[0].score < WHOLE_CELL:
        return False
    if draft.catalog.column(Field(mention.values[0].table, mention.values[0].column)).distinct > KINDS:
        return False  # 'the money spent' is no song of that name
    others = [other for place, other in enumerate(draft.mentions) if place != at and other.kind == "money"]
    return bool(others) or draft.catalog.money(draft.all_tables) is None


KINDS = 50  # different cells of a column that tells kinds; more are names
WHOLE_CELL = 0.75  # of a link with a cell that is just these words


def is_unit(draft: Draft, at: int) -> bool:
    """Whether a value's words are the unit of a column that is named, as in '平均年薪多少美元'."""
    said = draft.mentions[at].text
    return (
        draft.mentions[at - 1].text in ("多少", "多少钱")
        and any(said in match.column for mention in draft.mentions if mention.kind == "column" for match in mention.columns[:3])
        if at
        else False
    )


def value_column(draft: Draft, at: int) -> Field | None:
    """The column of a value: one named beside it, else the likeliest that holds it."""
    mention = draft.mentions[at]
    weights: dict[Field, float] = {}
    for match in mention.values:
        field = Field(match.table, match.column)
        weight = match.score + draft.closeness(at, field, "value")
        weights[field] = max(weights.get(field, 0.0), weight)
    if not weights:
        return None
    for step in (-1, 1):
        near = draft.next_to(at, step, 2, draft.nameable)
        if near is None:
            continue
        for named in draft.mentions[near].columns:
            field = Field(named.table, named.column)
            if field in weights and named.score > 0.25:
                weights[field] += 0.5 * named.score
                if named.score >= 0.45 and draft.mentions[near].kind == "column" and near not in draft.used and absorbs(draft, near, at):
                    draft.use(near)
    owner = place_of(draft, at)
    for field in weights:
        weights[field] += (OF_OWNER if field.table in owner else 0.0) + (TESTED if field in draft.tested_before else 0.0)
        weights[field] += side(draft, at, field) + (WHOLE_NAME if completes_name(draft, at, field) else 0.0)
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    return draft.chooser.choose(f"column of value {at}", [(field, 2.718 ** (7 * weight)) for field, weight in ranked[:4]])


TESTED = 0.35  # more for the column that the question before tested: after the men's races, the women's


def place_of(draft: Draft, at: int) -> set[str]:
    """The tables that tell where things are, of 'exhibitions in Germany': that of the exhibitions and those that it points to."""
    at -= at > 1 and draft.mentions[at - 1].text.lower() == "the"
    before = draft.mentions[at - 1].text.lower() if at > 1 else ""
    table = draft.table(at - 2) if before in ("in", "from", "at") and draft.mentions[at - 2].kind == "table" else None
    if table is None:
        return set()
    return {table, *(join.parent_table for join in draft.catalog.schema.joins if join.table == table)}


OF_OWNER = 0.35  # more than a table that is named elsewhere brings


def completes_name(draft: Draft, at: int, field: Field) -> bool:
    """Whether the word beside a first or last name is the other half of it in the same table: 'Steve Moor'."""
    own = draft.catalog.concepts(field) & set(HALVES)
    beside = [draft.mentions[place] for place in (at - 1, at + 1) if 0 <= place < len(draft.mentions)]
    others = [Field(match.table, match.column) for mention in beside if mention.kind == "value" for match in mention.values]
    wanted = {HALVES[half] for half in own}
    return any(other.table == field.table and wanted & draft.catalog.concepts(other) for other in others)


HALVES = {"first name": "last name", "last name": "first name"}
WHOLE_NAME = 0.4  # more than what the table named nearby brings


def side(draft: Draft, at: int, field: Field) -> float:
    """What the words around a cell say for a column of where things begin or end: 'leaving from Oslo', 到达上海, 从武汉起飞."""
    before, after = draft.text[: draft.mentions[at].start], draft.text[draft.mentions[at].end :]
    header = set(draft.catalog.words(field))
    for begins, ends, words, headers in SIDES:
        if (begins.search(before) or ends.match(after)) and (header & words or field.column.startswith(headers)):
            return SIDED
    return 0.0


PLACES = r"(?:the )?(?:airport|city|port|station|town)?\s*['\"‘“`]*\s*$"
SIDES = (
    (
        re.compile(
            rf"\b(?:depart|leav|originat|start|tak(?:e|es|ing) off)\w*\s+(?:from|out of|at|in)?\s*{PLACES}|\bfrom {PLACES}|[从由自]$", re.I
        ),
        re.compile(r"[^，,。的]{0,4}(?:起飞|出发|发出|始发|发车|开出)"),
        frozenset(("source", "src", "origin", "from", "start", "departure", "departing", "depart")),
        ("始发", "出发", "起点", "起飞", "发货", "发车", "来源"),
    ),
    (
        re.compile(
            rf"\b(?:arriv|land|head|fl[yi]|bound|destin|go(?:es|ing)?\b)\w*\s+(?:at|in|to|for|into|on)\s+{PLACES}|\bto {PLACES}"
            r"|(?:到|至|往|去|抵|到达|抵达|飞往|降落在|开往|前往|目的地是|目的地为|目的地在)$",
            re.I,
        ),
        re.compile(r"[^，,。的]{0,4}(?:降落|到达|抵达)"),
        frozenset(("dest", "destination", "to", "arrival", "arriving", "arrive")),
        ("目的", "到达", "终点", "抵达", "收货", "到站"),
    ),
)
"""Words before and after a place, and words of columns that hold such places: where things begin, where they end."""
SIDED = 0.6


def absorbs(draft: Draft, near: int, at: int) -> bool:
    """Whether a column's name beside a value only says what the value is, as in 'branch C' or 'California state'."""
    if draft.next_to(near, -1, 1, lambda place: bool(draft.asks(place, "group") or draft.asks(place, "which"))) is not None:
        return False
    between = draft.mentions[min(near, at) + 1 : max(near, at)]
    if near < at and draft.next_to(near, -1, 1, lambda place: bool(draft.asks(place, "count"))) is not None:
        return False
    if near < at:
        return all(
            mention.value
            in ("is", "be", "are", "was", "=", "called", "named", "of", "equal", "是", "为", "in", "as", "the", '"', "'", "“", "a")
            or mention.kind in ("sign", "cmp")
            for mention in between
        )
    return not between or all(mention.value in ("的", '"', "'", "”") for mention in between)


def negated(draft: Draft, at: int) -> bool:
    """Whether 'not', 'except' or '除了' stands before a value."""
    for place in range(at - 1, max(-1, at - 5), -1):
        if draft.mentions[place].text in ("外", "以外", "之外"):
            return False  # 除房租外的支出 leaves out the rent alone
        if draft.asks(place, "neg") and place != draft.absence_at and draft.mentions[place].text not in ("以外", "之外", "除外"):
            draft.use(place)
            return True
        if draft.mentions[place].kind in ("sign", "period", "number") and draft.mentions[place].text not in ('"', "'", "`", "“", "("):
            return False
    after = at + 1
    if after < len(draft.mentions) and draft.mentions[after].text in ("以外", "之外", "除外", "不算", "excluded"):
        draft.use(after)
        return True
    return False


def value_tests(draft: Draft, field: Field, found: list[tuple[int, ValueMatch, bool, bool]]) -> list[Test]:
    """The tests of one column's values."""
    tests: list[Test] = []
    plain = [(match, several) for _, match, no, several in found if not no]
    refused = [match.value for _, match, no, _ in found if no]
    exact = list(dict.fromkeys(match.value for match, several in plain if not several))
    partial = [match for match, several in plain if several]
    if len(exact) + len(partial) > 1:
        draft.flags["compared"] = f"{field.table}\t{field.column}"
    if exact and not partial:
        tests.append(Condition(field, "=", (exact[0],)) if len(exact) == 1 else Condition(field, "in", tuple(exact)))
    else:
        options = [Condition(field, "=", (value,)) for value in exact] + [part_test(draft, field, match) for match in partial]
        if options:
            tests.append(options[0] if len(options) == 1 else Either(tuple(options)))
    if refused:
        tests.append(Condition(field, "!=", (refused[0],)) if len(refused) == 1 else Condition(field, "not in", tuple(refused)))
    return tests


def part_test(draft: Draft, field: Field, match: ValueMatch) -> Condition:
    """A test for cells that hold the words, where several cells do."""
    words = match.words.strip()
    same = [
        other.value
        for mention in draft.mentions
        for other in mention.values
        if other.start == match.start and Field(other.table, other.column) == field and other.score >= match.score - 0.12
    ]
    if words.casefold() in str(match.value).casefold():
        return Condition(field, "like", (f"%{words}%",))
    values = tuple(dict.fromkeys(same))[:20]
    return Condition(field, "in", values) if len(values) > 1 else Condition(field, "=", values)


PASSING = ("rating", "60")


def pass_flag(draft: Draft) -> Field | None:
    """The column that says whether a row passed, where there is just one: what it says counts for more than a mark that may be missing."""
    fields = [field for table in draft.all_tables for field in draft.catalog.fields(table) if draft.catalog.is_flag(field)]
    found = [field for field in fields if PASSED.search(field.column)]
    return found[0] if len(found) == 1 else None


PASSED = re.compile(r"通过|合格|及格|\bpass(?:ed)?\b|(?<![a-z])pass(?:ed)?(?![a-z])", re.IGNORECASE)


def read_flags(draft: Draft) -> None:
    """States in words (out of stock, discontinued) and yes-or-no columns named as adjectives."""
    for at in list(draft.free("state")):
        concept, sign, value = re.split(r"(>=|<=|[=<>])", draft.asks(at, "state") or "=")
        passed = pass_flag(draft) if (concept, value) == PASSING else None
        if passed is not None:
            concept, sign, value, found = "passed", "=", "0" if sign == "<" else "1", [passed]
        else:
            found = [field for field in draft.catalog.named(concept, draft.all_tables) if on_scale(draft, field, value)]
        if not found:
            continue
        field = found[0]
        no = negated(draft, at)
        no = no and draft.absence_at < 0
        if value.isdigit():
            cell = draft.catalog.flag_value(field, (value == "1") != no) if draft.catalog.is_flag(field) else int(value)
            denied = NEGATED.get(sign, "!=") if no and not draft.catalog.is_flag(field) else sign
            test = Condition(field, denied, (cell,))  # type: ignore[arg-type]
            draft.where.append(test)
            draft.placed[test] = at
        elif other := draft.catalog.named(value, [field.table], number=True):
            draft.where.append(Condition(field, sign, (other[0],)))  # type: ignore[arg-type]
            draft.flags["two columns"] = "bound"
        draft.use(at)
    for at in list(draft.free("column")):
        match = draft.mentions[at].columns[0] if draft.mentions[at].kind == "column" else None
        flag = Field(match.table, match.column) if match and match.column and match.score > 0.5 else None
        if flag and draft.catalog.is_flag(flag) and not draft.asks(at - 1, "group") and not draft.asks(at - 1, "which"):
            no = negated(draft, at) != opposes(draft.mentions[at].text, draft.catalog.words(flag))
            draft.where.append(Condition(flag, "=", (draft.catalog.flag_value(flag, not no),)))
            draft.use(at)


OPPOSITES = re.compile(r"(?:in|un|non|dis|im|ir)[- ]?", re.IGNORECASE)


def opposes(said: str, header: tuple[str, ...]) -> bool:
    """Whether a word is a header's word with a syllable before it that denies it: inactive, unpaid, non-member."""
    found = OPPOSITES.match(said)
    return bool(found) and said.lower() not in header and bool(set(stems(said[found.end() :])) & set(header))  # type: ignore[union-attr]


HUNDRED = 100


def on_scale(draft: Draft, field: Field, value: str) -> bool:
    """Whether a mark such as 60 can be meant of a column: one of marks out of a hundred, that some rows reach."""
    highest = draft.catalog.column(field).maximum
    if not value.isdigit() or int(value) <= 1:
        return True
    return isinstance(highest, (int, float)) and int(value) <= highest <= HUNDRED


def read_quotations(draft: Draft) -> None:
    """Quoted texts that no cell holds are tests all the same, on the column named before them."""
    for words, start, end in quotations(draft.text):
        inside = [place for place, mention in enumerate(draft.mentions) if start <= mention.start and mention.end <= end]
        if not inside or any(place in draft.used for place in inside if draft.mentions[place].kind != "sign"):
            continue
        target = draft.next_to(inside[0], -1, 5, lambda place: draft.mentions[place].kind == "column")
        field = draft.column(target) if target is not None else None
        if (
            field is None
            and draft.value_tests
            and isinstance(draft.value_tests[-1], Condition)
            and isinstance(draft.value_tests[-1].left, Field)
        ):
            field = draft.value_tests[-1].left
        if field and not draft.catalog.is_number(field) and not draft.catalog.is_date(field):
            same = next(
                (test for test in draft.value_tests if isinstance(test, Condition) and test.left == field and test.sign in ("=", "in")),
                None,
            )
            if same:
                draft.value_tests[draft.value_tests.index(same)] = Condition(field, "in", (*same.right, words))
            else:
                draft.value_tests.append(Condition(field, "=", (words,)))
            draft.use(*inside, *([target] if target is not None else []))
