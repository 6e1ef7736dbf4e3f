"""What README shows works as shown."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analyst.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder in which README's relative paths hold, with the requests it speaks of."""
    shutil.copytree(ROOT / "analyst" / "sample", tmp_path / "analyst" / "sample")
    line = re.search(r'`(\{"id": "q1".*?\})`', README)
    assert line
    (tmp_path / "requests.jsonl").write_text(line[1], encoding="utf-8")
    return tmp_path


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("block", blocks("python"))
def test_python_blocks_run(block: str, project: Path) -> None:
    done = run(["-c", block], project)
    assert done.returncode == 0, done.stderr
    assert "West" in done.stdout


@pytest.mark.parametrize("block", blocks("bash"))
def test_commands_run(block: str, project: Path) -> None:
    command = shlex.split(block)
    assert command[0] == "python"
    done = run(command[1:], project)
    assert done.returncode == 0, done.stderr


def test_the_batch_answers_the_request_that_is_shown(project: Path) -> None:
    run(shlex.split(blocks("bash")[1])[1:], project)
    assert json.loads((project / "answers.jsonl").read_text(encoding="utf-8"))["kind"] == "answer"


def test_make_targets_that_readme_names_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)", README)) <= targets | {"are"}


def test_files_that_readme_links_exist() -> None:
    assert [path for path in re.findall(r"\]\(([^)#]+)\)", README) if not (ROOT / path).exists()] == []


def test_settings_that_readme_names_exist() -> None:
    named = {name.removeprefix("ANALYST_").lower() for name in re.findall(r"ANALYST_\w+", README)}
    assert named <= set(Settings.model_fields)


def test_readme_is_short() -> None:
    assert len(README.splitlines()) <= 150
