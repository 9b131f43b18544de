"""An evaluation in words: figures a film, every mistake by its place, and the sum of all films."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from seamline.evaluation.metrics import Evaluation, Hit, together
from seamline.exchange.csv_list import Transition

Timecode = Callable[[int], str]
Places = list[dict[str, object]]

_NAMED_IN_LINE = 6  # more would not be read in one line; with timecodes every mistake has a line of its own


@dataclass(frozen=True, slots=True)
class FilmScore:
    """One film's evaluation. `timecode(frame)` labels a frame: `project.timecode`, or a rate's `format`.

    `exact`: the same at a tolerance of 0. `every_mistake` names each on a line of its own; so does a timecode.
    """

    name: str
    evaluation: Evaluation
    timecode: Timecode | None = None
    exact: Evaluation | None = None
    every_mistake: bool = False


def report(films: Sequence[FilmScore]) -> str:
    """The text, without a line end at its end: a line a film, then a table by type, then the figures of all.

    A film's line counts hits, false alarms and misses and names the first six places of each kind of mistake.
    Where a film has timecodes, all its mistakes follow, one a line. Raises ExchangeError for no film at all.
    """
    total = together(film.evaluation for film in films)
    lines = [line for film in films for line in _film_lines(film)]
    lines += _kind_lines(total)
    if total.distractors:
        lines.append(f"distractors taken for transitions: {len(total.fooled)} of {len(total.distractors)}")
    if (extents := total.extents) is not None:
        lines.append(
            f"extent of {extents.count} gradual ones found: {extents.exact} exact, median error "
            f"{extents.out_frames:g} at the out frame, {extents.in_frames:g} at the in frame"
        )
    lines.append(f"tolerance {total.tolerance_frames}: {_figures(total)}")
    exact = [film.exact for film in films if film.exact is not None]
    if len(exact) == len(films) and total.tolerance_frames:
        lines.append(f"frame-exact: {_figures(together(exact))}")
    return "\n".join(lines)


def facts(film: FilmScore) -> dict[str, object]:
    """The same of one film as types that JSON knows: frames count from 0, figures go from 0 to 1."""
    found = film.evaluation
    extents = found.extents
    return {
        "name": film.name,
        "tolerance": _figures_facts(found) | {"frames": found.tolerance_frames},
        "frame_exact": None if film.exact is None else _figures_facts(film.exact),
        "types": {
            kind: {"found": score.found, "total": score.total, "kind_right": score.kind_right}
            for kind, score in found.by_kind.items()
        },
        "gradual_extent": None
        if extents is None
        else {
            "count": extents.count,
            "exact": extents.exact,
            "median_out_error_frames": extents.out_frames,
            "median_in_error_frames": extents.in_frames,
        },
        "distractors": len(found.distractors),
        "missed": _places(found.missed, film.timecode),
        "false_alarms": _places(found.false_alarms, film.timecode),
        "distractors_hit": _places(found.fooled, film.timecode),
        "wrong_kinds": [
            {"true_kind": hit.truth.kind} | _place(hit.predicted, film.timecode) for hit in found.wrong_kinds
        ],
    }


def _figures(found: Evaluation) -> str:
    return f"precision {found.precision:.3f} recall {found.recall:.3f} F1 {found.f1:.3f}"


def _figures_facts(found: Evaluation) -> dict[str, object]:
    return {
        "precision": round(found.precision, 6),
        "recall": round(found.recall, 6),
        "f1": round(found.f1, 6),
        "hits": len(found.hits),
        "false_alarms": len(found.false_alarms),
        "missed": len(found.missed),
    }


def _places(transitions: Sequence[Transition], timecode: Timecode | None) -> Places:
    return [_place(each, timecode) for each in transitions]


def _place(transition: Transition, timecode: Timecode | None) -> dict[str, object]:
    place: dict[str, object] = {
        "out_frame": transition.out_frame,
        "in_frame": transition.in_frame,
        "kind": transition.kind,
    }
    if timecode is not None:
        place["out_timecode"] = timecode(transition.out_frame)
        place["in_timecode"] = timecode(transition.in_frame)
    return place


def _kind_lines(total: Evaluation) -> Iterator[str]:
    if total.by_kind:
        yield f"{'type':12}{'found':>7}{'of':>7}{'recall':>9}{'kind right':>13}"
    for kind, score in total.by_kind.items():
        recall = score.found / score.total
        yield f"{kind or '?':12}{score.found:7}{score.total:7}{recall:9.3f}{score.kind_right:13}"


def _film_lines(film: FilmScore) -> Iterator[str]:
    found = film.evaluation
    false_places = [f"  false@{p.out_frame}-{p.in_frame}" for p in found.false_alarms]
    missed_places = [f"  missed@{t.out_frame}-{t.in_frame}:{t.kind}" for t in found.missed]
    yield (
        f"{film.name:44} hit {len(found.hits):3} false {len(found.false_alarms):3} "
        f"missed {len(found.missed):3}"
        + "".join(false_places[:_NAMED_IN_LINE] + missed_places[:_NAMED_IN_LINE])
    )
    if film.timecode is None and not film.every_mistake:
        return
    fooled = set(map(id, found.fooled))
    for false in found.false_alarms:
        what = "false, at a distractor" if id(false) in fooled else "false"
        yield _mistake(what, false, film.timecode)
    for missed in found.missed:
        yield _mistake("missed", missed, film.timecode)
    for hit in found.wrong_kinds:
        yield _wrong_kind(hit, film.timecode)


def _mistake(what: str, transition: Transition, timecode: Timecode | None) -> str:
    return f"  {what} {transition.kind or 'transition'} {_at(transition, timecode)}"


def _wrong_kind(hit: Hit, timecode: Timecode | None) -> str:
    return f"  {hit.truth.kind} taken for {hit.predicted.kind} {_at(hit.predicted, timecode)}"


def _at(transition: Transition, timecode: Timecode | None) -> str:
    frames = f"frames {transition.out_frame}-{transition.in_frame}"
    return f"at {frames}" if timecode is None else f"at {timecode(transition.in_frame)} ({frames})"
