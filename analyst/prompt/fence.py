"""Words that came from data or from a person, made safe to stand inside a prompt: they can end no fence and open no turn."""

from __future__ import annotations

import re
import unicodedata

LONGEST_VALUE = 60  # characters; a longer cell is free text, and its head says as much about the column

QUOTES = re.compile(r'"(?="")|(?<="")"|(?<=")"(?=")')
TAG = re.compile(r"<(?=[A-Za-z/|｜!_<])")
"""Model servers read <|im_end|>, </s> or <think> as marks of their own wherever they stand in the text."""
BRACKETED_MARK = re.compile(r"\[(?=/?[A-Z_]{3,}\])")
ORDERS = re.compile(
    r"(?i)\b(ignore|disregard|forget|override)\b.{0,40}\b(previous|above|prior|earlier|instruction|prompt|rule)"
    r"|\b(system|developer)\s*(prompt|message|instruction)|\byou are (now|an? )|\bnew instructions?\b|\bdo not (obey|follow)\b"
    r"|(忽略|无视|忘记|不要理会).{0,20}(指令|提示|规则|要求|以上|上面|之前)|系统提示|你现在是|新的指令"
)


def one_line(text: str) -> str:
    """The text on one line, without invisible characters and with nothing in it that ends a fence or opens a turn."""
    visible = "".join(" " if character.isspace() else character for character in text if not invisible(character))
    marked = BRACKETED_MARK.sub("⟦", TAG.sub("‹", " ".join(visible.split()) if visible != text or "  " in text else visible))
    return QUOTES.sub("″", marked) if '"""' in marked else marked


def several_lines(text: str) -> str:
    """The same, keeping line breaks; blank lines are dropped, since a blank line ends a block of the prompt."""
    return "\n".join(filter(None, (one_line(line) for line in text.splitlines())))


def invisible(character: str) -> bool:
    """Control and format characters, such as right-to-left marks and zero-width spaces; white space is none of them."""
    return unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs") and not character.isspace()


def gives_orders(text: str) -> bool:
    """Whether a cell reads as if it spoke to the model rather than of the data."""
    return len(text) > 8 and bool(ORDERS.search(text))


def shortened(text: str) -> str:
    """The head of a long cell."""
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
