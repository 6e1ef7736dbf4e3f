"""What is known of a table of a delimited file before its cells are read, and what is said of its header."""

from __future__ import annotations

from dataclasses import replace

from connectors.files.header import Header
from connectors.files.staging import Draft
from connectors.files.textfile import Text
from connectors.wording import Bilingual

SHOWN = 60
"""Characters of a line that is left out."""


def draft_of(text: Text, draft: Draft, *notes: Bilingual) -> Draft:
    """The draft with what the text says of the table."""
    return replace(
        draft,
        headers=text.header.headers,
        units=text.header.units,
        encoding=text.encoding,
        delimiter=text.dialect.delimiter,
        skipped_lines=text.first_line - 1 - text.header.lines if text.header.skipped else 0,
        header_lines=text.header.lines,
        notes=(*notes, *left_out_above(text.above), *header_notes(text.header), *text.notes),
    )


def left_out_above(above: tuple[str, ...]) -> list[Bilingual]:
    """That lines above the header are no part of the table, with the first of them."""
    if not above:
        return []
    shown = above[0][:SHOWN] + ("…" if len(above) > 1 or len(above[0]) > SHOWN else "")
    lines = "1 line above the header was" if len(above) == 1 else f"{len(above)} lines above the header were"
    return [Bilingual(f"{lines} left out: “{shown}”.", f"表头之前的 {len(above)} 行已略过：“{shown}”。")]


def header_notes(header: Header) -> list[Bilingual]:
    """What was made of several header lines."""
    notes = []
    if header.merged:
        notes.append(Bilingual("Several header lines were joined into one.", "多行表头已合并为一行。"))
    if header.units_row:
        notes.append(Bilingual("The line under the header is read as units.", "表头下方的一行作为单位。"))
    return notes
