"""The whole window for those who hear it or have no mouse: names, states in words, and a way by keys to everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QSlider,
    QTabBar,
    QTextEdit,
    QWidget,
)

from seamline.project.types import Origin
from seamline_app.diagnostics import diagnose
from seamline_app.export_dialog import ExportDialog
from seamline_app.film_details import FilmDetailsDialog
from seamline_app.main_window import MainWindow
from seamline_resources.shortcuts import SHORTCUTS
from seamline_widgets.actions import menu_keys
from seamline_widgets.commands import commands_of
from seamline_widgets.diagnostics import DiagnosticsDialog
from seamline_widgets.film_map import FilmMap
from seamline_widgets.position_field import PositionField
from seamline_widgets.review_still import Still
from seamline_widgets.shortcuts_sheet import ShortcutsSheet
from seamline_widgets.shots_panel import ShotsPanel
from seamline_widgets.timeline_minimap import Minimap

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands

_OPERABLE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    FilmMap,
    PositionField,
)
_MOST_TABS = 60


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it; Qt calls a combo box by what it shows, which is no name."""
    if isinstance(widget, QComboBox):
        return widget.accessibleName() or _buddy_text(widget)
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def description_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Description) if interface is not None else ""


def operable(root: QWidget) -> list[QWidget]:
    """What can be worked in `root` now, without the parts that a control is made of."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if (isinstance(widget, _OPERABLE) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.window() is root.window()
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
        and not isinstance(widget, QScrollBar)
        and not isinstance(widget.parentWidget(), (QAbstractSpinBox, QLineEdit, QTabBar, QAbstractItemView))
        and not (isinstance(widget, QLabel) or widget.objectName().startswith("qt_"))
    ]


def nameless(root: QWidget) -> list[str]:
    return [f"{type(w).__name__} in {type(w.parent()).__name__}" for w in operable(root) if not name_of(w)]


def reached_by_tab(window: MainWindow) -> set[QWidget]:
    """What has the keyboard once, after F6 into a part of the window and Tab from there on."""
    reached: set[QWidget] = set()
    window.picture.setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F6)
    first = QApplication.focusWidget()
    for _ in range(8):
        pane = QApplication.focusWidget()
        if pane is None or (pane is first and reached):
            break
        reached.add(pane)
        for _ in range(_MOST_TABS):
            QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
            focus = QApplication.focusWidget()
            if focus is None or focus in reached:
                break
            reached.add(focus)
        pane.setFocus(Qt.FocusReason.OtherFocusReason)
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_F6)
    return reached


def by_arrows(widget: QWidget, reached: set[QWidget]) -> bool:
    """Whether it is one of a group of which one is chosen, and the Tab key reaches that."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and group.exclusive() and not reached.isdisjoint(group.buttons())


def contrast_in(window: QWidget, widget: QWidget) -> float:
    """Between the commonest colour in the place of `widget` and the one that stands out from it most."""
    area = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    image = window.grab(area).toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    colours, counts = np.unique(rows[:, : 3 * image.width()].reshape(-1, 3), axis=0, return_counts=True)
    share = colours / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    light = linear @ np.array([0.2126, 0.7152, 0.0722]) + 0.05
    ground = light[np.argmax(counts)]
    return float(np.maximum(light / ground, ground / light).max())


def titles(window: MainWindow) -> set[str]:
    """What the menus and the table of keys offer."""
    listed = {command.title.split(" (")[0] for command in commands_of(window.menuBar())}
    return listed | {entry.name for entry in SHORTCUTS if entry.keys}


@pytest.fixture
def opened(hands: Hands, film: FilmSpec) -> MainWindow:
    """The film is open, its first seam selected and under review, every tab shows what it has controls for."""
    window = hands.window
    hands.open(film)
    seam = window.document.project.seams[0]  # type: ignore[union-attr]
    window.document.select(seam.id)  # type: ignore[union-attr]
    window.go_to(seam.cut_frame)
    hands.wait(lambda: window.picture.frame == seam.cut_frame)
    return window


def tabs(window: MainWindow) -> Iterator[str]:
    """Each view of the film in turn, with its controls and not the notice that stands for them at first."""
    side = window._views.side
    for at in range(side.count()):
        side.setCurrentIndex(at)
        if side.widget(at) is window._views.segments:
            none, empty = np.zeros(0, np.int64), np.zeros(0, np.float32)
            window._views.segments.show_segments((), none, empty, empty, none, "0 segments")
        elif side.widget(at) is window._views.map:
            window._views.map.show_map()
        QApplication.processEvents()
        yield side.tabText(at)


def test_every_control_of_the_window_has_a_name(opened: MainWindow) -> None:
    for tab in tabs(opened):
        assert not nameless(opened), tab
        if isinstance(opened._views.side.currentWidget(), ShotsPanel):
            opened.shots.toggle_grid()
            assert not nameless(opened), "grid"
            opened.shots.toggle_grid()
    opened.messages.show_error("It is broken.", opened.actions_by_id["open_film"])
    assert not nameless(opened)
    bar = opened.shots.bar
    bar.open_popup()
    assert not nameless(bar.popup)
    assert name_of(bar.popup)
    bar.popup.close()
    palette = opened._commanding.palette
    palette.open()
    assert not nameless(palette)
    palette.close()


def test_every_control_of_the_dialogs_has_a_name(opened: MainWindow) -> None:
    document = opened.document
    assert document is not None
    facts = diagnose(document, opened._folders, None, is_running=False)
    dialogs: list[QDialog] = [
        ExportDialog(document.project, "", opened),
        FilmDetailsDialog(document.project, opened),
        DiagnosticsDialog(facts, opened),
        ShortcutsSheet(opened, opened._commanding.keyboard.map, menu_keys(opened.menuBar())),
    ]
    for dialog in dialogs:
        dialog.show()
        assert operable(dialog)
        assert dialog.windowTitle()
        assert not nameless(dialog), dialog.windowTitle()
        dialog.close()


def test_everything_can_be_worked_without_a_mouse(opened: MainWindow) -> None:
    """By F6 and Tab, or by a key or a menu entry that does the same as the button."""
    views, offered = opened._views, titles(opened)
    for tab in tabs(opened):
        for is_grid in (False, True) if tab == "Shots" else (False,):
            if opened.shots.is_grid is not is_grid:
                opened.shots.toggle_grid()
            reached = reached_by_tab(opened)
            missed = [
                w
                for w in operable(opened)
                if w not in reached and not by_arrows(w, reached) and name_of(w) not in offered
            ]
            assert not missed, [name_of(w) for w in missed]
            for pane in (views.picture, views.review, views.transport, views.side, views.timeline):
                assert any(w is pane or pane.isAncestorOf(w) for w in reached), name_of(pane)


def test_the_tab_key_goes_through_the_shots_in_order(opened: MainWindow) -> None:
    bar = opened.shots.bar
    bar.field.setFocus(Qt.FocusReason.TabFocusReason)
    order = []
    for _ in range(4):
        order.append(QApplication.focusWidget())
        QTest.keyClick(opened.windowHandle(), Qt.Key.Key_Tab)
    assert order == [bar.field, bar.filter_button, bar.grid_button, opened.shots.view]
    opened._views.side.tabBar().setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(opened.windowHandle(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is bar.field


def test_the_volume_is_set_by_keys(opened: MainWindow) -> None:
    volume = opened.transport.findChild(QSlider)
    assert volume is not None
    frame, before = opened.shown_frame, volume.value()
    assert volume in reached_by_tab(opened)
    volume.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(opened.windowHandle(), Qt.Key.Key_Left)
    assert volume.value() < before
    assert opened.shown_frame == frame


def test_the_threshold_is_set_by_keys_on_the_timeline(opened: MainWindow, hands: Hands) -> None:
    document = opened.document
    assert document is not None
    before = document.threshold
    opened.timeline.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(opened.windowHandle(), Qt.Key.Key_PageUp)
    assert document.threshold == pytest.approx(before + 0.05)
    QTest.keyClick(opened.windowHandle(), Qt.Key.Key_PageDown)
    QTest.keyClick(opened.windowHandle(), Qt.Key.Key_PageDown)
    assert document.threshold == pytest.approx(before - 0.05)
    hands.wait(lambda: f"threshold {before - 0.05:.2f}" in description_of(opened.timeline), timeout_s=3)


def test_what_is_painted_says_its_state_in_words(opened: MainWindow, hands: Hands) -> None:
    document, timeline = opened.document, opened.timeline
    assert document is not None
    first, second = document.project.seams
    label = document.project.timecode
    hands.wait(lambda: "1 selected" in description_of(opened.shots.view), timeout_s=3)

    def told(*parts: str) -> None:
        hands.wait(lambda: all(part in description_of(timeline) for part in parts), timeout_s=3)

    told(f"playhead {label(first.cut_frame)}", "2 seams", f"cut selected at {label(first.cut_frame)}")
    minimap = timeline.findChild(Minimap)
    assert minimap is not None
    assert name_of(minimap) == "Map of the whole film"
    assert "The whole film is shown" in description_of(minimap)
    hands.press("I")
    hands.press("+", times=3)
    told(f"in {label(first.cut_frame)}")
    start = int(timeline.visible_frames()[0] + 0.5)
    assert f"{label(start)} to " in description_of(minimap)
    hands.press("Ctrl+A")
    told("2 seams selected")
    assert "2 selected" in description_of(opened.shots.view)

    hands.press("Down")
    hands.wait(lambda: opened.picture.frame == second.cut_frame, timeout_s=3)
    stills = [still for still in opened._views.review.findChildren(Still) if still.isVisible()]
    assert {name_of(still) for still in stills} >= {"Last frame out", "First frame in"}
    assert any(label(second.in_frame) in description_of(still) for still in stills)
    curve = opened._views.review.curve
    assert name_of(curve)
    assert label(second.in_frame) in description_of(curve)
    assert f"Frame {opened.shown_frame}" in description_of(opened.picture)

    opened.shots.toggle_grid()
    grid = opened.shots.view
    assert name_of(grid) == "Shots as pictures"
    assert "3 shots" in description_of(grid)
    spoken = (
        opened.shots.grid.model()
        .index(1, opened.shots.grid.modelColumn())
        .data(Qt.ItemDataRole.AccessibleTextRole)
    )
    assert "2" in spoken
    assert "cut" in spoken.lower()


def test_what_is_written_in_the_window_can_be_read(opened: MainWindow) -> None:
    """Every label and button at 4.5:1 at least (WCAG 2.2, 1.4.3), measured on its pixels."""
    opened.messages.show_error("It is broken.", opened.actions_by_id["open_film"])
    for tab in tabs(opened):
        written = [
            widget
            for widget in opened.findChildren(QWidget)
            if isinstance(widget, (QLabel, QAbstractButton))
            and widget.text()
            and widget.isVisible()
            and widget.isEnabled()
            and widget.visibleRegion().boundingRect() == widget.rect()
        ]
        assert len(written) > 5
        for widget in written:
            assert contrast_in(opened, widget) >= 4.5, (tab, widget.text())


def test_a_seam_that_was_confirmed_is_told_as_such(opened: MainWindow, hands: Hands) -> None:
    hands.press("C")
    document = opened.document
    assert document is not None
    assert document.project.seams[0].origin is Origin.USER
    review = opened._views.review
    said = [name_of(x) + " " + x.text() for x in review.findChildren(QLabel) if x.isVisible()]
    assert any("onfirmed" in text for text in said), said
    assert description_of(review.facts.bar) or name_of(review.facts.bar)


def _buddy_text(widget: QWidget) -> str:
    labels = widget.window().findChildren(QLabel)
    return next((label.text() for label in labels if label.buddy() is widget), "")
