"""`seamline models`: which networks there are, and installing, verifying and removing them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

from seamline.errors import Cancelled, ModelError
from seamline.models import library, providers
from seamline.models.card import LocalFile, ModelCard
from seamline.models.library import Look, State
from seamline.models.registry import card_named
from seamline.models.store import install_command, size_text
from seamline_app.commands.agreement import agrees
from seamline_app.commands.background import in_background
from seamline_app.commands.bar import step_progress
from seamline_app.commands.output import in_columns, put_out
from seamline_app.exit_codes import FAILED, INTERRUPTED, OK
from seamline_app.usage import UsageError


def models(options: argparse.Namespace) -> int:
    """Do `options.action`. Raises SeamlineError or Cancelled."""
    actions: Mapping[str, Callable[[argparse.Namespace], int]] = {
        "list": _list,
        "install": _install,
        "remove": _remove,
        "verify": _verify,
    }
    return actions[options.action](options)


def _list(_: argparse.Namespace) -> int:
    notes: list[str] = []
    rows = [("name", "size", "licence", "state", "what it does")]
    for look in library.look_at_all():
        state = str(look.state)
        if look.state is State.MISSING and look.part_bytes:
            state += f" ({look.part_bytes / look.card.size_bytes:.0%} downloaded)"
        if isinstance(look.card.source, LocalFile):
            state += " (your own file)"
            notes.append(f"{look.card.id} is a file of your own. {look.card.source.how}\n")
        rows.append((look.card.id, size_text(look.card), look.card.licence, state, look.card.purpose))
    text = in_columns(rows, right=(1,))
    if notes:
        text += "\n" + "".join(notes)
    put_out(f"{text}\n{_runs_on()}\n")
    return OK


def _runs_on() -> str:
    """Which providers work here, and how they are chosen."""
    found = providers.faults()
    lines = []
    for each in providers.PROVIDERS:
        fault = found.get(each.id, "not in this installation of ONNX Runtime")
        lines.append(f"  {each.id:9} {each.shown}: {fault.rstrip('.') if fault else 'works'}")
    wish = providers.preferred_provider()
    chosen = "chosen by what works" if wish is None else f"“{wish}” is asked for"
    return f"Networks run on ({chosen}; {providers.ENVIRONMENT} sets it):\n" + "\n".join(lines)


def _install(options: argparse.Namespace) -> int:
    card = _card(options.name)
    look = library.look_at(card)
    # the user's own weights are replaced by the published ones
    if look.state is State.INSTALLED and options.file is None and not look.has_stand_in:
        sys.stderr.write(f"{card.name} is installed already, and intact.\n")
        return OK
    sys.stderr.write(f"{card.name}, {size_text(card)}, {card.licence}, from: {library.source_text(card)}\n")
    if not agrees(card, options):
        sys.stderr.write("Not agreed to; nothing was installed.\n")
        return FAILED
    try:
        with step_progress(f"Installing {card.name}") as progress:
            path = in_background(
                lambda: library.install(card, from_file=options.file, agreed=True, progress=progress)
            )
    except Cancelled:
        kept = library.look_at(card).part_bytes
        so_far = f" {kept / 1e6:,.1f} MB are kept: the same command goes on from there." if kept else ""
        sys.stderr.write(f"Interrupted.{so_far}\n")
        return INTERRUPTED
    is_unstated = library.look_at(card).is_unstated
    unstated = " Nothing could be compared with it: it is as good as its source." if is_unstated else ""
    sys.stderr.write(f"Installed {card.name} as {path}.{unstated}\n")
    return OK


def _remove(options: argparse.Namespace) -> int:
    card = _card(options.name)
    freed = library.remove(card)
    sys.stderr.write(f"Removed {card.name}; {freed / 1e6:,.1f} MB are free again.\n")
    return OK


def _verify(options: argparse.Namespace) -> int:
    looks = library.look_at_all() if options.name is None else (library.look_at(_card(options.name)),)
    put_out("".join(f"{look.card.id}: {_verdict(look)}\n" for look in looks))
    is_wanted_missing = options.name is not None and looks[0].state is State.MISSING
    return FAILED if is_wanted_missing or any(look.state is State.DAMAGED for look in looks) else OK


def _verdict(look: Look) -> str:
    if look.state is State.DAMAGED:
        return f"damaged: {look.fault} “{install_command(look.card)}” repairs it."
    if look.state is State.INSTALLED and look.is_unstated:
        return "unchanged since it was installed from a file that nothing could be compared with"
    return "intact" if look.state is State.INSTALLED else str(look.state)


def _card(name: str) -> ModelCard:
    try:
        return card_named(name)
    except ModelError as error:
        raise UsageError(str(error)) from error
