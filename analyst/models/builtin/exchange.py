"""A question that was asked back before it was answered, written as 'question | asked back | reply': which words are meant in the end."""

from __future__ import annotations

import re

MARK = " | "
AGREES = re.compile(
    r"\W*(?:(?:yes|yep|yeah|exactly|correct|right|sure|ok(?:ay)?|please|that(?: i|')s right|of course|indeed|"
    r"是的?|对的?|没错|好的?|可以)\W*)+",
    re.I,
)
ASKED_BACK = re.compile(
    r"\W*(?:(?:do|did|would|could|are) you (?:mean|want|like|asking|need)(?: for)?(?: to)?(?: know| show| see| have)?|you want|"
    r"[你您]是指|[你您]是说|是指)\W*",
    re.I,
)
PLEASANTRY = re.compile(
    r"^(?:(?:ok(?:ay)?|great|nice|good|cool|sure|thanks?(?: you)?(?: for that| very much| so much)?|excellent|awesome|perfect|wonderful|"
    r"alright|all right|hi(?: there)?|hello|hey|yes|yep|no|hmm+|well|wow|interesting|i see|got it|right|sorry|oh|"
    r"好的?|嗯+|哦+|谢谢你?|多谢|太好了|不错|很好|挺好|明白了|知道了|了解|原来如此|可以|行|对|是的|你好|您好|请问)[\s,.!;:。！，、；~…]+)+",
    re.I,
)
"""What is said before the question itself."""
ENDED = re.compile(r"[,.!;:。！，、；~…]\s*$")
"""A sign that ends what was said before: 'Right, how many' opens with a pleasantry, 'right handed players' does not."""
FULL = 5  # words, from which a reply is a question of its own
Span = tuple[int, int]


def spans_meant(text: str) -> list[Span]:
    """Where the words stand that are meant: what was agreed to, a reply that says all, else the question and its reply."""
    parts = spans(text)
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        opening = PLEASANTRY.match(text)
        apart = opening is not None and ENDED.search(opening[0]) and opening.end() < len(text)
        return [(opening.end(), len(text))] if opening and apart else parts
    reply = text[slice(*last)]
    if AGREES.fullmatch(reply):
        start, end = parts[-2]
        opening = ASKED_BACK.match(text, start, end)
        return [(opening.end() if opening else start, end)]
    return [last] if len(reply.split()) >= FULL else [first, last]


def spans(text: str) -> list[Span]:
    """Where each part of an exchange stands; all of the text where it is none."""
    found, start = [], 0
    for mark in re.finditer(re.escape(MARK), text):
        found.append((start, mark.start()))
        start = mark.end()
    return [*found, (start, len(text))]


def meant(text: str) -> str:
    """The words that are meant in the end."""
    return " ".join(text[start:end] for start, end in spans_meant(text))
