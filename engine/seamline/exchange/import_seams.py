"""A cut list's cuts as steps of the editor: what they confirm, move and add among the film's seams."""

from __future__ import annotations

from dataclasses import dataclass

from seamline.exchange.compare import Comparison, Outcome, compare, seams_of_list
from seamline.exchange.cut_list import CutList
from seamline.exchange.film_cuts import film_frame
from seamline.project.edits import AddSeam, ConfirmSeam, MoveSeam, SeamSteps
from seamline.project.types import Origin, Project, Seam


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The step to do, and of how many seams it does what; `no_room`: cuts that another seam leaves no room for."""

    comparison: Comparison
    edit: SeamSteps
    confirmed: int
    moved: int
    added: int
    no_room: int


class _Room:
    """Which frames which seam takes, so that thousands of steps need no search through all seams."""

    def __init__(self, project: Project) -> None:
        self._taken: dict[int, str] = {}
        for seam in project.seams:
            self._take(seam, seam.id)

    def moves(self, seam: Seam, to: Seam) -> bool:
        """Give `seam` the frames of `to`, if no other seam has them."""
        if any(self._taken.get(frame, seam.id) != seam.id for frame in _frames(to)):
            return False
        for frame in _frames(seam):
            self._taken.pop(frame, None)
        self._take(to, seam.id)
        return True

    def adds(self, seam: Seam) -> bool:
        if any(frame in self._taken for frame in _frames(seam)):
            return False
        self._take(seam, seam.id)
        return True

    def _take(self, seam: Seam, seam_id: str) -> None:
        self._taken.update(dict.fromkeys(_frames(seam), seam_id))


def plan_import(cut_list: CutList, project: Project) -> ImportPlan:
    """What the list makes of the film's seams.

    A proposal that agrees is confirmed, a seam that the list has elsewhere is moved there, and what the film does
    not have is added. A seam of another kind stays as it is, for a list of cuts alone has dissolves as cuts, and so
    does a seam that the list lacks. Raises ExchangeError as `compare` does.
    """
    comparison = compare(cut_list, project)
    alignment = comparison.alignment
    offset = alignment.offset_frames
    listed = {
        seam.out_frame + 1: seam for seam in seams_of_list(cut_list, project, offset, column=alignment.column)
    }
    room = _Room(project)
    confirmed: list[ConfirmSeam] = []
    moves: list[tuple[Seam, Seam]] = []
    added: list[AddSeam] = []
    no_room = 0
    for finding in comparison.findings:
        seam, cut = finding.seam, finding.list_cut
        target = None if cut is None else listed.get(film_frame(project, max(0, cut.frame - offset)))
        if finding.outcome is Outcome.EXACT and seam is not None and seam.origin is Origin.ANALYSIS:
            confirmed.append(ConfirmSeam(seam))
        elif finding.outcome is Outcome.MOVED and seam is not None and target is not None:
            moves.append((seam, target))
    # those that go earlier from the first on, those that go later from the last on: each has left before the next
    earlier = [(seam, to) for seam, to in moves if to.out_frame <= seam.out_frame]
    later = [(seam, to) for seam, to in reversed(moves) if to.out_frame > seam.out_frame]
    moved = [MoveSeam(s, to.out_frame, to.in_frame) for s, to in (*earlier, *later) if room.moves(s, to)]
    no_room += len(moves) - len(moved)
    for finding in comparison.findings:
        if finding.outcome is not Outcome.EXTRA or finding.list_cut is None:
            continue
        target = listed.get(film_frame(project, max(0, finding.list_cut.frame - offset)))
        if target is not None and room.adds(target):
            added.append(AddSeam(target))
        else:
            no_room += 1
    edit = SeamSteps((*confirmed, *moved, *added))
    return ImportPlan(comparison, edit, len(confirmed), len(moved), len(added), no_room)


def _frames(seam: Seam) -> range:
    return range(seam.out_frame, seam.in_frame)
