"""What a search has found, as the rows of its list and in words."""

from __future__ import annotations

from seamline.analysis.search import STANDS_OUT_01, Hit
from seamline.project.types import Project
from seamline_app.jobs.search_job import SearchAnswer
from seamline_app.jobs.search_terms import FOR_WORDS
from seamline_widgets.search_model import HitItem

_LEAST_SHARE = 0.5
_FEWEST = 3

ADVICE = (
    "Words are matched by the names of 1,000 kinds of things; CLIP finds far better",
    "CLIP finds far better by words",
    "CLIP finds better",
)
"""The first of these that there is room for."""


def items_of(answer: SearchAnswer, project: Project | None) -> list[HitItem]:
    """The hits, best first; `project` is of the film that is open."""
    own = [] if project is None or answer.found is None else _own_items(answer, answer.found.hits, project)
    own_count = 0 if answer.found is None else len(answer.found.hits)
    others = [
        HitItem(
            hit.fingerprint,
            hit.frame,
            hit.start_frame,
            hit.end_frame,
            f"Shot {hit.shot_number}",
            "",
            hit.film.timecode(hit.frame),
            hit.score,
            strength,
            hit.name if hit.is_there else f"{hit.name} (not there now)",
            is_elsewhere=True,
        )
        for hit, strength in zip(answer.elsewhere, answer.strengths_01[own_count:], strict=True)
    ]
    return sorted([*own, *others], key=lambda item: -item.score) if others else own


def _own_items(answer: SearchAnswer, hits: tuple[Hit, ...], project: Project) -> list[HitItem]:
    shots = {shot.range: shot for shot in project.shots}
    items = []
    for hit, strength in zip(hits, answer.strengths_01, strict=False):
        shot = shots.get((hit.start_frame, hit.end_frame))
        items.append(
            HitItem(
                project.film.fingerprint,
                hit.frame,
                hit.start_frame,
                hit.end_frame,
                "" if shot is None else f"Shot {shot.number}",
                "" if shot is None else project.note_of(shot).name,
                project.timecode(hit.frame),
                hit.score,
                strength,
                project.film.path.name if answer.wish.is_everywhere else "",
            )
        )
    return items


def peaks(answer: SearchAnswer) -> list[Hit]:
    """The hits in the film that is open that stick out, in its order; where none does, the three that come nearest."""
    hits = () if answer.found is None else answer.found.hits
    most = max((hit.strength_01 for hit in hits), default=0.0)
    least = _LEAST_SHARE * most
    out = [hit for hit in hits if hit.strength_01 >= least] if most >= STANDS_OUT_01 else list(hits[:_FEWEST])
    return sorted(out, key=lambda hit: hit.frame)


def summary_of(answer: SearchAnswer, items: list[HitItem]) -> tuple[str, ...]:
    """How much was found, in words, the longest first."""
    count = _counted(len(items), "shot")
    most = max((item.strength_01 for item in items), default=0.0)
    if answer.wish.is_everywhere:
        of_films = f"{count} of {_counted(answer.films, 'film')}"
        opens = (f"{of_films}; double click opens a film",) if answer.elsewhere else ()
        return *opens, f"{of_films}, best first", count
    if most < STANDS_OUT_01:
        return "Nothing stands out; these are nearest", "Nothing stands out", count
    out = len(peaks(answer))
    return f"{count}, best first; {out} stand{'s' if out == 1 else ''} out", f"{count}, best first", count


def advice_of(answer: SearchAnswer) -> tuple[str, ...]:
    """What to say of the network that was searched by, none where it is a good one."""
    return ADVICE if answer.encoder.id in FOR_WORDS else ()


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
