"""`seamline match`: pairs of shots that would cut together, ranked, and as a string-out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.match_finder import WORTH_A_LOOK_01, MatchRule, find_matches, matching_cuts
from seamline.errors import Cancelled, ExchangeError
from seamline.exchange.files import TargetExistsError, check_target
from seamline.exchange.string_out import string_out
from seamline.exchange.string_out_choice import (
    PairOrder,
    at_one_rate,
    check_rates,
    in_order,
    left_out_at_other_rates,
)
from seamline.exchange.string_out_formats import export_string_out, string_out_format
from seamline.models.siamese_session import open_siamese
from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, Verdict
from seamline.project.match_playing import playable_pair
from seamline.project.matches import Matches
from seamline.project.types import Project, SeamKind
from seamline_app.commands.analyze import open_for_command
from seamline_app.commands.background import in_background
from seamline_app.commands.bar import step_progress
from seamline_app.commands.corrections import matches_of
from seamline_app.commands.match_films import (
    MatchedFilm,
    OpenedFilms,
    kept_pairs_are,
    matched_film,
    open_others,
)
from seamline_app.commands.match_options import USUAL_LIMIT
from seamline_app.commands.match_results import as_csv, as_json, as_text
from seamline_app.commands.output import put_out
from seamline_app.exit_codes import INTERRUPTED, OK
from seamline_app.usage import UsageError


def match(options: argparse.Namespace) -> int:
    """Rank the pairs of `options.film`, or of it and `options.other`, both ways. Raises SeamlineError or Cancelled."""
    _check(options)
    try:
        films, found = _found(options)
    except Cancelled:
        sys.stderr.write("Interrupted. What was found is kept: the same command goes on from there.\n")
        return INTERRUPTED
    projects: dict[str, Project] = {film.project.film.fingerprint: film.project for film in films}
    put_out({"text": as_text, "csv": as_csv, "json": as_json}[options.format](found, projects))
    if not found:
        sys.stderr.write(_NOTHING_KEPT if options.kept else _NO_CUT if options.cuts else _NOTHING)
    elif options.out is not None:
        _write(options, _chosen(options, found), projects)
    return OK


_NOTHING = "No pair was found: --all takes in shots of the same set-up, and pictures of the same things.\n"
_NO_CUT = "None of the film's own cuts was found to be a match cut.\n"
_NOTHING_KEPT = "No such pair of these films was kept: keep pairs in the window (K), or leave out --kept.\n"


def _check(options: argparse.Namespace) -> None:
    """What would be found out after the analysis. Raises UsageError."""
    if options.limit is not None and options.limit < 1:
        raise UsageError(f"--limit takes 1 and more, not {options.limit}.")
    if not 0 < options.seconds <= 3600:
        raise UsageError(f"--seconds takes more than 0 and at most 3600, not {options.seconds:g}.")
    if options.cuts and (options.other or options.out_at or options.in_at or options.kept):
        raise UsageError("--cuts is about one film's own cuts: leave out OTHER, --from, --into and --kept.")
    if options.kept and (options.out_at or options.in_at):
        raise UsageError("--kept lists what was kept: leave out --from and --into.")
    if options.one_way and (options.other is None or options.kept):
        raise UsageError(
            "--one-way is about pairs of two films that are looked for: name OTHER, leave out --kept."
        )
    if options.only is not None and options.out is None:
        raise UsageError("--only says which pairs go into the string-out: say where to with --out.")
    _numbers(options.only)
    if options.out is None:
        return
    try:
        string_out_format(options.out.suffix.lower())
        sources = [path for path in (options.film, options.other) if path is not None]
        check_target(options.out, options.force, sources=sources)
    except TargetExistsError as error:
        raise UsageError(f"{error} (--force overwrites it.)") from error
    except ExchangeError as error:
        raise UsageError(str(error)) from error


def _found(options: argparse.Namespace) -> tuple[Sequence[MatchedFilm], Sequence[JudgedPair]]:
    siamese = open_siamese()
    paths = [path for path in (options.film, options.other) if path is not None]
    cache = AnalysisCache()
    opened = [open_for_command(path, cache) for path in paths]  # what cannot be is found out before the work
    said = matches_of(opened[0], options.film)
    kept = [of for of in said.kept if options.kind in (None, str(of.pair.kind))] if options.kept else []
    at_hand: OpenedFilms = {}
    for film, path in zip(opened, paths, strict=True):
        at_hand.setdefault(film.fingerprint, (film, path))
    if options.other is None:
        at_hand |= open_others(kept, said.films, at_hand, options.film, cache)
    first_film = opened[0].fingerprint
    of_these = _ordered(_of_films(kept, at_hand), first_film, options)[: options.limit]
    if options.out is not None:
        format_id = string_out_format(options.out.suffix.lower()).id
        rates = {name: film.rate for name, (film, _) in at_hand.items()}
        if not options.kept:
            check_rates(set(rates.values()), format_id)
        elif of_these:
            at_one_rate(of_these, rates, format_id)
    films = [matched_film(film, path, cache, siamese, options) for film, path in at_hand.values()]
    if options.kept:
        projects = {film.project.film.fingerprint: film.project for film in films}
        of_these = [
            replace(of, pair=of.pair.cut_at(*playable_pair(of.pair, projects.get).frames)) for of in of_these
        ]
        return films, of_these
    pairs = _cuts(films[0], options) if options.cuts else _pairs(films[0], films[-1], options)
    return films, _ordered([_with_words(said, pair) for pair in pairs], first_film, options)


def _ordered(
    pairs: Sequence[JudgedPair], first_film: str, options: argparse.Namespace
) -> Sequence[JudgedPair]:
    if options.order is None:
        return pairs
    return in_order(pairs, PairOrder(options.order), first_film)


def _of_films(kept: Sequence[JudgedPair], at_hand: OpenedFilms) -> Sequence[JudgedPair]:
    """Those of these films that have the frames; says how many have not."""
    of_these = [
        of for of in kept if {of.pair.outgoing.fingerprint, of.pair.incoming.fingerprint} <= set(at_hand)
    ]
    within = [
        of
        for of in of_these
        if all(of.pair.is_within(name, film.frame_count) for name, (film, _) in at_hand.items())
    ]
    beyond = len(of_these) - len(within)
    if beyond:
        sys.stderr.write(f"{kept_pairs_are(beyond)} left out: the film does not have all of these frames.\n")
    return within


def _limit(options: argparse.Namespace) -> int:
    return options.limit or USUAL_LIMIT


def _with_words(said: Matches, pair: MatchPair) -> JudgedPair:
    """What was said of it in the window, cut where it is found."""
    return replace(said.of(pair), pair=pair)


def _pairs(out_of: MatchedFilm, into: MatchedFilm, options: argparse.Namespace) -> Sequence[MatchPair]:
    tails = out_of.edges() if options.out_at is None else out_of.edges_at(options.out_at)
    if options.in_at is not None:
        heads = into.edges_at(options.in_at)
    else:
        heads = tails if into is out_of and options.out_at is None else into.edges()
    is_of_frame = bool(options.out_at or options.in_at)
    rule = MatchRule(
        limit=_limit(options),
        kinds=frozenset(MatchKind) if options.kind is None else frozenset({MatchKind(options.kind)}),
        leaves_out_same_setup=not options.all,
        leaves_out_alike=not options.all,
        # what goes with one frame is listed to the end, the nearest first
        least_01=0 if is_of_frame or options.all else WORTH_A_LOOK_01,
        most_a_shot=_limit(options) if is_of_frame else MatchRule().most_a_shot,
    )
    ways = [(tails, heads)]
    if into is not out_of and not (is_of_frame or options.one_way):
        ways.append((heads, tails))  # as the window does: all edges of a film hold both ends of its shots
    footage = out_of.project.footage if into is out_of else ()
    with step_progress("Comparing shots") as progress:
        found = in_background(
            lambda: [
                pair
                for ends, starts in ways
                for pair in find_matches(ends, starts, footage=footage, rule=rule, progress=progress)
            ]
        )
    return sorted(found, key=lambda pair: -pair.score_01)[: _limit(options)]


def _cuts(film: MatchedFilm, options: argparse.Namespace) -> Sequence[MatchPair]:
    """In the film's order, as many as are wanted of the surest; of cuts alone, as in the window: no score is of gradual
    seams."""
    edges = film.edges()
    found = matching_cuts(
        edges,
        [seam for seam in film.project.seams if seam.kind is SeamKind.CUT],
        footage=() if options.all else film.project.footage,
        leaves_out_alike=not options.all,
    )
    pairs = [pair for _, pair in found if options.kind in (None, str(pair.kind))]
    least = sorted((pair.score_01 for pair in pairs), reverse=True)[: _limit(options)]
    return [pair for pair in pairs if least and pair.score_01 >= least[-1]][: _limit(options)]


def _write(options: argparse.Namespace, found: Sequence[JudgedPair], projects: Mapping[str, Project]) -> None:
    path: Path = options.out
    string_format = string_out_format(path.suffix.lower())
    rates = {name: project.film.rate for name, project in projects.items()}
    going = at_one_rate(found, rates, string_format.id)
    string = string_out(going, projects, seconds=Fraction(str(options.seconds)))
    export_string_out(string, string_format, path, overwrite=options.force)
    left_out = left_out_at_other_rates(len(found) - len(going), string_format.id)
    sys.stderr.write(f"Wrote {path}{f', {left_out}' if left_out else ''}\n")


def _chosen(options: argparse.Namespace, found: Sequence[JudgedPair]) -> Sequence[JudgedPair]:
    """What goes into the string-out. Raises UsageError for a number that the list does not have."""
    numbers = _numbers(options.only)
    if not numbers:
        return [judged for judged in found if judged.verdict is not Verdict.REJECTED]
    beyond = max(numbers)
    if beyond > len(found):
        pairs = "1 pair" if len(found) == 1 else f"{len(found)} pairs"
        raise UsageError(f"--only names pair {beyond}, and the list has {pairs}: nothing was written.")
    return [found[number - 1] for number in numbers]


def _numbers(only: str | None) -> Sequence[int]:
    """Those of the list, in the order they are given, none for None. Raises UsageError."""
    if only is None:
        return ()
    numbers = [
        int(part) if part.strip().isascii() and part.strip().isdigit() else 0 for part in only.split(",")
    ]
    if not all(numbers):
        raise UsageError(f"--only takes numbers of the list, such as 2 or 1,3, not “{only}”.")
    return list(dict.fromkeys(numbers))
