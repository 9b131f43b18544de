"""Match cuts in the window: what the panel “Match” lists, and what it says where there is nothing to list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QImage

from seamline.analysis.cache import AnalysisCache
from seamline.project.match_cuts import JudgedPair, MatchSide, Verdict
from seamline.project.matches import Matches
from seamline_app.analysing import Analysing
from seamline_app.auditioning import Auditioning
from seamline_app.document import Document
from seamline_app.folders import Folders
from seamline_app.jobs.hit_pictures import HitPictures, WantedPicture
from seamline_app.match_export import MatchExport
from seamline_app.match_judging import MatchJudging
from seamline_app.match_keys import MatchKeys
from seamline_app.match_list import MatchList, MatchNames, summary_of
from seamline_app.match_lost_films import NOWHERE, MatchLostFilms
from seamline_app.match_marks import MatchMarks
from seamline_app.match_seeking import NOT_YET, MatchSeeking
from seamline_app.menus import Menus
from seamline_app.settings import Settings
from seamline_widgets.match_items import MatchItem
from seamline_widgets.match_panel import EMPTY_HINT

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views

FIND, AGAIN = "Find match cuts", "Find again"
NO_FILM = "Open a film to find pairs of its shots that would cut together."
NOT_ANALYSED = "This film is not analysed to its end.\nFilm, “Go on with the analysis”, comes first."
LOOKING = "Looking for shots that would cut together…"
NOTHING = "No two shots go together here. Look with another film, or from a frame that you like."
NOTHING_OF_KIND = "None of the pairs found is of this kind. “All” lists both kinds."
ONE_SHOT = "The film is one shot: there is nothing to cut together. Look with another film."
NOTHING_KEPT = "You keep no match cut yet: press K at a pair that cuts well."


class Matching(QObject):
    """Joins what is looked for, said, auditioned, marked and exported. Follows the document by itself; `close` it."""

    def __init__(
        self,
        window: MainWindow,
        analysing: Analysing,
        views: Views,
        menus: Menus,
        settings: Settings,
        folders: Folders,
    ) -> None:
        super().__init__(window)
        cache = AnalysisCache(folders.cache)
        self._window = window
        self._views = views
        self._seen: tuple[object, ...] = ()
        self._said = Matches()
        self._wanted_frames: set[int] = set()  # of the film that is open
        self.panel = views.match
        self.seeking = MatchSeeking(window, analysing, views, settings, folders)
        self.judging = MatchJudging(window, lambda: self.seeking.films)
        self.auditioning = Auditioning(window, views, cache, self.judging, lambda: self.seeking.films)
        self.lost_films = MatchLostFilms(window, self.panel, self.seeking, self.auditioning)
        self.marks = MatchMarks(window, views, self.seeking, self._is_auditioned)
        self.exports = MatchExport(window, settings, folders)
        self.pictures = HitPictures(cache, self, exactly=True)
        self._keys = MatchKeys(window, self.panel, self._is_auditioned)
        self._wanted_side: MatchSide | None = None
        # what the audition does with a pair that leaves the list is done first
        self._following = QTimer(self, singleShot=True, interval=0)
        self._following.timeout.connect(self._follow_audition)
        self._connect(menus)
        self._show()

    def leave_film(self) -> None:
        """The film that is open will be so no longer: what is slid or written now is said of it."""
        self.auditioning.end()
        self.panel.note.end(keep=True)

    def close(self) -> None:
        """Stop all that runs, and join the threads."""
        self.leave_film()
        self.auditioning.close()
        self.marks.close()
        self.seeking.close()
        self.pictures.close()
        self.exports.close()

    def begin(self) -> None:
        """Open the panel and give it the keys."""
        self._views.side.setCurrentWidget(self.panel)
        self.panel.take_keys()

    def _is_auditioned(self) -> bool:
        return self.auditioning.item is not None

    # -- putting it together

    def _connect(self, menus: Menus) -> None:
        window, panel, actions = self._window, self.panel, self._window.actions_by_id
        self.seeking.asked.connect(self._keys.wait)
        self.seeking.found.connect(self._take)
        self.seeking.changed.connect(self._show)
        self.judging.refused.connect(self._show)
        window.analysis.opened.connect(self._on_opened)
        for end in (window.analysis.finished, window.analysis.stopped, window.analysis.failed):
            end.connect(lambda *_: self._show())
        for end in (window.analysis.stopped, window.analysis.failed):
            end.connect(self._stay)
        self.pictures.ready.connect(panel.set_picture)
        window.thumbnails.ready.connect(self._show_own_picture)
        panel.picture_wanted.connect(self._fetch_picture)
        panel.shown_chosen.connect(lambda _: self._show())
        panel.kind_chosen.connect(lambda _: self._show())
        panel.side_wanted.connect(self._go_to_side)
        panel.timecodes_wanted.connect(self._copy_timecodes)
        panel.keep_wanted.connect(self.auditioning.keep)
        panel.reject_wanted.connect(self.auditioning.reject)
        panel.note_changed.connect(self.judging.write_note)
        panel.current_changed.connect(self._go_to)
        panel.audition_wanted.connect(self.auditioning.begin)
        panel.stop_wanted.connect(self._stop)
        panel.export_wanted.connect(self._export)
        menus.export_matches.triggered.connect(lambda: self._export())
        actions["find_match_cuts"].triggered.connect(lambda: self.begin())
        actions["stop_analysis"].triggered.connect(lambda: self._stop())

    def _on_opened(self) -> None:
        self.lost_films.open()
        self._wanted_frames.clear()
        self.seeking.open()
        self.marks.open()
        self.pictures.forget()
        self.panel.forget_pictures()
        self.judging.pairs = MatchList()
        if self._window.document is not None:
            self._window.document.changed.connect(self._on_changed)
            self._window.document.going_back.connect(self._say_what_is_begun)
            self._window.document.stepped.connect(self._on_stepped)
            self._said = self._window.document.project.matches
            self._seen = _looks(self._window.document)
            # before any search there is nothing to decide
            self.panel.shown = "kept" if self._said.kept else "open"
            side = self._wanted_side
            if side is not None and side.fingerprint == self._window.document.film.fingerprint:
                self._window.go_to(side.frame)
        self._wanted_side = None
        self._show()

    def _say_what_is_begun(self) -> None:
        """What is slid or written now is said of the film before what the editor wants next."""
        self.panel.note.end(keep=True)
        self.auditioning.rest()

    def _on_stepped(self) -> None:
        """The editor has done a step, or gone back behind one: what changes the film behind the audition ends it."""
        document = self._window.document
        if document is not None and self._seen[:2] != (document, document.project.seams):
            self.auditioning.end()

    def _on_changed(self) -> None:
        """Seams or timecodes are others, or the analysis has come further."""
        document = self._window.document
        if document is None:
            return
        self.auditioning.follow_steps()
        seen = _looks(document)
        if seen != self._seen:
            self._seen = seen
            self.marks.follow()
            self._show()
        if self._said != document.project.matches:
            before, self._said = self._said, document.project.matches
            self.seeking.know_films()
            self._show()
            if not self.judging.is_at_it:
                self._bring(before)

    def _bring(self, before: Matches) -> None:
        """What was said of a pair was undone or done again: show that pair, listed or, if one is auditioned, there."""
        changed = {judged.pair.key: judged.pair for judged in set(before.judged) ^ set(self._said.judged)}
        item = self.judging.item_of(next(iter(changed.values()))) if len(changed) == 1 else None
        if item is None:
            return
        self.panel.set_current(item.key)
        auditioned = self.auditioning.item
        if auditioned is not None and auditioned.key != item.key:
            self.auditioning.begin(item)

    def _take(self) -> None:
        self.judging.pairs = MatchList(self.seeking.matched, self._said)
        if self.panel.shown in ("kept", "rejected"):
            self.panel.shown = "open"
        self.panel.list.set_items(())  # what was found is read from its top
        self._show()
        self._keys.answer()

    def _stop(self) -> None:
        if not self.seeking.stop():
            self.marks.stop()

    # -- what is listed

    def _show(self) -> None:
        """Show the newest state of it all."""
        document, films, matched = self._window.document, self.seeking.films, self.seeking.matched
        panel, pairs = self.panel, self.judging.pairs
        if matched is None and pairs.matched is not None:
            pairs = self.judging.pairs = MatchList()
        panel.set_can_find(self.seeking.can_find)
        panel.head.find_button.setText(FIND if matched is None else AGAIN)
        panel.set_can_export(document is not None and bool(document.project.matches.kept))
        if document is None or films is None:
            panel.set_hint(NO_FILM)
            return
        said = document.project.matches
        for project in films.others.values():
            said = said.within(project.film)
        judged = pairs.judged(said, panel.shown, panel.kind)
        of_all_kinds = pairs.judged(said, panel.shown)
        here = pairs.judged(said, "all", panel.kind)
        if self._is_to_be_listed(of_all_kinds, here):
            names = MatchNames(films)
            summary = summary_of(
                judged,
                matched,
                panel.shown,
                of_all_kinds=len(of_all_kinds),
                kept=sum(each.verdict is Verdict.KEPT for each in here),
                is_outdated=self.seeking.is_outdated,
            )
            panel.set_items([names.item(each) for each in judged], summary)
        else:
            panel.set_hint(*self._hint(document))
        self.auditioning.refresh()
        self._following.start()

    def _is_to_be_listed(self, of_all_kinds: Sequence[JudgedPair], here: Sequence[JudgedPair]) -> bool:
        """Whether there is a list to see, though no pair may be left in it; `here`: what was said of those that were
        found, or before, and found."""
        matched, shown = self.seeking.matched, self.panel.shown
        if shown in ("kept", "rejected"):
            document = self._window.document
            said = document is not None and bool(document.project.matches.judged)
            return said or (matched is not None and bool(matched.pairs))
        if matched is None:  # what is found will take the place of what was said before
            return bool(of_all_kinds) and not self.seeking.is_finding
        return bool(here)

    def _hint(self, document: Document) -> tuple[str, str]:
        """Why nothing is listed, and what the button says that looks for pairs."""
        seeking = self.seeking
        if seeking.is_finding:
            return LOOKING, ""
        if seeking.failure:
            return seeking.failure, "Try again"
        if self._window.analysis.is_running:
            return NOT_YET, ""
        if not document.is_complete:
            return NOT_ANALYSED, ""
        if seeking.matched is None:
            return EMPTY_HINT, ""  # the button above says what can be done
        if len(document.project.shots) < 2 and not seeking.scope.is_other:
            return ONE_SHOT, ""
        return (NOTHING_OF_KIND if seeking.matched.pairs else NOTHING), ""

    def _follow_audition(self) -> None:
        """The pair that plays is shown as selected; where it is not listed, none is."""
        item, current = self.auditioning.item, self.panel.current
        if item is not None and current is not None and current.key != item.key:
            self.panel.hide_current()

    def _go_to_side(self, side: MatchSide) -> None:
        """Show that frame in its film, which is opened for it if another one is open."""
        document, films = self._window.document, self.seeking.films
        if document is None or films is None:
            return
        if side.fingerprint == document.film.fingerprint:
            self._window.go_to(side.frame)
            self._views.picture.setFocus()
            return
        path = films.path(side.fingerprint)
        if path is None:
            self._window.messages.show_error(NOWHERE)
        else:
            self._wanted_side = side
            self._window.open_film(path)

    def _stay(self, *_: object) -> None:
        """The film of that frame was not opened: when it is another time, it is not for the frame."""
        self._wanted_side = None

    def _copy_timecodes(self, item: MatchItem) -> None:
        QGuiApplication.clipboard().setText(item.timecodes)
        self._window.messages.show_info(f"Copied {item.timecodes}")

    def _go_to(self, item: MatchItem) -> None:
        """The editor went to a pair: show it, in the audition or in the film."""
        if self.auditioning.item is not None:
            self.auditioning.begin(item)
            return
        document = self._window.document
        own = "" if document is None else document.film.fingerprint
        frame = next((frame for fingerprint, frame in item.picture_keys if fingerprint == own), None)
        if frame is not None:
            self._window.go_to(frame)

    # -- pictures and files

    def _fetch_picture(self, fingerprint: str, frame: int) -> None:
        document, films = self._window.document, self.seeking.films
        if document is None or films is None:
            return
        project, path = films.project(fingerprint), films.path(fingerprint)
        if project is not None and project.film is document.film:
            self._wanted_frames.add(frame)
            self._window.thumbnails.request(frame)
        elif path is not None:
            at = path if project is None else project.film.path
            self.pictures.request(WantedPicture(fingerprint, at, frame))

    def _show_own_picture(self, frame: int, image: QImage) -> None:
        if self._window.document is not None and frame in self._wanted_frames:
            self._wanted_frames.remove(frame)
            self.panel.set_picture(self._window.document.film.fingerprint, frame, image)

    def _export(self) -> None:
        self._say_what_is_begun()
        document, films, matched = self._window.document, self.seeking.films, self.seeking.matched
        if document is None or films is None:
            return
        kept = document.project.matches.kept
        if not kept:
            self._window.messages.show_info(NOTHING_KEPT)
            return
        ranks = {pair.key: rank for rank, pair in enumerate(() if matched is None else matched.pairs)}
        in_order = sorted(kept, key=lambda one: ranks.get(one.pair.key, len(ranks)))
        self.exports.export(in_order, films, self.auditioning.item or self.panel.selected)


def _looks(document: Document) -> tuple[object, ...]:
    """What the pairs of a film are shown by, besides what is said of them."""
    project = document.project
    return document, project.seams, project.first_timecode_frame, document.is_complete
