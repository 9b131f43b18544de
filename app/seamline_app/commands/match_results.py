"""Pairs of shots as text, as a table of comma-separated values, or as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

from seamline.exchange.csv_list import guarded
from seamline.exchange.film_facts import shown_text
from seamline.project.match_cuts import JudgedPair, MatchSide, Verdict
from seamline.project.types import Project

_OF_A_SIDE = ("film", "shot", "start_frame", "end_frame", "frame", "timecode")
COLUMNS = (
    "rank",
    *(f"out_{name}" for name in _OF_A_SIDE),
    *(f"in_{name}" for name in _OF_A_SIDE),
    "kind", "score", "frame_score", "motion_score", "siamese_score", "reason", "verdict", "note",
)  # fmt: skip


def as_text(found: Sequence[JudgedPair], projects: Mapping[str, Project]) -> str:
    """In columns, for people; nothing for none."""
    if not found:
        return ""
    with_films = len(projects) > 1
    rows = [("#", "out of", "at", "into", "at", "score", "kind", "why")]
    for rank, judged in enumerate(found, 1):
        pair = judged.pair
        sides = [
            (_shot_name(side, project, with_films), project.timecode(side.frame))
            for side in (pair.outgoing, pair.incoming)
            for project in (projects[side.fingerprint],)
        ]
        said = {Verdict.KEPT: " (kept)", Verdict.REJECTED: " (rejected)"}.get(judged.verdict, "")
        said += f" – {shown_text(judged.note)}" if judged.note else ""
        (out_shot, out_at), (in_shot, in_at) = sides
        rows.append(
            (
                str(rank), out_shot, out_at, in_shot, in_at, f"{pair.score_01:.2f}", str(pair.kind),
                f"{shown_text(pair.reason)}{said}",
            )
        )  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = (
        "  ".join(
            cell.rjust(width) if column in (0, 5) else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def as_csv(found: Sequence[JudgedPair], projects: Mapping[str, Project]) -> str:
    """A row a pair: the columns of the outgoing shot, of the incoming one, and what is said of both."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for rank, judged in enumerate(found, 1):
        sides = [
            value
            for side in (judged.pair.outgoing, judged.pair.incoming)
            for value in _side(side, projects).values()
        ]
        writer.writerow(
            guarded(value) if isinstance(value, str) else value
            for value in (rank, *sides, *_facts(judged).values())
        )
    return text.getvalue()


def as_json(found: Sequence[JudgedPair], projects: Mapping[str, Project]) -> str:
    """Frames count from 0; shots are [start_frame, end_frame); `frame` is the last one shown of the outgoing shot, the
    first one of the incoming shot. `shot` is null where the shot is none any more."""
    pairs = [
        {
            "rank": rank,
            "outgoing": _side(judged.pair.outgoing, projects),
            "incoming": _side(judged.pair.incoming, projects),
            **_facts(judged),
        }
        for rank, judged in enumerate(found, 1)
    ]
    return json.dumps({"pairs": pairs}, indent=2, ensure_ascii=False) + "\n"


def _facts(judged: JudgedPair) -> dict[str, object]:
    pair = judged.pair
    return {
        "kind": str(pair.kind),
        "score": round(pair.score_01, 6),
        "frame_score": round(pair.frame_01, 6),
        "motion_score": round(pair.motion_01, 6),
        "siamese_score": round(pair.siamese_01, 6),
        "reason": pair.reason,
        "verdict": str(judged.verdict),
        "note": judged.note,
    }


def _side(side: MatchSide, projects: Mapping[str, Project]) -> dict[str, object]:
    project = projects[side.fingerprint]
    return {
        "film": shown_text(project.film.path.name),
        "shot": _shot_number(side, project),
        "start_frame": side.start_frame,
        "end_frame": side.end_frame,
        "frame": side.frame,
        "timecode": project.timecode(side.frame),
    }


def _shot_number(side: MatchSide, project: Project) -> int | None:
    """None where the shot is none any more."""
    return next((shot.number for shot in project.shots if shot.range == side.range), None)


def _shot_name(side: MatchSide, project: Project, with_film: bool) -> str:
    number = _shot_number(side, project)
    name = "a shot of before" if number is None else f"shot {number}"
    return f"{shown_text(project.film.path.name)}, {name}" if with_film else name
