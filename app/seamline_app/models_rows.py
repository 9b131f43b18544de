"""What the window “Networks” shows of each network."""

from __future__ import annotations

from seamline.models.card import LocalFile, ModelCard
from seamline.models.library import Look, State, source_text
from seamline.models.store import size_text
from seamline_widgets.models_table import NetworkRow
from seamline_widgets.percent import percent_text


def row_of(card: ModelCard, look: Look | None) -> NetworkRow:
    """A row for `card`; `look` is None as long as nobody has looked at it."""
    return NetworkRow(
        card.id,
        card.name,
        card.purpose,
        size_text(card),
        card.licence,
        source_text(card),
        _state_text(look),
        "unknown" if look is None else str(look.state),
        _details(card, look),
    )


def _state_text(look: Look | None) -> str:
    if look is None:
        return "looking …"
    if look.state is State.MISSING and look.part_bytes:
        return f"{percent_text(min(1.0, look.part_bytes / look.card.size_bytes))} downloaded"
    return str(look.state)


def _verified_text(card: ModelCard, look: Look | None) -> str:
    """Who vouches for the network's bytes."""
    if look is not None and look.is_unstated:
        return "By its tensors alone: nobody has stated what the file it came from must be."
    if isinstance(card.source, LocalFile):
        return "By its tensors alone: it is a file of your own."
    if card.sha256 is None:
        return (
            "By the sha256 that the hub states: nobody else vouches for it, Seamline knows none of its own."
        )
    return "By the sha256 that Seamline knows."


def _details(card: ModelCard, look: Look | None) -> tuple[tuple[str, str], ...]:
    installed = look is not None and look.path is not None
    where = str(look.path) if look is not None and installed else ""
    kept = look is not None and look.is_default
    return (
        ("Restriction", card.restriction),
        ("To make one", card.source.how if isinstance(card.source, LocalFile) else ""),
        ("With it", "; ".join(f"{part.name} ({source_text(part)})" for part in card.companions)),
        ("Verified", _verified_text(card, look)),
        ("Takes", card.inputs),
        ("Preprocessing", card.preprocessing),
        ("Paper", card.paper),
        ("Page", card.homepage),
        ("Fault", look.fault if look is not None else ""),
        ("Lies at", where),
        (
            "Comes with",
            "Seamline's set-up: it can be verified and repaired, but not removed." if kept else "",
        ),
    )
