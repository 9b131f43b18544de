"""What an editor wrote about shots, in the words that exports can hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seamline.exchange.film_facts import shown_text
from seamline.project.types import Project, Shot, ShotColour

_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")

# the nearest that each system has, by the systems' own names of colours
RESOLVE_COLOURS = {
    ShotColour.RED: "Red",
    ShotColour.ORANGE: "Sand",
    ShotColour.YELLOW: "Yellow",
    ShotColour.GREEN: "Green",
    ShotColour.BLUE: "Blue",
    ShotColour.VIOLET: "Purple",
    ShotColour.PINK: "Pink",
    ShotColour.GREY: "Cream",
}
AVID_COLOURS = {
    ShotColour.RED: "red",
    ShotColour.ORANGE: "yellow",
    ShotColour.YELLOW: "yellow",
    ShotColour.GREEN: "green",
    ShotColour.BLUE: "blue",
    ShotColour.VIOLET: "magenta",
    ShotColour.PINK: "magenta",
    ShotColour.GREY: "white",
}
PREMIERE_LABELS = {
    ShotColour.RED: "Rose",
    ShotColour.ORANGE: "Mango",
    ShotColour.YELLOW: "Yellow",
    ShotColour.GREEN: "Forest",
    ShotColour.BLUE: "Blue",
    ShotColour.VIOLET: "Violet",
    ShotColour.PINK: "Magenta",
    ShotColour.GREY: "Tan",
}
OTIO_COLOURS = {
    ShotColour.RED: "RED",
    ShotColour.ORANGE: "ORANGE",
    ShotColour.YELLOW: "YELLOW",
    ShotColour.GREEN: "GREEN",
    ShotColour.BLUE: "BLUE",
    ShotColour.VIOLET: "PURPLE",
    ShotColour.PINK: "PINK",
    ShotColour.GREY: "WHITE",
}
PAPER_COLOURS = {
    ShotColour.RED: "#d03a3a",
    ShotColour.ORANGE: "#e07b1a",
    ShotColour.YELLOW: "#d9b400",
    ShotColour.GREEN: "#3c9a4b",
    ShotColour.BLUE: "#3a6fd0",
    ShotColour.VIOLET: "#7d55c7",
    ShotColour.PINK: "#d9619f",
    ShotColour.GREY: "#8a8a8a",
}
"""For stripes on white paper and on dark screens; the word stands beside them where there is room."""


@dataclass(frozen=True, slots=True)
class ShotWords:
    """The note of one shot: valid Unicode without control characters and what no XML can hold.

    `name` is one line; the lines of `comment` end in LF, without empty ones at its ends. Both may be empty.
    """

    number: int
    name: str
    comment: str
    colour: ShotColour | None

    @property
    def title(self) -> str:
        """The name, else the shot's number."""
        return self.name or f"Shot {self.number}"

    @property
    def comment_line(self) -> str:
        return " ".join(self.comment.split())

    def with_facts(self, facts: str) -> str:
        """The comment on one line with what else is told, such as “Too dark (cut, confidence 0.99)”."""
        return " ".join(filter(None, (self.comment_line, f"({facts})" if self.comment and facts else facts)))


def words_of(project: Project, shot: Shot) -> ShotWords | None:
    """What is written about one of the project's shots; None where nothing is that can be shown."""
    if not project.notes:
        return None
    note = project.note_of(shot)
    lines = [_xml_safe(shown_text(line)) for line in _LINE_END.split(note.comment)]
    words = ShotWords(shot.number, _xml_safe(shown_text(note.name)), "\n".join(lines).strip(), note.colour)
    return words if words.name or words.comment or words.colour else None


def _xml_safe(text: str) -> str:
    return re.sub("[\ufffe\uffff]", "\ufffd", text)
