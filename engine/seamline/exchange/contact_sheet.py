"""A film's shots on one sheet: the middle of each, with number, timecode and length. PNG or PDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from seamline.errors import ExchangeError
from seamline.exchange.files import written_whole
from seamline.exchange.film_facts import film_line, film_title, length_text
from seamline.exchange.footage_words import FootageWords, footage_by_shot
from seamline.exchange.label_words import EDITOR_MARK, LabelWords, labels_by_shot
from seamline.exchange.sheet_layout import LINE_EMS, PDF_DPI, SheetLayout, page_layout, single_layout
from seamline.exchange.shot_frames import ShotFrames, shot_frames
from seamline.exchange.shot_statistics import shot_lengths_s
from seamline.exchange.shot_words import PAPER_COLOURS, ShotWords, words_of
from seamline.media.reader import FrameReader
from seamline.progress import Progress
from seamline.project.types import Project, ShotColour

SUFFIXES = (".png", ".pdf")

_PAPER, _INK, _QUIET, _FAINT = "#ffffff", "#1f1f1f", "#6b6b6b", "#dcdcdc"
_PNG_LEVEL = 3  # a large sheet takes seconds, not a quarter of a minute
_JPEG_QUALITY = 88  # of the pages of a PDF
_READER_BYTES = 32 << 20  # frames are read once, in order: nothing to keep


def write_contact_sheet(
    project: Project,
    path: Path,
    *,
    columns: int | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> None:
    """The sheet at `path`, whole or not at all: one picture as .png, A4 pages across as .pdf.

    Without `columns`, as many as suit the film's aspect. `progress` counts shots. A page of the PDF is one
    picture (at 254 dots an inch), so that both look the same; its text cannot be searched.
    Raises ExchangeError, MediaError or Cancelled.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ExchangeError(f"“{path}” is no kind of contact sheet: let its name end in .png or .pdf.")
    labels, footage = labels_by_shot(project), footage_by_shot(project)
    aspect = project.film.info.display_aspect
    extra_lines = _extra_lines(project, labels) + bool(footage)
    if suffix == ".pdf":
        layout = page_layout(aspect, columns, extra_lines)
    else:
        layout = single_layout(aspect, columns, len(project.shots), extra_lines)
    with written_whole(path, overwrite=overwrite, sources=(project.film.path,)) as part:
        for number, page in enumerate(_pages(project, layout, labels, footage, progress)):
            if suffix == ".png":
                page.save(part, "PNG", compress_level=_PNG_LEVEL)
            else:
                # page by page, so that memory holds one; no date within: the same film gives the same file
                page.save(
                    part,
                    "PDF",
                    append=number > 0,
                    resolution=PDF_DPI,
                    quality=_JPEG_QUALITY,
                    title=film_title(project) if number == 0 else None,
                    creationDate=None,
                    modDate=None,
                )
        if progress is not None:
            progress.step(len(project.shots), len(project.shots))


def _pages(
    project: Project,
    layout: SheetLayout,
    labels: Mapping[int, LabelWords],
    footage: Mapping[int, FootageWords],
    progress: Progress | None,
) -> Iterator[Image.Image]:
    shots = shot_frames(project)
    lengths = shot_lengths_s(project)
    page_count = -(-len(shots) // layout.cells)
    is_marked = any(found.is_scale_editors or found.is_movement_editors for found in labels.values())
    legend = f"{EDITOR_MARK} labelled by the editor" if is_marked else ""
    with closing(FrameReader(project.film, cache_bytes=_READER_BYTES)) as reader:
        for page_number in range(page_count):
            page = Image.new("RGB", (layout.page_width, layout.page_height), _PAPER)
            draw = ImageDraw.Draw(page)
            _draw_head(draw, project, layout, page_number + 1, page_count, legend)
            first = page_number * layout.cells
            for cell, frames in enumerate(shots[first : first + layout.cells]):
                if progress is not None:
                    progress.step(first + cell, len(shots))
                _draw_picture(page, layout, cell, _picture(reader, frames, layout))
                length = length_text(lengths[first + cell])
                label_text = _label_text(labels.get(frames.shot.number))
                shared = footage.get(frames.shot.number)
                lines = [label_text, "" if shared is None else shared.short]
                _draw_caption(draw, project, layout, cell, frames, length, lines)
            yield page


def _picture(reader: FrameReader, frames: ShotFrames, layout: SheetLayout) -> Image.Image:
    size = (layout.picture_width, layout.picture_height)
    picture = Image.fromarray(reader.read(frames.middle, limit=size).rgb)
    # a film of fewer lines is enlarged
    return picture if picture.size == size else picture.resize(size, Image.Resampling.BICUBIC)


def _draw_picture(page: Image.Image, layout: SheetLayout, cell: int, picture: Image.Image) -> None:
    left, top = layout.corner(cell)
    page.paste(picture, (left, top))
    # so that a white picture has an edge on white paper
    box = (left - 1, top - 1, left + layout.picture_width, top + layout.picture_height)
    ImageDraw.Draw(page).rectangle(box, outline=_FAINT)


def _draw_caption(
    draw: ImageDraw.ImageDraw,
    project: Project,
    layout: SheetLayout,
    cell: int,
    frames: ShotFrames,
    length: str,
    lines: Sequence[str],
) -> None:
    """The shot's number and its length at both ends of one line, its first frame's timecode beneath.

    Then those of the `lines` that say something, its labels and its set-up, and its note.
    """
    left, top = layout.corner(cell)
    em = layout.type_px
    first_line = top + layout.picture_height + LINE_EMS * em
    right = left + layout.picture_width
    draw.text((left, first_line), str(frames.shot.number), _INK, _font(em, is_bold=True), anchor="ls")
    draw.text((right, first_line), length, _INK, _font(em), anchor="rs")
    timecode = project.timecode(frames.shot.start_frame)
    draw.text((left, first_line + LINE_EMS * em), timecode, _QUIET, _font(em), anchor="ls")
    last_line = first_line + LINE_EMS * em
    words = words_of(project, frames.shot)
    if words is not None and words.colour is not None:
        _draw_colour(draw, layout, cell, last_line, words.colour)
    for line in filter(None, lines):
        last_line += LINE_EMS * em
        text = _shortened(line, _font(em), layout.picture_width)
        draw.text((left, last_line), text, _INK, _font(em), anchor="ls")
    if words is not None:
        _draw_words(draw, layout, cell, last_line, words)


def _label_text(labels: LabelWords | None) -> str:
    """What is sure of a shot's labels, such as “MS* · pan left”, the scale being the editor's word."""
    return "" if labels is None else " · ".join(labels.short_marked)


def _extra_lines(project: Project, labels: Mapping[int, LabelWords]) -> int:
    """One where a shot has a label that is sure, one where a shot has a name, and one where a shot has a comment."""
    words = [found for shot in project.shots if (found := words_of(project, shot)) is not None]
    has_labels = any(map(_label_text, labels.values()))
    return has_labels + any(found.name for found in words) + any(found.comment for found in words)


def _draw_colour(
    draw: ImageDraw.ImageDraw, layout: SheetLayout, cell: int, second_line: float, colour: ShotColour
) -> None:
    """A stripe of the colour under the picture, and its word at the end of the second line."""
    (left, top), em = layout.corner(cell), layout.type_px
    right, bottom = left + layout.picture_width, top + layout.picture_height
    draw.rectangle((left, bottom, right - 1, round(bottom + 0.3 * em)), PAPER_COLOURS[colour])
    draw.text((right, second_line), str(colour), _QUIET, _font(em), anchor="rs")


def _draw_words(
    draw: ImageDraw.ImageDraw, layout: SheetLayout, cell: int, last_line: float, words: ShotWords
) -> None:
    """Name and comment have a line each below `last_line`, as far as the picture is wide."""
    (left, _), em = layout.corner(cell), layout.type_px
    baseline = last_line
    for text, ink, is_bold in ((words.name, _INK, True), (words.comment_line, _QUIET, False)):
        if text:
            baseline += LINE_EMS * em
            font = _font(em, is_bold=is_bold)
            draw.text((left, baseline), _shortened(text, font, layout.picture_width), ink, font, anchor="ls")


def _draw_head(
    draw: ImageDraw.ImageDraw, project: Project, layout: SheetLayout, page: int, page_count: int, legend: str
) -> None:
    """Title and facts, and at the right the page's number and the `legend`."""
    em = layout.type_px * 1.15 if page_count == 1 else layout.type_px
    em = max(em, layout.head / 9)
    left, right = layout.margin, layout.page_width - layout.margin
    baseline = layout.head - 3.6 * em
    room = right - left
    if page_count > 1:
        label = f"{page} / {page_count}"
        draw.text((right, baseline), label, _QUIET, _font(em), anchor="rs")
        room -= int(_font(em).getlength(label) + 2 * em)
    title = _shortened(film_title(project), _font(1.7 * em, is_bold=True), room)
    draw.text((left, baseline), title, _INK, _font(1.7 * em, is_bold=True), anchor="ls")
    room = right - left
    if legend:
        draw.text((right, baseline + 1.7 * em), legend, _QUIET, _font(em), anchor="rs")
        room -= int(_font(em).getlength(legend) + 2 * em)
    line = _shortened(film_line(project), _font(em), room)
    draw.text((left, baseline + 1.7 * em), line, _QUIET, _font(em), anchor="ls")


def _shortened(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """`text`, or as much of it as fits, with “…”."""
    if font.getlength(text) <= width:
        return text
    kept = next((n for n in range(len(text), 0, -1) if font.getlength(text[:n] + "…") <= width), 0)
    return text[:kept].rstrip() + "…"


@cache
def _font(em_px: float, *, is_bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu Sans, which comes with matplotlib: the same on every system, with Greek and Cyrillic."""
    from matplotlib import get_data_path

    name = "DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(get_data_path(), "fonts", "ttf", name), em_px)
