"""What serve-model chooses for which cards, and what it says when it cannot serve."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from analyst.cli import main
from analyst.errors import AnalystError
from analyst.serving import GB, GIB, MODELS, Cards, ServableModel, plan_for, weights_gb


def card(gib: float, count: int = 1) -> Cards:
    return Cards(count, gib * GIB / GB)


def option(cards: Cards, name: str, model: str = "", **more: object) -> str:
    command = plan_for(cards, model, **more).command
    return command[command.index(name) + 1]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_best_model_for_a_card_fits_it_with_room_for_questions(model: ServableModel) -> None:
    cards = card(model.card_gb)
    assert option(cards, "--model") == model.name
    assert int(option(cards, "--max-model-len")) >= 4096


def test_a_card_between_two_sizes_gets_what_fits_the_smaller() -> None:
    assert option(card(40), "--model") == "Qwen/Qwen2.5-Coder-14B-Instruct-AWQ"


def test_further_cards_answer_side_by_side() -> None:
    assert option(card(24, 4), "--data-parallel-size") == "4"
    assert option(card(24, 4), "--tensor-parallel-size") == "1"


def test_a_model_too_large_for_one_card_is_split_over_as_few_as_hold_it() -> None:
    assert option(card(48, 4), "--tensor-parallel-size", "Qwen/Qwen2.5-Coder-32B-Instruct") == "2"
    assert option(card(48, 4), "--data-parallel-size", "Qwen/Qwen2.5-Coder-32B-Instruct") == "2"


def test_a_model_known_by_its_short_name_is_served_under_it() -> None:
    assert option(card(24), "--model", "qwen2.5-coder-7b-instruct-awq") == "Qwen/Qwen2.5-Coder-7B-Instruct-AWQ"
    assert option(card(24), "--served-model-name", "somebody/Model-7B") == "Model-7B"


def test_the_size_of_an_unknown_model_is_told_from_its_files_or_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(b"x" * 2_000_000)
    assert weights_gb(str(tmp_path)) == pytest.approx(0.002)
    assert weights_gb("somebody/Model-7B") == pytest.approx(14.35)
    assert weights_gb("somebody/Model-7B-AWQ") == pytest.approx(4.9)
    assert weights_gb("somebody/model") is None


def test_a_model_that_fits_no_card_is_refused_with_its_size() -> None:
    with pytest.raises(AnalystError, match=r"Model-70B \(14[0-9] GB of weights\) does not fit 1 x 24 GB"):
        plan_for(card(24), "somebody/Model-70B")


def test_an_address_that_others_reach_needs_a_key() -> None:
    with pytest.raises(AnalystError, match=r"Anybody who reaches 0\.0\.0\.0"):
        plan_for(card(24), host="0.0.0.0")
    assert plan_for(card(24), host="0.0.0.0", has_key=True)


def test_an_address_handed_on_to_vllm_needs_a_key_too(capsys: pytest.CaptureFixture[str]) -> None:
    for handed_on in (["--host", "0.0.0.0"], ["--host=0.0.0.0"], ["--max-num-seqs", "8", "--host", "::"]):
        assert main(["serve-model", "--card", "24", "--", *handed_on]) == 1
        assert "Anybody who reaches" in capsys.readouterr().err
    assert main(["serve-model", "--card", "24", "--", "--host", "0.0.0.0", "--api-key", "secret"]) == 0


def test_every_choice_is_said_with_its_reason(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for language, word in (("en_GB.UTF-8", "Prefix caching is on"), ("zh_CN.UTF-8", "已开启前缀缓存")):
        monkeypatch.setenv("LC_ALL", language)
        assert main(["serve-model", "--card", "24", "--", "--quantization", "fp8"]) == 0
        said = capsys.readouterr().out
        assert word in said
        assert "ANALYST_MODEL=http://127.0.0.1:8000" in said
        command = next(line for line in said.splitlines() if "vllm.entrypoints" in line)
        assert shlex.split(command)[-2:] == ["--quantization", "fp8"]


def test_without_a_gpu_the_person_is_told_what_else_there_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["serve-model"]) == 1
    assert "No NVIDIA GPU was found" in capsys.readouterr().err


def test_the_gpus_are_read_from_the_driver(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    driver = tmp_path / "nvidia-smi"
    driver.write_text("#!/bin/sh\necho '0, NVIDIA L4, 23034'\necho '1, NVIDIA L4, 23034'\n")
    driver.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert main(["serve-model", "--dry-run"]) == 0
    assert "GPUs: 2, with 22 GB each (NVIDIA L4)" in capsys.readouterr().out
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    main(["serve-model", "--dry-run"])
    assert "GPUs: 1," in capsys.readouterr().out


def test_where_vllm_is_not_installed_the_person_is_told_how_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = tmp_path / "nvidia-smi"
    driver.write_text("#!/bin/sh\necho '0, NVIDIA L4, 24576'\n")
    driver.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert main(["serve-model"]) == 1
    assert "requirements-gpu.txt" in capsys.readouterr().err
