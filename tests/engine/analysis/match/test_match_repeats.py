"""A shot used twice and another take are told from a match, by their colours and contents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from paper_edges import edges_of, with_row

from seamline.analysis import match_repeats
from seamline.analysis.match_repeats import ground_apart, one_setup, shown_again
from seamline.analysis.match_tables import ShotEdges
from seamline.errors import Cancelled
from seamline.progress import CancellableProgress

ONE, OTHER = np.array([1]), np.array([4])


def alike_at_heads(edges: ShotEdges, *, colour: float = 0.0, content: float = 1.0) -> ShotEdges:
    """The head of shot 4 has the colours of that of shot 1, so far off, and vectors of such a cosine."""
    first = edges.heads
    vector = first.vectors[1]
    across = first.vectors[4] - (first.vectors[4] @ vector) * vector
    across /= np.linalg.norm(across)
    other = content * vector + np.sqrt(1 - content**2) * across
    heads = with_row(first, 4, colour=first.colour[1] + colour / np.sqrt(3), vectors=other.astype(np.float32))
    return replace(edges, heads=heads)


def test_one_picture_at_any_of_the_edges_is_enough() -> None:
    edges = alike_at_heads(edges_of(8))
    assert shown_again(edges, edges, ONE, OTHER).tolist() == [True]
    assert shown_again(edges, edges, OTHER, ONE).tolist() == [True]
    assert shown_again(edges, edges, ONE, np.array([5])).tolist() == [False]


def test_the_same_colours_with_other_things_are_no_repeat_and_neither_are_the_same_things_in_others() -> None:
    edges = edges_of(8)
    assert not shown_again(*[alike_at_heads(edges, content=0.7)] * 2, ONE, OTHER)[0]
    assert not shown_again(*[alike_at_heads(edges, colour=0.2)] * 2, ONE, OTHER)[0]
    assert shown_again(*[alike_at_heads(edges, colour=0.03, content=0.9)] * 2, ONE, OTHER)[0]


def test_a_figure_before_the_ground_does_not_hide_it() -> None:
    edges = alike_at_heads(edges_of(8))
    colours = edges.heads.colour[4].reshape(-1, 3).copy()
    colours[: len(colours) // 2] += 0.5
    edges = replace(edges, heads=with_row(edges.heads, 4, colour=colours.ravel()))
    assert ground_apart(edges, edges, ONE, OTHER)[0] < 0.01
    assert shown_again(edges, edges, ONE, OTHER)[0]


def test_what_is_unseen_is_no_repeat_but_may_be_of_one_setup() -> None:
    edges = alike_at_heads(edges_of(8), colour=0.05)
    blind = replace(
        edges,
        heads=replace(edges.heads, vectors=np.zeros((8, 0), np.float32)),
        tails=replace(edges.tails, vectors=np.zeros((8, 0), np.float32)),
    )
    assert not shown_again(blind, blind, ONE, OTHER)[0]
    assert one_setup(blind, blind, ONE, OTHER)[0]


def test_a_match_that_is_taken_for_one_setup_has_another_ground_or_shows_other_things() -> None:
    edges = edges_of(8)
    assert one_setup(*[alike_at_heads(edges)] * 2, ONE, OTHER)[0]
    assert not one_setup(*[alike_at_heads(edges, colour=0.3)] * 2, ONE, OTHER)[0]
    # grounds alike, yet the vectors of the other edges are not
    assert not one_setup(*[alike_at_heads(edges, colour=0.06)] * 2, ONE, OTHER)[0]


def test_two_black_ends_say_nothing_of_their_shots() -> None:
    edges = edges_of(8)
    black = {"colour": np.zeros(120, np.float32), "vectors": edges.heads.vectors[1]}
    tails = with_row(edges.tails, 1, **black)
    heads = with_row(edges.heads, 4, **black)
    shown = replace(edges, heads=heads, tails=tails)
    assert shown_again(shown, shown, ONE, OTHER)[0]
    assert one_setup(shown, shown, ONE, OTHER)[0]
    blank = replace(
        edges, heads=with_row(heads, 4, is_usable=False), tails=with_row(tails, 1, is_usable=False)
    )
    assert not shown_again(blank, blank, ONE, OTHER)[0]
    assert not one_setup(blank, blank, ONE, OTHER)[0]
    assert np.isfinite(ground_apart(blank, blank, ONE, OTHER)[0])


def test_grounds_that_are_no_more_alike_than_others_are_of_no_setup() -> None:
    edges = edges_of(8)
    every = {"vectors": np.ones(16, np.float32) / 4}
    for place in (1, 4):
        edges = replace(
            edges, heads=with_row(edges.heads, place, **every), tails=with_row(edges.tails, place, **every)
        )
    assert not one_setup(edges, edges, ONE, OTHER)[0]


def test_one_room_with_other_things_before_it_is_one_picture_where_the_ground_is_the_same() -> None:
    edges = edges_of(8)
    for colour, content, is_one in ((0.01, 0.75, True), (0.05, 0.75, False), (0.01, 0.65, False)):
        room = alike_at_heads(edges, colour=colour, content=content)
        assert shown_again(room, room, ONE, OTHER)[0] == is_one


def test_many_pairs_are_judged_in_parts_and_can_be_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = alike_at_heads(edges_of(8))
    out, into = (places.ravel() for places in np.meshgrid(np.arange(8), np.arange(8)))
    whole = one_setup(edges, edges, out, into), shown_again(edges, edges, out, into)
    assert whole[0][out == 1][4]
    monkeypatch.setattr(match_repeats, "_ROWS_AT_ONCE", 7)
    steps: list[int] = []
    progress = CancellableProgress(lambda done, _: steps.append(done))
    assert np.array_equal(one_setup(edges, edges, out, into, progress), whole[0])
    assert np.array_equal(shown_again(edges, edges, out, into, progress), whole[1])
    assert steps[:3] == [0, 7, 14]
    progress.cancel()
    with pytest.raises(Cancelled):
        one_setup(edges, edges, out, into, progress)


def test_no_pairs_are_no_repeats() -> None:
    edges, none = edges_of(3), np.empty(0, np.int64)
    assert shown_again(edges, edges, none, none).shape == one_setup(edges, edges, none, none).shape == (0,)
