"""AAF files, read back by pyaaf2 itself and by OpenTimelineIO's adapter."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import aaf2
import opentimelineio as otio
import pytest

from seamline.errors import ExchangeError
from seamline.exchange.aaf import write_aaf
from seamline.exchange.files import TargetExistsError
from seamline.project.types import Project, Seam, SeamKind


@pytest.fixture
def written(tmp_path: Path, reference: Project) -> Iterator[Any]:
    """The reference film's AAF file at each rate, open."""
    path = tmp_path / "film.aaf"
    write_aaf(reference, path)
    with aaf2.open(str(path)) as file:
        yield file


def only(items: Any) -> Any:
    (item,) = items
    return item


def timecode_of(mob: Any) -> tuple[int, int, bool, int, Fraction]:
    """Start, frames a counted second, drop frame, length, edit rate of a mob's timecode track."""
    slot = only(slot for slot in mob.slots if slot.media_kind == "Timecode")
    return (
        slot.segment.start,
        slot.segment.fps,
        slot.segment.drop,
        slot.segment.length,
        Fraction(slot.edit_rate),
    )


def test_every_clip_leads_to_its_frames_and_timecode_of_the_film(
    written: Any, rate: Any, reference: Project
) -> None:
    composition = only(written.content.toplevel())
    track = only(slot for slot in composition.slots if slot.media_kind == "Picture")
    assert Fraction(track.edit_rate) == rate.rate
    assert track.segment.length == reference.film.frame_count
    for clip, shot in zip(track.segment.components, reference.shots, strict=True):
        start, length, mob = clip.start, clip.length, clip.mob
        # master clip, file, import: none of them shifts the frames or counts at another rate
        for _ in range(2):
            slot = mob.slot_at(clip.slot_id)
            assert Fraction(slot.edit_rate) == rate.rate
            clip = slot.segment
            start += clip.start
            mob = clip.mob
        assert (start, length) == (shot.start_frame, shot.length)
        assert type(mob.descriptor).__name__ == "ImportDescriptor"
        counting = reference.timecode_rate
        expected = (
            reference.first_timecode_frame,
            counting.nominal,
            counting.drop_frame,
            reference.film.frame_count,
            rate.rate,
        )
        assert timecode_of(mob) == timecode_of(composition) == expected


def test_opentimelineio_reads_every_frame_back(tmp_path: Path, rate: Any, reference: Project) -> None:
    path = tmp_path / "film.aaf"
    write_aaf(reference, path)
    timeline = otio.adapters.read_from_file(str(path))
    first = reference.first_timecode_frame
    assert timeline.global_start_time == otio.opentime.RationalTime(first, float(rate.rate))
    clips = list(only(timeline.video_tracks()))
    for clip, shot in zip(clips, reference.shots, strict=True):
        source, record = clip.source_range, clip.range_in_parent()
        assert (source.start_time.value, source.duration.value) == (first + shot.start_frame, shot.length)
        assert (record.start_time.value, record.duration.value) == (shot.start_frame, shot.length)
        assert {source.start_time.rate, source.duration.rate} == {float(rate.rate)}
        media = clip.media_reference.available_range
        assert (media.start_time.value, media.duration.value) == (first, reference.film.frame_count)
        assert clip.name == "Reel One (final).mov"


def test_names_reel_and_the_way_to_the_film(tmp_path: Path, make_project: Callable[..., Project]) -> None:
    project = make_project(name='Größe "1" 東京 #&.mov', folder=Path("/films/Ä & B"), reel="Rolle 7")
    path = tmp_path / "film.aaf"
    write_aaf(project, path)
    with aaf2.open(str(path)) as file:
        composition, master = only(file.content.toplevel()), only(file.content.mastermobs())
        assert (composition.name, master.name) == ('Größe "1" 東京 #&', 'Größe "1" 東京 #&.mov')
        assert master.comments["Reel"] == "Rolle 7"
        for mob in file.content.sourcemobs():
            url = only(mob.descriptor["Locator"].value)["URLString"].value
            assert url.isascii()
            assert unquote(urlsplit(url).path).endswith('/films/Ä & B/Größe "1" 東京 #&.mov')
        (identification,) = file.header["IdentificationList"].value
        assert identification["ProductName"].value == "Seamline"


def test_a_film_keeps_its_ids_but_each_list_has_its_own(
    tmp_path: Path, make_project: Callable[..., Project], cut: Callable[..., Any]
) -> None:
    ids = []
    projects = [make_project(), make_project([cut(50)]), make_project(start="02:00:00:00")]
    for number, project in enumerate(projects):
        write_aaf(project, tmp_path / f"{number}.aaf")
        with aaf2.open(str(tmp_path / f"{number}.aaf")) as file:
            film = {
                *(m.mob_id for m in file.content.sourcemobs()),
                *(m.mob_id for m in file.content.mastermobs()),
            }
            assert len(film) == 3
            ids.append((film, only(file.content.toplevel()).mob_id))
    assert ids[0][0] == ids[1][0]
    assert ids[0][0].isdisjoint(ids[2][0]), "another timecode is another clip"
    assert len({composition for _, composition in ids}) == 3


def test_a_gradual_seam_is_cut_in_its_middle(tmp_path: Path, make_project: Callable[..., Project]) -> None:
    write_aaf(make_project([Seam(40, 51, SeamKind.DISSOLVE)]), tmp_path / "film.aaf")
    with aaf2.open(str(tmp_path / "film.aaf")) as file:
        picture = only(s for s in only(file.content.toplevel()).slots if s.media_kind == "Picture")
        assert [(clip.start, clip.length) for clip in picture.segment.components] == [(0, 46), (46, 54)]


def test_a_thousand_events_past_midnight_at_120_frames_a_second(
    tmp_path: Path, make_project: Callable[..., Project], cut: Callable[..., Any]
) -> None:
    project = make_project(
        [cut(frame) for frame in range(3, 3000, 3)], rate=Fraction(120), frames=3000, start="23:59:50:000"
    )
    write_aaf(project, tmp_path / "film.aaf")
    with aaf2.open(str(tmp_path / "film.aaf")) as file:
        composition = only(file.content.toplevel())
        picture = only(s for s in composition.slots if s.media_kind == "Picture")
        spans = [(clip.start, clip.length) for clip in picture.segment.components]
        assert timecode_of(composition)[:2] == (86_390 * 120, 120)
    assert spans == [(start, 3) for start in range(0, 3000, 3)]


def test_nothing_is_overwritten_unasked_and_no_failure_leaves_a_file(
    tmp_path: Path, make_project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "film.aaf"
    path.write_bytes(b"old")
    with pytest.raises(TargetExistsError):
        write_aaf(make_project(), path)
    assert path.read_bytes() == b"old"

    def fail(project: Project) -> None:
        raise OSError(28, "the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("seamline.exchange.aaf.events_of", fail)
        with pytest.raises(ExchangeError, match=r"the disk is full"):
            write_aaf(make_project(), path, overwrite=True)
    assert [file.name for file in tmp_path.iterdir()] == ["film.aaf"]
    assert path.read_bytes() == b"old"
    write_aaf(make_project(), path, overwrite=True)
    assert path.read_bytes() != b"old"


def test_the_library_has_nothing_to_complain_of(
    tmp_path: Path, make_project: Callable[..., Project], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        write_aaf(make_project(reel=None, start=None, frames=1), tmp_path / "film.aaf")
    assert caplog.records == []
