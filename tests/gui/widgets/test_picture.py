"""The picture keeps its shape, stands on neutral ground, and takes films that are dropped on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from seamline_resources import palette
from seamline_widgets.picture import EMPTY_HINT, PictureView

ColourAt = Callable[..., str]
MakeImage = Callable[..., QImage]


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    widget = PictureView()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    widget.show()
    return widget


def _urls(*urls: QUrl) -> QMimeData:
    data = QMimeData()
    data.setUrls(list(urls))
    return data


def _drag_in(view: PictureView, data: QMimeData) -> QDragEnterEvent:
    event = QDragEnterEvent(
        view.rect().center(),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, event)
    return event


def test_a_wide_picture_is_centred_on_a_neutral_surround(
    view: PictureView, plain_image: MakeImage, colour_at: ColourAt
) -> None:
    view.set_picture(plain_image("#3366cc", 160, 90), 7)
    assert view.frame == 7
    assert view.picture_rect() == QRect(0, 37, 400, 225)
    assert colour_at(view, 200, 20) == palette.PICTURE_SURROUND
    assert colour_at(view, 200, 290) == palette.PICTURE_SURROUND
    assert colour_at(view, 2, 150) == colour_at(view, 398, 40) == "#3366cc"


def test_pixels_that_are_not_square_are_shown_as_meant(view: PictureView, plain_image: MakeImage) -> None:
    view.set_picture(plain_image("#ffffff", 720, 576), 0, aspect=4 / 3)
    assert view.picture_rect() == view.rect()


def test_without_a_film_there_is_a_hint(view: PictureView) -> None:
    image = view.grab().toImage()
    lit = {image.pixelColor(x, y).name() for x in range(100, 300, 2) for y in range(100, 220, 2)}
    assert len(lit) > 1
    assert view.accessibleDescription() == EMPTY_HINT


def test_clear_removes_the_picture(view: PictureView, plain_image: MakeImage, colour_at: ColourAt) -> None:
    view.set_picture(plain_image("#3366cc"), 0)
    view.clear("This film cannot be read.")
    assert view.frame is None
    assert colour_at(view, 4, 150) == palette.PICTURE_SURROUND
    assert view.accessibleDescription() == "This film cannot be read."


def test_a_dropped_file_is_announced(view: PictureView, qtbot: QtBot, colour_at: ColourAt) -> None:
    data = _urls(QUrl("https://example.com/a.mp4"), QUrl.fromLocalFile("/films/a film.mp4"))
    assert _drag_in(view, data).isAccepted()
    assert colour_at(view, 200, 9) == palette.ACCENT  # the frame says: let go here
    with qtbot.waitSignal(view.film_dropped) as dropped:
        event = QDropEvent(
            QPointF(200, 150),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(view, event)
    assert dropped.args == [Path("/films/a film.mp4")]
    assert colour_at(view, 200, 9) == palette.PICTURE_SURROUND


def test_a_drag_that_leaves_leaves_no_frame(view: PictureView, colour_at: ColourAt) -> None:
    data = _urls(QUrl.fromLocalFile("/films/a.mp4"))
    _drag_in(view, data)
    QApplication.sendEvent(view, QDragLeaveEvent())
    assert colour_at(view, 200, 9) == palette.PICTURE_SURROUND


def test_what_is_no_file_is_not_taken(view: PictureView) -> None:
    assert not _drag_in(view, _urls(QUrl("https://example.com/a.mp4"))).isAccepted()
