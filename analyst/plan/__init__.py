"""The query as a value: the algebra, how it is written in tokens, and the ways to SQL and back."""

from __future__ import annotations

from analyst.plan.algebra import ColumnName, Combined, Days, Inexpressible, Literal, Operation, Order, Plan, Select, Term
from analyst.plan.compile import compile_plan
from analyst.plan.recover import recover_plan
from analyst.plan.tokens import from_tokens, to_tokens

__all__ = [
    "ColumnName",
    "Combined",
    "Days",
    "Inexpressible",
    "Literal",
    "Operation",
    "Order",
    "Plan",
    "Select",
    "Term",
    "compile_plan",
    "from_tokens",
    "recover_plan",
    "to_tokens",
]
