"""What the editor said of pairs of shots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from seamline.errors import ProjectError
from seamline.media.film import Film
from seamline.project.match_cuts import JudgedPair, MatchPair, PairKey, Verdict
from seamline.project.texts import MAX_COMMENT_CHARS, is_stored_text

MAX_MATCHES = 10_000


@dataclass(frozen=True)
class Matches:
    """The pairs that something was said of, in the order they were said; `films`: where other films than the
    project's own were, by fingerprint."""

    judged: tuple[JudgedPair, ...] = ()
    films: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, pair: MatchPair) -> JudgedPair:
        """What was said of these two shots; the pair itself, cut where it is, if nothing was."""
        return self.by_key.get(pair.key, JudgedPair(pair))

    @cached_property
    def by_key(self) -> Mapping[PairKey, JudgedPair]:
        """What was said, by the two shots it was said of, in that order."""
        return MappingProxyType({judged.pair.key: judged for judged in self.judged})

    def renamed(self, old: str, new: str) -> Matches:
        """Those of a project whose own film was stored under the fingerprint `old` and is now `new`."""
        if old == new:
            return self
        judged = {of.pair.key: of for of in (of.renamed(old, new) for of in self.judged)}
        return Matches(
            tuple(judged.values()), {name: path for name, path in self.films.items() if name != new}
        )

    def within(self, film: Film) -> Matches:
        """Without the pairs that use frames of `film` which it does not have: a file may say anything."""
        judged = tuple(of for of in self.judged if of.pair.is_within(film.fingerprint, film.frame_count))
        return replace(self, judged=judged)

    @property
    def kept(self) -> tuple[JudgedPair, ...]:
        return tuple(judged for judged in self.judged if judged.verdict is Verdict.KEPT)


class MatchBook:
    """What is said of pairs while steps change it: each step costs the same, however much was said before."""

    def __init__(self, matches: Matches) -> None:
        self._judged = dict(matches.by_key)
        self._films = dict(matches.films)
        self._named = Counter(name for judged in matches.judged for name in judged.pair.fingerprints)

    @property
    def matches(self) -> Matches:
        return Matches(tuple(self._judged.values()), dict(self._films))

    def put(self, judged: JudgedPair, films: Mapping[str, Path]) -> None:
        """Have this said of its shots, in place of what was said before; `films`: where their films are.

        What says nothing is left out, and so are films that nothing is said of. Raises ProjectError, changing nothing,
        for words that cannot be stored, and for more pairs than a project holds.
        """
        check_words(judged)
        key = judged.pair.key
        is_known = key in self._judged
        if not is_known and not judged.says_nothing and len(self._judged) >= MAX_MATCHES:
            raise ProjectError(
                f"A project holds what you said of {MAX_MATCHES:,} pairs: export those that you keep."
            )
        self._films.update(films)
        self._named.update(judged.pair.fingerprints)
        if is_known:
            self._named.subtract(self._judged[key].pair.fingerprints)
        if not judged.says_nothing:
            self._judged[key] = judged
        else:
            self._judged.pop(key, None)
            self._named.subtract(judged.pair.fingerprints)
        for name in {*films, *judged.pair.fingerprints}:
            if self._named[name] <= 0:
                self._films.pop(name, None)


def check_words(judged: JudgedPair) -> None:
    """Raises ProjectError for what a project does not hold: the same when it is said and when it is read."""
    if len(judged.note) > MAX_COMMENT_CHARS:
        raise ProjectError(
            f"A note has at most {MAX_COMMENT_CHARS} characters, and this one has {len(judged.note)}."
        )
    if not (is_stored_text(judged.note) and is_stored_text(judged.pair.reason)):
        raise ProjectError(
            "What you said of this pair cannot be stored, as its note or reason is too long or holds characters that "
            "are none: write the note anew."
        )
