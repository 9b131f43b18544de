"""`seamline synthesize`: films whose seams are known exactly, to measure or train with."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from seamline.errors import Cancelled, ExchangeError
from seamline.evaluation.synthetic_drawn import DrawnSource, drawn_sources
from seamline.evaluation.synthetic_film import Encoding, write_film
from seamline.evaluation.synthetic_generator import plan_edit
from seamline.evaluation.synthetic_settings import GeneratorSettings
from seamline.evaluation.synthetic_sources import FilmSource, ShotSource, film_source
from seamline.evaluation.synthetic_stills import still_sources
from seamline.exchange.files import TargetExistsError, check_target
from seamline.media.timebase import snap_rate
from seamline_app.commands.bar import frame_progress
from seamline_app.exit_codes import INTERRUPTED, OK
from seamline_app.usage import UsageError

_DRAWN_PER_FILM = 24
_DRAWN_FRAMES = 300
_CACHE_BYTES_PER_CLIP = 64 << 20


def synthesize(options: argparse.Namespace) -> int:
    """Write the films asked for. Raises SeamlineError or Cancelled."""
    names = [f"synthetic-{options.seed}-{index:04d}" for index in range(options.films)]
    films, tables = options.folder / "films", options.folder / "truth"
    _make_folders(films, tables)
    targets = [(films / f"{name}.mp4", tables / f"{name}.csv") for name in names]
    _check_targets([path for pair in targets for path in pair], overwrite=options.force)
    settings = GeneratorSettings(frames=(options.frames, options.frames))
    encoding = Encoding(snap_rate(options.rate), options.crf)
    written = 0
    clips: list[ShotSource] = []
    try:
        clips = _clips(options.clips, options.seed)
        for index, (film_path, table_path) in enumerate(targets):
            with frame_progress(f"Film {index + 1} of {len(targets)}", options.rate) as progress:
                # drawn scenes are new in each film, clips come again
                sources: Sequence[ShotSource] = clips or _drawn(options.seed, index)
                plan = plan_edit(sources, settings, seed=options.seed, index=index)
                write_film(
                    plan, sources, film_path, options.size, encoding,
                    truth_path=table_path, overwrite=options.force, progress=progress,
                )  # fmt: skip
            written += 1
    except Cancelled:
        sys.stderr.write(f"Interrupted: {written} of {len(targets)} films are written.\n")
        return INTERRUPTED
    finally:
        for clip in clips:
            if isinstance(clip, FilmSource):
                clip.close()
    sys.stderr.write(
        f"Wrote {written} {'film' if written == 1 else 'films'} to {films}, with what is true in {tables}.\n"
    )
    return OK


def _drawn(seed: int, index: int) -> list[DrawnSource]:
    return drawn_sources(_DRAWN_PER_FILM, seed * 10_007 + index, frame_count=_DRAWN_FRAMES)


def _clips(paths: Sequence[Path], seed: int) -> list[ShotSource]:
    sources: list[ShotSource] = []
    for path in paths:
        if path.is_dir():
            sources += still_sources(path, seed)
        else:
            sources.append(film_source(path, cache_bytes=_CACHE_BYTES_PER_CLIP))
    return sources


def _make_folders(*folders: Path) -> None:
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"The folder “{folder}” cannot be made ({error.strerror or error}): choose another."
            ) from error


def _check_targets(paths: Sequence[Path], *, overwrite: bool) -> None:
    for path in paths:
        try:
            check_target(path, overwrite)
        except TargetExistsError as error:
            raise UsageError(
                f"“{path}” exists already: choose another folder or another --seed, or write over it with --force."
            ) from error
        except ExchangeError as error:
            raise UsageError(str(error)) from error
