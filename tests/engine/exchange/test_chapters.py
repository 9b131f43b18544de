"""Chapters in three forms; FFmpeg reads them back from films that they were put into."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import av
import pytest

from seamline.exchange.chapters import shown_ms, write_ffmetadata, write_matroska_chapters, write_webvtt
from seamline.media.film import Film
from seamline.project.types import Project

Span = tuple[int, int]


def clock(text: str, units_a_second: int) -> int:
    hours, minutes, seconds, rest = re.split("[:.]", text)
    assert len(rest) == len(str(units_a_second)) - 1
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * units_a_second + int(rest)


def webvtt_spans(text: str) -> list[Span]:
    return [
        (clock(match[1], 1000), clock(match[2], 1000))
        for match in re.finditer(r"^([\d:.]+) --> ([\d:.]+)$", text, re.MULTILINE)
    ]


def matroska_spans(text: str) -> list[Span]:
    return [
        (
            clock(atom.findtext("ChapterTimeStart", ""), 10**9),
            clock(atom.findtext("ChapterTimeEnd", ""), 10**9),
        )
        for atom in ElementTree.fromstring(text).iter("ChapterAtom")
    ]


def frames_shown(film: Film, spans: list[Span], units_a_second: int) -> Iterator[Span]:
    """The frame on screen when each chapter begins, and when it has just ended."""
    for span in spans:
        start, end = (Fraction(units, units_a_second) for units in span)
        last = film.frame_count if end >= film.index.duration else film.index.frame_at(end)
        yield film.index.frame_at(start), last


@pytest.mark.parametrize(
    ("write", "read", "units"),
    [(write_webvtt, webvtt_spans, 1000), (write_matroska_chapters, matroska_spans, 10**9)],
)
def test_each_chapter_begins_where_its_shot_is_on_screen(
    reference: Project, write: Callable[[Project], str], read: Callable[[str], list[Span]], units: int
) -> None:
    shots = [(shot.start_frame, shot.end_frame) for shot in reference.shots]
    spans = read(write(reference))
    assert list(frames_shown(reference.film, spans, units)) == shots
    # not above the exact time by a whole unit
    for (start, _), (frame, _) in zip(spans, shots, strict=True):
        assert 0 <= Fraction(start, units) - reference.film.index.time_of(frame) < Fraction(1, units)


def test_each_chapter_ends_where_the_next_begins(reference: Project) -> None:
    for spans in (webvtt_spans(write_webvtt(reference)), matroska_spans(write_matroska_chapters(reference))):
        assert [end for _, end in spans[:-1]] == [start for start, _ in spans[1:]]


def test_the_exact_texts(make_project: Callable[..., Project], cut: Callable[..., Any]) -> None:
    project = make_project([cut(30)], frames=61, rate=Fraction(30000, 1001))
    assert write_webvtt(project) == (
        "WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.001\nShot 1\n\n2\n00:00:01.001 --> 00:00:02.036\nShot 2\n"
    )
    assert write_ffmetadata(project) == (
        ";FFMETADATA1\n"
        "[CHAPTER]\nTIMEBASE=1001/30000\nSTART=0\nEND=30\ntitle=Shot 1\n"
        "[CHAPTER]\nTIMEBASE=1001/30000\nSTART=30\nEND=61\ntitle=Shot 2\n"
    )
    text = write_matroska_chapters(project)
    assert "<ChapterTimeEnd>00:00:02.035366667</ChapterTimeEnd>" in text
    assert "<ChapterString>Shot 2</ChapterString>" in text


def test_a_variable_rate_keeps_the_films_own_times(
    make_project: Callable[..., Project], cut: Callable[..., Any]
) -> None:
    project = make_project([cut(2), cut(4)], times_ms=[1000, 1040, 1083, 1084, 1500, 1541])
    assert webvtt_spans(write_webvtt(project)) == [(0, 83), (83, 500), (500, 541)]
    assert re.findall(r"START=(\d+)\nEND=(\d+)", write_ffmetadata(project)) == [
        ("0", "83"), ("83", "500"), ("500", "541"),
    ]  # fmt: skip


def test_a_shot_shorter_than_a_millisecond_has_no_chapter_of_its_own(
    make_project: Callable[..., Project], cut: Callable[..., Any]
) -> None:
    project = make_project([cut(1), cut(2), cut(9)], frames=12, rate=Fraction(3000), start=None)
    assert [shown_ms(project.film.index, frame) for frame in (0, 1, 2, 9, 12)] == [0, 1, 1, 3, 4]
    assert webvtt_spans(write_webvtt(project)) == [(0, 1), (1, 3), (3, 4)]
    assert "Shot 2" not in write_webvtt(project)


def exact(chapter: Mapping[str, Any]) -> tuple[Fraction, Fraction, str]:
    """Start and end in seconds, and the title."""
    base = chapter["time_base"]
    return base * chapter["start"], base * chapter["end"], chapter["metadata"]["title"]


@pytest.mark.parametrize(("kind", "resolution"), [("mp4", 1000), ("mkv", 10**9)])
def test_ffmpeg_reads_them_and_keeps_them_in_a_film(
    tmp_path: Path, reference: Project, kind: str, resolution: int
) -> None:
    meta = tmp_path / "film.ffmeta"
    meta.write_text(write_ffmetadata(reference), encoding="utf-8")
    with av.open(str(meta), format="ffmetadata") as container:
        read = container.chapters()
    index = reference.film.index
    wanted = [
        (index.time_of(s.start_frame), index.time_of(s.end_frame), f"Shot {s.number}")
        for s in reference.shots
    ]
    assert [exact(chapter) for chapter in read] == wanted

    film = tmp_path / f"film.{kind}"
    with av.open(str(film), "w") as container:
        stream = container.add_stream("mpeg4", rate=1)
        stream.width = stream.height = 64
        container.set_chapters(read)
        # a picture every ten seconds: MP4 cuts chapters off where the film ends
        for second in range(0, 71, 10):
            frame = av.VideoFrame(64, 64, "yuv420p")
            frame.pts = second
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with av.open(str(film)) as container:
        got = [exact(chapter) for chapter in container.chapters()]
    assert [title for *_, title in got] == [title for *_, title in wanted]
    for (start, *_), (shot_start, *_) in zip(got, wanted, strict=True):
        assert abs(start - shot_start) <= Fraction(1, resolution)
