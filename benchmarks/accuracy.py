"""`make bench-accuracy`: how often the built-in model is right on public questions and on our own, per suite and skill.

    python -m benchmarks.accuracy [--pack ../shared] [--every N] [--suite NAME ...] [--ablation] [--workers N] [--write docs/benchmarks.md]

The public questions and the scorer lie outside the repository; where they are not found, that is said and nothing is measured.
Our own questions (`trades.NAME`, benchmarks/trades/README.md) were written without a look at the model.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import json
import platform
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

import analyst.linking
import analyst.models.builtin.confidence
import analyst.models.builtin.model as builtin_model
import analyst.words.names
import analyst.words.spelling
import analyst.words.values
from analyst.batch import answer_file

Item = dict[str, Any]
PACK = Path("../shared")
SUITES = ("bi.dev", "nvbench.dev", "retqa.validation", "spider.dev", "spider_syn.dev", "sparc.dev", "cosql.dev", "chase.dev", "defog.test")
TRADES = Path(__file__).parent / "trades"
COVERAGE = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
START, END = "<!-- accuracy -->", "<!-- /accuracy -->"


def main(arguments: list[str]) -> int:
    """Measure, print, and write where asked to."""
    options = read_arguments(arguments)
    items_folder = options.pack / "bench" / "public"
    scorer_file = options.pack / "tools" / "score_answers.py"
    if not items_folder.is_dir() or not scorer_file.is_file():
        print(f"The public questions are not at {items_folder.resolve()}; nothing was measured.", file=sys.stderr)
        return 0
    scorer = load_module(scorer_file)
    runs = {suite: run(suite, items_folder, options.every, scorer, options.workers) for suite in (*options.suite, *options.trades)}
    text = report(runs, scorer, options.every)
    if options.ablation:
        text += ablation(options.suite, items_folder, max(options.every, 8), scorer)
    print(text)
    if options.write:
        write_section(options.write, text)
    return 0


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.accuracy", description=__doc__)
    parser.add_argument("--pack", type=Path, default=PACK, help="the folder with bench/public and tools")
    parser.add_argument("--every", type=int, default=1, help="take every Nth question only")
    parser.add_argument("--suite", nargs="*", default=list(SUITES), help="suites, such as bi.dev")
    parser.add_argument("--trades", nargs="*", default=trades(), help="our own suites, such as trades.waimai; none where empty")
    parser.add_argument("--ablation", action="store_true", help="measure again without each part, on a sample")
    parser.add_argument("--workers", type=int, default=1, help="databases at a time; the ablation always takes one")
    parser.add_argument("--write", type=Path, help="put the tables into this file, between its accuracy marks")
    return parser.parse_args(arguments)


def trades() -> list[str]:
    """Our own suites, by name."""
    return [f"trades.{path.stem}" for path in sorted(TRADES.glob("*.jsonl"))]


def load_module(path: Path) -> ModuleType:
    """The scorer, which is a script outside the repository."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


# ---------------------------------------------------------------------------------------- running
def run(suite: str, folder: Path, every: int, scorer: ModuleType, workers: int = 1) -> list[tuple[Item, Item]]:
    """The items of a suite with their answers, given through the batch protocol."""
    own = suite.startswith("trades.")
    folder = TRADES if own else folder
    items_file = folder / f"{suite.removeprefix('trades.') if own else suite}.jsonl"
    items = [item for number, item in enumerate(scorer.read_jsonl(items_file)) if number % every == 0]
    join_values(items, items_file, scorer)
    with tempfile.TemporaryDirectory() as temporary:
        requests, answers = Path(temporary) / "requests.jsonl", Path(temporary) / "answers.jsonl"
        requests.write_text("".join(json.dumps(request(item, folder)) + "\n" for item in items), encoding="utf-8")
        answer_file(requests, answers, workers=workers)
        given = {answer["id"]: answer for answer in scorer.read_jsonl(answers)}
    return [(item, given.get(item["id"], {"kind": "missing"})) for item in items]


def request(item: Item, folder: Path) -> Item:
    """What the system is given of an item; nothing of its gold."""
    files = [str((folder / table).resolve()) for table in item["tables"]]
    return {"id": item["id"], "files": files, "question": item["question"], "history": item["history"], "evidence": item["evidence"]}


def join_values(items: list[Item], items_file: Path, scorer: ModuleType) -> None:
    """Add the plotted values to items whose chart has them."""
    side = items_file.with_name(items_file.name.removesuffix(".jsonl") + ".charts.jsonl")
    values = {chart["ref"]: chart["values"] for chart in scorer.read_jsonl(side) if chart["values_ok"]} if side.exists() else {}
    for item in items:
        if (item.get("chart") or {}).get("ref") in values:
            item["chart"]["values"] = values[item["chart"]["ref"]]


def figures(pairs: list[tuple[Item, Item]], scorer: ModuleType) -> dict[str, Any]:
    """The scorer's figures of some items and their answers."""
    result: dict[str, Any] = scorer.report([item for item, _ in pairs], {item["id"]: answer for item, answer in pairs})
    return result


def right(item: Item, answer: Item, scorer: ModuleType) -> bool:
    """Whether an answer is right: its rows, or its declining where the data holds no answer."""
    kind = item.get("kind", "answer")
    if kind != "answer" and answer["kind"] == kind:
        return True
    return kind != "refusal" and bool(scorer.alternatives(item)) and bool(scorer.right(item, answer, False))


# ---------------------------------------------------------------------------------------- reporting
def report(runs: dict[str, list[tuple[Item, Item]]], scorer: ModuleType, every: int) -> str:
    """The tables: suites, skills, the risk-coverage curve."""
    sample = f", one question in {every}" if every > 1 else ""
    lines = [f"{datetime.date.today()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}{sample}", ""]
    lines += [
        "| suite | questions | strict % | lenient % | strict % where DuckDB agrees | chart mark % | p50 ms | p95 ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for suite, pairs in runs.items():
        found = figures(pairs, scorer)
        shown = [found["strict"], found["lenient"], found["same_strict"], found["chart_mark"]]
        times = [round(1000 * (found[name] or 0)) for name in ("seconds_median", "seconds_p95")]
        lines.append(f"| {suite} | {found['n']} | " + " | ".join(map(percent, shown)) + f" | {times[0]} | {times[1]} |")
    everything = [pair for pairs in runs.values() for pair in pairs]
    declined = figures([pair for pair in everything if pair[0]["suite"] in ("bi", "defog", "own")], scorer)
    lines += ["", f"Declining: precision {percent(declined['refusal_precision'])} %, recall {percent(declined['refusal_recall'])} %."]
    return "\n".join([*lines, "", *skill_lines(everything, scorer), "", *curve_lines(everything, scorer), ""])


def skill_lines(pairs: list[tuple[Item, Item]], scorer: ModuleType) -> Iterator[str]:
    """How often each skill succeeds, where items say what they need."""
    by_skill: dict[str, list[bool]] = defaultdict(list)
    for item, answer in pairs:
        for skill in [*item.get("skills", ()), *([f"language: {item['language']}"] if item.get("skills") else [])]:
            by_skill[skill].append(right(item, answer, scorer))
    yield "| skill | questions | right % |"
    yield "|---|---|---|"
    for skill, hits in sorted(by_skill.items()):
        yield f"| {skill} | {len(hits)} | {percent(sum(hits) / len(hits))} |"


def curve_lines(pairs: list[tuple[Item, Item]], scorer: ModuleType) -> Iterator[str]:
    """Of the answers given with the highest confidence, what share is right."""
    answered = [(answer.get("confidence") or 0.0, right(item, answer, scorer)) for item, answer in pairs if answer["kind"] == "answer"]
    answered.sort(key=lambda pair: -pair[0])
    yield "| share answered, surest first | confidence from | right % |"
    yield "|---|---|---|"
    for share in COVERAGE:
        taken = answered[: max(1, round(share * len(answered)))]
        if taken:
            yield f"| {share:.0%} | {taken[-1][0]:.2f} | {percent(sum(hit for _, hit in taken) / len(taken))} |"


def percent(value: float | None) -> str:
    """A share as a percentage with one digit; a dash where nothing was measured."""
    return "-" if value is None else f"{100 * value:.1f}"


def write_section(path: Path, text: str) -> None:
    """Put the tables between the marks of a file, or at its end."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    section = f"{START}\n{text.strip()}\n{END}"
    if START in before and END in before:
        head, _, rest = before.partition(START)
        path.write_text(head + section + rest.partition(END)[2], encoding="utf-8")
    else:
        path.write_text(f"{before.rstrip()}\n\n## Accuracy of the built-in model\n\n{section}\n", encoding="utf-8")


# ---------------------------------------------------------------------------------------- ablation
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


def ablation(suites: list[str], folder: Path, every: int, scorer: ModuleType) -> str:
    """What each part brings, in points of strict accuracy, on a sample."""
    lines = [
        f"What each part brings (strict %, one question in {every})",
        "",
        "| | " + " | ".join(suites) + " |",
        "|---|" + "---|" * len(suites),
    ]
    whole = {suite: figures(run(suite, folder, every, scorer), scorer)["strict"] for suite in suites}
    lines.append("| all parts | " + " | ".join(percent(whole[suite]) for suite in suites) + " |")
    for part in PARTS:
        with without(part):
            reduced = {suite: figures(run(suite, folder, every, scorer), scorer)["strict"] for suite in suites}
        lines.append(f"| without {part} | " + " | ".join(percent(reduced[suite]) for suite in suites) + " |")
    return "\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
