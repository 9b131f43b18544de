"""The sheet of all keyboard shortcuts, with a field that narrows it down."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from seamline_resources import palette
from seamline_resources.shortcuts import SHORTCUTS
from seamline_widgets.actions import keys_text


class ShortcutsSheet(QDialog):
    """All entries of the shortcut table by section; typing shows only those that match."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.resize(520, 640)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("Find an action or a key")
        self._filter.setClearButtonEnabled(True)
        self._filter.setAccessibleName("Find an action or a key")
        self._filter.textChanged.connect(self._show_matching)
        self._tree = QTreeWidget()
        self._tree.setHeaderHidden(True)
        self._tree.setColumnCount(2)
        self._tree.setRootIsDecorated(False)
        self._tree.setItemsExpandable(False)
        self._tree.setIndentation(12)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tree.setAccessibleName("Keyboard shortcuts")
        self._tree.setStyleSheet("QTreeWidget::item { padding: 4px; }")
        self._fill()
        self._tree.header().setStretchLastSection(False)
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(12)
        layout.addWidget(self._filter)
        layout.addWidget(self._tree)

    def visible_actions(self) -> list[str]:
        """The names of the actions that the filter leaves, from top to bottom."""
        return [row.text(0) for rows in self._sections.values() for row in rows if not row.isHidden()]

    def _fill(self) -> None:
        sections: dict[str, QTreeWidgetItem] = {}
        self._sections: dict[str, list[QTreeWidgetItem]] = {}
        for entry in SHORTCUTS:
            if entry.section not in sections:
                section = QTreeWidgetItem(self._tree, [entry.section])
                section.setForeground(0, QColor(palette.TEXT_QUIET))
                section.setFirstColumnSpanned(True)
                section.setExpanded(True)
                sections[entry.section] = section
                self._sections[entry.section] = []
            row = QTreeWidgetItem(sections[entry.section], [entry.name.rstrip("…"), keys_text(entry)])
            row.setForeground(1, QColor(palette.TEXT_STRONG))
            self._sections[entry.section].append(row)
        self._headings = sections

    def _show_matching(self, text: str) -> None:
        wanted = text.strip().casefold()
        for name, rows in self._sections.items():
            for row in rows:
                row.setHidden(wanted not in f"{row.text(0)} {row.text(1)}".casefold())
            self._headings[name].setHidden(all(row.isHidden() for row in rows))
