"""Train the reader on the shards; goes on where it was stopped.

    python -m train.reader.fit WORK [--examples N] [--threads N] [--minutes M]

WORK holds encoder.npz and shards/. It gets state.pt (everything that a run needs to go on, written every five minutes), reader.npz (the
weights as they ship) and log.jsonl (loss and figures on held-out databases). `--examples` is the length of the whole training, by which
the pace falls; `--minutes` stops a run before.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from analyst.models.reader.pieces import Pieces
from analyst.models.reader.weights import pieces_of
from analyst.terms import Schema
from train.reader.batches import Batch, Lesson, batches, collate
from train.reader.export import export
from train.reader.judge import Scores, judged
from train.reader.lessons import Grounded, disguised_lesson, plain_lesson
from train.reader.network import Network, fresh
from train.reader.shards import kept
from train.suites import SUITES, held_out

SHARES = {"spider": 0.4, "chase": 0.2, "nvbench": 0.15, "wikisql": 0.15, "retqa": 0.1, "corpus": 1.0}
"""How often a suite is drawn, against the others that are there."""
LARGE = 6000  # examples; a smaller suite is drawn less often, as it would be learned by heart
ENCODER_PACE, DECODER_PACE, DECAY = 8e-5, 6e-4, 0.01
WARM_UP, LAST_PACE = 200, 0.02  # steps; the share of the pace that is left at the end
DRAWN = 400  # lessons from which batches of like length are made
USED_WEIGHT = 0.2  # of telling which items the plan uses, beside writing it
CLIP = 1.0
NOTED = 20  # steps between lines of the log
SAVED, JUDGED = 300.0, 900.0  # seconds between states, and between looks at held-out databases
JUDGES = 160  # held-out questions of a suite
TRIM = 25  # steps after which memory that is free goes back to the system, as shapes that vary let it creep


@dataclass(slots=True)
class Progress:
    """Where a run stands."""

    step: int = 0
    examples: int = 0
    seconds: float = 0.0
    order: dict[str, list[int]] = field(default_factory=dict)
    """Suite -> which of its examples still come in this round."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite's examples."""

    taught: list[Grounded]
    judged: list[Grounded]
    by_database: dict[str, list[Grounded]]


@dataclass(frozen=True, slots=True)
class School:
    """All examples, and what is needed to lay them out."""

    suites: dict[str, Suite]
    schemas: dict[str, Schema]
    pieces: Pieces

    def draw(self, progress: Progress, rng: random.Random) -> Lesson:
        """The next lesson of a suite drawn by its share."""
        names = list(self.suites)
        while True:
            name = rng.choices(names, [SHARES[name] * min(1.0, len(self.suites[name].taught) / LARGE) for name in names])[0]
            suite = self.suites[name]
            if not progress.order.get(name):
                progress.order[name] = rng.sample(range(len(suite.taught)), len(suite.taught))
            grounded = suite.taught[progress.order[name].pop()]
            database = grounded.example.database
            lesson = disguised_lesson(grounded, self.schemas[database], suite.by_database[database], self.pieces, rng)
            if lesson:
                return lesson


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--examples", type=int, default=600_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--suites", nargs="*", default=list(SUITES))
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    run = Run.begun(args)
    run.go(args.examples, args.minutes * 60)


def opened_school(work: Path, suites: Sequence[str]) -> School:
    """All examples that are there."""
    found: dict[str, Suite] = {}
    schemas: dict[str, Schema] = {}
    for name in suites:
        suite = Suite([], [], {})
        for shard in kept(work, name):
            schemas.update(shard.schemas)
            for grounded in shard.examples:
                (suite.judged if held_out(grounded.example.database) else suite.taught).append(grounded)
        for grounded in suite.taught:
            suite.by_database.setdefault(grounded.example.database, []).append(grounded)
        if suite.taught:
            found[name] = suite
    return School(found, schemas, vocabulary(work / "encoder.npz"))


def vocabulary(encoder: Path) -> Pieces:
    """The encoder's pieces."""
    with np.load(encoder) as kept_arrays:
        return pieces_of({name: kept_arrays[name] for name in ("pieces", "scores")})


@dataclass(slots=True)
class Run:
    """A training under way."""

    work: Path
    school: School
    device: torch.device
    network: Network
    optimiser: torch.optim.Optimizer
    rng: random.Random
    progress: Progress
    judges: dict[str, list[Lesson]]

    @classmethod
    def begun(cls, args: argparse.Namespace) -> Run:
        """A new training, or the one that was stopped."""
        school = opened_school(args.work, args.suites)
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        network = fresh(args.work / "encoder.npz").to(device)
        optimiser = torch.optim.AdamW(paces(network), weight_decay=DECAY, betas=(0.9, 0.98), fused=True)
        judges = {name: judges_of(suite, school, args.seed) for name, suite in school.suites.items()}
        run = cls(args.work, school, device, network, optimiser, random.Random(args.seed), Progress(), judges)
        run.restore()
        print(
            {name: (len(suite.taught), len(judges[name])) for name, suite in school.suites.items()}, asdict_short(run.progress), flush=True
        )
        return run

    def go(self, examples: int, seconds: float) -> None:
        """Train until so many examples were seen in all, or so many seconds have passed in this run."""
        started = saved = judged_at = time.monotonic()
        trim = ctypes.CDLL("libc.so.6").malloc_trim if torch.version.cuda is None else None
        losses: list[float] = []
        groups = self.groups()
        before = self.progress.seconds
        while self.progress.examples < examples and time.monotonic() - started < seconds:
            losses.append(self.learn(next(groups), examples))
            self.progress.seconds = before + time.monotonic() - started
            if trim and self.progress.step % TRIM == 0:
                trim(0)
            if self.progress.step % NOTED == 0:
                self.note({"loss": round(sum(losses) / len(losses), 4)})
                losses = []
            if time.monotonic() - judged_at > JUDGED:
                self.judge()
                judged_at = time.monotonic()
            if time.monotonic() - saved > SAVED:
                self.save()
                saved = time.monotonic()
        self.save()
        self.judge()

    def groups(self) -> Iterator[list[Lesson]]:
        """Batches without end."""
        while True:
            yield from batches([self.school.draw(self.progress, self.rng) for _ in range(DRAWN)], self.rng)

    def learn(self, lessons: Sequence[Lesson], examples: int) -> float:
        """One step; the loss of writing the plans."""
        self.network.train()
        share = max(LAST_PACE, 1 - self.progress.examples / examples) * min(1.0, (self.progress.step + 1) / WARM_UP)
        for group in self.optimiser.param_groups:
            group["lr"] = group["pace"] * share
        batch = moved(collate(lessons), self.device)
        scores, used = self.network(batch)
        writing = F.cross_entropy(scores.flatten(0, 1), batch.target.flatten(), ignore_index=-100)
        telling = F.binary_cross_entropy_with_logits(used[batch.item_used >= 0], batch.item_used[batch.item_used >= 0])
        (writing + USED_WEIGHT * telling).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), CLIP)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=False)
        self.progress.step += 1
        self.progress.examples += len(lessons)
        return float(writing)

    def judge(self) -> None:
        """Look at held-out databases, and write the weights as they ship."""
        self.network.eval()
        with torch.inference_mode():
            found: dict[str, Scores] = {
                name: judged(self.network, [moved(collate(group), self.device) for group in batches(lessons)])
                for name, lessons in self.judges.items()
            }
        self.note({name: asdict(scores) for name, scores in found.items()})
        export(self.work / "encoder.npz", self.network.state_dict(), self.work / "reader.npz")

    def note(self, what: dict[str, Any]) -> None:
        """A line of the log."""
        line = json.dumps(asdict_short(self.progress) | what)
        print(line, flush=True)
        with (self.work / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    def save(self) -> None:
        """Keep all that is needed to go on."""
        part = self.work / "state.part"
        learned = {name: tensor for name, tensor in self.network.state_dict().items() if name != "words"}
        chances = (self.rng.getstate(), torch.get_rng_state())
        torch.save({"network": learned, "optimiser": self.optimiser.state_dict(), "rng": chances, "progress": asdict(self.progress)}, part)
        part.replace(self.work / "state.pt")

    def restore(self) -> None:
        """Go on from what was kept, if anything was."""
        file = self.work / "state.pt"
        if not file.exists():
            return
        state = torch.load(file, map_location=self.device, weights_only=False)
        self.network.load_state_dict(state["network"], strict=False)
        self.optimiser.load_state_dict(state["optimiser"])
        self.rng.setstate(state["rng"][0])
        torch.set_rng_state(state["rng"][1].cpu())
        self.progress = Progress(**state["progress"])


def paces(network: Network) -> list[dict[str, Any]]:
    """The encoder learns slowly, as it knows much already; what is new learns fast."""
    named = [(name, weight) for name, weight in network.named_parameters() if weight.requires_grad]
    old = [weight for name, weight in named if is_old(name)]
    new = [weight for name, weight in named if not is_old(name)]
    return [{"params": old, "lr": 0.0, "pace": ENCODER_PACE}, {"params": new, "lr": 0.0, "pace": DECODER_PACE}]


def is_old(name: str) -> bool:
    """Whether a weight came with the encoder."""
    return name.startswith(("layers.", "places", "norm.")) and not name.endswith(".links")


def judges_of(suite: Suite, school: School, seed: int) -> list[Lesson]:
    """Held-out questions, the same in every run, laid out as the product would see them."""
    chosen = random.Random(seed).sample(suite.judged, len(suite.judged))
    lessons = (plain_lesson(grounded, school.schemas[grounded.example.database], school.pieces) for grounded in chosen)
    return [lesson for lesson in lessons if lesson][:JUDGES]


def moved(batch: Batch, device: torch.device) -> Batch:
    """A batch on the device."""
    tensors: list[Tensor] = [getattr(batch, name).to(device) for name in Batch.__slots__]
    return Batch(*tensors)


def asdict_short(progress: Progress) -> dict[str, Any]:
    """How far a run is."""
    pace = progress.examples / progress.seconds if progress.seconds else 0.0
    return {"step": progress.step, "examples": progress.examples, "seconds": round(progress.seconds), "a_second": round(pace, 1)}


if __name__ == "__main__":
    main()
