"""The tabs of the window's right-hand side: names whole in any width, and the Tab key goes to none of their arrows."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from seamline_widgets.side_tabs import SideTabs
from seamline_widgets.theme import apply_theme

NAMES = ("Shots", "Find", "Footage", "Match", "Statistics", "Segments", "Map", "Steps")


@pytest.fixture
def tabs(qtbot: QtBot) -> SideTabs:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apply_theme(application)
    tabs = SideTabs(tuple((name, QWidget()) for name in NAMES))
    qtbot.addWidget(tabs)
    tabs.show()
    return tabs


@pytest.mark.parametrize("width", [310, 440])
def test_the_chosen_tab_shows_its_whole_name(tabs: SideTabs, width: int) -> None:
    tabs.resize(width, 300)
    bar = tabs.tabBar()
    for at in (7, 3, 0):
        tabs.setCurrentIndex(at)
        QApplication.processEvents()
        rect = bar.tabRect(at)
        assert bar.elideMode() == Qt.TextElideMode.ElideNone
        assert rect.left() >= 0
        assert rect.right() < bar.width()
        assert rect.width() >= bar.fontMetrics().horizontalAdvance(NAMES[at]) + 10


def test_all_names_fit_into_the_side_as_wide_as_it_begins(tabs: SideTabs) -> None:
    tabs.resize(440, 300)
    QApplication.processEvents()
    assert not any(each.isVisible() for each in tabs.tabBar().findChildren(QToolButton))
    assert tabs.tabBar().tabRect(len(NAMES) - 1).right() < 440


def test_arrows_are_there_where_the_names_do_not_fit_and_take_no_keys(tabs: SideTabs) -> None:
    def arrows() -> list[QToolButton]:
        QApplication.processEvents()
        return [each for each in tabs.tabBar().findChildren(QToolButton) if each.isVisible()]

    tabs.resize(310, 300)
    assert len(arrows()) == 2
    assert all(each.focusPolicy() == Qt.FocusPolicy.NoFocus for each in arrows())
    tabs.resize(600, 300)
    assert arrows() == []
