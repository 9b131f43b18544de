"""A pair of shots that would cut together, as the list and the audition show it."""

from __future__ import annotations

from dataclasses import dataclass

from seamline.project.match_cuts import JudgedPair, MatchPair, PairKey
from seamline_resources.match_looks import KIND_LOOKS, VERDICT_LOOKS
from seamline_widgets.pictured_model import PictureKey

NO_SCORE = "–"
_LEAST_SHOWN_01 = 0.05


@dataclass(frozen=True, slots=True)
class MatchItem:
    """A pair with what the editor said of it; names are such as “Shot 12” or “Two.mov, shot 3”, timecodes those of the
    last frame out and the first frame in."""

    judged: JudgedPair
    out_name: str
    in_name: str
    out_timecode: str
    in_timecode: str

    @property
    def pair(self) -> MatchPair:
        return self.judged.pair

    @property
    def key(self) -> PairKey:
        return self.pair.key

    @property
    def picture_keys(self) -> tuple[PictureKey, PictureKey]:
        """The last frame out, and the first frame in."""
        sides = self.pair.outgoing, self.pair.incoming
        return (sides[0].fingerprint, sides[0].frame), (sides[1].fingerprint, sides[1].frame)

    @property
    def title(self) -> str:
        return f"{self.out_name} → {self.in_name}"

    @property
    def kind_name(self) -> str:
        return KIND_LOOKS[self.pair.kind].name

    @property
    def score_text(self) -> str:
        return score_text(self.pair.score_01)

    @property
    def timecodes(self) -> str:
        """Of both frames at the cut."""
        return f"{self.out_timecode} → {self.in_timecode}"

    @property
    def tip(self) -> str:
        """All of it, line by line, and the keys."""
        lines = (
            f"{self.out_name}, {self.out_timecode} → {self.in_name}, {self.in_timecode}",
            f"{self.kind_name}, {self._scored}",
            self.pair.reason,
            self.judged.note,
            "Double click or Enter plays the cut; K keeps, X rejects, N notes",
        )
        return "\n".join(line for line in lines if line)

    @property
    def _scored(self) -> str:
        text = self.score_text
        return f"score below {score_text(_LEAST_SHOWN_01)}" if text == NO_SCORE else f"score {text}"

    @property
    def sentence(self) -> str:
        """All of it, for a screen reader."""
        said = self.judged
        parts = [
            f"{self.out_name} at {self.out_timecode} to {self.in_name} at {self.in_timecode}",
            f"{self.kind_name.lower()}, {self._scored}",
            self.pair.reason,
            VERDICT_LOOKS[said.verdict].name,
            f"note: {said.note}" if said.note else "",
        ]
        return "; ".join(part for part in parts if part)


def score_text(score_01: float) -> str:
    """Such as “.87”; a dash where it is next to none, as it is of most pairs that are looked for from one frame."""
    return f"{score_01:.2f}".replace("0.", ".", 1) if score_01 >= _LEAST_SHOWN_01 else NO_SCORE
