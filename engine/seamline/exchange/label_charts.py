"""Charts of a film's shot scales and camera movements, as SVG in the manner of `svg_charts`.

Fills are attributes, as there are many; the name stands beside each bar, in the strips in its title. The page says how
the classes `track` (the room of a bar, which is all of the time), `unsure` and `unlabelled` look.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from xml.etree import ElementTree as ET

from seamline.exchange.film_facts import length_text
from seamline.exchange.label_words import (
    MOVEMENT_NAMES,
    PAPER_LABEL_COLOURS,
    SCALE_NAMES,
    UNLABELLED_NAME,
    UNSURE_NAME,
)
from seamline.exchange.svg_charts import (
    WIDTH,
    Plane,
    add_element,
    add_rest,
    add_text,
    add_time_ticks,
    markup_of,
)
from seamline.project.label_statistics import UNLABELLED, UNSURE, KindStatistics, LabelRun, LabelShare

NAMES: Mapping[str, str] = {
    **{scale.value: name for scale, name in SCALE_NAMES.items()},
    **{movement.value: name for movement, name in MOVEMENT_NAMES.items()},
    UNSURE: UNSURE_NAME,
    UNLABELLED: UNLABELLED_NAME,
}
"""How each class is called, and what has none."""

_ROW_PX, _NAME_PX, _BAR_PX = 26, 160, 380
_STRIP_HEIGHT, _STRIP_PX, _STRIP_TOPS = 162, 34, (22, 82)


def share_chart(title: str, shares: Sequence[LabelShare]) -> str:
    """A bar a share, all of its track being all of the time, with the numbers behind it."""
    height = _ROW_PX * len(shares)
    svg = ET.Element("svg", {"viewBox": f"0 0 {WIDTH} {height}", "role": "img", "aria-label": title})
    for row, share in enumerate(shares):
        middle = row * _ROW_PX + _ROW_PX / 2
        add_text(svg, _NAME_PX - 12, middle + 4, NAMES[share.value], "tick", "end")
        width = max(1.0 if share.shots else 0.0, share.share_of_time_01 * _BAR_PX)
        place = {"x": str(_NAME_PX), "y": f"{middle - 8:.1f}", "height": "16"}
        add_element(svg, "rect", **place, width=str(_BAR_PX), **{"class": "track"})
        colour = PAPER_LABEL_COLOURS.get(share.value)
        look = {"class": share.value} if colour is None else {"fill": colour}
        bar = add_element(svg, "rect", **place, width=f"{width:.1f}", **look)
        add_element(bar, "title").text = f"{NAMES[share.value]}: {share_text(share)}"
        add_text(svg, _NAME_PX + _BAR_PX + 12, middle + 4, share_text(share), "tick", "start")
    return markup_of(svg)


def share_text(share: LabelShare) -> str:
    """The numbers of one class, such as “34 % of the time, 12 shots, 3.20 s on average”."""
    if share.mean_s is None:
        return "no shot"
    shots = f"{share.shots} shot{'' if share.shots == 1 else 's'}"
    return f"{percent_text(share)} of the time, {shots}, {length_text(share.mean_s)} on average"


def percent_text(share: LabelShare) -> str:
    """Its percents of the time; what there is little of is not said to be nothing."""
    return "<1 %" if share.shots and not share.percent_of_time else f"{share.percent_of_time} %"


def label_strips(
    scale: KindStatistics, movement: KindStatistics, time_of: Callable[[int], Fraction], duration_s: Fraction
) -> str:
    """Scale and movement along the film, one above the other; what is unsure or was not looked at stays empty.

    What is not counted, up to `duration_s`, is hatched.
    """
    plane = Plane(float(duration_s), 1, _STRIP_HEIGHT)
    svg = ET.Element(
        "svg",
        {
            "viewBox": f"0 0 {WIDTH} {_STRIP_HEIGHT}",
            "role": "img",
            "aria-label": "Scale and movement along the film",
        },
    )
    for name, kind, top in zip(("scale", "movement"), (scale, movement), _STRIP_TOPS, strict=True):
        add_text(svg, plane.x(0), top - 8, name, "unit", "start")
        for run in kind.runs:
            if run.value not in (UNSURE, UNLABELLED):
                _add_run(svg, plane, run, time_of, top)
        add_rest(svg, plane, time_of(kind.bounds[-1]), top, top + _STRIP_PX)
    _add_axis(svg, plane)
    return markup_of(svg)


def _add_run(
    svg: ET.Element, plane: Plane, run: LabelRun, time_of: Callable[[int], Fraction], top: float
) -> None:
    left, right = plane.x(time_of(run.start_frame)), plane.x(time_of(run.end_frame))
    rect = add_element(
        svg,
        "rect",
        x=f"{left:.2f}",
        y=str(top),
        width=f"{max(0.3, right - left):.2f}",
        height=str(_STRIP_PX),
        fill=PAPER_LABEL_COLOURS[run.value],
    )
    add_element(rect, "title").text = NAMES[run.value]


def _add_axis(svg: ET.Element, plane: Plane) -> None:
    y = f"{plane.y(0):.1f}"
    add_element(
        svg, "line", x1=f"{plane.x(0):.1f}", x2=f"{plane.x(plane.right):.1f}", y1=y, y2=y, **{"class": "axis"}
    )
    add_time_ticks(svg, plane)
