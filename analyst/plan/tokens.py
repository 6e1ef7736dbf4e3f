"""A plan as the list of tokens it is written in, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from analyst.plan.algebra import ColumnName, Combined, Days, Inexpressible, Literal, Operation, Order, Plan, Select, Term
from analyst.plan.grammar import COMBINATIONS, CONSTANTS, GRAMMAR, START, TABLE, UNANSWERABLE, VALUE

Value = Literal | Days
Token = str | ColumnName | tuple[str, str] | tuple[str, Value]
"""A keyword, a column, ("t", table) or ("v", value)."""
T = TypeVar("T")


def to_tokens(plan: Term) -> list[Token]:
    """The plan, written in front of its parts. Raises Inexpressible where the grammar has no place for a part."""
    tokens = list(_written(plan))
    well_formed(tokens)
    return tokens


def well_formed(tokens: Sequence[Token]) -> None:
    """Raises Inexpressible where a token list does not follow the grammar to its end."""
    waiting: list[str] = [START]
    for token in tokens:
        sort = waiting.pop() if waiting else "end"
        kind = kind_of(token)
        if kind not in GRAMMAR.get(sort, {}):
            raise Inexpressible(f"{kind} where {sort} is due")
        waiting.extend(reversed(GRAMMAR[sort][kind]))
    if waiting:
        raise Inexpressible(f"{waiting[-1]} is missing")


def kind_of(token: Token) -> str:
    """The keyword, or the class of a pointer."""
    if isinstance(token, str):
        return token
    return "c" if isinstance(token, ColumnName) else str(token[0])


def _written(term: Term) -> Iterator[Token]:
    if isinstance(term, ColumnName):
        yield term
    elif isinstance(term, Literal | Days):
        yield _value(term)
    elif isinstance(term, Operation):
        yield term.name
        for argument in term.arguments:
            yield from _written(argument)
    elif isinstance(term, Combined):
        yield term.kind
        yield from _written(term.left)
        yield from _written(term.right)
    else:
        yield from _select(term)


def _value(value: Value) -> Token:
    return (VALUE, value)


def _select(select: Select) -> Iterator[Token]:
    yield "select"
    if select.distinct:
        yield "distinct_rows"
    for output in select.outputs:
        yield from _written(output)
    yield from _listed("where", (select.where,) if select.where is not None else ())
    yield from _listed("group", select.groups)
    yield from _listed("having", (select.having,) if select.having is not None else ())
    if select.order:
        yield "order"
    for order in select.order:
        yield from _written(order.term)
        yield "desc" if order.descending else "asc"
    if select.limit is not None:
        yield "limit"
        yield _value(Literal(select.limit))
    yield from _listed("per", select.per)
    if select.tables:
        yield "from"
        for table in select.tables:
            yield (TABLE, table)
    yield "end"


def _listed(keyword: str, terms: Sequence[Term]) -> Iterator[Token]:
    if terms:
        yield keyword
    for term in terms:
        yield from _written(term)


def from_tokens(tokens: Sequence[Token]) -> Plan:
    """The plan that a token list writes. Raises Inexpressible where it is none, or says that there is no answer."""
    well_formed(tokens)
    if UNANSWERABLE in tokens:
        raise Inexpressible("a question that the tables cannot answer")
    reader = _Reader(tokens)
    plan = reader.term()
    assert isinstance(plan, Select | Combined)
    return plan


class _Reader:
    """Walks along a token list that is known to follow the grammar."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, *keywords: str) -> str:
        """The next token if it is one of the keywords, else nothing."""
        token = self._tokens[self._at]
        if isinstance(token, str) and token in keywords:
            self._at += 1
            return token
        return ""

    def term(self) -> Term:
        token = self._next()
        if isinstance(token, ColumnName):
            return token
        if isinstance(token, tuple):
            assert isinstance(token[1], Literal | Days)
            return token[1]
        return self._keyword(token)

    def _keyword(self, keyword: str) -> Term:
        if keyword == "select":
            return self._select()
        if keyword in COMBINATIONS:
            left, right = self.term(), self.term()
            assert isinstance(left, Select | Combined)
            assert isinstance(right, Select | Combined)
            return Combined(keyword, left, right)
        if keyword.startswith("#"):
            return Literal(constant(keyword))
        return Operation(keyword, tuple(self.term() for _ in range(ARITIES[keyword])))

    def _select(self) -> Select:
        distinct = bool(self._take("distinct_rows"))
        outputs = self._until("where", "group", "having", "order", "limit", "per", "from", "end")
        where = self.term() if self._take("where") else None
        groups = self._until("having", "order", "limit", "per", "from", "end") if self._take("group") else ()
        having = self.term() if self._take("having") else None
        order = self._orders() if self._take("order") else ()
        limit = _whole(self.term()) if self._take("limit") else None
        per = self._until("from", "end") if self._take("per") else ()
        tables: list[str] = []
        if self._take("from"):
            while not self._at_keyword("end"):
                token = self._next()
                tables.append(str(token[1]) if isinstance(token, tuple) else "")
        self._take("end")
        return Select(outputs, distinct, where, groups, having, order, limit, per, tuple(tables))

    def _at_keyword(self, *keywords: str) -> bool:
        token = self._tokens[self._at]
        return isinstance(token, str) and token in keywords

    def _until(self, *keywords: str) -> tuple[Term, ...]:
        return self._repeat(self.term, *keywords)

    def _orders(self) -> tuple[Order, ...]:
        def one() -> Order:
            term = self.term()
            return Order(term, self._next() == "desc")

        return self._repeat(one, "limit", "per", "from", "end")

    def _repeat(self, read: Callable[[], T], *keywords: str) -> tuple[T, ...]:
        found: list[T] = []
        while not self._at_keyword(*keywords):
            found.append(read())
        return tuple(found)


def constant(token: str) -> int | bool:
    """The value of a keyword such as #10 or #true."""
    word = token.removeprefix("#")
    assert word in CONSTANTS
    return word == "true" if word in ("true", "false") else int(word)


def _whole(term: Term) -> int:
    if isinstance(term, Literal) and isinstance(term.value, int | float) and float(term.value).is_integer() and term.value >= 0:
        return int(term.value)
    raise Inexpressible("a limit that is no whole number")


ARITIES: dict[str, int] = {
    token: len(arguments)
    for sort in ("row", "any", "condition", "group_condition", "measure")
    for token, arguments in GRAMMAR[sort].items()
} | {"star": 0}
