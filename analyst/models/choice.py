"""Which model answers: the built-in one, or a server by its URL."""

from __future__ import annotations

from analyst.errors import AnalystError
from analyst.models import LanguageModel
from analyst.models.builtin import BuiltinModel
from analyst.models.proposing import Sampling
from analyst.models.vllm import ServedModel
from analyst.settings import settings
from analyst.terms import Bilingual


def model_for(choice: str) -> LanguageModel:
    """The model of that name: `builtin`, `reader` or an http(s) URL. Raises AnalystError for anything else."""
    if choice == "builtin":
        return BuiltinModel()
    if choice == "reader":
        from analyst.models.reader import ReaderModel  # noqa: PLC0415 - its runtime is loaded where it is wanted, not at every start

        return ReaderModel()
    if choice.startswith(("http://", "https://")):
        chosen = settings()
        sampling = Sampling(n=chosen.model_samples, temperature=chosen.model_temperature)
        return ServedModel(choice, chosen.model_name, chosen.model_key, sampling=sampling, concurrency=chosen.model_questions)
    raise AnalystError(
        Bilingual(f"There is no model called {choice}.", f"没有名为 {choice} 的模型。"),
        Bilingual("Use builtin, reader, or the URL of a model server.", "请使用 builtin、reader 或模型服务器的网址。"),
    )
