"""Writes match cuts down as a string-out, in a thread of its own: other films may have to be opened for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from seamline.analysis.cache import AnalysisCache
from seamline.errors import ExchangeError, SeamlineError
from seamline.exchange.string_out import string_out
from seamline.exchange.string_out_choice import PairOrder, at_one_rate, in_order
from seamline.exchange.string_out_formats import StringOutFormat, export_string_out
from seamline.progress import Progress
from seamline.project.match_cuts import JudgedPair
from seamline.project.matches import Matches
from seamline.project.types import Project
from seamline_app.folders import Folders
from seamline_app.jobs.match_films import kept_project, open_by_path
from seamline_app.jobs.task_thread import TaskThread


@dataclass(frozen=True, slots=True)
class StringOutChoice:
    """`rate`: where the format holds one rate alone and the pairs have several, that which is wanted; else None."""

    pairs: Sequence[JudgedPair]
    string_format: StringOutFormat
    path: Path
    seconds: Fraction
    order: PairOrder
    rate: Fraction | None


@dataclass(frozen=True, slots=True, eq=False)
class StringOutWish:
    """`own`: the fingerprint of the film that is open. `films` are those that are known, by fingerprint; the others of
    the pairs' films lie at `paths`."""

    chosen: StringOutChoice
    own: str
    films: Mapping[str, Project]
    paths: Mapping[str, Path]


@dataclass(frozen=True, slots=True, eq=False)
class StringOutWritten:
    """How many pairs went into the file at `path`; those `left_out` use frames that a film of theirs does not have,
    those `at_other_rates` cannot stand beside the others in the format `format_id`."""

    path: Path
    pairs: int
    left_out: int
    at_other_rates: int
    format_id: str


class MatchExportJob(QObject):
    """`written(StringOutWritten)` or `failed(sentence)` ends it."""

    written = Signal(object)
    failed = Signal(str)

    def __init__(self, folders: Folders, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folders = folders
        self._thread = TaskThread("match-export", self)
        self._thread.done.connect(self.written)
        self._thread.failed.connect(self.failed)

    @property
    def is_running(self) -> bool:
        return self._thread.is_running

    def export(self, wish: StringOutWish) -> None:
        """Write it, over what is there."""
        self._thread.run(lambda progress: self._write(wish, progress))

    def close(self) -> None:
        """Stop, and join the thread."""
        self._thread.close()

    def _write(self, wish: StringOutWish, progress: Progress) -> StringOutWritten:
        """The task."""
        chosen, films = wish.chosen, dict(wish.films)
        for judged in chosen.pairs:
            for side in (judged.pair.outgoing, judged.pair.incoming):
                if side.fingerprint not in films:
                    films[side.fingerprint] = self._opened(side.fingerprint, wish.paths, progress)
        # as the list has it: of what a file says of another film, only what that film has
        said = Matches(tuple(chosen.pairs))
        for project in films.values():
            said = said.within(project.film)
        if chosen.pairs and not said.judged:
            raise ExchangeError(
                "Nothing was written: all pairs that you keep use frames that their films do not have. Find match cuts "
                "with these films again."
            )
        format_id = chosen.string_format.id
        rates = {name: project.film.rate for name, project in films.items()}
        going = at_one_rate(said.judged, rates, format_id, chosen.rate)
        string = string_out(in_order(going, chosen.order, wish.own), films, seconds=chosen.seconds)
        export_string_out(string, chosen.string_format, chosen.path, overwrite=True)
        return StringOutWritten(
            chosen.path,
            len(going),
            len(chosen.pairs) - len(said.judged),
            len(said.judged) - len(going),
            format_id,
        )

    def _opened(self, fingerprint: str, paths: Mapping[str, Path], progress: Progress) -> Project:
        path = paths.get(fingerprint)
        if path is None:
            raise ExchangeError(
                "Nobody knows any more where the film of one of these pairs is: reject the pair, or find it again."
            )
        try:
            film = open_by_path(path, AnalysisCache(self._folders.cache), progress)
        except SeamlineError as error:
            raise ExchangeError(
                f"Nothing was written, as a kept pair is of another film. {error} Or reject that pair."
            ) from error
        if film.fingerprint != fingerprint:
            raise ExchangeError(
                f"Nothing was written: “{path}” is not the film any more that a kept pair is of. Put that film back, "
                "or reject the pair."
            )
        return kept_project(film, path, self._folders, learns=False)
