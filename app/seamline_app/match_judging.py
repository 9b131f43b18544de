"""What the editor says of match cuts: kept, rejected, noted, cut elsewhere; each a step of the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from seamline.project.match_cuts import JudgedPair, MatchPair, PairKey, Verdict
from seamline.project.match_edits import JudgeMatch, judge_match
from seamline.project.match_playing import playable_pair
from seamline_app.document import Document
from seamline_app.match_list import MatchFilms, MatchList, MatchNames
from seamline_widgets.match_items import MatchItem

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow

_VERBS = {Verdict.KEPT: "Keep match cut", Verdict.REJECTED: "Reject match cut"}
_BACK, _NOTE, _SLIDE = "{} no more", "Note on match cut", "Slide match cut"


class MatchJudging(QObject):
    """`pairs` are those of the list. `refused`: it could not be stored, or changes nothing: show what is stored."""

    refused = Signal()

    def __init__(self, window: MainWindow, films: Callable[[], MatchFilms | None]) -> None:
        super().__init__(window)
        self._window = window
        self._films = films
        self.pairs = MatchList()
        self.is_at_it = False
        """Whether what changes now is what the editor says of the pair before the eyes."""
        self._proposed: dict[PairKey, tuple[int, int]] = {}

    def keep(self, item: MatchItem) -> None:
        """Keep it, or no more if it is kept."""
        self._judge(item, Verdict.KEPT)

    def reject(self, item: MatchItem) -> None:
        """Reject it, or no more if it is rejected."""
        self._judge(item, Verdict.REJECTED)

    def write_note(self, item: MatchItem, note: str) -> None:
        # the field was opened some time ago
        self._store(replace(self.now(item).judged, note=note.strip()), _NOTE)

    def slide(self, judged: JudgedPair, *, goes_on: bool = False) -> None:
        """The editor has moved that pair's cut to where it is now; one that `goes_on` is one step with the last."""
        self._store(judged, _SLIDE, goes_on=goes_on)

    def now(self, item: MatchItem) -> MatchItem:
        """That pair with what is said of it by now, listed or not."""
        return self.item_of(item.pair) or item

    def item_of(self, pair: MatchPair) -> MatchItem | None:
        """These two shots with what is said of them by now, listed or not; None while no film is open."""
        document, films = self._window.document, self._films()
        if document is None or films is None:
            return None
        return MatchNames(films).item(self.pairs.judged_of(pair, document.project.matches))

    def proposed(self, pair: MatchPair) -> tuple[int, int]:
        """Where the pair was found to be cut, or where it first was: the last frame out, and the first one in."""
        found = self.pairs.found(pair.key)
        if found is not None:
            self._proposed[pair.key] = found.frames
        frames, films = self._proposed.setdefault(pair.key, pair.frames), self._films()
        return frames if films is None else playable_pair(pair.cut_at(*frames), films.project).frames

    def _judge(self, item: MatchItem, verdict: Verdict) -> None:
        is_back = item.judged.verdict is verdict
        name = _BACK.format(_VERBS[verdict]) if is_back else _VERBS[verdict]
        self._store(replace(item.judged, verdict=Verdict.OPEN if is_back else verdict), name)

    def _store(self, judged: JudgedPair, name: str, *, goes_on: bool = False) -> None:
        document, films = self._window.document, self._films()
        if document is None or films is None:
            return
        pair = judged.pair
        if document.film.fingerprint not in (pair.outgoing.fingerprint, pair.incoming.fingerprint):
            return  # said of another film, which is not open any more
        judged = replace(judged, is_slid=pair.frames != self.proposed(pair))
        if _words(judged) == _words(document.project.matches.of(self.pairs.found(pair.key) or pair)):
            self.pairs.put_back.add(pair.key)
            self.refused.emit()
            return
        others = {pair.outgoing.fingerprint, pair.incoming.fingerprint} - {document.film.fingerprint}
        paths = {other: path for other in others if (path := films.path(other)) is not None}
        edit = judge_match(document.project, judged, name, paths)
        do = document.do_over if goes_on and _is_slid_last(document, pair) else document.do
        self.is_at_it = True
        try:
            is_done = do(edit)
        finally:
            self.is_at_it = False
        if not is_done:
            self.refused.emit()


def _words(judged: JudgedPair) -> tuple[tuple[int, int], Verdict, str]:
    """What the editor says; the scores are those of the last search."""
    return judged.pair.frames, judged.verdict, judged.note


def _is_slid_last(document: Document, pair: MatchPair) -> bool:
    """Whether the last step was to slide the cut of that pair."""
    edits, done = document.steps
    last = edits[done - 1] if done else None
    return (
        isinstance(last, JudgeMatch)
        and last.name == _SLIDE
        and last.judged_in(document.project).pair.key == pair.key
    )
