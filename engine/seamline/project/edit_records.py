"""Edits as JSON records, and back; what is read back is checked, not trusted."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict
from typing import Any

from seamline.errors import ProjectError
from seamline.project.edits import (
    IMPORT_NAME,
    AddSeam,
    ChangeKind,
    ConfirmSeam,
    DeleteSeam,
    Edit,
    MoveSeam,
    SeamEdit,
    SeamSteps,
    SetFilmDetails,
    SetShotNotes,
    SetThreshold,
)
from seamline.project.labels import Movement, ShotScale
from seamline.project.match_edits import JudgeMatch
from seamline.project.stored_matches import judged_of_record, record_of_judged
from seamline.project.texts import MAX_COMMENT_CHARS, is_unicode
from seamline.project.types import (
    LEAST_THRESHOLD,
    MOST_THRESHOLD,
    Origin,
    Seam,
    SeamKind,
    ShotColour,
    ShotNote,
)

MAX_RECORD_CHARS = 4096
MAX_STEPS = 10_000
_MAX_STEPS_CHARS = 4 * 2**20
_MAX_NAME_CHARS = 256
_MAX_START_FRAME = 1 << 31
_SINGLE = (AddSeam, ChangeKind, ConfirmSeam, DeleteSeam, MoveSeam, SetFilmDetails, SetThreshold)
_EDITS = {kind.__name__: kind for kind in _SINGLE}
# what files of the first version call steps that a cut list gave
_OLD_STEPS = "ImportSeams"
_MANY = ("SeamSteps", "SetShotNotes", _OLD_STEPS)
_JUDGE = JudgeMatch.__name__
_MAX_JUDGE_CHARS = 2**17
"""A note, a reason and two paths, where every character is written as its number: it was, and controls are."""
# what breaks a menu's line, or turns it about: LRM, RLM, ALM, embeddings, overrides and isolates
_NO_LABEL = frozenset("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def text_of(edit: Edit) -> str:
    """The record of `edit` as it is stored. Raises ProjectError for one that could not be read back."""
    # of what is said of match cuts, each text is checked to be such; elsewhere an escaped half of a character passes
    text = json.dumps(record_of(edit), ensure_ascii=not isinstance(edit, JudgeMatch))
    if len(text) > most_chars(text):
        raise ProjectError(
            "The step is too long to be stored: do it in parts, on fewer seams or shots at once."
        )
    return text


def record_of(edit: Edit) -> dict[str, Any]:
    """The record of `edit`, in JSON's types. Raises ProjectError for one that cannot be stored."""
    if isinstance(edit, SeamSteps):
        if len(edit.steps) > MAX_STEPS:
            raise ProjectError(
                f"These are {len(edit.steps)} changes of seams: at most {MAX_STEPS} can be made in one step."
            )
        _check_label(edit.name)
        return {"do": "SeamSteps", "name": edit.name, "steps": [record_of(step) for step in edit.steps]}
    if isinstance(edit, SetShotNotes):
        _check_notes(edit.notes)
        _check_label(edit.name)
        return {"do": "SetShotNotes", "name": edit.name, "notes": [asdict(note) for note in edit.notes]}
    if isinstance(edit, JudgeMatch):
        _check_label(edit.name)
        return {"do": _JUDGE, "name": edit.name, **record_of_judged(edit.judged, edit.films)}
    if not isinstance(edit, _SINGLE):
        raise ProjectError(f"A step of the kind {type(edit).__name__} cannot be stored.")
    if isinstance(edit, SetFilmDetails) and edit.reel is not None and not _is_text(edit.reel):
        raise ProjectError(
            f"A reel name is text of at most {_MAX_NAME_CHARS} characters: choose a shorter or a simpler one."
        )
    return {"do": type(edit).__name__, **asdict(edit)}


def edit_of(record: dict[str, Any]) -> Edit:
    """The edit that a stored record names. Raises KeyError, TypeError, ValueError, OverflowError or ProjectError."""
    fields = dict(record)
    if fields["do"] in ("SeamSteps", _OLD_STEPS):
        return SeamSteps(_steps_of(fields["steps"]), _label(fields.get("name", IMPORT_NAME)))
    if fields["do"] == "SetShotNotes":
        return SetShotNotes(_notes_of(fields["notes"]), _label(fields["name"]))
    if fields["do"] == _JUDGE:
        judged, films = judged_of_record(fields)
        return JudgeMatch(judged, _label(fields["name"]), films)
    kind = _EDITS[fields.pop("do")]
    if kind is SetFilmDetails:
        reel, start, drop = fields["reel"], fields["start_frame"], fields["drop_frame"]
        if not (
            (reel is None or _is_text(reel))
            and (start is None or 0 <= _whole(start) <= _MAX_START_FRAME)
            and (drop is None or isinstance(drop, bool))
        ):
            raise ValueError("film details of the wrong type")
        return SetFilmDetails(reel, start, drop)
    if kind is SetThreshold:
        threshold = _share(fields["threshold"])
        if not LEAST_THRESHOLD <= threshold <= MOST_THRESHOLD:
            raise ValueError("a threshold out of its range")
        return SetThreshold(threshold)
    seam = _seam_of(fields["seam"])
    if kind is MoveSeam:
        return MoveSeam(seam, _whole(fields["out_frame"]), _whole(fields["in_frame"]))
    if kind is ChangeKind:
        frames = _whole(fields["out_frame"]), _whole(fields["in_frame"])
        return ChangeKind(seam, SeamKind(fields["kind"]), *frames)
    if kind is AddSeam:
        return AddSeam(seam)
    return ConfirmSeam(seam) if kind is ConfirmSeam else DeleteSeam(seam)


def most_chars(record: object) -> int:
    """How long this record may be, by how it begins."""
    if not isinstance(record, str):
        return MAX_RECORD_CHARS
    if record.startswith(f'{{"do": "{_JUDGE}"'):
        return _MAX_JUDGE_CHARS
    is_many = record.startswith(tuple(f'{{"do": "{kind}"' for kind in _MANY))
    return _MAX_STEPS_CHARS if is_many else MAX_RECORD_CHARS


def _steps_of(records: object) -> tuple[SeamEdit, ...]:
    if not isinstance(records, list) or len(records) > MAX_STEPS:
        raise ValueError("no list of steps, or too many")
    steps: list[SeamEdit] = []
    for record in records:
        if record["do"] in _MANY:
            raise ValueError("steps within a step")
        step = edit_of(record)
        if not isinstance(step, SeamEdit):
            raise ValueError("a step that is about no seam")
        steps.append(step)
    return tuple(steps)


def _notes_of(records: object) -> tuple[ShotNote, ...]:
    if not isinstance(records, list) or len(records) > MAX_STEPS:
        raise ValueError("no list of notes, or too many")
    notes = []
    for record in records:
        colour = record["colour"]
        scale, movement = record.get("scale"), record.get("movement")  # the first two versions had none
        if not (_is_text(record["name"]) and _is_text(record["comment"], MAX_COMMENT_CHARS)):
            raise ValueError("a note is text")
        notes.append(
            ShotNote(
                _whole(record["frame"]),
                record["name"],
                record["comment"],
                None if colour is None else ShotColour(colour),
                None if scale is None else ShotScale(scale),
                None if movement is None else Movement(movement),
            )
        )
    return tuple(notes)


def _check_notes(notes: tuple[ShotNote, ...]) -> None:
    if len(notes) > MAX_STEPS:
        raise ProjectError(
            f"These are notes on {len(notes)} shots: at most {MAX_STEPS} can be changed in one step."
        )
    for note in notes:
        for text, most, what in (
            (note.name, _MAX_NAME_CHARS, "A shot's name"),
            (note.comment, MAX_COMMENT_CHARS, "A comment"),
        ):
            if len(text) > most:
                raise ProjectError(f"{what} has at most {most} characters: shorten it.")
            if not _is_text(text, most):
                raise ProjectError(
                    f"{what} cannot have a zero character or half a one, as broken text has: type it anew."
                )
    if sum(len(json.dumps([note.name, note.comment])) + 100 for note in notes) > _MAX_STEPS_CHARS:
        raise ProjectError("This is too much text for one step: write it to fewer shots at once.")


def _check_label(name: str) -> None:
    if not _is_label(name):
        raise ProjectError(
            f"A step's name is one line of at most {_MAX_NAME_CHARS} characters: choose another one."
        )


def _seam_of(fields: dict[str, Any]) -> Seam:
    return Seam(
        _whole(fields["out_frame"]),
        _whole(fields["in_frame"]),
        SeamKind(fields["kind"]),
        _share(fields["confidence"]),
        Origin(fields["origin"]),
        _name(fields["id"]),
    )


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is not a confidence")
    return float(value)


def _name(value: object) -> str:
    if not isinstance(value, str) or not value or not _is_text(value):
        raise ValueError("a name has some characters")
    return value


def _label(value: object) -> str:
    """The name of a step, which stands in menus and lists."""
    name = _name(value)
    if not _is_label(name):
        raise ValueError("a step's name is one line")
    return name


def _is_label(name: str) -> bool:
    return (
        bool(name)
        and _is_text(name)
        and not any(char in _NO_LABEL or unicodedata.category(char) == "Cc" for char in name)
    )


def _is_text(value: object, most_chars: int = _MAX_NAME_CHARS) -> bool:
    """Whether it is text that can be written anywhere; JSON can also say half a character, and a zero byte."""
    return isinstance(value, str) and len(value) <= most_chars and "\0" not in value and is_unicode(value)


def _whole(value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is not a frame number")
    return value
