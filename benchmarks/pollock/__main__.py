"""The command: choose the files, let every reader read them, count and print."""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pollock.cells import Table, equal
from benchmarks.pollock.readers import READERS, Reading

OF_EACH_FAMILY = 30
RIGHT, NOTED, SILENT = "as the clean file says", "rejected or noted", "silently wrong"


@dataclass(frozen=True, slots=True)
class Case:
    """A file, its clean version, and whether that has a header."""

    polluted: Path
    clean: Path
    has_header: bool

    def table(self) -> Table:
        """What the clean file says."""
        with self.clean.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            rows = [tuple(row) for row in csv.reader(file)]
        if not rows or self.has_header:
            return Table(rows[0] if rows else (), tuple(rows[1:]))
        with self.polluted.open(encoding="utf-8", errors="replace") as file:
            begin = file.read(4096)
        made_up = not all(cell.strip() in begin for cell in rows[0])
        return Table((), tuple(rows[made_up:]))


def cases_in(folder: Path, every: bool) -> list[Case]:
    """The cases below the folder: all of them, or of large families some that are spread evenly."""
    found = [case for clean in sorted(folder.glob("*/clean")) for case in _cases(clean.parent)]
    families = defaultdict(list)
    for case in found:
        families[re.sub(r"\d+", "0", case.polluted.name)].append(case)
    return [case for family in families.values() for case in (family if every else _spread(family))]


def _cases(folder: Path) -> Iterator[Case]:
    for polluted in sorted((folder / "csv").iterdir()):
        clean, said = folder / "clean" / polluted.name, folder / "parameters" / f"{polluted.name}_parameters.json"
        if clean.is_file() and said.is_file():
            yield Case(polluted, clean, int(json.loads(said.read_text(encoding="utf-8"))["header_lines"]) > 0)


def _spread(family: Sequence[Case]) -> Sequence[Case]:
    if len(family) <= OF_EACH_FAMILY or not family[0].polluted.name.startswith("row_"):
        return family
    return [family[at * len(family) // OF_EACH_FAMILY] for at in range(OF_EACH_FAMILY)]


def verdict(case: Case, reader: str) -> tuple[str, list[str]]:
    """How a reader did, with what it says of the file and not of its clean version."""
    reading = READERS[reader](case.polluted)
    clean = case.table()
    if any(equal(clean, table) for table in reading.tables):
        return RIGHT, []
    if reading.refused:
        return NOTED, [reading.refused]
    if reading.left_out and any(equal(clean, table, reading.left_out) for table in reading.tables):
        return NOTED, sorted(reading.said)
    said = reading.said - _said_of_clean(case, reader, reading)
    return (NOTED, sorted(said)) if said else (SILENT, [])


def _said_of_clean(case: Case, reader: str, reading: Reading) -> frozenset[str]:
    return READERS[reader](case.clean).said if reading.said else frozenset()


def main() -> None:
    """Read the arguments, measure, print."""
    arguments = argparse.ArgumentParser(description="Files with faults against their clean versions, per reader.")
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--all", action="store_true", help="every file instead of some of each family")
    arguments.add_argument("--list", action="store_true", help="name every file that a reader is silently wrong on")
    arguments.add_argument("--readers", nargs="*", default=list(READERS), choices=list(READERS))
    arguments.add_argument("--said", action="store_true", help="also print what was said of the files that are noted")
    asked = arguments.parse_args()
    cases = cases_in(asked.folder, asked.all)
    if not cases:
        raise SystemExit(f"{asked.folder} holds no folder with csv, clean and parameters in it.")
    print(f"{len(cases)} files\n{'':14}" + "".join(f"{kind:>26}" for kind in (RIGHT, NOTED, SILENT)))
    for reader in asked.readers:
        found = {case: verdict(case, reader) for case in cases}
        counted = Counter(kind for kind, _ in found.values())
        print(f"{reader:14}" + "".join(f"{counted[kind]:26}" for kind in (RIGHT, NOTED, SILENT)), flush=True)
        for case, (kind, said) in found.items():
            if (asked.list and kind == SILENT) or (asked.said and kind == NOTED):
                print(f"    {kind}: {case.polluted.name}", *(f"\n        {line[:160]}" for line in said[:6]))


if __name__ == "__main__":
    main()
