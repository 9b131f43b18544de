"""Cut lists against the film: a tab with what differs, marks on the timeline, and the list's cuts as seams."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from seamline.exchange.compare import Comparison, Finding, Outcome
from seamline.exchange.compare_report import sentence_of, told_of_offset
from seamline.project.types import Project
from seamline_app.document import Document
from seamline_app.jobs.compare_job import Compared, CompareJob, Planned
from seamline_app.menus import Menus
from seamline_app.open_dialog import ask_for_cut_list
from seamline_widgets.comparison_panel import ComparisonPanel, DifferenceRow
from seamline_widgets.timeline_marks import Mark

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views

_TITLE = "Compare"
_SETTLED_MS = 150
_LOOKS = {
    Outcome.MISSING: "missing",
    Outcome.EXTRA: "extra",
    Outcome.MOVED: "moved",
    Outcome.KIND: "kind",
}
_COUNTED = {
    Outcome.EXACT: "agree",
    Outcome.MOVED: "moved",
    Outcome.MISSING: "missing",
    Outcome.EXTRA: "extra",
    Outcome.KIND: "of another kind",
}
_COUNTED_IF_ANY = {
    Outcome.THROUGH: "through edits",
    Outcome.BEYOND_FILM: "outside the film",
    Outcome.BEYOND_LIST: "outside the list",
}


class Comparing(QObject):
    """Works the two menu entries about cut lists that come from elsewhere.

    What is shown follows the seams: one that is moved to where the list has it is no difference any more.
    """

    def __init__(self, window: MainWindow, views: Views, menus: Menus) -> None:
        super().__init__(window)
        self._window = window
        self._views = views
        self._shown: Compared | None = None
        self._document: Document | None = None
        self._folder: Path | None = None
        self._is_asked = (
            False  # the user waits for an answer, which no newer state of the seams may take away
        )
        self.panel = ComparisonPanel()
        self.job = CompareJob(self)
        self.job.compared.connect(self._show)
        self.job.planned.connect(self._do_import)
        self.job.failed.connect(self._on_failed)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settling.timeout.connect(self._compare_again)
        self.panel.seek_wanted.connect(window.go_to)
        self.panel.close_wanted.connect(self.end)
        menus.compare.triggered.connect(lambda: self.compare())
        menus.import_list.triggered.connect(lambda: self.import_seams())
        window.analysis.opened.connect(self._on_opened)

    def compare(self) -> None:
        """Ask for a list and show how it differs from the film."""
        asked = self._ask("Compare with a cut list")
        if asked is not None:
            self.job.compare(asked[0], asked[1].project)

    def import_seams(self) -> None:
        """Ask for a list and make its cuts seams, as one step."""
        asked = self._ask("Import a cut list as seams")
        if asked is not None:
            self.job.plan_import(asked[0], asked[1].project)

    def end(self) -> None:
        """Take the tab and the marks away."""
        self.job.drop()
        self._is_asked = False
        self._settling.stop()
        if self._shown is not None:
            self._shown = None
            self._views.side.remove_page(self.panel)
            self._window.timeline.set_marks(())

    def close(self) -> None:
        """Stop, and join the thread."""
        self._settling.stop()
        self.job.close()

    def _ask(self, title: str) -> tuple[Path, Document] | None:
        document = self._window.document
        if document is None:
            return None
        if not document.is_complete:
            self._window.messages.show_error(
                "The film is not analysed to its end yet: a cut list is held against all its seams. Wait for the "
                "analysis, or let it go on."
            )
            return None
        path = ask_for_cut_list(self._window, title, self._folder or document.path.parent)
        # another film may have been opened meanwhile, or the window closed
        if path is None or self._window.document is not document or not self._window.isVisible():
            return None
        self._folder = path.parent
        self._window.messages.clear()
        self._is_asked = True
        return path, document

    def _on_opened(self) -> None:
        self.end()
        self._folder = None
        self._document = self._window.document
        if self._document is not None:
            self._document.changed.connect(self._on_changed)

    def _on_changed(self) -> None:
        if self._shown is not None:
            self._settling.start()

    def _compare_again(self) -> None:
        shown, document = self._shown, self._window.document
        if shown is None or document is None or self._is_asked:
            return
        project = document.project
        if project.seams != shown.project.seams or project.timecode(0) != shown.project.timecode(0):
            self.job.compare(shown.path, project, shown.cut_list)

    def _show(self, compared: Compared) -> None:
        is_new, self._is_asked = self._is_asked, False
        if self._shown is None:
            self._views.side.add_page(_TITLE, self.panel)
        self._shown = compared
        comparison, project = compared.comparison, compared.project
        self.panel.set_texts(
            compared.path.name,
            counts_text(comparison),
            "\n".join((offset_text(comparison), *comparison.remarks)),
            at_length="\n".join(told_of_offset(comparison, project)),
        )
        different = set(map(id, comparison.differences(is_part=True)))
        rows = [
            _row(finding, comparison, project, is_different=id(finding) in different)
            for finding in comparison.findings
        ]
        self.panel.set_rows(rows)
        self._window.timeline.set_marks(
            [Mark(row.frame, row.kind, row.said) for row in rows if row.kind and row.frame is not None]
        )
        if is_new:
            self._views.side.setCurrentWidget(self.panel)
        self._on_changed()  # the seams may be others by now

    def _on_failed(self, sentence: str) -> None:
        self._is_asked = False
        self._window.messages.show_error(sentence)

    def _do_import(self, planned: Planned) -> None:
        self._is_asked = False
        document, plan, name = self._window.document, planned.plan, planned.path.name
        if document is None or document.film is not planned.project.film:
            return
        parts = ((plan.confirmed, "confirmed"), (plan.moved, "moved"), (plan.added, "added"))
        left = f" {_cuts(plan.no_room)} of the list had no room beside other seams." if plan.no_room else ""
        sure = (
            "" if plan.comparison.alignment.is_certain else " Where the film lies in the list is not certain."
        )
        if not plan.edit.steps:
            self._window.messages.show_info(
                f"“{name}” has no cut that is new here: nothing was changed.{left}"
            )
        elif document.do(plan.edit):
            counted = ", ".join(f"{count} {what}" for count, what in parts if count)
            self._window.messages.show_info(f"“{name}”: {counted}. One undo takes it all back.{left}{sure}")


def counts_text(comparison: Comparison) -> str:
    """How many findings of each outcome there are, on one line."""
    parts = [f"{comparison.count(outcome)} {said}" for outcome, said in _COUNTED.items()]
    parts += [
        f"{comparison.count(outcome)} {said}"
        for outcome, said in _COUNTED_IF_ANY.items()
        if comparison.count(outcome)
    ]
    return " · ".join(parts)


def offset_text(comparison: Comparison) -> str:
    """Where the film begins in the list, and how sure that is."""
    alignment = comparison.alignment
    score, offset = alignment.score, alignment.offset_frames
    place = comparison.counting.format(offset) if offset >= 0 else f"{-offset} frames before 00:00:00:00"
    met = f"{score.explained} of {min(score.list_cuts, score.film_cuts)} cuts meet there"
    if alignment.is_usual:
        sure = "sure, for it is the usual place"
    elif alignment.is_certain:
        sure = "sure"
    elif alignment.is_ambiguous:
        sure = "not sure: another place fits nearly as well"
    else:
        sure = "not sure"
    return f"The film begins at {place} of the list ({sure}). {met}."


def _row(finding: Finding, comparison: Comparison, project: Project, *, is_different: bool) -> DifferenceRow:
    frame, cut = finding.film_frame, finding.list_cut
    seam = finding.seam
    agrees = finding.outcome is Outcome.EXACT and seam is not None
    return DifferenceRow(
        film="–" if frame is None else project.timecode(frame),
        listed="–" if cut is None else comparison.counting.format(cut.frame),
        said=f"agrees: {seam.kind}" if agrees and seam is not None else sentence_of(finding),
        frame=frame,
        kind=_LOOKS.get(finding.outcome, ""),
        is_different=is_different,
    )


def _cuts(count: int) -> str:
    return f"{count} {'cut' if count == 1 else 'cuts'}"
