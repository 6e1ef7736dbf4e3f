# Everything a person or the CI runs. Python 3.11 or newer and make are all that must be there.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8501
TRAIN_VENV ?= .venv-train
WORK ?= artefacts/reader

.PHONY: help run test test-vllm check bench bench-questions bench-accuracy train format clean

help:            ## this list
	@grep -E '^[a-z-]+: .*##|^[a-z-]+:  +##' $(MAKEFILE_LIST) | sed -E 's/:.*## / - /'

run: $(VENV)/.installed            ## set up and open the page (PORT=8501)
	@$(BIN)/python -m analyst run --port $(PORT)

test: $(VENV)/.installed-dev       ## all tests; those in a real browser need Chromium or Chrome
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not vllm"

check: $(VENV)/.installed-dev      ## style, types, imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.installed-dev     ## put the code in its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.installed          ## load time, overhead of a question, time of the built-in model
	@$(BIN)/python -m benchmarks

bench-questions: $(VENV)/.installed ## sets of questions of our own, each against its threshold
	@$(BIN)/python -m benchmarks.questions --workers 2

bench-accuracy: $(VENV)/.installed ## accuracy of the built-in model on public questions, which were seen
	@$(BIN)/python -m benchmarks.accuracy

train: $(TRAIN_VENV)/.installed    ## learn the reader's weights anew (BENCH=folder with the training sets, WORK=folder for what is made); goes on where it was stopped
	@test -d "$(BENCH)" || { echo "Say where the training sets are: make train BENCH=folder"; exit 1; }
	@$(TRAIN_VENV)/bin/python -m train.reader.encoder $(BENCH) $(WORK)
	@$(TRAIN_VENV)/bin/python -m train.reader.prepare $(BENCH) $(WORK)
	@$(TRAIN_VENV)/bin/python -m train.reader.fit $(WORK)
	@cp $(WORK)/reader.npz analyst/models/reader/reader.npz
	@$(TRAIN_VENV)/bin/python -m train.reader.trial $(BENCH) $(WORK)

test-vllm: $(VENV)/.installed-dev  ## the way through a real vLLM server (sets up .venv-vllm, 3 GB)
	@bash tests/vllm/run.sh

clean:           ## remove what set-up made
	rm -rf $(VENV) $(TRAIN_VENV) .venv-vllm .mypy_cache .ruff_cache .pytest_cache artefacts

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or run make PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Setting up (once, about a minute)..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-dev.txt
	@touch $@

$(TRAIN_VENV)/.installed: requirements-train.txt requirements.txt | $(VENV)/bin/python
	@echo "Setting up what training needs (once, a few minutes)..."
	@$(BIN)/python -m venv $(TRAIN_VENV)
	@$(TRAIN_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-train.txt
	@mkdir -p $(WORK)
	@touch $@
