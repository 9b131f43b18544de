"""A film's shots as one page for any browser: facts, numbers, charts, and every shot with its picture."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from seamline.exchange.files import check_target, write_text_atomically
from seamline.exchange.film_facts import duration_text, film_title, length_text, rate_text, shown_text
from seamline.exchange.footage_words import FootageWords, footage_by_shot
from seamline.exchange.label_charts import label_strips, percent_text, share_chart
from seamline.exchange.label_words import LabelWords, labels_by_shot
from seamline.exchange.shot_frames import shot_frames
from seamline.exchange.shot_statistics import (
    ShotStatistics,
    cutting_rate,
    length_histogram,
    moving_average_s,
    shot_statistics,
    usual_average_shots,
)
from seamline.exchange.shot_words import PAPER_COLOURS, words_of
from seamline.exchange.svg_charts import histogram_chart, length_chart, rate_chart
from seamline.media.jpeg import encode_jpeg
from seamline.media.pictures import RgbPicture
from seamline.media.reader import FrameReader
from seamline.progress import Progress
from seamline.project.label_statistics import KindStatistics, counted_shots, label_statistics
from seamline.project.types import Origin, Project, Seam

THUMBNAIL_BYTES = 15_000
"""What one picture of the page takes at most."""

_THUMBNAIL_LIMIT = (320, 240)
_QUALITIES = (80, 70, 60, 50, 40, 30)
_READER_BYTES = 32 << 20  # frames are read once, in order: nothing to keep


def write_html_report(
    project: Project, path: Path, *, overwrite: bool = False, progress: Progress | None = None
) -> None:
    """The report at `path`, one file that refers to nothing outside it and holds no script, whole or not at all.

    `progress` counts shots. Raises ExchangeError, MediaError or Cancelled.
    """
    sources = (project.film.path,)
    check_target(path, overwrite, sources=sources)
    labels = labels_by_shot(project)
    rows = list(_shot_rows(project, labels, footage_by_shot(project), progress))
    text = _page(project, rows, with_labels=bool(labels))
    if progress is not None:
        progress.step(len(rows), len(rows))
    write_text_atomically(path, text, overwrite=overwrite, sources=sources)


@dataclass(frozen=True, slots=True)
class _Row:
    """A shot as the page lists it; `picture` is a data address, `scale_by` and `movement_by` whose words they are."""

    number: int
    picture: str
    width: int
    height: int
    start: str
    end: str
    length: str
    frames: int
    seam: str
    confidence: str
    name: str = ""
    comment: str = ""
    colour: str = ""
    scale: str = ""
    movement: str = ""
    scale_by: str = ""
    movement_by: str = ""
    setup: str = ""
    scene: str = ""
    repeat_of: str = ""


def _shot_rows(
    project: Project,
    all_labels: Mapping[int, LabelWords],
    all_footage: Mapping[int, FootageWords],
    progress: Progress | None,
) -> Iterator[_Row]:
    shots = shot_frames(project)
    time_of = project.film.index.time_of
    with closing(FrameReader(project.film, cache_bytes=_READER_BYTES)) as reader:
        for done, frames in enumerate(shots):
            if progress is not None:
                progress.step(done, len(shots))
            picture = reader.read(frames.middle, limit=_THUMBNAIL_LIMIT).rgb
            shot = frames.shot
            words, labels = words_of(project, shot), all_labels.get(shot.number)
            footage = all_footage.get(shot.number)
            yield _Row(
                number=shot.number,
                picture="data:image/jpeg;base64," + base64.b64encode(thumbnail_jpeg(picture)).decode(),
                width=picture.shape[1],
                height=picture.shape[0],
                start=project.timecode(shot.start_frame),
                end=project.timecode(shot.end_frame),
                length=length_text(time_of(shot.end_frame) - time_of(shot.start_frame)),
                frames=shot.length,
                seam="" if shot.seam is None else _seam_words(shot.seam),
                confidence="" if shot.seam is None else _confidence_words(shot.seam),
                name="" if words is None else words.name,
                comment="" if words is None else words.comment,
                colour="" if words is None else words.colour or "",
                scale="" if labels is None else labels.scale_name,
                movement="" if labels is None else labels.movement_name,
                scale_by="editor" if labels and labels.is_scale_editors else "",
                movement_by="editor" if labels and labels.is_movement_editors else "",
                setup="" if footage is None else footage.setup,
                scene="" if footage is None else str(footage.footage.scene),
                repeat_of="" if footage is None else footage.repeat_of,
            )


def thumbnail_jpeg(picture: RgbPicture) -> bytes:
    """`picture` as JPEG of at most THUMBNAIL_BYTES: coarser where it must be, and at last smaller."""
    while True:
        for quality in _QUALITIES:
            data = encode_jpeg(picture, quality=quality)
            if len(data) <= THUMBNAIL_BYTES:
                return data
        height, width = picture.shape[:2]
        size = (max(1, width * 3 // 4), max(1, height * 3 // 4))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]


def _seam_words(seam: Seam) -> str:
    between = seam.in_frame - seam.out_frame - 1
    if not between:
        return str(seam.kind)
    return f"{seam.kind}, {between} frame{'' if between == 1 else 's'}"


def _confidence_words(seam: Seam) -> str:
    if seam.origin is Origin.USER:
        return "confirmed" if seam.is_confirmed else "set by hand"
    # 99.9 % is not certain
    return f"{min(99, int(seam.confidence * 100)) if seam.confidence < 1 else 100} %"


def _page(project: Project, rows: list[_Row], *, with_labels: bool) -> str:
    numbers, duration = shot_statistics(project), project.film.index.duration
    lengths = numbers.lengths_s
    starts = [project.film.index.time_of(shot.start_frame) for shot in numbers.shots]
    average_shots = usual_average_shots(len(lengths))
    rate = cutting_rate(project)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # only what svg_charts drew goes in as markup: it holds numbers and words of ours
    charts = {
        "rate": Markup(rate_chart(rate, duration)),
        "lengths": Markup(
            length_chart(numbers.shots, starts, lengths, moving_average_s(lengths, average_shots), duration)
        ),
        "histogram": Markup(histogram_chart(length_histogram(lengths))),
    }
    labels = _label_section(project) if with_labels else None
    return environment.get_template("html_report.jinja").render(
        title=film_title(project),
        facts=_facts(project),
        numbers=_numbers(numbers),
        seams=[(str(kind), count) for kind, count in numbers.seams.items()],
        seam_count=numbers.seam_count,
        charts=charts,
        window=_window_words(rate.window_s),
        average_shots=min(average_shots, len(lengths)),
        rows=rows,
        has_notes=any(row.name or row.comment or row.colour for row in rows),
        labels=labels,
        colours={str(colour): paint for colour, paint in PAPER_COLOURS.items()},
        has_editors_labels=any(row.scale_by or row.movement_by for row in rows),
        footage_words=_footage_words(rows),
        so_far=_so_far_words(project),
    )


def _footage_words(rows: list[_Row]) -> str:
    """How many set-ups, scenes and repeats the list has; nothing where the shots were not grouped."""
    setups, scenes = (
        {value for value in values if value}
        for values in zip(*((r.setup, r.scene) for r in rows), strict=True)
    )
    if not setups:
        return ""  # nobody looked
    repeats = sum(bool(row.repeat_of) for row in rows)
    said = [
        f"{count} {name}{'' if count == 1 else 's'}"
        for count, name in ((len(setups), "set-up"), (len(scenes), "scene"), (repeats, "repeat"))
        if count
    ]
    return f"By the analysis, the shots are of {', '.join(said)}."


def _so_far_words(project: Project) -> str:
    """What the numbers of a film analysed in part are of; nothing for a whole one."""
    frames = project.film.frame_count
    if project.analysed_frames >= frames:
        return ""
    analysed = (
        f"So far, {project.analysed_frames * 100 // frames} % of the film is analysed, "
        f"to {project.timecode(project.analysed_frames)}"
    )
    if not counted_shots(project):
        return f"{analysed}; what comes after counts as one shot."
    return f"{analysed}. Numbers and charts are of the shots that end before; the list has the rest as it is."


@dataclass(frozen=True, slots=True)
class _LabelSection:
    """What the page says of scale and movement: charts, and sentences above them."""

    scale: Markup
    movement: Markup
    strips: Markup
    scale_words: str
    movement_words: str


def _label_section(project: Project) -> _LabelSection:
    numbers = label_statistics(project)
    index = project.film.index
    of_what = "the film" if numbers.analysed_01 == 1 else "the film so far"
    published = ", ".join(
        f"{share.value.lower()} {percent_text(share)}" for share in numbers.published.classes
    )
    return _LabelSection(
        _shares("Shots of each scale", numbers.scale, with_empty=True),
        _shares("Shots of each movement", numbers.movement),
        # charts hold numbers and words of ours
        Markup(label_strips(numbers.scale, numbers.movement, index.time_of, index.duration)),
        _coverage_words("scale", numbers.scale, of_what),
        _coverage_words("movement", numbers.movement, of_what)
        + (f" In the four classes of MovieShots: {published}." if numbers.published.labelled_shots else ""),
    )


def _shares(title: str, kind: KindStatistics, *, with_empty: bool = False) -> Markup:
    """The chart; nothing where no shot has a class. `with_empty`: with the classes that no shot has."""
    if not kind.labelled_shots:
        return Markup("")
    left = {kind.unsure, kind.unlabelled}
    shares = [share for share in kind.shares if share.shots or (with_empty and share not in left)]
    return Markup(share_chart(title, shares))


def _coverage_words(name: str, kind: KindStatistics, of_what: str) -> str:
    """How much has a class, such as “Labelled: 62 % of the film.”"""
    if kind.labelled_shots:
        return f"Labelled: {kind.labelled_percent_of_time or '<1'} % of {of_what}."
    unsure, left = kind.unsure.shots, kind.unlabelled.shots
    parts = [f"{unsure} shot{' is' if unsure == 1 else 's are'} unsure"] if unsure else []
    if left:
        what = str(left) if unsure else f"{left} shot{'' if left == 1 else 's'}"
        parts.append(f"{what} {'was' if left == 1 else 'were'} not looked at")
    return f"No shot has a {name}{': ' if parts else ''}{', '.join(parts)}."


def _window_words(window_s: Fraction) -> str:
    if window_s == 1:
        return "second"
    return f"{float(window_s):g} seconds" if window_s < 60 else f"{float(window_s / 60):g} min"


def _numbers(numbers: ShotStatistics) -> list[tuple[str, str, str]]:
    """Name, value and a remark each."""
    return [
        ("Shots", str(numbers.shot_count), ""),
        ("Average shot length", length_text(numbers.mean_s), "ASL"),
        ("Median shot length", length_text(numbers.median_s), "MSL"),
        ("Standard deviation", length_text(numbers.deviation_s), "of all shots"),
        ("Shortest shot", length_text(numbers.shortest_s), f"shot {numbers.shortest.number}"),
        ("Longest shot", length_text(numbers.longest_s), f"shot {numbers.longest.number}"),
        ("Cuts a minute", f"{float(numbers.cuts_per_minute):.1f}", "seams of every kind"),
    ]


def _facts(project: Project) -> list[tuple[str, str]]:
    film, info = project.film, project.film.info
    width, height = info.display_size
    facts = [
        ("File", shown_text(film.path.name)),
        ("Duration", f"{duration_text(film.index.duration)} ({film.frame_count} frames)"),
        ("Picture", f"{width} × {height}, {info.codec}, {info.pixel_format}"),
        ("Frame rate", rate_text(project)),
        ("Start timecode", _start_words(project)),
    ]
    reel = project.reel or info.reel
    if reel:
        facts.append(("Reel", shown_text(reel)))
    sound = info.audio
    if sound is not None:
        channels = f"{sound.channels} channel{'' if sound.channels == 1 else 's'}"
        facts.append(("Sound", f"{sound.codec}, {sound.sample_rate / 1000:g} kHz, {channels}"))
    if project.correction_count:
        facts.append(("Corrected by hand", str(project.correction_count)))
    facts.append(("Fingerprint", film.fingerprint))
    return facts


def _start_words(project: Project) -> str:
    if project.start_frame is not None:
        return f"{project.timecode(0)} (set by hand)"
    if project.film.info.start_frame is None:
        return f"{project.timecode(0)} (the file has none)"
    return project.timecode(0)
