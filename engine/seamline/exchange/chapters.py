"""The shots as chapters, named as they are: FFmpeg's metadata, WebVTT, and the XML that mkvmerge reads."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from xml.etree import ElementTree

from seamline.exchange.shot_words import words_of
from seamline.media.timebase import FrameIndex
from seamline.project.types import Project, Shot

_MS, _NS = 1_000, 1_000_000_000


@dataclass(frozen=True, slots=True)
class _Chapter:
    """`title` over [start, end), in units of the clock that it is written in."""

    title: str
    start: int
    end: int


def write_ffmetadata(project: Project) -> str:
    """The shots as chapters of an FFmpeg metadata file, in ticks of the film's own clock.

    `ffmpeg -i film -i film.ffmeta -map 0 -map_chapters 1 -c copy out` puts them into a copy of the film. Times
    count from the first frame of the picture. MP4 keeps whole milliseconds of them, Matroska nanoseconds.
    """
    index = project.film.index
    first = int(index.pts[0])

    def ticks(frame: int) -> int:
        return (index.end_pts if frame == len(index) else int(index.pts[frame])) - first

    base = index.time_base
    lines = [";FFMETADATA1"]
    for chapter in _chapters(project, ticks):
        lines += [
            "[CHAPTER]",
            f"TIMEBASE={base.numerator}/{base.denominator}",
            f"START={chapter.start}",
            f"END={chapter.end}",
            # what FFmpeg's parser takes for its own signs; a title has no line break
            "title=" + re.sub(r"([=;#\\])", r"\\\1", chapter.title),
        ]
    return "\n".join(lines) + "\n"


def write_webvtt(project: Project) -> str:
    """The shots as a WebVTT chapter track, for `<track kind="chapters">` of a web page.

    Milliseconds from the first frame to the first one in which each shot is on screen.
    """
    lines = ["WEBVTT", ""]
    for number, chapter in enumerate(_chapters(project, _shown(project, _MS)), 1):
        span = f"{_clock(chapter.start, _MS)} --> {_clock(chapter.end, _MS)}"
        # so that no title can hold an arrow or a tag
        lines += [str(number), span, html.escape(chapter.title, quote=False), ""]
    return "\n".join(lines)


def write_matroska_chapters(project: Project) -> str:
    """The shots as Matroska chapters, for `mkvmerge --chapters` and `mkvpropedit --chapters`.

    Nanoseconds from the film's first frame, not below the exact time.
    """
    root = ElementTree.Element("Chapters")
    edition = ElementTree.SubElement(root, "EditionEntry")
    for chapter in _chapters(project, _shown(project, _NS)):
        atom = ElementTree.SubElement(edition, "ChapterAtom")
        ElementTree.SubElement(atom, "ChapterTimeStart").text = _clock(chapter.start, _NS)
        ElementTree.SubElement(atom, "ChapterTimeEnd").text = _clock(chapter.end, _NS)
        display = ElementTree.SubElement(atom, "ChapterDisplay")
        ElementTree.SubElement(display, "ChapterString").text = chapter.title
        ElementTree.SubElement(display, "ChapterLanguage").text = "eng"
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE Chapters SYSTEM "matroskachapters.dtd">\n{text}\n'
    )


def shown_ms(index: FrameIndex, frame: int) -> int:
    """The first whole millisecond, from the film's first frame, at which `frame` is on screen.

    Rounded up: half of all times rounded to the nearest millisecond would still show the frame before.
    `len(index)` gives the end.
    """
    return _rounded_up(index.time_of(frame) * _MS)


def _shown(project: Project, units_a_second: int) -> Callable[[int], int]:
    index = project.film.index
    return lambda frame: _rounded_up(index.time_of(frame) * units_a_second)


def _rounded_up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def _chapters(project: Project, clock: Callable[[int], int]) -> list[_Chapter]:
    """One a shot; a shot over before the clock's next unit has no chapter, and its neighbours meet there."""
    chapters = (
        _Chapter(_title(project, shot), clock(shot.start_frame), clock(shot.end_frame))
        for shot in project.shots
    )
    return [chapter for chapter in chapters if chapter.start < chapter.end]


def _title(project: Project, shot: Shot) -> str:
    words = words_of(project, shot)
    return f"Shot {shot.number}" if words is None else words.title


def _clock(units: int, units_a_second: int) -> str:
    """`00:00:06.507`, with as many decimals as the unit has."""
    seconds, rest = divmod(units, units_a_second)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}.{rest:0{len(str(units_a_second)) - 1}d}"
