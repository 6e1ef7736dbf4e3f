#!/bin/sh
# Makes the environment, trains the tiny model, serves it by vLLM and asks it through the page's own code.
set -eu
cd "$(dirname "$0")/../.."
sh tests/vllm/setup.sh
exec .venv/bin/python -m pytest tests/vllm -m vllm -p no:cacheprovider "$@"
