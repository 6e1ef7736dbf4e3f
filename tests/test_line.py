"""A line before a few places: first come, first served, and what was begun is finished before others begin."""

from connectors.line import Line


def test_places_go_to_those_who_came_first_and_the_others_know_their_number() -> None:
    line = Line(2)
    tickets = [line.join() for _ in range(4)]
    assert [ticket.called.is_set() for ticket in tickets] == [True, True, False, False]
    assert [ticket.number for ticket in tickets] == [0, 0, 1, 2]
    assert line.length == 2


def test_a_place_that_is_given_back_goes_to_the_next() -> None:
    line = Line(1)
    with line.join():
        second, third = line.join(), line.join()
    assert (second.number, third.number) == (0, 1)


def test_one_who_gives_up_waiting_leaves_the_places_alone() -> None:
    line = Line(1)
    first, second, third = (line.join() for _ in range(3))
    line.leave(second)
    assert (first.number, third.number) == (0, 1)
    assert not third.called.is_set()
    line.leave(first)
    assert third.called.is_set()


def test_one_who_steps_aside_lets_the_next_in_and_comes_back_before_those_who_have_not_begun() -> None:
    line = Line(1)
    first, second, third = (line.join() for _ in range(3))
    first.step_aside()
    assert second.called.is_set()
    first.step_back()
    assert (first.number, third.number) == (1, 2)
    line.leave(second)
    assert first.called.is_set()


def test_one_who_leaves_while_aside_gives_no_place_back_twice() -> None:
    line = Line(1)
    with line.join() as first:
        first.step_aside()
    assert line.join().called.is_set()
    assert not line.join().called.is_set()
