"""`python -m analyst serve-model`: starts vLLM with settings that fit this job and the GPUs found, and says what it chose and why."""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analyst.errors import AnalystError
from analyst.models.wire import LOOPBACK
from analyst.settings import settings
from analyst.terms import Bilingual, Language

GB, GIB = 1e9, 1024**3  # weights are told in GB; a card of "24 GB" has 24 GiB
MEMORY_USED = 0.90  # of a card; the rest is for the driver, and for a screen if one hangs on it
WORKING_MEMORY_GB = 1.5  # activations and CUDA graphs beside weights and cache
LONGEST_CONTEXT = 16_384  # tokens: 300 columns with samples, a conversation, eight examples and the query
SHORTEST_CONTEXT = 4_096  # tokens: below, a handful of tables no longer fits with their samples
TYPICAL_QUESTION = 700  # tokens of cache that a question takes for itself: 8 texts of 60 tokens, and the end of its prompt
USUAL_CACHE_BYTES = 200_000  # a token, of a model that is not in the table: what 14 billion parameters take
AFTERWARDS = "Options after -- are handed to vLLM as they are."
SWITCHES = ("--enable-prefix-caching", "--enable-prompt-tokens-details")
BYTES_PER_PARAMETER = (("awq|gptq|int4|4bit", 0.7), ("fp8|int8|8bit", 1.1), ("", 2.05))  # with embeddings, which stay at 16 bits


@dataclass(frozen=True, slots=True)
class ServableModel:
    """A model that is known to do this job."""

    name: str
    """On the Hugging Face hub."""
    card_gb: int
    """The smallest usual card it is the best choice for."""
    weights_gb: float
    cache_bytes: int
    """Of the key-value cache for one token: 2 x layers x key-value heads x head size x 2 bytes."""
    licence: str
    bird_greedy: float
    """Execution accuracy on BIRD dev in percent, one greedy text; unquantised."""
    bird_votes: float
    """The same with a vote of 8."""


MODELS = (
    ServableModel("Qwen/Qwen2.5-Coder-7B-Instruct-AWQ", 8, 5.6, 57_344, "Apache-2.0", 50.9, 61.3),
    ServableModel("Qwen/Qwen2.5-Coder-14B-Instruct-AWQ", 24, 10.0, 196_608, "Apache-2.0", 61.5, 66.1),
    ServableModel("Qwen/Qwen2.5-Coder-14B-Instruct", 48, 29.6, 196_608, "Apache-2.0", 61.5, 66.1),
    ServableModel("Qwen/Qwen2.5-Coder-32B-Instruct", 80, 65.6, 262_144, "Apache-2.0", 64.5, 67.0),
)
"""By card, the smallest first. Figures: OmniSQL (arXiv 2503.02240), table 5; docs/serving.md tells more."""


@dataclass(frozen=True, slots=True)
class Cards:
    """The GPUs of a machine, all alike or as small as the smallest."""

    count: int
    gb: float
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The command that is started, and why it is this one."""

    command: tuple[str, ...]
    reasons: tuple[Bilingual, ...]


# ------------------------------------------------------------------------------------------------ the command line
def main(arguments: Sequence[str]) -> int:
    """Choose, say what was chosen, and become vLLM. Raises AnalystError where there is no GPU, no vLLM or too little memory."""
    from analyst.cli import terminal_language  # noqa: PLC0415 - the command line imports this module

    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    own, for_vllm = arguments[:end], arguments[end + 1 :]
    options = parser().parse_args(own)
    passed = listening().parse_known_args(for_vllm)[0]  # vLLM takes the last word on where it listens, so that is what is judged
    options.host = passed.host or options.host
    has_key = bool(settings().model_key or passed.api_key)
    imagined = options.card is not None
    cards = Cards(options.cards or 1, options.card * GIB / GB) if imagined else cards_found(options.cards)
    plan = plan_for(cards, options.model, options.host, options.port, options.max_model_len, has_key)
    command = (*plan.command, *for_vllm)
    sys.stdout.write(report(plan, command, options, terminal_language()))
    sys.stdout.flush()
    if imagined or options.dry_run:
        return 0
    if not vllm_installed():
        raise AnalystError(
            Bilingual("vLLM is not installed here.", "这里没有安装 vLLM。"),
            Bilingual("Run: pip install -r requirements-gpu.txt", "请运行：pip install -r requirements-gpu.txt"),
        )
    # the key goes through the environment, where other people of this machine cannot read it as they can a command line
    key = {"VLLM_API_KEY": settings().model_key} if settings().model_key else {}
    os.execve(sys.executable, command, {**os.environ, "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", **key})  # noqa: S606


def vllm_installed() -> bool:
    """Whether vLLM can be started with this Python; a folder that happens to be called vllm is none."""
    spec = importlib.util.find_spec("vllm")
    return spec is not None and spec.origin is not None


def parser() -> argparse.ArgumentParser:
    """The options of serve-model."""
    root = argparse.ArgumentParser(
        prog="python -m analyst serve-model",
        description="Serve a model with vLLM, with settings that fit this job and these GPUs.",
        epilog=AFTERWARDS,
    )
    root.add_argument("model", nargs="?", default="", metavar="MODEL", help="a name on the hub, or a folder; else the best for the card")
    root.add_argument("--host", default="127.0.0.1", help="address to listen on; only this machine unless you say otherwise")
    root.add_argument("--port", type=int, default=8000)
    root.add_argument("--max-model-len", type=int, default=0, metavar="TOKENS", help="longest prompt with its answer")
    root.add_argument("--cards", type=int, default=0, metavar="N", help="use so many GPUs; else all")
    root.add_argument("--card", type=float, default=None, metavar="GB", help="only say what would be started on a card of this size")
    root.add_argument("--dry-run", action="store_true", help="only say what would be started")
    return root


def listening() -> argparse.ArgumentParser:
    """The options of vLLM itself that say who reaches it."""
    root = argparse.ArgumentParser(add_help=False)
    root.add_argument("--host")
    root.add_argument("--api-key", nargs="*")
    return root


def report(plan: Plan, command: Sequence[str], options: argparse.Namespace, language: Language) -> str:
    """What was chosen and why, and how the page finds the server."""
    reach = f"http://{'127.0.0.1' if options.host == '0.0.0.0' else options.host}:{options.port}"  # noqa: S104 - compared, not bound
    lines = [f"- {reason.in_language(language)}" for reason in plan.reasons]
    use = Bilingual(f"Then, for the page: ANALYST_MODEL={reach} make run", f"然后让页面使用它：ANALYST_MODEL={reach} make run")
    return "\n".join((*lines, shlex.join(command), use.in_language(language))) + "\n"


# ------------------------------------------------------------------------------------------------ the choice
def plan_for(cards: Cards, model: str = "", host: str = "127.0.0.1", port: int = 8000, context: int = 0, has_key: bool = False) -> Plan:
    """The command for these cards. Raises AnalystError where the model does not fit, or strangers could reach it without a key."""
    if host not in LOOPBACK and not has_key:
        raise AnalystError(
            Bilingual(f"Anybody who reaches {host} could use this model.", f"任何能访问 {host} 的人都能使用这个模型。"),
            Bilingual("Set ANALYST_MODEL_KEY to a key of your own first.", "请先用 ANALYST_MODEL_KEY 设置一个密钥。"),
        )
    chosen = known_model(model) if model else best_model(cards.gb)
    name = chosen.name if chosen else model
    weights = chosen.weights_gb if chosen else weights_gb(model)
    together = cards_together(cards, weights, name)
    copies = max(1, cards.count // together)
    free_gb = together * (cards.gb * MEMORY_USED - WORKING_MEMORY_GB) - (weights or 0)
    room = int(free_gb * GB / (chosen.cache_bytes if chosen else USUAL_CACHE_BYTES))
    length = context or min(LONGEST_CONTEXT, room // 2 // 1024 * 1024)  # the other half is for other people's questions
    if length < SHORTEST_CONTEXT and not context:
        raise does_not_fit(name, weights, cards)
    options = {
        "--model": name,
        "--served-model-name": served_name(name),
        "--host": host,
        "--port": port,
        "--max-model-len": length,
        "--gpu-memory-utilization": f"{MEMORY_USED:.2f}",
        "--tensor-parallel-size": together,
        "--data-parallel-size": copies,
        "--generation-config": "vllm",
    }
    pairs = tuple(str(word) for pair in options.items() for word in pair)
    command = (sys.executable, "-m", "vllm.entrypoints.openai.api_server", *pairs, *SWITCHES)
    reasons = (cards_reason(cards), model_reason(name, chosen, weights), parallel_reason(together, copies))
    return Plan(command, (*reasons, room_reason(length, room), *SETTINGS_REASONS, key_reason(host, has_key)))


def known_model(name: str) -> ServableModel | None:
    """The model of that name, with or without its publisher."""
    wanted = served_name(name).casefold()
    return next((model for model in MODELS if wanted == served_name(model.name).casefold()), None)


def best_model(gb: float) -> ServableModel:
    """The best that fits a card of this size; the smallest where none does, which cards_together() then refuses."""
    return next((model for model in reversed(MODELS) if gb >= model.card_gb), MODELS[0])  # drivers keep a little of the nominal GiB


def served_name(name: str) -> str:
    """What the page shows: the name without its publisher or folder."""
    return name.rstrip("/").rsplit("/", 1)[-1]


def weights_gb(model: str) -> float | None:
    """Size of the weights: of a folder's files, else by the number of parameters in the name; None where neither tells."""
    files = list(Path(model).glob("*.safetensors"))
    if files:
        return sum(file.stat().st_size for file in files) / GB
    size = re.search(r"(\d+(?:\.\d+)?)b\b", served_name(model), re.IGNORECASE)
    width = next(width for pattern, width in BYTES_PER_PARAMETER if re.search(pattern, model, re.IGNORECASE))
    return float(size[1]) * width if size else None


def cards_together(cards: Cards, weights: float | None, name: str) -> int:
    """How many cards hold the model together: the fewest, a power of two, that leave as much room for the cache as they must."""
    needed = (weights or 0) + SHORTEST_CONTEXT * 100_000 / GB
    together = 1
    while together <= cards.count:
        if needed <= together * (cards.gb * MEMORY_USED - WORKING_MEMORY_GB):
            return together
        together *= 2
    raise does_not_fit(name, weights, cards)


def does_not_fit(name: str, weights: float | None, cards: Cards) -> AnalystError:
    """The model is too large for the cards."""
    size = f"{weights:.0f} GB" if weights else "?"
    return AnalystError(
        Bilingual(
            f"{served_name(name)} ({size} of weights) does not fit {cards.count} x {cards.gb * GB / GIB:.0f} GB with room for questions.",
            f"{served_name(name)}（权重 {size}）放不进 {cards.count} × {cards.gb * GB / GIB:.0f} GB 的显卡并留出处理问题的空间。",
        ),
        Bilingual("Choose a smaller or quantised model, or use the built-in model.", "请选择更小或量化的模型，或使用内置模型。"),
    )


def cards_found(most: int) -> Cards:
    """The NVIDIA GPUs of this machine that are free to use. Raises AnalystError if there is none."""
    try:
        query = ["nvidia-smi", "--query-gpu=index,name,memory.total", "--format=csv,noheader,nounits"]
        listed = subprocess.run(query, capture_output=True, text=True, check=True, timeout=20).stdout
    except (OSError, subprocess.SubprocessError):
        listed = ""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    rows = [[cell.strip() for cell in line.split(",")] for line in listed.splitlines() if line.count(",") == 2]
    usable = [row for row in rows if row[2].isdigit() and (visible is None or row[0] in visible.split(","))][: most or None]
    if not usable:
        raise AnalystError(
            Bilingual("No NVIDIA GPU was found on this machine.", "这台机器上没有找到 NVIDIA 显卡。"),
            Bilingual(
                "Use the built-in model, or the URL of a server elsewhere (docs/serving.md). --card 24 shows what a 24 GB card would get.",
                "请使用内置模型，或其他机器上模型服务器的网址（见 docs/serving.md）。--card 24 可查看 24 GB 显卡会得到什么配置。",
            ),
        )
    return Cards(len(usable), min(int(row[2]) for row in usable) / 1024 * GIB / GB, tuple(row[1] for row in usable))


# ------------------------------------------------------------------------------------------------ the reasons
def cards_reason(cards: Cards) -> Bilingual:
    """Which GPUs are used."""
    names = f" ({', '.join(dict.fromkeys(cards.names))})" if cards.names else ""
    gib = f"{cards.gb * GB / GIB:.0f}"
    return Bilingual(f"GPUs: {cards.count}, with {gib} GB each{names}.", f"显卡：{cards.count} 块，每块 {gib} GB{names}。")


def model_reason(name: str, chosen: ServableModel | None, weights: float | None) -> Bilingual:
    """Which model, under which licence, how good."""
    if chosen is None:
        size = f"{weights:.1f} GB" if weights else "?"
        return Bilingual(f"{name}: as you said; about {size} of weights.", f"{name}：按您的指定；权重约 {size}。")
    greedy, votes = chosen.bird_greedy, chosen.bird_votes
    of = Bilingual("published, unquantised", "公开数据，未量化") if name.endswith("AWQ") else Bilingual("published", "公开数据")
    return Bilingual(
        f"{name}: the best of our table for such a card; {chosen.licence}; BIRD dev {greedy} %, with a vote of 8 {votes} % ({of.en}).",
        f"{name}：表中最适合这种显卡的模型；{chosen.licence}；BIRD dev {greedy}%，8 次投票 {votes}%（{of.zh}）。",
    )


def parallel_reason(together: int, copies: int) -> Bilingual:
    """How the cards share the work."""
    split = Bilingual("", "") if together == 1 else Bilingual(f", split over {together} GPUs", f"，拆分到 {together} 块显卡上")
    if copies == 1:
        return Bilingual(f"One copy of the model{split.en}.", f"一份模型{split.zh}。")
    return Bilingual(f"{copies} copies of the model answer side by side{split.en}.", f"{copies} 份模型并行回答{split.zh}。")


def room_reason(length: int, room: int) -> Bilingual:
    """How long a prompt may be, and how many questions go at once."""
    at_once = max(1, (room - length) // TYPICAL_QUESTION)
    return Bilingual(
        f"Prompts of up to {length:,} tokens; cache for {room:,} tokens, about {at_once} questions at a time on each copy.",
        f"提示词最长 {length:,} 个词元；缓存可容纳 {room:,} 个词元，每份模型约可同时处理 {at_once} 个问题。",
    )


SETTINGS_REASONS = (
    Bilingual(
        "Prefix caching is on: the description of the tables is read once, not at every question.",
        "已开启前缀缓存：表的说明只读一次，而不是每个问题都读。",
    ),
    Bilingual(
        "The model's own sampling defaults are off: their repetition penalty keeps names from being written twice.",
        "不使用模型自带的采样默认值：其中的重复惩罚会妨碍同一列名出现两次。",
    ),
)


def key_reason(host: str, has_key: bool) -> Bilingual:
    """Who can use the server."""
    who = Bilingual("This machine", "本机") if host in LOOPBACK else Bilingual(f"Whoever reaches {host}", f"能访问 {host} 的人")
    if has_key:
        return Bilingual(f"{who.en} can use it, with the key in ANALYST_MODEL_KEY.", f"{who.zh}凭 ANALYST_MODEL_KEY 中的密钥使用。")
    return Bilingual("Only this machine can use it, without a key.", "仅本机可用，无需密钥。")
