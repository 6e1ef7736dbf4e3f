"""How much SQL is read: past these bounds it is refused, before anything walks its tree.

Everything that reads a query later (its reading, cautions, lineage, a period laid over it) recurses into the same tree or
looks each of its names up, so what is bounded here is bounded there.
"""

from __future__ import annotations

import time
from itertools import pairwise

import sqlglot
from sqlglot import expressions as exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from analyst.errors import UnsafeSQL
from analyst.terms import Bilingual

LONGEST_SQL = 20_000  # characters; a question's SQL has a few hundred
MOST_TOKENS = 2_000  # words and signs; a question's SQL has about a hundred, a list of 900 values fits
DEEPEST_BRACKETS = 60  # open at once; the parser descends at each
DEEPEST_TREE = 200  # levels; what reads the tree takes up to three calls a level, of the thousand that Python allows
MOST_SELECTS = 50  # each has names of its own, and may read every other
MOST_PROJECTIONS = 500  # columns of one SELECT; a wider answer is read by nobody, and * takes them all
MOST_LOOKS_INSIDE = 100  # such as list[1] or text.lower(); for each the parser goes through all that stands before it
MOST_STEPS = 20_000  # the parser's looks at its dialect and the names looked up; a question's SQL takes about a hundred
SECONDS = 0.5  # of this thread's computing; a question's SQL takes a few milliseconds

OPENING, CLOSING = frozenset("([{"), frozenset(")]}")
OPERANDS = {TokenType.VAR, TokenType.IDENTIFIER, TokenType.STRING, TokenType.NUMBER, TokenType.COMMA, TokenType.STAR}
"""What ends a row of words each of which makes the parser descend, such as NOT NOT NOT."""

UNREADABLE = (SqlglotError, RecursionError, TypeError, ValueError, AttributeError, LookupError)
"""What sqlglot raises over text that is no SQL; not all of it is of its own kinds."""

SHORTER = Bilingual("Write a shorter query.", "请写得更短一些。")
FLATTER = Bilingual("Write a flatter query.", "请减少嵌套。")


class Allowance:
    """The steps and the time that reading one query may take."""

    def __init__(self, steps: int = MOST_STEPS, seconds: float = SECONDS) -> None:
        self.left = steps
        self._until = time.thread_time() + seconds

    def spend(self) -> None:
        """Take one step. Raises UnsafeSQL where none is left."""
        self.left -= 1
        if self.left < 0 or time.thread_time() > self._until:
            raise UnsafeSQL(
                Bilingual("The SQL takes too long to check: it can be read in too many ways.", "检查该 SQL 耗时过长：它的解读方式过多。"),
                Bilingual("Write a simpler query, with fewer brackets within brackets.", "请写得简单一些，减少括号的嵌套。"),
            )


class _CountingDuckDB(DuckDB):
    """DuckDB's dialect, which notices how often the parser consults it.

    The parser tries some words as a type, a table and a function in turn, at each level of nesting anew. It is compiled and
    cannot be interrupted, but at every try it asks its dialect something.
    """

    def __init__(self, allowance: Allowance) -> None:
        super().__init__()
        self._allowance = allowance

    def __getattribute__(self, name: str) -> object:
        allowance: Allowance | None = object.__getattribute__(self, "__dict__").get("_allowance")
        if allowance is not None:
            allowance.spend()
        return object.__getattribute__(self, name)


def tokens_of(sql: str) -> list[Token]:
    """The words and signs of SQL, without comments and closing semicolons. Raises UnsafeSQL and sqlglot's TokenError."""
    if len(sql) > LONGEST_SQL:
        raise _more_than(LONGEST_SQL, len(sql), Bilingual("characters", "个字符"))
    tokens = sqlglot.tokenize(sql, dialect="duckdb")
    while tokens and tokens[-1].token_type == TokenType.SEMICOLON:
        tokens.pop()
    if len(tokens) > MOST_TOKENS:
        raise _more_than(MOST_TOKENS, len(tokens), Bilingual("words and signs", "个词和符号"))
    _bound_nesting(tokens)
    _bound_looks_inside(tokens)
    return tokens


def tree_of(sql: str, tokens: list[Token], allowance: Allowance) -> exp.Expr:
    """The first statement of the SQL as a tree within the bounds. Raises UnsafeSQL, and what is UNREADABLE."""
    dialect = _CountingDuckDB(allowance)
    (tree, *_) = dialect.parser().parse(tokens, sql)
    if tree is None:
        raise ParseError("no statement")
    _bound_tree(tree)
    return tree


def _more_than(most: int, found: int, what: Bilingual) -> UnsafeSQL:
    message = Bilingual(f"The SQL has {found:,} {what.en}, more than {most:,}.", f"SQL 共 {found:,} {what.zh}，超过上限 {most:,}。")
    return UnsafeSQL(message, SHORTER)


def _bound_nesting(tokens: list[Token]) -> None:
    depth = row = 0
    for token in tokens:
        row = 0 if token.token_type in OPERANDS or token.text in CLOSING else row + 1
        depth += (token.text in OPENING) + (token.token_type == TokenType.CASE)
        depth -= (token.text in CLOSING) + (token.token_type == TokenType.END)
        if max(depth, row) > DEEPEST_BRACKETS:
            raise _nested(DEEPEST_BRACKETS)


def _bound_looks_inside(tokens: list[Token]) -> None:
    found = sum(token.text in ("[", ".") and before.text in CLOSING for before, token in pairwise(tokens))
    if found > MOST_LOOKS_INSIDE:
        raise UnsafeSQL(
            Bilingual(
                f"The SQL looks inside of values {found:,} times, more than {MOST_LOOKS_INSIDE}.",
                f"SQL 对值的内部取用共 {found:,} 次，超过上限 {MOST_LOOKS_INSIDE} 次。",
            ),
            Bilingual("Use fewer of [ ] and . after a bracket.", "请减少括号之后的 [ ] 和 . 。"),
        )


def _nested(most: int) -> UnsafeSQL:
    return UnsafeSQL(Bilingual(f"The SQL is nested more than {most} deep.", f"SQL 嵌套超过 {most} 层。"), FLATTER)


def _bound_tree(tree: exp.Expr) -> None:
    waiting, selects = [(tree, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST_TREE:
            raise _chained()
        if isinstance(node, exp.Select):
            selects += 1
            _bound_projections(node)
        if selects > MOST_SELECTS:
            raise _selects()
        waiting.extend((child, depth + 1) for child in node.iter_expressions())


def _chained() -> UnsafeSQL:
    return UnsafeSQL(
        Bilingual(f"The SQL is nested or chained more than {DEEPEST_TREE} deep.", f"SQL 的嵌套或连续运算超过 {DEEPEST_TREE} 层。"),
        Bilingual("Use IN (…) instead of many conditions, and fewer steps.", "请用 IN (…) 代替大量条件，并减少步骤。"),
    )


def _selects() -> UnsafeSQL:
    return UnsafeSQL(
        Bilingual(f"The SQL holds more than {MOST_SELECTS} SELECTs.", f"SQL 中的 SELECT 超过 {MOST_SELECTS} 个。"),
        Bilingual("Read each table once, and group instead of repeating the query.", "请只读取每个表一次，用分组代替重复的查询。"),
    )


def _bound_projections(select: exp.Select) -> None:
    if len(select.expressions) > MOST_PROJECTIONS:
        raise UnsafeSQL(
            Bilingual(
                f"A SELECT names {len(select.expressions):,} columns, more than {MOST_PROJECTIONS}.",
                f"一条 SELECT 列出了 {len(select.expressions):,} 列，超过上限 {MOST_PROJECTIONS}。",
            ),
            Bilingual("Name the columns that matter, or use *.", "请只列出需要的列，或使用 *。"),
        )
