"""What the editor says of match cuts: kept, rejected, noted, cut elsewhere; stored as it is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from seamline.errors import ProjectError
from seamline.project.match_cuts import JudgedPair, Verdict
from seamline_app.match_list import MatchFilms, MatchList, MatchNames
from seamline_widgets.match_items import MatchItem, PairKey

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow


class MatchJudging(QObject):
    """`pairs` are those of the list. `said`: something was, or could not be stored: what is shown is what is stored."""

    said = Signal()

    def __init__(self, window: MainWindow, films: Callable[[], MatchFilms | None]) -> None:
        super().__init__(window)
        self._window = window
        self._films = films
        self.pairs = MatchList()
        self._proposed: dict[PairKey, tuple[int, int]] = {}

    def keep(self, item: MatchItem) -> None:
        """Keep it, or no more if it is kept."""
        self._judge(item, Verdict.KEPT)

    def reject(self, item: MatchItem) -> None:
        """Reject it, or no more if it is rejected."""
        self._judge(item, Verdict.REJECTED)

    def write_note(self, item: MatchItem, note: str) -> None:
        self._store(replace(item.judged, note=note.strip()))

    def slide(self, judged: JudgedPair) -> None:
        """The editor has moved that pair's cut to where it is now."""
        self._store(judged)

    def now(self, item: MatchItem) -> MatchItem:
        """That pair with what is said of it by now, listed or not."""
        document, films = self._window.document, self._films()
        if document is None or films is None:
            return item
        return MatchNames(films).item(self.pairs.judged_of(item.pair, document.matches))

    def proposed(self, item: MatchItem) -> tuple[int, int]:
        """Where the pair was found to be cut, or where it first was: the last frame out, and the first one in."""
        found = self.pairs.found(item.key)
        if found is not None:
            self._proposed[item.key] = found.outgoing.frame, found.incoming.frame
        return self._proposed.setdefault(item.key, (item.pair.outgoing.frame, item.pair.incoming.frame))

    def _judge(self, item: MatchItem, verdict: Verdict) -> None:
        is_back = item.judged.verdict is verdict
        self._store(replace(item.judged, verdict=Verdict.OPEN if is_back else verdict))

    def _store(self, judged: JudgedPair) -> None:
        document, films = self._window.document, self._films()
        if document is None or films is None:
            return
        pair = judged.pair
        if document.film.fingerprint not in (pair.outgoing.fingerprint, pair.incoming.fingerprint):
            return  # said of another film, which is not open any more
        # of a pair that nothing is said of, the cut stays where it is as long as the list does
        self.pairs.slid[pair.key] = pair.outgoing.frame, pair.incoming.frame
        others = {pair.outgoing.fingerprint, pair.incoming.fingerprint} - {document.film.fingerprint}
        paths = {name: path for name in others if (path := films.path(name)) is not None}
        try:
            document.set_matches(document.matches.having(judged, paths))
        except ProjectError as error:
            self._window.messages.show_error(str(error))
        self.said.emit()
