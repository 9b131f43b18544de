"""The films of pairs that cannot be played: looked for again when they are asked for, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seamline.project.match_cuts import PairKey
from seamline_app.auditioning import Auditioning
from seamline_app.match_seeking import MatchSeeking
from seamline_widgets.match_items import MatchItem
from seamline_widgets.match_panel import MatchPanel

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow

NOWHERE = (
    "Nobody knows where the other film of this pair is: find match cuts with it again, or reject the pair, which "
    "cannot be played without it."
)


class MatchLostFilms(QObject):
    """Takes what could not be auditioned; plays it as soon as its films are known, unless the editor has gone on."""

    def __init__(
        self, window: MainWindow, panel: MatchPanel, seeking: MatchSeeking, auditioning: Auditioning
    ) -> None:
        super().__init__(window)
        self._messages = window.messages
        self._panel = panel
        self._seeking = seeking
        self._auditioning = auditioning
        self._asked: MatchItem | None = None
        self._place: tuple[PairKey | None, ...] = ()
        self._said = ""
        auditioning.film_missing.connect(self._look_for)
        for end in (seeking.job.looked_up, seeking.job.ended):
            end.connect(lambda *_: self._answer())

    def open(self) -> None:
        """There is another film, or none."""
        self._asked = None

    def _look_for(self, item: MatchItem) -> None:
        films = self._seeking.films
        if films is None:
            return
        sides = item.pair.outgoing.fingerprint, item.pair.incoming.fingerprint
        paths = {name: films.path(name) for name in sides if films.project(name) is None}
        known = {name: path for name, path in paths.items() if path is not None}
        if len(known) < len(paths):
            self._messages.show_error(NOWHERE)
            return
        self._asked, self._place = item, self._place_now()
        looked_for = self._seeking.job.looked_for
        self._seeking.look_up({name: path for name, path in known.items() if name not in looked_for})
        self._said = f"“{next(iter(known.values()))}” is still being looked for."
        self._messages.show_info(self._said)

    def _answer(self) -> None:
        item, films = self._asked, self._seeking.films
        if item is None or films is None or self._seeking.job.is_looking_up:
            return
        self._asked = None
        sides = item.pair.outgoing.fingerprint, item.pair.incoming.fingerprint
        lost = next((name for name in sides if films.project(name) is None), None)
        if lost is not None:
            self._messages.show_error(
                f"“{films.path(lost)}” cannot be opened: put it back there, or find match cuts with it where it is now."
            )
            return
        if self._messages.text == self._said:
            self._messages.clear()
        if self._place_now() == self._place:
            self._auditioning.begin(item)

    def _place_now(self) -> tuple[PairKey | None, ...]:
        """What is played, and what is selected."""
        items = self._auditioning.item, self._panel.current
        return tuple(None if item is None else item.key for item in items)
