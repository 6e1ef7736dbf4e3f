"""Reads the clauses that only say how a chart is drawn: what its axes show and how it is sorted."""

from __future__ import annotations

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Field, Measure, Output, Plan, Test, aggregated

VERBS = frozenset(("sort", "sorted", "order", "ordered", "rank", "ranked", "arrange", "arranged"))
"""Verbs that sort wherever they stand."""
SOFT_VERBS = frozenset(("list", "show", "display"))
"""Verbs that sort only in a clause of their own, as in '..., and show the x-axis in descending order'."""
LEADS = frozenset((",", ".", ";", "?", "and", "you", "to", "please", "then", "also"))
INVITING = frozenset(
    ("i", "we", "want", "would", "like", "need", "to", "could", "can", "you", "please", "and", ",", "also", "then", "help")
)
SMALL_WORDS = frozenset(("by", "the", "of", "in", "on", "a", "an", "please", "order", "axis", "for", "their", "its", "from", "it", "them"))
ENDS = frozenset((",", ".", ";", "?", "!"))
COPULAS = frozenset(("is", "are", "be", "was", "the", "a", "an", ":", "=", "show", "represent", "as", "should", "-", "their", "its"))
ON_AXIS = frozenset(("as", "on", "along", "for", "at", "onto", "in"))
NAMES = frozenset(("name", "names"))
"""What stands along the x-axis, whatever its header says."""
FREQUENCY = frozenset(("frequency", "frequencies", "occurrences", "appearances"))


def read_display(draft: Draft) -> None:
    """Sorting clauses, then axes; both before anything else can take their words for columns or cells."""
    if draft.language == "zh":
        read_chinese_sort(draft)
        return
    read_origin(draft)
    for at in range(1, len(draft.mentions)):
        if at not in draft.used:
            read_sort_clause(draft, at)
    read_axes(draft)
    if not draft.axes:
        read_pair(draft)
    read_frequency(draft)


def read_origin(draft: Draft) -> None:
    """'For those records from the products and each product's manufacturer, ...' only says which tables take part."""
    said = [mention.text.lower() for mention in draft.mentions]
    end = next((at for at, text in enumerate(said) if text == ","), None)
    if end is None or said[0] not in ("for", "from", "among", "in") or not any(text in ("records", "rows") for text in said[1:4]):
        return
    places = [at for at in range(1, end) if draft.nameable(at) and said[at] not in ("records", "rows")]
    tables = [table for at in places if (table := draft.table(at))]
    if len(set(tables)) < len({said[at].removesuffix("'s").rstrip("s") for at in places}):
        return
    draft.tables += [table for table in dict.fromkeys(tables) if table not in draft.tables]
    draft.use(*range(end))


# ------------------------------------------------------------------------------------------------ sorting
def read_sort_clause(draft: Draft, at: int) -> None:
    """'..., and could you rank the y-axis from high to low?': one target, one direction and nothing else."""
    verb = draft.mentions[at].text.lower().split()[0]
    before = draft.mentions[at - 1].text.lower()
    soft = verb in SOFT_VERBS
    if verb not in VERBS and not (soft and (before in LEADS or bool(draft.asks(at - 1, "chart")))):
        return
    end = clause_end(draft, at)
    if end is None:
        return
    inside = range(at + 1, end)
    directions = [place for place in inside if direction(draft, place) is not None]
    columns = [place for place in inside if is_named(draft, place)]
    if len(directions) != 1 or len(columns) > 1:
        return
    by = any("by" in draft.mentions[place].text.lower().split() for place in range(at, end))
    target = clause_target(draft, inside, columns)
    if soft and not by and (target is None or (isinstance(target, int) and not known_header(draft, target))):
        return
    start = at
    while start and draft.mentions[start - 1].text.lower() in INVITING:
        start -= 1
    draft.use(*range(start, end))
    text = target if isinstance(target, str) else "" if target is None else f"at {target}"
    draft.sorts.append((text, bool(direction(draft, directions[0]))))
    if isinstance(target, str):
        draft.flags["axis"] = target


def read_chinese_sort(draft: Draft) -> None:
    """'按A升序': the column between the two words."""
    for at in range(2, len(draft.mentions)):
        if draft.mentions[at - 2].text in ("按", "按照", "以", "根据", "依") and draft.mentions[at - 1].kind == "column":
            descending = direction(draft, at)
            if descending is not None and at not in draft.used:
                draft.use(at - 2, at - 1, at)
                draft.sorts.append((f"at {at - 1}", descending))


def clause_end(draft: Draft, at: int) -> int | None:
    """Where a sorting clause ends; None where it holds what no such clause does."""
    for place in range(at + 1, len(draft.mentions)):
        mention = draft.mentions[place]
        if mention.text in ENDS:
            return place
        known = (
            mention.text.lower() in SMALL_WORDS
            or mention.text.lower().strip("s") in ("bar", "total number")
            or (mention.kind == "sign" and mention.text in "-'\"")
            or direction(draft, place) is not None
            or is_named(draft, place)
            or any(draft.asks(place, kind) for kind in ("axis", "agg", "count"))
        )
        if not known:
            return None
    return len(draft.mentions)


def direction(draft: Draft, place: int) -> bool | None:
    """True for descending, False for ascending, None where a place says neither."""
    if draft.asks(place, "desc"):
        return True
    return False if draft.asks(place, "asc") else None


def is_named(draft: Draft, place: int) -> bool:
    """Whether a place names a column or a table rather than a bar, an axis or a direction."""
    mention = draft.mentions[place]
    if direction(draft, place) is not None or mention.text.lower() in ("bar", "bars", *SMALL_WORDS) or is_axis(draft, place):
        return False
    return bool(mention.columns) and (mention.columns[0].score >= 0.5 or mention.text in NAMES)


def is_axis(draft: Draft, place: int) -> bool:
    """Whether a place speaks of an axis."""
    said = draft.mentions[place].text.lower()
    return bool(draft.asks(place, "axis")) and ("ax" in said or said in ("x", "y") or "bar" in said or said.endswith((" x", " y")))


def known_header(draft: Draft, place: int) -> bool:
    """Whether a place repeats a header: as the data writes it, or as the question said it before."""
    said = draft.mentions[place].text
    return (
        any(match.column == said for match in draft.mentions[place].columns)
        or said.lower() in draft.text[: draft.mentions[place].start].lower()
    )


def clause_target(draft: Draft, inside: range, columns: list[int]) -> str | int | None:
    """What a sorting clause sorts by: an axis, the figure, the place of a column, or nothing said."""
    for place in inside:
        said = draft.mentions[place].text.lower()
        if is_axis(draft, place) or said in ("bar", "bars"):
            return "y" if draft.asks(place, "axis") == "y" else "x"
        if draft.asks(place, "axis") and said.split()[-1] in ("name", "names"):
            return "x"
        if draft.asks(place, "agg") or draft.asks(place, "count"):
            return "y"
    if not columns:
        return None
    return "x" if draft.mentions[columns[0]].text in NAMES else columns[0]


# ------------------------------------------------------------------------------------------------ axes
def read_axes(draft: Draft) -> None:
    """'X axis A, y axis B', 'the x-axis is A and the y-axis is B', 'A as the y-axis and B as the x-axis'."""
    found: dict[str, tuple[Output, list[int]]] = {}
    for at, mention in enumerate(draft.mentions):
        axis = mention.asks("axis")
        if at in draft.used or axis not in ("x", "y") or not is_axis(draft, at) or axis in found:
            continue
        shown = axis_content(draft, at)
        if shown:
            found[axis] = (shown[0], [at, *shown[1]])
    if "x" not in found or aggregated(found["x"][0]):
        return
    if "y" not in found:
        lone_x(draft, *found["x"])
        return
    for axis, (output, places) in found.items():
        draft.axes[axis] = output
        draft.use(*places)


def lone_x(draft: Draft, x: Output, places: list[int]) -> None:
    """Only the x-axis is named: rows are grouped by it first, whatever else they are grouped by."""
    if isinstance(x, Field) and any(mention.asks("count") or mention.asks("agg") for mention in draft.mentions):
        draft.lone_x = x
        draft.use(*places)


def axis_content(draft: Draft, at: int) -> tuple[Output, list[int]] | None:
    """What an axis shows, with its places: before it after 'as' or 'on', else behind it."""
    before = at - 1
    while before > 0 and draft.mentions[before].text.lower() in ("the", "a", "-"):
        before -= 1
    if before > 0 and draft.mentions[before].text.lower() in ON_AXIS:
        start = next((here + 1 for here in range(before - 1, -1, -1) if bounds(draft, here)), 0)
        return next((content for here in range(start, before) if (content := content_from(draft, here, before))), None)
    here = at + 1
    while here < len(draft.mentions) and (draft.mentions[here].value in COPULAS or draft.mentions[here].text.lower() in COPULAS):
        here += 1
    return content_from(draft, here, min(len(draft.mentions), here + 4))


def bounds(draft: Draft, here: int) -> bool:
    """Whether a place ends what stands before an axis."""
    mention = draft.mentions[here]
    return mention.kind in ("sign", "list", "axis") or mention.text.lower() in ("and", "with", "take", "use", "put", "using")


def content_from(draft: Draft, place: int, end: int) -> tuple[Output, list[int]] | None:
    """A column, an aggregate of one, or a count, beginning at a place."""
    if not 0 <= place < len(draft.mentions) or place in draft.used:
        return None
    aggregate = draft.asks(place, "agg")
    counts = bool(draft.asks(place, "count")) or any(
        draft.mentions[here].text.lower() in FREQUENCY for here in range(place, min(end, place + 2))
    )
    named = next((here for here in range(place, end) if draft.nameable(here) and here not in draft.used and not is_axis(draft, here)), None)
    if named is not None and any(not draft.is_filler(here) and here != place for here in range(place, named)):
        named = None
    if draft.mentions[place].text.lower() == "amount" and named is not None and not draft.options(named, "number"):
        counts = True
    exact = bool(draft.mentions[place].columns) and draft.mentions[place].columns[0].score >= 0.97
    plain = draft.mentions[place].kind == "column" or (exact and named in (None, place))
    if plain and not counts:
        field = draft.column(place, "dimension")
        return (field, [place]) if field else None
    places = [place, *([named] if named is not None else [])]
    if counts:
        amount = draft.column(named, "number") if named is not None and draft.options(named, "number") else None
        return (Measure("sum", amount) if amount and draft.catalog.is_measure(amount) else Measure("count")), places
    field = draft.column(named, "sum") if aggregate and named is not None else None
    return (Measure(aggregate, field), places) if aggregate and field else None  # type: ignore[arg-type]


def read_pair(draft: Draft) -> None:
    """'The distribution of A and B', 'the correlation between A and B', 'the comparison about B over A': two columns against each other."""
    for at, mention in enumerate(draft.mentions):
        said = mention.text.lower()
        along = bool(mention.asks("compare")) or said == "trend"
        if draft.mark and at not in draft.used and mention.asks("agg") and read_over(draft, at):
            return
        if at in draft.used or not (along or said.startswith(("distribution", "correlation", "relationship", "relation"))):
            continue
        if not draft.mark and not along and not said.startswith(("distribution", "relation")):
            continue
        here = after_small(draft, at + 1)
        first = content_from(draft, here, min(len(draft.mentions), here + 4))
        joint = first[1][-1] + 1 if first else len(draft.mentions)
        if not first or joint >= len(draft.mentions) or draft.mentions[joint].text.lower() not in (JOINTS_ALONG if along else JOINTS):
            continue
        here = after_small(draft, joint + 1)
        second = content_from(draft, here, min(len(draft.mentions), here + 4))
        if not second or (aggregated(first[0]) and aggregated(second[0])):
            continue
        turned = along or aggregated(first[0])
        draft.axes["x"], draft.axes["y"] = (second[0], first[0]) if turned else (first[0], second[0])
        draft.use(at, joint, *first[1], *second[1])
        return


def read_over(draft: Draft, at: int) -> bool:
    """'The average of A over B' in a chart: a figure along a column."""
    figure = content_from(draft, at, min(len(draft.mentions), at + 4))
    joint = figure[1][-1] + 1 if figure else len(draft.mentions)
    if not figure or not aggregated(figure[0]) or joint >= len(draft.mentions) or draft.mentions[joint].text.lower() not in OVER:
        return False
    here = after_small(draft, joint + 1)
    along = content_from(draft, here, min(len(draft.mentions), here + 1))
    if not along or aggregated(along[0]):
        return False
    draft.axes["x"], draft.axes["y"] = along[0], figure[0]
    draft.use(joint, *figure[1], *along[1])
    return True


OVER = ("over", "across")
JOINTS = ("and", "with", "versus", "vs", "against")
JOINTS_ALONG = ("over", "across", "versus", "vs", "by", "against")


def after_small(draft: Draft, here: int) -> int:
    """The first place from here on that is no small word."""
    while here < len(draft.mentions) and draft.mentions[here].text.lower() in ("about", "of", "between", "the", "a", "on", "in"):
        here += 1
    return here


def axes_plan(draft: Draft, where: tuple[Test, ...]) -> Plan:
    """The chart whose axes were both named; a column that was grouped by colours it."""
    x, y = draft.axes["x"], draft.axes["y"]
    grained = next((item for item in draft.group if getattr(item, "field", None) == x), x)
    colors = tuple(item for item in draft.group if item not in (x, y, grained) and item not in draft.from_tables)[:1]
    keys = (grained, *colors)
    if not aggregated(y):
        return Plan((*keys, y), where, tables=tuple(draft.tables))
    return Plan((*keys, y), where, tuple(keys), tuple(draft.having), tables=tuple(draft.tables))  # type: ignore[arg-type]


def read_frequency(draft: Draft) -> None:
    """In a chart, a frequency that is no column is a count."""
    if not draft.mark:
        return
    for at, mention in enumerate(draft.mentions):
        if at not in draft.used and mention.text.lower() in FREQUENCY and mention.kind != "column" and not draft.measures:
            draft.measures.append(Measure("count"))
            draft.use(at)


__all__ = ["axes_plan", "read_display"]
