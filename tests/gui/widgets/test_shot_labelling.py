"""Labels that an editor chooses: from a menu, by the mouse or a key, for the selected shots or the playhead's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from seamline.project.labels import Label, Movement, ShotLabels, ShotScale
from seamline.project.types import Project, Seam
from seamline_resources.label_looks import LABEL_LOOKS, MOVEMENT_LOOKS
from seamline_widgets.label_menu import LabelMenu
from seamline_widgets.shot_labels import LABEL_KINDS, LabelKind, shots_name
from seamline_widgets.shots_panel import ShotsPanel

KEY = Qt.Key
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CTRL = Qt.KeyboardModifier.ControlModifier
MakeProject = Callable[..., Project]
SEAMS = [Seam(99, 100), Seam(199, 200), Seam(299, 300), Seam(399, 400)]


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(600, 400)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


class Menu:
    """An open menu of one kind, and what was chosen from it."""

    def __init__(self, kind: LabelKind, now: set[str], window: QWidget) -> None:
        self.chosen: list[str] = []
        self.menu = LabelMenu(kind, self.chosen.append, now, window)
        self.menu.popup(window.mapToGlobal(QPoint(20, 20)))

    def action(self, name: str) -> QAction:
        return next(action for action in self.menu.actions() if action.objectName() == name)


class TestMenu:
    @pytest.mark.parametrize(
        ("kind", "value"), [(kind, value) for kind, looks in LABEL_LOOKS.items() for value in looks]
    )
    def test_its_key_chooses_at_once(self, window: QWidget, kind: LabelKind, value: str) -> None:
        open_ = Menu(kind, set(), window)
        QTest.keyClicks(open_.menu, LABEL_LOOKS[kind][value].key.lower())
        assert open_.chosen == [value]
        assert not open_.menu.isVisible()

    @pytest.mark.parametrize("kind", LABEL_KINDS)
    def test_0_gives_the_label_back(self, window: QWidget, kind: LabelKind) -> None:
        open_ = Menu(kind, set(), window)
        QTest.keyClick(open_.menu, KEY.Key_0)
        assert open_.chosen == [""]
        assert open_.menu.actions()[-1].text() == "As the analysis has it\t0"

    def test_other_keys_choose_nothing(self, window: QWidget) -> None:
        open_ = Menu("movement", set(), window)
        QTest.keyClick(open_.menu, KEY.Key_X)
        QTest.keyClick(open_.menu, KEY.Key_L, CTRL)
        QTest.keyClick(open_.menu, KEY.Key_3)
        assert open_.menu.isVisible()
        QTest.keyClick(open_.menu, KEY.Key_Escape)
        assert not open_.menu.isVisible()
        assert open_.chosen == []

    def test_arrows_and_the_mouse_choose(self, window: QWidget) -> None:
        open_ = Menu("scale", set(), window)
        QTest.keyClick(open_.menu, KEY.Key_Down)
        QTest.keyClick(open_.menu, KEY.Key_Down)
        QTest.keyClick(open_.menu, KEY.Key_Return)
        assert open_.chosen == ["CS"]
        open_ = Menu("movement", set(), window)
        QTest.mouseClick(open_.menu, LEFT, pos=open_.menu.actionGeometry(open_.action("tilt-down")).center())
        assert open_.chosen == ["tilt-down"]

    def test_it_says_names_keys_and_what_they_mean(self, window: QWidget) -> None:
        menu = Menu("movement", set(), window)
        assert menu.menu.accessibleName() == "Movement of the camera"
        assert menu.menu.toolTipsVisible()
        for value, look in MOVEMENT_LOOKS.items():
            action = menu.action(value)
            assert action.text() == f"{look.name}\t{look.key}"
            assert action.toolTip() == action.statusTip() == look.hint
            assert not action.isCheckable()

    @pytest.mark.parametrize(
        ("now", "checked"), [({"MS"}, ["MS"]), ({"MS", "CS"}, []), ({"unsure"}, []), (set(), [])]
    )
    def test_what_all_shots_have_is_checked(self, window: QWidget, now: set[str], checked: list[str]) -> None:
        menu = Menu("scale", now, window).menu
        assert [action.objectName() for action in menu.actions() if action.isChecked()] == checked
        assert [action.objectName() for action in menu.actions() if "✓" in action.text()] == checked

    @pytest.mark.parametrize("kind", LABEL_KINDS)
    def test_each_class_has_its_chip_beside_its_name(self, window: QWidget, kind: LabelKind) -> None:
        open_ = Menu(kind, set(), window)
        image = open_.menu.grab().toImage()
        for value, look in LABEL_LOOKS[kind].items():
            entry = open_.menu.actionGeometry(open_.action(value))
            y = entry.center().y()
            row = [image.pixelColor(x, y - 6).name() for x in range(entry.left(), entry.left() + 40)]
            assert 20 <= row.count(look.colour) <= 28
            plate = [image.pixelColor(x, y + 1).name() for x in range(entry.left() + 6, entry.left() + 30)]
            assert set(plate) - {look.colour}  # letters or an arrow

    def test_a_heading_says_which_shots_and_cannot_be_chosen(self, window: QWidget) -> None:
        chosen: list[str] = []
        menu = LabelMenu("movement", chosen.append, set(), window, title="Shot 8")
        menu.popup(window.mapToGlobal(QPoint(20, 20)))
        heading = menu.actions()[0]
        assert heading.text() == "Movement · Shot 8"
        assert menu.accessibleName() == "Movement of the camera: Shot 8"
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(heading).center())
        assert menu.isVisible()
        QTest.keyClick(menu, KEY.Key_Down)
        QTest.keyClick(menu, KEY.Key_Return)
        assert chosen == ["static"]

    def test_shots_are_named_for_a_heading(self, make_project: MakeProject) -> None:
        shots = make_project(500, SEAMS).shots
        assert [shots_name(shots[:count]) for count in (0, 1, 4)] == ["", "Shot 1", "4 shots"]


class Panel:
    """A panel of five labelled shots, and the notes that it asked for."""

    def __init__(self, panel: ShotsPanel) -> None:
        self.panel = panel
        self.noted: list[tuple[Any, ...]] = []
        panel.noted.connect(lambda *args: self.noted.append(args))

    def click(
        self, row: int, *, button: Qt.MouseButton = LEFT, with_: Qt.KeyboardModifier | None = None
    ) -> None:
        view = self.panel.view
        at = view.visualRect(self.panel.model.index(row, 2 if self.panel.is_grid else 3)).center()
        QTest.mouseClick(view.viewport(), button, with_ or Qt.KeyboardModifier.NoModifier, at)
        if button is RIGHT:
            view.customContextMenuRequested.emit(at)


@pytest.fixture(params=[False, True], ids=["table", "grid"])
def hands(qtbot: QtBot, make_project: MakeProject, request: pytest.FixtureRequest) -> Panel:
    panel = ShotsPanel()
    qtbot.addWidget(panel)
    panel.resize(640, 480)
    panel.set_look(is_grid=request.param, picture_px=160)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    label = Label(ShotScale.MS, 0.8)
    movements = [Label(Movement.PUSH, 0.6), Label(Movement.STATIC, 0.6)]
    panel.set_shots(
        make_project(500, SEAMS).with_labels(
            ShotLabels(at, at + 100, label, movements[at == 200]) for at in range(0, 500, 100)
        )
    )
    return Panel(panel)


class TestPanel:
    def test_all_selected_shots_get_it(self, hands: Panel) -> None:
        hands.click(1)
        hands.click(3, with_=CTRL)
        hands.panel.set_scale("LS")
        hands.panel.set_movement("handheld")
        hands.panel.set_movement("")
        hands.panel.clear_labels()
        assert hands.noted == [
            ((2, 4), {"scale": "LS"}),
            ((2, 4), {"movement": "handheld"}),
            ((2, 4), {"movement": ""}),
            ((2, 4), {"scale": "", "movement": ""}),
        ]

    def test_with_none_selected_it_is_the_playheads_and_goes_on_with_it(self, hands: Panel) -> None:
        hands.panel.set_current_frame(150)
        hands.panel.set_scale("LS")
        hands.panel.set_current_frame(250)
        hands.panel.set_scale("CS")
        assert hands.noted == [((2,), {"scale": "LS"}), ((3,), {"scale": "CS"})]
        assert hands.panel.selected_numbers() == ()

    def test_the_playheads_shot_counts_though_the_list_does_not_show_it(self, hands: Panel) -> None:
        hands.panel.set_current_frame(250)
        hands.panel.filter_by_label("movement", "push")
        assert [shot.number for shot in hands.panel.model.shots] == [1, 2, 4, 5]
        hands.panel.set_scale("CS")
        assert hands.noted == [((3,), {"scale": "CS"})]

    def test_without_film_or_playhead_nothing_happens(self, hands: Panel) -> None:
        hands.panel.set_scale("CS")
        hands.panel.set_current_frame(500)
        hands.panel.set_scale("CS")
        hands.panel.set_shots(None)
        hands.panel.set_scale("CS")
        hands.panel.clear_labels()
        assert hands.noted == []

    @pytest.mark.parametrize(
        ("open_", "choose", "what"),
        [(KEY.Key_E, KEY.Key_2, {"scale": "CS"}), (KEY.Key_V, KEY.Key_T, {"movement": "roll"})],
    )
    def test_the_menu_is_gone_through_by_keys(
        self, hands: Panel, open_: Qt.Key, choose: Qt.Key, what: dict[str, str]
    ) -> None:
        hands.click(1)
        hands.click(3, with_=CTRL)
        hands.click(3, button=RIGHT)
        menu = hands.panel.menu
        assert menu is not None
        QTest.keyClick(menu, open_)
        inner = menu.findChild(QMenu, next(iter(what)))
        assert isinstance(inner, LabelMenu)
        assert inner.isVisible()
        hidden: list[bool] = []
        menu.aboutToHide.connect(lambda: hidden.append(True))
        QTest.keyClick(inner, choose)
        assert hands.noted == [((2, 4), what)]
        assert hidden

    def test_the_menu_checks_what_the_shots_have(self, hands: Panel) -> None:
        hands.click(0)
        hands.click(2, with_=CTRL)
        hands.click(2, button=RIGHT)
        menu = hands.panel.menu
        assert menu is not None
        checked = {}
        for kind in LABEL_KINDS:
            inner = menu.findChild(QMenu, kind)
            assert inner is not None
            checked[kind] = [action.objectName() for action in inner.actions() if action.isChecked()]
        assert checked == {"scale": ["MS"], "movement": []}
        menu.close()
