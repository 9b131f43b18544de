"""The shots of the film: found, sorted, named, commented and coloured, as a table or as pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QImage, QKeySequence
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from seamline.project.types import Project
from seamline_widgets.notice import Notice
from seamline_widgets.shot_commenting import ShotCommenting
from seamline_widgets.shot_filter import ShotFilter, shot_length
from seamline_widgets.shot_filter_bar import ShotFilterBar
from seamline_widgets.shot_foot import ShotFoot
from seamline_widgets.shot_grid import MOST_PX, ShotGridView
from seamline_widgets.shot_labels import LabelKind
from seamline_widgets.shot_list import ShotListView
from seamline_widgets.shot_menu import OrderMenu, ShotMenu
from seamline_widgets.shot_model import shot_id
from seamline_widgets.shot_naming import ShotNaming
from seamline_widgets.shot_wishes import ShotWishes

EMPTY_HINT = "The shots of the film appear here"
_KEYS = {"rename": "rename_shot", "comment": "comment_shot", "join": "merge_shots", "confirm": "confirm_seam"}


class ShotsPanel(ShotWishes):
    """Shows what it is given; table and grid have one model and one selection.

    Of what the editor does, besides `ShotWishes`: `seam_selected(id)`, one shot is chosen, named by the seam it begins
    with, empty for the film's first; `seams_selected(ids)`, several are, the leading one first, or none any more;
    `shot_activated(frame)`: go there.
    `thumbnail_wanted(frame)`: a picture is missing. `look_changed`: pictures or table, or the size of the pictures.
    """

    seam_selected = Signal(str)
    seams_selected = Signal(tuple)
    shot_activated = Signal(int)
    thumbnail_wanted = Signal(int)
    look_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = ShotFilterBar()
        self.grid = ShotGridView(self.model)
        self.grid.setSelectionModel(self.table.selectionModel())
        self.notice = Notice()
        self.foot = ShotFoot()
        self.commenting = ShotCommenting(self.model, lambda: self.view, self)
        self.naming = ShotNaming(
            self.model, self.selection, (self.table, self.grid), lambda: self.view, self._leading_row, self
        )
        self.menu: ShotMenu | None = None
        self._actions: Mapping[str, QAction] = {}
        self._is_grid = False
        self._was_reset = False
        self._chosen_ids: tuple[str, ...] = ()
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._refresh()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # no focus proxy: with one, the Tab key would pass by what stands before the view
        super().focusInEvent(event)
        self.view.setFocus(event.reason())

    # -- what is shown

    def set_shots(self, project: Project | None) -> None:
        """Show the shots of `project`, or none; selection and scroll position stay within one film."""
        # what the editor has just changed stays in sight, though it is not what the filter asks for any more
        kept = [shot_id(shot) for shot in self.labelled_shots()]
        with self._held():
            is_other_film = self.model.set_project(project, kept)
        if is_other_film:
            for view in (self.table, self.grid):
                view.hands.forget()
                view.delegate.current_frame = -1
            self._chosen_ids = ()
            self.commenting.editor.end(keep=False)
            self.bar.clear()
        self._refresh()

    def set_thumbnail(self, frame: int, image: QImage) -> None:
        """Show `image` where film frame `frame` stands for a shot."""
        most_px = round(MOST_PX * self.devicePixelRatioF())
        if image.width() > most_px:
            image = image.scaledToWidth(most_px, Qt.TransformationMode.SmoothTransformation)
        self.model.set_thumbnail(frame, image)

    def set_current_frame(self, frame: int, *, follow: bool = False) -> None:
        """Mark the shot that `frame` belongs to; with `follow`, scroll to it whenever it changes."""
        before = self.table.delegate.current_row
        for view in (self.table, self.grid):
            view.delegate.current_frame = frame
        row = self.table.delegate.current_row
        if row == before:
            return
        if self.selection.ids == ("",):
            # what stays chosen without a seam is not told by the window when the editor has gone on
            self.selection.select([])
            self._chosen_ids = ()
        self.view.viewport().update()
        if follow and row >= 0:
            self.view.reveal(row)

    def set_selected(self, seam_id: str | None, others: Sequence[str] = ()) -> None:
        """Select the shots that begin with these seams, or none, without emitting.

        The film's first shot, which begins with none, stays among the selected ones if it was.
        """
        self._chosen_ids = tuple(dict.fromkeys(([seam_id] if seam_id else []) + list(others)))
        shown = [one for one in self._chosen_ids if self.model.row_of(one) >= 0]
        now = set(self.selection.ids)
        is_first = now == {""} and self.table.delegate.current_row == self.model.row_of("")
        if set(shown) == now - {""} and (shown or not now or is_first):
            self._chosen_ids += tuple(now & {""})
            return
        self.selection.select([self.model.row_of(one) for one in shown])
        if shown:
            self.view.reveal(self.model.row_of(shown[0]))

    def set_actions(self, actions: Mapping[str, QAction]) -> None:
        """Name the keys of these actions, by their ids, in the menu and in tool tips."""
        self._actions = actions
        if "shot_grid" in actions:
            self.bar.grid_button.setToolTip(actions["shot_grid"].toolTip())
        if "find_shots" in actions:
            self.bar.field.setToolTip(actions["find_shots"].toolTip())

    @property
    def view(self) -> ShotListView | ShotGridView:
        """The table or the grid, whichever is shown."""
        return self.grid if self._is_grid else self.table

    @property
    def is_grid(self) -> bool:
        return self._is_grid

    @property
    def picture_px(self) -> int:
        """How wide the grid's pictures are."""
        return self.grid.picture_px

    def set_look(self, *, is_grid: bool, picture_px: int) -> None:
        """Show pictures of that width, or the table; as it was left."""
        self.foot.slider.setValue(picture_px)
        self.bar.grid_button.setChecked(is_grid)

    # -- what is done here

    def rename(self) -> None:
        """Let the editor type a name for what is selected, else for the playhead's shot."""
        self.naming.begin()

    def comment(self) -> None:
        """Let the editor write about what is selected, else about the playhead's shot."""
        if self._leading_row() >= 0:
            self.commenting.begin(self.selection.ids)

    def comment_again(self, text: str) -> None:
        """What was written last could not be kept: let the editor go on with it."""
        self.commenting.again(text)

    def rename_again(self, name: str) -> None:
        """The name typed last could not be kept: let the editor go on with it."""
        self.naming.again(name)

    def filter_by_label(self, kind: LabelKind, value: str) -> None:
        """Show the shots of that class alone, as far as all else that is asked for accepts them.

        A class's own word, "unsure" or "unlabelled"; "" asks for no class of that kind any more.
        """
        self.bar.set_classes(kind, frozenset({value} if value else ()))

    def focus_filter(self) -> None:
        """Have the editor type what to find."""
        self.bar.focus()

    def toggle_grid(self) -> None:
        """Pictures instead of the table, or the table again."""
        self.bar.grid_button.toggle()

    # -- how it does this

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Selection and scroll position go with the shots, whatever becomes of the rows, and nothing is emitted."""
        top, y = self.view.top()
        is_scrolled = self.view.verticalScrollBar().value() > 0
        held = shot_id(self.model.shots[top]) if is_scrolled and top >= 0 else None
        self._was_reset = False
        with self.selection.held():
            yield
        row = self.model.row_of(held) if held is not None else -1
        if row >= 0 and (row != top or self._was_reset):
            self.view.set_top(row, y)

    def _on_chosen(self) -> None:
        ids = self._chosen_ids = self.selection.ids
        if len(ids) == 1:
            self.seam_selected.emit(ids[0])
        else:
            self.seams_selected.emit(ids)

    def _on_filter(self, criteria: ShotFilter) -> None:
        with self._held():
            self.model.set_filter(criteria)
        self._refresh()
        chosen = [one for one in self._chosen_ids if self.model.row_of(one) >= 0]
        if set(chosen) != set(self.selection.ids):
            self.selection.select([self.model.row_of(one) for one in chosen])
        if len(chosen) < len(self._chosen_ids):
            # what is not to be seen here must not be what a key deletes or moves
            self._chosen_ids = tuple(chosen)
            self.seams_selected.emit(self._chosen_ids)

    def _on_sorted(self) -> None:
        ids = self.selection.ids
        row = self.model.row_of(ids[0]) if ids else self.table.delegate.current_row
        if row >= 0:
            self.view.reveal(row)

    def _show_grid(self, is_grid: bool) -> None:
        top, _ = self.view.top()
        rows = self.view.visible_rows()
        has_keys = self.view.hasFocus()
        ids = self.selection.ids
        self._is_grid = is_grid
        self.foot.slider.setVisible(is_grid)
        self._refresh()
        if has_keys:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if top >= 0:
            self.view.set_top(top)
        if ids and (row := self.model.row_of(ids[0])) in rows:
            self.view.reveal(row)
        self.view.hands.ask_soon()
        self.look_changed.emit()

    def _show_menu(self, at: QPoint) -> None:
        shots, project = self.selection.shots, self.model.project
        if project is None or not shots:
            return
        handlers = {
            "go_to": lambda: self.shot_activated.emit(shots[0].start_frame),
            "rename": self.rename,
            "comment": self.comment,
            "confirm": self.confirm,
            "join": self.join,
            "mark": self.mark,
            "copy": self.copy,
        }
        keys = {name: self._actions[one].shortcut() for name, one in _KEYS.items() if one in self._actions}
        keys["copy"] = QKeySequence(QKeySequence.StandardKey.Copy)
        set_label = {"scale": self.set_scale, "movement": self.set_movement}
        self.menu = ShotMenu(shots, project, handlers, self.set_colour, set_label, keys, self)
        self.menu.addSeparator()
        self.menu.addMenu(OrderMenu(self.model, self.table.sort_by, self.menu))
        self.menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu.popup(at)

    def _refresh(self) -> None:
        """What follows from the model: the page, the columns, the foot."""
        self._refresh_columns()
        if not self.model.count:
            self.notice.say(EMPTY_HINT)
        elif not self.model.shots:
            self.notice.say("No shot is like that.", button="Clear the filter")
        self._stack.setCurrentWidget(self.view if self.model.shots else self.notice)
        self._show_count()

    def _refresh_columns(self) -> None:
        project = self.model.project
        notes = project.notes if project is not None else ()
        has_names = any(note.name or note.comment for note in notes)
        for view in (self.table, self.grid):
            view.set_has_names(has_names or self.naming.is_naming)

    def _show_count(self) -> None:
        project, shots = self.model.project, self.selection.shots
        frames = sum(shot_length(shot, project) for shot in shots) if project is not None else 0
        length = project.timecode_rate.format(frames) if project is not None else ""
        self.foot.set_count(self.model.count, len(self.model.shots), len(shots), length)
        for view in (self.table, self.grid):
            view.setAccessibleDescription(self.foot.count.text())

    def _connect(self) -> None:
        self.selection.chosen.connect(self._on_chosen)
        self.selection.changed.connect(self._show_count)
        self.model.modelReset.connect(self._on_reset)
        self.table.sorted.connect(self._on_sorted)
        self.bar.changed.connect(self._on_filter)
        self.bar.left.connect(self._leave_filter)
        self.bar.grid_wanted.connect(self._show_grid)
        self.notice.pressed.connect(self.bar.clear)
        self.foot.size_changed.connect(self.grid.set_picture_px)
        self.foot.size_changed.connect(self.look_changed)
        self.commenting.noted.connect(self.noted)
        self.naming.noted.connect(self.noted)
        self.naming.changed.connect(self._refresh_columns)
        for view in (self.table, self.grid):
            view.hands.thumbnail_wanted.connect(self.thumbnail_wanted)
            view.hands.shot_activated.connect(self.shot_activated)
            view.hands.rename_wanted.connect(self.rename)
            view.hands.comment_wanted.connect(self.comment)
            view.hands.copy_wanted.connect(self.copy)
            view.hands.menu_wanted.connect(self._show_menu)

    def _on_reset(self) -> None:
        self._was_reset = True

    def _leave_filter(self) -> None:
        target = self.view if self.model.shots else self.notice.button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        for page in (self.table, self.grid, self.notice):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.foot)
        self.foot.slider.setVisible(False)
