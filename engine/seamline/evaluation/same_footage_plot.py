"""The ROC curve of telling same footage, drawn, with the threshold that was chosen."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from seamline.evaluation.same_footage_metrics import RocCurve, Scores, Truth, area, roc_curve
from seamline.exchange.files import written_whole
from seamline.exchange.segment_plot import check_plot_path

_SIDE_IN, _DPI = 6.0, 110
_INK, _QUIET, _FAINT = "#2b2b2b", "#7a7a7a", "#e4e4e4"
_TRAINED, _TESTED, _THRESHOLD = "#9aa3a8", "#0072b2", "#c2552d"


def write_roc_plot(
    path: Path,
    trained: tuple[Scores, Truth],
    tested: tuple[Scores, Truth],
    threshold: float,
    *,
    overwrite: bool,
    title: str = "Two frames of the same footage, told by their cosine",
) -> None:
    """The curves of the pairs that the threshold was chosen on and of those it is tested with, and the threshold on
    both. PNG or SVG by the suffix of `path`. Raises ExchangeError."""
    from matplotlib.figure import Figure  # takes a second to import

    check_plot_path(path)
    figure = Figure(figsize=(_SIDE_IN, _SIDE_IN), dpi=_DPI, facecolor="white", layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color=_FAINT, linewidth=1)
    for (scores, truth), colour, name in ((trained, _TRAINED, "training"), (tested, _TESTED, "test")):
        curve = roc_curve(scores, truth)
        label = f"{name} pairs, area {area(curve):.3f}"
        axes.plot(curve.false_positives, curve.true_positives, color=colour, linewidth=1.6, label=label)
        axes.plot(*_point(curve, threshold), "o", color=_THRESHOLD, markersize=6, zorder=3)
    axes.plot([], [], "o", color=_THRESHOLD, markersize=6, label=f"threshold {threshold:.3f}")
    axes.set_xlim(-0.01, 1)
    axes.set_ylim(0, 1.01)
    axes.set_aspect("equal")
    axes.set_xlabel("pairs of two films taken for the same", color=_QUIET, fontsize=9)
    axes.set_ylabel("pairs of one film found", color=_QUIET, fontsize=9)
    axes.tick_params(colors=_QUIET, labelsize=8, length=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_FAINT)
    axes.legend(loc="lower right", frameon=False, fontsize=9, labelcolor=_INK)
    axes.set_title(title, loc="left", fontsize=11, color=_INK, parse_math=False)
    kind = path.suffix.lower()[1:]
    with written_whole(path, overwrite=overwrite) as part:
        # no date within: the same pairs give the same file
        figure.savefig(part, format=kind, metadata={"Date": None} if kind == "svg" else None)


def _point(curve: RocCurve, threshold: float) -> tuple[float, float]:
    """Where the threshold lies on the curve, which is drawn in straight lines between the scores that occur."""
    place = int(np.searchsorted(-curve.thresholds, -threshold, side="right")) - 1
    at = max(0, place)
    return float(curve.false_positives[at]), float(curve.true_positives[at])
