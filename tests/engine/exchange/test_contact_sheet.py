"""Contact sheets of generated films, looked at by their pixels: every shot's middle at its place, in its order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, PdfParser

from seamline.errors import Cancelled, ExchangeError
from seamline.exchange import contact_sheet
from seamline.exchange.contact_sheet import write_contact_sheet
from seamline.exchange.film_facts import duration_text, film_line, length_text
from seamline.exchange.sheet_layout import MOST_COLUMNS, SheetLayout, page_layout, single_layout
from seamline.media.open_film import open_film
from seamline.media.reader import FrameReader
from seamline.progress import CancellableProgress
from seamline.project.types import Project, Seam, SeamKind

if TYPE_CHECKING:
    from films import FilmShelf

ASPECTS = (16 / 9, 9 / 16, 4 / 3, 2.39, 1.0, 0.2, 8.0)


def project_of(films: FilmShelf, kind: str = "mp4", *, every: int | None = None) -> Project:
    spec = films(kind)
    seams = tuple(Seam(out, into, SeamKind(name)) for out, into, name in spec.seams)
    if every is not None:
        seams = tuple(Seam(at - 1, at) for at in range(every, spec.frames, every))
    return Project(open_film(spec.path), seams, analysed_frames=spec.frames)


def numbers_on(films: FilmShelf, page: Image.Image, layout: SheetLayout, count: int) -> list[int]:
    """The frame numbers that the pictures of the page show."""
    pixels = np.asarray(page.convert("RGB"))
    numbers = []
    for cell in range(count):
        left, top = layout.corner(cell)
        picture = pixels[top : top + layout.picture_height, left : left + layout.picture_width]
        numbers.append(films.read_number(picture))
    return numbers


def jpegs_in(pdf: bytes) -> list[bytes]:
    return re.findall(rb"stream\r?\n(\xff\xd8.*?\xff\xd9)\r?\nendstream", pdf, re.DOTALL)


@pytest.mark.parametrize(
    ("kind", "size"),
    [
        ("mp4", (160, 90)),
        ("mp4_rotated", (90, 160)),
        ("mp4_variable", (160, 90)),
        ("mp4_anamorphic", (160, 90)),
    ],
)
def test_the_sheet_shows_the_middle_of_each_shot_in_order(
    films: FilmShelf, tmp_path: Path, kind: str, size: tuple[int, int]
) -> None:
    project = project_of(films, kind)
    write_contact_sheet(project, tmp_path / "sheet.png")
    layout = single_layout(size[0] / size[1], None, 3)
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (layout.page_width, layout.page_height)
        assert numbers_on(films, sheet, layout, 3) == [12, 42, 79]
    assert layout.picture_width / layout.picture_height == pytest.approx(size[0] / size[1], rel=0.02)
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.png"]


def test_each_picture_has_type_beneath_and_the_sheet_a_head(films: FilmShelf, tmp_path: Path) -> None:
    write_contact_sheet(project_of(films, every=20), tmp_path / "sheet.png", columns=2)
    layout = single_layout(16 / 9, 2, 5)
    assert (layout.columns, layout.rows) == (2, 3)
    with Image.open(tmp_path / "sheet.png") as sheet:
        dark = np.asarray(sheet.convert("L")) < 140
    head = dark[: layout.head - 5]
    assert head[:, layout.margin : layout.margin + 40].any()
    for cell in range(5):
        left, top = layout.corner(cell)
        below = dark[top + layout.picture_height + 2 :, left : left + layout.picture_width]
        caption = below[: round(3 * layout.type_px)]
        assert caption[:, : layout.picture_width // 3].any(), "the number and the timecode"
        assert caption[: round(1.6 * layout.type_px), -layout.picture_width // 3 :].any(), "the length"
        assert not below[round(3.1 * layout.type_px) : round(3.1 * layout.type_px) + layout.gap - 2].any()


def test_a_pdf_has_a4_pages_across_with_all_shots(films: FilmShelf, tmp_path: Path) -> None:
    write_contact_sheet(project_of(films, every=2), tmp_path / "sheet.pdf", columns=5)
    pdf = (tmp_path / "sheet.pdf").read_bytes()
    layout = page_layout(16 / 9, 5)
    assert layout.cells == 20
    assert pdf.startswith(b"%PDF-")
    with PdfParser.PdfParser(str(tmp_path / "sheet.pdf")) as parsed:
        pages = [parsed.read_indirect(reference) for reference in parsed.pages]
        assert PdfParser.decode_text(parsed.info[b"Title"]) == "mp4"
    assert len(pages) == 3
    for page in pages:
        millimetres = [float(side) * 25.4 / 72 for side in page[b"MediaBox"]]
        assert millimetres == pytest.approx([0, 0, 297, 210], abs=0.1)
    numbers = []
    for count, data in zip((20, 20, 10), jpegs_in(pdf), strict=True):
        (tmp_path / "page.jpg").write_bytes(data)
        with Image.open(tmp_path / "page.jpg") as page:
            numbers += numbers_on(films, page, layout, count)
    assert numbers == list(range(0, 100, 2))


def test_the_same_film_gives_the_same_file(films: FilmShelf, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        write_contact_sheet(project_of(films), tmp_path / name)
    data = (tmp_path / "a.pdf").read_bytes()
    assert data == (tmp_path / "b.pdf").read_bytes()
    assert b"Date" not in data


@pytest.mark.parametrize("columns", [None, 1, 2, 5, 9, MOST_COLUMNS])
@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("shots", [1, 7, 200])
def test_nothing_lies_over_another_or_off_the_page(aspect: float, columns: int | None, shots: int) -> None:
    for layout in (page_layout(aspect, columns), single_layout(aspect, columns, shots)):
        assert layout.picture_width > 0
        assert layout.picture_height > 0
        caption = 2.7 * layout.type_px + 0.3 * layout.type_px  # two lines and what hangs below
        corners = [layout.corner(cell) for cell in range(layout.cells)]
        for left, top in corners:
            assert left >= layout.margin
            assert left + layout.picture_width <= layout.page_width - layout.margin + 1
            assert top >= layout.head
            assert top + layout.picture_height + caption <= layout.page_height
        lefts, tops = sorted({left for left, _ in corners}), sorted({top for _, top in corners})
        assert all(b - a >= layout.picture_width + 10 for a, b in pairwise(lefts))
        assert all(b - a >= layout.picture_height + caption for a, b in pairwise(tops))
        assert layout.type_px >= 11


@pytest.mark.parametrize("aspect", [16 / 9, 9 / 16, 4 / 3, 2.39, 1.0])
def test_a_page_is_well_filled(aspect: float) -> None:
    layout = page_layout(aspect, None)
    left, top = layout.corner(layout.cells - 1)
    assert left + layout.picture_width > 0.9 * layout.page_width
    assert top + layout.picture_height > 0.75 * layout.page_height


def test_a_sheet_in_one_piece_stays_small_enough_to_be_opened() -> None:
    for shots in (100, 500, 2000):
        layout = single_layout(16 / 9, None, shots)
        assert layout.page_width * layout.page_height <= 64_000_000
        assert layout.page_height < 2 * layout.page_width or layout.columns == MOST_COLUMNS
    with pytest.raises(ExchangeError, match=r"30000 shots are too many for one picture: .*\.pdf"):
        single_layout(16 / 9, None, 30_000)


@pytest.mark.parametrize("columns", [0, -1, 21])
def test_columns_out_of_range_are_refused(films: FilmShelf, tmp_path: Path, columns: int) -> None:
    for name in ("sheet.png", "sheet.pdf"):
        with pytest.raises(ExchangeError, match=f"1 to 20 columns, not {columns}"):
            write_contact_sheet(project_of(films), tmp_path / name, columns=columns)
    assert not list(tmp_path.iterdir())


def test_another_suffix_is_refused(films: FilmShelf, tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"sheet.gif” is no kind of contact sheet: .*\.png or \.pdf"):
        write_contact_sheet(project_of(films), tmp_path / "sheet.gif")


@pytest.mark.parametrize("name", ["sheet.png", "sheet.pdf"])
@pytest.mark.parametrize("at", [0, 25, 50])
def test_cancelled_there_is_no_sheet_and_the_old_one_is_as_it_was(
    films: FilmShelf, tmp_path: Path, name: str, at: int
) -> None:
    (tmp_path / name).write_text("old")

    def report(done: int, total: int) -> None:
        assert total == 50
        if done == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_contact_sheet(
            project_of(films, every=2), tmp_path / name, overwrite=True, progress=CancellableProgress(report)
        )
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "old"
    with pytest.raises(ExchangeError, match="exists already"):
        write_contact_sheet(project_of(films), tmp_path / name)


@pytest.mark.parametrize(
    "stem", ["影片 " * 60, "W" * 300, "a\nb\t\u2028c", "Broken \udcff", "$x^2$ <b>&amp;"]
)
def test_any_title_is_drawn_on_one_line_within_the_margins(
    films: FilmShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stem: str
) -> None:
    project = project_of(films)
    reader = FrameReader(project.film)
    monkeypatch.setattr(contact_sheet, "FrameReader", lambda *_, **__: reader)
    info = replace(project.film.info, path=Path(f"/films/{stem}.mp4"))
    for name, layout in (("s.png", single_layout(16 / 9, None, 3)), ("s.pdf", page_layout(16 / 9, None))):
        write_contact_sheet(replace(project, film=replace(project.film, info=info)), tmp_path / name)
        data = (tmp_path / name).read_bytes()
        (tmp_path / "page").write_bytes(data if name == "s.png" else jpegs_in(data)[0])
        with Image.open(tmp_path / "page") as page:
            dark = np.asarray(page.convert("L"))[: layout.head - 5] < 140
        columns, rows = np.flatnonzero(dark.any(0)), np.flatnonzero(dark.any(1))
        assert layout.margin - 2 <= columns[0]
        assert columns[-1] <= layout.page_width - layout.margin + 2
        assert rows[0] > 10


def test_the_head_line_and_lengths_in_words(make_project: Callable[..., Project]) -> None:
    drop = make_project([Seam(9, 10)], rate=Fraction(30000, 1001), drop=True, frames=1800)
    assert (
        film_line(drop) == "2 shots · 1:00.06 · 1920 × 1080 · 29.97 frames/s, drop frame · from 01:00:00;00"
    )
    assert film_line(make_project(rate=Fraction(24000, 1001), frames=24)).startswith("1 shot · 0:01.00 · ")
    assert [length_text(Fraction(s)) for s in ("0.04", "3.2", "59.994", "59.996", "65.12", "3600")] == [
        "0.04 s", "3.20 s", "59.99 s", "1:00.00", "1:05.12", "1:00:00.00",
    ]  # fmt: skip
    assert duration_text(Fraction("5999.999")) == "1:40:00.00"
