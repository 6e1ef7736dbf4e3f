"""Characters that two parsers may take for different things: blanks that are none, letters that turn into others."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from sqlglot.tokenizer_core import Token

PLAIN_BLANKS = frozenset(" \t\r\n")
QUOTES = ("'", '"', "$")
BLANK_OR_UNSEEN = frozenset("ZC")
"""First letters of Unicode's categories of separators, and of controls, formats and what is not assigned."""


def hidden_character(sql: str, tokens: list[Token]) -> str:
    """The first such character outside quotation marks, by its number in Unicode; empty if there is none."""
    gaps = "".join(sql[before.end + 1 : after.start] for before, after in pairwise(tokens))
    words = "".join(sql[token.start : token.end + 1] for token in tokens if not _is_quoted(sql, token))
    found = next((one for one in gaps if one not in PLAIN_BLANKS), "") or next(filter(_is_hidden, words), "")
    return f"U+{ord(found):04X}" if found else ""


def _is_quoted(sql: str, token: Token) -> bool:
    # A letter may stand before the quotation mark: E'…', X'…'
    return sql[token.start : token.start + 2].lstrip("eExXbBnNrRuU")[:1] in QUOTES


def _is_hidden(character: str) -> bool:
    if character.isascii():
        return not character.isprintable() and character not in PLAIN_BLANKS
    turned = character.casefold() + character.lower() + character.upper()
    return unicodedata.category(character)[0] in BLANK_OR_UNSEEN or any(one.isascii() for one in turned)
