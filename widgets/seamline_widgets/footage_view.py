"""The shots as pictures, scene by scene, framed in the colour of their set-up: an A B A B is seen at once."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QToolTip, QWidget

from seamline.project.types import Project
from seamline_resources import palette
from seamline_widgets.footage_cells import FootageCell, FootageScene, setup_words
from seamline_widgets.footage_layout import GAP_PX, FootageLayout
from seamline_widgets.footage_paint import paint_cell, paint_head
from seamline_widgets.own_keys import ARROWS, OwnKeys

_ASK_AFTER_MS = 60
_KEPT_PICTURES = 800


class FootageView(QAbstractScrollArea):
    """`frame_wanted(frame)`: a click, Enter or an arrow key goes to a shot; the menu to others of its set-up.

    `shots_wanted(numbers)`: these shots shall be selected in the list, a tuple. `picture_wanted(frame)`: a visible cell
    lacks that picture.
    """

    frame_wanted = Signal(int)
    shots_wanted = Signal(tuple)
    picture_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scenes: tuple[FootageScene, ...] = ()
        self._project: Project | None = None
        self.cells: tuple[FootageCell, ...] = ()
        self._starts: list[int] = []
        self._layout = FootageLayout((), 0)
        self._pictures: OrderedDict[int, QImage] = OrderedDict()
        self._asked: set[int] = set()
        self._hovered = self._current = self._focused = self._frame = -1
        self._ask_timer = QTimer(self, singleShot=True, interval=_ASK_AFTER_MS)
        self._ask_timer.timeout.connect(self._ask_for_pictures)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        OwnKeys(self, (*ARROWS, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Home, Qt.Key.Key_End))
        self.verticalScrollBar().valueChanged.connect(lambda _: self._ask_timer.start())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Shots by scene and set-up")

    def set_scenes(self, project: Project | None, scenes: Sequence[FootageScene]) -> None:
        """Show these, of `project`; the place that is seen stays about the same."""
        self._project = project
        if tuple(scenes) == self.scenes:
            return
        self.scenes = tuple(scenes)
        self.cells = tuple(cell for scene in scenes for cell in scene.cells)
        self._starts = [cell.start_frame for cell in self.cells]
        self._hovered = self._focused = -1
        self._lay_out()
        self._mark(follow=False)
        self._ask_timer.start()
        self.viewport().update()

    def forget_pictures(self) -> None:
        """Another film is shown from now on."""
        self._pictures.clear()
        self._asked.clear()
        self._current = self._frame = -1
        self.verticalScrollBar().setValue(0)

    def set_picture(self, frame: int, image: QImage) -> None:
        """Show `image` where film frame `frame` stands for a shot."""
        if frame not in self._asked:
            return
        self._pictures[frame] = image
        while len(self._pictures) > _KEPT_PICTURES:
            self._asked.discard(self._pictures.popitem(last=False)[0])
        self.viewport().update()

    def set_playhead(self, frame: int, *, follow: bool = False) -> None:
        """Mark the shot at `frame`; with `follow`, scroll to one just entered."""
        self._frame = frame
        self._mark(follow=follow)

    @property
    def current(self) -> int:
        """The place of the shot at the playhead, -1 for none."""
        return self._current

    def cell_rect(self, place: int) -> QRect:
        """Where the cell is in the viewport."""
        return self._layout.cell(place).translated(0, -self.verticalScrollBar().value())

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        offset = self.verticalScrollBar().value()
        area = event.rect()
        painter.fillRect(area, QColor(palette.SUNKEN))
        top, bottom = area.top() + offset, area.bottom() + offset
        for scene in self._layout.scenes_between(top, bottom):
            rect = self._layout.head(scene).translated(0, -offset)
            paint_head(painter, rect, self.scenes[scene].title, self.scenes[scene].facts, is_first=scene == 0)
        lit = self._lit_setup
        for place in self._layout.cells_between(top, bottom):
            cell = self.cells[place]
            paint_cell(
                painter,
                self.cell_rect(place),
                cell,
                self._pictures.get(cell.picture_frame),
                is_current=place == self._current,
                is_focused=place == self._focused and self.hasFocus(),
                is_dimmed=lit is not None and cell.setup != lit,
            )

    @property
    def _lit_setup(self) -> int | None:
        """The set-up whose shots stand out: the one under the mouse, if it comes back."""
        if self._hovered < 0:
            return None
        cell = self.cells[self._hovered]
        return cell.setup if cell.comes_back else None

    # -- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self.frame_wanted.emit(self.cells[place].start_frame)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._place_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._place_at(event.pos())
            if place >= 0:
                QToolTip.showText(
                    event.globalPos(), self.words_of(place), self.viewport(), self.cell_rect(place)
                )
            else:
                QToolTip.hideText()
            return True
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        place = self._place_at(event.pos()) if by_mouse else self._focused
        if place >= 0:
            at = (
                event.globalPos() if by_mouse else self.viewport().mapToGlobal(self.cell_rect(place).center())
            )
            self.menu_of(place).popup(at)

    def open_menu(self, start_frame: int, global_position: QPoint) -> None:
        """Open the menu of the shot that begins there, if it is among them."""
        place = bisect_right(self._starts, start_frame) - 1
        if place >= 0 and self._starts[place] == start_frame:
            self.menu_of(place).popup(global_position)

    def words_of(self, place: int) -> str:
        """What there is to say of that shot, a line each."""
        if self._project is None:
            return ""
        cell = self.cells[place]
        title = f"Shot {cell.number}, {self._project.timecode(cell.start_frame)}"
        return "\n".join((title, *setup_words(self._project, cell)))

    def menu_of(self, place: int) -> QMenu:
        """What can be done with that shot."""
        cell = self.cells[place]
        same = [other for other in self.cells if other.setup == cell.setup]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if len(same) == 1:
            menu.addAction("No other shot is of this set-up").setEnabled(False)
        else:
            at, numbers = same.index(cell), tuple(other.number for other in same)
            shots = [("Next", same[(at + 1) % len(same)]), ("Previous", same[at - 1])]
            for which, other in shots if len(same) > 2 else [("Other", same[at - 1])]:
                action = menu.addAction(f"{which} shot of set-up {cell.name}")
                action.triggered.connect(lambda _=False, other=other: self._go_to(other))
            action = menu.addAction(f"Select all shots of set-up {cell.name} in the list")
            action.triggered.connect(lambda _=False: self.shots_wanted.emit(numbers))
        if cell.repeats_frame >= 0:
            menu.addSeparator()
            menu.addAction("Go to where these frames are shown first").triggered.connect(
                lambda _=False: self.frame_wanted.emit(cell.repeats_frame)
            )
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = event.key(), len(self.cells) - 1
        if last < 0:
            super().keyPressEvent(event)
            return
        place = self._focused if self._focused >= 0 else max(0, self._current)
        moves: dict[Qt.Key, Callable[[], int]] = {
            Qt.Key.Key_Left: lambda: max(0, place - 1),
            Qt.Key.Key_Right: lambda: min(last, place + 1),
            Qt.Key.Key_Up: lambda: self._layout.beside(place, -1),
            Qt.Key.Key_Down: lambda: self._layout.beside(place, 1),
            Qt.Key.Key_Home: lambda: 0,
            Qt.Key.Key_End: lambda: last,
            Qt.Key.Key_Return: lambda: place,
            Qt.Key.Key_Enter: lambda: place,
        }
        move = moves.get(Qt.Key(key))
        if move is None:
            super().keyPressEvent(event)
            return
        self._focused = move()
        self._show_cell(self._focused)
        self.viewport().update()
        self._go_to(self.cells[self._focused])

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._focused < 0:
            self._focused = max(0, self._current) if self.cells else -1
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._focused = -1
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
        self._ask_timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()
        if self._current >= 0:
            self._show_cell(self._current)
        self._ask_timer.start()

    def _go_to(self, cell: FootageCell) -> None:
        self.frame_wanted.emit(cell.start_frame)

    def _place_at(self, point: QPoint) -> int:
        return self._layout.cell_at(point + QPoint(0, self.verticalScrollBar().value()))

    def _hover(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            shape = Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def _mark(self, *, follow: bool) -> None:
        current = bisect_right(self._starts, self._frame) - 1
        if current >= 0 and self._frame >= self.cells[current].end_frame:
            current = -1
        if current != self._current:
            self._current = current
            if follow and current >= 0 and self.isVisible():
                self._show_cell(current)
            self.viewport().update()

    def _show_cell(self, place: int) -> None:
        rect, bar = self._layout.cell(place), self.verticalScrollBar()
        page = self.viewport().height()
        head = self._layout.head(self._layout.scene_of(place))
        top = head.top() if rect.top() == head.bottom() + 1 else rect.top() - GAP_PX
        if top < bar.value():
            bar.setValue(top)
        elif rect.bottom() > bar.value() + page:
            bar.setValue(rect.bottom() + GAP_PX - page)

    def _lay_out(self) -> None:
        self._layout = FootageLayout([len(scene.cells) for scene in self.scenes], self.viewport().width())
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(page)
        bar.setSingleStep(max(1, self._layout.cell_size.height() // 2))
        bar.setRange(0, max(0, self._layout.height - page))

    def _ask_for_pictures(self) -> None:
        if not self.isVisible():
            return
        top = self.verticalScrollBar().value()
        # the newest wish is served first: ask from the bottom up
        for place in reversed(self._layout.cells_between(top, top + self.viewport().height())):
            frame = self.cells[place].picture_frame
            if frame not in self._asked:
                self._asked.add(frame)
                self.picture_wanted.emit(frame)
