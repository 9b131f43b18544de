"""Motion judged by eye at real edges: what the list may say, what matches follow from it, and what is reported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.match_tables import EdgeTable
from seamline.errors import ExchangeError, ProjectError
from seamline.evaluation.real_motions import (
    FOLLOWED,
    LIKE_MATCH,
    LIST,
    MATCH,
    NO_MATCH,
    UNSURE,
    WAYS,
    LookedAt,
    RealEdge,
    SeenMotion,
    main,
    read_real_motions,
    report,
    truth_of,
)

if TYPE_CHECKING:
    from tests.films import FilmShelf

HEAD = "clip,start_frame,end_frame,side,frame,look,camera,camera_speed,subject,subject_speed,clear\n"


def thing(way: str, speed: int = 2, clear: int = FOLLOWED, camera: str = "none") -> SeenMotion:
    return SeenMotion(camera, 0 if camera == "none" else 2, way, speed, clear)


def camera(way: str, speed: int = 2) -> SeenMotion:
    return SeenMotion(way, speed, "none", 0, 0)


STILL = SeenMotion("none", 0, "none", 0, 0)


def test_the_lists_that_ship_can_be_read_and_name_each_edge_once() -> None:
    edges = read_real_motions()
    assert {len(edge.looks) for edge in edges} == {1, 2}
    assert {edge.looks[0].subject for edge in edges} >= set(WAYS)
    held_out = read_real_motions(LIST.with_name("real_motions_held_out.csv"))
    both = [*edges, *held_out]
    assert len(both) == len({(edge.clip, edge.frame, edge.is_head) for edge in both}) == 346 + 96


@pytest.mark.parametrize(
    ("out", "into", "truth"),
    [
        (thing("E"), thing("E"), MATCH),
        (thing("E", camera="W"), thing("E"), MATCH),  # one is followed by the camera
        (thing("E"), thing("E", clear=1), LIKE_MATCH),
        (thing("E"), thing("NE"), UNSURE),
        (thing("E", 3), thing("E", 2), UNSURE),
        (thing("E", 3), thing("E", 1), NO_MATCH),
        (thing("E"), thing("W"), NO_MATCH),
        (thing("E"), thing("S"), NO_MATCH),
        (thing("N"), thing("NE", 3), UNSURE),
        (thing("E"), STILL, NO_MATCH),
        (thing("E"), camera("E"), UNSURE),
        (thing("E"), thing("many"), NO_MATCH),
        (thing("turn"), thing("turn"), NO_MATCH),
        (thing("many"), thing("many"), UNSURE),
        (thing("E"), thing("?", 0, 0), UNSURE),
        (camera("W"), camera("W"), MATCH),
        (camera("W", 1), camera("W", 1), NO_MATCH),  # hardly seen
        (camera("W", 1), camera("W", 2), UNSURE),
        (camera("W"), camera("E"), NO_MATCH),
        (camera("in"), camera("in"), MATCH),
        (camera("in"), camera("out"), NO_MATCH),
        (camera("in"), camera("W"), NO_MATCH),
        (STILL, STILL, NO_MATCH),
        (STILL, camera("W"), NO_MATCH),
    ],
)
def test_what_matches_follows_from_what_is_seen_either_way_round(
    out: SeenMotion, into: SeenMotion, truth: int
) -> None:
    assert truth_of(out, into) == truth_of(into, out) == truth


@pytest.mark.parametrize("wrong", [{"camera": "up"}, {"subject_speed": 4}, {"clear": 3}])
def test_what_no_eye_can_see_is_refused(wrong: dict[str, str | int]) -> None:
    right: dict[str, str | int] = {
        "camera": "none",
        "camera_speed": 0,
        "subject": "E",
        "subject_speed": 2,
        "clear": 2,
    }
    SeenMotion(**right)  # type: ignore[arg-type]
    with pytest.raises(ProjectError):
        SeenMotion(**right | wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "line",
    [
        "a.mp4,0,50,middle,10,1,none,0,E,2,2",
        "a.mp4,0,50,head,50,1,none,0,E,2,2",
        "a.mp4,0,50,head,10,1,none,0,E,fast,2",
        ",0,50,head,10,1,none,0,E,2,2",
    ],
)
def test_a_line_that_cannot_be_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"{HEAD}a.mp4,0,50,head,10,1,none,0,E,2,2\n{line}\n")
    with pytest.raises(ExchangeError, match=r"line 3: .*Correct that line"):
        read_real_motions(path)


def table_of(things: list[list[float]], cameras: list[list[float]]) -> EdgeTable:
    """Edges of which nothing is known but their motion."""
    count = len(things)

    def none(width: int) -> NDArray[np.float32]:
        return np.zeros((count, width), np.float32)

    motion = [np.array(rows, np.float32) for rows in (cameras, things)]
    return EdgeTable(
        np.arange(count),
        np.ones(count, np.bool_),
        none(144),
        none(120),
        none(144),
        none(1152),
        none(5),
        none(288),
        *motion,
        none(0),
        none(0),
    )


def test_the_report_counts_what_was_told_rightly_and_ranks_the_pairs() -> None:
    looks = (thing("E", 3), thing("E", 3), thing("S", 3), camera("W"), STILL)
    edges = tuple(
        RealEdge("a.mp4", 100 * place, 100 * place + 50, place % 2 == 1, 100 * place, (look,))
        for place, look in enumerate(looks)
    )
    things = [[0.5, 0.0, 1.0], [0.5, 0.0, 1.0], [0.4, 0.0, 1.0], [0.0, 0.0, 0.0], [0.5, 0.0, 0.1]]
    still, pan = [0.0, 0.0, 0.0, 1.0], [-0.2, 0.0, 0.0, 0.9]
    text = report(LookedAt(edges, table_of(things, [still, still, still, pan, still])))
    counts = {line[:34].strip(): line[34:].split() for line in text.splitlines()}
    assert counts["a subject that the eye follows"] == ["3", "2", "1", "0"]
    assert counts["a medium camera"] == ["1", "1", "0", "0"]
    assert counts["no subject that moves"] == ["2", "2", "0", "0"]
    assert counts["a camera that stands"] == ["4", "4", "0", "0"]
    # tails 0, 2 and 4 with heads 1 and 3: one of them matches, and two cannot be said of
    assert "pairs: clear matches, 1 of 4" in text
    ranked = {line.split()[0]: line.split()[4] for line in text.splitlines() if len(line.split()) == 7}
    assert ranked["travel"] == "1.000"


def test_the_command_looks_at_the_clips_that_are_there(
    films: FilmShelf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = films("mp4")
    path = tmp_path / "list.csv"
    rows = [
        f"{film.path.name},0,25,head,3,1,none,0,E,2,2",
        f"{film.path.name},25,60,tail,55,1,none,0,W,2,2",
        "gone.mp4,0,25,head,3,1,none,0,none,0,0",
    ]
    path.write_text(HEAD + "\n".join(rows) + "\n")
    assert main([str(film.path.parent), "--list", str(path)]) == 0
    said = capsys.readouterr().out
    assert said.startswith(
        f"Left out, as not in “{film.path.parent}”: the edges of gone.mp4\n2 edges of 1 clips"
    )
    line = next(line for line in said.splitlines() if line.startswith("a subject that the eye follows"))
    assert line.split()[-4] == "2"
    assert main([str(tmp_path), "--list", str(path)]) == 1
    assert "None of the clips is in" in capsys.readouterr().err
    path.write_text(f"{HEAD}{film.path.name},0,9999,head,3,1,none,0,E,2,2\n")
    assert main([str(film.path.parent), "--list", str(path)]) == 1
    assert "has no frame 9998" in capsys.readouterr().err
