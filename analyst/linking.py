"""From a Question to Links: the tables, columns and cell values that its words speak of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from analyst.terms import ColumnMatch, Links, Question, Schema, ValueMatch
from analyst.words.homophones import sounds, sounds_alike
from analyst.words.lexicon import Phrase, common_words, concepts_by_phrase, everyday_words, header_vocabulary, value_groups
from analyst.words.meanings import NameMeanings
from analyst.words.names import NameIndex
from analyst.words.requests import longest_request, request_words, requests
from analyst.words.spelling import Speller
from analyst.words.tokens import Word, fold, header_stems, is_chinese, stem, stems, words
from analyst.words.values import CellIndex, Value
from analyst.words.vectors import word_vectors
from connectors.base import Connector

WEAKEST = 0.28  # a match less likely than this only confuses
MISSPELT = 0.9  # what is left of a score where a word had to be corrected
RELATED = 0.74  # where only the root of a word is known, as 'played' for 'player'
IN_OTHER_WORDS = 0.92
WHOLE_CELL = 0.85  # a match below it is a part of a cell
NAMING = ("city", "name", "title", "address", "street", "town")
"""Endings of headers whose cells are names: another word for one is never meant."""
CROWDED = 300  # different values; among so many, another word for one is often chance
MOST_COLUMNS = 12  # for one span
MOST_VALUES = 40
QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "《": "》", "「": "」", "`": "`"}


class ValueIndex:
    """What linking looks words up in: names and cell values of one version of the data."""

    def __init__(self, connector: Connector, schema: Schema) -> None:
        self.schema = schema
        self.names = NameIndex(schema)
        self.cells = CellIndex(connector, schema)
        self.known = common_words() | header_vocabulary() | request_words() | self.names.vocabulary | self.cells.vocabulary
        self.speller = Speller(self.known)

    @cached_property
    def meanings(self) -> NameMeanings:
        """What the names mean; made when the first word is met that nothing else explains."""
        return NameMeanings(self.schema)


def link(question: Question, schema: Schema, index: ValueIndex) -> Links:
    """The columns, tables and values that the question names, likeliest first."""
    names = index.names if index.schema is schema or index.schema == schema else NameIndex(schema)
    spoken = [corrected(word, index, names) for word in words(question.text) if word.text[0].isalnum() or word.text in "#%"]
    columns = [*column_matches(question.text, spoken, names), *short_matches(question.text, spoken, names)]
    values = sorted(value_matches(question.text, spoken, index, names), key=lambda match: (-match.score, match.start))
    left = unexplained(question.text, spoken, columns, values)
    meanings = index.meanings if names is index.names else NameMeanings(schema)
    columns += near_matches(question.text, left, spoken, meanings)
    return Links(tuple(sorted(columns, key=lambda match: (-match.score, match.start))), tuple(values))


def corrected(word: Word, index: ValueIndex, names: NameIndex) -> Word:
    """The word with its stem as the data spells it."""
    if word.stem in PRONOUNS or word.stem in index.known or not word.stem.isascii() or not word.stem.isalpha():
        return word
    slip = None if word.text in word_vectors() else index.speller.correct(word.stem, index.cells.vocabulary)
    form = names.known_form(word.stem) or slip or word.stem
    return Word(word.text, form, word.start, word.end)


def spans(spoken: list[Word], longest: int) -> Iterator[tuple[int, int, Phrase]]:
    """All runs of words up to a length, with their stems."""
    for first in range(len(spoken)):
        for last in range(first + 1, min(len(spoken), first + longest) + 1):
            yield first, last, tuple(word.stem for word in spoken[first:last])


def column_matches(text: str, spoken: list[Word], names: NameIndex) -> Iterator[ColumnMatch]:
    """Every run of words that can mean a column or a table."""
    forms = [word.stem if word.stem in PRONOUNS else names.known_form(word.stem) or word.stem for word in spoken]
    for first, last, phrase in spans(spoken, names.longest):
        found, related = names.find(phrase), 1.0
        if not found and (other := tuple(forms[first:last])) != phrase:
            found, related = names.find(other), RELATED
        if not found:
            continue
        slip = any(word.stem != stem(word.text) for word in spoken[first:last])
        start, end = spoken[first].start, spoken[last - 1].end
        for name in found[:MOST_COLUMNS]:
            score = name.score * related * (MISSPELT if slip else 1.0)
            if score >= WEAKEST:
                yield ColumnMatch(text[start:end], start, name.table, name.column, round(score, 3))


def short_matches(text: str, spoken: list[Word], names: NameIndex) -> Iterator[ColumnMatch]:
    """A single Chinese character that stands for a header after 各, 每个 or 哪个, as 班 for 班级 and 科 for 科目."""
    for word in spoken:
        if is_chinese(word.text) and text[: word.start].endswith(DISTRIBUTIVE) and not names.find((word.stem,)):
            for name in names.beginning_with(word.text, text[word.start : word.start + 2]):
                yield ColumnMatch(word.text, word.start, name.table, name.column, name.score)


DISTRIBUTIVE = ("各", "每", "每个", "哪个", "哪些", "几个", "各个", "每一", "每家", "哪家", "不同")
"""Words after which a Chinese question names what it groups by."""


def unexplained(text: str, spoken: list[Word], columns: list[ColumnMatch], values: list[ValueMatch]) -> list[Word]:
    """Words for things that no header, synonym, cell or request accounts for."""
    covered = quoted_places(text)
    for match in columns:
        covered.update(range(match.start, match.start + len(match.words)))
    for value in values:
        if value.score >= WHOLE_CELL:
            covered.update(range(value.start, value.start + len(value.words)))
    for first, last, phrase in spans(spoken, longest_request()):
        if phrase in requests():
            covered.update(range(spoken[first].start, spoken[last - 1].end))
    before, after = ["", *(word.stem for word in spoken)], [*(word.stem for word in spoken[1:]), ""]
    return [
        word
        for at, word in enumerate(spoken)
        if word.start not in covered
        and word.stem not in SMALL
        and word.stem not in GENERAL
        and word.stem not in request_words()
        and word.stem not in everyday_words()
        and not PERSONAL & set(concepts_by_phrase().get((word.stem,), ()))
        and word_vectors().names_thing(word.text, before[at])
        and after[at] not in ("number", "no")  # a warehouse number is a figure of its own, which no column of stores holds
        and not in_a_name(at, spoken)
    ]


def in_a_name(at: int, spoken: list[Word]) -> bool:
    """Whether a word stands in a proper name: written with a capital beside another such word."""
    beside = [spoken[place] for place in (at - 1, at + 1) if 0 < place < len(spoken)]
    return at > 0 and spoken[at].text[0].isupper() and any(word.text[0].isupper() for word in beside)


def near_matches(text: str, left: list[Word], spoken: list[Word], meanings: NameMeanings) -> Iterator[ColumnMatch]:
    """Columns and tables that a word, or a term of two words, is near in meaning to, where nothing else explains it."""
    for at, word in enumerate(spoken):
        if word not in left:
            continue
        term = f"{spoken[at - 1].text} {word.text}" if at else ""
        first = spoken[at - 1] if term in word_vectors() else word
        vector = word_vectors().of(term if first is not word else word.text)
        for name in meanings.near(vector)[:MOST_COLUMNS] if vector is not None else ():
            yield ColumnMatch(text[first.start : word.end], first.start, name.table, name.column, round(name.score, 3))


def value_matches(text: str, spoken: list[Word], index: ValueIndex, names: NameIndex) -> Iterator[ValueMatch]:
    """Every run of words that can mean a cell: whole values first, then parts of values where nothing whole was found."""
    covered: set[int] = set()
    quoted = quoted_places(text)
    for first, last, phrase in sorted(spans(spoken, min(max(index.cells.longest, 10), 24)), key=lambda span: span[0] - span[1]):
        if len(phrase) == 1 and phrase[0].endswith("ly") and not index.cells.knows(phrase) and index.cells.knows((phrase[0][:-2],)):
            phrase = (phrase[0][:-2],)  # noqa: PLW2901  (working remotely)
        single = (*phrase[:-1], phrase[-1].removesuffix("s"))
        if len(phrase) > 1 and not index.cells.knows(phrase) and index.cells.knows(single):
            phrase = single  # noqa: PLW2901  (check-ups)
        if not index.cells.knows(phrase):
            continue
        run = spoken[first:last]
        found = list(whole_values(run, phrase, index, quoted, {word.stem for word in spoken}))
        if len(phrase) == 1 and phrase[0].isascii() and phrase[0] in names.vocabulary and run[0].start not in quoted:
            own = {(name.table, name.column) for name in names.find(phrase)}  # 'women' speaks of the column of sexes and of its cell F
            found = [
                (value, score)
                for value, score in found
                if score >= 1.0 or phrase[0] in stems(str(value.value)) or (value.table, value.column) in own
            ]
        if found:
            covered.update(range(first, last))
        yield from (match(text, run, value, score) for value, score in found[:MOST_VALUES])
    for first, last, phrase in free_runs(spoken, covered, names):
        run = spoken[first:last]
        found = list(partial_values(phrase, index))
        yield from (match(text, run, value, score) for value, score in found[:MOST_VALUES])
    yield from homophone_matches(text, spoken, index)
    yield from contracted_matches(text, spoken, covered, index, names)
    yield from state_matches(text, spoken, index)


def match(text: str, run: list[Word], value: Value, score: float) -> ValueMatch:
    """A run of words tied to a cell."""
    start, end = run[0].start, run[-1].end
    return ValueMatch(text[start:end], start, value.table, value.column, value.value, round(score, 3))


def whole_values(run: list[Word], phrase: Phrase, index: ValueIndex, quoted: set[int], beside: set[str]) -> Iterator[tuple[Value, float]]:
    """Values that are exactly the phrase, or that it names in other words.

    Short and everyday words need the cell's own case, or the header of its column beside them: 'low priority'.
    """
    same = tuple(stem(word.text) for word in run) == phrase
    if len(run) == 1 and run[0].text in COUNTRIES:
        for value in index.cells.alike(phrase):
            yield value, IN_OTHER_WORDS
    everyday = (
        len(run) == 1 and (len(phrase[0]) <= 2 or phrase[0] in common_words() or phrase[0] in request_words()) and phrase[0].isascii()
    )
    said = " ".join(word.text for word in run)
    if said in GRAMMAR and run[0].start not in quoted:
        return  # 是 in 是多少 is no cell, even where a column holds 是 and 否
    if said in ARTICLES and run[0].start not in quoted and (said != "A" or run[0].start == 0):
        return
    for value in index.cells.whole(phrase):
        short = len(phrase[0]) <= 3 and not beside.issuperset(header_stems(value.column) or ("",))
        if everyday and run[0].start not in quoted and said != str(value.value) and (short or phrase[0] in SMALL):
            continue
        yield value, (1.0 if same else MISSPELT) - (0.25 if everyday and run[0].start not in quoted and said != str(value.value) else 0.0)
    if len("".join(phrase)) > 2 or any(is_chinese(word) for word in phrase):
        for value in index.cells.alike(phrase):
            crowded = index.cells.sizes[value.table, value.column] > CROWDED
            if crowded and value.column.lower().endswith(NAMING):
                continue
            yield value, (IN_OTHER_WORDS - (0.3 if crowded else 0.0)) * (1.0 if same else MISSPELT)


def free_runs(spoken: list[Word], covered: set[int], names: NameIndex) -> Iterator[tuple[int, int, Phrase]]:
    """Runs of words that are no whole value, longest first; single words of headers and requests do not count as parts of cells."""
    plain = common_words() | request_words()
    for first, last, phrase in sorted(spans(spoken, 6), key=lambda span: span[0] - span[1]):
        if covered & set(range(first, last)) or phrase[0] in SMALL or phrase[-1] in SMALL:
            continue
        alone = len(phrase) == 1
        if alone and (len(phrase[0]) < 3 or phrase[0] in plain or phrase[0].isdigit()) and not is_chinese(phrase[0]):
            continue
        held = phrase in concepts_by_phrase() and (not is_chinese(phrase[0]) or bool(names.find(phrase)))
        if held or (alone and phrase[0] in names.vocabulary) or (is_chinese(phrase[0]) and alone):
            continue
        yield first, last, phrase


def partial_values(phrase: Phrase, index: ValueIndex) -> Iterator[tuple[Value, float]]:
    """Values of which the phrase, or other words for it, is a part."""
    others = [other for other in value_groups().get(phrase, ()) if other != phrase and (len("".join(other)) > 2 or len(other) > 1)]
    for form in (phrase, *others):
        for value in index.cells.containing(form):
            share = len(form) / value.size
            if share < 1.0:
                yield value, 0.45 + 0.4 * share


def homophone_matches(text: str, spoken: list[Word], index: ValueIndex) -> Iterator[ValueMatch]:
    """Chinese words of three or more characters written with wrong characters of the same sound."""
    for size in index.cells.sound_sizes:
        for at in range(len(spoken) - size + 1):
            run = spoken[at : at + size]
            said = "".join(word.text for word in run)
            if len(said) == size and is_chinese(said):
                near = [value for value in index.cells.sounding(sounds(said)) if sounds_alike(said, str(value.value))]
                alike = max((in_common(said, str(value.value)) for value in near), default=0)
                yield from (match(text, run, value, 0.7) for value in near if in_common(said, str(value.value)) == alike)


def contracted_matches(text: str, spoken: list[Word], covered: set[int], index: ValueIndex, names: NameIndex) -> Iterator[ValueMatch]:
    """Short forms of Chinese cells, as 科二 for 科目二, where just one cell of a column has it and the words say nothing else."""
    for size in CONTRACTED:
        for at in range(len(spoken) - size + 1):
            run = spoken[at : at + size]
            said, phrase = "".join(word.text for word in run), tuple(word.stem for word in run)
            joined = run[-1].end - run[0].start == len(said) == size
            if not joined or not is_chinese(said) or covered & set(range(at, at + size)) or phrase in requests() or names.find(phrase):
                continue
            found = [value for value in index.cells.contracted(said) if index.cells.sizes[value.table, value.column] <= CROWDED]
            alone = [one for one in found if sum((other.table, other.column) == (one.table, one.column) for other in found) == 1]
            yield from (match(text, run, value, SHORT_FORM) for value in alone)


CONTRACTED = (2, 3)  # characters of a short form
SHORT_FORM = 0.8  # of a match with a cell


def in_common(said: str, cell: str) -> int:
    """How many characters two words have in the same places."""
    return sum(one == other for one, other in zip(said, cell, strict=False))


def state_matches(text: str, spoken: list[Word], index: ValueIndex) -> Iterator[ValueMatch]:
    """Cells that say in another form what a rate is of, as 'cancelled' for 'cancellation rate' and 'approved' for 'approval rate'."""
    for word, after in pairwise(spoken):
        if after.stem != "rate" or len(word.stem) < BEGINNING or not word.stem.isascii():
            continue
        alike = [other for other in index.cells.vocabulary if other != word.stem and other.startswith(word.stem[:BEGINNING])]
        for value in (value for other in alike for value in index.cells.whole((other,))):
            yield match(text, [word], value, 0.72)


BEGINNING = 6  # letters that two forms of a word share


def quoted_places(text: str) -> set[int]:
    """Places of characters that stand in quotation marks."""
    places: set[int] = set()
    folded = fold(text)
    for opening, closing in QUOTES.items():
        at = folded.find(opening)
        while at >= 0:
            end = folded.find(closing, at + 1)
            if end < 0:
                break
            places.update(range(at + 1, end))
            at = folded.find(opening, end + 1)
    return places


COUNTRIES = ("US", "UK", "EU", "UAE")
"""Short names that stand for longer ones where they are written in capitals."""
PERSONAL = frozenset(("age", "email", "phone", "birth date", "salary", "manager"))
"""What is said of people; a column holds it or nothing does."""
PRONOUNS = frozenset(("them", "these", "those", "theirs", "ones", "others"))
"""Words whose root a header may share by chance, as 'them' does that of a theme."""
GRAMMAR = frozenset(("no", "not", *"是否有无不没的在了一个"))
ARTICLES = frozenset(("a", "A", "I", "i"))
"""An article or the person who asks, where no quotation marks say otherwise; a capital A inside a sentence can be a grade."""
UNITS = frozenset(
    ("dollar", "euro", "pound", "yuan", "yen", "cent", "buck", "percent", "kilogram", "kilo", "gram", "ton", "meter", "metre", "mile",
     "kilometer", "kilometre", "foot", "inch", "centimeter", "centimetre", "liter", "litre", "second", "minute", "degree", "million")
)  # fmt: skip
"""Words that say what a number counts; in '50 dollars' they name no column."""
GENERAL = UNITS | frozenset(
    ("number", "amount", "name", "value", "word", "letter", "list", "total", "record", "row", "column", "table", "entry", "data",
     "database", "information", "info", "detail", "listed", "following")
)  # fmt: skip
"""Words that could stand for anything in a table."""
SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "by",
        "for",
        "to",
        "and",
        "or",
        "is",
        "are",
        "was",
        "were",
        "be",
        "with",
        "from",
        "as",
        "it",
        "its",
        "that",
        "this",
        "those",
        "these",
        "which",
        "who",
        "what",
        "how",
        "many",
        "much",
        "do",
        "does",
        "did",
        "not",
        "no",
        "all",
        "any",
        "each",
        "every",
        "per",
        "than",
        "more",
        "less",
        "most",
        "least",
        "show",
        "list",
        "give",
        "find",
        "me",
        "i",
        "we",
        "you",
        "there",
        "their",
        "they",
        "his",
        "her",
        "have",
        "has",
        "had",
    ]
)
