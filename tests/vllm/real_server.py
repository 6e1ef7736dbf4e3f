"""A real vLLM server on the CPU, started from the environment that setup.sh makes, and its own metrics."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ENVIRONMENT = Path(__file__).parents[2] / ".venv-vllm"
PYTHON = ENVIRONMENT / "bin" / "python"
KEY = "key-of-the-tests"
START_SECONDS = 600  # 35 on two free cores
KEPT = "vllm:prefix_cache_hits_total"
ASKED = "vllm:prefix_cache_queries_total"
RUNNING = "vllm:num_requests_running"


@dataclass(frozen=True)
class VLLM:
    """A real server."""

    url: str

    def metric(self, name: str) -> float:
        """A figure of the server's own metrics, summed over its engines."""
        text = httpx.get(f"{self.url}/metrics", trust_env=False).text
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith((f"{name}{{", f"{name} ")))


@contextmanager
def serving(folder: Path) -> Iterator[VLLM]:
    """vLLM with the model of a folder, warmed up, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = ENVIRONMENT / "server.log"
    options = {"--model": folder, "--served-model-name": "tiny", "--host": "127.0.0.1", "--port": port, "--max-model-len": 4096}
    command = [PYTHON, "-m", "vllm.entrypoints.openai.api_server", *(str(word) for pair in options.items() for word in pair)]
    switches = ["--dtype", "float32", "--enforce-eager", "--enable-prefix-caching", "--enable-prompt-tokens-details"]
    quiet = {"VLLM_API_KEY": KEY, "VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "HF_HUB_OFFLINE": "1"}
    with log.open("w") as output:
        # in a folder of its own, where no folder called vllm is in the way of the import
        process = subprocess.Popen([*command, *switches], stdout=output, stderr=output, cwd=ENVIRONMENT, env={**os.environ, **quiet})
        try:
            wait_for(f"http://127.0.0.1:{port}", process, log)
            yield VLLM(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(timeout=60)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers; the first answer, which makes vLLM choose its kernels, is waited for too."""
    deadline = time.monotonic() + START_SECONDS
    headers = {"Authorization": f"Bearer {KEY}"}
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(encoding="utf-8")[-3000:]
        try:
            body = {"model": "tiny", "prompt": "SELECT " * 200, "max_tokens": 2}
            if httpx.post(f"{url}/v1/completions", json=body, headers=headers, timeout=START_SECONDS, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(1)
    raise AssertionError(f"vLLM did not start: {log.read_text(encoding='utf-8')[-3000:]}")
