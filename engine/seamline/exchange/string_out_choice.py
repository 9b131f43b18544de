"""Which pairs a string-out has, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

from seamline.errors import ExchangeError
from seamline.project.match_cuts import JudgedPair

_ONE_RATE = {"edl": "an EDL", "xmeml": "a Final Cut Pro 7 XML"}


class PairOrder(StrEnum):
    """SCORE: best first. FILM: as their outgoing shots lie in their films."""

    SCORE = "score"
    FILM = "film"


def in_order(pairs: Sequence[JudgedPair], order: PairOrder, first_film: str) -> tuple[JudgedPair, ...]:
    """The pairs in that order; by film, those out of `first_film` (a fingerprint) come first, then those out of the
    others, as these appear among the pairs."""
    if order is PairOrder.SCORE:
        return tuple(sorted(pairs, key=lambda judged: -judged.pair.score_01))
    names = [first_film, *(judged.pair.outgoing.fingerprint for judged in pairs)]
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return tuple(
        sorted(pairs, key=lambda judged: (places[judged.pair.outgoing.fingerprint], *judged.pair.frames))
    )


def one_rate_name(format_id: str) -> str | None:
    """What a format is called that holds films of one frame rate alone, such as “an EDL”; None for the others."""
    return _ONE_RATE.get(format_id)


def rate_text(rate: Fraction) -> str:
    """Such as “23.976”."""
    return f"{float(rate):.5g}"


def by_rate(
    pairs: Sequence[JudgedPair], rates: Mapping[str, Fraction]
) -> dict[Fraction, tuple[JudgedPair, ...]]:
    """The pairs both of whose films run at one rate, by that: the rate that most have comes first, of equals that of
    the earlier pair. `rates`: by fingerprint; pairs of films that are not among them, or of two rates, are left out.
    """
    found: dict[Fraction, list[JudgedPair]] = {}
    for judged in pairs:
        own = {rates.get(name) for name in judged.pair.fingerprints}
        (rate,) = own if len(own) == 1 else (None,)
        if rate is not None:
            found.setdefault(rate, []).append(judged)
    return {rate: tuple(of_it) for rate, of_it in sorted(found.items(), key=lambda item: -len(item[1]))}


def at_one_rate(
    pairs: Sequence[JudgedPair],
    rates: Mapping[str, Fraction],
    format_id: str,
    wanted: Fraction | None = None,
) -> tuple[JudgedPair, ...]:
    """Those of the pairs that a file of that format can hold: all, or, where it holds one rate alone, those at the rate
    `wanted`; where nobody has said which (None), or none is at it, at the one that most are at.

    Raises ExchangeError where none of them is at one rate.
    """
    used = {rates[name] for judged in pairs for name in judged.pair.fingerprints}
    if one_rate_name(format_id) is None or len(used) < 2:
        return tuple(pairs)
    found = by_rate(pairs, rates)
    if not found:
        check_rates(used, format_id)
    commonest = next(iter(found.values()))
    return commonest if wanted is None else found.get(wanted, commonest)


def left_out_at_other_rates(count: int, format_id: str) -> str:
    """What `at_one_rate` left out, as the end of a sentence; empty for nothing."""
    if not count:
        return ""
    whole = one_rate_name(format_id)
    pairs = "1 pair" if count == 1 else f"{count:,} pairs"
    return (
        f"without {pairs} at another frame rate ({whole} holds one rate; FCPXML and OpenTimelineIO take all)"
    )


def check_rates(rates: Collection[Fraction], format_id: str) -> None:
    """Raises ExchangeError where films run at different rates, for a format that cannot have that."""
    name = one_rate_name(format_id)
    if len(rates) > 1 and name is not None:
        said = " and ".join(map(rate_text, sorted(rates)))
        raise ExchangeError(
            f"{name[0].upper()}{name[1:]} holds films of one frame rate, and these run at {said}: export "
            "OpenTimelineIO (.otio) or FCPXML."
        )
