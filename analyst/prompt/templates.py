"""prompts/*.md as templates: a small header, then blocks with {{variables}}; what is missing is reported by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analyst.errors import AnalystError
from analyst.terms import Bilingual

FOLDER = Path(__file__).parent.parent.parent / "prompts"
HEADER = re.compile(r"---\n(?P<header>.*?)\n---\n(?P<body>.*)", re.DOTALL)
VARIABLE = re.compile(r"\{\{(\w+)\}\}")
FIELDS = ("name", "version", "purpose", "variables")


class TemplateRejected(AnalystError):
    """A prompt file lacks a header field, or its variables are not the ones it declares or is given."""


@dataclass(frozen=True, slots=True)
class Template:
    """One prompt file."""

    name: str
    version: int
    purpose: str
    variables: tuple[str, ...]
    blocks: tuple[str, ...]
    """The body, cut at blank lines."""

    def fill(self, values: Mapping[str, str]) -> str:
        """The text; a block whose variables are all empty is left out. Raises TemplateRejected for missing variables, by name."""
        missing = [variable for variable in self.variables if variable not in values]
        if missing:
            names = ", ".join(missing)
            raise TemplateRejected(Bilingual(f"The prompt {self.name} was not given: {names}.", f"提示词 {self.name} 缺少变量：{names}。"))
        return "\n\n".join(filter(None, (fill_block(block, values) for block in self.blocks)))


def fill_block(block: str, values: Mapping[str, str]) -> str:
    """A block with its variables filled in; empty if it has variables and all of them are empty."""
    names = VARIABLE.findall(block)
    if names and not any(values[name] for name in names):
        return ""
    return VARIABLE.sub(lambda match: values[match[1]], block)


def read_template(text: str, origin: str) -> Template:
    """The template a prompt file holds; `origin` names the file in errors. Raises TemplateRejected."""
    match = HEADER.fullmatch(text.replace("\r\n", "\n").strip() + "\n")
    if not match:
        raise rejected(origin, "it does not open with a header between two lines of ---", "开头缺少两行 --- 之间的说明")
    header = dict(line.split(":", 1) for line in match["header"].splitlines() if ":" in line)
    fields = {key.strip(): value.strip() for key, value in header.items()}
    absent = [field for field in FIELDS if field not in fields]
    if absent or not fields["version"].isdigit():
        lacking = ", ".join(absent)
        raise rejected(origin, f"its header lacks {lacking or 'a whole number as version'}", f"说明缺少 {lacking or '整数 version'}")
    declared = tuple(filter(None, (word.strip() for word in fields["variables"].split(","))))
    used = set(VARIABLE.findall(match["body"]))
    if used != set(declared):
        differing = ", ".join(sorted(used ^ set(declared)))
        raise rejected(origin, f"declared and used variables differ: {differing}", f"声明的变量与使用的不一致：{differing}")
    blocks = tuple(block.strip("\n") for block in re.split(r"\n\s*\n", match["body"]) if block.strip())
    return Template(fields["name"], int(fields["version"]), fields["purpose"], declared, blocks)


def rejected(origin: str, reason: str, reason_zh: str) -> TemplateRejected:
    """The error for a prompt file that cannot be used."""
    return TemplateRejected(
        Bilingual(f"The prompt {origin} cannot be used: {reason}.", f"提示词 {origin} 无法使用：{reason_zh}。"),
        Bilingual("docs/prompts.md says how a prompt file is written.", "写法见 docs/prompts.md。"),
    )


@lru_cache
def shipped_template(name: str) -> Template:
    """The template of that name in prompts/."""
    path = FOLDER / f"{name}.md"
    return read_template(path.read_text(encoding="utf-8"), path.name)
