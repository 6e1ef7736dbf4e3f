"""Laid-out questions -> batches of tensors, those of like length together."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from analyst.models.reader.inputs import Inputs
from analyst.models.reader.marks import ItemMark, Link, Mark
from analyst.models.reader.search import legal_classes, legal_keywords, sorts_along
from analyst.plan.grammar import KEYWORDS
from train.reader.lessons import Lesson

ROUNDED = 16  # lengths are rounded up to multiples, so that shapes recur
PIECES, MOST = 3600, 48  # of a batch: pieces, questions


@dataclass(frozen=True, slots=True)
class Batch:
    """Several lessons, padded."""

    pieces: Tensor
    keywords: Tensor
    marks: Tensor
    hidden: Tensor
    """1 where a piece is padding."""
    links: Tensor
    """Lesson, kind of link, piece, piece."""
    pooled: Tensor
    """Lesson, item, piece: shares of the item's pieces."""
    item_marks: Tensor
    item_used: Tensor
    """1 where the plan points at the item, 0 where it does not, -1 for padding."""
    written: Tensor
    """What stands before each place of the plan: 0 for the start, then keywords, then items."""
    target: Tensor
    """What is to be written; -100 for padding."""
    barred: Tensor
    """1 where the grammar or padding forbids a keyword or an item."""


def batches(lessons: Sequence[Lesson], rng: random.Random | None = None, pieces: int = PIECES, most: int = MOST) -> list[list[Lesson]]:
    """Lessons in groups of like length, the groups in a random order where one is given."""
    groups: list[list[Lesson]] = []
    for lesson in sorted(lessons, key=lambda one: len(one.inputs.pieces)):
        length = rounded(len(lesson.inputs.pieces))
        if not groups or len(groups[-1]) == most or (len(groups[-1]) + 1) * length > pieces:
            groups.append([])
        groups[-1].append(lesson)
    if rng:
        rng.shuffle(groups)
    return groups


def rounded(length: int) -> int:
    """Up to a length that recurs."""
    return -(-length // ROUNDED) * ROUNDED


def collate(lessons: Sequence[Lesson]) -> Batch:
    """A batch of lessons."""
    size, length = len(lessons), rounded(max(len(one.inputs.pieces) for one in lessons))
    items, steps = max(len(one.inputs.items) for one in lessons), max(len(one.target) for one in lessons)
    pieces, keywords = np.ones((size, length), np.int64), np.zeros((size, length), np.int64)
    marks, item_marks = np.zeros((size, length), np.uint64), np.zeros((size, items), np.uint64)
    hidden, links = np.ones((size, length), np.float32), np.zeros((size, len(Link), length, length), np.float32)
    pooled, used = np.zeros((size, items, length), np.float32), np.full((size, items), -1, np.float32)
    written, target = np.zeros((size, steps), np.int64), np.full((size, steps), -100, np.int64)
    barred = np.ones((size, steps, len(KEYWORDS) + items), np.float32)
    for at, lesson in enumerate(lessons):
        inputs, count = lesson.inputs, len(lesson.inputs.pieces)
        pieces[at, :count], keywords[at, :count], marks[at, :count], hidden[at, :count] = inputs.pieces, inputs.keywords, inputs.marks, 0
        item_marks[at, : len(inputs.items)] = [item.marks for item in inputs.items]
        draw_links(links[at], inputs)
        draw_pools(pooled[at], inputs)
        written[at, 1 : len(lesson.target)] = [number + 1 for number in lesson.target[:-1]]
        target[at, : len(lesson.target)] = lesson.target
        used[at, : len(inputs.items)] = 0
        used[at, [number - len(KEYWORDS) for number in lesson.target if number >= len(KEYWORDS)]] = 1
        barred[at, : len(lesson.target), : len(KEYWORDS) + len(inputs.items)] = barred_along(lesson)
    arrays = (pieces, keywords, unpacked_bits(marks, len(Mark)), hidden, links, pooled, unpacked_bits(item_marks, len(ItemMark)))
    return Batch(*map(torch.from_numpy, (*arrays, used, written, target, barred)))


def unpacked_bits(numbers: np.ndarray, count: int) -> np.ndarray:
    """Numbers with a bit each -> a 0 or 1 for each bit."""
    return (numbers[..., None] >> np.arange(count, dtype=np.uint64) & np.uint64(1)).astype(np.float32)


def draw_links(links: np.ndarray, inputs: Inputs) -> None:
    """Fill in the rectangles."""
    for kind, top, bottom, left, right in inputs.links:
        links[kind, top:bottom, left:right] = 1


def draw_pools(pooled: np.ndarray, inputs: Inputs) -> None:
    """Fill in each item's share of its pieces."""
    for number, item in enumerate(inputs.items):
        for start, end in item.places:
            pooled[number, start:end] = 1
    pooled /= np.maximum(pooled.sum(1, keepdims=True), 1)


def barred_along(lesson: Lesson) -> np.ndarray:
    """What the grammar forbids at each place of a plan."""
    sorts = sorts_along(lesson.target, lesson.inputs.items)
    classes = legal_classes(lesson.inputs.items)
    return np.stack([1 - np.concatenate([legal_keywords(sort), classes[sort]]) for sort in sorts])
