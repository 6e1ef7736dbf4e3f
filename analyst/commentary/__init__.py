"""Facts -> two to five sentences in the question's language; and the check that a text holds no number that facts do not hold."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from analyst.commentary.claims import COUNTED, unheld_numbers
from analyst.commentary.sentences import (
    BLANK,
    COMMA,
    COUNTED_STEPS,
    DAY,
    DAYS,
    POINTS,
    RELATIONS,
    SENTENCES,
    STEPS,
    STRENGTHS,
    SURENESS,
    WHOLE,
)
from analyst.commentary.spoken import digits, percent, spoken, spoken_name
from analyst.terms import NO_VALUE, Bilingual, Caution, ChartSpec, Fact, Facts, Language, Question
from analyst.writing.periods import Grain, period_label

AT_LEAST = 2  # sentences; where there is less to say, the number of rows is said
AT_MOST = 5  # sentences; more are not read
WITHOUT_A_VALUE = Bilingual("(no value)", "（无值）")
VERY_SURE = 0.01
AN_ALIAS = 1  # characters; a column called b says nothing before its values
WEIGHT: Mapping[str, int] = {
    "empty": 0, "level": 0, "change": 1, "partial": 2, "trend": 3, "extremes": 4, "correlation": 0, "distribution": 0, "constant": 1,
    "share": 5, "peak": 5, "season": 6, "top_share": 6, "outlier": 7, "last_change": 8, "outliers": 8, "spread": 9, "concentration": 10,
    "gaps": 11, "missing": 12, "caution": 5, "tied": 6, "range": 9, "no cause": 3, "count": 20, "single": 21,
    "name": 0,
}  # fmt: skip
"""What is kept where more could be said: the lowest first."""


def comment(facts: Facts, question: Question, chart: ChartSpec, cautions: tuple[Caution, ...] = ()) -> str:
    """What the facts say, in the language of the question; the same facts and question always give the same words."""
    author = Author(question, chart)
    said = [*author.sentences(spelled_out(facts, question.language)), *_warnings(facts, question.language, cautions)]
    partial = [sentence for sentence in said if sentence[0] == "partial"]
    said = [sentence for sentence in said if sentence[0] != "partial"] + partial[:1]  # said once, for all measures, after them
    if len(said) > AT_LEAST:
        said = [(kind, words) for kind, words in said if kind != "count"]
    kept = sorted(sorted(range(len(said)), key=lambda place: (WEIGHT.get(said[place][0], 15), place))[:AT_MOST])
    separator = " " if question.language == "en" else ""
    return separator.join(said[place][1] for place in kept)


def spelled_out(facts: Facts, language: Language) -> Facts:
    """The facts with words for the rows whose cell is missing."""
    words = WITHOUT_A_VALUE.in_language(language)
    return Facts(
        tuple(replace(fact, labels={name: text.replace(NO_VALUE, words) for name, text in fact.labels.items()}) for fact in facts.findings)
    )


def check_numbers(text: str, facts: Facts) -> tuple[str, ...]:
    """The numbers of a text, as written there, that the facts do not hold; empty if all are held.

    Rounding, units, percent signs, separators, K/M/万/亿 and Chinese numerals are understood; periods that are labels may be named.
    """
    return unheld_numbers(text, facts)


def _warnings(facts: Facts, language: Language, cautions: Sequence[Caution]) -> Iterator[tuple[str, str]]:
    """The first caution, unless a fact says it already or it holds numbers of its own."""
    told = {fact.kind for fact in facts.findings}
    for caution in cautions[:1]:
        words = caution.message.in_language(language)
        if not (caution.kind == "partial_period" and "partial" in told) and not check_numbers(words, facts):
            yield "caution", words


class Author:
    """Writes the sentences of one commentary: language, units and turns of phrase stay the same throughout."""

    def __init__(self, question: Question, chart: ChartSpec) -> None:
        self.language: Language = question.language
        self.chart = chart
        self.seed = question.text

    def sentences(self, facts: Facts) -> Iterator[tuple[str, str]]:
        """Each sentence with its kind."""
        findings = list(facts.findings)
        extremes = [fact for fact in findings if fact.kind in ("extreme_high", "extreme_low") and fact.numbers["ties"] == 1]
        for place, fact in enumerate(findings):
            following = findings[place + 1] if place + 1 < len(findings) else None
            yield from self._sentences_of(fact, following, extremes, alone=len(findings) == 1)

    def _sentences_of(self, fact: Fact, following: Fact | None, extremes: list[Fact], alone: bool) -> Iterator[tuple[str, str]]:
        match fact.kind:
            case "level":
                yield "level", self._say("level of" if "category" in fact.labels else "level", self._common(fact))
                if alone:
                    yield "single", self._say("single", {})
            case "change" | "last_change":
                yield fact.kind, self._say(f"{fact.kind} {_way(fact)}", self._change(fact))
            case "trend":
                yield "trend", self._say(f"trend {fact.labels['direction']}", self._trend(fact))
            case "extreme_high" if following and following.kind == "extreme_low":
                yield from self._extremes(fact, following)
            case "correlation":
                yield "correlation", self._say(f"correlation {fact.labels['direction']}", self._common(fact, RELATIONS))
                if fact.labels["direction"] in ("up", "down"):
                    yield "no cause", self._say("no cause", {})
            case "distribution":
                yield "distribution", self._say("distribution", self._common(fact))
                yield "range", self._say("range", self._common(fact))
            case "count":
                yield from self._count(fact, alone)
            case "extreme_low" | "extreme_high":
                return
            case "partial":
                ends = [end for end in ("since", "until") if end in fact.labels]
                yield "partial", self._say(f"partial {ends[0] if len(ends) == 1 else 'both'}", self._common(fact))
            case "share":
                yield "share", self._say("share shown" if "shown" in fact.labels else "share", self._common(fact))
            case "outlier":
                at = fact.labels.get("period", fact.labels.get("category"))
                again = any(at == (other.labels.get("period") or other.labels.get("category")) for other in extremes)
                yield "outlier", self._say("outlier again" if again else "outlier", self._common(fact))
            case kind if kind in SENTENCES:
                yield kind, self._say(kind, self._common(fact))

    def _say(self, key: str, words: Mapping[str, str]) -> str:
        """One of the ways to say it, filled."""
        ways = SENTENCES[key]
        chosen = hashlib.sha256(f"{self.seed}|{key}".encode()).digest()[0] % len(ways)
        sentence = ways[chosen].in_language(self.language).format_map(words)
        return sentence[:1].upper() + sentence[1:] if self.language == "en" else sentence

    # -------------------------------------------------------------------------------------------- filling
    def _common(self, fact: Fact, strengths: Mapping[str, Bilingual] = STRENGTHS) -> dict[str, str]:
        """Every number and label of a fact as words."""
        unit = self._unit(fact)
        words = {
            name: digits(number) if name in COUNTED else percent(number) if name == "percent" else spoken(number, self.language, unit)
            for name, number in fact.numbers.items()
        }
        for name in ("start", "end", "period", "category", "high", "low", "since_period", "until_period"):
            if name in fact.labels:
                words[name] = self._label(fact.labels[name], fact.labels.get("grain", ""), fact.labels.get("dimension", ""))
        if "r" in fact.numbers:
            words["r"] = f"{fact.numbers['r']:.2f}"
        if "strength" in fact.labels:
            words["strength"] = strengths[fact.labels["strength"]].in_language(self.language)
        if "categories" in fact.labels:
            words["categories"] = COMMA.in_language(self.language).join(
                self._label(name, "", fact.labels.get("dimension", "")) for name in fact.labels["categories"].split("\n")
            )
        for name in {"until", "since"} & set(fact.labels):
            words[name] = period_label(fact.labels[name], "day", self.language)
        grain = fact.labels.get("grain", "")
        names = {
            "step": STEPS.get(grain, DAY).in_language(self.language),
            "steps": COUNTED_STEPS.get(grain, DAYS).in_language(self.language),
            "measure": self._measure(fact),
            "dimension": self._name(fact.labels.get("dimension", "")),
        }
        names["other"] = self._name(fact.labels.get("other", ""))
        names["group"] = fact.labels.get("group", "") or BLANK.in_language(self.language)
        names["at"] = words.get("period") or words.get("category") or BLANK.in_language(self.language)
        names["Measure"] = names["measure"][:1].upper() + names["measure"][1:]
        words["Periods"] = words.get("periods", "")
        words["when"] = f"{'on' if grain in ('day', 'minute', 'week') else 'in'} {names['at']}"
        return {**names, **words}

    def _change(self, fact: Fact) -> dict[str, str]:
        words = self._common(fact)
        if "percent" in fact.numbers:
            words["by"] = percent(abs(fact.numbers["percent"]))
        else:
            words["by"] = self._difference(fact, abs(fact.numbers["difference"]))
        return words

    def _difference(self, fact: Fact, size: float) -> str:
        """A difference with its unit; of percentages it is counted in percentage points."""
        if self._unit(fact) == "%":
            return POINTS.in_language(self.language).format(digits(size))
        return spoken(size, self.language, self._unit(fact))

    def _trend(self, fact: Fact) -> dict[str, str]:
        words = self._common(fact)
        if "slope" in fact.numbers:
            words["slope"] = self._difference(fact, abs(fact.numbers["slope"]))
            words["sure"] = SURENESS[fact.numbers["p"] < VERY_SURE].in_language(self.language)
        return words

    def _extremes(self, high: Fact, low: Fact) -> Iterator[tuple[str, str]]:
        """Highest and lowest in one sentence; ties in one of their own, in place of a name that is one of several."""
        words = self._common(high)
        for end, fact in (("high", high), ("low", low)):
            own = self._common(fact)
            words |= {end: own["value"], f"{end}_at": own["at"], f"{end}_when": own["when"]}
        named = "period" if "period" in high.labels else "category" if "category" in high.labels or "category" in low.labels else ""
        tied = [fact for fact in (high, low) if fact.numbers["ties"] > 1]
        if tied:
            named = ""
        named = "category shown" if named == "category" and "shown" in high.labels else named
        yield "extremes", self._say(f"extremes {named}".strip(), words)
        for fact in tied:
            yield "tied", self._say("tied high" if fact is high else "tied low", self._common(fact))

    def _count(self, fact: Fact, alone: bool) -> Iterator[tuple[str, str]]:
        one = fact.numbers["rows"] == 1
        key = "count cut" if "truncated" in fact.labels else "count one" if one else "count"
        yield "missing" if key == "count cut" else "count", self._say(key, self._common(fact))
        if alone and not one:
            yield "count", self._say("look", {})

    def _measure(self, fact: Fact) -> str:
        name = self._name(fact.labels.get("measure", ""))
        return WHOLE.in_language(self.language).format(name) if "whole" in fact.labels else name

    def _name(self, column: str) -> str:
        return spoken_name(column, self.language)

    def _unit(self, fact: Fact) -> str:
        return fact.labels.get("unit") or self.chart.units.get(fact.labels.get("measure", ""), "")

    def _label(self, label: str, grain: str, dimension: str = "") -> str:
        if not label:
            return BLANK.in_language(self.language)
        label = re.sub(r"\.0$", "", label) if re.fullmatch(r"-?[0-9]+\.0", label) else label
        if (
            not grain and len(dimension) > AN_ALIAS and re.fullmatch(r"[0-9]+(\.[0-9]+)?", label)
        ):  # "5" alone would read as a number, not as a rating
            return f"{self._name(dimension)} {label}" if self.language == "en" else f"{self._name(dimension)}{label}"
        known: Grain | None = next((kind for kind in get_args(Grain) if kind == grain), None)
        return period_label(label, known, self.language) if known else label


def _way(fact: Fact) -> str:
    difference = fact.numbers["difference"]
    return "up" if difference > 0 else "down" if difference < 0 else "none"
