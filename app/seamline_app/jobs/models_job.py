"""Installs, looks at and removes networks in a thread of its own, one wish at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from seamline.models import library, providers
from seamline.models.card import ModelCard, WebAddress, WebFile
from seamline.models.library import Look
from seamline.progress import Progress, SubProgress
from seamline_app.jobs.task_thread import TaskThread

_News = tuple[str, object]


class ModelsJob(QObject):
    """`looked(looks)` is what all networks are like, after `look` and after each change; `probed(faults)` comes once.

    A wish ends with `done(sentence)`, `failed(sentence)` or `stopped(sentence)`. `progressed(done, total)` comes in
    between, in bytes; `preparing` when all of them have come, are verified, and the network is converted.
    """

    looked = Signal(object)
    probed = Signal(object)
    done = Signal(str)
    failed = Signal(str)
    stopped = Signal(str)
    progressed = Signal(int, int)
    preparing = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._card: ModelCard | None = None
        self._keeps_what_came = False
        self._thread = TaskThread("models", self)
        self._looking = TaskThread("models-looking", self)
        self._thread.done.connect(self._end)
        self._thread.failed.connect(self._fail)
        self._thread.cancelled.connect(self._stop)
        self._thread.progressed.connect(self.progressed)
        self._looking.done.connect(self._tell_looks)
        self._looking.failed.connect(self.failed)

    @property
    def is_running(self) -> bool:
        """Whether a wish is being carried out."""
        return self._thread.is_running

    def look(self) -> None:
        """See what is installed, and what networks can run on."""
        self._looking.run(lambda progress: (library.look_at_all(progress), providers.faults()))

    def install(self, card: ModelCard, from_file: Path | None = None, *, agreed: bool = False) -> None:
        """Install or repair `card`, as `library.install` does."""
        self._card = card
        self._keeps_what_came = from_file is None and isinstance(card.source, WebFile | WebAddress)

        def task(progress: Progress) -> _News:
            library.install(
                card, from_file=from_file, agreed=agreed, progress=_Telling(progress, self.preparing.emit)
            )
            return f"{card.name} is installed.", library.look_at_all()

        self._thread.run(task)

    def remove(self, card: ModelCard) -> None:
        """Remove what the user has installed of `card`."""
        self._card, self._keeps_what_came = card, False

        def task(_: Progress) -> _News:
            freed = library.remove(card)
            return f"{card.name} is removed; {freed / 1e6:,.1f} MB are free again.", library.look_at_all()

        self._thread.run(task)

    def verify(self, card: ModelCard) -> None:
        """Read all of `card`, and say whether it is intact."""
        self._card, self._keeps_what_came = card, False

        def task(_: Progress) -> _News:
            return _verdict(library.look_at(card)), library.look_at_all()

        self._thread.run(task)

    def cancel(self) -> None:
        """Break the wish off; `stopped` says when it has ended."""
        self._thread.cancel()

    def close(self) -> None:
        """Stop, and join the threads."""
        self._thread.close()
        self._looking.close()

    def _tell_looks(self, found: tuple[tuple[Look, ...], dict[str, str]]) -> None:
        looks, faults = found
        if not self.is_running:  # else the wish's own looks come when it ends
            self.looked.emit(looks)
        self.probed.emit(faults)

    def _end(self, news: _News) -> None:
        sentence, looks = news
        self.looked.emit(looks)
        self.done.emit(sentence)

    def _fail(self, sentence: str) -> None:
        self.look()
        self.failed.emit(sentence)

    def _stop(self) -> None:
        name = self._card.name if self._card is not None else "the network"
        self.look()
        kept = "What has come so far is kept: Install goes on from there."
        self.stopped.emit(
            f"Installing {name} is stopped. {kept if self._keeps_what_came else 'Nothing was changed.'}"
        )


class _Telling(SubProgress):
    """The task's progress, which also tells once that all bytes have come."""

    def __init__(self, progress: Progress, tell: Callable[[], object]) -> None:
        super().__init__(progress)
        self._tell = tell
        self._has_told = False

    def step(self, done: int, total: int) -> None:
        super().step(done, total)
        if done == total and not self._has_told:
            self._has_told = True
            self._tell()


def _verdict(look: Look) -> str:
    if look.state is library.State.DAMAGED:
        return f"{look.card.name} is damaged: {look.fault} Install repairs it."
    if look.state is library.State.MISSING:
        return f"{look.card.name} is not installed."
    if look.is_unstated:
        return f"{look.card.name} is unchanged since it was installed from a file that nothing could be compared with."
    if look.card.sha256 is None:
        return f"{look.card.name} is intact: every byte of it is as the hub stated."
    return f"{look.card.name} is intact: every byte of it is as published."
