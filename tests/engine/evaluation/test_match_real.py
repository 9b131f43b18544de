"""Pairs judged by eye: what a line of the list says, that its very frames are looked at, and what is made of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.match_edges import edge_of_frame, shot_edges
from seamline.analysis.match_features import PAIR_FEATURES, pair_features
from seamline.analysis.match_finder import MatchRule, find_matches
from seamline.analysis.match_ranker import MatchRanker
from seamline.analysis.match_tables import ShotEdges
from seamline.analysis.signals import Signals
from seamline.analysis.stage import SignalBlock
from seamline.analysis.stages import EMBEDDING
from seamline.errors import ExchangeError
from seamline.evaluation import match_real
from seamline.evaluation.match_real import (
    ARGUABLE,
    YES,
    Half,
    RealMatch,
    RealPairs,
    judged_pairs,
    main,
    read_real_matches,
    real_rankings,
    report,
    without,
)
from seamline.evaluation.match_sheet import SeenFilm
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress
from seamline.project.footage import ShotFootage
from seamline.project.match_cuts import MatchKind

if TYPE_CHECKING:
    from films import FilmShelf

HEADER = "clip,out_frame,clip_in,in_frame,frame,motion,pool\n"
SHOTS = [(0, 25), (25, 60), (60, 100)]
FIRST = np.zeros(1, np.int64)
TOGETHER = tuple(ShotFootage(*shot, 1, 1) for shot in SHOTS)
"""Said to be of one set-up; what is drawn differs in its ground, so that the finder does not believe it."""


class PaperSiamese:
    """Everything goes together."""

    key = "paper"

    def features(self, pictures: np.ndarray) -> np.ndarray:
        return np.ones((len(pictures), 128), np.float32)

    def score_01(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.ones(a.shape[:-1], np.float32)


SIAMESE = PaperSiamese()


class KnownAnalysis:
    """Of a film whose labels are known; without asking for them, nothing is."""

    def __init__(self, film: Any, *, further: tuple[Any, ...] = (), **_: object) -> None:
        self.signals = Signals(film.frame_count)
        if further:
            self.signals.add(SignalBlock(0, {EMBEDDING: np.eye(9, 1280, dtype=np.float32)}, 12))


def written(folder: Path, lines: str) -> Path:
    path = folder / "list.csv"
    path.write_text(lines, encoding="utf-8")
    return path


@pytest.fixture
def clip(films: FilmShelf, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A film of three shots, which are not looked for."""
    path: Path = films("mp4").path
    film = open_film(path)
    signals = KnownAnalysis(film, further=("labels",)).signals
    whole = shot_edges(film, SHOTS, None, signals=signals, siamese=SIAMESE, progress=CancellableProgress())
    monkeypatch.setattr(match_real, "Analysis", KnownAnalysis)
    monkeypatch.setattr(match_real, "open_efficientnet", lambda: pytest.fail("nothing is left to encode"))
    monkeypatch.setattr(match_real, "seen", lambda *_: SeenFilm(film, whole, TOGETHER, tuple(SHOTS)))
    return path


def judged(clip: Path, cache: Path, *pairs: RealMatch) -> RealPairs:
    progress = CancellableProgress()
    kept = AnalysisCache(cache)
    return judged_pairs(pairs, {clip.name: clip}, cache=kept, siamese=SIAMESE, progress=progress)


def test_a_line_is_a_pair_with_two_verdicts(tmp_path: Path) -> None:
    (pair,) = read_real_matches(written(tmp_path, HEADER + "a.mp4,24,b.mp4,60,2,1,light mass\n"))
    assert pair == RealMatch("a.mp4", 24, "b.mp4", 60, YES, ARGUABLE, ("light", "mass"))
    assert (pair.verdict(MatchKind.FRAME), pair.verdict(MatchKind.MOTION)) == (YES, ARGUABLE)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a.mp4,24,b.mp4,60,3,0,", "line 2: a pair needs frames from 0 on, and verdicts of 0, 1 or 2"),
        ("a.mp4,-1,b.mp4,60,0,0,", "line 2: a pair needs frames from 0 on"),
        ("a.mp4,24,,60,0,0,", "line 2: a pair needs the names of both clips"),
        ("a.mp4,24,b.mp4,,0,0,", "line 2: invalid literal"),
    ],
)
def test_a_bad_line_is_told_by_number(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(ExchangeError, match=told):
        read_real_matches(written(tmp_path, HEADER + line + "\n"))


def test_a_list_without_its_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="lacks the columns in_frame, frame, motion, pool"):
        read_real_matches(written(tmp_path, "clip,out_frame,clip_in\n"))


def test_ours_has_each_pair_once_and_none_that_is_cut_so_already() -> None:
    pairs = read_real_matches()
    clips = {name for pair in pairs for name in (pair.clip, pair.clip_in)}
    assert (len(pairs), len(clips)) == (571, 21)  # as the results say
    assert len({(pair.clip, pair.out_frame, pair.clip_in, pair.in_frame) for pair in pairs}) == len(pairs)
    assert not [pair for pair in pairs if pair.clip == pair.clip_in and pair.in_frame == pair.out_frame + 1]
    assert all(pair.pool for pair in pairs)
    for kind in MatchKind:
        assert {pair.verdict(kind) for pair in pairs} == {0, 1, 2}


def test_the_test_half_is_of_every_second_clip_by_name() -> None:
    pairs = [RealMatch(one, 0, other, 9, 0, 0) for one, other in ("db", "bd", "bb", "ab", "dc", "ca")]
    assert Half.TEST.of(pairs) == tuple(pairs[:3])
    assert Half.FITTING.of(pairs) == tuple(pairs[3:])


def test_the_halves_of_ours_are_those_of_the_results() -> None:
    pairs = read_real_matches()
    test, fitting = Half.TEST.of(pairs), Half.FITTING.of(pairs)
    assert (len(test), len(fitting), {*test, *fitting}) == (238, 333, set(pairs))
    assert not {name for pair in test for name in pair.clips} & {
        "omnishotcut_demo6.mp4",
        "bbb_opening_480p.mp4",
    }

    def counts(pairs: tuple[RealMatch, ...], kind: MatchKind | None) -> tuple[int, int]:
        said = [pair.verdict(kind) for pair in pairs]
        return sum(each >= ARGUABLE for each in said), said.count(YES)

    assert [counts(test, kind) for kind in (*MatchKind, None)] == [(25, 4), (24, 6), (49, 10)]
    unrestricted = without(test, ["omnishotcut_demo7.mp4"])
    assert (len(unrestricted), counts(unrestricted, None)) == (181, (43, 10))


def test_a_clip_to_leave_out_must_be_one_of_the_list() -> None:
    pairs = [RealMatch("a", 0, other, 9, 0, 0) for other in "abc"]
    assert without(pairs, ["b"]) == (pairs[0], pairs[2])
    with pytest.raises(ExchangeError, match="No pair has “d”: leave out one of a, b, c"):
        without(pairs, ["b", "d"])


def test_the_very_frames_are_looked_at_with_all_that_is_known(clip: Path, tmp_path: Path) -> None:
    # not where the shots' clear parts end: those are 21 and 29
    found = judged(clip, tmp_path, RealMatch(clip.name, 24, clip.name, 61, YES, 0))
    film = open_film(clip)
    signals = KnownAnalysis(film, further=("labels",)).signals
    out, into = (
        edge_of_frame(
            film, frame, shot, None, signals=signals, siamese=SIAMESE, progress=CancellableProgress()
        )
        for frame, shot in ((24, SHOTS[0]), (61, SHOTS[2]))
    )
    wanted = pair_features(out, into, FIRST, FIRST)
    assert np.allclose(found.features, wanted, atol=2e-3)
    elsewhere = judged(clip, tmp_path, RealMatch(clip.name, 15, clip.name, 80, YES, 0))
    assert not np.allclose(elsewhere.features, wanted, atol=2e-2)
    # of the curve's rows 12 frames apart, both nearest ones say the same of no other pair
    content = PAIR_FEATURES.index("content")
    same_row = judged(clip, tmp_path, RealMatch(clip.name, 49, clip.name, 47, YES, 0))
    assert same_row.features[0, content] == pytest.approx(1)
    assert found.features[0, content] == 0


def test_what_the_finder_leaves_out_is_told(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # two shots, two that are cut so already, and two moments of one shot, which is never cut to itself
    pairs = [RealMatch(clip.name, 24, clip.name, frame, YES, 0) for frame in (60, 25, 3)]
    told: list[Any] = []

    def spy(tails: ShotEdges, heads: ShotEdges, *, footage: Any, rule: MatchRule) -> Any:
        told.append(footage)
        return find_matches(tails, heads, footage=footage, rule=rule)

    monkeypatch.setattr(match_real, "find_matches", spy)
    assert judged(clip, tmp_path, *pairs).left_out.tolist() == [False, False, True]
    assert told == [TOGETHER] * 3


def test_pairs_of_clips_that_are_missing_are_left_out(clip: Path, tmp_path: Path) -> None:
    there, missing = (RealMatch(clip.name, 24, name, 60, 0, 0) for name in (clip.name, "none.mp4"))
    assert judged(clip, tmp_path, missing, there).pairs == (there,)


def test_a_frame_that_the_clip_has_not_is_told(clip: Path, tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="has no frame 100: this is not the file"):
        judged(clip, tmp_path, RealMatch(clip.name, 100, clip.name, 0, 0, 0))


def _by_hand(*rows: tuple[int, int, float, float, bool]) -> RealPairs:
    """Verdicts by frame and motion, how alike light is, how alike the way they go, and whether it is left out."""
    features = np.zeros((len(rows), len(PAIR_FEATURES)), np.float32)
    features[:, PAIR_FEATURES.index("light")] = [row[2] for row in rows]
    features[:, PAIR_FEATURES.index("going")] = [row[3] for row in rows]
    pairs = tuple(
        RealMatch("a", n, "b", n, frame, motion, ("light",) if n else ("random",))
        for n, (frame, motion, *_) in enumerate(rows)
    )
    return RealPairs(pairs, features, np.array([row[4] for row in rows]))


def _ranker() -> MatchRanker:
    frame, motion = (
        np.array([4.0 * (name == feature) for name in (*PAIR_FEATURES, "constant")])
        for feature in ("light", "going")
    )
    return MatchRanker(frame, motion, np.array([0.0, 0.0, 1.0, 0.0]))


def test_kinds_are_ranked_apart_and_what_is_left_out_comes_last() -> None:
    pairs = _by_hand((2, 0, 0.9, 0.0, False), (0, 1, 0.1, 0.9, False), (0, 0, 0.5, 0.5, False))
    frame = {each.name: each for each in real_rankings(pairs, _ranker(), MatchKind.FRAME, YES)}
    assert frame["frame score"].average_precision == frame["composition alone"].average_precision == 1
    assert frame["motion alone"].average_precision == pytest.approx(1 / 3)
    motion = {each.name: each for each in real_rankings(pairs, _ranker(), MatchKind.MOTION, ARGUABLE)}
    assert motion["motion score"].average_precision == 1
    assert motion["composition alone"].average_precision == pytest.approx(1 / 3)
    either = {each.name: each for each in real_rankings(pairs, _ranker(), None, ARGUABLE)}
    assert either["combined"].matches == 2
    assert either["combined"].average_precision == 1
    assert "frame score" not in either
    assert "motion score" not in either
    with pytest.raises(ValueError, match="one match"):
        real_rankings(pairs, _ranker(), MatchKind.MOTION, YES)
    hidden = replace(pairs, left_out=np.array([True, False, False]))
    (score,) = (
        each for each in real_rankings(hidden, _ranker(), MatchKind.FRAME, YES) if each.name == "frame score"
    )
    assert score.average_precision == pytest.approx(1 / 3)


def test_the_report_has_both_kinds_and_the_pool() -> None:
    pairs = _by_hand((2, 0, 0.9, 0.0, True), (1, 1, 0.1, 0.9, False), (0, 0, 0.5, 0.5, False))
    text = report(pairs, _ranker())
    assert text.startswith("3 judged pairs of 2 clips\n")
    assert "frame: clear matches, 1 of 3; 1 of them are not offered" in text
    assert "motion: clear matches, 0 of 3; 0 of them are not offered\nmotion: clear and arguable" in text
    assert "either: clear and arguable matches, 2 of 3; 1 of them are not offered" in text
    assert "unjudged" in text
    of_half = report(pairs, _ranker(), half=Half.FITTING)
    assert of_half.startswith("3 judged pairs of 2 clips, the fitting half\n")
    assert "every second one" in of_half
    assert "every second one" not in text
    pool = [line.split() for line in text.splitlines()[-2:]]
    assert pool == [["light", "2", "0", "1", "0", "1"], ["random", "1", "1", "1", "0", "0"]]


def test_the_command_says_what_is_missing(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = AnalysisCache(tmp_path / "cache")
    monkeypatch.setattr(match_real, "AnalysisCache", lambda: cache)
    monkeypatch.setattr(match_real, "open_siamese", PaperSiamese)
    lines = f"{clip.name},24,{clip.name},60,2,0,light\n{clip.name},24,none.mp4,60,2,0,light\n"
    ours = written(tmp_path, HEADER + lines)

    assert main([str(clip.parent), "--list", str(ours)]) == 0
    told = capsys.readouterr().out
    assert "the pairs of none.mp4" in told
    assert "1 judged pairs of 1 clips" in told
    assert main([str(clip.parent), "--list", str(ours), "--half", "fitting", "--without", "none.mp4"]) == 0
    told = capsys.readouterr().out
    assert "as was asked: the pairs of none.mp4\n1 judged pairs of 1 clips, the fitting half" in told
    assert main([str(clip.parent), "--list", str(ours), "--without", "other.mp4"]) == 1
    assert "No pair has “other.mp4”" in capsys.readouterr().err
    assert main([str(tmp_path), "--list", str(ours)]) == 1
    assert "None of these pairs" in capsys.readouterr().err
    assert main([str(tmp_path), "--list", str(tmp_path / "none.csv")]) == 1
