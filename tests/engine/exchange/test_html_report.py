"""The page of a film's shots: whole in itself, everything escaped, every number and picture at its place."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest

from seamline.errors import Cancelled, ExchangeError
from seamline.exchange import html_report
from seamline.exchange.html_report import THUMBNAIL_BYTES, thumbnail_jpeg, write_html_report
from seamline.exchange.shot_statistics import Histogram, cutting_rate, moving_average_s, shot_lengths_s
from seamline.exchange.svg_charts import HEIGHT, WIDTH, histogram_chart, length_chart, rate_chart
from seamline.media.film import Film
from seamline.media.jpeg import decode_jpeg
from seamline.media.open_film import open_film
from seamline.media.reader import Picture
from seamline.progress import CancellableProgress
from seamline.project.types import Decision, Origin, Project, Seam, SeamKind

if TYPE_CHECKING:
    from films import FilmShelf

VOID = {"meta", "img", "br", "link", "input", "hr"}


@dataclass
class Page:
    """What a browser would make of the page: texts in order, attributes by tag, tags that were left open."""

    texts: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.page.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.page.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if data.strip() and self.page.open[-1:] != ["style"]:
            self.page.texts.append(" ".join(data.split()))


def read_page(path: Path) -> Page:
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    assert reader.page.open == []
    return reader.page


def project_of(films: FilmShelf, kind: str = "mp4_gradual") -> Project:
    spec = films(kind)
    seams = tuple(Seam(out, into, SeamKind(name), 0.987) for out, into, name in spec.seams)
    return Project(open_film(spec.path), seams, analysed_frames=spec.frames)


class _GreyReader:
    """Stands in for FrameReader where there is no film."""

    def __init__(self, film: Film, *, cache_bytes: int) -> None:
        self.size = (64, 36)

    def read(self, frame: int, *, limit: tuple[int, int]) -> Picture:
        return Picture(frame, frame, np.full((36, 64, 3), 99, np.uint8))

    def close(self) -> None:
        pass


@pytest.fixture
def no_film(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "FrameReader", _GreyReader)


def test_every_shot_is_listed_with_its_middle_its_timecodes_and_its_seam(
    films: FilmShelf, tmp_path: Path
) -> None:
    write_html_report(project_of(films), tmp_path / "report.html")
    page = read_page(tmp_path / "report.html")
    rows = [attributes["id"] for attributes in page.all("tr") if "id" in attributes]
    assert rows == ["shot-1", "shot-2", "shot-3"]
    numbers = []
    for image in page.all("img"):
        kind, data = image["src"].split(",")
        assert kind == "data:image/jpeg;base64"
        picture = decode_jpeg(base64.b64decode(data, validate=True))
        assert picture is not None
        assert picture.shape[:2] == (int(image["height"]), int(image["width"]))
        numbers.append(films.read_number(picture))
    assert numbers == [12, 48, 87]
    at = page.texts.index("start of the film")
    # 100 frames at 25: the dissolve from 24 to 37 is cut at 31, the fade from 59 to 76 at 68
    assert page.texts[at - 5 : at] == ["1", "00:00:00:00", "00:00:01:06", "1.24 s", "31 frames"]
    assert page.texts[at + 1 : at + 8] == [
        "2", "00:00:01:06", "00:00:02:18", "1.48 s", "37 frames", "dissolve, 12 frames", "98 %",
    ]  # fmt: skip
    assert page.texts[at + 8 : at + 15] == [
        "3", "00:00:02:18", "00:00:04:00", "1.28 s", "32 frames", "fade, 16 frames", "98 %",
    ]  # fmt: skip


def test_the_numbers_stand_by_their_names(films: FilmShelf, tmp_path: Path) -> None:
    """Shots of 31, 37 and 32 frames at 25: mean 4/3 s, deviation of 31, 37, 32 is the root of 62/9 frames."""
    write_html_report(project_of(films), tmp_path / "report.html")
    texts = read_page(tmp_path / "report.html").texts
    for name, value in {
        "Shots": "3",
        "Average shot length": "1.33 s",
        "Median shot length": "1.28 s",
        "Standard deviation": "0.10 s",
        "Shortest shot": "1.24 s",
        "Longest shot": "1.48 s",
        "Cuts a minute": "30.0",
        "Duration": "0:04.00 (100 frames)",
        "Picture": "160 × 90, h264, yuv420p",
        "Frame rate": "25 frames/s",
        "Start timecode": "00:00:00:00 (the file has none)",
    }.items():
        assert texts[texts.index(name) + 1] == value, name
    at = texts.index("cut")
    assert texts[at : at + 10] == ["cut", "dissolve", "fade", "wipe", "all", "0", "1", "1", "0", "2"]


def test_the_page_refers_to_nothing_outside_and_holds_no_script(films: FilmShelf, tmp_path: Path) -> None:
    write_html_report(project_of(films), tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = read_page(tmp_path / "report.html")
    assert "http:" not in text
    assert "https:" not in text
    assert "url(" not in text
    assert "@import" not in text
    assert not {"script", "link", "iframe", "object", "base", "use", "form"} & {tag for tag, _ in page.tags}
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    for _, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("src", "data:image/jpeg;base64,").startswith("data:image/jpeg;base64,")
        if "href" in attributes:
            assert attributes["href"].removeprefix("#") in ids
    policy = next(meta["content"] for meta in page.all("meta") if "http-equiv" in meta)
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


@pytest.mark.usefixtures("no_film")
@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "\"' onload='x", "{{ 7 * 7 }}", "a & b &lt; c", "</title><b>", "影片 é"],
)
def test_names_from_outside_are_text_and_nothing_else(
    make_project: Callable[..., Project], tmp_path: Path, name: str
) -> None:
    project = make_project([Seam(9, 10)], name="film.mov")
    info = replace(project.film.info, path=tmp_path / f"{name.replace('/', '∕')}.mov", reel=name, codec=name)
    project = replace(project, film=replace(project.film, info=info), reel=name)
    write_html_report(project, tmp_path / "report.html")
    page = read_page(tmp_path / "report.html")
    shown = name.replace("/", "∕")
    assert shown in page.texts
    assert f"{shown} – shots" in page.texts
    assert f"{shown}.mov" in page.texts
    assert page.texts[page.texts.index("Reel") + 1] == name
    assert not page.all("script")
    assert not page.all("b")


@pytest.mark.usefixtures("no_film")
def test_names_that_are_no_text_are_made_text(make_project: Callable[..., Project], tmp_path: Path) -> None:
    project = make_project(name="a\nb\x00\x1b[31m\udcff.mov", reel="\ud800\x07")
    write_html_report(project, tmp_path / "report.html")
    texts = read_page(tmp_path / "report.html").texts
    assert "a b [31m\ufffd.mov" in texts
    assert texts[texts.index("Reel") + 1] == "\ufffd"


@pytest.mark.usefixtures("no_film")
def test_what_the_editor_decided_is_told_from_what_was_found(
    make_project: Callable[..., Project], tmp_path: Path
) -> None:
    found = [Seam(9, 10, confidence=0.999), Seam(19, 20, confidence=0.6), Seam(29, 30, confidence=1.0)]
    confirmed = replace(found[1], origin=Origin.USER)
    made = Seam(49, 50, origin=Origin.USER)
    project = replace(
        make_project(found),
        decisions=(Decision(found[1], confirmed), Decision(None, made)),
        analysed_frames=75,
    )
    write_html_report(project, tmp_path / "report.html")
    page = read_page(tmp_path / "report.html")
    at = [place for place, text in enumerate(page.texts) if text == "cut"][1:]
    assert [page.texts[place + 1] for place in at] == ["99 %", "confirmed", "100 %", "set by hand"]
    assert page.texts[page.texts.index("Corrected by hand") + 1] == "1"
    assert any("75 % of the film is analysed, to 01:00:03:00" in text for text in page.texts)


def test_a_thumbnail_of_noise_is_small_too() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (240, 320, 3), np.uint8)
    data = thumbnail_jpeg(noise)
    assert 5_000 < len(data) <= THUMBNAIL_BYTES
    assert decode_jpeg(data) is not None
    calm = np.asarray(cv2.GaussianBlur(noise, (0, 0), 9), np.uint8)
    picture = decode_jpeg(thumbnail_jpeg(calm))
    assert picture is not None
    assert picture.shape == calm.shape


@pytest.mark.parametrize("at", [0, 1, 3])
def test_cancelled_there_is_no_page_and_the_old_one_is_as_it_was(
    films: FilmShelf, tmp_path: Path, at: int
) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")

    def report(done: int, total: int) -> None:
        assert total == 3
        if done == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_html_report(project_of(films), path, overwrite=True, progress=CancellableProgress(report))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(ExchangeError, match="exists already"):
        write_html_report(project_of(films), path)


def test_a_film_of_one_frame_and_one_of_variable_rate_have_pages(films: FilmShelf, tmp_path: Path) -> None:
    for kind, rows in (("mp4_one_frame", 1), ("mp4_variable", 3)):
        write_html_report(project_of(films, kind), tmp_path / f"{kind}.html")
        assert len(read_page(tmp_path / f"{kind}.html").all("img")) == rows


def points_of(svg: ET.Element) -> list[tuple[float, float]]:
    (line,) = svg.iter("polyline")
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in line.attrib["points"].split())]


def test_the_bars_of_the_shots_lie_side_by_side_and_are_as_high_as_the_shots_are_long(
    make_project: Callable[..., Project],
) -> None:
    project = make_project([Seam(99, 100), Seam(149, 150)], frames=200)  # 4, 2 and 2 s
    lengths = shot_lengths_s(project)
    starts = [project.film.index.time_of(shot.start_frame) for shot in project.shots]
    svg = ET.fromstring(length_chart(project.shots, starts, lengths, moving_average_s(lengths, 1)))
    bars = [{k: float(v) for k, v in bar.attrib.items() if k != "class"} for bar in svg.iter("rect")]
    assert [link.attrib["href"] for link in svg.iter("a")] == ["#shot-1", "#shot-2", "#shot-3"]
    assert bars[0]["height"] == pytest.approx(2 * bars[1]["height"], abs=0.2)
    for bar, following in pairwise(bars):
        assert 0 < following["x"] - bar["x"] - bar["width"] < 2
    assert all(bar["y"] + bar["height"] == pytest.approx(HEIGHT - 28, abs=0.2) for bar in bars)
    for (x, y), bar in zip(points_of(svg), bars, strict=True):
        assert bar["x"] < x < bar["x"] + bar["width"]
        assert y == pytest.approx(bar["y"], abs=0.2)
    assert [title.text for title in svg.iter("title")] == [
        "Shot 1: 4.00 s",
        "Shot 2: 2.00 s",
        "Shot 3: 2.00 s",
    ]


def test_the_rate_line_rises_where_there_are_cuts(make_project: Callable[..., Project]) -> None:
    project = make_project([Seam(n - 1, n) for n in range(1510, 2000, 10)], frames=3000)
    points = points_of(ET.fromstring(rate_chart(cutting_rate(project, window_s=Fraction(4), points=100))))
    assert len(points) == 101
    highest = min(y for _, y in points)
    among = [x for x, y in points if y < highest + 20]
    assert WIDTH * 0.5 < min(among) < max(among) < WIDTH * 0.68
    assert all(0 <= x <= WIDTH and 0 < y < HEIGHT for x, y in points)


@pytest.mark.parametrize(
    "histogram", [Histogram(Fraction(1, 2), (3, 0, 2), 0), Histogram(Fraction(5), (40, 7, *[1] * 14), 1)]
)
def test_the_histogram_has_a_bar_a_bin_and_its_count(histogram: Histogram) -> None:
    svg = ET.fromstring(histogram_chart(histogram))
    counts = [*histogram.counts, *([histogram.longer] if histogram.longer else [])]
    bars = list(svg.iter("rect"))
    titles = [title.text or "" for title in svg.iter("title")]
    assert [int(title.split(": ")[1]) for title in titles] == counts
    heights = [float(bar.attrib["height"]) for bar in bars]
    assert heights == pytest.approx([count / max(counts) * max(heights) for count in counts], abs=0.2)
    lefts = [float(bar.attrib["x"]) for bar in bars]
    assert lefts == sorted(lefts)
    assert lefts[-1] + float(bars[-1].attrib["width"]) <= WIDTH
    assert (re.search("longer", titles[-1]) is not None) == bool(histogram.longer)
