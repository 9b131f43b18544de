"""The open film with its curve, its seams and the editor's steps, as the window's parts see it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from seamline.analysis.learning import by_doubt
from seamline.analysis.stage import FloatArray
from seamline.errors import ProjectError
from seamline.media.film import Film
from seamline.project.edits import Edit, SetThreshold
from seamline.project.file import ProjectFile
from seamline.project.footage import ShotFootage
from seamline.project.journal import Journal
from seamline.project.labels import merged_labels
from seamline.project.types import LEAST_THRESHOLD, MOST_THRESHOLD, USUAL_THRESHOLD, Decision, Project, Seam
from seamline_app.found_seams import FoundSeams
from seamline_app.jobs.analysis_events import CameraCurves, Findings, Labelled, OpenedFilm
from seamline_app.seam_editing import SeamEditing

_SETTLED_MS = 300
_log = logging.getLogger(__name__)


class Document(QObject, SeamEditing):
    """One film under review. Every change of seams, by the analysis or the editor, emits `changed`.

    `going_back`: steps will be undone, or done again: what is still to be stored shall be now.
    `stepped`: an edit, undo or redo was done. `refused(text)`: one cannot be, or could not be stored, in a
    sentence.
    `taught(decisions)`: what the analysis shall learn from has changed; some steps in a row are one change.
    `told`: there is other news.
    """

    changed = Signal()
    selection_changed = Signal(str)
    going_back = Signal()
    stepped = Signal()
    refused = Signal(str)
    taught = Signal(tuple)
    told = Signal()

    def __init__(self, opened: OpenedFilm, journal_folder: Path, parent: QObject | None = None) -> None:
        film = Project(opened.film)
        # before there is an object that a failure would leave behind
        journal = (
            Journal(film, journal_folder)
            if opened.project_path is None
            else ProjectFile(film, opened.project_path)
        )
        super().__init__(parent)
        self._project_path = opened.project_path
        self.film: Film = opened.film
        self.similarity: FloatArray = opened.similarity
        self.camera: FloatArray = np.full((4, opened.film.frame_count), np.nan, np.float32)
        """Pan, tilt, zoom and roll of each frame, NaN where not analysed yet; see `CameraCurves`."""
        self._journal: ProjectFile = journal
        self._selected_ids: tuple[str, ...] = ()
        self._found = FoundSeams(journal.last_proposals, journal.project.threshold)
        self._found.put((*opened.seams, *opened.faint), opened.done_frames)
        self._learns = False
        self._taught: tuple[tuple[Decision, ...], float] = (), USUAL_THRESHOLD
        self._learned_from: tuple[Decision, ...] = ()
        self._news = ""
        self._has_stepped = False
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settling.timeout.connect(self._teach)
        found = film.with_proposals(self._found.proposed, opened.done_frames)
        self._base = found.with_labels(journal.last_labels).with_footage(journal.last_footage)
        journal.rebase(self._base)

    def close(self) -> None:
        """Let another window make corrections."""
        self._settling.stop()
        self.keep_proposals()
        self._journal.close()

    @property
    def project_path(self) -> Path | None:
        """The project file that the user opened or saved, None where the steps are kept by the film alone."""
        return self._project_path

    @property
    def path(self) -> Path:
        """What the user opened: the project file, else the film."""
        return self._project_path or self.film.path

    def save_as(self, path: Path) -> None:
        """Copy the project to `path`; further steps are stored there. Raises ProjectError."""
        self._journal.save_as(path)
        self._project_path = path
        self.keep_proposals()

    def setting(self, name: str) -> object:
        """What is stored with the film or project under that name, None where nothing is. From strangers: check it."""
        return self._journal.settings.get(name)

    def set_setting(self, name: str, value: object) -> None:
        """Store what JSON can hold; where it cannot be stored, the log says so: it is no work that is lost."""
        try:
            self._journal.set_setting(name, value)
        except ProjectError as error:
            _log.warning("%s is not stored: %s", name, error)

    def keep_proposals(self) -> None:
        """Store what is proposed now, so that the project opens with its seams wherever it is opened next."""
        base = self._base
        self._journal.remember(base.proposals, base.analysed_frames, base.labels, base.footage)

    @property
    def is_elsewhere(self) -> bool:
        """Whether another window has this film open: corrections are refused here."""
        return self._journal.is_elsewhere

    @property
    def project(self) -> Project:
        return self._journal.project

    @property
    def damage(self) -> str | None:
        """What of the earlier steps could not be read back, as a sentence."""
        return self._journal.damage

    @property
    def undo_name(self) -> str | None:
        return self._journal.history.undo_name

    @property
    def redo_name(self) -> str | None:
        return self._journal.history.redo_name

    @property
    def is_complete(self) -> bool:
        """Whether the whole film is analysed."""
        return self._base.analysed_frames == self.film.frame_count

    @property
    def selected(self) -> Seam | None:
        """The selected seam, the leading one of several; None when there is none."""
        leading = self._selected_ids[:1]
        return next((seam for seam in self.project.seams if (seam.id,) == leading), None)

    @property
    def selected_ids(self) -> tuple[str, ...]:
        """All that is selected, the leading seam first."""
        return self._selected_ids

    @property
    def selection(self) -> tuple[Seam, ...]:
        """All selected seams, in the film's order."""
        wanted = frozenset(self._selected_ids)
        return tuple(seam for seam in self.project.seams if seam.id in wanted) if wanted else ()

    def select(self, seam_id: str) -> None:
        """Select the seam of that id alone; an empty id selects none."""
        self.select_many((seam_id,) if seam_id else ())

    def select_many(self, seam_ids: Iterable[str]) -> None:
        """Select these seams; the first leads."""
        seam_ids = tuple(dict.fromkeys(seam_ids))
        if seam_ids == self._selected_ids:
            return
        self._selected_ids = seam_ids
        self.selection_changed.emit(seam_ids[0] if seam_ids else "")
        if self._base.proposals != self._found.proposed and self._propose():
            self._changed()

    # -- what the analysis finds

    @property
    def threshold(self) -> float:
        """How likely a seam must be to be proposed, 0 to 1."""
        return self._found.threshold

    @property
    def faint(self) -> tuple[Seam, ...]:
        """Places below the threshold that nothing was decided about, in order."""
        return tuple(self.project.not_decided(self._found.faint))

    def set_threshold(self, threshold: float, *, store: bool = True) -> None:
        """Propose what is at least so likely, as a step; without `store`, only as long as nothing else happens."""
        threshold = round(min(max(LEAST_THRESHOLD, threshold), MOST_THRESHOLD), 3)
        if store and threshold != self.project.threshold:
            self.do(SetThreshold(threshold))
            return
        self._found.threshold = threshold
        self._propose()
        self._changed()

    def take(self, findings: Findings) -> None:
        """Add what the analysis found, and what it learned."""
        start, values = findings.start_frame, findings.similarity
        self.similarity[start : start + len(values)] = values
        before, known_frames = self.project.undecided, self._base.analysed_frames
        self._found.put((*findings.seams, *findings.faint), findings.done_frames)
        self._base = self._base.with_proposals(self._base.proposals, findings.done_frames)
        has_changed = self._propose() or findings.done_frames != known_frames
        if findings.taught != self._learned_from:
            self._learned_from = findings.taught
            if self._has_stepped and self._learns:
                self._news = _difference(before, self.project.undecided, known_frames)
                has_changed = True
        if has_changed:
            self._changed()

    def take_labels(self, labelled: Labelled) -> None:
        """Have these labels of the analysis, beside earlier ones that it says nothing of (yet)."""
        ranges = [shot.range for shot in self.project.shots]
        labels = merged_labels(ranges, self._base.labels, labelled.labels)
        if labels != self._base.labels:
            self._base = self._base.with_labels(labels)
            self._journal.rebase(self._base)
            self._changed()

    def take_footage(self, footage: tuple[ShotFootage, ...]) -> None:
        """Have the shots grouped like that."""
        if footage != self._base.footage:
            self._base = self._base.with_footage(footage)
            self._journal.rebase(self._base)
            self._changed()

    def take_camera(self, curves: CameraCurves) -> None:
        """Add what the analysis found of the camera's motion."""
        start, values = curves.start_frame, curves.values
        self.camera[:, start : start + values.shape[1]] = values

    # -- learning

    @property
    def news(self) -> str:
        """What became of the proposals through the last steps, or else of the review; empty if nothing did."""
        return self._news

    def say(self, news: str) -> None:
        """Have that as the news, until the next step."""
        self._news = news
        self.told.emit()

    @property
    def reviewed(self) -> tuple[int, int]:
        """How many seams were decided about, and of how many in all."""
        decided = len(self.project.decisions)
        return decided, decided + len(self.project.undecided)

    @property
    def questions(self) -> list[Seam]:
        """What is worth asking the editor about, the most doubtful first.

        Undecided proposals, and places that are just none, where neither a seam nor a decision is.
        """
        held = self.selected
        faint = [seam for seam in self.faint if held is None or not held.overlaps(seam)]
        return by_doubt([*self.project.undecided, *faint])

    def question_at(self, frame: int) -> Seam | None:
        """The place at `frame` where there perhaps is a seam, though none is proposed."""
        if self.seam_at(frame) is not None:
            return None
        at_frame = [seam for seam in self._found.faint if seam.out_frame <= frame <= seam.in_frame]
        return next(iter(by_doubt(self.project.not_decided(at_frame))), None)

    def set_learning(self, learns: bool) -> None:
        """Whether the analysis shall learn from what was decided."""
        self._learns = learns
        self._teach()

    def _teach(self) -> None:
        decisions = self.project.decisions if self._learns else ()
        lesson = decisions, self.project.threshold
        if lesson != self._taught:
            self._taught = lesson
            self.taught.emit(decisions)

    def _propose(self) -> bool:
        """Put what was found under the decisions; whether that is anything new.

        What the editor has before the eyes stays until something else is selected.
        """
        proposals = self._found.with_held(self.selected)
        base = self._base.with_proposals(proposals, self._base.analysed_frames)
        has_changed = base.proposals != self.project.proposals
        self._base = base
        self._journal.rebase(base)
        return has_changed

    def seam_at(self, frame: int) -> Seam | None:
        """The seam at the playhead: the one that `frame` begins the new shot of, else whose span holds it."""
        covering = [seam for seam in self.project.seams if seam.out_frame <= frame <= seam.in_frame]
        return min(covering, key=lambda seam: abs(seam.cut_frame - frame), default=None)

    def seam_after(self, frame: int) -> Seam | None:
        return next((seam for seam in self.project.seams if seam.cut_frame > frame), None)

    def seam_before(self, frame: int) -> Seam | None:
        return next((seam for seam in reversed(self.project.seams) if seam.cut_frame < frame), None)

    def do(self, edit: Edit) -> bool:
        """Apply and store an edit; False, with `refused` emitted, where that is not possible."""
        return self._tried(lambda: self._journal.do(edit))

    def do_over(self, edit: Edit) -> bool:
        """Do that instead of the last step, which goes with nothing in its place where that leads back; as `do`."""
        return self._tried(lambda: self._journal.do_over(edit))

    def undo(self) -> bool:
        done = self._journal.history.done
        self.going_back.emit()
        if self._journal.history.done < done:
            return True  # what was still to be stored has led back behind that step
        return self.undo_name is not None and self._tried(self._journal.undo)

    def redo(self) -> bool:
        self.going_back.emit()
        return self.redo_name is not None and self._tried(self._journal.redo)

    @property
    def steps(self) -> tuple[tuple[Edit, ...], int]:
        """All steps in order, and how many of them count: those behind are undone."""
        return self._journal.history.edits, self._journal.history.done

    def go_to_step(self, done: int) -> bool:
        """Have the first `done` steps count."""
        self.going_back.emit()
        return self._tried(lambda: self._journal.go_to(done))

    def _tried(self, step: Callable[[], Project]) -> bool:
        try:
            step()
        except ProjectError as error:
            self._follow_threshold()
            self.refused.emit(str(error))
            self._changed()
            return False
        self._follow_threshold()
        self._has_stepped = True
        self._news = ""
        self._settling.start()
        self.stepped.emit()
        self._changed()
        return True

    def _follow_threshold(self) -> None:
        """Propose by the threshold that the steps have left."""
        if self._found.threshold != self.project.threshold:
            self._found.threshold = self.project.threshold
            self._propose()

    def _changed(self) -> None:
        if self._selected_ids:
            known = {seam.id for seam in self.project.seams}
            if not known.issuperset(self._selected_ids):
                self.select_many(seam_id for seam_id in self._selected_ids if seam_id in known)
        self.changed.emit()


def _difference(before: tuple[Seam, ...], after: tuple[Seam, ...], known_frames: int) -> str:
    """How many proposals went and came in the part that was known before, as words for the editor."""
    old, new = {seam.id for seam in before}, {seam.id for seam in after}
    dropped = len(old - new)
    added = sum(seam.id not in old and seam.in_frame < known_frames for seam in after)
    parts = [(dropped, "dropped"), (added, "added")]
    said = [f"{count} {what}" for count, what in parts if count]
    if not said:
        return ""
    count, _, what = said[0].partition(" ")
    said[0] = f"{count} proposal{'' if count == '1' else 's'} {what}"
    return f"{', '.join(said)} after your corrections"
