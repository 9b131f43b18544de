"""The keyboard map: every action with its keys, to be found, changed, and taken from other programs."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from seamline_resources import palette
from seamline_resources.key_map import KeyMap
from seamline_resources.key_names import UnusableKeyError, normal_key
from seamline_resources.key_presets import KEY_PRESETS
from seamline_resources.shortcuts import SHORTCUTS, shortcut
from seamline_widgets.actions import key_text, keys_text, plain_name
from seamline_widgets.audition_keys import AUDITION_KEYS, FIXED, TITLE
from seamline_widgets.key_editor import KeyEditor
from seamline_widgets.key_recorder import KeyRecorder

_ACTION_ID = Qt.ItemDataRole.UserRole
_BESIDE_PX = 24
_MOST_KEYS_PX = 220
_PRESS = "Press the key to find"


class ShortcutsSheet(QDialog):
    """The actions of the shortcut table by section with the keys that `key_map` gives them, and last the keys of the
    audition, which are fixed.

    `map_changed(KeyMap)`: the user wants these keys from now on. `import_wanted`, `export_wanted`: from or to a file;
    the caller answers with `set_map` and `tell`. `reserved` are keys that no action can have, with the reason.
    """

    map_changed = Signal(object)
    import_wanted = Signal()
    export_wanted = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        key_map: KeyMap | None = None,
        reserved: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.resize(680, 760)
        self._map = key_map or KeyMap()
        self._past: list[KeyMap] = []
        self._wanted_key = ""
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("Find an action or a key")
        self._filter.setClearButtonEnabled(True)
        self._filter.setAccessibleName("Find an action or a key")
        self._filter.textChanged.connect(self._show_matching)
        self._filter.installEventFilter(self)
        self._find_key = KeyRecorder(_PRESS)
        self._find_key.pressed.connect(self._find_by)
        self._find_key.cancelled.connect(self._find_by_name)
        self._by_key = _button("By key", "Find the action of a key by pressing it")
        self._by_key.setCheckable(True)
        self._by_key.toggled.connect(self._switch_finding)
        self._presets = QComboBox()
        self._presets.setAccessibleName("Preset of keys")
        self._presets.setToolTip("The keys of another program, where it has the same action")
        self._presets.addItems(list(KEY_PRESETS))
        self._presets.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._presets.setMinimumContentsLength(len("Avid Media Composer (changed)") - 4)
        self._presets.activated.connect(self._choose_preset)
        self._tree = _tree()
        self._tree.installEventFilter(self)
        self._tree.currentItemChanged.connect(lambda *_: self._show_current())
        self._tree.itemActivated.connect(lambda *_: self._record())
        self._nothing = QLabel()
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setStyleSheet(f"color: {palette.TEXT_QUIET}; background: {palette.SUNKEN};")
        self._editor = KeyEditor(reserved or {})
        self._editor.keys_wanted.connect(lambda name, keys: self._apply(self._map.with_keys(name, keys)))
        self._editor.reset_wanted.connect(lambda name: self._apply(self._map.reset(name)))
        self._editor.finished.connect(lambda: self._tree.setFocus(Qt.FocusReason.OtherFocusReason))
        self._told = QLabel()
        self._told.setTextFormat(Qt.TextFormat.PlainText)
        self._told.setWordWrap(True)
        self._told.hide()
        self._undo = _button("Undo", "Take the last change of keys back (Ctrl+Z)")
        self._undo.clicked.connect(self._go_back)
        self._reset_all = _button("Reset all", "Give every action the keys of the preset")
        self._reset_all.clicked.connect(lambda: self._apply(self._map.reset()))
        QShortcut(QKeySequence("Ctrl+Z"), self, self._go_back)
        self._fill()
        self._lay_out()
        self._show_map()

    @property
    def key_map(self) -> KeyMap:
        return self._map

    def set_map(self, key_map: KeyMap) -> None:
        """Show other keys, such as those of a file; “Undo” brings those before back."""
        if key_map != self._map:
            self._past.append(self._map)
            self._map = key_map
        self._show_map()

    def tell(self, text: str) -> None:
        """Say something about a file or a change, below the list."""
        self._told.setText(text)
        self._told.setVisible(bool(text))

    def as_text(self) -> str:
        """All actions with their keys, a line for each, to print or to send."""
        lines = [f"Keyboard shortcuts: {self._map.title}"]
        section = ""
        for entry in SHORTCUTS:
            if entry.section != section:
                section = entry.section
                lines += ["", section]
            lines.append(f"  {plain_name(entry)}: {keys_text(self._map.keys_of(entry.action_id)) or '–'}")
        lines += ["", f"{TITLE} (fixed)", *(f"  {key.name}: {key_text(key.key)}" for key in AUDITION_KEYS)]
        return "\n".join(lines) + "\n"

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is self._filter and event.key() == Qt.Key.Key_Down:
                self._tree.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if watched is self._filter and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._record()
                return True
            if watched is self._tree and event.key() == Qt.Key.Key_Insert:
                self._editor.record(adds=True)
                return True
            if watched is self._tree and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                self._editor.remove()
                return True
        return super().eventFilter(watched, event)

    # -- changing

    def _record(self) -> None:
        self._editor.record(adds=False)

    def _apply(self, key_map: KeyMap) -> None:
        if key_map == self._map:
            return
        self.tell("")
        self.set_map(key_map)
        self.map_changed.emit(key_map)

    def _go_back(self) -> None:
        if self._past:
            self.tell("")
            self._map = self._past.pop()
            self._show_map()
            self.map_changed.emit(self._map)

    def _choose_preset(self, at: int) -> None:
        preset = list(KEY_PRESETS)[at]
        if preset == self._map.preset:
            return
        left, had_changes = self._map.preset, bool(self._map.changes)
        self._apply(KeyMap(preset))
        if had_changes:
            self.tell(f"Your changes to the keys of {left} were left behind: Undo brings them back.")

    # -- finding

    def _find_by_name(self) -> None:
        self._by_key.setChecked(False)

    def _switch_finding(self, by_key: bool) -> None:
        self._filter.setVisible(not by_key)
        self._find_key.setVisible(by_key)
        self._find_key.set_placeholder(_PRESS)
        self._wanted_key = ""
        (self._find_key if by_key else self._filter).setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_matching()

    def _find_by(self, pressed: str) -> None:
        try:
            self._wanted_key = normal_key(pressed)
        except UnusableKeyError:
            self._wanted_key = pressed  # no action has it
        self._find_key.set_placeholder(f"{key_text(pressed)} – press another key, or Esc")
        self._show_matching()

    def _show_matching(self) -> None:
        words = self._filter.text().casefold().split() if not self._by_key.isChecked() else []
        for action_id, row in self._rows.items():
            text = f"{row.text(0)} {row.text(1)}".casefold()
            has_key = not self._wanted_key or self._wanted_key in self._map.keys_of(action_id)
            row.setHidden(not has_key or not all(word in text for word in words))
        for key, row in self._fixed.items():
            text = f"{row.text(0)} {row.text(1)}".casefold()
            row.setHidden(self._wanted_key not in ("", key) or not all(word in text for word in words))
        visible = [row for row in (*self._rows.values(), *self._fixed.values()) if not row.isHidden()]
        shown = {shortcut(name).section for name, row in self._rows.items() if not row.isHidden()}
        if any(not row.isHidden() for row in self._fixed.values()):
            shown.add(TITLE)
        for section, heading in self._headings.items():
            heading.setHidden(section not in shown)
        self._tree.setVisible(bool(visible))
        self._nothing.setVisible(not visible)
        self._nothing.setText(
            f"{key_text(self._wanted_key)} is free: no action has it."
            if self._wanted_key
            else f"No action or key is called “{self._filter.text().strip()}”."
        )
        current = self._tree.currentItem()
        if visible and (current is None or current.isHidden()):
            current = visible[0]
            self._tree.setCurrentItem(current)
        if visible and current is not None:
            self._tree.scrollToItem(current)
        self._show_current()

    # -- showing

    def _show_map(self) -> None:
        for at, preset in enumerate(KEY_PRESETS):
            self._presets.setItemText(at, self._map.title if preset == self._map.preset else preset)
        self._presets.setCurrentIndex(list(KEY_PRESETS).index(self._map.preset))
        for action_id, row in self._rows.items():
            keys, is_changed = self._map.keys_of(action_id), self._map.is_changed(action_id)
            row.setText(1, keys_text(keys) or "–")
            row.setToolTip(1, row.text(1))
            row.setForeground(1, QColor(palette.TEXT_STRONG if keys else palette.TEXT_QUIET))
            row.setText(2, "changed" if is_changed else "")
        # as wide as the longest of all rows: the columns stay where they are while the search hides some
        measure = self._tree.fontMetrics().horizontalAdvance
        longest_px = min(max(measure(row.text(1)) for row in self._rows.values()), _MOST_KEYS_PX)
        self._tree.header().resizeSection(1, longest_px + _BESIDE_PX)
        self._tree.header().resizeSection(2, measure("changed") + _BESIDE_PX)
        self._undo.setEnabled(bool(self._past))
        self._reset_all.setEnabled(bool(self._map.changes))
        self._show_matching()

    def _show_current(self) -> None:
        item = self._tree.currentItem()
        is_row = item is not None and not item.isHidden() and item.parent() is not None
        action_id = item.data(0, _ACTION_ID) if item is not None and is_row else None
        self._editor.show_action(action_id, self._map)
        if item is not None and is_row and action_id is None:
            self._editor.show_fixed(item.text(0), FIXED)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.as_text())
        self.tell("Copied: all actions with their keys, as text.")

    def _fill(self) -> None:
        self._headings: dict[str, QTreeWidgetItem] = {}
        self._rows: dict[str, QTreeWidgetItem] = {}
        for entry in SHORTCUTS:
            row = QTreeWidgetItem(self._heading(entry.section), [plain_name(entry)])
            row.setData(0, _ACTION_ID, entry.action_id)
            row.setToolTip(0, shortcut(entry.action_id).hint)
            row.setForeground(2, QColor(palette.TEXT_QUIET))
            self._rows[entry.action_id] = row
        self._fixed: dict[str, QTreeWidgetItem] = {}
        for key in AUDITION_KEYS:
            row = QTreeWidgetItem(self._heading(TITLE), [key.name, key_text(key.key), "fixed"])
            row.setToolTip(0, FIXED)
            row.setForeground(1, QColor(palette.TEXT_STRONG))
            row.setForeground(2, QColor(palette.TEXT_QUIET))
            self._fixed[key.key] = row

    def _heading(self, section: str) -> QTreeWidgetItem:
        if section not in self._headings:
            heading = QTreeWidgetItem(self._tree, [section])
            heading.setForeground(0, QColor(palette.TEXT_QUIET))
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            heading.setFirstColumnSpanned(True)
            heading.setExpanded(True)
            self._headings[section] = heading
        return self._headings[section]

    def _lay_out(self) -> None:
        self._find_key.hide()
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._filter, 1)
        top.addWidget(self._find_key, 1)
        top.addWidget(self._by_key)
        top.addWidget(self._presets)
        copy = _button("Copy as text", "Put all actions with their keys on the clipboard")
        copy.clicked.connect(self._copy)
        bring = _button("Import…", "Take the keys from a file")
        bring.clicked.connect(self.import_wanted)
        take = _button("Export…", "Write the keys to a file, for another machine")
        take.clicked.connect(self.export_wanted)
        close = _button("Close", "Close (Esc)")
        close.clicked.connect(self.reject)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        for button in (self._undo, self._reset_all, copy, bring, take):
            bottom.addWidget(button)
        bottom.addStretch()
        bottom.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self._tree, 1)
        column.addWidget(self._nothing, 1)
        column.addWidget(self._editor)
        column.addWidget(self._told)
        column.addLayout(bottom)


def _tree() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setHeaderHidden(True)
    tree.setColumnCount(3)
    tree.setRootIsDecorated(False)
    tree.setItemsExpandable(False)
    tree.setIndentation(12)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    tree.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    tree.setAllColumnsShowFocus(True)
    tree.setAccessibleName("Keyboard shortcuts")
    tree.setMinimumSize(560, 160)
    tree.setStyleSheet(
        f"QTreeWidget::item {{ padding: 4px; }} QTreeWidget::item:selected {{ background: {palette.SELECTED}; }}"
        f"QTreeWidget {{ border: 1px solid {palette.SUNKEN}; }}"
        f"QTreeWidget:focus {{ border: 1px solid {palette.ACCENT}; }}"
    )
    header = tree.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column in (1, 2):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
    return tree


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button
