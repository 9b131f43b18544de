"""Pictures for scrubbing in the window: made by the analysis, shown, measured, deleted, and switched off."""

from __future__ import annotations

import shutil
import time
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.proxies_stage import ProxyStage, proxy_bytes
from seamline.analysis.stage import Stage
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline_app.folders import Folders
from seamline_app.jobs.frame_source import FramePicture, FrameSource

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands

    from seamline_app.main_window import MainWindow

Answer = Callable[[Callable[[Any], None]], None]


@pytest.fixture
def further_stages() -> Callable[..., tuple[Stage, ...]]:
    def stages(film: Film, folder: Path, proxies: bool) -> tuple[Stage, ...]:
        return (ProxyStage.for_film(film, folder),) if proxies else ()

    return stages


def kept_bytes(folders: Folders, film: FilmSpec) -> int:
    fingerprint = open_film(film.path).fingerprint
    return proxy_bytes(AnalysisCache(folders.cache).thumbnail_folder(fingerprint))


def diagnosis(hands: Hands, answer: Answer) -> str:
    texts: list[str] = []

    def read(dialog: Any) -> None:
        texts.append(dialog.plain_text())
        dialog.reject()

    answer(read)
    hands.menu("Help", "Diagnostics")
    hands.wait(lambda: bool(texts))
    return texts[0]


def test_the_analysis_makes_them_and_scrubbing_shows_them(
    hands: Hands, film: FilmSpec, folders: Folders, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.open(film)
    assert kept_bytes(folders, film) > 1000
    shown: list[tuple[int, bool]] = []
    desk = hands.window.player._desk
    assert desk is not None
    put = desk.put
    desk.put = lambda picture: shown.append((picture.frame, picture.is_proxy)) or put(picture)
    read = FrameSource.read

    def read_later(source: FrameSource, frame: int, *rest: Any, **options: Any) -> FramePicture | None:
        until_s = time.monotonic() + 5
        while frame == 80 and (80, True) not in shown and time.monotonic() < until_s:
            time.sleep(0.01)  # decoding takes longer than finding what was kept
        return read(source, frame, *rest, **options)

    monkeypatch.setattr(FrameSource, "read", read_later)
    hands.click_timeline(80)
    hands.sees(80)
    hands.wait(lambda: (80, False) in shown)
    assert (80, True) in shown
    assert f"Pictures for scrubbing: {kept_bytes(folders, film) / 1e3:,.1f} kB of it" in diagnosis(
        hands, answer
    )


def test_they_are_deleted_by_menu_and_made_again_at_the_next_opening(
    hands: Hands, film: FilmSpec, folders: Folders, answer: Answer
) -> None:
    hands.open(film)
    hands.menu("Film", "Delete this film's pictures for scrubbing")
    assert kept_bytes(folders, film) == 0
    assert hands.message.startswith("The pictures for scrubbing are deleted (")
    assert "made again when the film is opened next" in hands.message
    assert "Pictures for scrubbing: None" in diagnosis(hands, answer)
    hands.click_timeline(70)
    hands.sees(70)
    hands.menu("Film", "Delete this film's pictures for scrubbing")
    assert hands.message == "There are no pictures for scrubbing of this film."
    hands.open(film)
    assert kept_bytes(folders, film) > 1000


def test_switched_off_none_are_made_and_that_is_remembered(
    hands: Hands,
    film: FilmSpec,
    long_film: FilmSpec,
    folders: Folders,
    make_window: Callable[[], MainWindow],
    more_hands: Callable[[MainWindow], Hands],
) -> None:
    hands.menu("Film", "Keep pictures for scrubbing")
    hands.open(film)
    assert kept_bytes(folders, film) == 0
    hands.window.close()
    others = more_hands(make_window())
    others.open(long_film)
    assert kept_bytes(folders, long_film) == 0
    others.menu("Film", "Keep pictures for scrubbing")
    assert others.message == "Pictures for scrubbing are made when the film is opened next."
    others.open(long_film)
    assert kept_bytes(folders, long_film) > 1000


def test_a_full_disk_is_one_sentence_and_the_analysis_goes_on(
    hands: Hands, film: FilmSpec, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")(10**12, 10**12 - 10**6, 10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    hands.open(film)
    hands.wait(lambda: hands.message.startswith("The pictures for scrubbing cannot be kept in"))
    assert "free some space there" in hands.message
    document = hands.window.document
    assert document is not None
    assert document.is_complete
    assert kept_bytes(folders, film) < 100
