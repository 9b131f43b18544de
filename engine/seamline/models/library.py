"""What the user does with networks: sees which are installed, installs, verifies, repairs and removes them."""

from __future__ import annotations

import logging
import re
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from seamline.errors import ModelError
from seamline.models import store
from seamline.models.card import LocalFile, ModelCard, WebFile, WheelMember
from seamline.models.registry import DEFAULTS, all_cards
from seamline.models.store_files import (
    LOCK_SUFFIX,
    alone,
    graph_path,
    part_path,
    read_record,
    sweep,
    weights_path,
)
from seamline.progress import CancellableProgress, Progress

_log = logging.getLogger(__name__)


class State(StrEnum):
    """Whether a network can be used."""

    INSTALLED = "installed"
    MISSING = "not installed"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Look:
    """What was found of a network on this machine, every byte of it read.

    `path`: what runs, or would; None where there is nothing of it, or not all of its parts. `fault`: of a damaged one,
    what is wrong. `part_bytes`: how much has been downloaded of one that is not installed yet.
    """

    card: ModelCard
    state: State
    path: Path | None = None
    fault: str = ""
    part_bytes: int = 0

    @property
    def is_default(self) -> bool:
        """Whether it comes with Seamline, and so cannot be removed."""
        return self.card in DEFAULTS

    @property
    def is_unstated(self) -> bool:
        """Whether it came from a file that nothing could be compared with: weights of the user's own, perhaps."""
        return self.path is not None and _stated_by(self.path.parent, self.card) == store.BY_ITSELF

    @property
    def has_stand_in(self) -> bool:
        """Whether it is of the user's own while there is a published one, which installing would bring back."""
        return self.is_unstated and not isinstance(self.card.source, LocalFile)


def look_at(card: ModelCard) -> Look:
    """Read all files of `card` and of its parts, and say what was found. Imports no torch.

    What installations of it that were killed have left is removed: it may be hundreds of megabytes.
    """
    for directory in store.directories():
        sweep(weights_path(directory, card), card)
    look = _look_at_files(card)
    if look.state is State.MISSING or not card.parts:
        return look
    parts = [_look_at_files(part) for part in card.parts]
    fault = look.fault or next((part.fault for part in parts if part.state is State.DAMAGED), "")
    if fault:
        return Look(card, State.DAMAGED, look.path, fault)
    if any(part.state is State.MISSING for part in parts):  # the weights are there to go on with
        return Look(card, State.MISSING, part_bytes=card.size_bytes)
    return look


def _look_at_files(card: ModelCard) -> Look:
    """The same of `card` without its parts."""
    own_weights = weights_path(store.user_directory(), card)
    part_bytes = _size(part_path(own_weights))
    if card.weights_id is None and card.convert is not None:
        part_bytes = part_bytes or _size(own_weights)
    damaged = Look(card, State.MISSING, part_bytes=part_bytes)
    for directory in store.directories():
        weights, graph = weights_path(directory, card), graph_path(directory, card)
        is_own = card.weights_id is None  # weights that are shared are the other card's to look after
        weights_fault = ""
        if is_own and weights.exists() and not store.weights_are_intact(directory, card):
            weights_fault = f"“{weights.name}” is not what was published"
        runs = graph if card.convert is not None else weights
        intact = store.graph_is_intact if card.convert is not None else store.weights_are_intact
        if intact(directory, card) and not weights_fault:
            return Look(card, State.INSTALLED, runs)
        fault = weights_fault
        if not fault and graph.exists():
            fault = f"“{graph.name}” is not what was made of the weights"
        if fault and damaged.state is State.MISSING:
            damaged = Look(card, State.DAMAGED, runs, f"{fault}, in “{directory}”.")
    return damaged


def look_at_all(progress: Progress | None = None) -> tuple[Look, ...]:
    """The same of every network there is. Raises Cancelled."""
    progress = progress or CancellableProgress()
    cards = all_cards()
    looks = []
    for done, card in enumerate(cards):
        progress.step(done, len(cards))
        looks.append(look_at(card))
    return tuple(looks)


def install(
    card: ModelCard,
    *,
    from_file: Path | None = None,
    agreed: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Install or repair `card` where it belongs; gives what runs.

    Intact weights that are there already are used, but for the user's own, which the published ones replace; else
    they come from `from_file`, or are fetched. `agreed`: the user has agreed to the card's restriction. Raises
    ModelError or Cancelled.
    """

    def into(directory: Path) -> Path:
        return store.install(card, directory, from_file=from_file, agreed=agreed, progress=progress)

    if from_file is None and store.has_weights(card) and (agreed or not card.restriction):
        look = look_at(card)
        if look.state is not State.INSTALLED or not look.has_stand_in:
            return store.complete(card, progress)
    if card not in DEFAULTS:
        return into(store.user_directory())
    try:
        return into(store.setup_directory())
    except ModelError:
        if _may_write(store.setup_directory()):
            raise
        return into(store.user_directory())  # the environment is read-only


def remove(card: ModelCard) -> int:
    """Remove all files of `card` that the user has installed; gives how many bytes that frees. Raises ModelError."""
    if card in DEFAULTS:
        raise ModelError(
            f"{card.name} came with Seamline's set-up, which would install it again: without it Seamline cannot do "
            "its work. It can be verified, and is repaired by installing it again."
        )
    weights = weights_path(store.user_directory(), card)
    freed = 0
    if weights.parent.is_dir():
        with alone(weights, card):
            for each in (card, *card.further_graphs):
                freed += sum(_delete(path, each) for path in _files_of(weights.parent, each))
        for part in card.companions if freed else ():
            if not _is_needed(part, besides=card):
                with alone(weights_path(store.user_directory(), part), part):
                    freed += sum(_delete(path, part) for path in _files_of(weights.parent, part))
    if freed == 0:
        raise ModelError(f"{card.name} is not installed, so there is nothing to remove.")
    _log.info("removed %s, %d bytes", card.id, freed)
    return freed


def _delete(path: Path, card: ModelCard) -> int:
    """Remove a file or folder; gives how many bytes that frees. Raises ModelError."""
    size = sum(_size(each) for each in path.rglob("*")) if path.is_dir() else _size(path)
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise ModelError(
            f"{card.name} cannot be removed: “{path}” is kept by the system ({error.strerror}). "
            "Close what uses it, then try again."
        ) from error
    return size


def source_text(card: ModelCard) -> str:
    """Where a network comes from, for people."""
    return "; ".join(dict.fromkeys(_source_text(each) for each in (card, *card.companions)))


def _source_text(card: ModelCard) -> str:
    if isinstance(card.source, WheelMember):
        return f"Python package {card.source.requirement}"
    if isinstance(card.source, WebFile):
        return f"model hub, {card.source.repository}"
    return "your own file" if isinstance(card.source, LocalFile) else card.source.shown


def _files_of(directory: Path, card: ModelCard) -> list[Path]:
    """All that belongs to `card` in `directory`: weights and graphs of every version, with their records, a
    download's beginning, and what a crash has left. Not the lock."""
    # of weights that another network uses too, the graphs alone
    rest = r"-graph\d+\.onnx.*" if _is_shared(card) else r"[-.].*"
    name = re.compile(rf"\.?{re.escape(card.id)}-[0-9a-f]{{12}}{rest}")
    found = (each for each in directory.iterdir() if name.fullmatch(each.name))
    return sorted(each for each in found if not each.name.endswith(LOCK_SUFFIX))


def _is_shared(card: ModelCard) -> bool:
    shared = card.weights_id or card.id
    return any(each.id != card.id and shared in (each.id, each.weights_id) for each in all_cards())


def _is_needed(part: ModelCard, *, besides: ModelCard) -> bool:
    """Whether another network of the user's has this part too."""
    others = (each for each in all_cards() if each.id != besides.id and part in each.parts)
    return any(weights_path(directory, each).exists() for each in others for directory in store.directories())


def _stated_by(directory: Path, card: ModelCard) -> object:
    return read_record(weights_path(directory, card)).get("stated_by")


def _may_write(directory: Path) -> bool:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe = directory / ".seamline-may-write"
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
