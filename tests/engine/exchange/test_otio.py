"""OpenTimelineIO files, read back by OpenTimelineIO."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import opentimelineio as otio
import pytest

from seamline.exchange.otio import write_otio
from seamline.project.types import Project, Seam, SeamKind


def read(project: Project) -> Any:
    return otio.adapters.read_from_string(write_otio(project), "otio_json")


def clips_of(timeline: Any) -> list[Any]:
    (track,) = timeline.tracks
    assert track.kind == otio.schema.TrackKind.Video
    return list(track)


def test_every_frame_and_the_exact_rate_come_back(rate: Any, reference: Project) -> None:
    timeline = read(reference)
    first = reference.first_timecode_frame
    assert timeline.global_start_time == otio.opentime.RationalTime(first, float(rate.rate))
    clips = clips_of(timeline)
    for clip, shot in zip(clips, reference.shots, strict=True):
        start, length = clip.source_range.start_time, clip.source_range.duration
        assert (start.value, length.value) == (first + shot.start_frame, shot.length)
        assert {start.rate, length.rate} == {float(rate.rate)}
        # as the library itself snaps rates, so that nothing is resampled on the way to others
        assert start.rate == otio.opentime.RationalTime.nearest_smpte_timecode_rate(start.rate)
        assert clip.range_in_parent().start_time.value == shot.start_frame
        media = clip.media_reference.available_range
        assert (media.start_time.value, media.duration.value) == (first, reference.film.frame_count)


def test_its_start_is_the_films_timecode(rate: Any, reference: Project) -> None:
    start = read(reference).global_start_time
    label = otio.opentime.to_timecode(start, start.rate, drop_frame=rate.drop)
    assert label == reference.timecode(0)


def test_metadata_tells_what_the_format_has_no_place_for(make_project: Callable[..., Project]) -> None:
    timeline = read(make_project([Seam(40, 51, SeamKind.DISSOLVE, 0.87654321)], rate=Fraction(24000, 1001)))
    assert dict(timeline.metadata["seamline"]) == {
        "version": 1,
        "rate": "24000/1001",
        "variable_frame_rate": False,
        "drop_frame": False,
        "start_timecode": "01:00:00:00",
        "reel": "A001C002",
    }
    first, second = (clip.metadata["seamline"] for clip in clips_of(timeline))
    assert (first["shot"], first["start_frame"], first["end_frame"], first["seam"]) == (1, 0, 46, None)
    assert (second["shot"], second["start_frame"], second["end_frame"]) == (2, 46, 100)
    assert dict(second["seam"]) == {
        "kind": "dissolve",
        "confidence": 0.8765,
        "origin": "analysis",
        "out_frame": 40,
        "in_frame": 51,
    }


def test_a_film_without_seams_or_details_is_one_clip(make_project: Callable[..., Project]) -> None:
    timeline = read(make_project(frames=1, start=None, reel=None))
    (clip,) = clips_of(timeline)
    assert (clip.source_range.start_time.value, clip.source_range.duration.value) == (0, 1)
    assert timeline.metadata["seamline"]["reel"] is None


@pytest.mark.parametrize(
    "name",
    ['Für Elise & <der> "Film" 100% #1?.mov', "東京 🎬.mov", "line\nbreak.mov", "back\\slash {}.mov"],
)
def test_names_come_back_as_they_are(make_project: Callable[..., Project], name: str) -> None:
    project = make_project(name=name, folder=Path("/films/Ä & B"), reel="Rolle “1”")
    timeline = read(project)
    (clip,) = clips_of(timeline)
    assert clip.name == clip.media_reference.name == project.film.path.name
    assert timeline.name == project.film.path.stem
    url = urlsplit(clip.media_reference.target_url)
    assert url.scheme == "file"
    assert url.path.isascii()
    assert unquote(url.path).endswith(project.film.path.as_posix())
    assert timeline.metadata["seamline"]["reel"] == "Rolle “1”"


def test_a_name_with_an_undecodable_byte_is_written_with_a_replacement(
    make_project: Callable[..., Project],
) -> None:
    (clip,) = clips_of(read(make_project(name="broken \udcff.mov")))
    assert clip.name == "broken \ufffd.mov"
    assert clip.media_reference.target_url.endswith("/broken%20%FF.mov")


def test_a_variable_rate_is_laid_on_the_constant_grid(
    make_project: Callable[..., Project], cut: Callable[..., Seam]
) -> None:
    project = make_project(
        [cut(2), cut(3), cut(4), cut(5), cut(6)], times_ms=[0, 40, 80, 84, 88, 300, 1000, 1040], start=None
    )
    timeline = read(project)
    clips = clips_of(timeline)
    spans = [(c.source_range.start_time.value, c.source_range.end_time_exclusive().value) for c in clips]
    assert spans == [(0, 2), (2, 8), (8, 25), (25, 26)]
    # the film's own frames stay in the metadata; the shots without a grid frame are 3 and 4
    assert [clip.metadata["seamline"]["shot"] for clip in clips] == [1, 4, 5, 6]
    assert clips[0].media_reference.available_range.duration.value == 26
    assert timeline.metadata["seamline"]["variable_frame_rate"] is True


def test_timecode_past_midnight_goes_on_counting(make_project: Callable[..., Project]) -> None:
    (clip,) = clips_of(read(make_project(frames=200, start="23:59:56:00")))
    assert clip.source_range.end_time_exclusive().value == 24 * 3600 * 25 + 100


def test_the_editors_reel_and_start_stand_before_the_files(make_project: Callable[..., Project]) -> None:
    timeline = read(replace(make_project(), reel="B7", start_frame=250))
    assert timeline.global_start_time.value == 250
    assert timeline.metadata["seamline"]["reel"] == "B7"
