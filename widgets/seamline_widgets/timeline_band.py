"""Selecting several seams: by a band drawn over them, by clicks that add one or all up to one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from seamline_widgets.timeline_seams import SeamRow


@dataclass(frozen=True, slots=True)
class Selection:
    """The seams that are selected; one of them, the `leading` one, is what single commands work on."""

    leading: str | None = None
    ids: frozenset[str] = frozenset()

    @classmethod
    def of(cls, leading: str | None, others: Iterable[str] = ()) -> Selection:
        """`leading` and the others."""
        return cls(leading, frozenset(others) | ({leading} if leading else frozenset()))

    def ordered(self, seams: SeamRow) -> tuple[str, ...]:
        """The leading one first, the others as they stand in the film."""
        others = _in_order(seams, self.ids - {self.leading or ""})
        return (self.leading, *others) if self.leading else others

    def within(self, seams: SeamRow) -> Selection:
        """What of it is still there; the first one leads where the leading one is not."""
        ids = frozenset(seam_id for seam_id in self.ids if seams.index_of(seam_id) is not None)
        if self.leading in ids:
            return Selection(self.leading, ids)
        return Selection(next(iter(_in_order(seams, ids)), None), ids)

    def with_added(self, seams: SeamRow, added: Iterable[str]) -> Selection:
        """These too; what leads goes on leading."""
        return Selection(self.leading, self.ids | frozenset(added)).within(seams)

    def toggled(self, seams: SeamRow, seam_id: str) -> Selection:
        """With that seam, which then leads, or without it."""
        if seam_id in self.ids:
            return Selection(self.leading, self.ids - {seam_id}).within(seams)
        return Selection.of(seam_id, self.ids).within(seams)

    def up_to(self, seams: SeamRow, seam_id: str) -> Selection:
        """All from the leading one to that seam, and nothing else."""
        start, end = seams.index_of(self.leading), seams.index_of(seam_id)
        if start is None or end is None:
            return Selection.of(seam_id)
        first, last = min(start, end), max(start, end)
        return Selection.of(self.leading, (seams.seams[at].id for at in range(first, last + 1)))


def _in_order(seams: SeamRow, ids: Iterable[str]) -> tuple[str, ...]:
    places = sorted(at for seam_id in ids if (at := seams.index_of(seam_id)) is not None)
    return tuple(seams.seams[at].id for at in places)
