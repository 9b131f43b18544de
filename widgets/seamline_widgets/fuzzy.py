"""Finding texts by some of their letters, as people type names of commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# what a letter is worth: tuned by hand so that initials and whole words come before letters strewn about
_LETTER: Final = 1.0
_WORD_START: Final = 5.0
_NEXT_TO_LAST: Final = 6.0
_FIRST_OF_TEXT: Final = 2.0
_GAP: Final = 2.0  # taken off where letters are left out between two that match,
_GAP_LETTER: Final = 0.1  # and this for each of them
_LONGEST_QUERY: Final = 60


@dataclass(frozen=True, slots=True)
class Match:
    """How well a text fits, higher is better, and where its letters are that were typed."""

    score: float
    positions: tuple[int, ...]


def fuzzy_match(query: str, text: str) -> Match | None:
    """The best way to find every word of `query` in `text`, None if one is not in it.

    The letters of a word stand in `text` in their order, though not next to each other; the words in any order.
    Letters at the start of a word and in a row count more; case does not matter.
    """
    score, positions = 0.0, set[int]()
    folded = _folded(text)
    for word in query[:_LONGEST_QUERY].split():
        match = _match_word(_folded(word), folded, text)
        if match is None:
            return None
        score += match.score
        positions |= set(match.positions)
    # of two texts that fit alike, the shorter one is meant
    return Match(score - 0.01 * len(text), tuple(sorted(positions)))


def _folded(text: str) -> str:
    """Lower case, a letter for each: positions stay those of `text`."""
    return "".join(letter.lower()[:1] for letter in text)


def _match_word(word: str, folded: str, text: str) -> Match | None:
    """By dynamic programming: the best way to end the first letters of `word` at each place of the text."""
    best: dict[int, tuple[float, tuple[int, ...]]] = {}
    for at_letter, letter in enumerate(word):
        ending: dict[int, tuple[float, tuple[int, ...]]] = {}
        for place, candidate in enumerate(folded):
            if candidate != letter:
                continue
            worth = _worth(text, place)
            if at_letter == 0:
                ending[place] = (worth, (place,))
                continue
            reached = [
                (score + _joint(place - last - 1), places)
                for last, (score, places) in best.items()
                if last < place
            ]
            if reached:
                score, places = max(reached)
                ending[place] = (score + worth, (*places, place))
        best = ending
    if not best:
        return None
    return Match(*max(best.values()))


def _joint(letters_between: int) -> float:
    return -_GAP - _GAP_LETTER * letters_between if letters_between else _NEXT_TO_LAST


def _worth(text: str, place: int) -> float:
    if place == 0:
        return _LETTER + _WORD_START + _FIRST_OF_TEXT
    starts_word = text[place].isalnum() and not text[place - 1].isalnum()
    return _LETTER + (_WORD_START if starts_word else 0.0)
