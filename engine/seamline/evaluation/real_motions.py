"""Motion at the edges of real shots, judged by eye, and what of it the finder of match cuts sees.

    python -m seamline.evaluation.real_motions FOLDER
    python -m seamline.evaluation.real_motions FOLDER --list HELD_OUT.csv

FOLDER holds the clips that the list names, at any depth. The list has frames and verdicts, and no footage: of each edge
which way the picture's content goes because the camera moves, and which way the one main subject goes against the
ground, each in one of eight directions and three classes of speed. `real_motions.csv` was in view while motion was
being measured better; `real_motions_held_out.csv` was judged when that was done.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_edges import edge_of_frame
from seamline.analysis.match_features import PAIR_FEATURES, PairComparer
from seamline.analysis.match_ranker import shipped_ranker
from seamline.analysis.match_tables import EdgeTable, ShotEdges
from seamline.errors import ExchangeError, ProjectError, SeamlineError
from seamline.evaluation.match_metrics import chance_ranking, ranking, ranking_table
from seamline.evaluation.real_shots import RealShot, find_clips
from seamline.exchange.csv_rows import has_columns, read_rows
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress, Progress

LIST = Path(__file__).with_name("real_motions.csv")
WAYS = ("E", "SE", "S", "SW", "W", "NW", "N", "NE")
"""Right, and on clockwise, an eighth of a turn each."""
NO_WAY = ("none", "in", "out", "near", "far", "many", "turn", "shake", "?")
SLOW, MEDIUM, FAST = 1, 2, 3
"""Below .1, to .4, and more widths of the picture a second."""
NOT_SEEN, SEEN, FOLLOWED = range(3)
"""Of a subject's motion: none or unclear; seen by who looks; what the eye follows at once."""
MATCH, LIKE_MATCH, NO_MATCH, UNSURE = 2, 1, 0, -1

KS = (20, 50)
_COLUMNS = (
    "clip",
    "start_frame",
    "end_frame",
    "side",
    "frame",
    "look",
    "camera",
    "camera_speed",
    "subject",
    "subject_speed",
    "clear",
)
_LEAST_SPEED, _LEAST_SURE, _LEAST_SHARE = 0.03, 0.3, 0.35
"""Widths a second, of a thing how sure it is, and of a camera its share: below, none was seen."""
_RIGHT = 1.01 * math.pi / 4
"""Of a circle: the next of the eight directions is still right, as those between two were put to one."""

HOW = (
    "By eye, from stills .1 s apart over .3 to .4 s at the edge, as strips in an order by lot; no measure was shown.",
)


@dataclass(frozen=True, slots=True)
class SeenMotion:
    """What goes where, by eye: a `way` is one of WAYS or NO_WAY, a speed 0 to FAST. Raises ProjectError otherwise."""

    camera: str
    camera_speed: int
    subject: str
    subject_speed: int
    clear: int

    def __post_init__(self) -> None:
        ways = {self.camera, self.subject} <= {*WAYS, *NO_WAY}
        if not ways or not {self.camera_speed, self.subject_speed} <= set(range(FAST + 1)):
            raise ProjectError("a motion needs one of the known ways, and speeds from 0 to 3")
        if self.clear not in (NOT_SEEN, SEEN, FOLLOWED):
            raise ProjectError(f"a motion is clear by 0, 1 or 2, not {self.clear}")

    @property
    def thing(self) -> tuple[int, int] | None:
        """Direction and speed of the subject, if it has one direction that is seen."""
        if self.subject in WAYS and self.clear and self.subject_speed:
            return WAYS.index(self.subject), self.subject_speed
        return None


@dataclass(frozen=True, slots=True)
class RealEdge:
    """The edge at `frame` of the shot [start_frame, end_frame) of the file named `clip`: its head, where it begins, or
    its tail; `looks` are one or two people's. Raises ProjectError where that cannot be."""

    clip: str
    start_frame: int
    end_frame: int
    is_head: bool
    frame: int
    looks: tuple[SeenMotion, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.start_frame <= self.frame < self.end_frame:
            raise ProjectError(f"frame {self.frame} does not lie in its shot")


def read_real_motions(path: Path = LIST) -> tuple[RealEdge, ...]:
    """The edges of a list with those columns, a line each look. Raises ExchangeError, as `read_rows`."""
    looks: dict[tuple[str, int, int, bool, int], list[SeenMotion]] = defaultdict(list)
    for key, look in read_rows(path, has_columns(path, _COLUMNS), _look):
        looks[key].append(look)
    return tuple(RealEdge(*key, tuple(seen)) for key, seen in looks.items())


def _look(
    row: Mapping[str, str | None], path: Path, line: int
) -> tuple[tuple[str, int, int, bool, int], SeenMotion]:
    value = {column: row[column] or "" for column in _COLUMNS}
    try:
        if not value["clip"] or value["side"] not in ("head", "tail"):
            raise ProjectError("an edge needs the name of its clip, and is a head or a tail")
        start, end, frame = (int(value[name]) for name in ("start_frame", "end_frame", "frame"))
        seen = SeenMotion(
            value["camera"],
            int(value["camera_speed"]),
            value["subject"],
            int(value["subject_speed"]),
            int(value["clear"]),
        )
        RealEdge(value["clip"], start, end, True, frame, ())
    except (ProjectError, ValueError) as error:
        raise ExchangeError(f"“{path}”, line {line}: {error}. Correct that line.") from error
    return (value["clip"], start, end, value["side"] == "head", frame), seen


def truth_of(out: SeenMotion, into: SeenMotion) -> int:
    """MATCH where the eye is led on: both subjects go the same way in the same class of speed and are followed at once,
    or neither shot has one and the cameras go alike, one of them faster than slowly. LIKE_MATCH where a subject has to
    be looked for. UNSURE of the next direction or class, and of a thing and a camera."""
    one, other = out.thing, into.thing
    if one and other:
        match = MATCH if out.clear == into.clear == FOLLOWED else LIKE_MATCH
        return _alike(one, other, match)
    if "?" in (out.subject, into.subject):
        return UNSURE
    lost = {"many", "turn", "near", "far"} & {out.subject, into.subject}
    if lost:
        return NO_MATCH if out.subject != into.subject or out.subject == "turn" else UNSURE
    if bool(one) != bool(other):
        return UNSURE if (into.camera if one else out.camera) not in ("none", "shake", "?") else NO_MATCH
    if max(out.camera_speed, into.camera_speed) < MEDIUM or min(out.camera_speed, into.camera_speed) < SLOW:
        return NO_MATCH
    if out.camera in WAYS and into.camera in WAYS:
        first = WAYS.index(out.camera), out.camera_speed
        return _alike(first, (WAYS.index(into.camera), into.camera_speed), MATCH)
    if out.camera != into.camera or out.camera not in ("in", "out"):
        return NO_MATCH
    return MATCH if out.camera_speed == into.camera_speed else UNSURE


def _alike(one: tuple[int, int], other: tuple[int, int], match: int) -> int:
    turned = (one[0] - other[0]) % len(WAYS)
    turned, apart = min(turned, len(WAYS) - turned), abs(one[1] - other[1])
    if not turned and not apart:
        return match
    return UNSURE if turned <= 1 and apart <= 1 else NO_MATCH


@dataclass(frozen=True, slots=True, eq=False)
class LookedAt:
    """The `edges` of the clips at hand, with what the finder knows of them: a table's row each."""

    edges: tuple[RealEdge, ...]
    table: EdgeTable


def looked_at(edges: Sequence[RealEdge], paths: Mapping[str, Path], progress: Progress) -> LookedAt:
    """Those of the edges whose clips are in `paths`, by name. Raises SeamlineError or Cancelled; ValueError where there
    is none."""
    at_hand = tuple(edge for edge in edges if edge.clip in paths)
    films = {name: open_film(paths[name]) for name in {edge.clip for edge in at_hand}}
    tables = []
    for done, edge in enumerate(at_hand):
        progress.step(done, len(at_hand))
        film, shot = films[edge.clip], (edge.start_frame, edge.end_frame)
        if edge.end_frame > film.frame_count:
            raise ExchangeError(
                f"“{edge.clip}” has no frame {edge.end_frame - 1}: this is not the file that was judged."
            )
        found = edge_of_frame(film, edge.frame, shot, None, progress=CancellableProgress())
        tables.append(found.heads if edge.is_head else found.tails)
    return LookedAt(at_hand, EdgeTable.joined(tables))


def report(looked: LookedAt) -> str:
    """All figures as text, without a line end at its end."""
    return "\n".join(_lines(looked))


def _lines(looked: LookedAt) -> Iterator[str]:
    clips = sorted({edge.clip for edge in looked.edges})
    yield f"{len(looked.edges)} edges of {len(clips)} clips"
    yield from HOW
    yield from _agreement(looked.edges)
    yield f"{'seen by eye':34}{'edges':>7}{'right':>7}{'wrong':>7}{'none':>7}"
    for name, counts in _directions(looked):
        yield f"{name:34}{sum(counts):7}" + "".join(f"{count:7}" for count in counts)
    truth, features = _pairs(looked)
    some = truth != UNSURE
    _, motion, _ = shipped_ranker().scores(features)
    scores = {"motion score": motion} | {
        name: features[:, PAIR_FEATURES.index(name)]
        for name in ("travel", "going", "camera", "flow", "inner_flow")
    }
    for least, said in ((MATCH, "clear matches"), (LIKE_MATCH, "clear and lesser ones")):
        right = truth[some] >= least
        yield f"pairs: {said}, {int(right.sum())} of {len(right)}"
        if right.any():
            found = [ranking(name, values[some], right, KS) for name, values in scores.items()]
            yield ranking_table([*found, chance_ranking(right, KS)])


def _agreement(edges: Sequence[RealEdge]) -> Iterator[str]:
    twice = [edge.looks for edge in edges if len(edge.looks) > 1]
    if not twice:
        return
    things = [(a.thing, b.thing) for a, b in twice if a.thing and b.thing]
    near = sum(_alike(a, b, MATCH) != NO_MATCH for a, b in things)
    one_sided = sum(bool(a.thing) != bool(b.thing) for a, b in twice)
    yield (
        f"two looks: {len(twice)} edges; both saw a subject go somewhere in {len(things)}, nearly alike in {near}; "
        f"one of two in {one_sided}; the same of the camera in {sum(a.camera == b.camera for a, b in twice)}"
    )


def _directions(looked: LookedAt) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """How many were told rightly, wrongly and not at all."""
    things, cameras = looked.table.thing, looked.table.camera
    told = np.hypot(things[:, 0], things[:, 1]) >= _LEAST_SPEED
    told &= things[:, 2] >= _LEAST_SURE
    moves = (np.hypot(cameras[:, 0], cameras[:, 1]) >= _LEAST_SPEED) & (cameras[:, 3] >= _LEAST_SHARE)
    seen = [edge.looks[0] for edge in looked.edges]
    for clear, name in ((FOLLOWED, "a subject that the eye follows"), (SEEN, "a subject for who looks")):
        of = [place for place, look in enumerate(seen) if look.thing and look.clear == clear]
        yield name, _counted(of, [seen[place].subject for place in of], things, told)
    for speed, name in ((FAST, "a fast camera"), (MEDIUM, "a medium camera"), (SLOW, "a slow camera")):
        of = [place for place, look in enumerate(seen) if look.camera in WAYS and look.camera_speed == speed]
        yield name, _counted(of, [seen[place].camera for place in of], cameras, moves)
    still = [place for place, look in enumerate(seen) if look.subject == "none"]
    yield "no subject that moves", (int((~told[still]).sum()), int(told[still].sum()), 0)
    still = [place for place, look in enumerate(seen) if look.camera == "none"]
    yield "a camera that stands", (int((~moves[still]).sum()), int(moves[still].sum()), 0)


def _counted(
    places: Sequence[int], ways: Sequence[str], rows: NDArray[np.float32], told: NDArray[np.bool_]
) -> tuple[int, int, int]:
    right = wrong = none = 0
    for place, way in zip(places, ways, strict=True):
        if not told[place]:
            none += 1
            continue
        turned = math.atan2(float(rows[place, 1]), float(rows[place, 0])) - WAYS.index(way) * math.pi / 4
        if abs(math.remainder(turned, 2 * math.pi)) <= _RIGHT:
            right += 1
        else:
            wrong += 1
    return right, wrong, none


def _pairs(looked: LookedAt) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The truth, int64[n], and the features of every tail with every head of another shot."""
    edges = looked.edges
    found = [
        (out, into, truth_of(tail.looks[0], head.looks[0]))
        for out, tail in enumerate(edges)
        for into, head in enumerate(edges)
        if not tail.is_head
        and head.is_head
        and (tail.clip, tail.start_frame) != (head.clip, head.start_frame)
    ]
    out, into, truth = np.array(found, np.int64).reshape(-1, 3).T
    shots = np.array([(edge.start_frame, edge.end_frame) for edge in edges], np.int64)
    both = ShotEdges("", shots, looked.table, looked.table)
    return truth, PairComparer(both, both).features(out, into)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; exit code 0, or 1 where it failed."""
    parser = argparse.ArgumentParser(
        prog="python -m seamline.evaluation.real_motions",
        description="Tells how the motion that people saw at edges of real shots is told by the finder of match cuts.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the clips are")
    parser.add_argument("--list", type=Path, default=LIST, metavar="FILE.csv", help="other edges than ours")
    chosen = parser.parse_args(arguments)
    try:
        edges = read_real_motions(chosen.list)
        named = {RealShot(edge.clip, 0, 1) for edge in edges}
        paths = find_clips(chosen.folder, named)
        if not paths:
            raise ExchangeError(
                f"None of the clips is in “{chosen.folder}”: name the folder that holds them."
            )
        looked = looked_at(edges, paths, CancellableProgress())
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if missing := sorted({shot.clip for shot in named} - set(paths)):
        sys.stdout.write(f"Left out, as not in “{chosen.folder}”: the edges of {', '.join(missing)}\n")
    sys.stdout.write(report(looked) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
