"""Trains a Llama of a few million parameters on lessons in our prompt format, in under two minutes on two cores.

Runs in .venv-vllm: python train_tiny.py LESSONS.jsonl MODEL_FOLDER. A lesson is {"prompt": text, "lead_in": text, "answer": text}; it
is learned in both forms in which the product asks, as plain text and inside the chat template.

Nearly all of a prompt is the same from lesson to lesson, so the shared head is read once a step, without gradient, and only the tail of
each lesson is learned: what a prefix cache does for answering, done for training.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import DynamicCache, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

VOCABULARY = 3000
CONTEXT = 8192
SECONDS = 230.0  # of processor time, which two free cores spend in 115 s; enough for 100 lessons
LOSS_ENOUGH = 0.02
LEARNING_RATE = 3e-3
TOKENS_A_STEP = 1200  # of all tails; the mask grows with its square
PATIENCE = 12  # steps that must all be good enough
OPENING = 200  # characters by which prompts of one kind are known
END_OF_TEXT, TURN, END_OF_TURN = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
Lesson = dict[str, str]
Example = tuple[list[int], int]
"""Token numbers of prompt and answer, and where the answer begins."""
Placed = tuple[list[int], int, int]
"""The same, and how many tokens it shares with its group at its beginning."""


def main(lessons_file: str, folder: str) -> None:
    """Train, and save the model with its tokenizer and chat template."""
    torch.manual_seed(0)
    random.seed(0)
    torch.set_num_threads(max(1, (os.cpu_count() or 1) - int(os.getloadavg()[0])))  # waiting for a busy core costs more than it brings
    lessons = [json.loads(line) for line in Path(lessons_file).read_text(encoding="utf-8").splitlines()]
    tokenizer = trained_tokenizer(lessons)
    groups = [
        [example(tokenizer, lesson) for lesson in lessons if lesson["prompt"].startswith(opening)]
        for opening in dict.fromkeys(lesson["prompt"][:OPENING] for lesson in lessons)
        for example in (plain_example, chat_example)
    ]
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=192,
            intermediate_size=512,
            num_hidden_layers=4,
            num_attention_heads=3,
            num_key_value_heads=1,
            max_position_embeddings=CONTEXT,
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=[tokenizer.convert_tokens_to_ids(END_OF_TEXT), tokenizer.convert_tokens_to_ids(END_OF_TURN)],
        )
    )
    print(f"{len(lessons)} lessons, {sum(weight.numel() for weight in model.parameters()) / 1e6:.1f} million parameters", flush=True)
    train(model, groups)
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
    return head + tokenizer.encode(lesson["answer"] + END_OF_TEXT), len(head)


def chat_example(tokenizer: PreTrainedTokenizerFast, lesson: Lesson) -> Example:
    """As the chat endpoint puts it."""
    messages = [{"role": "user", "content": lesson["prompt"]}]
    head = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True) + lesson["lead_in"]
    tokens = tokenizer.encode(head)
    return tokens + tokenizer.encode(lesson["answer"] + END_OF_TURN), len(tokens)


def train(model: LlamaForCausalLM, groups: Sequence[Sequence[Example]]) -> None:
    """First the tails alone, all kinds together, which is quick and teaches nearly all; then each after its head, a group at a time."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.95), weight_decay=0.0)
    shared = [shared_head(group) for group in groups]
    everything = [(*example, head) for group, head in zip(groups, shared, strict=True) for example in group]
    turns = random.Random(0)
    started, step = time.process_time(), 0
    for name, until, enough, with_head in (("tails", 0.5, 0.1, False), ("whole", 1.0, LOSS_ENOUGH, True)):
        recent = [1.0] * PATIENCE
        while (passed := (time.process_time() - started) / SECONDS) < until and max(recent) > enough:
            for group in optimizer.param_groups:
                group["lr"] = LEARNING_RATE * min(1.0, (step + 1) / 20) * (max(0.05, 1 - passed) if with_head else 1.0)
            at = turns.choices(range(len(groups)), [len(group) ** 0.5 for group in groups])[0]
            pool = [(*example, shared[at]) for example in groups[at]] if with_head else everything
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(model, drawn(pool), with_head)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            recent = [*recent[1:], loss.item()]
            step += 1
            if step % 20 == 0:
                print(f"{name}: step {step}, {passed:.0%} of the time, loss {sum(recent) / len(recent):.4f}", flush=True)


def drawn(pool: Sequence[Placed]) -> list[Placed]:
    """Examples at random, as many as a step has room for."""
    examples: list[Placed] = []
    for example in random.sample(list(pool), len(pool)):
        examples.append(example)
        if sum(len(tokens) - shared for tokens, _, shared in examples) > TOKENS_A_STEP:
            break
    return examples


def loss_of(model: LlamaForCausalLM, examples: Sequence[Placed], with_head: bool) -> torch.Tensor:
    """Mean cross-entropy of the answers' tokens.

    All tails stand one after the other in a single sequence; the mask lets each see itself alone and, with it, the head they share.
    """
    first, _, head = examples[0]
    past = DynamicCache()
    if with_head:
        with torch.no_grad():
            past = model(torch.tensor([first[:head]]), past_key_values=past, use_cache=True, logits_to_keep=1).past_key_values
    tails = [torch.tensor(tokens[shared:]) for tokens, _, shared in examples]
    owner = torch.cat([torch.full((len(tail),), row) for row, tail in enumerate(tails)])  # (tokens of all tails)
    place = torch.cat([torch.arange(shared, len(tokens)) for tokens, _, shared in examples])
    is_answer = torch.cat([torch.arange(shared, len(tokens)) >= start for tokens, start, shared in examples])
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
    return torch.nn.functional.cross_entropy(model.lm_head(hidden[wanted - 1]).float(), torch.cat(tails)[wanted])


def shared_head(examples: Sequence[Example]) -> int:
    """How many tokens all examples begin with, short of any answer."""
    shortest = min(start for _, start in examples) - 1
    first = examples[0][0]
    return next((at for at in range(shortest) if any(tokens[at] != first[at] for tokens, _ in examples)), shortest)


if __name__ == "__main__":
    main(*sys.argv[1:])
