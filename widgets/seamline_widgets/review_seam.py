"""What the review shows of one seam: which frames, how they are called, what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from seamline.project.types import Origin, Seam, SeamKind
from seamline_widgets.percent import percent_text

FRAMES_AROUND = 12
"""How many frames before the seam and after it belong to what is looked at."""

_CUT_TITLES = (("Last frame out", "Out"), ("First frame in", "In"), ("Next frame in", "Next"))
_SPAN_TITLES = (("Start", "Start"), ("Middle", "Middle"), ("Stop", "Stop"))


@dataclass(frozen=True, slots=True)
class ReviewedSeam:
    """A seam before the editor's eyes.

    `is_question`: there only perhaps is one. It can be moved between `lowest_frame`, the first that its out frame
    may be, and `highest_frame`, the last that its in frame may be.
    """

    seam: Seam
    is_question: bool = False
    lowest_frame: int = 0
    highest_frame: int = 0

    @property
    def frames(self) -> tuple[int, int, int]:
        """The three that are shown: last out, first in and the next; of a span its start, middle and stop.

        The third of a cut may lie behind the film's end.
        """
        seam = self.seam
        if seam.kind is SeamKind.CUT:
            return seam.out_frame, seam.in_frame, seam.in_frame + 1
        return seam.out_frame, seam.cut_frame, seam.in_frame

    @property
    def titles(self) -> tuple[tuple[str, str], ...]:
        """What the three are called, at length and in short."""
        return _CUT_TITLES if self.seam.kind is SeamKind.CUT else _SPAN_TITLES

    @property
    def first_frame(self) -> int:
        """Where the part of the film begins that the curve shows; may be below 0."""
        return self.seam.out_frame + 1 - FRAMES_AROUND

    @property
    def end_frame(self) -> int:
        """Where it ends, may be beyond the film."""
        return self.seam.in_frame + FRAMES_AROUND

    @property
    def state_text(self) -> str:
        """Whose word there is for it."""
        if self.is_question:
            return "Perhaps"
        if self.seam.origin is Origin.ANALYSIS:
            return "Proposed"
        return "Confirmed" if self.seam.is_confirmed else "Yours"

    @property
    def confidence_text(self) -> str:
        """How sure the analysis is; empty of what is the editor's own."""
        if self.seam.origin is Origin.USER and not self.seam.is_confirmed:
            return ""
        return percent_text(self.seam.confidence)

    def moved(self, out_frame: int, in_frame: int) -> ReviewedSeam:
        """As it will be at other frames: a cut if nothing lies between its shots, else none."""
        seam = self.seam
        if in_frame == out_frame + 1:
            kind = SeamKind.CUT
        else:
            kind = SeamKind.DISSOLVE if seam.kind is SeamKind.CUT else seam.kind
        return replace(self, seam=Seam(out_frame, in_frame, kind, seam.confidence, seam.origin, seam.id))


def length_text(seam: Seam) -> str:
    """How many frames lie between the shots, empty of a cut."""
    count = seam.in_frame - seam.out_frame - 1
    return "" if not count else f"{count} frame{'' if count == 1 else 's'}"
