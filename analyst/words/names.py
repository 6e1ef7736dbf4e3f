"""Which columns and tables a phrase can mean, from headers, their parts and the synonyms of both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, permutations

from analyst.terms import Column, Schema, Table
from analyst.words.lexicon import Phrase, abbreviations, concepts_by_phrase, header_vocabulary, synonyms
from analyst.words.tokens import header_stems, is_chinese, stems
from analyst.words.units import unit_of, without_unit

WHOLE, OWN_WORDS, SYNONYM, PART, UNIT = 1.0, 0.97, 0.86, 0.8, 0.5
"""Of a phrase: the header itself, with the table's name, a synonym of it, a part (times the share covered), its unit alone."""
MIXED = re.compile(r"[a-z]+\d+[a-z\d]*")
OF = "的"
"""The Chinese 'of', which headers hold or leave out: 段落的ID, 段落ID."""
SHORT = 0.62  # one character of a short Chinese header
HEAD_SYNONYM = 0.7  # 'shops' for a table of some_stores
KIND = 0.9  # 'students' for exam results that a student_id tells apart
EVENT = 0.8  # 'exams' for results that an exam_date dates
KEYS = ("id", "no", "number", "code", "key")
KEYS_ZH = (("编", "号"), ("号", "码"), ("编", "码"), ("流", "水", "号"), ("单", "号"), ("号",), ("id",))
RECORDS = (("记", "录"), ("流", "水"), ("台", "账"), ("登", "记"))
"""Ends of Chinese table names that say little: what stands before them is what each row is."""
NO_EVENT = frozenset((
    "start", "end", "birth", "due", "create", "created", "update", "updated", "close", "open", "the", "record", "entry", "last",
    "first", "effective", "from", "to", "begin", "expiry", "release", "event",
))  # fmt: skip
"""Words before 'date' in headers that name nothing that happened."""
TURNED = 0.92  # 'store type' for type_store
FLAGS = (("is",), ("has",), ("was",), ("had",), ("是", "否"), ("有", "无"))
"""How the headers of yes-or-no columns begin."""
BARE = frozenset(
    ("信息", "资料", "数据", "内容", "情况", "记录", "代码", "编号", "编码", "号码", "名称", "名字", "日期", "时间", "描述", "说明")
)
"""Ends of Chinese headers that say little about which column is meant."""
CHINESE_HEAD = 0.72  # of a header's meaning: the word at its end, as 评分 of 业主评分
SHORTEST = 4  # letters of a word of which other forms are looked for
LONGEST = 6  # words in a header that are combined; longer headers keep their first ones
WEAK_ALONE = {"id", "name", "number", "code", "no", "type", "date", "of", "the", "is", "in", "per", "and", "a", "to", "by", "for"}
"""Words that say little about which column is meant."""
INITIALED: dict[Phrase, Phrase] = {("l", "name"): ("last", "name"), ("f", "name"): ("first", "name"), ("m", "name"): ("middle", "name")}
"""Headers such as LName that give only the initial of what kind of name it is."""
ENDINGS = ("ings", "ing", "ers", "er", "ed", "ion", "ions", "al", "ly", "e")


@dataclass(frozen=True, slots=True)
class Name:
    """A column, or a whole table where column is empty, that a phrase can mean."""

    table: str
    column: str
    score: float


class NameIndex:
    """All phrases that can mean a column or a table of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._names: dict[Phrase, dict[tuple[str, str], float]] = {}
        for table in schema.tables:
            own = expanded(header_stems(table.name, header_vocabulary()))
            self._add(header_stems(table.name), table.name, "", WHOLE)
            for phrase, score in table_phrases(own):
                self._add(phrase, table.name, "", score)
            self._add(kind_of_row(table, schema), table.name, "", KIND)
            self._add(event_of_row(table, schema), table.name, "", EVENT)
            for column in table.columns:
                for phrase, score in column_phrases(table, own, column):
                    self._add(phrase, table.name, column.name, score)
            for phrase, column_name, score in persons_of(table, schema):
                self._add(phrase, table.name, column_name, score)
        for phrase, table_name, column_name in kinds_by_code(schema):
            self._add(phrase, table_name, column_name, KIND)
        for join in schema.joins:
            named = header_stems(join.parent_table, header_vocabulary())
            if header_stems(join.column, header_vocabulary()) == named and join.table != join.parent_table:
                self._names[named][join.table, join.column] = KIND
        for term in schema.glossary:
            table_name, _, column_name = term.meaning.partition(".")
            known = schema.table(table_name)
            if known and (not column_name or known.column(column_name)):
                self._add(stems(term.words), table_name, column_name, 1.1)
        self.longest = max((len(phrase) for phrase in self._names), default=0)
        self.vocabulary = frozenset(word for phrase in self._names for word in phrase)
        self._short = [
            (column.name, table.name, column.name)
            for table in schema.tables
            for column in table.columns
            if 2 <= len(column.name) <= 3 and is_chinese(column.name) and column.role in ("dimension", "identifier")
        ]
        self._headers = {header for header, _, _ in self._short}
        self._roots: dict[str, str] = {}
        for word in sorted(self.vocabulary):
            self._roots.setdefault(root(word), word)

    def find(self, phrase: Phrase) -> list[Name]:
        """What a phrase can mean, likeliest first."""
        found = self._names.get(phrase, {})
        return sorted((Name(table, column, score) for (table, column), score in found.items()), key=lambda name: -name.score)

    def beginning_with(self, character: str, following: str) -> list[Name]:
        """Columns whose header begins or ends with a Chinese character, unless the text goes on as another word of the data."""
        if following in self._headers:
            return []
        return [
            Name(table, column, SHORT if header[0] == character else 0.9 * SHORT)
            for header, table, column in self._short
            if character in (header[0], header[-1])
        ]

    def known_form(self, word: str) -> str | None:
        """The vocabulary's form of a word: itself, or one of the same root, as 'opened' for 'open'."""
        if word in self.vocabulary:
            return word
        return self._roots.get(root(word)) if len(word) >= SHORTEST and word.isascii() else None

    def _add(self, phrase: Phrase, table: str, column: str, score: float) -> None:
        if phrase and OF not in (phrase[0], phrase[-1]):
            at = self._names.setdefault(phrase, {})
            at[table, column] = max(score, at.get((table, column), 0.0))


def kind_of_row(table: Table, schema: Schema) -> Phrase:
    """What each row is, where its key says so and no table is named for it: students where student_id tells exam results apart."""
    named = {word for other in schema.tables for word in header_stems(other.name)}
    for column in table.columns[:1]:
        header = header_stems(column.name)
        if (column.name,) not in table.keys:
            continue
        if len(header) == 2 and header[1] in KEYS and header[0] not in named:
            return header[:1]
        ending = next((ending for ending in KEYS_ZH if header[-len(ending) :] == ending and len(header) - len(ending) > 1), ())
        others = {header_stems(other.name) for other in schema.tables}
        if ending and is_chinese(header[0]) and header[: -len(ending)] not in others:
            return header[: -len(ending)]
    return ()


def kinds_by_code(schema: Schema) -> Iterator[tuple[Phrase, str, str]]:
    """What codes tell, where no other header begins alike: the payment type that payment_type_code tells."""
    headers = [(table.name, column.name, header_stems(column.name)) for table in schema.tables for column in table.columns]
    for table_name, column_name, header in headers:
        if header[-1:] != ("code",) or len(header) < LEAST_OF_CODE:
            continue
        rest = header[:-1]
        if all(other == header or other[: len(rest)] != rest for _, _, other in headers):
            yield rest, table_name, column_name


LEAST_OF_CODE = 3  # words of a header that ends in code
PERSONS = {
    "学号": ("学生", "同学"),
    "工号": ("员工", "职工"),
    "员工编号": ("员工", "职工"),
    "会员号": ("会员",),
    "会员编号": ("会员",),
    "客户编号": ("客户",),
}
"""Headers of numbers that people have, with what these people are called."""
PREPOSITIONS = frozenset((word,) for word in ("on", "at", "by", "of", "to", "in", "for", "from", "with", "the", "is"))
CALLED = (("名", "称"), ("姓", "名"), ("名", "字"), ("名",))
"""Ends of Chinese headers that name what stands before them."""
PERSON = 0.78  # of a link with such people's names


def persons_of(table: Table, schema: Schema) -> Iterator[tuple[Phrase, str, float]]:
    """The names and numbers of people that rows are about, where no table is called after them: 学生 beside 学号 and 姓名."""
    headers = {column.name for column in table.columns}
    for number, called in PERSONS.items():
        if number not in headers or "姓名" not in headers:
            continue
        for word in called:
            if not any(word in other.name for other in schema.tables):
                yield stems(word), "姓名", PERSON
                yield stems(word), number, PERSON - 0.03


def event_of_row(table: Table, schema: Schema) -> Phrase:
    """What happened in each row, where its one date says so and no table is named for it: exams where an exam_date dates results."""
    dated = [column for column in table.columns if column.type.upper().startswith(("DATE", "TIMESTAMP"))]
    headers = [header for column in dated if (header := header_stems(column.name))[1:] == ("date",) and header[0] not in NO_EVENT]
    header = headers[0] if len(headers) == 1 else ()
    named = {word for other in schema.tables for word in header_stems(other.name)}
    if len(header) == 2 and header[1] == "date" and header[0] not in named and header[0] not in NO_EVENT and not is_chinese(header[0]):
        return header[:1]
    return ()


def root(word: str) -> str:
    """What is left of an English word without its ending; only for comparing."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def expanded(header: Phrase) -> Phrase:
    """The header's words with abbreviations written out."""
    if header[-2:] in INITIALED:
        header = (*header[:-2], *INITIALED[header[-2:]])
    return tuple(word for part in header for word in abbreviations().get(part, (part,)))


def table_phrases(own: Phrase) -> Iterator[tuple[Phrase, float]]:
    """Phrases for a table: its name, its synonyms, and its parts."""
    yield own, WHOLE
    yield from synonym_phrases(own, SYNONYM)
    if (end := next((end for end in RECORDS if own[-len(end) :] == end), None)) and len(own) - len(end) > 1:
        yield own[: -len(end)], KIND  # exams for a table of exam records
    if own and not is_chinese(own[-1]):  # a last character alone says nothing: 订 is no table of 预订
        yield own[-1:], 0.87 if len(own) > 1 and own[-1] not in WEAK_ALONE else 0.0
        synonyms_of = synonym_phrases(own[-1:], HEAD_SYNONYM) if len(own) > 1 else ()
        yield from ((phrase, score) for phrase, score in synonyms_of if phrase[-1] not in WEAK_ALONE)
    for part, share in parts(own):
        if part[:1] in PREPOSITIONS:
            continue  # 'in concerts' is no part of singer_in_concert
        yield part, PART * share
        yield from synonym_phrases(part, 0.8 * PART * share)


def column_phrases(table: Table, own: Phrase, column: Column) -> Iterator[tuple[Phrase, float]]:
    """Phrases for a column: header, header with the table's name, description, synonyms, parts; a unit at its end can be left out."""
    bare = without_unit(column.name)
    if bare != column.name and not set(expanded(header_stems(bare, header_vocabulary()))) <= set(own):  # STU_HRS are no students
        yield from column_phrases(table, own, replace(column, name=bare))
        yield stems(unit_of(column.name)), UNIT
    raw = header_stems(column.name, header_vocabulary())
    header = expanded(raw)
    yield raw, WHOLE
    yield header, WHOLE
    yield header_stems(column.name), WHOLE  # as it stands: mileage is no mile and age
    yield stems(column.name), WHOLE  # as one word, as people copy LName
    spelt = tuple(piece for piece in re.split(r"[\s_\-]+", column.name.lower()) if piece)
    if any(MIXED.fullmatch(piece) for piece in spelt):
        yield spelt, WHOLE  # co2 is no co and 2
        yield from (((piece,), OWN_WORDS) for piece in spelt if MIXED.fullmatch(piece))
    header = tuple(word for at, word in enumerate(header) if word != OF or header[at - 1 : at] == ("目",))  # 目的 is a word
    yield header, WHOLE
    if own and header[: len(own)] != own:
        yield own + header, OWN_WORDS
        yield own[-1:] + header, OWN_WORDS
    elif len(header) > len(own):
        yield header[len(own) :], 0.93
        yield from synonym_phrases(header[len(own) :], 0.8)
    if 2 <= len(header) <= 3 and not any(is_chinese(word) for word in header) and not set(header) & WEAK_ALONE:
        yield from ((order, TURNED) for order in permutations(header) if order != header)
    if len(header) == 2 and not is_chinese(header[0]) and header[1] not in KEYS:
        yield (header[1], "of", header[0]), OWN_WORDS  # the year of death
    if header[:1] in FLAGS and len(header) > 1:
        yield header[1:], 0.95
    if header[:2] in FLAGS and len(header) > 2:
        yield header[2:], 0.95
        yield from synonym_phrases(header[2:], 0.85)
    if header[:2] == ("number", "of") and len(header) > 2:
        yield (*header[2:], "number"), 0.95
    yield from by_ending(header)
    for synonym in (*column.synonyms, column.description):
        yield stems(synonym), OWN_WORDS
    counts = column.role == "measure" or column.type.upper().startswith(NUMERIC)
    yield from synonym_phrases(header, SYNONYM, skip="" if counts else "quantity")
    yield from synonym_phrases(raw, SYNONYM, skip="" if counts else "quantity")
    if header[:1] == ("quantity",) and header[1:] and header[-1] in HANDLED:
        yield ("quantity",), 0.95  # qty sold
        yield from synonym_phrases(("quantity",), SYNONYM)
    if header[-1:] == ("id",) and len(header) > 2:
        yield header[:-1], 0.9
        yield from synonym_phrases(header[:-1], 0.83)
    for part, share in parts(header):
        if part not in PREPOSITIONS:
            yield part, PART * share
            yield from synonym_phrases(part, 0.85 * PART * share)


def by_ending(header: Phrase) -> Iterator[tuple[Phrase, float]]:
    """What else a header is called by the word at its end: numbers, names, what comes in and goes out."""
    if header[-1:] == ("id",) and len(header) > 1 and is_chinese(header[0]):
        yield (*header[:-1], "编", "号"), 0.95
    called = next((end for end in CALLED if header[-len(end) :] == end and len(header) - len(end) > 1), None)
    if called and is_chinese(header[0]):
        yield header[: -len(called)], SYNONYM  # 商品 is what 商品名称 names
    if header[-1:] in (("in",), ("out",), ("up",), ("off",)) and len(header) > 1:
        yield (*header[:-1], f"{header[-1]}s"), 0.95  # check-ins
    if len(header) == 3 and header[1] == "per":
        yield (header[2], header[0]), TURNED  # the nightly rate
    if header[-1:] == ("no",) and len(header) > 1:
        yield (*header[:-1], "number"), 0.9
    if header[-1:] == ("id",) and len(header) > 1:
        yield (*header[:-1], "number"), 0.8
        yield (*header[:-1], "no"), 0.75


NUMERIC = ("INT", "BIGINT", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER", "REAL", "NUMERIC")
HANDLED = ("sold", "ordered", "purchased", "bought", "shipped", "delivered", "made", "produced")


def synonym_phrases(phrase: Phrase, score: float, skip: str = "") -> Iterator[tuple[Phrase, float]]:
    """All phrases of all concepts that the phrase can mean, without one to skip: a column of names such as Item tells no quantity."""
    for concept in concepts_by_phrase().get(phrase, ()):
        if concept == skip:
            continue
        if concept == "salary" and phrase in PAYMENTS:
            continue  # what was paid is nobody's wage
        for other in synonyms()[concept]:
            if other != phrase:
                yield other, score


PAYMENTS = (("paid",), ("payment",), ("earned",), ("earning",))
"""Headers that a word for a salary does not mean, although a question that says them can mean a salary."""


def parts(header: Phrase) -> Iterator[tuple[Phrase, float]]:
    """Parts of a header with the share of its meaning that they hold."""
    if not header or len(header) == 1:
        return
    weights = [
        0.35 if word in WEAK_ALONE or (len(word) <= 3 and word.isascii() and word not in header_vocabulary()) else 1.0 for word in header
    ]
    total = sum(weights)
    if any(is_chinese(word) for word in header):
        for size in range(len(header) - 1, 0, -1):
            for at in range(len(header) - size + 1):
                piece = header[at : at + size]
                if size > 1 or not is_chinese(piece[0]):
                    tail = at + size == len(header)
                    head = CHINESE_HEAD if tail and at > 1 and size > 1 and "".join(piece) not in BARE else 0.45
                    yield piece, max(head, size / len(header)) * (1.05 if tail else 1.0)
        return
    positions = range(min(len(header), LONGEST))
    for size in range(len(positions) - 1, 0, -1):
        for chosen in combinations(positions, size):
            share = sum(weights[at] for at in chosen) / total
            last = 1.0 if chosen[-1] == len(header) - 1 else 0.9
            of = header.index("of") if "of" in header[1:-1] else len(header) - 2 if header[-2] == "in" and len(header) > 2 else 0
            head = 0.62 if of and chosen == (of - 1,) else 0.62 if chosen == (len(header) - 1,) and header[-1] not in WEAK_ALONE else 0.3
            piece = tuple(header[at] for at in chosen)
            yield piece, max(share, head) * last
            if size == 2 and header[0] == "date":
                yield piece[::-1], max(share, head) * last
