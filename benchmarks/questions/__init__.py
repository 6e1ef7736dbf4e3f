"""Sets of questions with tables and gold; `python -m benchmarks.questions` says how many are answered right (README.md)."""
