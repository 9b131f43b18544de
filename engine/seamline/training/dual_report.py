"""How well trained pictures are found by words, as a text for people and as facts.

A caption looks for its picture among all that are tested, each once; pictures that have the very same caption are
right for it too. Beside it stands what the same network gets where hits are counted in batches of 64.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.retrieval_metrics import BATCH_QUERIES, Recall, recall, recall_in_batches
from seamline.training.caption_pairs import CaptionPairs
from seamline.training.dual_training import Rows


def report_of(
    paired: CaptionPairs, similarities: Mapping[str, NDArray[np.float32]], rows: Mapping[str, Rows], seed: int
) -> tuple[str, dict[str, Any]]:
    """The text and the facts, of what was held back and of what was learnt from.

    `similarities["held"]` and `["learnt"]`: float32[captions, pictures] of the captions `rows` to their pictures in
    the order of these, each once.
    """
    names = sorted({paired.pictures[at].path.name for at in paired.picture_of[rows["held"]]})
    shown = ", ".join(f"“{name}”" for name in names[:5]) + (
        f" and {len(names) - 5} more" if len(names) > 5 else ""
    )
    learnt = len(paired.captions) - len(rows["held"])
    parts = [f"Learnt from {learnt:,} captions; tested by those of {shown}, which nothing was learnt from."]
    facts: dict[str, Any] = {"held_names": names, "learnt_captions": learnt}
    for name, title in (("held", "Held back"), ("learnt", "Learnt from")):
        truth = truth_of(paired, rows[name])
        whole = recall(similarities[name], truth)
        batches = recall_in_batches(similarities[name], truth, seed=seed)
        parts.append(
            f"{title}: {whole.text}\n"
            f"  the same, counted in batches of {BATCH_QUERIES} as some publish it: {batches.text}"
        )
        facts[name] = {"gallery": _facts(whole), f"batches_of_{BATCH_QUERIES}": _facts(batches)}
    return "\n\n".join(parts), facts


def truth_of(paired: CaptionPairs, rows: Rows) -> list[set[int]]:
    """For each of the captions `rows`, the places of its right pictures among theirs."""
    places = {int(picture): place for place, picture in enumerate(np.unique(paired.picture_of[rows]))}
    by_text: dict[str, set[int]] = {}
    for row in rows:
        by_text.setdefault(paired.captions[row], set()).add(places[int(paired.picture_of[row])])
    return [by_text[paired.captions[row]] for row in rows]


def _facts(found: Recall) -> dict[str, Any]:
    return {
        "recall": {str(k): share for k, share in found.shares.items()},
        "chance": {str(k): share for k, share in found.chance.items()},
        "median_rank": found.median_rank,
        "queries": len(found.ranks),
        "most_pictures": int(found.galleries.max()) if len(found.galleries) else 0,
    }
