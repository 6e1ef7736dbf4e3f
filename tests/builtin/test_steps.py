"""What changes from one query to the next, as the confidence in a follow-up sees it."""

import pytest

from analyst.models.builtin.steps import outline, step_traits

BEFORE = 'SELECT T1.name FROM guests AS T1 WHERE T1.city = "Lisbon"'


def test_a_query_has_the_same_outline_whoever_wrote_it() -> None:
    """Names of tables, quotation marks and case make no difference."""
    assert outline(BEFORE) == outline("""select "guests"."name" from "guests" where "guests"."city" = 'Lisbon'""")


@pytest.mark.parametrize(
    ("sql", "trait"),
    [
        ("SELECT age FROM guests WHERE city = 'Lisbon'", "tests kept"),
        ("SELECT age FROM guests", "tests dropped"),
        ("SELECT name FROM guests WHERE city = 'Porto'", "tests swapped"),
        ("SELECT name FROM guests WHERE city = 'Lisbon'", "step none"),
        ("SELECT name FROM rooms", "tables apart"),
        ("SELECT name, age FROM guests WHERE city = 'Lisbon'", "shown more"),
        ("SELECT count(*) FROM guests WHERE city = 'Lisbon'", "figures appear"),
        ("SELECT name FROM guests ORDER BY age LIMIT 1", "limit added"),
    ],
)
def test_each_change_is_seen(sql: str, trait: str) -> None:
    """Of tests, tables, outputs and the rest."""
    assert step_traits("What about them?", sql, BEFORE)[trait] == 1.0


def test_words_that_lean_are_seen_together_with_what_is_kept() -> None:
    """'Their' speaks for the earlier rows, a count asked for and not given against a reading."""
    traits = step_traits("How many of their friends are old?", "SELECT age FROM guests WHERE city = 'Lisbon'", BEFORE)
    assert traits["refers, tests kept"] == 1.0
    assert traits["count asked, not given"] == 1.0


def test_what_cannot_be_read_is_said_to_be_so() -> None:
    """Rather than compared."""
    assert step_traits("And those?", "SELECT (", BEFORE)["step unreadable"] == 1.0
