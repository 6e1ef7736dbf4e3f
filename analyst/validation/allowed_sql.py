"""What SQL may be made of: the parts of a SELECT, and the functions that only compute on the values they are given.

Both are lists of what is allowed; whatever a later version of DuckDB or sqlglot adds stays shut out until it stands here.
"""

from __future__ import annotations

from sqlglot import expressions as exp

PARTS = (
    exp.Select, exp.SetOperation, exp.Subquery, exp.With, exp.CTE, exp.From, exp.Join, exp.Table, exp.TableAlias, exp.TableSample,
    exp.Where, exp.Group, exp.Having, exp.Qualify, exp.Order, exp.Ordered, exp.Limit, exp.LimitOptions, exp.Offset, exp.Fetch,
    exp.Distinct, exp.Window, exp.WindowSpec, exp.GroupingSets, exp.Cube, exp.Rollup, exp.Lateral, exp.Values, exp.Unnest,
    exp.Alias, exp.Aliases, exp.Column, exp.Columns, exp.Identifier, exp.Dot, exp.Star, exp.Literal, exp.Boolean, exp.Null, exp.Var,
    exp.ByteString, exp.HexString, exp.BitString, exp.RawString, exp.National,
    exp.Paren, exp.Tuple, exp.Binary, exp.Unary, exp.Predicate, exp.Between, exp.In, exp.Interval, exp.IntervalSpan, exp.AtTimeZone,
    exp.Bracket, exp.Slice, exp.Lambda, exp.Comprehension, exp.Filter, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls,
    exp.PositionalColumn, exp.PropertyEQ, exp.DataType, exp.DataTypeParam, exp.ColumnDef, exp.JSONPath, exp.JSONPathPart, exp.Func,
)  # fmt: skip

TABLE_FUNCTIONS = (exp.GenerateSeries, exp.Unnest, exp.Explode)
"""Functions that may stand for a table: they count, or take lists apart."""

WITHOUT_PARENTHESES = (exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, exp.Localtime, exp.Localtimestamp)
"""The functions written without parentheses that tell the time; the others tell of the server."""

AGGREGATES = """
    any_value approx_count_distinct approx_quantile approx_top_k arbitrary arg_max arg_max_null arg_min arg_min_null argmax argmin array_agg
    avg bit_and bit_or bit_xor bool_and bool_or corr count count_if count_star countif covar_pop covar_samp entropy favg first fsum
    geomean geometric_mean group_concat grouping grouping_id histogram kahan_sum kurtosis kurtosis_pop last list listagg mad max max_by mean
    median min min_by mode percentile_cont percentile_disc product quantile quantile_cont quantile_disc regr_avgx regr_avgy regr_count
    regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy reservoir_quantile sem skewness stddev stddev_pop stddev_samp string_agg
    sum sumkahan var_pop var_samp variance wavg weighted_avg
"""
WINDOWS = "cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number fill"
NUMBERS = """
    abs acos acosh add asin asinh atan atan2 atanh bin bit_count cbrt ceil ceiling cos cosh cot degrees divide equi_width_bins even exp
    factorial fdiv floor fmod gamma gcd greatest greatest_common_divisor isfinite isinf isnan lcm least least_common_multiple lgamma ln log
    log10 log2 mod multiply nextafter pi pow power radians random round round_even roundbankers sign signbit sin sinh sqrt subtract tan tanh
    trunc xor
"""
DATES = """
    age ago century current_date current_localtime current_localtimestamp current_time current_timestamp date date_add date_diff date_part
    date_sub date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear days_in_month decade epoch epoch_ms
    epoch_ns epoch_us era extract get_current_time get_current_timestamp hour isodow isoyear julian last_day localtime localtimestamp
    make_date make_time make_timestamp make_timestamp_ms make_timestamptz microsecond millennium millisecond minute month monthname
    nanosecond now quarter second strftime strptime time time_bucket timestamp timezone to_centuries to_days to_decades to_hours
    to_microseconds to_millennia to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp to_weeks to_years today
    transaction_timestamp try_strptime week weekday weekofyear year yearweek
"""
TEXT = """
    array_to_string ascii bar base64 bit_length char_length character_length chr concat concat_ws contains damerau_levenshtein editdist3
    ends_with format formatreadabledecimalsize formatreadablesize format_bytes hamming hash instr jaccard jaro_similarity
    jaro_winkler_similarity lcase left left_grapheme len length length_grapheme levenshtein lower lpad ltrim md5 mismatches nfc_normalize
    octet_length ord overlay parse_filename position prefix printf regexp_escape regexp_extract regexp_extract_all regexp_full_match
    regexp_matches regexp_replace regexp_split_to_array repeat replace reverse right right_grapheme rpad rtrim sha1 sha256 split split_part
    starts_with str_split str_split_regex string_split string_split_regex string_to_array strip_accents strlen strpos substr substring
    substring_grapheme suffix to_base to_base64 to_binary to_hex translate trim ucase unicode upper url_decode url_encode from_base64
    encode decode hex unhex from_hex unbin from_binary
"""
CHOICES = "case cast coalesce constant_or_null if ifnull nullif try try_cast typeof switch exists"
LISTS = """
    aggregate apply array_aggr array_aggregate array_append array_apply array_cat array_concat array_contains array_distinct array_extract
    array_filter array_has array_has_all array_has_any array_indexof array_intersect array_length array_pop_back array_pop_front
    array_position array_prepend array_push_back array_push_front array_reduce array_reverse array_reverse_sort array_select array_slice
    array_sort array_transform array_unique array_value array_where array_zip cardinality element_at filter flatten generate_series
    generate_subscripts grade_up list_aggr list_aggregate list_any_value list_append list_apply list_approx_count_distinct list_avg list_cat
    list_concat list_contains list_count list_distinct list_element list_extract list_filter list_first list_grade_up list_has list_has_all
    list_has_any list_histogram list_indexof list_intersect list_last list_max list_median list_min list_mode list_position list_prepend
    list_product list_reduce list_reverse list_reverse_sort list_select list_slice list_sort list_stddev_pop list_stddev_samp
    list_string_agg list_sum list_transform list_unique list_value list_var_pop list_var_samp list_where list_zip list_pack map map_concat
    map_contains map_contains_value map_entries map_extract map_extract_value map_from_entries map_keys map_values range reduce row
    struct_concat struct_contains struct_extract struct_extract_at struct_insert struct_keys struct_pack struct_values unnest columns
    union_extract union_tag
"""
JSON = """
    from_json json json_array json_array_length json_contains json_exists json_extract json_extract_path json_extract_path_text
    json_extract_string json_group_array json_group_object json_keys json_object json_type json_valid json_value to_json array_to_json
    row_to_json
"""
FUNCTIONS = frozenset(" ".join((AGGREGATES, WINDOWS, NUMBERS, DATES, TEXT, CHOICES, LISTS, JSON)).split())

INSTEAD = {
    "to_char": "strftime", "date_format": "strftime", "format_datetime": "strftime", "str_to_date": "strptime", "to_date": "strptime",
    "parse_date": "strptime", "getdate": "now()", "sysdate": "now()", "curdate": "current_date", "dateadd": "+ INTERVAL",
    "add_months": "+ INTERVAL", "timestampdiff": "date_diff", "months_between": "date_diff", "nvl": "coalesce", "isnull": "coalesce",
    "iif": "if", "charindex": "position", "locate": "position", "substring_index": "split_part", "stdev": "stddev", "var": "variance",
    "to_number": "CAST", "convert": "CAST", "top": "LIMIT", "weekday_name": "dayname", "percentile": "quantile_cont", "eomonth": "last_day",
}  # fmt: skip
"""What other databases call it, and what DuckDB calls it."""

OTHER_STATEMENTS = frozenset(
    """
    ALTER ANALYZE ATTACH BEGIN CALL CHECKPOINT COMMENT COMMIT COPY CREATE DEALLOCATE DELETE DESC DESCRIBE DETACH DROP EXECUTE EXPLAIN EXPORT
    GRANT IMPORT INSERT INSTALL KILL LOAD MERGE PIVOT PRAGMA PREPARE REFRESH REPLACE RESET REVOKE ROLLBACK SET SHOW START SUMMARIZE TRUNCATE
    UNPIVOT UPDATE USE VACUUM VALUES
    """.split()  # noqa: SIM905 -- words in rows are read and changed more easily than a list of strings
)

SYNTAX = """
    all and any array as asof bernoulli between bigint bit by case char character collate cross cube dec decimal distinct double else end
    escape except exclude filter float from full glob group grouping groups having if ilike in inner int integer intersect interval is join
    lambda lateral left like limit map materialized natural not numeric offset on or order outer over partition positional qualify range
    recursive rename replace reservoir return right rollup rows sample select semi anti set sets similar some struct system tablesample
    text then time timestamp to union unnest using values varchar when where window with within
"""
WORDS_BEFORE_PARENTHESES = frozenset(SYNTAX.split())
"""Words of SQL's own that may stand before a parenthesis without being a function."""

MOST_REPEATS = 10_000
"""The most that repeat(), lpad() and their like may be asked for; beyond it a cell is no answer but a burden."""
MOST_SERIES = 1_000_000
"""The longest series that may be counted out."""
REPEATING = {"repeat": 1, "lpad": 1, "rpad": 1, "bar": 3, "range": None, "generate_series": None}
"""Functions that make much of little, and which argument says how much; None: any."""
