"""Captions and single words that shots are looked for by, and which shots are right for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from seamline.errors import ExchangeError
from seamline.evaluation.real_shots import RealShot
from seamline.exchange.csv_rows import has_columns, read_rows

_COLUMNS = ("clip", "first_frame", "last_frame", "caption")
_NO_SCALE = ("", "NA")
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

KEYWORDS: Final[Mapping[str, str]] = {
    "rabbit": "rabbit",
    "bicycle": "bicycle cyclist",
    "car": "car cars taxi van",
    "boat": "boat",
    "dog": "dog",
    "train": "train railcar railway",
    "tram": "tram railcar",
    "snow": "snow snow-covered snowstorm",
    "horse": "horse rider",
    "basketball": "basketball basket hoop",
    "bottle": "bottle bottles",
    "flower": "flower flowers",
    "forest": "forest wood wooded",
    "meadow": "meadow field plain",
    "sky": "sky",
    "street": "street",
    "robot": "robot",
    "dragon": "dragon",
    "glass": "glass",
    "letter": "letter",
    "title": "title credits logo",
    "table": "table",
    "laboratory": "laboratory",
    "panda": "pandas panda",
    "woman": "woman girl",
    "man": "man",
}
"""A word to look for, and the words of captions, by eye, by which a shot is right for it."""

LEAST_RIGHT: Final = 3
"""A keyword with fewer right shots than places that are looked at is not asked."""


@dataclass(frozen=True, slots=True)
class CaptionQuery:
    """`places`: of the gallery's shots, those that are right, rising. `is_title`: the shot it was written for shows
    a title or a page of writing."""

    text: str
    clip: str
    places: tuple[int, ...]
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class Caption:
    """What somebody wrote of frames [start_frame, end_frame) of a clip; `clip` may be without its suffix."""

    clip: str
    start_frame: int
    end_frame: int
    text: str
    is_title: bool = False


def own_captions(shots: Sequence[RealShot]) -> list[Caption]:
    """Those that stand in the list of shots itself."""
    return [
        Caption(shot.clip, shot.start_frame, shot.end_frame, shot.caption, is_title=shot.scale is None)
        for shot in shots
        if shot.caption
    ]


def read_captions(path: Path) -> tuple[Caption, ...]:
    """The captions of a table with the columns clip, first_frame, last_frame (the shot's last), caption.

    A scale of “NA”, or an empty one, where there is such a column, marks a title. Raises ExchangeError.
    """
    return read_rows(path, has_columns(path, _COLUMNS), _caption)


def caption_queries(captions: Sequence[Caption], shots: Sequence[RealShot]) -> list[CaptionQuery]:
    """A query for each caption whose shot is in the gallery `shots`; several of the same words are one after another.

    Right are the shots that share more than half of the shorter's frames with the caption's, and all that any other
    caption of the very same words is about.
    """
    found = [(caption, _places(caption, shots)) for caption in captions]
    same: dict[str, set[int]] = {}
    for caption, places in found:
        same.setdefault(_folded(caption.text), set()).update(places)
    return [
        CaptionQuery(
            caption.text, shots[places[0]].clip, tuple(sorted(same[_folded(caption.text)])), caption.is_title
        )
        for caption, places in found
        if places
    ]


def keyword_queries(shots: Sequence[RealShot]) -> list[CaptionQuery]:
    """The keywords that at least LEAST_RIGHT of the gallery's shots are right for, by their own captions."""
    worded = [{word.lower() for word in _WORD.findall(shot.caption)} for shot in shots]
    queries = []
    for keyword, words in KEYWORDS.items():
        places = tuple(place for place, own in enumerate(worded) if own & set(words.split()))
        if len(places) >= LEAST_RIGHT:
            queries.append(CaptionQuery(keyword, "", places))
    return queries


def _places(caption: Caption, shots: Sequence[RealShot]) -> tuple[int, ...]:
    return tuple(
        place
        for place, shot in enumerate(shots)
        if caption.clip in (shot.clip, Path(shot.clip).stem) and _is_same(caption, shot)
    )


def _is_same(caption: Caption, shot: RealShot) -> bool:
    shared = min(caption.end_frame, shot.end_frame) - max(caption.start_frame, shot.start_frame)
    return 2 * shared > min(caption.end_frame - caption.start_frame, shot.end_frame - shot.start_frame)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _caption(row: Mapping[str, str | None], path: Path, line: int) -> Caption:
    clip, text = row["clip"] or "", row["caption"] or ""
    try:
        start, end = int(row["first_frame"] or ""), int(row["last_frame"] or "") + 1
    except ValueError as error:
        raise ExchangeError(f"“{path}”, line {line}: frames are whole numbers. Correct that line.") from error
    if not clip or not text or not 0 <= start < end:
        raise ExchangeError(
            f"“{path}”, line {line}: a caption needs a clip, words, and 0 <= first frame <= last frame. Correct that "
            "line."
        )
    return Caption(clip, start, end, text, is_title=(row.get("scale", "-") or "") in _NO_SCALE)
