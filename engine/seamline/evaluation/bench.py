"""Seamline beside the published programs, on the same films: `python -m seamline.evaluation.bench FILM...`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from seamline.errors import SeamlineError
from seamline.evaluation.bench_contenders import Contender, own_contenders, rival_contenders
from seamline.evaluation.bench_film import make_bench_film
from seamline.evaluation.bench_films import BenchFilm, bench_film
from seamline.evaluation.bench_rivals import make_rivals, rival_versions
from seamline.evaluation.bench_rounds import alternate
from seamline.evaluation.bench_table import BUSY_01, bench_facts, text_tables
from seamline.exchange.files import check_target, write_text_atomically
from seamline.progress import CancellableProgress

_MADE_FILM_S = 60.0
_LEAST_TIMEOUT_S = 600.0
_TIMEOUT_TIMES_DURATION = 30
_LISTEN_S = 1.0
_NAMES = ("full", "cuts", "adaptive", "content", "transnetv2", "decode")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for and print the tables; exit code 0, or 1 if a contender failed or a file is at fault."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not (options.films or options.make_rivals or options.make_film):
        parser.error("name a film, or one of --make-film and --make-rivals")
    try:
        if options.make_rivals is not None:
            make_rivals(options.make_rivals)
            _say(f"The rivals are in {options.make_rivals}: bench with --rivals {options.make_rivals}")
        if options.make_film is not None:
            _make_film(options.make_film, options.seconds or _MADE_FILM_S, overwrite=options.force)
        return _bench(options) if options.films else 0
    except SeamlineError as error:
        _say(str(error))
        return 1


def _bench(options: argparse.Namespace) -> int:
    if options.json is not None:
        check_target(options.json, options.force)
    versions = {} if options.rivals is None else rival_versions(options.rivals)
    contenders = _contenders(options.rivals, options.only)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        films = []
        for number, path in enumerate(options.films):
            folder = Path(name, str(number))
            folder.mkdir()
            films.append(
                bench_film(path.absolute(), truth=options.truth, seconds=options.seconds, folder=folder)
            )
        _warn_of_load()
        series = alternate(
            films, contenders, rounds=options.rounds, timeout_s=_timeout_of(options.timeout), say=_say
        )
        sys.stdout.write(text_tables(series, markdown=options.markdown) + "\n")
        if options.json is not None:
            text = json.dumps(bench_facts(series, versions), ensure_ascii=False, indent=2) + "\n"
            write_text_atomically(options.json, text, overwrite=options.force)
    return 1 if any(each.failure is not None for each in series) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m seamline.evaluation.bench",
        description="Time, memory and accuracy of Seamline, of the published programs and of a bare decode, in "
        "turns on the same films; the medians of several rounds.",
    )
    parser.add_argument("films", type=Path, nargs="*", metavar="FILM")
    parser.add_argument(
        "--truth", type=Path, metavar="FOLDER", help="tables of true seams, of the films' names; or one table"
    )
    parser.add_argument("--rounds", type=_rounds, default=3, metavar="N", help="3 unless told")
    parser.add_argument(
        "--seconds",
        type=float,
        metavar="N",
        help="the beginning of each film alone, up to the next key frame; with --make-film, how long it is",
    )
    parser.add_argument(
        "--only", nargs="+", choices=_NAMES, default=list(_NAMES), metavar="NAME", help=", ".join(_NAMES)
    )
    parser.add_argument(
        "--rivals", type=Path, metavar="ENVIRONMENT", help="where --make-rivals has installed them"
    )
    parser.add_argument(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help=f"of a run; {_TIMEOUT_TIMES_DURATION} times the film's length unless told, and at least 10 minutes",
    )
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every run there, too")
    parser.add_argument("--force", action="store_true", help="overwrite files that exist already")
    parser.add_argument(
        "--make-rivals", type=Path, metavar="FOLDER", help="install the published programs there first"
    )
    parser.add_argument(
        "--make-film",
        type=Path,
        metavar="FILE",
        help="draw a film to bench with there first (.mov), with its truth",
    )
    return parser


def _contenders(rivals: Path | None, names: Sequence[str]) -> list[Contender]:
    known = {each.name: each for each in own_contenders()}
    if rivals is not None:
        known |= {each.name: each for each in rival_contenders(rivals)}
    absent = [name for name in names if name not in known]
    if absent:
        _say(f"Not run, for want of --rivals: {', '.join(absent)}")
    return [known[name] for name in _NAMES if name in names and name in known]


def _timeout_of(timeout_s: float | None) -> Callable[[BenchFilm], float]:
    if timeout_s is not None:
        return lambda _film: timeout_s
    return lambda film: max(_LEAST_TIMEOUT_S, _TIMEOUT_TIMES_DURATION * film.duration_s)


def _warn_of_load() -> None:
    busy_01 = psutil.cpu_percent(_LISTEN_S) / 100
    if busy_01 > BUSY_01:
        _say(f"Other programs take {busy_01:.0%} of the processors: the times will say little.")


def _make_film(path: Path, seconds: float, *, overwrite: bool) -> None:
    progress = CancellableProgress(
        lambda done, total: _say(f"frame {done} of {total}") if done % 250 == 0 else None
    )
    truth = make_bench_film(path, seconds=seconds, overwrite=overwrite, progress=progress)
    _say(f"Wrote {path} and {truth}")


def _rounds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of rounds from 1 to 100")
    return int(text)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
