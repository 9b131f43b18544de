"""Charts of a film's shots as SVG that stands within a page: no script, no style of its own but class names.

The page says how the classes look: `grid` and `axis` lines, `bar`, `area` and `line`, `rest` as what is not known yet,
and text as `tick` or `unit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from xml.etree import ElementTree as ET

from seamline.exchange.film_facts import length_text
from seamline.exchange.shot_statistics import CuttingRate, Histogram
from seamline.project.types import Shot

WIDTH, HEIGHT = 920, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 10, 26, 28
_STEPS_S = tuple(unit * step for unit in (1, 60, 3600) for step in (1, 2, 5, 10, 15, 30))
_MOST_TICKS = 10
_LINES = 4
_HATCH_PX = 9


@dataclass(frozen=True, slots=True)
class Plane:
    """Maps 0..`right` and 0..`top` to the area of a chart of that height."""

    right: float
    top: float
    height: float = HEIGHT

    def x(self, value: float | Fraction) -> float:
        return _LEFT + float(value) / self.right * (WIDTH - _LEFT - _RIGHT)

    def y(self, value: float | Fraction) -> float:
        return self.height - _BOTTOM - float(value) / self.top * (self.height - _TOP - _BOTTOM)


def rate_chart(rate: CuttingRate, duration_s: Fraction | None = None) -> str:
    """Cuts a minute along the film, as a line over its area; hatched from the rate's end to `duration_s`."""
    end = rate.times_s[-1]
    plane = Plane(float(max(end, duration_s or end)), _round_top(max(rate.cuts_per_minute)))
    svg = _chart("Cutting rate along the film", "cuts a minute", plane)
    add_time_ticks(svg, plane)
    add_rest(svg, plane, end)
    points = [
        f"{plane.x(time):.1f},{plane.y(value):.1f}"
        for time, value in zip(rate.times_s, rate.cuts_per_minute, strict=True)
    ]
    floor = f"{plane.y(0):.1f}"
    corners = [f"{plane.x(0):.1f},{floor}", *points, f"{plane.x(end):.1f},{floor}"]
    add_element(svg, "polygon", points=" ".join(corners), **{"class": "area"})
    add_element(svg, "polyline", points=" ".join(points), **{"class": "line"})
    return markup_of(svg)


def length_chart(
    shots: Sequence[Shot],
    starts_s: Sequence[Fraction],
    lengths_s: Sequence[Fraction],
    average_s: Sequence[Fraction],
    duration_s: Fraction | None = None,
) -> str:
    """Each shot as a bar as wide as its place in the film and as high as its length, with their moving average.

    What follows the last one up to `duration_s` is hatched.

    Every bar leads to the element `shot-<number>` of the page.
    """
    end = starts_s[-1] + lengths_s[-1]
    plane = Plane(float(max(end, duration_s or end)), _round_top(max(lengths_s)))
    svg = _chart("Length of every shot along the film", "seconds", plane)
    add_time_ticks(svg, plane)
    add_rest(svg, plane, end)
    for shot, start, length in zip(shots, starts_s, lengths_s, strict=True):
        left, right, top = plane.x(start), plane.x(start + length), plane.y(length)
        link = add_element(svg, "a", href=f"#shot-{shot.number}")
        width = right - left
        bar = add_element(
            link,
            "rect",
            x=f"{left:.2f}",
            y=f"{top:.1f}",
            width=f"{max(0.3, width - min(1, width / 4)):.2f}",  # a little air, so that shots are told apart
            height=f"{plane.y(0) - top:.1f}",
            **{"class": "bar"},
        )
        add_element(bar, "title").text = f"Shot {shot.number}: {length_text(length)}"
    middles = [start + length / 2 for start, length in zip(starts_s, lengths_s, strict=True)]
    points = " ".join(
        f"{plane.x(at):.1f},{plane.y(value):.1f}" for at, value in zip(middles, average_s, strict=True)
    )
    add_element(svg, "polyline", points=points, **{"class": "line"})
    return markup_of(svg)


def histogram_chart(histogram: Histogram) -> str:
    """How many shots have which length; what is longer than the bins reach stands apart at the right."""
    counts = [*histogram.counts, *([histogram.longer] if histogram.longer else [])]
    plane = Plane(
        max(8, len(counts) + (0.6 if histogram.longer else 0)), _round_top(max(counts), is_whole=True)
    )
    svg = _chart("How many shots have which length", "shots", plane)
    reach = len(histogram.counts)
    for at, count in enumerate(counts):
        is_longer = at == reach
        left = at + 0.6 if is_longer else at
        low, high = (length_text(histogram.bin_s * n) for n in (at, at + 1))
        words = f"{low} and longer" if is_longer else f"{low} to {high}"
        bar = add_element(
            svg,
            "rect",
            x=f"{plane.x(left) + 1.5:.1f}",
            y=f"{plane.y(count):.1f}",
            width=f"{plane.x(1) - plane.x(0) - 3:.1f}",
            height=f"{plane.y(0) - plane.y(count):.1f}",
            **{"class": "bar"},
        )
        add_element(bar, "title").text = f"{words}: {count}"
        if count:
            middle = plane.x(left + 0.5)
            add_text(svg, middle, plane.y(count) - 4, str(count), "tick", "middle")
        if is_longer:
            add_text(svg, plane.x(left + 0.5), HEIGHT - 9, "longer", "tick", "middle")
    every = max(1, -(-reach // 12))
    for at in range(0, reach + 1, every):
        add_text(svg, plane.x(at), HEIGHT - 9, f"{float(histogram.bin_s * at):g}", "tick", "middle")
    if not histogram.longer and reach < plane.right - 0.5:
        add_text(svg, WIDTH - _RIGHT, HEIGHT - 9, "seconds", "unit", "end")
    return markup_of(svg)


def _chart(title: str, unit: str, plane: Plane) -> ET.Element:
    """An empty chart with lines across at round values."""
    svg = ET.Element("svg", {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img", "aria-label": title})
    add_text(svg, 0, 12, unit, "unit", "start")
    step = plane.top / _LINES
    for at in range(_LINES + 1):
        y = plane.y(at * step)
        add_element(
            svg, "line", x1=str(_LEFT), x2=str(WIDTH - _RIGHT), y1=f"{y:.1f}", y2=f"{y:.1f}",
            **{"class": "grid" if at else "axis"},
        )  # fmt: skip
        add_text(svg, _LEFT - 7, y + 4, f"{at * step:g}", "tick", "end")
    return svg


def add_time_ticks(svg: ET.Element, plane: Plane) -> None:
    """Round times beneath the chart, whose `right` is the film's length in seconds."""
    step = next((step for step in _STEPS_S if plane.right / step <= _MOST_TICKS), _STEPS_S[-1])
    for at in range(int(plane.right // step) + 1):
        seconds = at * step
        x = plane.x(seconds)
        minutes, rest = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        label = f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
        add_element(
            svg, "line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=f"{plane.y(0):.1f}", y2=f"{plane.y(0) + 4:.1f}",
            **{"class": "axis"},
        )  # fmt: skip
        if x < WIDTH - 20:
            add_text(svg, x, plane.height - 9, label, "tick", "middle")


def add_rest(
    svg: ET.Element, plane: Plane, from_s: Fraction, top: float | None = None, bottom: float | None = None
) -> None:
    """Hatch what is not known yet, from a time to the end; as high as the chart, or from `top` to `bottom`."""
    left, right = plane.x(from_s), plane.x(plane.right)
    if right - left < 0.5:
        return
    top, bottom = plane.y(plane.top) if top is None else top, plane.y(0) if bottom is None else bottom
    # slanted lines cut off at the area's edges: x + y is the same along each
    sums = (
        left + top + step * _HATCH_PX for step in range(int((right - left + bottom - top) // _HATCH_PX) + 1)
    )
    lines = (
        f"M{max(left, total - bottom):.1f} {min(bottom, total - left):.1f}"
        f"L{min(right, total - top):.1f} {max(top, total - right):.1f}"
        for total in sums
    )
    path = add_element(svg, "path", d="".join(lines), **{"class": "rest"})
    add_element(path, "title").text = "not analysed yet"


def _round_top(value: float | Fraction, *, is_whole: bool = False) -> float:
    """The next round value above that has four round parts, and whole ones if `is_whole`."""
    power = 0 if is_whole else -2
    while True:
        for factor in (4, 8, 12, 16, 20, 24, 32):
            top = factor * 10.0**power
            if top >= value:
                return top
        power += 1


def add_element(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, tag, attributes)


def add_text(svg: ET.Element, x: float, y: float, text: str, kind: str, anchor: str) -> None:
    attributes = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "class": kind}
    ET.SubElement(svg, "text", attributes).text = text


def markup_of(svg: ET.Element) -> str:
    return ET.tostring(svg, encoding="unicode")
