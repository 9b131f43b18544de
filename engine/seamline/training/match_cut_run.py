"""One run of `seamline train match-cuts`: from films to the siamese network's weights, curves and a report."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from seamline.exchange.files import write_text_atomically, written_whole
from seamline.exchange.segment_plot import check_plot_path
from seamline.media.film import Film
from seamline.models.encoder import ImageEncoder
from seamline.models.siamese import network_of, weights_of
from seamline.models.siamese_layout import PUBLISHED, SiameseSize
from seamline.models.siamese_weights import packed, unpacked
from seamline.progress import THOUSANDTHS, Part, Progress
from seamline.training.match_cut_films import ShotsOf, flow_of_film, forget, joined_sets, moments_of
from seamline.training.match_cut_pairs import (
    DEFAULT_PAIRS,
    FEWEST_PICTURES,
    Split,
    drawn_batches,
    pairs_in,
    split_sources,
)
from seamline.training.match_cut_plot import write_curves
from seamline.training.match_cut_report import MatchCutReport, judged, report_text
from seamline.training.match_cut_sets import FlowSet, LabelRule, Labels, halving_threshold
from seamline.training.match_cut_training import DEFAULT_EPOCHS, MatchCutTraining, Recipe
from seamline.training.outputs import check_outputs
from seamline.training.same_footage_films import (
    OpenFilm,
    PairFilm,
    joined,
    naming,
    opened_films,
    read_sources,
)
from seamline.training.same_footage_vectors import FolderOf, PairVectors

_COPY_FRAMES = 30


@dataclass(frozen=True, slots=True)
class MatchCutRun:
    """What to train with: `films` are paths, `out` the weights' file. `threshold_levels` of the published labels; None
    for the one that halves the pairs. `every_s`: pictures beside the middle of a shot, so many seconds apart, too.
    `curves`: where to draw them; `sources`: a table of the films that show the same footage."""

    films: tuple[Path, ...]
    out: Path
    seed: int = 0
    pairs: int = DEFAULT_PAIRS
    epochs: int = DEFAULT_EPOCHS
    labels: Labels = Labels.PUBLISHED
    threshold_levels: float | None = None
    every_s: float | None = None
    curves: Path | None = None
    sources: Path | None = None

    @property
    def text_path(self) -> Path:
        return self.out.with_suffix(".txt")

    @property
    def json_path(self) -> Path:
        return self.out.with_suffix(".json")

    @property
    def checkpoint(self) -> Path:
        return self.out.with_suffix(".pt")

    @property
    def folder(self) -> Path:
        """Where the pictures lie until it is done."""
        return self.out.with_name(f"{self.out.name}.pictures")

    @property
    def outputs(self) -> tuple[Path, ...]:
        """All files that it leaves."""
        return (self.out, self.text_path, self.json_path, *_given(self.curves))


@dataclass(frozen=True, slots=True)
class MatchCutResult:
    """The report, and a sentence for each film that was left out."""

    report: str
    left_out: tuple[str, ...]


def train_match_cuts(
    run: MatchCutRun,
    open_film: OpenFilm,
    shots_of: ShotsOf,
    encoder: ImageEncoder | None,
    folder_of: FolderOf,
    *,
    progress: Progress,
    size: SiameseSize = PUBLISHED,
) -> MatchCutResult:
    """Draw the pairs, train, test, and write weights, report and curves, over what is there but never over a film.

    Copies among the films are found by `encoder`; without one they are not. Beside `run.out` a checkpoint and the
    pictures are kept until it is done; the same run goes on from both. Raises Cancelled, ExchangeError, MediaError or
    ModelError.
    """
    if run.curves is not None:
        check_plot_path(run.curves)
    check_outputs(
        run.out,
        ".npz",
        [run.checkpoint, *_given(run.curves)],
        inputs=[*run.films, *_given(run.sources)],
        reports=[run.text_path, run.json_path],
    )
    named = {} if run.sources is None else read_sources(run.sources)
    films, left_out = opened_films(run.films, open_film, sources=named, progress=Part(progress, 0, 20))
    # what cannot be, for want of films or for a checkpoint of others, is told before anything is decoded
    with naming(left_out):
        split_sources({film.source: FEWEST_PICTURES for film in films}, run.seed)
    recipe = Recipe(run.epochs, run.seed, mirrored=run.labels is Labels.MOTION)
    training = MatchCutTraining(recipe, _identity(run, films), size)
    if run.checkpoint.exists():
        training.load(run.checkpoint)
    if encoder is not None and len(films) > 1:
        vectors = PairVectors(films, encoder, folder_of)
        vectors.make_frames(_copy_frames(films), progress=Part(progress, 20, 60))
        films = joined(films, vectors.alike())
    sets = [
        _flow_of(
            film.film,
            run,
            shots_of,
            Part(progress, 60 + 340 * at // len(films), 60 + 340 * (at + 1) // len(films)),
        )
        for at, film in enumerate(films)
    ]
    with naming(left_out):
        splits = split_sources(_pictures_by_source(films, sets), run.seed)
    flows = {
        split: joined_sets(
            [flow for film, flow in zip(films, sets, strict=True) if splits.get(film.source) is split]
        )
        for split in Split
    }
    training.trains_on(_pictures_identity(films, splits, sets))
    rule = rule_of(run.labels, flows[Split.TRAIN], run.threshold_levels, run.seed)
    batches = {
        split: drawn_batches(flows[split], rule, split, pairs_in(split, run.pairs), seed=run.seed)
        for split in Split
    }
    training.run(
        flows[Split.TRAIN],
        batches[Split.TRAIN],
        flows[Split.VALIDATION],
        batches[Split.VALIDATION],
        progress=Part(progress, 400, 980),
        checkpoint=run.checkpoint,
    )
    content = packed(weights_of(training.network))
    # what is told of is what was written
    network = network_of(unpacked(content, run.out.name, size), size)
    told = judged(network, training, rule, flows, batches)
    report = MatchCutReport(_lines_of(films, splits, sets), told)
    with written_whole(run.out, overwrite=True, sources=run.films) as part:
        part.write_bytes(content)
    write_report(run, report)
    sets.clear()
    flows.clear()  # a file that is mapped cannot be removed on every system
    forget(run.folder)
    with contextlib.suppress(OSError):
        run.checkpoint.unlink(missing_ok=True)
    progress.step(THOUSANDTHS, THOUSANDTHS)
    return MatchCutResult(report_text(report), tuple(left_out))


def rule_of(labels: Labels, flow: FlowSet, threshold_levels: float | None, seed: int) -> LabelRule:
    """The rule with its threshold: the one given, or the one that halves the pairs to train with."""
    if labels is Labels.MOTION:
        return LabelRule(labels)
    return LabelRule(labels, halving_threshold(flow, seed) if threshold_levels is None else threshold_levels)


def write_report(run: MatchCutRun, report: MatchCutReport) -> None:
    """The report as text and as JSON, and the curves if asked for. Raises ExchangeError."""
    write_text_atomically(run.text_path, report_text(report) + "\n", overwrite=True, sources=run.films)
    facts = json.dumps(asdict(report), ensure_ascii=False, indent=1)
    write_text_atomically(run.json_path, facts + "\n", overwrite=True, sources=run.films)
    if run.curves is not None:
        write_curves(run.curves, report.told.epochs, report.told.best_epoch, overwrite=True)


def _flow_of(film: Film, run: MatchCutRun, shots_of: ShotsOf, progress: Progress) -> FlowSet:
    shots = shots_of(film, Part(progress, 0, 700))
    every = None if run.every_s is None else max(1, round(run.every_s * film.rate))
    return flow_of_film(film, moments_of(shots, every), run.folder, progress=Part(progress, 700, THOUSANDTHS))


def _given(path: Path | None) -> list[Path]:
    return [] if path is None else [path]


def _pictures_by_source(films: Sequence[PairFilm], sets: Sequence[FlowSet]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for film, flow in zip(films, sets, strict=True):
        counts[film.source] = counts.get(film.source, 0) + len(flow)
    return counts


def _copy_frames(films: Sequence[PairFilm]) -> dict[int, set[int]]:
    """Frames to find copies by: one every two seconds, at most thirty, at whole seconds as in a copy."""
    found = {}
    for number, film in enumerate(films):
        every = max(2, -(-int(film.duration) // _COPY_FRAMES))
        found[number] = {film.film.index.frame_at(at) for at in range(0, int(film.duration) + 1, every)}
    return found


def _identity(run: MatchCutRun, films: Sequence[PairFilm]) -> str:
    """What a checkpoint must have been made of to be gone on from, as far as it is known before the films are read."""
    lines = [f"{run.seed} {run.pairs} {run.epochs} {run.labels} {run.threshold_levels!r} {run.every_s!r}"]
    return _digest(lines + [f"{film.film.fingerprint} {film.source}" for film in films])


def _pictures_identity(
    films: Sequence[PairFilm], splits: Mapping[str, Split], sets: Sequence[FlowSet]
) -> str:
    """What became of the films: their shots, which may be decided anew, and what each film is used for."""
    lines = [
        f"{splits.get(film.source)} {flow.shots.tolist()} {flow.greys.tobytes().hex()}"
        for film, flow in zip(films, sets, strict=True)
    ]
    return _digest(lines)


def _digest(lines: Sequence[str]) -> str:
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=16).hexdigest()


def _lines_of(
    films: Sequence[PairFilm], splits: dict[str, Split], sets: Sequence[FlowSet]
) -> tuple[str, ...]:
    lines = []
    for split, use in _USES.items():
        mine = [
            (film, flow) for film, flow in zip(films, sets, strict=True) if splits.get(film.source) is split
        ]
        names = ", ".join(film.film.path.name for film, _ in mine)
        lines.append(f"To {use}: {names} ({sum(len(flow) for _, flow in mine)} flow pictures).")
    unused = [film.film.path.name for film in films if film.source not in splits]
    if unused:
        lines.append(f"Without a shot of two frames: {', '.join(unused)}.")
    groups: dict[str, list[str]] = {}
    for film in films:
        groups.setdefault(film.source, []).append(film.film.path.name)
    lines += [f"The same footage: {', '.join(names)}." for names in groups.values() if len(names) > 1]
    return tuple(lines)


_USES = {Split.TRAIN: "train", Split.VALIDATION: "stop by", Split.TEST: "test"}
