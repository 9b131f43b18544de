"""How well shots are found by words: `python -m seamline.evaluation.caption_retrieval FOLDER [--captions CSV]`.

The gallery are the shots of a list of public clips (`real_shots.csv` beside this file), each by three or more of its
frames; a shot scores as its best frame does. The queries are the shots' own captions, those of further lists, and
single words. The clips come with nobody: give the folder that they lie in.

Captions of titles and pages of writing are asked apart, as no encoder that comes with Seamline reads; their shots stay
in the gallery of all others.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.embed_shots import embed_shots
from seamline.analysis.frame_vectors import FrameVectors
from seamline.analysis.label_vectors import conse_vectors
from seamline.errors import ExchangeError, ModelError, SeamlineError
from seamline.evaluation.caption_queries import (
    LEAST_RIGHT,
    CaptionQuery,
    caption_queries,
    keyword_queries,
    own_captions,
    read_captions,
)
from seamline.evaluation.real_shots import LIST, RealShot, find_clips, read_real_shots
from seamline.evaluation.retrieval_metrics import Recall, recall
from seamline.media.open_film import open_film
from seamline.models.conse import Conse
from seamline.models.conse_classes import LABEL_VECTORS
from seamline.models.conse_encoders import open_label_texts
from seamline.models.encoder import Embeddings, ImageEncoder, open_efficientnet
from seamline.models.encoders import installed_encoders
from seamline.models.image_classes_layer import open_class_layer
from seamline.models.word_vectors import open_word_vectors
from seamline.progress import CancellableProgress

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to search: of each shot the vectors of its frames, and what puts texts in the same space."""

    name: str
    gallery: Sequence[Embeddings]
    encode: Callable[[Sequence[str]], Embeddings]


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of one contender's queries. `halves`: the same of those about each second film."""

    captions: Recall
    halves: tuple[Recall, Recall]
    titles: Recall
    precision_at_3: float
    keywords: tuple[tuple[str, int], ...]
    refused: int

    @property
    def told(self) -> dict[str, object]:
        def of(found: Recall) -> dict[str, object]:
            return {
                "queries": len(found.ranks),
                "recall": found.shares,
                "chance": found.chance,
                "median_rank": found.median_rank,
                "mean_reciprocal_rank": found.mean_reciprocal_rank,
            }

        return {
            "captions": of(self.captions),
            "halves": [of(half) for half in self.halves],
            "titles": of(self.titles),
            "precision_at_3": self.precision_at_3,
            "keywords": dict(self.keywords),
            "refused": self.refused,
        }

    def report(self, name: str) -> str:
        words = ", ".join(f"{word} {right}" for word, right in self.keywords)
        lines = [
            name,
            f"  captions: {self.captions.text}",
            *(
                f"  {which} films: {half.text}"
                for which, half in zip(("odd", "even"), self.halves, strict=True)
            ),
            f"  titles: {self.titles.text}",
            f"  single words: precision@3 {100 * self.precision_at_3:.1f} % of {len(self.keywords)} ({words})",
        ]
        if self.refused:
            lines.append(f"  {self.refused} queries were refused and count as not found")
        return "\n".join(lines)


def shot_vectors(
    shots: Sequence[RealShot], clips: Mapping[str, Path], encoder: ImageEncoder
) -> list[FrameVectors]:
    """Of each shot the vectors of its frames, three or more where it has so many.

    Raises ExchangeError where the list and a clip do not fit, MediaError, ModelError.
    """
    of_shot: dict[int, FrameVectors] = {}
    for name in dict.fromkeys(shot.clip for shot in shots):
        film = open_film(clips[name])
        of_clip = {place: shot for place, shot in enumerate(shots) if shot.clip == name}
        if max(shot.end_frame for shot in of_clip.values()) > film.frame_count:
            raise ExchangeError(
                f"The list names frames of “{name}” that “{clips[name]}” lacks: it is another film of that name. Take "
                "it out of the folder."
            )
        ranges = sorted((shot.start_frame, shot.end_frame) for shot in of_clip.values())
        found = embed_shots(film, ranges, encoder, None, progress=CancellableProgress())
        for place, shot in of_clip.items():
            of_shot[place] = found.within(shot.start_frame, shot.end_frame)
    return [of_shot[place] for place in range(len(shots))]


def contenders(shots: Sequence[RealShot], clips: Mapping[str, Path]) -> Iterator[Contender]:
    """Every way to search that is installed: what is built in, as published and as it is used, then the encoders."""
    built_in = shot_vectors(shots, clips, open_efficientnet())
    conse = Conse(open_class_layer(), open_word_vectors())
    yield Contender(
        "ConSE as published", [conse.of_embeddings(each.vectors) for each in built_in], conse.of_texts
    )
    yield Contender(
        "label-vectors", [conse_vectors(each).vectors for each in built_in], open_label_texts().encode_texts
    )
    for choice in installed_encoders(with_words=True):
        if choice.id != LABEL_VECTORS.id and choice.open_text is not None:
            found = shot_vectors(shots, clips, choice.open_image(None))
            yield Contender(choice.name, [each.vectors for each in found], choice.open_text().encode_texts)


def scores_of(contender: Contender, texts: Sequence[str]) -> tuple[Floats, int]:
    """Each text's score with each shot, float32[texts, shots], and how many texts the encoder refused: they score 0
    with all shots, which counts as not found."""
    scores = np.zeros((len(texts), len(contender.gallery)), np.float32)
    refused = 0
    for row, text in enumerate(texts):
        try:
            (vector,) = contender.encode([text])
        except ModelError:
            refused += 1
            continue
        scores[row] = [float((frames @ vector).max()) for frames in contender.gallery]
    return scores, refused


def figures_of(
    contender: Contender, captions: Sequence[CaptionQuery], keywords: Sequence[CaptionQuery]
) -> Figures:
    """What becomes of the queries. Raises what the encoder raises, but for words that it refuses."""
    scores, refused = scores_of(contender, [each.text for each in captions])
    films = list(dict.fromkeys(each.clip for each in captions))

    def of(is_asked: Callable[[CaptionQuery], bool]) -> Recall:
        rows = [row for row, each in enumerate(captions) if is_asked(each)]
        return recall(scores[rows], [captions[row].places for row in rows])

    words, refused_words = scores_of(contender, [each.text for each in keywords])
    first = np.argsort(-words, axis=1, kind="stable")[:, :LEAST_RIGHT]
    right = [len(set(row.tolist()) & set(each.places)) for row, each in zip(first, keywords, strict=True)]
    return Figures(
        of(lambda each: not each.is_title),
        (
            of(lambda each: not each.is_title and films.index(each.clip) % 2 == 0),
            of(lambda each: not each.is_title and films.index(each.clip) % 2 == 1),
        ),
        of(lambda each: each.is_title),
        sum(right) / (LEAST_RIGHT * len(right)) if right else 0.0,
        tuple((each.text, count) for each, count in zip(keywords, right, strict=True)),
        refused + refused_words,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report, or the figures as JSON; exit code 1 where nothing could be asked."""
    parser = argparse.ArgumentParser(prog="python -m seamline.evaluation.caption_retrieval")
    parser.add_argument("folder", type=Path, help="the folder of the clips; folders in it are searched too")
    parser.add_argument("--list", type=Path, default=LIST, metavar="CSV", help="the shots that are searched")
    parser.add_argument(
        "--captions",
        type=Path,
        action="append",
        default=[],
        metavar="CSV",
        help="more captions of these shots: clip, first_frame, last_frame, caption; once for each list",
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args(arguments)
    try:
        listed = read_real_shots(options.list)
        clips = find_clips(options.folder, listed)
        shots = [shot for shot in listed if shot.clip in clips]
        captions = own_captions(shots)
        for path in options.captions:
            captions += read_captions(path)
        queries = caption_queries(captions, shots)
        if not queries:
            sys.stderr.write(f"No clip with captions of “{options.list}” lies in “{options.folder}”.\n")
            return 1
        keywords = keyword_queries(shots)
        found = {each.name: figures_of(each, queries, keywords) for each in contenders(shots, clips)}
    except (SeamlineError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    missing = sorted({shot.clip for shot in listed} - clips.keys())
    if options.json:
        told = {
            "shots": len(shots),
            "clips": len(clips),
            "missing_clips": missing,
            "encoders": {name: figures.told for name, figures in found.items()},
        }
        sys.stdout.write(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
        return 0
    head = f"{len(shots)} shots of {len(clips)} clips, {len(queries)} captions"
    parts = [f"{head}; not found: {', '.join(missing)}" if missing else head]
    chance = np.mean([len(each.places) / len(shots) for each in keywords]) if keywords else 0.0
    parts.append(f"single words: chance {100 * chance:.1f} %")
    parts += [figures.report(name) for name, figures in found.items()]
    sys.stdout.write("\n\n".join(parts) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
