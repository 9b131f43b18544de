"""The curves of a training, drawn: loss and accuracy by epoch, on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from seamline.exchange.files import written_whole
from seamline.exchange.segment_plot import check_plot_path
from seamline.training.match_cut_training import Epoch

_SIZE_IN, _DPI = (9.0, 4.0), 110
_INK, _QUIET, _FAINT = "#2b2b2b", "#7a7a7a", "#e4e4e4"
_TRAINED, _HELD, _KEPT = "#9aa3a8", "#0072b2", "#c2552d"


def write_curves(path: Path, epochs: Sequence[Epoch], best_epoch: int, *, overwrite: bool) -> None:
    """Loss and accuracy of the pairs that were learnt from and of those for validation, with the epoch that was kept.
    PNG or SVG by the suffix of `path`. Raises ExchangeError."""
    from matplotlib.figure import Figure  # takes a second to import

    check_plot_path(path)
    figure = Figure(figsize=_SIZE_IN, dpi=_DPI, facecolor="white", layout="constrained")
    numbers = range(1, len(epochs) + 1)
    sides = (
        ("loss", [each.loss for each in epochs], [each.validation_loss for each in epochs]),
        (
            "accuracy, %",
            [100 * each.accuracy for each in epochs],
            [100 * each.validation_accuracy for each in epochs],
        ),
    )
    for axes, (name, trained, held) in zip(figure.subplots(1, 2), sides, strict=True):
        axes.plot(numbers, trained, "o-", color=_TRAINED, markersize=4, label="learnt from")
        axes.plot(numbers, held, "o-", color=_HELD, markersize=4, label="validation")
        if 0 <= best_epoch < len(epochs):
            axes.plot(
                [best_epoch + 1], [held[best_epoch]], "o", color=_KEPT, markersize=7, label="kept", zorder=3
            )
        axes.set_xlabel("epoch", color=_QUIET, fontsize=9)
        axes.set_title(name, loc="left", fontsize=11, color=_INK)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.tick_params(colors=_QUIET, labelsize=8, length=0)
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(_FAINT)
        axes.legend(frameon=False, fontsize=9, labelcolor=_INK)
    kind = path.suffix.lower()[1:]
    with written_whole(path, overwrite=overwrite) as part:
        # no date within: the same run gives the same file
        figure.savefig(part, format=kind, metadata={"Date": None} if kind == "svg" else None)
