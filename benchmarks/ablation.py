"""What each part of the built-in model brings: strict accuracy on public questions without one part at a time.

    python -m benchmarks.ablation [--items ../shared/bench/public] [--suite NAME ...] [--every N]

It reaches into the built-in model and goes where that goes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import analyst.linking
import analyst.models.builtin.confidence
import analyst.models.builtin.model as builtin_model
import analyst.words.names
import analyst.words.spelling
import analyst.words.values
from benchmarks.accuracy import ITEMS, SUITES, items_of
from benchmarks.asking import asked
from benchmarks.judging import figures, percent


def nothing(*_: object, **_named: object) -> Iterator[Any]:
    """Nothing at all, in the place of a part that is left out."""
    return iter(())


PARTS: dict[str, Callable[[], tuple[object, str, object]]] = {
    "synonyms of headers": lambda: (analyst.words.names, "synonym_phrases", nothing),
    "word vectors": lambda: (analyst.linking, "near_matches", nothing),
    "other words for values": lambda: (analyst.words.values.CellIndex, "alike", lambda *_: []),
    "parts of values": lambda: (analyst.linking, "free_runs", nothing),
    "corrected spelling": lambda: (analyst.words.spelling.Speller, "correct", lambda *_: None),
    "other readings": lambda: (builtin_model, "TRIED", 1),
    "weighed plans": lambda: (builtin_model, "applies", lambda *_: False),
    "the encoder": lambda: (builtin_model, "beliefs_on", lambda *_: None),
    "names for keys": lambda: (builtin_model, "introduced", lambda _, plan: plan),
    "learned order of follow-ups": lambda: (analyst.models.builtin.confidence, "reordered", lambda found, *_: found),
    "the query before": lambda: (builtin_model, "read_back", lambda *_: None),
}
"""Parts of the model and how each is left out."""


@contextmanager
def without(part: str) -> Iterator[None]:
    """Leave a part out for a while."""
    owner, name, stand_in = PARTS[part]()
    kept = getattr(owner, name)
    setattr(owner, name, stand_in)
    try:
        yield
    finally:
        setattr(owner, name, kept)


def main(arguments: list[str]) -> int:
    """Print a table in Markdown, one line a part."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description=__doc__)
    parser.add_argument("--items", type=Path, default=ITEMS)
    parser.add_argument("--suite", nargs="*", default=list(SUITES))
    parser.add_argument("--every", type=int, default=8)
    options = parser.parse_args(arguments)
    if not options.items.is_dir():
        print(f"The public questions are not at {options.items.resolve()}; nothing was measured.", file=sys.stderr)
        return 0
    print(f"Strict % on seen questions, one in {options.every}\n")
    print("| | " + " | ".join(options.suite) + " |\n|---|" + "---|" * len(options.suite))
    for part in (None, *PARTS):
        with without(part) if part else nullcontext():  # one process throughout: what is left out is left out of this one
            shares = [figures(asked(items_of(suite, options.items, options.every), options.items)).strict for suite in options.suite]
        print(f"| {f'without {part}' if part else 'all parts'} | {' | '.join(map(percent, shares))} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
