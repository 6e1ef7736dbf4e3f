"""Numbers of a row against the bound that another column sets for them: stock below the reorder point, costs over budget."""

from __future__ import annotations

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Field

BOUNDED = {
    "reorder": ("stock", "quantity"),
    "budget": ("spend", "cost", "amount"),
    "capacity": ("attendance", "quantity", "population"),
    "credit limit": ("amount", "spend"),
}
"""Concepts of bounds, and of the columns that they bound."""
OWNERS = frozenset(("their", "its", "the", "his", "her", "your", "our"))


def read_bounds(draft: Draft) -> None:
    """'Products below their reorder point': the number that the bound is set for is not named."""
    for at in list(draft.free("cmp")):
        sign = draft.asks(at, "cmp")
        right = draft.next_to(at, 1, 3, lambda place: draft.mentions[place].kind == "column" and place not in draft.used)
        if sign not in ("<", ">", "<=", ">=") or right is None or draft.mentions[right - 1].value not in OWNERS:
            continue
        bound = draft.column(right, "number")
        named = draft.next_to(at, -1, 3, lambda place: draft.mentions[place].kind == "column" and bool(draft.options(place, "number")))
        other = bounded_by(draft, bound) if bound and named is None else None
        if bound and other:
            test = Condition(other, sign, (bound,))  # type: ignore[arg-type]
            draft.where.append(test)
            draft.placed[test] = at
            draft.flags["two columns"] = "bound"
            draft.use(at, right)


def bounded_by(draft: Draft, bound: Field) -> Field | None:
    """The column of the same table that a bound is set for; None where it is not plain."""
    catalog = draft.catalog
    for concept in catalog.concepts(bound):
        for kind in BOUNDED.get(concept, ()):
            found = [field for field in catalog.named(kind, [bound.table], number=True) if field != bound]
            if found:
                return found[0]
    others = [field for field in catalog.fields(bound.table) if catalog.is_measure(field) and field != bound]
    return others[0] if len(others) == 1 else None
