"""The review panel at work: which seam it shows, its pictures, and how far the review is."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from seamline.analysis.proxies_stage import Proxies
from seamline.media.timecode import TimecodeRate
from seamline.project.types import Seam
from seamline_app.document import Document
from seamline_app.jobs.review_pictures import ReviewPictures
from seamline_widgets.review_panel import SeamReviewPanel
from seamline_widgets.review_seam import ReviewedSeam

_SHOW_EVERY_MS = 30
_SETTLED_MS = 100
_NUDGES = (1, -1, 2, -2)
_DOUBTFUL_AHEAD = 2


class SeamView(QObject):
    """Shows in `panel` the seam that is selected, else the one at the playhead, else what perhaps is one there.

    A question stays while the playhead is among the frames about it, until another seam is met. While the film
    plays, or a hand drags the seam, what is shown stays. `playhead()` gives the frame where the editor is.
    """

    def __init__(
        self,
        panel: SeamReviewPanel,
        document: Callable[[], Document | None],
        playhead: Callable[[], int],
        parent: QObject | None = None,
        *,
        doubtful_key: Callable[[], str] = lambda: "Tab",
    ) -> None:
        super().__init__(parent)
        self.panel = panel
        self.pictures = ReviewPictures(self)
        self._document = document
        self._playhead = playhead
        self._doubtful_key = doubtful_key
        self._counting: tuple[int, TimecodeRate] | None = None
        self._questions: list[Seam] = []
        self._seen: set[str] = set()
        self._is_playing = False
        self._dragged: tuple[str, int, int] | None = None
        self._shown_at_s = 0.0
        self._showing = QTimer(self, singleShot=True)
        self._showing.timeout.connect(self._show)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settling.timeout.connect(self._settle)
        panel.pictures_wanted.connect(self._request)
        self.pictures.ready.connect(self._on_ready)

    @property
    def shown(self) -> Seam | None:
        """The seam, or the place that perhaps is one, that the panel shows."""
        subject = self.panel.subject
        return None if subject is None else subject.seam

    def holds(self, frame: int) -> bool:
        """Whether the editor sees `frame` as part of what the panel shows: it need not be let go for that."""
        subject = self.panel.subject
        if subject is None or not self.panel.isVisible():
            return False
        return subject.first_frame <= frame < subject.end_frame

    def open(self, proxies: Proxies | None = None) -> None:
        """Another film is open: show it. `proxies` are small pictures of it."""
        document = self._document()
        if document is None:
            return
        self._seen.clear()
        self._dragged = None
        self._questions = []
        self._counting = None
        self.panel.clear()
        self.pictures.open(document.film)
        self.pictures.use_proxies(proxies)
        self.show_changes()

    def close_film(self) -> None:
        """No film is open any more."""
        self._showing.stop()
        self._settling.stop()
        self._dragged = None
        self.pictures.close()
        self.panel.clear()

    def close(self) -> None:
        """Stop, and join the threads."""
        self.close_film()

    def show_changes(self) -> None:
        """Seams, the curve, the film's counting, or how far it is analysed have changed."""
        document = self._document()
        if document is None:
            return
        self._show_counting(document)
        self.panel.set_can_move(not document.is_elsewhere)
        self.panel.set_similarity(document.similarity)
        self._show()
        self._settling.start()

    def show_selection(self) -> None:
        """Another seam is selected, or none."""
        self._show_soon()

    def follow_playhead(self, frame: int) -> None:
        """The playhead has moved there."""
        self.panel.set_playhead(frame)
        if not self._is_playing:
            self._show_soon()

    def set_speed(self, speed: float) -> None:
        """How fast the film plays: while it does, the player has the machine to itself."""
        self._is_playing = bool(speed)
        self.pictures.set_paused(self._is_playing)
        if not self._is_playing:
            self._show_soon()

    def preview(self, seam_id: str, out_frame: int, in_frame: int) -> int:
        """A hand drags that seam there: show it and its pictures so, at once, and store nothing.

        It stays so until `end_preview`. Gives the frame that the eye wants to see: the end that moves, else the
        first of the incoming shot.
        """
        if not self.panel.curve.is_dragging:  # that shows its own
            self._dragged = seam_id, out_frame, in_frame
            self._show()
        document = self._document()
        seam = _by_id(document, seam_id) if document is not None else None
        moves_out_alone = seam is not None and seam.in_frame == in_frame and seam.out_frame != out_frame
        return out_frame if moves_out_alone else in_frame

    def end_preview(self, _seam_id: str = "") -> None:
        """The drag is over: show what is."""
        if self._dragged is not None:
            self._dragged = None
            self._show()

    @property
    def _is_dragging(self) -> bool:
        return self._dragged is not None or self.panel.curve.is_dragging

    def _show_soon(self) -> None:
        """When what happens now has happened: selecting and going there are one step to the eye."""
        if not self._showing.isActive():
            passed_ms = (time.monotonic() - self._shown_at_s) * 1000
            self._showing.start(max(0, round(_SHOW_EVERY_MS - passed_ms)))

    def _show(self) -> None:
        self._showing.stop()
        self._shown_at_s = time.monotonic()
        document = self._document()
        if document is None:
            return
        subject = self._subject(document)
        if subject is None:
            self.panel.show_nothing(self._hint(document))
            return
        if subject.seam.id != (self.shown.id if self.shown else ""):
            self._settling.start()
        self._seen.add(subject.seam.id)
        self.panel.show_seam(subject, is_dragged=self._dragged is not None)
        self.panel.set_playhead(self._playhead())

    def _subject(self, document: Document) -> ReviewedSeam | None:
        dragged = self._dragged_subject(document)
        if dragged is not None:
            return dragged
        selected = document.selected
        if selected is not None:
            return _among(document, selected)
        if self._is_playing:
            shown = self.shown
            is_there = shown is not None and any(seam.id == shown.id for seam in document.project.seams)
            return self.panel.subject if is_there else None
        frame = self._playhead()
        seam = document.seam_at(frame)
        if seam is not None:
            return _among(document, seam)
        question = document.question_at(frame)
        if question is not None:
            return ReviewedSeam(question, is_question=True)
        return self._held_question(document, frame)

    def _dragged_subject(self, document: Document) -> ReviewedSeam | None:
        """What a hand drags, which the playhead, following it, does not change."""
        if self._dragged is not None:
            seam_id, *frames = self._dragged
            seam = _by_id(document, seam_id)
            return None if seam is None else _among(document, seam).moved(*frames)
        shown = self.shown
        if shown is None or not self.panel.curve.is_dragging:
            return None
        seam = _by_id(document, shown.id)
        return None if seam is None else _among(document, seam)

    def _held_question(self, document: Document, frame: int) -> ReviewedSeam | None:
        subject = self.panel.subject
        if subject is None or not subject.is_question or not self.holds(frame):
            return None
        question = document.question_at(subject.seam.cut_frame)
        return subject if question is not None and question.id == subject.seam.id else None

    def _hint(self, document: Document) -> str:
        if not document.project.seams:
            wait = "Seams will be shown here as the analysis finds them"
            return "No seam was found" if document.is_complete else wait
        if self._questions:
            return f"Select a seam, or press {self._doubtful_key()} for the next doubtful one"
        return "Select a seam to look at it"

    def _settle(self) -> None:
        """What need not be there at once: the figures, and the pictures that may be wanted next."""
        document = self._document()
        if document is None:
            return
        self._questions = document.questions
        reviewed, total = document.reviewed
        self.panel.set_progress(reviewed, total, len(self._questions), is_complete=document.is_complete)
        subject = self.panel.subject
        if subject is None:
            self.panel.show_nothing(self._hint(document))
        if self.panel.isVisible() and not self._is_dragging:
            self.pictures.prefetch(self._coming(document, subject))

    def _coming(self, document: Document, subject: ReviewedSeam | None) -> list[int]:
        """The frames that a nudge would show, then those of the next doubtful places, of the next and previous seam."""
        frames: list[int] = []
        near: list[Seam | None] = []
        if subject is not None:
            seam = subject.seam
            frames += [frame + by for by in _NUDGES for frame in subject.frames]
            near = [document.seam_after(seam.cut_frame), document.seam_before(seam.cut_frame)]
        unseen = [seam for seam in self._questions if seam.id not in self._seen]
        # while the film is being analysed they are others all the time: its processor is not for those
        doubtful = (unseen or self._questions)[:_DOUBTFUL_AHEAD] if document.is_complete else []
        for seam_ahead in (*doubtful, *near):
            if seam_ahead is not None:
                frames += ReviewedSeam(seam_ahead).frames
        return frames

    def _request(self, frames: tuple[int, ...]) -> None:
        self.pictures.request(frames, self.panel.picture_limit)
        self._settling.start()

    def _on_ready(self, frame: int, image: QImage, is_exact: bool) -> None:
        self.panel.set_picture(frame, image)

    def _show_counting(self, document: Document) -> None:
        """Label the frames anew where the start timecode has changed."""
        project = document.project
        counting = project.first_timecode_frame, project.timecode_rate
        if counting != self._counting:
            self._counting = counting
            film = document.film
            self.panel.set_film(film.frame_count, film.info.display_aspect, project.timecode)


def _by_id(document: Document, seam_id: str) -> Seam | None:
    return next((seam for seam in document.project.seams if seam.id == seam_id), None)


def _among(document: Document, seam: Seam) -> ReviewedSeam:
    """The seam with the room that its neighbours leave it."""
    seams = document.project.seams
    at = bisect_left(seams, seam)
    lowest = seams[at - 1].in_frame if at > 0 else 0
    highest = seams[at + 1].out_frame if at + 1 < len(seams) else document.film.frame_count - 1
    return ReviewedSeam(seam, False, lowest, highest)
