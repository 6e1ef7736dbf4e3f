"""A look at a model server: whether it answers, which model it serves, how many questions it is at and how many wait."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx

from analyst.models import Health
from analyst.models.wire import LOOPBACK
from analyst.terms import Bilingual

LOOK = httpx.Timeout(0.45)  # seconds a step; two steps stay within the second that the page waits
RUNNING = re.compile(r"^(?:vllm:num_requests_running|sglang:num_running_reqs|llamacpp:requests_processing)(?:\{.*\})? ([0-9.e+]+)$", re.M)
WAITING = re.compile(r"^(?:vllm:num_requests_waiting|sglang:num_queue_reqs|llamacpp:requests_deferred)(?:\{.*\})? ([0-9.e+]+)$", re.M)


def look_at(root: str, place: str, key: str, wanted: str) -> tuple[Health, str]:
    """Its health, and the name of its model where it has the one wanted (or any, if none is)."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with httpx.Client(timeout=LOOK, headers=headers, trust_env=urlsplit(root).hostname not in LOOPBACK) as client:
            listed = client.get(f"{root}/v1/models")
            if listed.status_code in (401, 403):
                return refused_key(place), ""
            names = [str(entry["id"]) for entry in listed.raise_for_status().json()["data"]]
            metrics = client.get(f"{root}/metrics")
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return Health(False, Bilingual(f"The model server at {place} does not answer.", f"模型服务器 {place} 没有应答。")), ""
    name = next((name for name in names if wanted in ("", name)), "")
    if not name:
        other = Bilingual(f"The model server at {place} does not serve {wanted}.", f"模型服务器 {place} 没有提供 {wanted}。")
        return Health(False, other), ""
    return ready(name, place, metrics.text if metrics.status_code == 200 else ""), name


def ready(name: str, place: str, metrics: str) -> Health:
    """It answers; with the length of its queue where it tells."""
    running, waiting = total(RUNNING, metrics), total(WAITING, metrics)
    if running is None:
        return Health(True, Bilingual(f"{name} answers at {place}.", f"{name} 在 {place} 应答。"))
    words = Bilingual(
        f"{name} answers at {place}; {running} running, {waiting or 0} waiting.",
        f"{name} 在 {place} 应答；{running} 个进行中，{waiting or 0} 个等待。",
    )
    return Health(True, words, running, waiting)


def refused_key(place: str) -> Health:
    """It is there, and does not let us in."""
    return Health(False, Bilingual(f"The model server at {place} does not accept the key.", f"模型服务器 {place} 不接受该密钥。"))


def total(pattern: re.Pattern[str], metrics: str) -> int | None:
    """The sum over the server's engines; None where it is not told."""
    counts = [float(count) for count in pattern.findall(metrics)]
    return int(sum(counts)) if counts else None
