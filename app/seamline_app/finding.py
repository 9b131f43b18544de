"""Finding pictures: the panel “Find” and the actions about it, the searches behind them, and what they show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, QTimer
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtWidgets import QFileDialog

from seamline.analysis.cache import AnalysisCache
from seamline.models.clip_cards import CLIP_CARDS
from seamline.models.encoders import EncoderChoice
from seamline_app.analysing import Analysing
from seamline_app.folders import Folders
from seamline_app.found_hits import FoundHits
from seamline_app.found_items import advice_of
from seamline_app.jobs.search_job import Installed, SearchAnswer, SearchJob, SearchWish, Unanswered
from seamline_app.jobs.search_terms import Part, Role, Words
from seamline_app.looking import Looking
from seamline_app.menus import Menus
from seamline_app.search_query import SearchQuery
from seamline_widgets.picture_region import PictureRegion
from seamline_widgets.search_drop import PICTURE_SUFFIXES
from seamline_widgets.search_model import HitItem
from seamline_widgets.search_panel import EMPTY_HINT

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views

NO_FILM = "Open a film to search it, or search “All films”."
ANALYSING = "Analysing…\nThe film can be searched when its pictures have been looked at."
NOT_ANALYSED = "This film is not analysed to its end.\nFilm, “Go on with the analysis”, makes it searchable."
NO_FILMS = "No film has been looked at by this network yet.\nFilms come here when they are analysed."
NETWORKS = "Networks…"
_NO_WORDS = "knows no words"
_SLOW_MS = 300
_GROWN_MS = 1000
_CHANGED_MS = 400


class Finding(QObject):
    """Follows the document, the analysis and the picture of `window` by itself; `close` it before the end."""

    def __init__(
        self, window: MainWindow, analysing: Analysing, views: Views, menus: Menus, folders: Folders
    ) -> None:
        super().__init__(window)
        cache = AnalysisCache(folders.cache)
        self._window = window
        self._views = views
        self.panel = views.search
        self._query = SearchQuery()
        self._is_new = True
        self._shots: tuple[object, ...] = ()
        self._encoder_id = ""
        self._installed: tuple[EncoderChoice, ...] = ()
        self._in_use = ""
        self._folder: Path | None = None
        self.job = SearchJob(folders.cache / "library", cache, self)
        self.looking = Looking(window, analysing, views, cache, self.job.library)
        self.hits = FoundHits(window, views, cache)
        self.region = PictureRegion(views.picture)
        self._slow = QTimer(self, singleShot=True, interval=_SLOW_MS)
        self._slow.timeout.connect(self.panel.tell_searching)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._search_again)
        self._connect_job()
        self._connect_panel()
        self._connect_window(menus)
        self._say_nothing()

    def close(self) -> None:
        """Stop all that runs, and join the threads."""
        self._slow.stop()
        self._again.stop()
        self.looking.close()
        self.hits.close()
        self.job.close()

    def forget_networks(self) -> None:
        """One was installed, or removed: search anew with what there is."""
        self.job.forget_networks()
        self.looking.forget_networks()
        self.job.look()
        self._search_again()

    # -- putting it together

    def _connect_job(self) -> None:
        # to methods of this object: what comes from another thread would run there otherwise
        self.job.answered.connect(self._show)
        self.job.unanswered.connect(self._show_unanswered)
        self.job.failed.connect(self._show_failed)
        self.job.installed.connect(self._take_installed)
        self.job.pictured.connect(self._take_picture)
        self.looking.grown.connect(self._on_grown)
        self.looking.ended.connect(self._search_again)

    def _connect_panel(self) -> None:
        panel, head, hits = self.panel, self.panel.head, self.panel.list
        head.searched.connect(self._take_words)
        head.chips.removed.connect(self._remove)
        head.scope_changed.connect(lambda _: self._search())
        head.encoder_chosen.connect(self._choose_encoder)
        head.file_wanted.connect(lambda: self._choose_file())
        panel.picture_given.connect(lambda image: self._begin(lambda: self._query.put_picture(image)))
        panel.file_given.connect(lambda path: self._begin(lambda: self._query.put_file(path)))
        panel.cleared.connect(lambda: self._begin(lambda: None))
        hits.more_wanted.connect(lambda item: self._add_like(item, Role.LIKED))
        hits.less_wanted.connect(lambda item: self._add_like(item, Role.UNWANTED))

    def _connect_window(self, menus: Menus) -> None:
        for action_id, handler in {
            "find_pictures": self.begin_words,
            "find_like_frame": self._find_like_frame,
            "find_like_region": self._mark_region,
        }.items():
            action = self._window.actions_by_id[action_id]
            action.triggered.connect(lambda _=False, handler=handler: handler())
        self.panel.networks_wanted.connect(lambda: self._show_networks(menus))
        self.region.marked.connect(self._find_region)
        self._window.analysis.opened.connect(self._on_opened)
        self._views.side.currentChanged.connect(lambda _: self._look_at_encoders())

    def _look_at_encoders(self) -> None:
        """See which there are, once the panel is opened for the first time."""
        if not self._installed and self._views.side.currentWidget() is self.panel:
            self.job.look()

    def _show_networks(self, menus: Menus) -> None:
        """Open the dialog at the network that finds best."""
        from seamline_app.models_dialog import ModelsDialog

        menus.networks.trigger()
        dialog = self._window.findChild(ModelsDialog)
        if dialog is not None:
            dialog.show_network(CLIP_CARDS[0].id)

    # -- the film

    def _on_opened(self) -> None:
        self.region.give_up()
        self._shots = ()
        self.hits.open()
        self.looking.open()
        if self._window.document is not None:
            self._window.document.changed.connect(self._on_changed)
        self._search()

    def _on_changed(self) -> None:
        document, film = self._window.document, self.looking.film
        if document is None or film is None or document.film is not film.film:
            return
        # hits are shots: where these, their names or timecodes are others, so are they
        project = document.project
        shots = project.seams, project.notes, project.first_timecode_frame
        if shots != self._shots:
            self._shots = shots
            self.looking.ask()
            if self._query.terms and not self._window.analysis.is_running:
                self._again.start(_CHANGED_MS)

    def _on_grown(self) -> None:
        if self._query.terms and not self._again.isActive():
            self._again.start(_GROWN_MS)

    # -- what is looked for

    def begin_words(self) -> None:
        """Open the panel and give its field the keys."""
        self._views.side.setCurrentWidget(self.panel)
        self.panel.take_keys()

    def _take_words(self, words: str) -> None:
        self._query.set_words(words)
        self._search()

    def _begin(self, put: Callable[[], None]) -> None:
        """Look for something else from now on: what `put` adds to an empty query."""
        self.panel.head.field.set_words("")
        self._query.clear()
        put()
        self._views.side.setCurrentWidget(self.panel)
        self._search()

    def _find_like_frame(self) -> None:
        document = self._window.document
        if document is not None:
            frame, project = self._window.shown_frame, document.project
            image = self._views.picture.image() if self._views.picture.frame == frame else QImage()
            self._begin(lambda: self._query.put_frame(project, frame, image))

    def _mark_region(self) -> None:
        if self._window.document is not None:
            self._window.player.pause()
            self.region.begin()

    def _find_region(self, frame: int, region: QRectF) -> None:
        document = self._window.document
        if document is not None:
            project, image = document.project, self._views.picture.image()
            self._begin(lambda: self._query.put_frame(project, frame, image, region))

    def _choose_file(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in PICTURE_SUFFIXES)
        filters = f"Pictures ({patterns});;All files (*)"
        document = self._window.document
        folder = self._folder or (document.film.path.parent if document is not None else None)
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Search by a picture", "" if folder is None else str(folder), filters
        )
        if name:
            self._folder = Path(name).parent
            self._begin(lambda: self._query.put_file(Path(name)))

    def _add_like(self, item: HitItem, role: Role) -> None:
        path = self.hits.path_of(item)
        if path is not None:
            self._query.add_hit(item, path, role, self.panel.list.picture(item.key))
            self._search()

    def _remove(self, key: int) -> None:
        if self._query.is_words(key):
            self.panel.head.field.set_words("")
        self._query.remove(key)
        self._search()

    def _choose_encoder(self, encoder_id: str) -> None:
        self._encoder_id = encoder_id
        self.looking.use(encoder_id)
        self._search()

    # -- searching

    def _search(self) -> None:
        """Search for what is asked for now."""
        self._is_new = True
        self.panel.set_chips(self._query.chips)
        self._show_encoders()
        self._again.stop()
        self._run()

    def _search_again(self) -> None:
        """The same as before: there is more to be found, or it is called otherwise."""
        if self.job.is_running:
            self._again.start(_GROWN_MS)
        else:
            self._run()

    def _run(self) -> None:
        is_everywhere = self.panel.head.is_everywhere
        document = self._window.document
        if not self._query.terms or (document is None and not is_everywhere):
            self.job.drop()
            self._forget_answer()
            self._say_nothing()
            return
        shots = () if document is None else tuple(shot.range for shot in document.project.shots)
        if self._is_new:
            self._slow.start()
        self.job.search(
            SearchWish(self._query.terms, self.looking.film, shots, is_everywhere, self._encoder_id)
        )

    def _show(self, answer: SearchAnswer) -> None:
        self._slow.stop()
        self._in_use = answer.encoder.name
        self._show_encoders()
        self.panel.set_advice(advice_of(answer), NETWORKS)
        if not self.hits.show(answer, is_new=self._is_new):
            self._say_why_nothing(answer)
        self._is_new = False

    def _show_unanswered(self, why: Unanswered) -> None:
        if why.part is not None:
            self._query.take_away(why.part)
        if why.part is not None and self._query.terms:
            # the rest of the search goes on without it
            self._window.messages.show_info(why.text)
            self._search()
            return
        self._forget_answer()
        self.panel.set_chips(self._query.chips)
        self.panel.say(why.text, button=NETWORKS if why.wants_network else "")

    def _show_failed(self, sentence: str) -> None:
        self._forget_answer()
        self.panel.say(sentence)

    def _take_installed(self, installed: Installed) -> None:
        self._installed = installed.encoders
        self._show_encoders()

    def _show_encoders(self) -> None:
        """Offer those that there are, with why one will not do for what is looked for."""
        has_words = any(isinstance(term.part, Words) for term in self._query.terms)
        offers = [
            (each.id, each.name, _NO_WORDS if has_words and each.open_text is None else "")
            for each in self._installed
        ]
        self.panel.head.set_encoders(offers, self._encoder_id, self._in_use)

    def _take_picture(self, part: Part, image: QImage) -> None:
        if self._query.set_picture(part, image):
            self.panel.set_chips(self._query.chips)

    def _forget_answer(self) -> None:
        self._slow.stop()
        self._in_use = ""
        self.hits.forget()
        self.panel.set_advice(())

    def _say_nothing(self) -> None:
        """Why there is nothing to see before anything was searched."""
        if self._window.document is None and not self.panel.head.is_everywhere:
            self.panel.say(NO_FILM)
            return
        keys = self._window.actions_by_id["find_like_frame"].shortcuts()
        key = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else "the key for it"
        self.panel.say(EMPTY_HINT.format(key=key))

    def _say_why_nothing(self, answer: SearchAnswer) -> None:
        document, name = self._window.document, answer.encoder.name
        if answer.wish.is_everywhere:
            self.panel.say(NO_FILMS)
        elif self._window.analysis.is_running:
            self.panel.say(ANALYSING, is_working=True)
        elif self.looking.job.is_running:
            self.panel.say(f"Looking at the film with {name}…", is_working=True)
        elif document is not None and not document.is_complete:
            self.panel.say(NOT_ANALYSED)
        else:
            self.panel.say(f"No frame of this film has been looked at with {name} yet.")
