"""An evaluation in words: figures a film, every mistake by its place, and the sum of all films."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from seamline.evaluation.metrics import Evaluation, together
from seamline.exchange.csv_list import Transition

_NAMED_IN_LINE = 6  # more would not be read in one line; with timecodes every mistake has a line of its own


@dataclass(frozen=True, slots=True)
class FilmScore:
    """One film's evaluation. `timecode(frame)` labels a frame: `project.timecode`, or a rate's `format`."""

    name: str
    evaluation: Evaluation
    timecode: Callable[[int], str] | None = None


def report(films: Sequence[FilmScore]) -> str:
    """The text, without a line end at its end: a line a film, then recall by kind, then the figures of all.

    A film's line counts hits, false alarms and misses and names the first six places of each kind of mistake.
    Where a film has timecodes, all its mistakes follow, one a line. Raises ExchangeError for no film at all.
    """
    total = together(film.evaluation for film in films)
    lines = [line for film in films for line in _film_lines(film)]
    kinds = (
        f"{kind or '?'} {score.found}/{score.total} (type right {score.kind_right})"
        for kind, score in total.by_kind.items()
    )
    lines.append("recall by type: " + ", ".join(kinds))
    lines.append(
        f"tolerance {total.tolerance_frames}: precision {total.precision:.3f} recall {total.recall:.3f} "
        f"F1 {total.f1:.3f}"
    )
    return "\n".join(lines)


def _film_lines(film: FilmScore) -> Iterator[str]:
    found = film.evaluation
    false_places = [f"  false@{p.out_frame}-{p.in_frame}" for p in found.false_alarms]
    missed_places = [f"  missed@{t.out_frame}-{t.in_frame}:{t.kind}" for t in found.missed]
    yield (
        f"{film.name:44} hit {len(found.hits):3} false {len(found.false_alarms):3} "
        f"missed {len(found.missed):3}"
        + "".join(false_places[:_NAMED_IN_LINE] + missed_places[:_NAMED_IN_LINE])
    )
    if film.timecode is None:
        return
    fooled = set(map(id, found.fooled))
    for false in found.false_alarms:
        what = "false, at a distractor" if id(false) in fooled else "false"
        yield _mistake(what, false, film.timecode)
    for missed in found.missed:
        yield _mistake("missed", missed, film.timecode)


def _mistake(what: str, transition: Transition, timecode: Callable[[int], str]) -> str:
    return (
        f"  {what} {transition.kind or 'transition'} at {timecode(transition.in_frame)} "
        f"(frames {transition.out_frame}-{transition.in_frame})"
    )
