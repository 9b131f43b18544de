"""Edits as JSON records, and back; what is read back is checked, not trusted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from seamline.errors import ProjectError
from seamline.project.edits import (
    AddSeam,
    ConfirmSeam,
    DeleteSeam,
    Edit,
    ImportSeams,
    MoveSeam,
    SeamEdit,
    SetFilmDetails,
)
from seamline.project.types import Origin, Seam, SeamKind

MAX_RECORD_CHARS = 4096
MAX_IMPORTED = 10_000
_MAX_IMPORT_CHARS = 4 * 2**20
_MAX_NAME_CHARS = 256
_MAX_START_FRAME = 1 << 31
_EDITS: dict[str, type[AddSeam | ConfirmSeam | DeleteSeam | MoveSeam | SetFilmDetails]] = {
    kind.__name__: kind for kind in (AddSeam, ConfirmSeam, DeleteSeam, MoveSeam, SetFilmDetails)
}


def record_of(edit: Edit) -> dict[str, Any]:
    """The record of `edit`, in JSON's types. Raises ProjectError for a kind of edit that has none."""
    if isinstance(edit, ImportSeams):
        if len(edit.steps) > MAX_IMPORTED:
            raise ProjectError(
                f"The list has {len(edit.steps)} cuts that are new here: at most {MAX_IMPORTED} are imported at once."
            )
        return {"do": "ImportSeams", "steps": [record_of(step) for step in edit.steps]}
    if not isinstance(edit, AddSeam | ConfirmSeam | DeleteSeam | MoveSeam | SetFilmDetails):
        raise ProjectError(f"A step of the kind {type(edit).__name__} cannot be stored.")
    if isinstance(edit, SetFilmDetails) and edit.reel is not None and not _is_name(edit.reel):
        raise ProjectError(
            f"A reel name is text of at most {_MAX_NAME_CHARS} characters: choose a shorter or a simpler one."
        )
    return {"do": type(edit).__name__, **asdict(edit)}


def edit_of(record: dict[str, Any]) -> Edit:
    """The edit that a stored record names. Raises KeyError, TypeError, ValueError, OverflowError or ProjectError."""
    fields = dict(record)
    if fields["do"] == "ImportSeams":
        return _import_of(fields["steps"])
    kind = _EDITS[fields.pop("do")]
    if kind is SetFilmDetails:
        reel, start, drop = fields["reel"], fields["start_frame"], fields["drop_frame"]
        if not (
            (reel is None or _is_name(reel))
            and (start is None or 0 <= _whole(start) <= _MAX_START_FRAME)
            and (drop is None or isinstance(drop, bool))
        ):
            raise ValueError("film details of the wrong type")
        return SetFilmDetails(reel, start, drop)
    seam = _seam_of(fields["seam"])
    if kind is MoveSeam:
        return MoveSeam(seam, _whole(fields["out_frame"]), _whole(fields["in_frame"]))
    if kind is AddSeam:
        return AddSeam(seam)
    return ConfirmSeam(seam) if kind is ConfirmSeam else DeleteSeam(seam)


def most_chars(record: object) -> int:
    """How long this record may be, by how it begins."""
    is_import = isinstance(record, str) and record.startswith('{"do": "ImportSeams"')
    return _MAX_IMPORT_CHARS if is_import else MAX_RECORD_CHARS


def _import_of(records: object) -> ImportSeams:
    if not isinstance(records, list) or len(records) > MAX_IMPORTED:
        raise ValueError("no list of steps, or too many")
    steps: list[SeamEdit] = []
    for record in records:
        if record["do"] == "ImportSeams":
            raise ValueError("an import within an import")
        step = edit_of(record)
        if not isinstance(step, SeamEdit):
            raise ValueError("a step that is about no seam")
        steps.append(step)
    return ImportSeams(tuple(steps))


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
    if not isinstance(value, str) or not value or not _is_name(value):
        raise ValueError("a seam has a name of some characters")
    return value


def _is_name(value: object) -> bool:
    """Whether it is text that can be written anywhere; JSON can also say half a character."""
    return isinstance(value, str) and len(value) <= _MAX_NAME_CHARS and _is_unicode(value)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _whole(value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is not a frame number")
    return value
