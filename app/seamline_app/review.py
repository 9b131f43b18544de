"""What the seam keys and menu entries do to the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from seamline.project.types import Seam
from seamline_app.document import Document
from seamline_widgets.actions import menu_text
from seamline_widgets.percent import percent_text


class Review(QObject):
    """Going from seam to seam, adding, confirming, deleting and moving them, undo and redo.

    `playhead()` gives the frame on screen, `go_to(frame)` shows another one.
    """

    def __init__(
        self,
        actions: Mapping[str, QAction],
        playhead: Callable[[], int],
        go_to: Callable[[int], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._actions = actions
        self._playhead = playhead
        self._go_to = go_to
        self._asked: list[str] = []
        self._shown: Callable[[], Seam | None] = lambda: None
        for action_id, handler in {
            "previous_seam": lambda d: self._visit(d.seam_before(playhead())),
            "next_seam": lambda d: self._visit(d.seam_after(playhead())),
            "next_doubtful": self._ask_next,
            "previous_doubtful": self._ask_previous,
            "confirm_seam": self._confirm,
            "add_seam": lambda d: d.add_cut(playhead()),
            "delete_seam": self._delete,
            "change_kind": self._change_kind,
            "select_all": lambda d: d.select_many(seam.id for seam in d.project.seams),
            "nudge_back": lambda d: self._nudge(d, -1),
            "nudge_forward": lambda d: self._nudge(d, 1),
            "out_earlier": lambda d: self._trim(d, -1, 0),
            "out_later": lambda d: self._trim(d, 1, 0),
            "in_earlier": lambda d: self._trim(d, 0, -1),
            "in_later": lambda d: self._trim(d, 0, 1),
            "undo": lambda d: d.undo(),
            "redo": lambda d: d.redo(),
        }.items():
            actions[action_id].triggered.connect(
                lambda _=False, handler=handler: self._with_document(handler)
            )
        self.refresh()

    def set_document(self, document: Document | None) -> None:
        """Work on that document from now on."""
        self._document = document
        self._asked.clear()
        self.refresh()

    def refresh(self) -> None:
        """Let the actions say what they would do now."""
        document = self._document
        for action_id, step in (
            ("undo", document.undo_name if document else None),
            ("redo", document.redo_name if document else None),
        ):
            action = self._actions[action_id]
            action.setEnabled(step is not None)
            action.setText(f"{action_id.capitalize()}: {menu_text(step)}" if step else action_id.capitalize())
        has_seams = document is not None and bool(document.project.seams)
        for action_id in (
            "previous_seam", "next_seam", "change_kind", "select_all", "nudge_back", "nudge_forward",
            "out_earlier", "out_later", "in_earlier", "in_later",
        ):  # fmt: skip
            self._actions[action_id].setEnabled(has_seams)
        # where no seam is proposed, there may be one to ask about
        for action_id in ("add_seam", "confirm_seam", "delete_seam", "next_doubtful", "previous_doubtful"):
            self._actions[action_id].setEnabled(document is not None)

    def _with_document(self, handler: Callable[[Document], object]) -> None:
        if self._document is not None:
            handler(self._document)

    def _visit(self, seam: Seam | None) -> None:
        if seam is not None and self._document is not None:
            self._document.select(seam.id)
            self._go_to(seam.cut_frame)

    def _ask_next(self, document: Document) -> None:
        """Go to the most doubtful place that was not visited yet; after the last one, begin again."""
        questions = document.questions
        if not questions:
            document.say(_nothing_to_ask(document))
            return
        asked = set(self._asked)
        question = next((seam for seam in questions if seam.id not in asked), None)
        if question is None:
            self._asked.clear()
            question = questions[0]
        self._asked.append(question.id)
        self._ask(document, question)

    def _ask_previous(self, document: Document) -> None:
        """Go back to the place that was visited before, of those that are still doubtful."""
        questions = {seam.id: seam for seam in document.questions}
        here = self._here(document)
        asked = [seam_id for seam_id in self._asked if seam_id in questions]
        if here is not None and here.id in asked:
            del asked[asked.index(here.id) :]
        if not asked:
            document.say(
                "There is no doubtful seam before this one." if questions else _nothing_to_ask(document)
            )
            return
        # what comes behind it is asked again
        del self._asked[self._asked.index(asked[-1]) + 1 :]
        self._ask(document, questions[asked[-1]])

    def _ask(self, document: Document, seam: Seam) -> None:
        is_proposed = any(seam.id == proposal.id for proposal in document.project.undecided)
        document.select(seam.id if is_proposed else "")
        self._go_to(seam.cut_frame)
        document.say("")

    def ask_about(self, shown: Callable[[], Seam | None]) -> None:
        """What `shown()` gives is before the editor's eyes, though the playhead may be some frames beside it."""
        self._shown = shown

    def _here(self, document: Document) -> Seam | None:
        here = self._target(document) or document.question_at(self._playhead())
        if here is not None:
            return here
        shown = self._shown()
        # a place that perhaps is a seam; a seam beside the playhead is not meant
        return shown if shown is not None and shown in document.faint else None

    def _target(self, document: Document) -> Seam | None:
        return document.selected or document.seam_at(self._playhead())

    def _targets(self, document: Document, what: str, *, questions: bool = False) -> list[Seam]:
        """The selected seams, the leading one first, else the one here; where there is none, that is said."""
        leading = document.selected
        if leading is not None:
            return [leading, *(seam for seam in document.selection if seam.id != leading.id)]
        here = self._here(document) if questions else self._target(document)
        if here is None:
            document.refused.emit(f"There is no seam at the playhead: select one, then {what} it.")
            return []
        return [here]

    def _confirm(self, document: Document) -> None:
        if seams := self._targets(document, "confirm", questions=True):
            document.confirm(seams)

    def _delete(self, document: Document) -> None:
        if seams := self._targets(document, "delete", questions=True):
            document.delete(seams)

    def _change_kind(self, document: Document) -> None:
        if seams := self._targets(document, "change"):
            document.change_kind(seams)

    def _trim(self, document: Document, out_by: int, in_by: int) -> None:
        """Move one end of the seam, or of each that is selected, and show that."""
        seams = self._targets(document, "change")
        if not seams:
            return
        if any(seam.out_frame + out_by >= seam.in_frame + in_by for seam in seams):
            document.refused.emit("A cut has no frame between its shots: it cannot be made shorter.")
            return
        first, last = min(seam.out_frame for seam in seams), max(seam.in_frame for seam in seams)
        if first + out_by < 0 or last + in_by >= document.film.frame_count:
            document.refused.emit("The seam is at the end of the film already: it cannot be made longer.")
        elif document.trim(seams, out_by, in_by):
            document.select_many([seam.id for seam in seams])
            leading = document.project.seam(seams[0].id)
            self._go_to(leading.out_frame if out_by else leading.in_frame)

    def _nudge(self, document: Document, by_frames: int) -> None:
        seams = self._targets(document, "move")
        if not seams:
            return
        first, last = min(seam.out_frame for seam in seams), max(seam.in_frame for seam in seams)
        if first + by_frames < 0 or last + by_frames >= document.film.frame_count:
            document.refused.emit("The seam is at the end of the film already: it cannot be moved further.")
            return
        if document.nudge(seams, by_frames):
            document.select_many([seam.id for seam in seams])
            self._go_to(document.project.seam(seams[0].id).cut_frame)


def review_text(document: Document, playhead: int) -> str:
    """How far the review is, and what there is to say of it where the playhead is."""
    decided, total = document.reviewed
    said = [f"Reviewed {decided} of {total}, {total - decided} left"] if decided else []
    question = document.question_at(playhead)
    if question is not None:
        sure = percent_text(question.confidence)
        said.append(f"Perhaps a {question.kind} here ({sure}): C adds it, Delete dismisses it")
    if document.news:
        said.append(document.news)
    return "   ·   ".join(said)


def _nothing_to_ask(document: Document) -> str:
    left = len(document.project.undecided)
    if not left:
        return "All seams are reviewed"
    return (
        f"Nothing doubtful is left: the other {left} are sure" if left > 1 else "The one that is left is sure"
    )
