"""What can be laid beside a word piece, an item and a pair of pieces; the places of these names are the rows of learned weights."""

from __future__ import annotations

from enum import IntEnum, auto


class Marked(IntEnum):
    """Counts from 0, so that a name is a bit and a row."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[int]) -> int:
        return count


class Mark(Marked):
    """What holds of a word piece: where it stands, what its column is, what the code found for it."""

    QUESTION = auto()
    EARLIER_QUESTION = auto()
    EARLIER_PLAN = auto()
    TABLE = auto()
    COLUMN = auto()
    COLUMN_GOES_ON = auto()
    CELL = auto()
    INTEGER = auto()
    NUMBER = auto()
    TEXT = auto()
    BOOLEAN = auto()
    DATE = auto()
    TIME = auto()
    OTHER = auto()
    IS_DIMENSION = auto()
    IS_MEASURE = auto()
    IS_TIME = auto()
    IS_IDENTIFIER = auto()
    IS_PROSE = auto()
    KEY = auto()
    CHILD = auto()
    PARENT = auto()
    TWO_VALUES = auto()
    FEW_VALUES = auto()
    SOME_VALUES = auto()
    SOME_MISSING = auto()
    YEARS = auto()
    HEADER_WHOLE = auto()
    HEADER_STEM = auto()
    HEADER_PART = auto()
    HEADER_ABBREVIATION = auto()
    HEADER_SYNONYM = auto()
    HEADER_BEST = auto()
    HEADER_ONLY = auto()
    TABLE_WHOLE = auto()
    TABLE_PART = auto()
    CELL_EXACT = auto()
    CELL_STEM = auto()
    CELL_PART = auto()
    CELL_PREFIX = auto()
    CELL_FUZZY = auto()
    CELL_INITIALS = auto()
    CELL_ALIAS = auto()
    CELL_ADJECTIVE = auto()
    CELL_SOUND = auto()
    CELL_CODE = auto()
    CELL_BEST = auto()
    CELL_ONLY = auto()
    SAID_NUMBER = auto()
    SAID_SHARE = auto()
    SAID_UNIT = auto()
    SAID_TEXT = auto()
    PERIOD_FIXED = auto()
    PERIOD_RECURRING = auto()
    PERIOD_RELATIVE = auto()
    EARLIER = auto()


class ItemMark(Marked):
    """What holds of something a plan can point at."""

    TABLE = auto()
    COLUMN = auto()
    VALUE = auto()
    NUMBER = auto()
    TEXT = auto()
    CELL = auto()
    SHOWN = auto()
    PERIOD_FIXED = auto()
    PERIOD_RECURRING = auto()
    PERIOD_RELATIVE = auto()
    EARLIER = auto()
    EXACT = auto()
    NEAR = auto()
    PARTLY = auto()
    OTHERWISE = auto()
    SURE = auto()
    LIKELY = auto()
    BEST = auto()
    YEAR = auto()


class Link(Marked):
    """How a piece stands to another one: a bias of the attention from the first to the second."""

    SAME_COLUMN = auto()
    SAME_TABLE = auto()
    KEY = auto()
    JOINED = auto()
    WORD_HEADER = auto()
    WORD_HEADER_PART = auto()
    HEADER_WORD = auto()
    HEADER_PART_WORD = auto()
    WORD_TABLE = auto()
    TABLE_WORD = auto()
    WORD_CELL_COLUMN = auto()
    CELL_COLUMN_WORD = auto()
    WORD_CELL = auto()
    CELL_WORD = auto()
    COLUMN_TABLE = auto()
    EARLIER_ITEM = auto()


HEADER_MARKS = {how: Mark[f"HEADER_{how.upper()}"] for how in ("whole", "stem", "part", "abbreviation", "synonym")}
CELL_HOWS = ("exact", "stem", "part", "prefix", "fuzzy", "initials", "alias", "adjective", "sound", "code")
CELL_MARKS = {how: Mark[f"CELL_{how.upper()}"] for how in CELL_HOWS}
CELL_ITEM_MARKS = {
    "exact": ItemMark.EXACT,
    "stem": ItemMark.EXACT,
    "fuzzy": ItemMark.NEAR,
    "sound": ItemMark.NEAR,
    "part": ItemMark.PARTLY,
    "prefix": ItemMark.PARTLY,
    "initials": ItemMark.PARTLY,
}
"""Other ways to speak of a cell, such as codes and adjectives, are OTHERWISE."""
PERIOD_MARKS = {"absolute": Mark.PERIOD_FIXED, "recurring": Mark.PERIOD_RECURRING, "relative": Mark.PERIOD_RELATIVE}
TYPE_MARKS = {
    "integer": Mark.INTEGER,
    "number": Mark.NUMBER,
    "text": Mark.TEXT,
    "boolean": Mark.BOOLEAN,
    "date": Mark.DATE,
    "time": Mark.TIME,
    "other": Mark.OTHER,
}
ROLE_MARKS = {
    "dimension": Mark.IS_DIMENSION,
    "measure": Mark.IS_MEASURE,
    "time": Mark.IS_TIME,
    "identifier": Mark.IS_IDENTIFIER,
    "text": Mark.IS_PROSE,
}


def bits(*marks: int) -> int:
    """Marks as one number with a bit each."""
    found = 0
    for mark in marks:
        found |= 1 << mark
    return found
