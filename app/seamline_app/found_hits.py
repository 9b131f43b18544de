"""What was found, in the panel's list and on the timeline: shown, gone to, stepped through, with pictures."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.thumbnails_stage import ThumbnailStage, ThumbnailStrip
from seamline_app.found_items import items_of, peaks, summary_of
from seamline_app.jobs.frame_source import as_image
from seamline_app.jobs.hit_pictures import HitPictures, WantedPicture
from seamline_app.jobs.search_job import SearchAnswer
from seamline_widgets.search_model import HitItem

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views


class FoundHits(QObject):
    """Shows answers; `close` it before the end."""

    def __init__(self, window: MainWindow, views: Views, cache: AnalysisCache) -> None:
        super().__init__(window)
        self._window = window
        self._views = views
        self._panel = views.search
        self._cache = cache
        self._strip: ThumbnailStrip | None = None
        self._own: tuple[list[int], list[HitItem]] = [], []  # by the first frames of their shots
        self.peaks: list[int] = []
        """The frames of the pins on the timeline, in order."""
        self._paths: dict[str, Path] = {}
        self._go: tuple[str, int] | None = None
        self.pictures = HitPictures(cache, self)
        self.pictures.ready.connect(self._show_picture)
        hits, actions = self._panel.list, window.actions_by_id
        hits.shown.connect(self._go_to)
        hits.chosen.connect(self._open)
        hits.picture_wanted.connect(self._fetch_picture)
        for direction, action_id, button in (
            (1, "next_hit", self._panel.next_wanted),
            (-1, "previous_hit", self._panel.previous_wanted),
        ):
            button.connect(lambda direction=direction: self.step(direction))
            actions[action_id].triggered.connect(lambda _=False, direction=direction: self.step(direction))
        views.timeline.hit_clicked.connect(self._go_to_peak)
        window.player.picture_ready.connect(lambda _image, frame: self._mark(frame))
        window.thumbnails.ready.connect(self._show_own_picture)
        for end in (window.analysis.failed, window.analysis.stopped):
            end.connect(self._stay)
        self._show_steps()

    def open(self) -> None:
        """There is another film, or none; what was found in another and is to be shown is in it now."""
        self.forget()
        self._panel.list.forget_pictures()
        document = self._window.document
        self._strip = None
        if document is not None:
            film = document.film
            folder = self._cache.thumbnail_folder(film.fingerprint)
            self._strip = ThumbnailStrip(ThumbnailStage.for_film(film, folder).path)
            if self._go is not None and self._go[0] == film.fingerprint:
                self._window.go_to(self._go[1])
        self._go = None

    def show(self, answer: SearchAnswer, *, is_new: bool) -> bool:
        """Show what was found; whether there was anything. `is_new`: by another search than what is shown."""
        document = self._window.document
        items = items_of(answer, None if document is None else document.project)
        own = sorted((item for item in items if not item.is_elsewhere), key=lambda item: item.start_frame)
        self._own = [item.start_frame for item in own], own
        self._paths.update({hit.fingerprint: hit.path for hit in answer.elsewhere})
        found = peaks(answer)
        self.peaks = [hit.frame for hit in found]
        self._views.timeline.set_hits(self.peaks, [hit.strength_01 for hit in found])
        self._show_steps()
        if items:
            summary = summary_of(answer, items)
            self._panel.show_hits(items, summary, is_new=is_new, has_steps=bool(self.peaks))
            self._mark(self._window.shown_frame)
        return bool(items)

    def forget(self) -> None:
        """Nothing is found any more."""
        self._own, self.peaks = ([], []), []
        self._views.timeline.set_hits((), ())
        self._show_steps()

    def step(self, direction: int) -> None:
        """Go to the next hit along the film (1), or the one before (-1); beyond the last comes the first."""
        at = self._window.shown_frame
        onwards = self.peaks if direction > 0 else self.peaks[::-1]
        if onwards:
            beyond = (frame for frame in onwards if (frame - at) * direction > 0)
            self._go_to_peak(next(beyond, onwards[0]))

    def path_of(self, item: HitItem) -> Path | None:
        """Where the film of that hit lies."""
        document = self._window.document
        if document is not None and document.film.fingerprint == item.film:
            return document.film.path
        return self._paths.get(item.film)

    def close(self) -> None:
        """Stop, and join the thread."""
        self.pictures.close()

    def _go_to(self, item: HitItem) -> None:
        if not item.is_elsewhere:
            self._window.go_to(item.frame)

    def _open(self, item: HitItem) -> None:
        """Go there and leave the list; another film is opened for it."""
        path = self.path_of(item)
        if not item.is_elsewhere:
            self._window.go_to(item.frame)
            self._views.picture.setFocus()
        elif path is not None:
            self._go = item.film, item.frame
            self._window.open_film(path)

    def _stay(self, *_: object) -> None:
        """The film of the hit was not opened: when it is another time, it is not for the hit."""
        self._go = None

    def _go_to_peak(self, frame: int) -> None:
        self._window.go_to(frame)
        document = self._window.document
        if document is not None:
            self._panel.list.select((document.film.fingerprint, frame))

    def _show_steps(self) -> None:
        for action_id in ("next_hit", "previous_hit"):
            self._window.actions_by_id[action_id].setEnabled(bool(self.peaks))

    def _mark(self, frame: int) -> None:
        """Mark the hit whose shot the frame belongs to."""
        starts, items = self._own
        at = bisect_right(starts, frame) - 1
        item = items[at] if at >= 0 and frame < items[at].end_frame else None
        self._panel.list.set_shown(("", -1) if item is None else item.key)
        self._views.timeline.set_current_hit(None if item is None else item.frame)

    def _fetch_picture(self, item: HitItem) -> None:
        """Show what the analysis has kept of about that frame at once, and the frame itself as it comes."""
        if item.is_elsewhere:
            path = self._paths.get(item.film)
            if path is not None:
                self.pictures.request(WantedPicture(item.film, path, item.frame))
            return
        strip = self._strip
        if strip is not None and (shown := strip.shown_frame(item.frame)) is not None:
            picture = strip.picture_at(item.frame)
            if picture is not None:
                self._panel.list.set_picture(item.key, as_image(picture))
                if shown == item.frame:
                    return
        self._window.thumbnails.request(item.frame)

    def _show_own_picture(self, frame: int, image: QImage) -> None:
        document = self._window.document
        if document is not None:
            self._panel.list.set_picture((document.film.fingerprint, frame), image)

    def _show_picture(self, fingerprint: str, frame: int, image: QImage) -> None:
        self._panel.list.set_picture((fingerprint, frame), image)
