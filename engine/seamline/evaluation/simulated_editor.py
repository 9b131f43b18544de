"""An editor who knows the truth, for counting what a review takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from seamline.analysis.confidence import SeamModel
from seamline.analysis.learning import STIFFNESS, by_doubt, faint_seams, learned
from seamline.analysis.proposals import Proposals
from seamline.exchange.csv_list import IGNORED, SCORED, Transition
from seamline.project.types import Decision, Origin, Seam, SeamKind, not_decided

_TOLERANCE_FRAMES = 2


class Order(Enum):
    """How the editor goes through the film."""

    TIME = "time"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Corrections:
    """What an editor had to change, and how many places had to be looked at for it."""

    rejected: int = 0
    added: int = 0
    renamed: int = 0
    moved: int = 0
    looks: int = 0

    @property
    def count(self) -> int:
        return self.rejected + self.added + self.renamed + self.moved


class SimulatedEditor:
    """Goes through all seams of a film once, until what stands is the truth.

    A proposal that overlaps a true transition widened by 2 frames is confirmed, unless another proposal is
    nearer to it; if its kind is wrong that is one correction, and if an end lies more than 2 frames off, one more.
    One at an ignored transition is passed over. Any other is rejected: one correction. A true transition without
    a proposal is added: one correction.

    In the order of time, proposals and what is missing come one after the other, and what a later
    decision brings up behind the playhead comes in another round. In the order of doubt, the doubtful
    come first, among them places where nothing is proposed: to add such a one is a correction, to
    dismiss it is none, as the cut list had been right. Then the sure proposals, then what is missing.
    """

    def __init__(
        self,
        proposals: Proposals,
        truth: Sequence[Transition],
        *,
        learns: bool,
        model: SeamModel | None = None,
        stiffness: float = STIFFNESS,
    ) -> None:
        self._proposals = proposals
        self._learns, self._model, self._stiffness = learns, model, stiffness
        self._missing = sorted((t for t in truth if t.scored == SCORED), key=lambda t: t.out_frame)
        self._ignored = [t for t in truth if t.scored == IGNORED]
        self._decisions: list[Decision] = []
        self._passed: set[str] = set()
        self._done = Corrections()
        self._judge()

    def review(self, order: Order) -> Corrections:
        """The whole review; can be done once."""
        step = self._in_time() if order is Order.TIME else self._in_doubt
        while step():
            pass
        return self._done

    def _in_time(self) -> Callable[[], bool]:
        playhead = 0

        def step() -> bool:
            nonlocal playhead
            lacking = [t for t in self._missing if not any(_hits(t, seam) for seam in self._shown)]
            ahead: list[Seam | Transition] = sorted([*self._shown, *lacking], key=lambda p: p.out_frame)
            if not ahead:
                return False
            place = next((place for place in ahead if place.out_frame >= playhead), ahead[0])
            playhead = place.out_frame
            if isinstance(place, Seam):
                self._look(place, is_shown=True)
            else:
                self._add(place)
            return True

        return step

    def _in_doubt(self) -> bool:
        questions = by_doubt([*self._shown, *self._faint])
        if questions:
            self._look(questions[0], is_shown=questions[0] in self._shown)
        elif self._shown:
            self._look(self._shown[0], is_shown=True)
        elif self._missing:
            self._add(self._missing[0])
        else:
            return False
        return True

    def _look(self, seam: Seam, *, is_shown: bool) -> None:
        self._count(looks=1)
        true = min(
            (t for t in self._missing if _hits(t, seam)), key=lambda t: _distance(t, seam), default=None
        )
        rivals = [s for s in self._shown if true is not None and s is not seam and _hits(true, s)]
        if true is None and any(_hits(ignored, seam) for ignored in self._ignored):
            self._passed.add(seam.id)
            self._judge()
        elif true is None or any(_distance(true, rival) < _distance(true, seam) for rival in rivals):
            self._count(rejected=int(is_shown))
            self._decide(Decision(seam, None))
        else:
            self._missing.remove(true)
            meant = _seam_of(true)
            if is_shown:
                is_off = max(abs(true.out_frame - seam.out_frame), abs(true.in_frame - seam.in_frame))
                is_renamed = true.kind in tuple(SeamKind) and true.kind != seam.kind
                self._count(renamed=int(is_renamed), moved=int(is_off > _TOLERANCE_FRAMES))
            else:
                self._count(added=1)
            self._decide(Decision(seam, replace(meant, id=seam.id)))

    def _add(self, true: Transition) -> None:
        self._count(looks=1, added=1)
        self._missing.remove(true)
        self._decide(Decision(None, _seam_of(true)))

    def _decide(self, decision: Decision) -> None:
        self._decisions.append(decision)
        self._judge()

    def _judge(self) -> None:
        """What is proposed, and what is asked about, by all that was decided until now."""
        proposals = self._proposals
        if self._learns:
            proposals = learned(proposals, self._decisions, self._model, stiffness=self._stiffness)
        shown, faint = (
            [seam for seam in not_decided(seams, self._decisions) if seam.id not in self._passed]
            for seams in (proposals.seams(), faint_seams(proposals))
        )
        self._shown, self._faint = shown, faint

    def _count(self, **more: int) -> None:
        self._done = replace(self._done, **{name: getattr(self._done, name) + n for name, n in more.items()})


def _hits(true: Transition, seam: Seam) -> bool:
    first, last = max(true.out_frame, seam.out_frame), min(true.in_frame, seam.in_frame)
    return first <= last + _TOLERANCE_FRAMES


def _distance(true: Transition, seam: Seam) -> int:
    return abs(true.out_frame + true.in_frame - seam.out_frame - seam.in_frame)


def _seam_of(true: Transition) -> Seam:
    is_cut = true.in_frame == true.out_frame + 1
    named = true.kind if true.kind in tuple(SeamKind) and true.kind != SeamKind.CUT else SeamKind.DISSOLVE
    kind = SeamKind.CUT if is_cut else SeamKind(named)
    return Seam(true.out_frame, true.in_frame, kind, origin=Origin.USER)
