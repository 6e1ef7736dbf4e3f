"""Fit the weights of confidence.py on questions with known rows; prints the risk-coverage curve."""

from __future__ import annotations
