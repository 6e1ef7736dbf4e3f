"""How many questions of each set are answered right; ends with 1 where a set is below its threshold.

    python -m benchmarks.questions [SET ...] [--model builtin] [--every N] [--workers N] [--wrong]

A set whose questions were worked on while they were looked at shows what once worked and still does, nothing of new tables.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.asking import asked
from benchmarks.judging import Figures, Judged, figures, percent, right
from benchmarks.questions.sets import FOLDER, THRESHOLDS, Set, names, read_set, thresholds

HEAD = "| set | language | questions | right % | at least | declined: rightly %, of those due % | p50 ms | |\n" + "|---" * 8 + "|"


def main(arguments: Sequence[str], folder: Path = FOLDER) -> int:
    """Ask, print a table in Markdown; 1 where a set is below its threshold, 2 where there is no such set."""
    options = read_arguments(arguments, names(folder))
    if unknown := [name for name in options.sets if name not in names(folder)]:
        print(f"No set is called {', '.join(unknown)}. There are: {', '.join(names(folder))}", file=sys.stderr)
        return 2
    least = thresholds(folder / THRESHOLDS.name)
    print(HEAD)
    everything: list[Judged] = []
    below = 0
    for name in options.sets:
        one = read_set(name, folder)
        pairs = asked(one.items[:: options.every], one.folder, options.model, options.workers)
        found = figures(pairs)
        missed = options.every == 1 and 100 * (found.right or 0.0) < least.get(name, 0.0)
        print(row(one, found, least.get(name), missed), flush=True)
        everything += pairs
        below += missed
    print(f"\nOf all {len(everything)}: {percent(figures(everything).right)} % right.")
    if options.wrong:
        print(*wrong(everything), sep="\n")
    return 1 if below else 0


def read_arguments(arguments: Sequence[str], known: list[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions", description=__doc__)
    parser.add_argument("sets", nargs="*", default=known, help="sets by name; all where none is named")
    parser.add_argument("--model", default="builtin", help="builtin, or the URL of a model server")
    parser.add_argument("--every", type=int, default=1, help="take every Nth question; thresholds then do not hold")
    parser.add_argument("--workers", type=int, default=1, help="databases at a time")
    parser.add_argument("--wrong", action="store_true", help="list the questions that are answered wrongly")
    return parser.parse_args(arguments)


def row(one: Set, found: Figures, least: float | None, missed: bool) -> str:
    """One line of the table."""
    declined = f"{percent(found.declined_rightly)}, {percent(found.due_declined)}"
    bound = "-" if least is None else f"{least:g}"
    cells = [one.name, one.languages, found.questions, percent(found.right), bound, declined, round(1000 * found.p50)]
    return f"| {' | '.join(map(str, cells))} | {'below' if missed else ''} |"


def wrong(pairs: Sequence[Judged]) -> list[str]:
    """The questions that are not answered right, with what was given."""
    return [
        f"{item['id']}: {item['question']}\n    {answer['kind']}: {answer.get('sql') or answer.get('message', '')}"
        for item, answer in pairs
        if not right(item, answer)
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
