"""What the analysis thread takes for seams, by the curves as far as they go and the editor's decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from seamline.analysis.candidates import NEEDED_CURVES
from seamline.analysis.learning import faint_seams, learned
from seamline.analysis.proposals import Proposals, propose
from seamline.analysis.signals import Signals
from seamline.analysis.similarity import SIMILARITY
from seamline.media.film import Film
from seamline.project.types import Decision, Seam

Lesson = tuple[str, tuple[Decision, ...]]
"""A film's fingerprint, and what its editor decided."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The seams of the first `done_frames` frames and what is just none, by what `taught` says."""

    seams: tuple[Seam, ...]
    faint: tuple[Seam, ...]
    done_frames: int
    taught: tuple[Decision, ...]


class Judgement:
    """One film's seams, judged anew whenever they are asked for. `lesson()` gives the newest decisions.

    Candidates are sought again only where the curves have grown: a decision alone costs milliseconds.
    """

    def __init__(self, film: Film, signals: Signals, lesson: Callable[[], Lesson]) -> None:
        self.signals = signals
        self._fingerprint = film.fingerprint
        self._lesson = lesson
        self._taught: tuple[Decision, ...] = ()
        self._proposals: Proposals | None = None
        self._proposed_frames = -1

    @property
    def similarity_frames(self) -> int:
        """How many frames from the start the similarity is known for."""
        return self.signals.done_frames(SIMILARITY)

    @property
    def is_outdated(self) -> bool:
        """Whether more, or less, has been decided about this film than was learned from last."""
        fingerprint, decisions = self._lesson()
        return fingerprint == self._fingerprint and decisions != self._taught

    def untaught(self) -> Judged:
        """The seams as the shipped model sees them."""
        return self._judged(())

    def now(self) -> Judged:
        """The seams by all that was decided about this film."""
        fingerprint, decisions = self._lesson()
        self._taught = decisions if fingerprint == self._fingerprint else ()
        return self._judged(self._taught)

    def _judged(self, decisions: tuple[Decision, ...]) -> Judged:
        frames = self.signals.done_frames(*NEEDED_CURVES)
        if self._proposals is None or frames != self._proposed_frames:
            self._proposals, self._proposed_frames = propose(self.signals), frames
        proposals = learned(self._proposals, decisions)
        return Judged(tuple(proposals.seams()), faint_seams(proposals), frames, decisions)
