"""Edits as JSON records, and back; what is read back is checked, not trusted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from seamline.errors import ProjectError
from seamline.project.edits import AddSeam, ConfirmSeam, DeleteSeam, Edit, MoveSeam, SetFilmDetails
from seamline.project.types import Origin, Seam, SeamKind

_EDITS: dict[str, type[AddSeam | ConfirmSeam | DeleteSeam | MoveSeam | SetFilmDetails]] = {
    kind.__name__: kind for kind in (AddSeam, ConfirmSeam, DeleteSeam, MoveSeam, SetFilmDetails)
}


def record_of(edit: Edit) -> dict[str, Any]:
    """The record of `edit`, in JSON's types. Raises ProjectError for a kind of edit that has none."""
    if not isinstance(edit, AddSeam | ConfirmSeam | DeleteSeam | MoveSeam | SetFilmDetails):
        raise ProjectError(f"A step of the kind {type(edit).__name__} cannot be stored.")
    return {"do": type(edit).__name__, **asdict(edit)}


def edit_of(record: dict[str, Any]) -> Edit:
    """The edit that a stored line names. Raises KeyError, TypeError, ValueError or ProjectError if it is none."""
    fields = dict(record)
    kind = _EDITS[fields.pop("do")]
    if kind is SetFilmDetails:
        reel, start, drop = fields["reel"], fields["start_frame"], fields["drop_frame"]
        if not (
            (reel is None or isinstance(reel, str))
            and (start is None or type(start) is int)
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


def _seam_of(fields: dict[str, Any]) -> Seam:
    return Seam(
        _whole(fields["out_frame"]),
        _whole(fields["in_frame"]),
        SeamKind(fields["kind"]),
        float(fields["confidence"]),
        Origin(fields["origin"]),
        str(fields["id"]),
    )


def _whole(value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is not a frame number")
    return value
