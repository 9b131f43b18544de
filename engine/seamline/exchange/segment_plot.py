"""A segmentation drawn: its score along the film with segments and keyframes, and the map of its frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from seamline.analysis.frame_map import FrameMap
from seamline.analysis.segmentation import Segmentation
from seamline.analysis.stage import FloatArray
from seamline.errors import ExchangeError
from seamline.exchange.files import written_whole
from seamline.media.pictures import RgbPicture
from seamline.project.types import Project, Seam, SeamKind

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".svg")
PICTURE_LIMIT = (240, 240)
"""Width and height that the keyframes' pictures need at most."""

_WIDTH_IN, _DPI = 16.0, 110
_INK, _QUIET, _FAINT = "#2b2b2b", "#7a7a7a", "#e4e4e4"
_CURVE, _THRESHOLD = "#4a4a4a", "#c2552d"
_BANDS = ("#dfe3e6", "#c9d0d5")
# Okabe and Ito, "Color Universal Design", 2008, dark enough for white paper; a letter each, too
_SEAMS = {
    SeamKind.CUT: ("#8a7a00", "cut"),
    SeamKind.DISSOLVE: ("#0072b2", "dissolve"),
    SeamKind.FADE: ("#a8527f", "fade"),
    SeamKind.WIPE: ("#00805f", "wipe"),
}
_MOST_PICTURES = 12
_PICTURE_PT = _WIDTH_IN * 0.93 * 72 / _MOST_PICTURES * 0.94  # wide, in the strip
_STRIP_FOOT = 0.2  # the share of the strip below its pictures
_MAP_IN, _MAP_PICTURE_PT = 10.5, 72
_MAP_PICTURE_SIZE = np.array([0.125, 0.1], np.float32)  # with some room, of the map's longer side
_FEWEST_PX_PER_NUMBER = 18


def check_plot_path(path: Path) -> None:
    """Raises ExchangeError for a suffix that no plot can be written in."""
    if path.suffix.lower() not in SUFFIXES:
        raise ExchangeError(
            f"“{path}” is no kind of picture that a plot can be: let its name end in .png or .svg."
        )


def strip_keyframes(segmentation: Segmentation) -> list[int]:
    """The keyframes whose pictures the plot shows: as many as fit, spread over the film."""
    count = segmentation.sampling.frame_count
    chosen: dict[int, tuple[float, int]] = {}
    for keyframe in (keyframe for group in segmentation.keyframes for keyframe in group):
        slot = keyframe.frame * _MOST_PICTURES // max(1, count)
        off = abs((slot + 0.5) * count / _MOST_PICTURES - keyframe.frame)
        chosen[slot] = min(chosen.get(slot, (off, keyframe.frame)), (off, keyframe.frame))
    return sorted(frame for _, frame in chosen.values())


def map_keyframes(segmentation: Segmentation, frame_map: FrameMap) -> list[int]:
    """The keyframes whose pictures the map shows: those furthest from each other on it, without overlap."""
    place = {int(frame): at for at, frame in enumerate(frame_map.frames)}
    frames = [frame for frame in segmentation.keyframe_numbers if frame in place]
    if not frames:
        return []
    spots = frame_map.positions[[place[frame] for frame in frames]] / _MAP_PICTURE_SIZE
    chosen, nearest = [0], np.abs(spots - spots[0]).max(1)
    while len(chosen) < len(frames) and nearest.max() > 1:
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, np.abs(spots - spots[chosen[-1]]).max(1))
    return sorted(frames[at] for at in chosen)


def write_score_plot(
    segmentation: Segmentation,
    project: Project,
    pictures: Mapping[int, RgbPicture],
    path: Path,
    *,
    overwrite: bool,
    sources: Iterable[Path] = (),
) -> None:
    """The score along the film, labelled in timecode, with its threshold, the known seams, the segments by
    number and the pictures of `strip_keyframes`. PNG or SVG by the suffix of `path`. Raises ExchangeError.
    """
    from matplotlib.figure import Figure  # takes a second to import

    shown = {frame: pictures[frame] for frame in strip_keyframes(segmentation) if frame in pictures}
    high_pt = max((_strip_zoom(picture) * picture.shape[0] for picture in shown.values()), default=0)
    heights_in = [high_pt / 72 / (1 - _STRIP_FOOT) + 0.05, 3.0, 0.5]
    # what the title, the ticks and the spaces need besides
    size_in = (_WIDTH_IN, sum(heights_in) + 1.1)
    figure = Figure(figsize=size_in, dpi=_DPI, facecolor="white", layout=_layout())
    strip, score, bands = figure.subplots(3, 1, sharex=True, height_ratios=heights_in)
    last = max(1, segmentation.sampling.frame_count)
    score.set_xlim(0, last)
    _draw_strip(strip, shown, last)
    _draw_scores(score, segmentation, project)
    _draw_bands(bands, segmentation, last)
    bands.xaxis.set_major_formatter(_timecode_formatter(project))
    bands.xaxis.set_major_locator(_time_locator(project))
    count = len(segmentation.segments)
    method = f"{segmentation.settings.method} rule, sensitivity {segmentation.settings.sensitivity:g}"
    title = f"{project.film.path.name}: {count} {'segment' if count == 1 else 'segments'} ({method})"
    strip.set_title(title, loc="left", fontsize=12, color=_INK, pad=10, parse_math=False)
    _save(figure, path, overwrite=overwrite, sources=sources)


def write_map_plot(
    frame_map: FrameMap,
    segmentation: Segmentation,
    project: Project,
    pictures: Mapping[int, RgbPicture],
    path: Path,
    *,
    overwrite: bool,
    sources: Iterable[Path] = (),
) -> None:
    """The film's frames as points of a plane, coloured by their time, with pictures of `map_keyframes`.

    PNG or SVG by the suffix of `path`. Raises ExchangeError.
    """
    from matplotlib.figure import Figure
    from matplotlib.offsetbox import AnnotationBbox, OffsetImage

    spots = frame_map.positions
    low, high = _map_limits(spots)
    height_in = _MAP_IN * float((high[1] - low[1]) / (high[0] - low[0])) * 0.86 + 0.5
    figure = Figure(figsize=(_MAP_IN, height_in), dpi=_DPI, facecolor="white", layout=_layout())
    axes = figure.subplots()
    axes.plot(spots[:, 0], spots[:, 1], color=_FAINT, linewidth=0.6, zorder=1)
    points = axes.scatter(
        spots[:, 0],
        spots[:, 1],
        c=frame_map.frames,
        cmap="viridis",
        vmin=0,
        vmax=max(1, segmentation.sampling.frame_count),
        s=14,
        linewidths=0,
        zorder=2,
    )
    place = {int(frame): at for at, frame in enumerate(frame_map.frames)}
    for frame in map_keyframes(segmentation, frame_map):
        if frame not in pictures:
            continue
        picture = pictures[frame]
        zoom = _MAP_PICTURE_PT / max(picture.shape[1], picture.shape[0] * 1.4)
        spot = float(spots[place[frame], 0]), float(spots[place[frame], 1])
        colour = points.to_rgba(np.array(frame))
        box = AnnotationBbox(
            OffsetImage(picture, zoom=zoom),
            spot,
            xybox=(0, 34),
            boxcoords="offset points",
            pad=0.12,
            bboxprops={"edgecolor": colour, "linewidth": 1.2},
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.9},
            annotation_clip=False,
        )
        box.set_zorder(3)
        axes.add_artist(box)
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    title = f"{project.film.path.name}: frames of like content lie together (t-SNE)"
    axes.set_title(title, loc="left", fontsize=12, color=_INK, parse_math=False)
    bar = figure.colorbar(
        points,
        ax=axes,
        shrink=0.6,
        aspect=40,
        pad=0.01,
        format=_timecode_formatter(project),
        ticks=_time_locator(project),
    )
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=8, colors=_QUIET, length=0)
    _save(figure, path, overwrite=overwrite, sources=sources)


def _map_limits(spots: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The lower left and upper right corner of what the map shows: all spots, with room for the pictures."""
    low = spots.min(0) if len(spots) else np.zeros(2, np.float32)
    high = spots.max(0) if len(spots) else np.ones(2, np.float32)
    # not flatter than 2:1 where all lie in a line
    spare = np.maximum(0, (0.5 - (high - low)) / 2)
    margin = np.array([0.07, 0.04], np.float32)
    return low - spare - margin, high + spare + margin + np.array([0, 0.07], np.float32)


def _draw_strip(axes: Axes, pictures: Mapping[int, RgbPicture], last: int) -> None:
    from matplotlib.offsetbox import AnnotationBbox, OffsetImage

    axes.set_ylim(0, 1)
    axes.spines[:].set_visible(False)
    axes.tick_params(bottom=False, left=False, labelleft=False, labelbottom=False)
    frames = sorted(pictures)
    for frame, middle in zip(frames, _spread(frames, last), strict=True):
        image = OffsetImage(pictures[frame], zoom=_strip_zoom(pictures[frame]))
        box = AnnotationBbox(
            image, (middle, _STRIP_FOOT), box_alignment=(0.5, 0), frameon=False, pad=0, annotation_clip=False
        )
        axes.add_artist(box)
        # a line from each picture to its place, as the pictures need more room than their frames
        axes.plot(
            [middle, middle, frame],
            [_STRIP_FOOT, _STRIP_FOOT - 0.05, -0.02],
            color=_QUIET,
            linewidth=0.7,
            clip_on=False,
        )


def _strip_zoom(picture: RgbPicture) -> float:
    """Points a pixel."""
    height, width = picture.shape[:2]
    return min(_PICTURE_PT / int(width), 1.4 * _PICTURE_PT / int(height))


def _spread(frames: list[int], last: int) -> list[float]:
    """Where to put pictures of one slot's width so that they do not overlap, each as near its frame as may be."""
    slot = last / _MOST_PICTURES
    middles = [float(frame) for frame in frames]
    for at in range(len(middles)):
        middles[at] = max(middles[at], slot / 2 if at == 0 else middles[at - 1] + slot)
    for at in reversed(range(len(middles))):
        middles[at] = min(middles[at], last - slot / 2 if at == len(middles) - 1 else middles[at + 1] - slot)
    return middles


def _draw_scores(axes: Axes, segmentation: Segmentation, project: Project) -> None:
    # each score reaches back to the sample before it
    scores = np.concatenate([segmentation.scores[:1], segmentation.scores])
    frames = segmentation.sampling.frames[: len(scores)]
    axes.fill_between(frames, scores, step="pre", color=_FAINT, linewidth=0)
    axes.step(frames, scores, where="pre", color=_CURVE, linewidth=0.9, label="score")
    thresholds = np.minimum(segmentation.thresholds, 1.04)
    axes.plot(segmentation.gap_frames, thresholds, color=_THRESHOLD, linewidth=1.3, label="threshold")
    drawn: set[SeamKind] = set()
    for seam in project.seams:
        _draw_seam(axes, seam, is_first=seam.kind not in drawn)
        drawn.add(seam.kind)
    for number, segment in enumerate(segmentation.segments[1:]):
        label = "segment begins" if number == 0 else None
        axes.axvline(segment.start_frame, color=_INK, linewidth=0.8, linestyle=(0, (2, 2)), label=label)
    axes.set_ylim(0, 1.13)
    axes.set_yticks([0, 0.5, 1])
    axes.set_ylabel("change of content", color=_QUIET, fontsize=9)
    axes.tick_params(colors=_QUIET, labelsize=8, length=0, labelbottom=False)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(_FAINT)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(
            loc="lower right", bbox_to_anchor=(1, 1), ncols=7, fontsize=8, frameon=False,
            labelcolor=_QUIET, borderaxespad=0, handlelength=1.6,
        )  # fmt: skip


def _draw_seam(axes: Axes, seam: Seam, *, is_first: bool) -> None:
    """A bar over the curve, as long as the seam."""
    colour, name = _SEAMS[seam.kind]
    name = name if is_first else ""
    if seam.kind is SeamKind.CUT:
        at = seam.in_frame
        axes.plot([at], [1.09], "|", color=colour, markersize=10, markeredgewidth=1.8, label=name or None)
    else:
        ends = [seam.out_frame + 1, seam.in_frame]
        axes.plot(ends, [1.09, 1.09], color=colour, linewidth=6, solid_capstyle="butt", label=name or None)


def _draw_bands(axes: Axes, segmentation: Segmentation, last: int) -> None:
    axes.set_ylim(0, 1)
    for segment, keyframes in zip(segmentation.segments, segmentation.keyframes, strict=True):
        axes.axvspan(segment.start_frame, segment.end_frame, color=_BANDS[segment.number % 2], linewidth=0)
        wide_px = segment.length / last * _WIDTH_IN * 0.93 * _DPI
        if wide_px > _FEWEST_PX_PER_NUMBER:
            middle = (segment.start_frame + segment.end_frame) / 2
            axes.text(middle, 0.62, str(segment.number), ha="center", va="center", fontsize=8, color=_INK)
        marks = [keyframe.frame for keyframe in keyframes]
        axes.plot(marks, [0.17] * len(marks), ".", color=_THRESHOLD, markersize=4, clip_on=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(colors=_QUIET, labelsize=8, length=3, left=False, labelleft=False)


def _timecode_formatter(project: Project) -> Any:
    from matplotlib.ticker import FuncFormatter

    count = project.film.frame_count

    def label(frame: float, _: object) -> str:
        return project.timecode(min(max(0, round(frame)), count))

    return FuncFormatter(label)


def _time_locator(project: Project) -> Any:
    """Ticks at round times: every 1, 2, 5, 10, 15, 30 seconds or minutes, no more than twelve."""
    from matplotlib.ticker import MultipleLocator

    film = project.film
    duration_s = float(film.index.duration)
    steps_s = [unit * step for unit in (1, 60, 3600) for step in (1, 2, 5, 10, 15, 30)]
    step_s = next((step for step in steps_s if duration_s / step <= 12), steps_s[-1])
    return MultipleLocator(step_s * film.frame_count / duration_s)


def _layout() -> Any:
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    return ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08)


def _save(figure: Figure, path: Path, *, overwrite: bool, sources: Iterable[Path]) -> None:
    check_plot_path(path)
    kind = path.suffix.lower()[1:]
    with written_whole(path, overwrite=overwrite, sources=sources) as part:
        # no date within: the same film gives the same file
        figure.savefig(part, format=kind, metadata={"Date": None} if kind == "svg" else None)
