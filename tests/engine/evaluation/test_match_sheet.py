"""The sheet of the best pairs: a row each, with the frame that goes out, the one that comes in, and both in one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seamline.analysis.match_tables import EdgeTable, ShotEdges
from seamline.evaluation import match_sheet
from seamline.evaluation.match_sheet import SeenFilm, best_pairs, main, sheet
from seamline.project.match_cuts import MatchKind, MatchPair, MatchSide


class _Film:
    """Of grey frames that are as bright as their numbers; nothing decodes them."""

    fingerprint = "film"


def _pair(out: int, into: int, score: float) -> MatchPair:
    return MatchPair(
        MatchSide("film", out, out + 10, out + 9),
        MatchSide("film", into, into + 10, into),
        MatchKind.FRAME,
        score,
        score,
        0.0,
        0.5,
        "Lines that run alike",
    )


def _seen() -> SeenFilm:
    nothing = np.zeros((0, 1), np.float32)
    none = EdgeTable(np.zeros(0, np.int64), np.zeros(0, np.bool_), *[nothing] * 10)
    return SeenFilm(_Film(), ShotEdges("film", np.zeros((0, 2), np.int64), none, none), (), ())  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _no_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(_: object, sides: list[MatchSide]) -> dict[int, np.ndarray]:
        return {side.frame: np.full((112, 200, 3), side.frame, np.uint8) for side in sides}

    monkeypatch.setattr(match_sheet, "_pictures", drawn)


def test_a_row_shows_both_frames_and_one_over_the_other() -> None:
    picture = sheet([_seen()], [_pair(91, 200, 0.9), _pair(11, 40, 0.5), _pair(31, 60, 0.4)])

    assert picture.shape == (2 * 130, 2 * 600 + 8, 3)
    assert [int(picture[70, x, 0]) for x in (100, 300, 500)] == [100, 200, 150]
    assert [int(picture[200, x, 0]) for x in (100, 300)] == [20, 40]
    assert int(picture[70, 608 + 100, 0]) == 40
    # three pairs in two columns: nothing in the last place
    assert not picture[130:, 608:].any()
    assert picture[:18, :200].any()


def test_the_best_come_first_and_no_shot_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [_pair(0, at, 0.9 - at / 1000) for at in (20, 40, 60)] + [_pair(100, 200, 0.95)]
    monkeypatch.setattr(match_sheet, "find_matches", lambda *_, **__: tuple(said))

    found = best_pairs([_seen()], 10)

    assert [(pair.outgoing.start_frame, pair.incoming.start_frame) for pair in found] == [
        (100, 200),
        (0, 20),
        (0, 40),
    ]
    assert len(best_pairs([_seen()], 1)) == 1


def test_without_a_pair_there_is_no_sheet() -> None:
    with pytest.raises(ValueError, match="a pair"):
        sheet([_seen()], [])


def test_a_film_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film = tmp_path / "film.jpg"
    film.write_bytes(b"film")

    assert main([str(film), "--out", str(film)]) == 1
    assert film.read_bytes() == b"film"
    assert "film.jpg" in capsys.readouterr().err
