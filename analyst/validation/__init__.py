"""From Candidate to Query: parse, allow one SELECT, resolve every name."""

from __future__ import annotations

import difflib
from dataclasses import replace
from itertools import pairwise

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from analyst.errors import SQLSyntaxError, UnknownName, UnsafeSQL
from analyst.sql.bounds import UNREADABLE, Allowance, tokens_of, tree_of
from analyst.terms import Bilingual, Candidate, Query, Refusal, Schema
from analyst.validation import allowed_sql
from analyst.validation.characters import hidden_character
from analyst.validation.known_names import Resolution, UnknownIdentifier, resolve_names
from connectors.errors import NO_HINT

SHOWN = 12  # names in a hint
UNANSWERABLE = "unanswerable"  # the alias with which a model says that the data cannot answer
BEGINNINGS = {TokenType.SELECT, TokenType.WITH, TokenType.FROM, TokenType.L_PAREN}

ONE_SELECT = Bilingual("Write a single SELECT over the tables at hand.", "请只写一条查询现有数据表的 SELECT 语句。")


def validate(candidate: Candidate, schema: Schema) -> Query | Refusal:
    """The checked query, without comments; or the reason that the SQL itself gives why the data cannot answer.

    Raises SQLSyntaxError, UnsafeSQL, UnknownName.
    """
    allowance = Allowance()
    sql, tokens = _without_comments(candidate.sql)
    tree = _parse(sql, tokens, allowance)
    reason = _unanswerable(tree)
    if reason:
        return Refusal(reason)
    _allow_only_known_parts(tree)
    _allow_only_bracketed_rows(tokens, tree)
    _allow_only_known_functions(tokens, tree)
    resolution = _resolved(tree, schema, allowance)
    if resolution.unvisited:
        raise UnsafeSQL(_not_a_select(), ONE_SELECT)
    if resolution.unknown:
        raise _unknown_name(resolution.unknown[0])
    return Query(sql, schema.dialect, resolution.tables)


def repair_names(candidate: Candidate, schema: Schema) -> Candidate:
    """The candidate with every unknown name replaced where exactly one known name can have been meant.

    The same candidate if there is nothing to replace. Raises SQLSyntaxError, UnsafeSQL.
    """
    allowance = Allowance()
    sql, tokens = _without_comments(candidate.sql)
    unknown = _resolved(_parse(sql, tokens, allowance), schema, allowance).unknown
    places = {(name.identifier.meta["start"], name.identifier.meta["end"]): name.sure for name in unknown if name.sure}
    for (start, end), name in sorted(places.items(), reverse=True):
        sql = sql[:start] + exp.to_identifier(name, quoted=True).sql(schema.dialect) + sql[end + 1 :]
    return replace(candidate, sql=sql) if places else candidate


# ------------------------------------------------------------------------------------------------ reading
def _without_comments(sql: str) -> tuple[str, list[Token]]:
    """The SQL as written, but for comments and closing semicolons: what is no token to us shall be none to the database."""
    tokens = _tokens(sql)
    pieces = [sql[tokens[0].start : tokens[0].end + 1]]
    for before, token in pairwise(tokens):
        gap = sql[before.end + 1 : token.start]
        pieces += [gap if not gap.strip() else " ", sql[token.start : token.end + 1]]
    text = "".join(pieces)
    return text, tokens if text == sql else _tokens(text)


def _tokens(sql: str) -> list[Token]:
    try:
        tokens = tokens_of(sql)
    except TokenError as error:
        raise SQLSyntaxError(
            Bilingual("The SQL cannot be read: a quotation mark or a comment does not end.", "无法读懂该 SQL:引号或注释没有结束。"),
            Bilingual("Close every quotation mark.", "请补全引号。"),
        ) from error
    if not tokens:
        raise SQLSyntaxError(Bilingual("There is no SQL.", "没有 SQL。"), ONE_SELECT)
    return tokens


def _parse(sql: str, tokens: list[Token], allowance: Allowance) -> exp.Expr:
    _allow_only_plain_characters(sql, tokens)
    if any(token.token_type == TokenType.SEMICOLON for token in tokens):
        raise UnsafeSQL(Bilingual("The SQL holds more than one statement.", "SQL 中有不止一条语句。"), ONE_SELECT)
    if tokens[0].token_type not in BEGINNINGS:
        raise _refused_beginning(tokens[0].text)
    _refuse_foreign_functions(tokens)
    try:
        return tree_of(sql, tokens, allowance)
    except ParseError as error:
        raise _syntax_error(error) from error
    except UNREADABLE as error:
        raise _unreadable() from error


def _resolved(tree: exp.Expr, schema: Schema, allowance: Allowance) -> Resolution:
    try:
        return resolve_names(tree, schema, allowance)
    except UNREADABLE as error:
        raise _unreadable() from error


def _unreadable() -> SQLSyntaxError:
    return SQLSyntaxError(Bilingual("The SQL cannot be read.", "无法读懂该 SQL。"), ONE_SELECT)


def _allow_only_plain_characters(sql: str, tokens: list[Token]) -> None:
    """Outside quotation marks nothing that one parser takes for a blank or a plain letter and the other does not."""
    found = hidden_character(sql, tokens)
    if found:
        raise UnsafeSQL(
            Bilingual(
                f"Outside quotation marks the SQL holds a character that cannot be told from another ({found}).",
                f"SQL 的引号之外有一个无法与其他字符区分的字符({found})。",
            ),
            Bilingual("Replace it with a plain blank or letter.", "请改为普通的空格或字母。"),
        )


def _refused_beginning(text: str) -> SQLSyntaxError | UnsafeSQL:
    word = text.upper()
    if word in allowed_sql.OTHER_STATEMENTS:
        return UnsafeSQL(Bilingual(f"Only SELECT may run, not {word}.", f"只能运行 SELECT,不能运行 {word}。"), ONE_SELECT)
    return SQLSyntaxError(Bilingual(f"This is no SQL: “{text[:40]}…”", f"这不是 SQL:“{text[:40]}…”"), ONE_SELECT)


def _syntax_error(error: ParseError) -> SQLSyntaxError:
    first = error.errors[0] if error.errors else {}
    near, line, column = first.get("highlight") or "", first.get("line") or 1, first.get("col") or 1
    return SQLSyntaxError(
        Bilingual(
            f"The SQL cannot be read near “{near}” (line {line}, column {column}).",
            f"无法读懂该 SQL:“{near}”附近有语法错误(第 {line} 行,第 {column} 列)。",
        ),
        Bilingual("Check the brackets, commas and keywords there.", "请检查此处的括号、逗号和关键字。"),
    )


def _unanswerable(tree: exp.Expr) -> str:
    """The reason in SELECT '<reason>' AS unanswerable; empty for any other SQL."""
    only = tree.expressions[0] if isinstance(tree, exp.Select) and len(tree.expressions) == 1 else None
    if isinstance(only, exp.Alias) and only.alias.casefold() == UNANSWERABLE and only.this.is_string and not tree.args.get("from_"):
        return str(only.this.name).strip()
    return ""


# ------------------------------------------------------------------------------------------------ what it is made of
def _allow_only_known_parts(tree: exp.Expr) -> None:
    if not isinstance(tree, exp.Query):
        raise UnsafeSQL(_not_a_select(), ONE_SELECT)
    for node in tree.walk():
        if not isinstance(node, allowed_sql.PARTS):
            raise _refused_part(node)
        if isinstance(node, exp.Select) and not node.expressions:
            raise SQLSyntaxError(Bilingual("A SELECT names no columns.", "SELECT 后面没有列。"), ONE_SELECT)
        if isinstance(node, exp.Table) and not isinstance(node.this, (exp.Identifier, *allowed_sql.TABLE_FUNCTIONS)):
            name = node.this.name if isinstance(node.this, exp.Anonymous) else node.this.sql("duckdb").partition("(")[0]
            raise _refused_function(name.lower())


def _allow_only_bracketed_rows(tokens: list[Token], tree: exp.Expr) -> None:
    """Every VALUES must list rows in brackets: without them DuckDB reads a table of that name."""
    lists = sum(word.token_type == TokenType.VALUES and after.token_type == TokenType.L_PAREN for word, after in pairwise(tokens))
    if lists < sum(1 for _ in tree.find_all(exp.Values)):
        raise SQLSyntaxError(Bilingual("VALUES lists no rows.", "VALUES 后面没有行。"), ONE_SELECT)


def _refused_part(node: exp.Expr) -> UnsafeSQL:
    if isinstance(node, (exp.Placeholder, exp.Parameter)):
        message = Bilingual("The SQL leaves a value open (? or $).", "SQL 中有未填写的值(? 或 $)。")
        return UnsafeSQL(message, Bilingual("Write the value itself.", "请直接写出该值。"))
    if isinstance(node, exp.Pivot):
        hint = Bilingual("Use sum(...) FILTER (WHERE ...) for each column.", "请对每一列使用 sum(...) FILTER (WHERE ...)。")
        return UnsafeSQL(Bilingual("PIVOT may not be used.", "不能使用 PIVOT。"), hint)
    if isinstance(node, exp.Into):
        return UnsafeSQL(Bilingual("INTO would write a table; only SELECT may run.", "INTO 会写入表;只能运行 SELECT。"), ONE_SELECT)
    if isinstance(node, (exp.DML, exp.DDL)) and not isinstance(node, exp.Query):
        word = type(node).__name__.upper()
        return UnsafeSQL(
            Bilingual(f"{word} would change the data; only SELECT may run.", f"{word} 会更改数据;只能运行 SELECT。"), ONE_SELECT
        )
    return UnsafeSQL(_not_a_select(), ONE_SELECT)


def _not_a_select() -> Bilingual:
    return Bilingual("The SQL is more than a plain SELECT.", "该 SQL 不是一条单纯的 SELECT 语句。")


def _refuse_foreign_functions(tokens: list[Token]) -> None:
    """Refuse, before the parser meets them, functions of other databases: it may rebuild what they are given many times."""
    for word, following in pairwise(tokens):
        name = word.text.casefold()
        if following.token_type == TokenType.L_PAREN and name.upper() in PARSER.FUNCTIONS and not _may_stand_before_parenthesis(word):
            raise _refused_function(word.text)


def _allow_only_known_functions(tokens: list[Token], tree: exp.Expr) -> None:
    """Every word written before a parenthesis must be allowed; what a parser makes of it does not count."""
    names_of_ours = {name.meta.get("start") for alias in tree.find_all(exp.TableAlias) for name in (alias.this,) if name is not None}
    for before, word, following in zip([None, *tokens], tokens, tokens[1:], strict=False):
        if following.token_type != TokenType.L_PAREN or not (word.text[:1].isalpha() or word.text[:1] == "_" or _is_quoted(word)):
            continue
        if word.token_type == TokenType.STRING or word.start in names_of_ours or word.text.casefold() in allowed_sql.FUNCTIONS:
            continue
        if not _may_stand_before_parenthesis(word) or (before is not None and before.token_type == TokenType.DOT):
            raise _refused_function(word.text)
    for function in tree.find_all(exp.Func):
        if isinstance(function, exp.Anonymous) and function.name.casefold() not in allowed_sql.FUNCTIONS:
            raise _refused_function(function.name)
        if isinstance(function, tuple(NO_PARENTHESES)) and not isinstance(function, allowed_sql.WITHOUT_PARENTHESES):
            raise _refused_function(function.sql("duckdb").partition("(")[0].lower())
        _bound_series(function)


def _may_stand_before_parenthesis(word: Token) -> bool:
    """Whether a word is an allowed function, or one of SQL's own that is none."""
    name = word.text.casefold()
    return name in allowed_sql.FUNCTIONS or (not _is_quoted(word) and name.split()[0] in allowed_sql.WORDS_BEFORE_PARENTHESES)


PARSER = sqlglot.Dialect.get_or_raise("duckdb").parser_class
NO_PARENTHESES = set(PARSER.NO_PAREN_FUNCTIONS.values())


def _is_quoted(token: Token) -> bool:
    return token.token_type == TokenType.IDENTIFIER


def _bound_series(function: exp.Func) -> None:
    limits = {exp.Repeat: allowed_sql.MOST_REPEATS, exp.Pad: allowed_sql.MOST_REPEATS, exp.GenerateSeries: allowed_sql.MOST_SERIES}
    limit = next((most for kind, most in limits.items() if isinstance(function, kind)), None)
    if limit is None:
        return
    for number in (child for child in function.find_all(exp.Literal) if not child.is_string):
        if float(number.name) > limit:
            raise UnsafeSQL(
                Bilingual(f"{function.sql('duckdb')[:60]} would make too much of it.", f"{function.sql('duckdb')[:60]} 会生成过多的内容。"),
                Bilingual(f"At most {limit:,} may be asked for.", f"上限为 {limit:,}。"),
            )


def _refused_function(name: str) -> UnsafeSQL:
    bare = name.casefold()
    instead = allowed_sql.INSTEAD.get(bare) or next(iter(difflib.get_close_matches(bare, sorted(allowed_sql.FUNCTIONS), 1, 0.75)), "")
    hint = Bilingual(f"Did you mean {instead}?", f"您是不是想用 {instead}?")
    other = Bilingual("Use DuckDB's functions for numbers, dates, text and lists.", "请使用 DuckDB 的数值、日期、文本和列表函数。")
    return UnsafeSQL(Bilingual(f"The function {name} may not be used.", f"不能使用函数 {name}。"), hint if instead else other)


# ------------------------------------------------------------------------------------------------ what it names
def _unknown_name(unknown: UnknownIdentifier) -> UnknownName:
    name = unknown.written
    if unknown.is_qualifier:
        message = Bilingual(f"The query reads from nothing called {name}.", f"该查询没有读取名为“{name}”的表。")
    elif unknown.is_table:
        message = Bilingual(f"No table is called {name}.", f"没有名为“{name}”的表。")
    else:
        where = [table for table in unknown.searched if table]
        inside = Bilingual(f" in {' or '.join(where)}", f"表“{'”或“'.join(where)}”中") if where else NO_HINT
        message = Bilingual(f"No column is called {name}{inside.en}.", f"{inside.zh}没有名为“{name}”的列。")
    return UnknownName(message, _hint(unknown))


def _hint(unknown: UnknownIdentifier) -> Bilingual:
    name, near, tables = unknown.identifier.name, unknown.near, unknown.elsewhere
    if tables:
        return Bilingual(f"{name} is a column of {' and of '.join(tables)}.", f"“{name}”是表“{'”“'.join(tables)}”的列。")
    if near:
        return Bilingual(f"Did you mean {' or '.join(near)}?", f"您是不是想用“{'”或“'.join(near)}”?")
    if unknown.searched and unknown.identifier.quoted:
        return Bilingual(f"Text stands in single quotes: '{name}'.", f"文本应使用单引号:'{name}'。")
    shown, more = unknown.known[:SHOWN], "…" if len(unknown.known) > SHOWN else ""
    return Bilingual(f"There is: {', '.join(shown)}{more}.", f"现有:{'、'.join(shown)}{more}。") if shown else NO_HINT
