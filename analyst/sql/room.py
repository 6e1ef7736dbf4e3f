"""How far a name is followed into what inner steps made it of: each step may use the one before it many times over."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import expressions as exp


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of the columns and steps that one name may unfold into; beyond it the name itself stands."""

    columns: int = 16
    steps: int = 4

    def within(self, inner: exp.Expr) -> Room | None:
        """The room of each column of what a name stands for; None where there is not enough."""
        used = sum(1 for _ in inner.find_all(exp.Column))
        if not self.steps or used > self.columns:
            return None
        return Room(self.columns // max(used, 1), self.steps - 1)


WHOLE = Room()
"""What a name has at first."""
