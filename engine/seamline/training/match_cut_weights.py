"""Makes `match_siamese.npz`, the siamese network's weights that come with the program: see docs/TRAINING.md.

    python -m seamline.training.match_cut_weights FOLDER --out match_siamese.npz

FOLDER has the films. Besides, it learns from generated ones. The network begins with small pictures, a quarter as wide
and then half, and grows: the dense layer's weights are spread over the larger picture, which costs a twentieth of
beginning with the large one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from sklearn.metrics import average_precision_score

from seamline.analysis.analyze import Analysis
from seamline.errors import MediaError, SeamlineError
from seamline.exchange.files import written_whole
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models.siamese import Siamese, network_of, weights_of
from seamline.models.siamese_layout import PUBLISHED, SiameseSize
from seamline.models.siamese_weights import packed, unpacked
from seamline.progress import CancellableProgress, Progress
from seamline.project.types import Project
from seamline.training.match_cut_films import Range, flow_of_film, moments_of
from seamline.training.match_cut_generated import Planted, generated, planted
from seamline.training.match_cut_pairs import Split, drawn_batches, pairs_in, split_sources
from seamline.training.match_cut_report import MatchCutReport, judged, report_text
from seamline.training.match_cut_run import rule_of
from seamline.training.match_cut_sets import FlowSet, Labels
from seamline.training.match_cut_training import MatchCutTraining, Recipe, logits_of
from seamline.training.outputs import check_outputs
from seamline.training.same_footage_films import opened_films, read_sources

SEED = 8
_GENERATED = {Split.TRAIN: (1, 700), Split.VALIDATION: (2, 120), Split.TEST: (4, 120)}
"""Seed and number of the steps that are generated for each use."""
_PLANTED_SEED, _PLANTED_STEPS = 3, 120
_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Phase:
    """Training at one size of picture."""

    side: int
    pairs: int
    epochs: int
    rate: float


PHASES = (Phase(56, 14_264, 14, 1e-3), Phase(112, 3_200, 2, 2e-4), Phase(224, 1_920, 2, 1e-4))


def made(
    films: dict[Split, FlowSet], labels: Labels, *, seed: int = SEED, phases: Sequence[Phase] = PHASES
) -> tuple[Siamese, str]:
    """The network, its weights as they are written, and the report. Tells on standard error how far it is."""
    flows = dict(films)
    for split, (generated_seed, steps) in _GENERATED.items():
        drawn = generated(generated_seed, steps, progress=_telling(f"generated, {split.name.lower()}"))
        flows[split] = both(films[split], drawn.flow)
    rule = rule_of(labels, flows[Split.TRAIN], None, seed)
    network: Siamese | None = None
    epochs = []
    for number, phase in enumerate(phases):
        size = SiameseSize(side=phase.side)
        network = None if network is None else grown(network, size)
        recipe = Recipe(phase.epochs, seed + number, phase.rate, mirrored=labels is Labels.MOTION)
        training = MatchCutTraining(recipe, size=size, network=network)
        batches = {
            split: drawn_batches(
                flows[split], rule, split, pairs_in(split, phase.pairs), seed=seed + 10 * number
            )
            for split in Split
        }
        training.run(
            flows[Split.TRAIN],
            batches[Split.TRAIN],
            flows[Split.VALIDATION],
            batches[Split.VALIDATION],
            progress=_telling(f"{phase.side} pixels"),
        )
        network = training.network
        epochs += training.epochs
        sys.stderr.write(f"{phase}: {training.epochs}\n")
    assert network is not None
    kept = network_of(unpacked(packed(weights_of(network)), "the result"))
    lines = tuple(f"{split.name.lower()}: {len(flows[split])} flow pictures" for split in Split)
    told = judged(kept, training, rule, flows, batches)
    text = report_text(MatchCutReport(lines, told))
    found = planted(_PLANTED_SEED, _PLANTED_STEPS, progress=_telling("planted"))
    return network, f"{text}\n\n{planted_text(kept, found)}"


def planted_text(network: Siamese, pairs: Planted) -> str:
    """Average precision on planted pairs: of the network, of the published labels' measure, and of flow grids."""
    scores = logits_of(network, pairs.flow.pictures, pairs.first, pairs.second)
    grids = pairs.flow.grids.reshape(len(pairs.flow), -1)
    grids = grids / np.maximum(np.linalg.norm(grids, axis=1, keepdims=True), 1e-12)
    cosines = np.einsum("nd,nd->n", grids[pairs.first], grids[pairs.second])
    greys = -np.abs(pairs.flow.greys[pairs.first] - pairs.flow.greys[pairs.second])
    lines = [
        f"{len(pairs.truth)} planted pairs, {pairs.truth.mean():.3f} of them matches by movement; average precision:"
    ]
    for name, values in (
        ("siamese", scores),
        ("difference of mean greys", greys),
        ("cosine of flow grids", cosines),
    ):
        hard = pairs.sorts != "other step"
        alone = average_precision_score(pairs.truth[hard], values[hard])
        lines.append(
            f"{name:26}{average_precision_score(pairs.truth, values):8.3f}, against other directions alone {alone:.3f} "
            f"(prevalence {pairs.truth[hard].mean():.3f})"
        )
    return "\n".join(lines)


def grown(network: Siamese, size: SiameseSize) -> Siamese:
    """A network for larger pictures that gives about the same features of the same pictures made large."""
    times = size.side // network.size.side
    larger = Siamese(size)
    state = network.state_dict()
    side, third = network.size.flat_side, network.size.channels[2]
    dense = state["dense.weight"].reshape(size.features, third, side, side) / times**2
    spread = dense.repeat_interleave(times, 2).repeat_interleave(times, 3)
    larger.load_state_dict(state | {"dense.weight": spread.reshape(size.features, -1)})
    return larger


def both(one: FlowSet, other: FlowSet) -> FlowSet:
    """The two, one behind the other, in memory."""
    return FlowSet(
        np.concatenate([each.pictures[np.arange(len(each))] for each in (one, other)]),
        np.concatenate([one.greys, other.greys]),
        np.concatenate([one.grids, other.grids]),
        np.concatenate([one.shots, other.shots + int(one.shots.max(initial=-1)) + 1]),
    )


def files_in(folder: Path) -> list[Path]:
    """All of a folder's files, sorted. Raises MediaError."""
    try:
        return sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise MediaError(
            f"“{folder}” cannot be read ({error.strerror or error}): choose another folder."
        ) from error


def flows_of(folder: Path, sources: Path | None, seed: int) -> dict[Split, FlowSet]:
    """The flow pictures of a folder's films: the middle of each shot, and others a second apart. Raises MediaError."""
    paths = [path for path in files_in(folder) if path.suffix.lower() != ".csv"]
    named = {} if sources is None else read_sources(sources)
    films, left_out = opened_films(
        paths,
        lambda path, progress: open_film(path, progress=progress),
        sources=named,
        progress=CancellableProgress(),
    )
    if left_out:
        raise MediaError(f"“{folder}” is to have films alone: {left_out[0]}")
    found: dict[str, list[FlowSet]] = {}
    with tempfile.TemporaryDirectory() as kept:
        for film in films:
            flow = flow_of_film(
                film.film,
                moments_of(_shots(film.film), round(_EVERY_S * film.film.rate)),
                Path(kept),
                progress=_telling(film.film.path.name),
            )
            found.setdefault(film.source, []).append(both(flow, flow_nothing(flow)))
        splits = split_sources({source: sum(map(len, sets)) for source, sets in found.items()}, seed)
    for film in films:
        sys.stderr.write(f"{splits[film.source].name.lower()}: {film.film.path.name}\n")
    flows: dict[Split, FlowSet] = {}
    for source, sets in found.items():
        for each in sets:
            split = splits[source]
            flows[split] = both(flows[split], each) if split in flows else each
    return flows


def flow_nothing(like: FlowSet) -> FlowSet:
    """No pictures."""
    none = np.empty(0, np.int64)
    return FlowSet(like.pictures[none], like.greys[none], like.grids[none], none)


def _shots(film: Film) -> list[Range]:
    analysis = Analysis(film)
    analysis.run(progress=CancellableProgress())
    return [shot.range for shot in Project(film).with_proposals(analysis.seams, film.frame_count).shots]


def _telling(what: str) -> Progress:
    last_s = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last_s
        if time.monotonic() - last_s > 20:
            last_s = time.monotonic()
            sys.stderr.write(f"{what}: {done} of {total}\n")
            sys.stderr.flush()

    return CancellableProgress(tell)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the weights and print the report."""
    parser = argparse.ArgumentParser(prog="python -m seamline.training.match_cut_weights")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="films, and nothing else")
    parser.add_argument(
        "--sources", type=Path, metavar="FILE.csv", help="films of one source: columns film and source"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.npz")
    parser.add_argument("--labels", choices=[each.value for each in Labels], default=Labels.MOTION.value)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--threads", type=int, default=1, help="1 unless told: sums depend on it")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(options.threads)
    try:
        table = [] if options.sources is None else [options.sources]
        check_outputs(options.out, ".npz", inputs=[*files_in(options.folder), *table])
        flows = flows_of(options.folder, options.sources, options.seed)
        network, report = made(flows, Labels(options.labels), seed=options.seed)
        content = packed(weights_of(network))
        unpacked(content, options.out.name, PUBLISHED)
        with written_whole(options.out, overwrite=True) as part:
            part.write_bytes(content)
        sys.stdout.write(f"{report}\n")
    except SeamlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
