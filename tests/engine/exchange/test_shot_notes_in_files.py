"""What is written about shots: in pictures, on pages and in the names of files; and lists in several files."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pycmx
import pytest
from PIL import Image

from seamline.exchange.contact_sheet import write_contact_sheet
from seamline.exchange.edl_reader import read_edl
from seamline.exchange.files import TargetExistsError
from seamline.exchange.folding import clip_paths
from seamline.exchange.formats import export, format_named, text_of
from seamline.exchange.html_report import write_html_report
from seamline.exchange.sheet_layout import page_layout, single_layout
from seamline.exchange.stills import still_paths
from seamline.media.open_film import open_film
from seamline.project.types import Project, Seam, SeamKind, ShotColour, ShotNote

if TYPE_CHECKING:
    from films import FilmShelf

NOTES = (
    ShotNote(3, "<b>Harbour</b> & sea", "Too dark?\nשלום", ShotColour.RED),
    ShotNote(40, "A name that is far longer than the picture is wide " * 4),
)


def project_of(films: FilmShelf, notes: tuple[ShotNote, ...] = NOTES) -> Project:
    spec = films("mp4")
    seams = tuple(Seam(out, into, SeamKind(name)) for out, into, name in spec.seams)
    return Project(open_film(spec.path), seams, analysed_frames=spec.frames, notes=notes)


def test_the_page_shows_notes_and_their_text_is_no_markup(films: FilmShelf, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_html_report(project_of(films), path)
    text = path.read_text(encoding="utf-8")
    assert '<strong dir="auto">&lt;b&gt;Harbour&lt;/b&gt; &amp; sea</strong>' in text
    assert '<span dir="auto">Too dark?\nשלום</span>' in text
    assert '<td class="marked red">1</td>' in text
    assert "<small>red</small>" in text
    assert text.count('<td class="words">') == 3


def test_a_page_without_notes_has_no_place_for_them(films: FilmShelf, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_html_report(project_of(films, ()), path)
    text = path.read_text(encoding="utf-8")
    assert "words" not in text
    assert "stripe" not in text


def test_the_sheet_has_a_stripe_of_the_colour_and_lines_for_the_words(
    films: FilmShelf, tmp_path: Path
) -> None:
    write_contact_sheet(project_of(films), tmp_path / "noted.png", columns=3)
    write_contact_sheet(project_of(films, ()), tmp_path / "plain.png", columns=3)
    layout = single_layout(16 / 9, 3, 3, 2)
    with Image.open(tmp_path / "noted.png") as noted, Image.open(tmp_path / "plain.png") as plain:
        assert noted.size == (layout.page_width, layout.page_height)
        assert noted.height > plain.height
        pixels = np.asarray(noted.convert("RGB")).astype(int)
    bottom = layout.corner(0)[1] + layout.picture_height
    red = (pixels == (0xD0, 0x3A, 0x3A)).all(2)
    rows, columns = np.nonzero(red)
    assert bottom <= rows.min() < rows.max() < bottom + layout.type_px / 2
    left = layout.corner(0)[0]
    assert (columns.min(), columns.max()) == (left, left + layout.picture_width - 1)
    words = bottom + round(3.0 * layout.type_px)
    inks = [
        (pixels[words:, x : x + layout.picture_width].min(2) < 128).sum()
        for x, _ in map(layout.corner, range(3))
    ]
    assert inks[0] > 0
    assert inks[1] > 0
    assert inks[2] == 0, "nothing is written about the third shot"
    beside = slice(layout.corner(1)[0] + layout.picture_width, layout.corner(2)[0])
    assert pixels[words:, beside].min() == 255, "a long name ends with its picture"


@pytest.mark.parametrize("extra_lines", [0, 1, 2])
def test_pages_keep_their_captions_on_the_paper(extra_lines: int) -> None:
    for aspect in (16 / 9, 1.0, 0.5):
        layout = page_layout(aspect, None, extra_lines)
        bottom = layout.corner(layout.cells - 1)[1] + layout.picture_height
        assert bottom + (3.1 + 1.35 * extra_lines) * layout.type_px <= layout.page_height


def test_stills_bear_the_shots_names(make_project: Callable[..., Project], cut: Callable[..., Seam]) -> None:
    project = replace(
        make_project([cut(20), cut(40), cut(60)]),
        notes=(
            ShotNote(0, "../Häfen: a/b\\c*?"),
            ShotNote(30, "東京"),
            ShotNote(50, "x" * 300),
            ShotNote(70, comment="c"),
        ),
    )
    film = "Reel_One_final"
    assert [path.name for path in still_paths(project, Path())] == [
        f"{film}_shot0001_Haefen_a_b_c_00000009.png",
        f"{film}_shot0002_00000029.png",
        f"{film}_shot0003_{'x' * 40}_00000049.png",
        f"{film}_shot0004_00000079.png",
    ]


def test_clips_bear_the_shots_names_as_far_as_file_names_reach(
    make_project: Callable[..., Project], films: FilmShelf
) -> None:
    film = make_project(name="Reel.mov").film
    assert [path.name for path in clip_paths(film, 3, Path(), names=["A/b", "", "\n"])] == [
        "Reel-001_A_b.mp4",
        "Reel-002.mp4",
        "Reel-003.mp4",
    ]
    assert [path.name for path in clip_paths(film, 2, Path())] == ["Reel-001.mp4", "Reel-002.mp4"]
    for length in (100, 230, 240, 247):
        film = make_project(name="é" * (length // 2) + ".mov").film
        (path,) = clip_paths(film, 1, Path(), names=["n" * 99])
        assert len(os.fsencode(path.name)) <= 255


def test_exported_clips_are_named(films: FilmShelf, tmp_path: Path) -> None:
    project = project_of(films, (ShotNote(0, "Opening"),))
    export(project, format_named("clips"), tmp_path / "clips", overwrite=False)
    names = sorted(path.stem.removeprefix(project.film.path.stem) for path in (tmp_path / "clips").iterdir())
    assert names == ["-001_Opening", "-002", "-003"]


def test_file32_has_long_reels_and_six_digits(make_project: Callable[..., Project]) -> None:
    project = make_project(reel="A001_C002_0815_LONGREEL")
    line = text_of(format_named("edl-file32"), project).split("\r\n")[3]
    assert line.startswith("000001  A001_C002_0815_LONGREEL          V ")


def test_parts_are_a_folder_of_lists_that_together_hold_every_shot(
    make_project: Callable[..., Project], tmp_path: Path
) -> None:
    project = make_project([Seam(n - 1, n) for n in range(1, 2100)], frames=2100, folder=tmp_path)
    folder = tmp_path / "parts"
    export(project, format_named("edl-parts"), folder, overwrite=False)
    paths = sorted(folder.iterdir())
    assert [path.name for path in paths] == [f"Reel One (final)_part{n}.edl" for n in (1, 2, 3)]
    counts, ends = [], []
    for path in paths:
        text = path.read_bytes().decode()
        events = list(pycmx.parse_cmx3600(io.StringIO(text, newline="")).events)
        assert [event.number for event in events] == list(range(1, len(events) + 1))
        read = read_edl(text, rate=project.film.rate).events
        counts.append(len(read))
        ends.append((read[0].record_start, read[-1].record_end))
    assert counts == [999, 999, 102]
    assert ends[0][1] == ends[1][0]
    assert ends[1][1] == ends[2][0]

    before = paths[0].read_bytes()
    paths[0].unlink()
    with pytest.raises(TargetExistsError):
        export(project, format_named("edl-parts"), folder, overwrite=False)
    assert not paths[0].exists(), "all of them or none"
    export(project, format_named("edl-parts"), folder, overwrite=True)
    assert paths[0].read_bytes() == before
