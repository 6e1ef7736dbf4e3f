"""`make bench-accuracy`: how often a model is right on public questions, per suite and skill. These are questions that were looked at.

    python -m benchmarks.accuracy [--items ../shared/bench/public] [--suite NAME ...] [--every N] [--workers N] [--write docs/benchmarks.md]

The public questions lie outside the repository; where they are not found, that is said and nothing is measured. What was read, fitted
or chosen on them says little of new tables: docs/benchmarks.md has the figures of tables that nobody has seen first.
"""

from __future__ import annotations

import argparse
import datetime
import platform
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.asking import asked
from benchmarks.judging import Item, Judged, figures, percent, read_lines, right

ITEMS = Path("../shared/bench/public")
SUITES = ("bi.dev", "nvbench.dev", "retqa.validation", "spider.dev", "spider_syn.dev", "sparc.dev", "cosql.dev", "chase.dev", "defog.test")
COVERAGE = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
START, END = "<!-- accuracy -->", "<!-- /accuracy -->"


def main(arguments: list[str]) -> int:
    """Measure, print, and write where asked to."""
    options = read_arguments(arguments)
    if not options.items.is_dir():
        print(f"The public questions are not at {options.items.resolve()}; nothing was measured.", file=sys.stderr)
        return 0
    runs = {suite: asked(items_of(suite, options.items, options.every), options.items, workers=options.workers) for suite in options.suite}
    text = report(runs, options.every)
    print(text)
    if options.write:
        write_section(options.write, text)
    return 0


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.accuracy", description=__doc__)
    parser.add_argument("--items", type=Path, default=ITEMS, help="the folder with the suites and their databases")
    parser.add_argument("--suite", nargs="*", default=list(SUITES), help="suites, such as bi.dev")
    parser.add_argument("--every", type=int, default=1, help="take every Nth question only")
    parser.add_argument("--workers", type=int, default=1, help="databases at a time")
    parser.add_argument("--write", type=Path, help="put the tables into this file, between its accuracy marks")
    return parser.parse_args(arguments)


def items_of(suite: str, folder: Path, every: int) -> list[Item]:
    """Every Nth item of a suite."""
    return read_lines(folder / f"{suite}.jsonl")[::every]


# ---------------------------------------------------------------------------------------- reporting
def report(runs: dict[str, list[Judged]], every: int) -> str:
    """The tables: suites, skills, the risk-coverage curve."""
    sample = f", one question in {every}" if every > 1 else ""
    lines = [f"Seen questions; {datetime.date.today()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}{sample}", ""]
    lines += [
        "| suite | questions | strict % | lenient % | strict % where DuckDB agrees | chart mark % | p50 ms | p95 ms |",
        "|---|---|---|---|---|---|---|---|",
        *(suite_line(suite, pairs) for suite, pairs in runs.items()),
    ]
    everything = [pair for pairs in runs.values() for pair in pairs]
    declined = figures([pair for pair in everything if pair[0]["suite"] in ("bi", "defog")])
    lines += ["", f"Declining: precision {percent(declined.declined_rightly)} %, recall {percent(declined.due_declined)} %."]
    return "\n".join([*lines, "", *skill_lines(everything), "", *curve_lines(everything), ""])


def suite_line(suite: str, pairs: list[Judged]) -> str:
    """The figures of one suite."""
    found, agreed = figures(pairs), figures([pair for pair in pairs if pair[0].get("duckdb_same")])
    shares = " | ".join(map(percent, (found.strict, found.lenient, agreed.strict, found.mark)))
    return f"| {suite} | {found.questions} | {shares} | {round(1000 * found.p50)} | {round(1000 * found.p95)} |"


def skill_lines(pairs: list[Judged]) -> Iterator[str]:
    """How often each skill succeeds, where items say what they need."""
    by_skill: dict[str, list[bool]] = defaultdict(list)
    for item, answer in pairs:
        for skill in [*item.get("skills", ()), *([f"language: {item['language']}"] if item.get("skills") else [])]:
            by_skill[skill].append(right(item, answer))
    yield "| skill | questions | right % |"
    yield "|---|---|---|"
    for skill, hits in sorted(by_skill.items()):
        yield f"| {skill} | {len(hits)} | {percent(sum(hits) / len(hits))} |"


def curve_lines(pairs: list[Judged]) -> Iterator[str]:
    """Of the answers given with the highest confidence, what share is right."""
    answered = [(answer.get("confidence") or 0.0, right(item, answer)) for item, answer in pairs if answer["kind"] == "answer"]
    answered.sort(key=lambda pair: -pair[0])
    yield "| share answered, surest first | confidence from | right % |"
    yield "|---|---|---|"
    for share in COVERAGE:
        taken = answered[: max(1, round(share * len(answered)))]
        if taken:
            yield f"| {share:.0%} | {taken[-1][0]:.2f} | {percent(sum(hit for _, hit in taken) / len(taken))} |"


def write_section(path: Path, text: str) -> None:
    """Put the tables between the marks of a file, or at its end."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    section = f"{START}\n{text.strip()}\n{END}"
    if START in before and END in before:
        head, _, rest = before.partition(START)
        path.write_text(head + section + rest.partition(END)[2], encoding="utf-8")
    else:
        path.write_text(f"{before.rstrip()}\n\n## Accuracy on seen questions\n\n{section}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
