"""Labels of real shots held against their truth: `python -m seamline.evaluation.label_agreement FOLDER`.

The shots are those of a list of public clips (`real_shots.csv` beside this file); the clips themselves come with
nobody: give the folder that they lie in.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from seamline.analysis.labels import Labeller
from seamline.analysis.pipeline import run_stages
from seamline.analysis.signals import Signals
from seamline.analysis.stage import SignalBlock
from seamline.analysis.stages import label_stages
from seamline.errors import ExchangeError, SeamlineError
from seamline.evaluation.label_comparison import compare_movements, compare_scales, published
from seamline.evaluation.real_shots import LIST, RealShot, find_clips, read_real_shots
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.progress import CancellableProgress
from seamline.project.labels import ShotLabels

LabelShots = Callable[[Film, Sequence[RealShot]], Sequence[ShotLabels]]


def label_shots(film: Film, shots: Sequence[RealShot]) -> list[ShotLabels]:
    """The labels that the built-in analysis gives these shots, with its label stages alone on one decode.

    Says on stderr which stage stopped: what needs its curves is then not known. Raises MediaError.
    """
    signals = Signals(film.frame_count)
    failures = run_stages(
        film, label_stages(film), signals, progress=CancellableProgress(), on_block=_nothing
    )
    for failure in failures:
        sys.stderr.write(f"{film.path.name}: {failure.sentence}\n")
    ranges = [(shot.start_frame, shot.end_frame) for shot in shots]
    known = {labels.range: labels for labels in Labeller(signals, film.rate).labels(ranges)}
    return [known.get(each) or ShotLabels(*each) for each in ranges]


def labelled(
    shots: Sequence[RealShot], clips: dict[str, Path], labeller: LabelShots
) -> Iterator[tuple[RealShot, ShotLabels]]:
    """Those shots whose clips are there, with their labels, clip by clip.

    Raises ExchangeError where the list and a clip do not fit, MediaError, and what the labeller raises.
    """
    for name in dict.fromkeys(shot.clip for shot in shots if shot.clip in clips):
        film = open_film(clips[name])
        of_clip = [shot for shot in shots if shot.clip == name]
        last = max(shot.end_frame for shot in of_clip) - 1
        if last >= film.frame_count:
            raise ExchangeError(
                f"The list names frame {last} of “{name}”, but “{clips[name]}” has {film.frame_count} frames: it is "
                "another film of that name. Take it out of the folder."
            )
        yield from zip(of_clip, labeller(film, of_clip), strict=True)


def main(arguments: Sequence[str] | None = None, *, labeller: LabelShots = label_shots) -> int:
    """Print the report, or the figures as JSON; exit code 1 where nothing could be compared."""
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.label_agreement")
    parser.add_argument("folder", type=Path, help="the folder of the clips; folders in it are searched too")
    parser.add_argument("--list", type=Path, default=LIST, metavar="CSV", help="shots and their true labels")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args(arguments)
    try:
        shots = read_real_shots(options.list)
        clips = find_clips(options.folder, shots)
        found = list(labelled(shots, clips, labeller))
    except (SeamlineError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if not found:
        sys.stderr.write(f"None of the clips of “{options.list}” lies in “{options.folder}”.\n")
        return 1
    missing = sorted({shot.clip for shot in shots} - clips.keys())
    scales, movements = compare_scales(found), compare_movements(found)
    by_published = published(movements)
    if options.json:
        told = {
            "clips": len(clips),
            "missing_clips": missing,
            "scale": scales.figures(),
            "movement": movements.figures(),
            "published_movement": by_published.figures(),
        }
        sys.stdout.write(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
        return 0
    head = f"{len(found)} shots of {len(clips)} clips"
    parts = [
        f"{head}; not found: {', '.join(missing)}" if missing else head,
        scales.report(),
        movements.report(),
        by_published.report(),
        scales.disagreements_report(),
        movements.disagreements_report(),
    ]
    sys.stdout.write("\n\n".join(part for part in parts if part) + "\n")
    return 0


def _nothing(block: SignalBlock) -> None:
    """Blocks are of no interest before the film's end."""


if __name__ == "__main__":
    sys.exit(main())
