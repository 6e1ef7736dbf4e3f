"""Figures that anyone can print again; docs/benchmarks.md holds those of the release."""
