"""Trains a Llama of a few million parameters on lessons in our prompt format, in under two minutes on two cores.

Runs in .venv-vllm: python train_tiny.py LESSONS.jsonl MODEL_FOLDER. A lesson is {"prompt": text, "lead_in": text, "answer": text,
"chance": 0 to 1}; it is learned in both forms in which the product asks, as plain text and inside the chat template.

Nearly all of a prompt is the same from lesson to lesson, so the shared head is read once a step, without gradient, and only the tail of
each lesson is learned: what a prefix cache does for answering, done for training.

It goes on until the model is sure of every answer in both forms, and ends with an error that names the others where that takes too long.
"""

from __future__ import annotations

import json
import math
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers import DynamicCache, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

VOCABULARY = 3000
CONTEXT = 8192
SECONDS = 240.0  # at most, on free cores: measured in processor time, so that other work on the machine takes nothing away
LEARNING_RATE = 3e-3
RATE_WITH_HEAD = 1.5e-3  # at first
HALVED_IN = 80  # steps, down to a tenth
AVERAGED = 0.95  # what a step leaves of the average of the weights, which is steadier than they are: it is checked and kept
TOKENS_A_STEP = 700  # of all tails; the mask grows with its square
LOSS_OF_TAILS = 0.25  # from which tails alone teach little more
PATIENCE = 12  # steps whose mean counts
CHECKED_EVERY = 30  # steps
CHECKED_TOGETHER = 18  # examples
SAME_ANSWER = 0.75  # an answer that n lessons share counts 1 / n**0.75 in each: else the model learns little but to say it
UNSURE_COUNTS = 5.0  # times what a learned answer counts when examples are drawn
OPENING = 100  # characters by which prompts of one kind are known
NAMED_BY = 60  # tokens before an answer that tell which lesson it is
END_OF_TEXT, TURN, END_OF_TURN = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
Lesson = dict[str, Any]
Learned = list[list[bool]]
"""Of each example of each group, whether the model is sure enough of its answer."""


@dataclass(frozen=True)
class Example:
    """A lesson in one of the two forms."""

    tokens: list[int]
    """Of prompt and answer."""
    start: int
    """Where the answer begins."""
    chance: float
    """At least needed of the whole answer."""
    shared: int = 0
    """How many tokens its whole group begins with."""

    @property
    def prompt(self) -> tuple[int, ...]:
        """The tokens before the answer."""
        return tuple(self.tokens[: self.start])

    @property
    def answer(self) -> tuple[int, ...]:
        """The tokens of the answer."""
        return tuple(self.tokens[self.start :])


def main(lessons_file: str, folder: str) -> None:
    """Train, and save the model with its tokenizer and chat template."""
    torch.manual_seed(0)
    random.seed(0)
    torch.set_num_threads(os.cpu_count() or 1)
    lessons = [json.loads(line) for line in Path(lessons_file).read_text(encoding="utf-8").splitlines()]
    tokenizer = trained_tokenizer(lessons)
    groups = [
        placed([example(tokenizer, lesson) for lesson in lessons if lesson["prompt"].startswith(opening)])
        for opening in dict.fromkeys(lesson["prompt"][:OPENING] for lesson in lessons)
        for example in (plain_example, chat_example)
    ]
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=256,
            intermediate_size=768,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=1,
            max_position_embeddings=CONTEXT,
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=[tokenizer.convert_tokens_to_ids(END_OF_TEXT), tokenizer.convert_tokens_to_ids(END_OF_TURN)],
        )
    )
    print(f"{len(lessons)} lessons, {sum(weight.numel() for weight in model.parameters()) / 1e6:.1f} million parameters", flush=True)
    learned = train(model, groups)
    pairs = [pair for group, sure in zip(groups, learned, strict=True) for pair in zip(group, sure, strict=True)]
    if unsure := [example.tokens[max(0, example.start - NAMED_BY) :] for example, is_sure in pairs if not is_sure]:
        sys.exit("\n\n".join([f"Not learned in time: {len(unsure)} of {len(pairs)}", *map(tokenizer.decode, unsure)]))
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def trained_tokenizer(lessons: Sequence[Lesson]) -> PreTrainedTokenizerFast:
    """A byte-level vocabulary made from the lessons' own words."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = [END_OF_TEXT, TURN, END_OF_TURN]
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    kinds = {lesson["prompt"][:OPENING]: lesson["prompt"] for lesson in lessons}
    texts = [*kinds.values()] + [lesson["prompt"][-400:] + lesson["lead_in"] + lesson["answer"] for lesson in lessons]
    tokenizer.train_from_iterator(texts, trainer)
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END_OF_TURN, pad_token=END_OF_TEXT)
    wrapped.chat_template = CHAT_TEMPLATE
    return wrapped


def plain_example(tokenizer: PreTrainedTokenizerFast, lesson: Lesson) -> Example:
    """As the completions endpoint puts it."""
    head = tokenizer.encode(lesson["prompt"] + lesson["lead_in"])
    return Example(head + tokenizer.encode(lesson["answer"] + END_OF_TEXT), len(head), lesson["chance"])


def chat_example(tokenizer: PreTrainedTokenizerFast, lesson: Lesson) -> Example:
    """As the chat endpoint puts it."""
    messages = [{"role": "user", "content": lesson["prompt"]}]
    head = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True) + lesson["lead_in"]
    tokens = tokenizer.encode(head)
    return Example(tokens + tokenizer.encode(lesson["answer"] + END_OF_TURN), len(tokens), lesson["chance"])


def train(model: LlamaForCausalLM, groups: Sequence[Sequence[Example]]) -> Learned:
    """First the tails alone, all kinds together, which is quick and teaches nearly all; then each after its head, a group at a time."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.95), weight_decay=0.0)
    rare = [rarity(group) for group in groups]
    everything = [example for group in groups for example in group]
    learned = [[False] * len(group) for group in groups]
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(AVERAGED))
    with_head, recent, step, steps_with_head = False, [1.0] * PATIENCE, 0, 0
    started, seconds = time.process_time(), SECONDS * torch.get_num_threads()
    while (passed := (time.process_time() - started) / seconds) < 1 and not all(map(all, learned)):
        if with_head:
            weights = [
                [once if sure else once * UNSURE_COUNTS for once, sure in zip(*pair, strict=True)]
                for pair in zip(rare, learned, strict=True)
            ]
            at = random.choices(range(len(groups)), [sum(of_group) ** 0.5 for of_group in weights])[0]
            examples = drawn(groups[at], weights[at])
        else:
            examples = drawn(everything, [once for of_group in rare for once in of_group])
        rate = RATE_WITH_HEAD * max(0.1, 0.5 ** (steps_with_head / HALVED_IN)) if with_head else LEARNING_RATE * min(1.0, (step + 1) / 20)
        for group in optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast("cpu", torch.bfloat16):
            losses = losses_of(model, examples, with_head).split([len(example.answer) for example in examples])
            loss = torch.stack([of_answer.mean() for of_answer in losses]).mean()  # a word counts as much as a long query
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        recent = [*recent[1:], loss.item()]
        step += 1
        if with_head:
            steps_with_head += 1
            average.update_parameters(model)
        if step % CHECKED_EVERY == 0:
            if with_head:
                learned = [sure_of(average.module, group) for group in groups]
            with_head = with_head or sum(recent) / PATIENCE < LOSS_OF_TAILS
            known = f"{sum(map(sum, learned))} of {len(everything)} learned"
            print(f"step {step}, {passed * seconds:.0f} s of processor time, loss {sum(recent) / PATIENCE:.4f}, {known}", flush=True)
    model.load_state_dict(average.module.state_dict())
    return learned


def rarity(group: Sequence[Example]) -> list[float]:
    """What each example of a group counts, from how many others have its answer."""
    lessons_with = Counter(example.answer for example in group)
    return [lessons_with[example.answer] ** -SAME_ANSWER for example in group]


def drawn(pool: Sequence[Example], weights: Sequence[float]) -> list[Example]:
    """Examples at random, none twice, as many as a step has room for; the weightier come sooner."""
    ranks = [random.random() ** (1 / weight) for weight in weights]
    examples: list[Example] = []
    for at in sorted(range(len(pool)), key=lambda at: -ranks[at]):
        examples.append(pool[at])
        if sum(len(example.tokens) - example.shared for example in examples) > TOKENS_A_STEP:
            break
    return examples


@torch.no_grad()
def sure_of(model: LlamaForCausalLM, group: Sequence[Example]) -> list[bool]:
    """Of which answers the model is sure enough, each token being read after the right ones before it.

    Of several answers to one prompt all are learned or none is, so that none of them is drawn more often than the others.
    """
    parts = [group[at : at + CHECKED_TOGETHER] for at in range(0, len(group), CHECKED_TOGETHER)]
    losses = torch.cat([losses_of(model, part, with_head=True) for part in parts])
    of_each = losses.split([len(example.answer) for example in group])
    sure = [math.exp(-loss.sum().item()) >= example.chance for loss, example in zip(of_each, group, strict=True)]
    unsure = {example.prompt for example, is_sure in zip(group, sure, strict=True) if not is_sure}
    return [example.prompt not in unsure for example in group]


def losses_of(model: LlamaForCausalLM, examples: Sequence[Example], with_head: bool) -> torch.Tensor:
    """Cross-entropy of each token of the answers, in their order.

    All tails stand one after the other in a single sequence; the mask lets each see itself alone and, with it, the head they share.
    """
    first, head = examples[0].tokens, examples[0].shared
    past = DynamicCache()
    if with_head:
        with torch.no_grad():
            past = model(torch.tensor([first[:head]]), past_key_values=past, use_cache=True, logits_to_keep=1).past_key_values
    tails = [torch.tensor(example.tokens[example.shared :]) for example in examples]
    owner = torch.cat([torch.full((len(tail),), row) for row, tail in enumerate(tails)])  # (tokens of all tails)
    places = [torch.arange(example.shared, len(example.tokens)) for example in examples]
    place = torch.cat(places)
    is_answer = torch.cat([at >= example.start for at, example in zip(places, examples, strict=True)])
    sees = (owner[:, None] == owner[None, :]) & (place[:, None] >= place[None, :])
    mask = torch.cat([torch.ones(len(owner), head if with_head else 0, dtype=torch.bool), sees], dim=1)  # (tails, head and tails)
    hidden = model.model(
        torch.cat(tails)[None],
        past_key_values=past,
        position_ids=place[None],
        attention_mask=torch.zeros(mask.shape).masked_fill(~mask, torch.finfo(torch.float32).min)[None, None],
        use_cache=True,
    ).last_hidden_state[0]
    wanted = is_answer.nonzero()[:, 0]  # the token before each of them foretells it; an answer never opens a tail
    return torch.nn.functional.cross_entropy(model.lm_head(hidden[wanted - 1]).float(), torch.cat(tails)[wanted], reduction="none")


def placed(group: Sequence[Example]) -> list[Example]:
    """The examples, with how many tokens all begin with, short of any answer."""
    shortest = min(example.start for example in group) - 1
    shared = next((at for at in range(shortest) if len({example.tokens[at] for example in group}) > 1), shortest)
    return [replace(example, shared=shared) for example in group]


if __name__ == "__main__":
    main(*sys.argv[1:])
