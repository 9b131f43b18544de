"""A panel of five shots, and hands on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from seamline.project.types import Project, Seam, SeamKind
from seamline_widgets.shot_model import Column
from seamline_widgets.shots_panel import ShotsPanel

KEY: TypeAlias = Qt.Key
MODIFIER: TypeAlias = Qt.KeyboardModifier
LEFT = Qt.MouseButton.LeftButton
MakeProject = Callable[..., Project]
SEAMS = [
    Seam(99, 100, confidence=0.87),
    Seam(199, 250, SeamKind.DISSOLVE, 0.6),
    Seam(699, 700, confidence=0.4),
    Seam(899, 900, confidence=0.7),
]
_SIGNALS = (
    *("seam_selected", "seams_selected", "shot_activated", "noted", "join_wanted", "confirm_wanted"),
    *("mark_wanted", "copy_wanted"),
)


class Hands:
    """A panel of five shots, what it told, and hands on the view that is shown."""

    def __init__(self, panel: ShotsPanel, project: Project) -> None:
        self.panel, self.project = panel, project
        self.seams = SEAMS
        self.ids = ["", *(seam.id for seam in SEAMS)]
        self.told: list[tuple[Any, ...]] = []
        for name in _SIGNALS:
            self._listen(name)
        panel.set_shots(project)

    def _listen(self, name: str) -> None:
        getattr(self.panel, name).connect(lambda *args: self.told.append((name, *args)))

    def rect(self, row: int, column: Column = Column.START) -> QRect:
        column = Column.NAME if self.panel.is_grid else column
        return self.panel.view.visualRect(self.panel.model.index(row, column))

    def click(
        self, row: int, modifiers: MODIFIER = MODIFIER.NoModifier, *, button: Qt.MouseButton = LEFT
    ) -> None:
        QTest.mouseClick(self.panel.view.viewport(), button, modifiers, self.rect(row).center())

    def double_click(self, at: QPoint) -> None:
        QTest.mouseClick(self.panel.view.viewport(), LEFT, pos=at)
        QTest.mouseDClick(self.panel.view.viewport(), LEFT, pos=at)

    def press(self, key: KEY, modifiers: MODIFIER = MODIFIER.NoModifier) -> None:
        """A key, to whatever has the focus."""
        QTest.keyClick(self.focus, key, modifiers)
        QApplication.processEvents()  # Qt ends an editor after its key

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)

    @property
    def focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    @property
    def shown(self) -> list[int]:
        return [shot.number for shot in self.panel.model.shots]

    def heard(self) -> list[tuple[Any, ...]]:
        """What was told since last asked."""
        told, self.told = self.told, []
        return told

    def is_kept(self, key: KEY, modifiers: MODIFIER = MODIFIER.NoModifier) -> bool:
        """Whether the widget in focus takes the key before the window's shortcuts do."""
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        QApplication.sendEvent(self.focus, event)
        return event.isAccepted()


@pytest.fixture(params=[False, True], ids=["table", "grid"])
def hands(qtbot: QtBot, make_project: MakeProject, request: pytest.FixtureRequest) -> Hands:
    return _hands(qtbot, make_project, is_grid=request.param)


@pytest.fixture
def table(qtbot: QtBot, make_project: MakeProject) -> Hands:
    return _hands(qtbot, make_project, is_grid=False)


@pytest.fixture
def grid(qtbot: QtBot, make_project: MakeProject) -> Hands:
    return _hands(qtbot, make_project, is_grid=True)


def _hands(qtbot: QtBot, make_project: MakeProject, *, is_grid: bool) -> Hands:
    panel = ShotsPanel()
    qtbot.addWidget(panel)
    panel.resize(640, 480)
    panel.set_look(is_grid=is_grid, picture_px=160)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    panel.view.setFocus()
    return Hands(panel, make_project(1000, SEAMS))
