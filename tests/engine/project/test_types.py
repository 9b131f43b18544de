"""Seams, shots, and the film with what is proposed and decided."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from fractions import Fraction
from itertools import pairwise

import pytest

from seamline.errors import ProjectError
from seamline.project.types import Decision, Origin, Project, Seam, SeamKind

MakeProject = Callable[..., Project]


def cut(frame: int) -> Seam:
    return Seam(frame - 1, frame)


class TestSeam:
    def test_a_cut_lies_between_two_neighbours(self) -> None:
        seam = Seam(41, 42)
        assert (seam.kind, seam.confidence, seam.origin) == (SeamKind.CUT, 1, Origin.ANALYSIS)
        assert seam.cut_frame == 42

    @pytest.mark.parametrize(
        ("out_frame", "in_frame", "kind"),
        [
            (-1, 0, SeamKind.CUT),
            (5, 5, SeamKind.CUT),
            (6, 5, SeamKind.CUT),
            (5, 7, SeamKind.CUT),
            (5, 6, SeamKind.DISSOLVE),
            (5, 6, SeamKind.FADE),
            (5, 6, SeamKind.WIPE),
        ],
    )
    def test_impossible_frames_are_refused(self, out_frame: int, in_frame: int, kind: SeamKind) -> None:
        with pytest.raises(ProjectError, match=r"\.$"):
            Seam(out_frame, in_frame, kind)

    @pytest.mark.parametrize("confidence", [-0.01, 1.01, float("nan"), float("inf")])
    def test_a_confidence_is_from_0_to_1(self, confidence: float) -> None:
        with pytest.raises(ProjectError, match="between 0 and 1"):
            Seam(1, 2, confidence=confidence)

    def test_the_same_proposal_has_the_same_id_and_a_users_seam_one_of_its_own(self) -> None:
        assert Seam(4, 5).id == Seam(4, 5, confidence=0.6).id != Seam(5, 6).id
        mine = [Seam(4, 5, origin=Origin.USER) for _ in range(2)]
        assert mine[0].id != mine[1].id
        assert Seam(4, 5, id="x").id == "x"

    @pytest.mark.parametrize(
        ("out_frame", "in_frame", "cut_frame"), [(10, 12, 11), (10, 13, 12), (10, 20, 15), (0, 2, 1)]
    )
    def test_a_cut_list_cuts_a_gradual_seam_in_its_middle(
        self, out_frame: int, in_frame: int, cut_frame: int
    ) -> None:
        assert Seam(out_frame, in_frame, SeamKind.DISSOLVE).cut_frame == cut_frame

    def test_neighbouring_cuts_do_not_overlap(self) -> None:
        dissolve = Seam(10, 20, SeamKind.DISSOLVE)
        assert not cut(11).overlaps(cut(12))
        assert cut(11).overlaps(cut(11))
        assert not dissolve.overlaps(cut(10))
        assert not dissolve.overlaps(cut(21))
        for frame in range(11, 21):
            assert dissolve.overlaps(cut(frame))
            assert cut(frame).overlaps(dissolve)

    def test_it_cannot_be_changed(self) -> None:
        with pytest.raises(FrozenInstanceError):
            cut(5).out_frame = 7  # type: ignore[misc]


class TestProject:
    def test_shots_lie_between_the_seams_without_gaps(self, project: MakeProject) -> None:
        film = project(100, cut(60), Seam(10, 20, SeamKind.DISSOLVE))
        assert [(s.number, s.start_frame, s.end_frame) for s in film.shots] == [
            (1, 0, 15),
            (2, 15, 60),
            (3, 60, 100),
        ]
        assert [shot.length for shot in film.shots] == [15, 45, 40]
        assert film.shots[0].seam is None
        assert [shot.seam for shot in film.shots[1:]] == list(film.seams)

    def test_a_film_without_seams_is_one_shot(self, project: MakeProject) -> None:
        (shot,) = project(100).shots
        assert (shot.start_frame, shot.end_frame, shot.seam) == (0, 100, None)

    @pytest.mark.parametrize("seed", range(20))
    def test_every_frame_is_of_one_shot(self, project: MakeProject, seed: int) -> None:
        chosen = random.Random(seed)
        at = 0
        seams = []
        while (at := at + chosen.randrange(0, 9)) < 180:
            length = chosen.choice([1, 1, 1, 2, 3, 15])
            seams.append(Seam(at, at + length, SeamKind.CUT if length == 1 else SeamKind.FADE))
            at += length
        film = project(200, *seams)
        assert film.shots[0].start_frame == 0
        assert film.shots[-1].end_frame == 200
        assert all(a.end_frame == b.start_frame for a, b in pairwise(film.shots))
        assert all(shot.length > 0 for shot in film.shots)

    def test_what_was_decided_hides_the_proposals_it_speaks_about(self, project: MakeProject) -> None:
        film = project(100, cut(20), cut(50), cut(80))
        moved = Seam(53, 54, origin=Origin.USER)
        mine = Seam(89, 90, origin=Origin.USER)
        decided = Project(
            film.film,
            film.proposals,
            (Decision(cut(20), None), Decision(cut(50), moved), Decision(None, mine)),
        )
        assert [seam.in_frame for seam in decided.seams] == [54, 80, 90]
        # a later analysis finds them a little elsewhere, and once more where a decision stands
        later = decided.with_proposals([Seam(18, 22, SeamKind.DISSOLVE), cut(50), cut(54), cut(80)], 100)
        assert [seam.in_frame for seam in later.seams] == [54, 80, 90]
        assert decided.without_proposals().seams == (moved, mine)

    def test_proposals_are_sorted(self, project: MakeProject) -> None:
        assert [seam.in_frame for seam in project(100, cut(50), cut(20)).seams] == [20, 50]

    def test_a_seam_is_found_by_its_id(self, project: MakeProject) -> None:
        film = project(100, cut(50))
        assert film.seam(film.seams[0].id) == cut(50)
        with pytest.raises(ProjectError, match=r"no seam nowhere \(any more\): select another one\.$"):
            film.seam("nowhere")

    def test_timecodes_begin_with_the_films_or_the_editors(self, project: MakeProject) -> None:
        film = project(100)
        assert film.timecode(0) == "01:00:00:00"
        assert film.timecode(100) == "01:00:04:00"
        ntsc = project(100, rate=Fraction(30000, 1001))
        changed = Project(ntsc.film, start_frame=1798, drop_frame=True)
        assert changed.timecode(2) == "00:01:00;02"
        assert Project(ntsc.film, start_frame=0).timecode(1800) == "00:01:00:00"
