"""The review of one seam: its three pictures, the difference about it, what is known of it and can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QImage, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from seamline.project.types import SeamKind
from seamline_resources import palette
from seamline_widgets.review_curve import DifferenceCurve
from seamline_widgets.review_facts import SeamFacts
from seamline_widgets.review_layout import arranged
from seamline_widgets.review_seam import ReviewedSeam
from seamline_widgets.review_still import Caption
from seamline_widgets.review_stills import StillsRow
from seamline_widgets.timeline_matches import MatchMark

_SETTLED_MS = 100

FloatArray = NDArray[np.float32]


class SeamReviewPanel(QWidget):
    """A strip that shows what the review is about. It works from 520 by 120 pixels on.

    `pictures_wanted(frames)`: `set_picture` shall be called with pictures of these frames, not larger than
    `picture_limit`; they follow the seam, and a drag of it. `frame_wanted(frame)`: show that frame of the film.
    `seam_dragged(id, out_frame, in_frame)`: where the seam is while it is dragged in the curve;
    `drag_ended(id)`: once after that, when what the drag came to was said, or it was given up.
    `seam_moved(id, out_frame, in_frame)`: once, when a drag ends at other frames.
    """

    pictures_wanted = Signal(tuple)
    frame_wanted = Signal(int)
    seam_dragged = Signal(str, int, int)
    drag_ended = Signal(str)
    seam_moved = Signal(str, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stills = StillsRow(self)
        self.curve = DifferenceCurve(self)
        self.facts = SeamFacts(self)
        self._hint = QLabel(self)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._subject: ReviewedSeam | None = None
        self._similarity: FloatArray = np.zeros(0, np.float32)
        self._timecode_of: Callable[[int], str] = str
        self._aspect = 16 / 9
        self._frame_count = 0
        self._asked: tuple[tuple[int, ...], tuple[int, int]] = ((), (0, 0))
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settling.timeout.connect(self._ask)
        self.stills.frame_wanted.connect(self.frame_wanted)
        self.curve.frame_wanted.connect(self.frame_wanted)
        self.curve.previewed.connect(self._show_preview)
        self.curve.seam_dragged.connect(self.seam_dragged)
        self.curve.drag_ended.connect(self.drag_ended)
        self.curve.seam_moved.connect(self._on_moved)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusProxy(self.facts.buttons["next_doubtful"])
        self.setAccessibleName("Seam review")
        self.clear()

    def sizeHint(self) -> QSize:
        return QSize(1280, 190)

    def minimumSizeHint(self) -> QSize:
        return QSize(520, 120)

    @property
    def subject(self) -> ReviewedSeam | None:
        """The seam that is shown."""
        return self._subject

    @property
    def picture_limit(self) -> tuple[int, int]:
        """How large a picture can be seen, in device pixels."""
        size, ratio = self.stills.picture_size, self.devicePixelRatioF()
        return max(1, round(size.width() * ratio)), max(1, round(size.height() * ratio))

    @property
    def hint(self) -> str:
        """What is said in place of pictures, empty while there are some."""
        return self._hint.text() if self._subject is None else ""

    def set_actions(self, actions: Mapping[str, QAction]) -> None:
        """Let the buttons trigger the caller's actions; the whole table may be passed."""
        self.facts.set_actions(actions)

    def set_matches(self, marks: Sequence[MatchMark]) -> None:
        """Say of these seams that they are match cuts, and why."""
        self.facts.set_matches(marks)

    def button(self, action_id: str) -> QPushButton:
        """The button of one of `review_facts.BUTTON_IDS`."""
        return self.facts.buttons[action_id]

    def set_film(self, frame_count: int, aspect: float, timecode_of: Callable[[int], str]) -> None:
        """The film that is under review: its length, its pictures' width over height, its labels."""
        self._frame_count, self._aspect, self._timecode_of = frame_count, aspect, timecode_of
        self.stills.set_aspect(aspect)
        self.curve.set_film(frame_count, timecode_of)
        self._arrange()
        if self._subject is not None:
            self._show(self._subject)

    def clear(self, hint: str = "") -> None:
        """There is no film."""
        self._frame_count = 0
        self._similarity = np.zeros(0, np.float32)
        self.set_progress(0, 0, 0)
        self.show_nothing(hint)

    def show_nothing(self, hint: str) -> None:
        """There is no seam to look at: say what can be done."""
        self._subject = None
        self._asked = ((), (0, 0))
        self._settling.stop()
        self._hint.setText(hint)
        self.stills.clear()
        self.curve.show_seam(None, np.zeros(0, np.float32))
        self.facts.show_seam(None)
        self._arrange()

    def show_seam(self, subject: ReviewedSeam, *, is_dragged: bool = False) -> None:
        """Show this seam; asks for its pictures by `pictures_wanted`. A drag of the same seam goes on.

        `is_dragged`: a hand has it, elsewhere; each picture is shown as soon as it is there.
        """
        if subject == self._subject:
            return
        old, self._subject = self._subject, subject
        if old is None:
            self._arrange()
        elif old.seam == subject.seam and self.curve.is_dragging:
            self._show_curve(subject)  # the pictures follow the hand
            return
        self._show(subject, is_dragged=is_dragged)

    def set_similarity(self, similarity: FloatArray) -> None:
        """The film's curve, float32[frames], of each frame to the one before it; NaN where it is not known yet.

        The array is kept, not copied: call again when its values have changed.
        """
        self._similarity = similarity
        if self._subject is not None:
            self._show_curve(self._subject)

    def set_picture(self, frame: int, image: QImage) -> None:
        """A picture of one of the frames asked for; a null image where there can be none."""
        self.stills.set_picture(frame, image)

    def set_progress(self, reviewed: int, total: int, doubtful: int, *, is_complete: bool = False) -> None:
        """How many seams were decided about, of how many, and how many places are doubtful.

        `is_complete`: the whole film is analysed, so that there will be no more.
        """
        self.facts.set_progress(reviewed, total, doubtful, is_complete=is_complete)

    def set_playhead(self, frame: int) -> None:
        self.stills.set_playhead(frame)
        self.curve.set_playhead(frame)

    def set_can_move(self, can_move: bool) -> None:
        """Whether the seam may be dragged in the curve."""
        self.curve.set_can_move(can_move)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), QColor(palette.WINDOW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        if self._subject is not None:
            self._settling.start()  # sharper pictures, when the size has settled

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def _show(self, subject: ReviewedSeam, *, is_dragged: bool = False) -> None:
        self._show_pictures(subject, is_dragged=is_dragged)
        self._show_curve(subject)
        self.facts.show_seam(subject)

    def _show_pictures(self, subject: ReviewedSeam, *, is_dragged: bool = False) -> None:
        look = palette.SEAM_LOOKS[subject.seam.kind]
        is_span = subject.seam.kind is not SeamKind.CUT
        self.stills.set_look(look.colour, is_span=is_span, is_question=subject.is_question)
        captions = []
        for frame, (title, short) in zip(subject.frames, subject.titles, strict=True):
            is_there = 0 <= frame < self._frame_count
            timecode = self._timecode_of(frame) if is_there else ""
            captions.append(Caption(frame if is_there else None, title, short, timecode))
        self.stills.set_captions(captions, is_dragged=is_dragged)
        self._ask()

    def _show_curve(self, subject: ReviewedSeam) -> None:
        around = np.full(subject.end_frame - subject.first_frame, np.nan, np.float32)
        first, end = max(0, subject.first_frame), min(subject.end_frame, len(self._similarity))
        if first < end:
            around[first - subject.first_frame : end - subject.first_frame] = 1 - self._similarity[first:end]
        self.curve.show_seam(subject, around)

    def _show_preview(self, out_frame: int, in_frame: int) -> None:
        if self._subject is not None:
            moved = self._subject.moved(out_frame, in_frame)
            self._show_pictures(moved, is_dragged=self.curve.is_dragging)
            self.facts.show_seam(moved)

    def _on_moved(self, seam_id: str, out_frame: int, in_frame: int) -> None:
        self.seam_moved.emit(seam_id, out_frame, in_frame)
        if self._subject is not None:  # where it was refused, all is as it was
            self._show(self._subject)

    def _ask(self) -> None:
        """Say which pictures are wanted, if these are others or of another size."""
        frames = self.stills.frames
        asked = frames, self.picture_limit
        if self._subject is not None and self.isVisible() and asked != self._asked:
            self._asked = asked
            self.pictures_wanted.emit(frames)

    def _arrange(self) -> None:
        places = arranged(self.size(), self._aspect)
        has_seam = self._subject is not None
        self.stills.setGeometry(places.stills)
        self.facts.setGeometry(places.facts)
        if places.curve is not None:
            self.curve.setGeometry(places.curve)
        self.stills.setVisible(has_seam)
        self.curve.setVisible(has_seam and places.curve is not None)
        hint = places.stills if places.curve is None else places.stills.united(places.curve)
        self._hint.setGeometry(hint)
        self._hint.setVisible(not has_seam)
