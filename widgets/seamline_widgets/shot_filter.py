"""Which shots an editor wants to see: what the list is narrowed down to, without any window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import lru_cache, partial

from seamline.media.timecode import TimecodeRate
from seamline.project.types import Origin, Project, SeamKind, Shot, ShotColour
from seamline_resources.label_looks import LABEL_LOOKS
from seamline_widgets.percent import percent_text
from seamline_widgets.shot_labels import LABEL_KINDS, UNLABELLED, UNSURE, LabelKind, label_class, label_of


@dataclass(frozen=True, slots=True)
class ShotFilter:
    """A shot is accepted where all that is asked for holds; a field at its default asks for nothing.

    `text`: every word of it is the number, or a part of the name or comment, or what the start timecode begins
    with. Lengths in seconds; `longer_than_s` and `shorter_than_s` accept the very length too. `kinds`,
    `confidence_below` (0 to 1) and `is_reviewed` are about the seam that the shot begins with: the first shot
    has none, so none of them accepts it. `colours`, `scales`, `movements`: any of these; of labels, `UNSURE` and
    `UNLABELLED` too. `is_labelled_by_user`: one of the labels is.
    """

    text: str = ""
    longer_than_s: float | None = None
    shorter_than_s: float | None = None
    kinds: frozenset[SeamKind] = frozenset()
    confidence_below: float | None = None
    is_reviewed: bool | None = None
    colours: frozenset[ShotColour] = frozenset()
    has_comment: bool = False
    scales: frozenset[str] = frozenset()
    movements: frozenset[str] = frozenset()
    is_labelled_by_user: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether every shot is accepted."""
        return not self.text.strip() and not self.has_criteria

    @property
    def has_criteria(self) -> bool:
        """Whether anything but a text is asked for."""
        return any(getattr(self, field.name) != field.default for field in fields(self)[1:])

    def accepts(self, shot: Shot, project: Project) -> bool:
        """Whether that shot of the project is one to show."""
        return self.matcher(project)(shot)

    def matcher(self, project: Project) -> Callable[[Shot], bool]:
        """`accepts` for many shots of one project."""
        checks: list[Callable[[Shot], bool]] = []
        if self.kinds or self.confidence_below is not None or self.is_reviewed is not None:
            checks.append(self._accepts_seam)
        if self.longer_than_s is not None or self.shorter_than_s is not None:
            checks.append(partial(self._accepts_length, project))
        if self.colours or self.has_comment:
            checks.append(partial(self._accepts_note, project))
        if self.scales or self.movements or self.is_labelled_by_user:
            checks.append(partial(self._accepts_labels, project))
        checks += [_Word(word, project).is_said for word in self.text.casefold().split()]
        return lambda shot: all(check(shot) for check in checks)

    def _accepts_seam(self, shot: Shot) -> bool:
        seam = shot.seam
        if seam is None or (self.kinds and seam.kind not in self.kinds):
            return False
        is_reviewed = seam.origin is Origin.USER
        # what was reviewed is not in doubt, whatever the analysis thought of it
        if self.confidence_below is not None and (is_reviewed or seam.confidence >= self.confidence_below):
            return False
        return self.is_reviewed is None or self.is_reviewed == is_reviewed

    def _accepts_length(self, project: Project, shot: Shot) -> bool:
        length_s = shot_length(shot, project) / project.film.rate
        return (self.longer_than_s is None or length_s >= self.longer_than_s) and (
            self.shorter_than_s is None or length_s <= self.shorter_than_s
        )

    def _accepts_note(self, project: Project, shot: Shot) -> bool:
        note = project.note_of(shot)
        return bool(note.comment or not self.has_comment) and (
            not self.colours or note.colour in self.colours
        )

    def _accepts_labels(self, project: Project, shot: Shot) -> bool:
        labels = project.labels_of(shot)
        if self.scales and label_class(labels.scale) not in self.scales:
            return False
        if self.movements and label_class(labels.movement) not in self.movements:
            return False
        both = (label_of(labels, kind) for kind in LABEL_KINDS)
        return not self.is_labelled_by_user or any(label is not None and label.is_user for label in both)

    def classes(self, kind: LabelKind) -> frozenset[str]:
        """The classes of that kind that are asked for."""
        return self.scales if kind == "scale" else self.movements

    def with_classes(self, kind: LabelKind, classes: frozenset[str]) -> ShotFilter:
        """This one, asking for these classes of that kind, and for no others."""
        return replace(self, scales=classes) if kind == "scale" else replace(self, movements=classes)

    def summary(self) -> str:
        """What is asked for besides the text, in words; empty where that is nothing."""
        parts: list[str] = []
        if self.longer_than_s is not None:
            parts.append(f"from {self.longer_than_s:g} s")
        if self.shorter_than_s is not None:
            parts.append(f"up to {self.shorter_than_s:g} s")
        if self.kinds:
            parts.append(" or ".join(kind.value for kind in SeamKind if kind in self.kinds))
        if self.confidence_below is not None:
            parts.append(f"below {percent_text(self.confidence_below)}")
        if self.is_reviewed is not None:
            parts.append("reviewed" if self.is_reviewed else "to review")
        if self.colours:
            parts.append(" or ".join(colour.value for colour in ShotColour if colour in self.colours))
        if self.has_comment:
            parts.append("with a comment")
        parts += [_classes_text(kind, self.classes(kind)) for kind in LABEL_KINDS if self.classes(kind)]
        if self.is_labelled_by_user:
            parts.append("labelled by you")
        text = ", ".join(parts)
        return text[:1].upper() + text[1:]


def _classes_text(kind: LabelKind, classes: frozenset[str]) -> str:
    """These classes in words and in their order: `close shot or medium shot or scale unsure`."""
    names = [look.name.lower() for value, look in LABEL_LOOKS[kind].items() if value in classes]
    if UNSURE in classes:
        names.append(f"{kind} unsure")
    if UNLABELLED in classes:
        names.append(f"no {kind} yet")
    return " or ".join(names)


def shot_length(shot: Shot, project: Project) -> int:
    """How many frames of the constant grid that cut lists count on the shot lasts."""
    grid = project.film.index.grid_frame
    return grid(shot.end_frame) - grid(shot.start_frame)


class _Word:
    """A word of the text, and what it is looked for in."""

    def __init__(self, word: str, project: Project) -> None:
        self._word = word
        self._number = word.removeprefix("#")
        self._project = project
        # two digits alone would be the hour of every shot
        self._is_timecode = word[0].isdigit() and (":" in word or ";" in word)
        self._timecode = word.replace(";", ":")
        self._rate, self._first_frame = project.timecode_rate, project.first_timecode_frame

    def is_said(self, shot: Shot) -> bool:
        if self._number == str(shot.number):
            return True
        if self._project.notes:
            note = self._project.note_of(shot)
            if self._word in note.name.casefold() or self._word in note.comment.casefold():
                return True
        if not self._is_timecode:
            return False
        frame = self._first_frame + self._project.film.index.grid_frame(shot.start_frame)
        return _label(self._rate, frame).startswith(self._timecode)


@lru_cache(maxsize=16_384)
def _label(rate: TimecodeRate, frame: int) -> str:
    # kept, since the same shots are asked with every key that is typed
    return rate.format(frame).replace(";", ":")
