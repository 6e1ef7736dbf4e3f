"""From a Plan to SQL: DuckDB's dialect, quoted names, joins along the proved keys."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import expressions as exp
from sqlglot import parse_one

from analyst.models.builtin import labels
from analyst.models.builtin.joining import join_steps
from analyst.models.builtin.plan import (
    Arithmetic,
    Bands,
    Bin,
    Combined,
    Condition,
    Either,
    Elapsed,
    Expression,
    Field,
    Grain,
    Measure,
    Opaque,
    Output,
    Peers,
    Plan,
    Referenced,
    Test,
    Window,
    Years,
    aggregated,
    tables_of,
)
from analyst.terms import Language, Schema

RANK = "rank_in_group"
DAYS_OF_YEAR = 365.25
SECONDS_OF_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Builder:
    """Writes plans over one schema in one language."""

    schema: Schema
    language: Language

    def sql(self, plan: Plan) -> str:
        """The plan as SQL. Raises Unjoinable."""
        return self.query(plan).sql(dialect="duckdb")

    def query(self, plan: Plan) -> exp.Query:
        """The plan as a syntax tree."""
        if plan.top_each:
            return self._top_each(plan)
        if plan.after:
            return self._filtered_after(plan)
        select = self._select(plan)
        if not plan.combine:
            return select
        kind, other = plan.combine
        joined = {"intersect": exp.Intersect, "except": exp.Except, "union": exp.Union}[kind]
        combined: exp.Query = joined(this=select, expression=self.query(other), distinct=True)
        return combined

    def _select(self, plan: Plan) -> exp.Select:
        named = self._named(plan)
        select = exp.select(*named)
        if plan.everything:
            select = (
                select.select(exp.Column(this=exp.Star(), table=ident(plan.everything)))
                if len(tables_of(plan)) > 1
                else select.select(exp.Star())
            )
        if plan.distinct:
            select = select.distinct()
        select = self._from(select, plan)
        for test in plan.where:
            select = select.where(self.test(test))
        if plan.group:
            select = select.group_by(*(self.expression(item) for item in plan.group))
        for test in plan.having:
            select = select.having(self.test(test))
        shown = list(plan.select)
        for order in plan.order:
            key = (
                exp.column(named[shown.index(order.by)].alias, quoted=True)
                if order.by in shown and named[shown.index(order.by)].alias
                else self.output(order.by)
            )
            select = select.order_by(exp.Ordered(this=key, desc=order.descending, nulls_first=False))
        select = select.limit(plan.limit) if plan.limit else select
        return select.offset(plan.skip) if plan.skip else select

    def _named(self, plan: Plan) -> list[exp.Expr]:
        """The outputs with names that a reader understands; plain columns keep their own."""
        taken: dict[str, int] = {}
        named: list[exp.Expr] = []
        for output in plan.select:
            plain = labels.label(output, self.language)
            count = taken[plain.casefold()] = taken.get(plain.casefold(), 0) + 1
            built = self.output(output)
            named.append(
                built
                if isinstance(output, Field) and count == 1
                else exp.alias_(built, plain if count == 1 else f"{plain} {count}", quoted=True)
            )
        return named

    def _from(self, select: exp.Select, plan: Plan) -> exp.Select:
        needed = tables_of(plan)
        if not needed:
            needed = [self.schema.tables[0].name]
        select = select.from_(exp.to_table(quoted(needed[0])))
        for table, join in join_steps(needed, self.schema, plan.via):
            on = exp.EQ(
                this=self.field(Field(join.table, join.column)), expression=self.field(Field(join.parent_table, join.parent_column))
            )
            select = select.join(exp.to_table(quoted(table)), on=on)
        return select

    def _top_each(self, plan: Plan) -> exp.Select:
        assert plan.top_each
        top = plan.top_each
        inner = self._select(replace(plan, top_each=None, order=(), limit=None, skip=0))
        order = exp.Order(expressions=[exp.Ordered(this=self.output(top.order.by), desc=top.order.descending, nulls_first=False)])
        rank = exp.Window(this=exp.Anonymous(this="RANK"), partition_by=[self.expression(item) for item in top.within], order=order)
        inner = inner.select(exp.alias_(rank, RANK, quoted=True))
        names = [exp.column(shown.alias_or_name, quoted=True) for shown in inner.expressions[:-1]]
        outer = exp.select(*names).from_(inner.subquery("ranked"))
        if top.skip:
            outer = outer.where(exp.EQ(this=exp.column(RANK, quoted=True), expression=number(top.skip + 1)))
        else:
            outer = outer.where(exp.LTE(this=exp.column(RANK, quoted=True), expression=number(top.limit)))
        return outer.order_by(
            exp.Ordered(this=names[0].copy(), nulls_first=False), exp.Ordered(this=exp.column(RANK, quoted=True), nulls_first=False)
        )

    def _filtered_after(self, plan: Plan) -> exp.Select:
        """Windows are computed over all rows; only then are rows left out."""
        inner = self._select(replace(plan, after=(), order=(), limit=None))
        names = {output: shown.alias_or_name for output, shown in zip(plan.select, inner.expressions, strict=True)}
        outer = exp.select(*(exp.column(name, quoted=True) for name in names.values())).from_(inner.subquery("all_rows"))
        for test in plan.after:
            outer = outer.where(self.test(renamed(test, names)))
        for order in plan.order:
            if order.by in names:
                outer = outer.order_by(exp.Ordered(this=exp.column(names[order.by], quoted=True), desc=order.descending, nulls_first=False))
        return outer.limit(plan.limit) if plan.limit else outer

    # ------------------------------------------------------------------ parts
    def field(self, field: Field) -> exp.Expr:
        """A column, with its table."""
        return exp.column(field.column, table=field.table or None, quoted=True)

    def expression(self, item: Expression) -> exp.Expr:
        """An expression over one row."""
        match item:
            case Field():
                return self.field(item)
            case Grain():
                return self._grain(item)
            case Bin(field=field, width=width):
                steps = exp.Floor(this=exp.Div(this=self.field(field), expression=number(width)))
                return exp.Mul(this=steps, expression=number(width))
            case Bands():
                return self._bands(item)
            case Arithmetic(left=left, sign=sign, right=right):
                return arithmetic(sign, self.field(left), self.field(right))
            case Years(field=field, until=until):
                day = exp.cast(exp.Literal.string(until), "DATE")
                return exp.Anonymous(this="DATE_SUB", expressions=[exp.Literal.string("year"), self.field(field), day])
            case Referenced():
                return self._referenced(item)
            case Peers():
                return self._peers(item)
            case Elapsed(start=start, end=end, unit="hour"):
                seconds = exp.Anonymous(
                    this="DATE_DIFF", expressions=[exp.Literal.string("second"), self._instant(start), self._instant(end)]
                )
                return exp.Div(this=seconds, expression=number(SECONDS_OF_HOUR))
            case Elapsed(start=start, end=end, unit=unit):
                days = exp.Sub(this=self._day(end), expression=self._day(start))
                return days if unit == "day" else exp.Div(this=exp.Paren(this=days), expression=number(DAYS_OF_YEAR))
            case Opaque(sql=sql):
                return parse_one(sql, dialect="duckdb")

    def _referenced(self, item: Referenced) -> exp.Expr:
        """One cell of another row, so that rows which point nowhere stay."""
        other = exp.to_identifier("referenced")
        table = exp.Table(this=ident(item.parent_key.table), alias=exp.TableAlias(this=other))
        key, target = (exp.column(field.column, table=other.copy(), quoted=True) for field in (item.parent_key, item.target))
        found = exp.select(target).from_(table).where(exp.EQ(this=key, expression=self.field(item.key)))
        return found.subquery()

    def _peers(self, item: Peers) -> exp.Expr:
        """An aggregate over the rows that are like this one."""
        other = exp.to_identifier("peer")
        table = exp.Table(this=ident(item.of.table), alias=exp.TableAlias(this=other))
        of, within = (exp.column(field.column, table=other.copy(), quoted=True) for field in (item.of, item.within))
        figure = exp.Anonymous(this=item.aggregate.upper(), expressions=[of])
        found = exp.select(figure).from_(table).where(exp.EQ(this=within, expression=self.field(item.within)))
        return found.subquery()

    def _day(self, field: Field) -> exp.Expr:
        return self.field(field) if self._column_type(field) == "DATE" else exp.cast(self._instant(field), "DATE")

    def _instant(self, field: Field) -> exp.Expr:
        return self._moment(self.field(field), self._column_type(field))

    def output(self, item: Output) -> exp.Expr:
        """Anything that can be shown or sorted by."""
        match item:
            case Measure():
                return self.measure(item)
            case Combined():
                return self._combined(item)
            case Window():
                return self._window(item)
            case _:
                return self.expression(item)

    def measure(self, item: Measure) -> exp.Expr:
        """An aggregate, with its own filter where it has one."""
        built = self._aggregate(item)
        if item.where:
            tests = exp.and_(*(self.test(test) for test in item.where))
            return exp.Filter(this=built, expression=exp.Where(this=tests))
        return built

    def _aggregate(self, item: Measure) -> exp.Expr:
        if item.of is None:
            return exp.Count(this=exp.Star())
        of = self.expression(item.of)
        match item.aggregate:
            case "count_distinct":
                return exp.Count(this=exp.Distinct(expressions=[of]))
            case "quantile":
                return exp.Anonymous(this="QUANTILE_CONT", expressions=[of, number(item.at)])
            case "corr":
                assert item.by
                return exp.Anonymous(this="CORR", expressions=[of, self.field(item.by)])
            case "first" | "last":
                assert item.by
                return exp.Anonymous(this="ARG_MIN" if item.aggregate == "first" else "ARG_MAX", expressions=[of, self.field(item.by)])
            case "count":
                return exp.Count(this=of)
            case _:
                return exp.Anonymous(this=item.aggregate.upper(), expressions=[of])

    def _combined(self, item: Combined) -> exp.Expr:
        left, right = self.measure(item.left), self.measure(item.right)
        match item.kind:
            case "-":
                return exp.Sub(this=left, expression=right)
            case "moved":  # a thing without rows in a period has sold nothing in it
                return exp.Sub(
                    this=exp.Coalesce(this=left, expressions=[number(0)]), expression=exp.Coalesce(this=right, expressions=[number(0)])
                )
            case "/":
                return exp.Div(this=left, expression=exp.Nullif(this=right, expression=number(0)))
            case "%":
                return exp.Div(this=exp.Mul(this=number(100.0), expression=left), expression=exp.Nullif(this=right, expression=number(0)))
            case "change":
                quotient = exp.Div(this=left, expression=exp.Nullif(this=right, expression=number(0)))
                return exp.Mul(this=number(100.0), expression=exp.Paren(this=exp.Sub(this=quotient, expression=number(1))))

    def _window(self, item: Window) -> exp.Expr:
        of = self.field(item.of) if isinstance(item.of, Field) else self.output(item.of)
        within = [self.expression(part) for part in item.within]
        if item.kind == "share":
            whole = exp.Window(this=exp.Anonymous(this="SUM", expressions=[of.copy()]), partition_by=within)
            return exp.Div(this=exp.Mul(this=number(100.0), expression=of), expression=exp.Nullif(this=whole, expression=number(0)))
        if item.kind == "rank":
            by = exp.Order(expressions=[exp.Ordered(this=of, desc=True, nulls_first=False)])
            return exp.Window(this=exp.Anonymous(this="RANK"), partition_by=within, order=by)
        assert item.along
        order = exp.Order(expressions=[exp.Ordered(this=self.expression(item.along), nulls_first=False)])
        if item.kind in ("growth", "change"):
            before = exp.Window(
                this=exp.Anonymous(this="LAG", expressions=[of.copy(), number(item.steps)]), partition_by=within, order=order
            )
            if item.kind == "change":
                return exp.Sub(this=of, expression=before)
            quotient = exp.Div(this=of, expression=exp.Nullif(this=before, expression=number(0)))
            return exp.Mul(this=number(100.0), expression=exp.Paren(this=exp.Sub(this=quotient, expression=number(1))))
        if item.kind == "cumulative":
            return exp.Window(this=exp.Anonymous(this="SUM", expressions=[of]), partition_by=within, order=order)
        frame = exp.WindowSpec(kind="ROWS", start=number(item.steps - 1), start_side="PRECEDING", end="CURRENT ROW")
        return exp.Window(this=exp.Anonymous(this="AVG", expressions=[of]), partition_by=within, order=order, spec=frame)

    def _grain(self, item: Grain) -> exp.Expr:
        field, column = self.field(item.field), self._column_type(item.field)
        if item.unit == "decade":
            year = field if is_number(column) else exp.Anonymous(this="YEAR", expressions=[self._moment(field, column)])
            return exp.Mul(this=exp.Paren(this=exp.IntDiv(this=year, expression=number(10))), expression=number(10))
        if is_number(column):
            return field
        moment = self._moment(field, column)
        match item.unit:
            case "day":
                return moment if column == "DATE" else exp.cast(moment, "DATE")
            case "year" | "hour" | "monthofyear":
                name = {"year": "YEAR", "hour": "HOUR", "monthofyear": "MONTH"}[item.unit]
                return exp.Anonymous(this=name, expressions=[moment])
            case "weekday":
                return exp.Anonymous(this="DAYNAME", expressions=[moment])
            case "weekend":
                late = exp.GTE(this=exp.Anonymous(this="ISODOW", expressions=[moment]), expression=number(6))
                words = labels.WEEKEND[self.language]
                return exp.Case(ifs=[exp.If(this=late, true=exp.Literal.string(words[0]))], default=exp.Literal.string(words[1]))
            case _:
                return exp.cast(exp.Anonymous(this="DATE_TRUNC", expressions=[exp.Literal.string(item.unit), moment]), "DATE")

    def _moment(self, field: exp.Expr, column: str) -> exp.Expr:
        return exp.TryCast(this=field, to=exp.DataType.build("TIMESTAMP")) if column.startswith("VARCHAR") else field

    def _column_type(self, field: Field) -> str:
        table = self.schema.table(field.table)
        column = table.column(field.column) if table else None
        return column.type.upper() if column else ""

    # ------------------------------------------------------------------ tests
    def test(self, test: Test) -> exp.Expr:
        """A condition as SQL."""
        if isinstance(test, Either):
            return exp.paren(exp.or_(*(self.test(option) for option in test.options)))
        left = self.output(test.left)
        right = [self._operand(value, test.left) for value in test.right]
        match test.sign:
            case "true":
                return left
            case "is null":
                return exp.Is(this=left, expression=exp.Null())
            case "not null":
                return exp.not_(exp.Is(this=left, expression=exp.Null()))
            case "between":
                return exp.Between(this=left, low=right[0], high=right[1])
            case "in" | "not in":
                inside = exp.In(this=left, query=right[0]) if isinstance(right[0], exp.Subquery) else exp.In(this=left, expressions=right)
                return inside if test.sign == "in" else exp.not_(inside)
            case "like" | "not like":
                alike = exp.ILike(this=left, expression=right[0])
                return alike if test.sign == "like" else exp.not_(alike)
            case _:
                signs = {"=": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}
                built: exp.Expr = signs[test.sign](this=left, expression=right[0])
                return built

    def _bands(self, item: Bands) -> exp.Expr:
        case, column = exp.Case(), self.field(item.field)
        for band in item.bands:
            low = (exp.GT if band.above else exp.GTE)(this=column.copy(), expression=number(band.low)) if band.low is not None else None
            high = (exp.LT if band.below else exp.LTE)(this=column.copy(), expression=number(band.high)) if band.high is not None else None
            case = case.when(exp.and_(*(end for end in (low, high) if end is not None)), exp.Literal.string(band.name))
        return case

    def _operand(self, value: object, left: object) -> exp.Expr:
        if isinstance(value, Plan):
            return self.query(value).subquery()
        if isinstance(value, Field | Grain | Bin | Bands | Arithmetic | Referenced | Peers | Elapsed | Opaque):
            return self.expression(value)
        if isinstance(value, Measure):
            return self.measure(value)
        if (
            isinstance(value, str)
            and isinstance(left, Field | Grain)
            and self._column_type(left if isinstance(left, Field) else left.field).startswith(("DATE", "TIMESTAMP"))
        ):
            return exp.cast(exp.Literal.string(value), "TIMESTAMP" if ":" in value else "DATE")
        if isinstance(value, str) and isinstance(left, Field) and self._column_type(left) == "TIME":
            return exp.cast(exp.Literal.string(value), "TIME")
        return exp.convert(value)


def renamed(test: Test, names: dict[Output, str]) -> Test:
    """A test on outputs as one on their names."""
    if isinstance(test, Either):
        return Either(tuple(option for option in (renamed(part, names) for part in test.options) if isinstance(option, Condition)))
    left = test.left
    if left in names and not isinstance(left, Field):
        return replace(test, left=Opaque(exp.column(names[left], quoted=True).sql(dialect="duckdb")))
    name = next((name for output, name in names.items() if isinstance(left, Field) and field_of(output) == left), None)
    if not name:
        return test
    return replace(test, left=Opaque(exp.column(name, quoted=True).sql(dialect="duckdb")))


def field_of(item: object) -> Field | None:
    """The column an expression is about; None if it is about none or several."""
    if isinstance(item, Field):
        return item
    if isinstance(item, Grain | Bin | Bands):
        return item.field
    return None


def ident(name: str) -> exp.Identifier:
    """A quoted name."""
    return exp.to_identifier(name, quoted=True)


def quoted(name: str) -> exp.Table:
    """A quoted table."""
    return exp.Table(this=ident(name))


def number(value: float) -> exp.Expr:
    """A number literal."""
    return exp.Literal.number(int(value) if isinstance(value, float) and value.is_integer() and value != 100.0 else value)


def arithmetic(sign: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Two expressions combined."""
    if sign == "/":
        return exp.Div(this=left, expression=exp.Nullif(this=right, expression=number(0)))
    built: exp.Expr = {"*": exp.Mul, "-": exp.Sub, "+": exp.Add}[sign](this=left, expression=right)
    return built


def is_number(type_name: str) -> bool:
    """Whether a column of that type holds numbers."""
    return type_name.startswith(
        ("BIGINT", "INT", "DOUBLE", "DECIMAL", "HUGEINT", "SMALLINT", "TINYINT", "FLOAT", "REAL", "UBIGINT", "UINTEGER")
    )


__all__ = ["Builder", "aggregated", "field_of"]
