"""The mixed pictures of a join, from those of both shots."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np

from seamline.evaluation.synthetic_overlays import title_card
from seamline.evaluation.synthetic_plan import Join
from seamline.evaluation.synthetic_sources import Pictures, Size
from seamline.evaluation.synthetic_wipes import Field, wipe_masks


def mixed(join: Join, outgoing: Pictures, incoming: Pictures, size: Size) -> Pictures:
    """All `join.frames` pictures of a join, uint8[n, h, w, 3].

    `outgoing` are the outgoing piece's pictures in the first `join.tail` of them, `incoming` the incoming
    piece's in the last `join.lead`. Mixed as they are, in gamma-coded values, as editing systems do.
    """
    if join.kind == "fade":
        return _faded(join, outgoing, incoming, size)
    shares: Field = np.asarray(np.arange(1, join.frames + 1) / (join.frames + 1), np.float32)
    if join.eased:
        shares = np.asarray(shares * shares * (3 - 2 * shares), np.float32)
    if join.kind == "dissolve":
        return _dissolved(join, outgoing, incoming, shares)
    if join.subtype in _MOVING:
        return _moved(join, outgoing, incoming, size, shares)
    shown, line = wipe_masks(join, size, shares)
    pictures = _through(shown, outgoing, incoming)
    return pictures if line is None else _through(line, pictures, np.asarray(join.colour, np.uint8))


def _dissolved(join: Join, outgoing: Pictures, incoming: Pictures, shares: Field) -> Pictures:
    if join.subtype == "additive":
        # the one stays whole until the other is: brighter in the middle than either
        before, after = np.minimum(1, 2 * (1 - shares)), np.minimum(1, 2 * shares)
    else:
        before, after = 1 - shares, shares
    return np.stack(
        [
            np.asarray(cv2.addWeighted(a, float(p), b, float(q), 0), np.uint8)
            for a, b, p, q in zip(outgoing, incoming, before, after, strict=True)
        ]
    )


def _faded(join: Join, outgoing: Pictures, incoming: Pictures, size: Size) -> Pictures:
    card = np.empty((size[1], size[0], 3), np.uint8)
    card[:] = join.colour
    if join.titled:
        card = title_card(join.colour, join.seed, size)
    pictures = np.empty((join.frames, *card.shape), np.uint8)
    pictures[join.out : join.frames - join.back] = card
    for step in range(1, join.out + 1):
        share = step / (join.out + 1)
        cv2.addWeighted(outgoing[step - 1], 1 - share, card, share, 0, pictures[step - 1])
    for step in range(1, join.back + 1):
        share = step / (join.back + 1)
        at = join.frames - join.back + step - 1
        cv2.addWeighted(incoming[step - 1], share, card, 1 - share, 0, pictures[at])
    return pictures


def _moved(join: Join, outgoing: Pictures, incoming: Pictures, size: Size, shares: Field) -> Pictures:
    return np.stack(
        [
            _MOVING[join.subtype](join, a, b, float(share), size)
            for a, b, share in zip(outgoing, incoming, shares, strict=True)
        ]
    )


def _push(join: Join, before: Pictures, after: Pictures, share: float, size: Size) -> Pictures:
    across, down = _direction(join, size)
    gone, coming = (across * share, down * share), (across * (share - 1), down * (share - 1))
    return _slid(join, _shifted(before, *gone), _shifted(after, *coming), share, size)


def _cover(join: Join, before: Pictures, after: Pictures, share: float, size: Size) -> Pictures:
    across, down = _direction(join, size)
    return _slid(join, before, _shifted(after, across * (share - 1), down * (share - 1)), share, size)


def _reveal(join: Join, before: Pictures, after: Pictures, share: float, size: Size) -> Pictures:
    across, down = _direction(join, size)
    return _slid(join, _shifted(before, across * share, down * share), after, share, size)


def _zoom_in(_join: Join, before: Pictures, after: Pictures, share: float, size: Size) -> Pictures:
    return _inset(before, after, share, size)


def _zoom_out(_join: Join, before: Pictures, after: Pictures, share: float, size: Size) -> Pictures:
    return _inset(after, before, 1 - share, size)


_MOVING = {
    "push": _push,
    "cover": _cover,
    "reveal": _reveal,
    "zoom in": _zoom_in,
    "zoom out": _zoom_out,
}


def _slid(join: Join, before: Pictures, after: Pictures, share: float, size: Size) -> Pictures:
    hard = replace(join, subtype="edge", softness=0, border=0)
    shown, _ = wipe_masks(hard, size, np.array([share], np.float32))
    return np.asarray(_through(shown, before[None], after[None])[0], np.uint8)


def _inset(around: Pictures, inside: Pictures, scale: float, size: Size) -> Pictures:
    """`inside`, made smaller, over the middle of `around`; its edges cover parts of pixels."""
    width, height = size
    if scale < 0.9:
        inside = np.asarray(
            cv2.GaussianBlur(inside, (0, 0), max(0.01, 0.4 * (min(8.0, 1 / scale) - 1)) + 0.05), np.uint8
        )
    shift_x, shift_y = (1 - scale) * (width - 1) / 2, (1 - scale) * (height - 1) / 2
    matrix = np.array([[scale, 0, shift_x], [0, scale, shift_y]])
    small = cv2.warpAffine(inside, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    covers = [_covered(length, scale) for length in size]
    mask = np.asarray(covers[1][:, None] * covers[0][None, :], np.float32)
    pictures = _through(mask[None], around[None], np.asarray(small, np.uint8)[None])
    return np.asarray(pictures[0], np.uint8)


def _covered(length: int, scale: float) -> Field:
    """How much of each pixel in a row the middle `scale` of it covers."""
    edge, at = (1 - scale) / 2 * length, np.arange(length)
    return np.asarray(np.clip(np.minimum(at + 1 - edge, length - at - edge), 0, 1), np.float32)


def _direction(join: Join, size: Size) -> tuple[float, float]:
    """The way across the picture and down it, in pixels; slides go along one of the two."""
    turn = math.radians(join.angle_deg)
    return round(math.cos(turn)) * float(size[0]), round(math.sin(turn)) * float(size[1])


def _shifted(picture: Pictures, across: float, down: float) -> Pictures:
    matrix = np.array([[1, 0, across], [0, 1, down]])
    size = (picture.shape[1], picture.shape[0])
    return np.asarray(
        cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        np.uint8,
    )


def _through(mask: Field, below: Pictures, above: Pictures) -> Pictures:
    weight = mask[..., None]
    return np.asarray(np.rint(below + (above.astype(np.float32) - below) * weight), np.uint8)
