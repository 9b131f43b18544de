"""A thread works ahead of its reader, is always joined, and its errors are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from seamline.analysis.ahead import Ahead


def running() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name == "ahead"]


def test_items_come_in_order_and_the_thread_ends() -> None:
    with Ahead(lambda stop: iter(range(50)), name="ahead", room=3) as ahead:
        assert [item for item in ahead.items() if item is not None] == list(range(50))
    assert running() == []


def test_it_works_no_further_ahead_than_there_is_room() -> None:
    made: list[int] = []
    third = threading.Event()

    def counted(stop: threading.Event) -> Iterator[int]:
        for number in range(100):
            made.append(number)
            if number == 3:
                third.set()
            yield number

    with Ahead(counted, name="ahead", room=3) as ahead:
        assert third.wait(5)
        assert next(ahead.items(), None) is not None
    assert len(made) <= 6
    assert running() == []


def test_its_error_is_raised_where_the_items_are_read() -> None:
    def failing(stop: threading.Event) -> Iterator[int]:
        yield 1
        raise RuntimeError("Broken.")

    items: list[int | None] = []
    with pytest.raises(RuntimeError, match="Broken"), Ahead(failing, name="ahead", room=2) as ahead:
        items.extend(ahead.items())
    assert running() == []


def test_a_reader_that_leaves_stops_it() -> None:
    def endless(stop: threading.Event) -> Iterator[int]:
        while not stop.is_set():
            yield 1

    with Ahead(endless, name="ahead", room=2) as ahead:
        assert next(ahead.items()) == 1
    assert running() == []


def test_while_nothing_comes_the_reader_may_look_up() -> None:
    go_on = threading.Event()

    def slow(stop: threading.Event) -> Iterator[int]:
        go_on.wait(5)
        yield 7

    with Ahead(slow, name="ahead", room=1) as ahead:
        items = ahead.items(timeout_s=0.01)
        assert next(items) is None
        go_on.set()
        assert next(item for item in items if item is not None) == 7
