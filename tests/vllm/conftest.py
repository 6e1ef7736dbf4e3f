"""The tiny model, trained and served by a real vLLM on the CPU, and clients of it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from lessons import lines
from real_server import ENVIRONMENT, KEY, PYTHON, VLLM, serving

from analyst import Workspace
from analyst.models.profiles import CHAT, ModelProfile
from analyst.models.vllm import ServedModel
from analyst.sample import FILES
from analyst.workspace import open_workspace

TRAINER = Path(__file__).parent / "train_tiny.py"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """These take minutes and an environment of their own: they run only where they are asked for by name."""
    if "vllm" not in config.option.markexpr:
        for item in items:
            if item.get_closest_marker("vllm"):
                item.add_marker(pytest.mark.skip(reason="run by make test-vllm"))


@pytest.fixture(scope="session")
def workspace() -> Iterator[Workspace]:
    """The sample data."""
    opened = open_workspace(FILES)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def tiny_model(workspace: Workspace) -> Path:
    """A model trained on the lessons, in under two minutes on two free cores; kept until the lessons, the prompt or the trainer change."""
    if not PYTHON.exists():
        pytest.skip("needs .venv-vllm: run tests/vllm/setup.sh")
    taught = "\n".join(lines(workspace))
    version = hashlib.sha256((taught + TRAINER.read_text(encoding="utf-8")).encode()).hexdigest()[:12]
    folder = ENVIRONMENT / f"tiny-{version}"
    if not (folder / "config.json").exists():
        lessons = ENVIRONMENT / f"lessons-{version}.jsonl"
        lessons.write_text(taught, encoding="utf-8")
        waiting = {"OMP_WAIT_POLICY": "passive"}  # a thread that waits leaves its core to other work
        subprocess.run([PYTHON, TRAINER, lessons, folder], check=True, cwd=ENVIRONMENT, env={**os.environ, **waiting})
    return folder


@pytest.fixture(scope="session")
def server(tiny_model: Path) -> Iterator[VLLM]:
    """vLLM with the tiny model, warmed up."""
    with serving(tiny_model) as running:
        yield running


@pytest.fixture(scope="session", params=["chat", "completions"])
def model(request: pytest.FixtureRequest, server: VLLM) -> Iterator[ServedModel]:
    """The client, once for each form of the lead-in."""
    served = ServedModel(server.url, api_key=KEY, profile=CHAT if request.param == "chat" else ModelProfile("completions"))
    yield served
    served.close()


@pytest.fixture(scope="session")
def chat_model(server: VLLM) -> Iterator[ServedModel]:
    """The client as a person starts it: with a URL and a key, all else found out."""
    served = ServedModel(server.url, api_key=KEY)
    yield served
    served.close()
