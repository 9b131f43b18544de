"""What is said of a shot's labels: in words, by rank, and which of them a shot has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from seamline.project.label_statistics import UNSURE as UNSURE
from seamline.project.labels import Label, Movement, ShotLabels, ShotScale
from seamline.project.types import Project, Shot
from seamline_resources.label_looks import LABEL_LOOKS, UNSURE_NAME
from seamline_widgets.percent import percent_text

LabelKind = Literal["scale", "movement"]
AnyLabel = Label[ShotScale] | Label[Movement]

LABEL_KINDS: Final[tuple[LabelKind, ...]] = ("scale", "movement")
KINDS: Final = LABEL_KINDS
UNLABELLED: Final = "unlabelled"
"""Stands for a class where a shot has no label (yet)."""

_RANKS: Final[dict[LabelKind, dict[str, int]]] = {
    "scale": {scale: rank for rank, scale in enumerate(ShotScale)},
    "movement": {movement: rank for rank, movement in enumerate(Movement)},
}


def label_of(labels: ShotLabels, kind: LabelKind) -> AnyLabel | None:
    """The label of that kind."""
    return labels.scale if kind == "scale" else labels.movement


def label_class(label: AnyLabel | None) -> str:
    """Its class's own word, `UNSURE` or `UNLABELLED`."""
    if label is None:
        return UNLABELLED
    return label.value or UNSURE


def shots_name(shots: Sequence[Shot]) -> str:
    """Which shots these are, as a heading: `Shot 8`, `4 shots`, nothing for none."""
    if not shots:
        return ""
    return f"Shot {shots[0].number}" if len(shots) == 1 else f"{len(shots)} shots"


def classes_of(shots: Iterable[Shot], project: Project, kind: LabelKind) -> set[str]:
    """The classes of that kind that these shots have."""
    return {label_class(label_of(project.labels_of(shot), kind)) for shot in shots}


def label_rank(label: AnyLabel | None, kind: LabelKind) -> int | None:
    """Where the label stands in its kind's own order, scales from near to far; None for no class."""
    return None if label is None or label.value is None else _RANKS[kind][label.value]


def label_name(label: AnyLabel | None, kind: LabelKind) -> str:
    """The class in words: `Medium shot`, `Unsure`, nothing where there is no label."""
    if label is None:
        return ""
    return UNSURE_NAME if label.value is None else LABEL_LOOKS[kind][label.value].name


def label_sureness(label: AnyLabel | None) -> str:
    """How sure that is: `83 %`, `by you`, nothing where there is no class."""
    if label is None or label.value is None:
        return ""
    return "by you" if label.is_user else percent_text(label.confidence)


def label_text(label: AnyLabel | None, kind: LabelKind) -> str:
    """The class and how sure: `Medium shot  83 %`."""
    return f"{label_name(label, kind)}  {label_sureness(label)}".rstrip()


def labels_sentence(labels: ShotLabels) -> str:
    """Both as a sentence: `Medium shot, 83 %; pan left, by you`; empty where there is none."""
    parts = []
    for kind in LABEL_KINDS:
        label = label_of(labels, kind)
        if label is not None:
            name = label_name(label, kind) if label.value else f"{kind} unsure"
            parts.append(", ".join(part for part in (name, label_sureness(label)) if part).lower())
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]
