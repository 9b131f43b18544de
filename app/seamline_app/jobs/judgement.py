"""What the analysis thread takes for seams, by the curves as far as they go and the editor's decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from seamline.analysis.candidates import NEEDED_CURVES
from seamline.analysis.learning import faint_seams, learned
from seamline.analysis.proposals import Proposals, SeamRule, propose
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import SIMILARITY
from seamline.media.film import Film
from seamline.project.types import USUAL_THRESHOLD, Decision, Seam


class Lesson(NamedTuple):
    """A film's fingerprint, what its editor decided, and how likely what was proposed for that had to be."""

    fingerprint: str = ""
    decisions: tuple[Decision, ...] = ()
    threshold: float = USUAL_THRESHOLD


@dataclass(frozen=True, slots=True)
class Judged:
    """The seams of the first `done_frames` frames and what is just none, by what `taught` says."""

    seams: tuple[Seam, ...]
    faint: tuple[Seam, ...]
    done_frames: int
    taught: tuple[Decision, ...]


class Judgement:
    """One film's seams, judged anew whenever they are asked for. `lesson()` gives the newest decisions.

    The seams are divided from the faint places at the usual threshold, whatever the lesson's is.

    Candidates are sought again only where the curves have grown: a decision alone costs milliseconds.
    """

    def __init__(self, film: Film, signals: Signals, lesson: Callable[[], Lesson]) -> None:
        self.signals = signals
        self._fingerprint = film.fingerprint
        self._lesson = lesson
        self._taught = Lesson(film.fingerprint)
        self._proposals: Proposals | None = None
        self._proposed_frames = -1

    @property
    def similarity_frames(self) -> int:
        """How many frames from the start the similarity is known for."""
        return self.signals.done_frames(SIMILARITY)

    @property
    def is_outdated(self) -> bool:
        """Whether this film's lesson is another than the one that was learned last."""
        lesson = self._lesson()
        return lesson.fingerprint == self._fingerprint and lesson != self._taught

    def untaught(self) -> Judged:
        """The seams as the shipped model sees them."""
        return self._judged(Lesson(self._fingerprint))

    def now(self) -> Judged:
        """The seams by all that was decided about this film."""
        lesson = self._lesson()
        self._taught = lesson if lesson.fingerprint == self._fingerprint else Lesson(self._fingerprint)
        return self._judged(self._taught)

    def _judged(self, lesson: Lesson) -> Judged:
        frames = self.signals.done_frames(*NEEDED_CURVES)
        if self._proposals is None or frames != self._proposed_frames:
            self._proposals, self._proposed_frames = propose(self.signals), frames
        proposals = learned(self._proposals, lesson.decisions, rule=SeamRule(lesson.threshold))
        return Judged(tuple(proposals.seams()), faint_seams(proposals), frames, lesson.decisions)
