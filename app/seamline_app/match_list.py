"""Which pairs the panel “Match” lists: what was found, with what was said of it, and what is kept from before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from seamline.project.labels import Range
from seamline.project.match_cuts import JudgedPair, MatchPair, MatchSide, PairKey
from seamline.project.match_playing import playable_pair
from seamline.project.matches import Matches
from seamline.project.types import Project
from seamline_app.jobs.match_wishes import Matched
from seamline_widgets.match_items import MatchItem

_FORMER = "a former shot"


@dataclass(frozen=True)
class MatchFilms:
    """The film that is open, and those of the others that are known, by fingerprint; `paths`: where others were."""

    own: Project
    others: Mapping[str, Project] = field(default_factory=dict)
    paths: Mapping[str, Path] = field(default_factory=dict)

    def project(self, fingerprint: str) -> Project | None:
        """None for a film that is not known now."""
        return self.own if fingerprint == self.own.film.fingerprint else self.others.get(fingerprint)

    def path(self, fingerprint: str) -> Path | None:
        """Where that film, or a project of it, is or was."""
        project = self.project(fingerprint)
        return self.paths.get(fingerprint) or (None if project is None else project.film.path)


class MatchNames:
    """What shots and positions are called in the list."""

    def __init__(self, films: MatchFilms) -> None:
        self._films = films
        self._numbers: dict[str, dict[Range, int]] = {}

    def item(self, judged: JudgedPair) -> MatchItem:
        """That pair, cut where it plays: a cut from before may lie in what is a gradual seam now."""
        pair = judged.pair
        judged = replace(judged, pair=pair.cut_at(*playable_pair(pair, self._films.project).frames))
        out, into = judged.pair.outgoing, judged.pair.incoming
        return MatchItem(judged, self._name(out), self._name(into), self._timecode(out), self._timecode(into))

    def _name(self, side: MatchSide) -> str:
        is_own = side.fingerprint == self._films.own.film.fingerprint
        number = self._numbers_of(side.fingerprint).get(side.range)
        shot = _FORMER if number is None else f"shot {number}"
        if is_own:
            return shot.capitalize()
        path = self._films.path(side.fingerprint)
        name = "Another film" if path is None else path.name
        return name if self._films.project(side.fingerprint) is None else f"{name}, {shot}"

    def _timecode(self, side: MatchSide) -> str:
        project = self._films.project(side.fingerprint)
        return f"frame {side.frame}" if project is None else project.timecode(side.frame)

    def _numbers_of(self, fingerprint: str) -> dict[Range, int]:
        if fingerprint not in self._numbers:
            project = self._films.project(fingerprint)
            shots = () if project is None else project.shots
            self._numbers[fingerprint] = {shot.range: shot.number for shot in shots}
        return self._numbers[fingerprint]


@dataclass
class MatchList:
    """`matched`: what was found last. `before`: what had been said by then. `put_back`: pairs found from a frame that
    the editor has cut again where they were stored."""

    matched: Matched | None = None
    before: Matches = field(default_factory=Matches)
    put_back: set[PairKey] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._found = {} if self.matched is None else {pair.key: pair for pair in self.matched.pairs}

    def judged(self, said: Matches, shown: str, kind: str = "all") -> list[JudgedPair]:
        """The pairs of the list `shown`, “open” (not decided), “kept”, “rejected” or “all”, that are of that `kind`.

        What was found comes first, best first; behind it what was said of other pairs, in the order it was said; those
        that were slid and no more are none of them. “kept” and “rejected” list what was said of any pair; the others,
        once pairs were looked for, those alone that could have been found there.
        """
        found = [self._cut(pair, said.by_key.get(key)) for key, pair in self._found.items()]
        others = (
            judged for key, judged in said.by_key.items() if key not in self._found and judged.is_judged
        )
        if self.matched is not None and shown in ("open", "all"):
            others = (judged for judged in others if self.matched.could_hold(judged.pair))
        all_of_them = [*found, *others]
        return [
            judged
            for judged in all_of_them
            if shown in ("all", judged.verdict) and kind in ("all", judged.pair.kind)
        ]

    def judged_of(self, pair: MatchPair, said: Matches) -> JudgedPair:
        """That pair as the lists have it, whichever it is in."""
        stored = said.by_key.get(pair.key)
        found = self.found(pair.key)
        if found is None and stored is not None:
            return stored
        return self._cut(found or pair, stored)

    def found(self, key: PairKey) -> MatchPair | None:
        """As it was found last, None if it was not."""
        return self._found.get(key)

    def _cut(self, pair: MatchPair, said: JudgedPair | None) -> JudgedPair:
        """With what was said of it, cut where the editor left the cut; what was looked for from a frame, at that one,
        until the editor moves it from there."""
        if said is None:
            return JudgedPair(pair)
        is_from_frame = self.matched is not None and self.matched.wish.is_from_frame
        is_said_anew = pair.key in self.put_back or said != self.before.of(said.pair)
        if not is_from_frame or is_said_anew:
            pair = replace(pair, outgoing=said.pair.outgoing, incoming=said.pair.incoming)
        return replace(said, pair=pair)


def summary_of(
    judged: Sequence[JudgedPair],
    matched: Matched | None,
    shown: str,
    *,
    of_all_kinds: int,
    kept: int,
    is_outdated: bool,
) -> tuple[str, ...]:
    """How many are listed, in words, the longest first; `of_all_kinds`: how many without a choice of kind. `kept`: how
    many of those that were looked for are kept, listed or not."""
    of_them = f" of {of_all_kinds:,}" if len(judged) < of_all_kinds else ""
    count = f"{len(judged):,}{of_them} {'pair' if max(len(judged), of_all_kinds) == 1 else 'pairs'}"
    if is_outdated:
        why = "The seams have changed since:"
        return f"{why} “Find again” looks at them", f"{why} find again", "Out of date: find again", count
    if matched is None:
        return (f"{count} from before", count) if judged else (count,)
    if shown in ("kept", "rejected"):
        is_of_more = not all(matched.could_hold(each.pair) for each in judged)
        return (f"{count}, of all searches", count) if is_of_more else (count,)
    wish = matched.wish
    said = f"; {kept} kept" if kept else ""
    best = f"{count}, best first{said}" if len(judged) > 1 else f"{count}{said}"
    if wish.out_frame is not None:
        return f"{count} out of {wish.project.timecode(wish.out_frame)}{said}", best, count
    if wish.in_frame is not None:
        return f"{count} into {wish.project.timecode(wish.in_frame)}{said}", best, count
    return best, f"{count}{said.replace(';', ',')}", count
