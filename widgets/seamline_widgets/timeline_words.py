"""The timeline in a sentence, for a screen reader: what there is, where one is, what is held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seamline.project.types import Seam
from seamline_resources import palette


@dataclass(frozen=True, slots=True)
class TimelineWords:
    """What there is to tell: all in frames; `view` is the first that is shown and the end of what is shown.

    `labels` are those of the shot at the playhead.
    """

    frame_count: int
    timecode_of: Callable[[int], str]
    playhead: int
    seam_count: int
    selected: Sequence[Seam]
    in_out: tuple[int | None, int | None]
    threshold: float | None
    analysed_frames: int
    view: tuple[float, float]
    labels: Sequence[str] = ()

    def timeline(self) -> str:
        """Such as “playhead 01:00:02:00, 20 seams, cut selected at 01:00:05:00, threshold 0.50”."""
        parts = [f"playhead {self.timecode_of(self.playhead)}", *self.labels]
        parts.append(_counted(self.seam_count, "seam"))
        parts += self._selection()
        for name, frame in zip(("in", "out"), self.in_out, strict=True):
            if frame is not None:
                parts.append(f"{name} {self.timecode_of(frame)}")
        if self.threshold is not None:
            parts.append(f"threshold {self.threshold:.2f}")
        if self.analysed_frames < self.frame_count:
            parts.append(f"{100 * self.analysed_frames // self.frame_count} % analysed")
        return ", ".join(parts)

    def shown(self) -> str:
        """Which part of the film is shown."""
        first, end = round(self.view[0]), round(self.view[1])
        if first <= 0 and end >= self.frame_count:
            return "the whole film is shown"
        return f"{self.timecode_of(max(0, first))} to {self.timecode_of(min(end, self.frame_count) - 1)} is shown"

    def _selection(self) -> list[str]:
        if not self.selected:
            return []
        if len(self.selected) > 1:
            return [f"{len(self.selected)} seams selected"]
        seam = self.selected[0]
        kind = palette.SEAM_LOOKS[seam.kind].name.lower()
        return [f"{kind} selected at {self.timecode_of(seam.cut_frame)}"]


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
