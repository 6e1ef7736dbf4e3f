#!/bin/sh
# Makes .venv-vllm, the environment of the tests that need a real vLLM server (about 3 GB, 10 to 60 seconds with uv).
# torch's CPU build is taken from where pip finds packages on this machine, else from the index named in VLLM_TORCH_INDEX.
set -eu
cd "$(dirname "$0")/../.."
if [ -x .venv-vllm/bin/python ] && [ .venv-vllm/.ready -nt requirements-vllm-test.txt ]; then exit 0; fi
command -v uv >/dev/null || { python3 -m pip install --quiet --user uv; PATH="$HOME/.local/bin:$PATH"; }
overrides="$(mktemp)"
# vLLM names these for images and sound; their builds for the CPU are not needed to answer in words.
for package in torchvision torchaudio torchcodec; do echo "$package ; sys_platform == 'never'"; done >"$overrides"
links="$(python3 -m pip config get global.find-links 2>/dev/null || python3 -m pip config get :env:.find-links 2>/dev/null || true)"
set -- --override "$overrides" -r requirements-vllm-test.txt
if [ -n "$links" ]; then set -- --find-links "$links" "$@"; fi
if [ -n "${VLLM_TORCH_INDEX:-}" ]; then set -- --extra-index-url "$VLLM_TORCH_INDEX" --index-strategy unsafe-best-match "$@"; fi
uv venv --quiet --allow-existing -p 3.11 .venv-vllm
uv pip install --quiet -p .venv-vllm/bin/python "$@"
rm -f "$overrides"
touch .venv-vllm/.ready
