"""A synthetic edit as pictures, at any size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.synthetic_distractors import disturbed
from seamline.evaluation.synthetic_joins import mixed
from seamline.evaluation.synthetic_look import barred, graded, grained
from seamline.evaluation.synthetic_overlays import laid_over, logo
from seamline.evaluation.synthetic_plan import PLAIN, EditPlan, Join, Look
from seamline.evaluation.synthetic_sources import Pictures, ShotSource, Size
from seamline.exchange.csv_list import Transition

_BLOCK_FRAMES = 64


def render(plan: EditPlan, sources: Sequence[ShotSource], size: Size) -> tuple[Pictures, list[Transition]]:
    """The whole film in memory, uint8[n, h, w, 3], and its truth. Raises MediaError."""
    pictures = np.empty((plan.frame_count, size[1], size[0], 3), np.uint8)
    at = 0
    for block in rendered_blocks(plan, sources, size):
        pictures[at : at + len(block)] = block
        at += len(block)
    return pictures, plan.truth


def rendered_blocks(
    plan: EditPlan, sources: Sequence[ShotSource], size: Size, *, block_frames: int = _BLOCK_FRAMES
) -> Iterator[Pictures]:
    """The film's pictures in order, some at a time: a whole join, or up to `block_frames` of a piece."""
    at = 0
    for block in _bare_blocks(plan, sources, size, block_frames):
        yield _finished(plan, block, np.arange(at, at + len(block)))
        at += len(block)


def piece_pictures(
    plan: EditPlan, sources: Sequence[ShotSource], piece: int, start: int, end: int, size: Size
) -> Pictures:
    """Piece number `piece` alone in its frames [start, end), counted from its first full one.

    They may reach into the joins around it: that is what it would show there. Nothing of the film's own
    finish is on them.
    """
    if start >= end:
        return np.empty((0, size[1], size[0], 3), np.uint8)
    each, lead = plan.pieces[piece], plan.lead(piece)
    numbers = np.arange(start, end)
    footage = plan.numbers(piece)[lead + start : lead + end]
    pictures = sources[each.source].frames(footage.tolist(), size, each.look.region)
    pictures = graded(pictures, each.look)
    for distractor in each.distractors:
        last = end if distractor.stays else distractor.start + distractor.frames
        if distractor.start < end and start < last:
            inset = None
            if distractor.kind == "picture in picture":
                other = sources[distractor.source]
                inset = other.frames(_to_and_fro(numbers - distractor.start, other.frame_count), size)
            pictures = disturbed(pictures, numbers, distractor, inset)
    return _textured(pictures, each.look, numbers + 1000 * piece + 500)


def _bare_blocks(
    plan: EditPlan, sources: Sequence[ShotSource], size: Size, block_frames: int
) -> Iterator[Pictures]:
    nothing = np.empty((0, size[1], size[0], 3), np.uint8)
    if plan.opening is not None:
        incoming = piece_pictures(plan, sources, 0, -plan.opening.lead, 0, size)
        yield mixed(plan.opening, nothing, incoming, size)
    for at, piece in enumerate(plan.pieces):
        for start in range(0, piece.full_frames, block_frames):
            end = min(start + block_frames, piece.full_frames)
            yield piece_pictures(plan, sources, at, start, end, size)
        join: Join | None = plan.joins[at] if at < len(plan.joins) else plan.closing
        if join is None or not join.frames:
            continue
        full = piece.full_frames
        outgoing = piece_pictures(plan, sources, at, full, full + join.tail, size)
        incoming = nothing
        if at < len(plan.joins):
            incoming = piece_pictures(plan, sources, at + 1, -join.lead, 0, size)
        yield mixed(join, outgoing, incoming, size)


def _finished(plan: EditPlan, pictures: Pictures, numbers: NDArray[np.int64]) -> Pictures:
    finish = plan.finish
    if finish != PLAIN:
        pictures = graded(pictures, replace(finish, flip=False))
    if plan.logo:
        pictures = laid_over(pictures, logo(plan.logo, (pictures.shape[2], pictures.shape[1])))
    return _textured(pictures, finish, numbers)


def _textured(pictures: Pictures, look: Look, numbers: NDArray[np.int64]) -> Pictures:
    if look.bars:
        pictures = barred(pictures, look.bars)
    return grained(pictures, look.grain, numbers) if look.grain and len(pictures) else pictures


def _to_and_fro(steps: NDArray[np.int64], frame_count: int) -> list[int]:
    """Frames of footage that runs forwards and backwards without end, and stands still before its start."""
    there = np.maximum(steps, 0) % (2 * frame_count)
    return [int(number) for number in np.where(there < frame_count, there, 2 * frame_count - 1 - there)]
