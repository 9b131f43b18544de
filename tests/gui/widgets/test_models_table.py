"""The table of networks: what a row says, however much there is to say."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from seamline_widgets.models_table import ModelsTable, NetworkRow


@pytest.fixture
def table(qtbot: QtBot) -> ModelsTable:
    table = ModelsTable()
    qtbot.addWidget(table)
    table.resize(1000, 200)
    table.show()
    return table


def _rows(count: int, licence: str) -> list[NetworkRow]:
    return [
        NetworkRow(f"net-{at}", f"Net {at}", "Finds this.", "1 MB", licence, "a package", "installed")
        for at in range(count)
    ]


def test_a_licence_of_a_sentence_leaves_room_for_what_a_network_is_for(table: ModelsTable) -> None:
    table.set_rows(
        _rows(2, "MIT, as published; " + "learnt from what others have published under terms " * 3)
    )
    QApplication.processEvents()
    licence, purpose = (
        next(
            at
            for at in range(6)
            if table.model().headerData(at, table.horizontalHeader().orientation()) == name
        )
        for name in ("Licence", "What for")
    )
    assert table.columnWidth(licence) <= 200
    assert table.columnViewportPosition(purpose) + table.columnWidth(purpose) <= table.viewport().width()
    assert table.columnWidth(purpose) > 150


def test_a_row_can_be_chosen_from_elsewhere_and_is_in_view(table: ModelsTable) -> None:
    table.set_rows(_rows(40, "MIT"))
    table.choose("net-33")
    assert table.current == "net-33"
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())
