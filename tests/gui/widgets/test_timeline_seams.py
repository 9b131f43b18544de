"""The row of seams: what may move how far, and what a preview of it looks like."""

from __future__ import annotations

import pytest

from seamline.project.types import Origin, Seam, SeamKind
from seamline_widgets.timeline_band import Selection
from seamline_widgets.timeline_seams import SeamRow

A, B, C, D = (Seam(at - 1, at, id=name) for at, name in ((100, "a"), (110, "b"), (200, "c"), (900, "d")))
WIDE = Seam(499, 550, SeamKind.DISSOLVE, id="wide")
ROW = SeamRow([A, B, C, WIDE, D])


@pytest.mark.parametrize(
    ("at", "by_frames", "moved_by"),
    [
        ([0, 1], 50, 50),
        ([0, 1], 500, 89),  # the run of both stops where the cut at 200 stands
        ([0, 1], -500, -99),  # at the film's beginning
        ([0, 2], 500, 9),  # the seam between them is not moved: the first is stopped by it
        ([0, 2], -500, -89),
        ([4], 500, 99),  # at its end
        ([0, 1, 2, 3, 4], 500, 99),
    ],
)
def test_several_seams_keep_their_distance(at: list[int], by_frames: int, moved_by: int) -> None:
    moved = ROW.moved(at, by_frames, 1000)
    seams = {seam.id: seam for seam in ROW.seams}
    assert set(moved) == {ROW.seams[i].id for i in at}
    assert {(out - seams[one].out_frame, in_ - seams[one].in_frame) for one, (out, in_) in moved.items()} == {
        (moved_by, moved_by)
    }


def test_moving_none_is_nothing() -> None:
    assert ROW.moved([], 10, 1000) == {}


@pytest.mark.parametrize(
    ("at", "by_frames", "expected"),
    [
        (2, 10, (189, 210)),  # a cut opens about its place
        (1, 400, (100, 119)),  # the nearer neighbour stops both sides
        (3, 10, (489, 560)),
        (3, -10, (509, 540)),
        (3, -25, (524, 525)),
        (3, -400, (524, 525)),  # pulled together it is a cut in its middle
        (2, -10, (199, 200)),
    ],
)
def test_a_seam_is_stretched_about_its_middle(at: int, by_frames: int, expected: tuple[int, int]) -> None:
    stretched = ROW.stretched(at, by_frames, 1000)
    assert stretched == expected
    assert (sum(stretched) + 1) // 2 == ROW.seams[at].cut_frame


def test_a_span_of_even_length_pulled_together_is_a_cut_in_its_middle() -> None:
    even = Seam(10, 14, SeamKind.WIPE)
    assert SeamRow([even]).stretched(0, -1, 100) == (11, 13)
    assert SeamRow([even]).stretched(0, -2, 100) == (11, 12)


def test_a_preview_shows_seams_elsewhere() -> None:
    preview = ROW.with_frames({"c": (190, 210), "wide": (520, 521), "gone": (1, 2)})
    assert [(s.out_frame, s.in_frame, s.kind) for s in preview.seams] == [
        (99, 100, SeamKind.CUT),
        (109, 110, SeamKind.CUT),
        (190, 210, SeamKind.DISSOLVE),
        (520, 521, SeamKind.CUT),
        (899, 900, SeamKind.CUT),
    ]
    fresh = SeamRow(list(preview.seams))
    for name in ("left", "right", "kind", "reviewed", "confidence"):
        assert getattr(preview, name).tolist() == getattr(fresh, name).tolist(), name
    assert [s.origin is Origin.USER for s in preview.seams] == [False, False, True, True, False]
    assert preview.index_of("wide") == 3
    assert ROW.seams[2] == C, "the row itself is as it was"
    assert int(ROW.left[2]) == 200


def test_the_same_preview_is_the_same_row() -> None:
    assert ROW.with_frames({"c": (190, 191)}) is ROW.with_frames({"c": (190, 191)})
    assert ROW.with_frames({"c": (190, 191)}) is not ROW.with_frames({"c": (191, 192)})
    assert ROW.with_frames({}) is ROW


def test_what_stands_between_two_places() -> None:
    assert ROW.between(100, 110) == ("a", "b")
    assert ROW.between(100.5, 109.5) == ()
    assert ROW.between(520, 530) == ("wide",)
    assert ROW.between(0, 1000) == ("a", "b", "c", "wide", "d")


def test_selections() -> None:
    one = Selection.of("b")
    assert one.toggled(ROW, "d") == Selection.of("d", ["b"])
    assert one.toggled(ROW, "b") == Selection()
    assert Selection.of("d", ["a", "c"]).toggled(ROW, "d") == Selection.of("a", ["c"])
    assert one.up_to(ROW, "wide").ordered(ROW) == ("b", "c", "wide")
    assert Selection.of("wide").up_to(ROW, "b").ordered(ROW) == ("wide", "b", "c")
    assert Selection().up_to(ROW, "c") == Selection.of("c")
    assert one.with_added(ROW, ["a"]).ordered(ROW) == ("b", "a")
    assert Selection.of("gone", ["c", "a"]).within(ROW) == Selection.of("a", ["c"])
