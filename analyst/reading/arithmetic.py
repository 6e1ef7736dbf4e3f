"""Shares and growth as SQL writes them, recognised in its arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import expressions as exp

WRAPPERS = (exp.Paren, exp.Cast, exp.TryCast, exp.Nullif, exp.Round)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A measure against its total (a share) or against the row before (growth, change)."""

    kind: str
    """share, growth or change."""
    measure: exp.Expr
    window: exp.Window
    in_percent: bool


def comparison_of(node: exp.Expr) -> Comparison | None:
    """The share, growth or change that an expression computes; None if it is none of them."""
    core, in_percent = _bare(node)
    if isinstance(core, exp.Sub):
        return _growth_less_one(core, in_percent) or _change(core, in_percent)
    if not isinstance(core, exp.Div):
        return None
    above, scaled_above = _bare(core.this)
    below, _ = _bare(core.expression)
    in_percent = in_percent or scaled_above
    if not isinstance(below, exp.Window):
        return None
    if isinstance(below.this, exp.Sum) and below.args.get("order") is None and below.this.this == above:
        return Comparison("share", above, below, in_percent)
    change = _change(above, in_percent) if isinstance(above, exp.Sub) else None
    return Comparison("growth", change.measure, below, in_percent) if change and change.window == below else None


def _growth_less_one(core: exp.Sub, in_percent: bool) -> Comparison | None:
    """measure / lag(measure) - 1"""
    ratio, _ = _bare(core.this)
    if not isinstance(ratio, exp.Div) or core.expression.name not in ("1", "1.0"):
        return None
    above, (below, _) = _bare(ratio.this)[0], _bare(ratio.expression)
    if isinstance(below, exp.Window) and isinstance(below.this, exp.Lag) and below.this.this == above:
        return Comparison("growth", above, below, in_percent)
    return None


def change_between(node: exp.Expr) -> tuple[exp.Expr, exp.Expr] | None:
    """The earlier and the later figure of 100 * (later / earlier - 1); None for anything else."""
    core, in_percent = _bare(node)
    ratio = _bare(core.this)[0] if isinstance(core, exp.Sub) and in_percent and core.expression.name in ("1", "1.0") else None
    return (_bare(ratio.expression)[0], _bare(ratio.this)[0]) if isinstance(ratio, exp.Div) else None


def _change(core: exp.Sub, in_percent: bool) -> Comparison | None:
    """measure - lag(measure)"""
    later, (earlier, _) = _bare(core.this)[0], _bare(core.expression)
    if isinstance(earlier, exp.Window) and isinstance(earlier.this, exp.Lag) and earlier.this.this == later:
        return Comparison("change", later, earlier, in_percent)
    return None


def _bare(node: exp.Expr) -> tuple[exp.Expr, bool]:
    """An expression without brackets, casts, rounding and factors of 1 and 100; and whether a 100 was among them."""
    in_percent = False
    while True:
        if isinstance(node, WRAPPERS):
            node = node.this
        elif isinstance(node, exp.Mul) and (factor := _factor(node)) is not None:
            in_percent = in_percent or factor[0] == 100
            node = factor[1]
        else:
            return node, in_percent


def _factor(node: exp.Mul) -> tuple[float, exp.Expr] | None:
    for literal, other in ((node.this, node.expression), (node.expression, node.this)):
        if isinstance(literal, exp.Literal) and not literal.is_string and float(literal.name) in (1, 100):
            return float(literal.name), other
    return None
