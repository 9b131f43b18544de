"""How alike neighbouring frames are, how bright they are, and how much there is to see in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.stage import FloatArray, Pictures, PictureSpec, Resumption, SignalBlock
from seamline.progress import Progress

Floats = NDArray[np.float64]

SIMILARITY, BRIGHTNESS, CONTRAST = "similarity", "brightness", "contrast"
RELIGHTING, DISPLACEMENT = "relighting", "displacement"

# SSIM's constants for a range of 1 (Wang et al., Image quality assessment, IEEE TIP 13(4), 2004, section III.B)
_C1, _C2 = 0.01**2, 0.03**2
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)  # ITU-R BT.709, item 3.2

_LEAST_SPREAD = 1e-6
_LEAST_DIFFERENCE = 1e-4  # of a mean square: 2.5 levels of 255

_SHAPE = 27, 48
_FROM_CENTRE_Y, _FROM_CENTRE_X = np.mgrid[-12.0:13.0, -22.5:23.5]  # pixels, without the outermost
_LIGHT_CAUSES = 2  # the first of the causes of a change: gain and offset
_RIDGE = 1e-4
_LEAST_SMOOTH_DIFFERENCE = 1e-5  # of a mean square: .8 levels of 255

_MIDDLE_ROWS, _MIDDLE_COLUMNS = slice(5, 22), slice(8, 40)  # of 27 and 48


class SimilarityStage:
    """Gives `similarity`: of each frame to the one before it, 1 for the same picture, 0 for nothing in common
    (frame 0 has 1); `brightness`: mean luma, and `contrast`: standard deviation of luma, both 0 to 1 and
    both of the middle of the picture: captions, logos and black bars lie at its edges; and `relighting`: how
    much of the difference to the frame before is another light on the same picture, and `displacement`: how much
    of it is the same picture shifted or zoomed, 0 to 1 each (frame 0 has 0).

    Similarity is the structural similarity (SSIM) of the two whole 48x27 pictures as one window over all
    three colour channels: differences of content count, slow changes of light hardly do.
    """

    name = "similarity"
    version = 4
    key = "48x27"
    pictures = PictureSpec(48, 27)
    signal_names = (SIMILARITY, BRIGHTNESS, CONTRAST, RELIGHTING, DISPLACEMENT)
    signal_width = 1
    stored_frames = None

    def __init__(self) -> None:
        self._next_result = 0
        self._before: Floats | None = None

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        self._next_result = done_frames
        self._before = None
        return Resumption(max(0, done_frames - 1), done_frames)

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        planes = _planes(pictures)
        if self._before is None:
            self._before = planes[0]
            if self._next_result > 0:
                planes, pictures = planes[1:], pictures[1:]  # the picture before only serves for comparison
        if len(planes) == 0:
            return []
        before = np.concatenate([self._before[np.newaxis], planes[:-1]])
        moments = Moments.of(planes, before)
        self._before = planes[-1]
        middle = pictures[:, _MIDDLE_ROWS, _MIDDLE_COLUMNS].reshape(len(pictures), -1, 3)
        luma = (middle.astype(np.float32) @ _LUMA) / np.float32(255)
        block = SignalBlock(
            self._next_result,
            {
                SIMILARITY: structural_similarity(moments),
                BRIGHTNESS: luma.mean(1),
                CONTRAST: luma.std(1),
                RELIGHTING: relighting(moments),
                DISPLACEMENT: displacement(planes, before),
            },
        )
        self._next_result = block.end_frame
        return [block]

    def finish(self) -> list[SignalBlock]:
        return []


@dataclass(frozen=True, eq=False, slots=True)
class Moments:
    """Means over the pixels of each colour of pictures and of those before them, float64[n, 3] each: of the values (0
    to 1), of their squares, and of their products. Exact, as the levels of 8 bits are whole numbers."""

    now: Floats
    then: Floats
    now_squared: Floats
    then_squared: Floats
    product: Floats

    @classmethod
    def of(cls, now: Floats, then: Floats) -> Moments:
        """Of planes float64[n, 3, pixels], 0 to 255."""
        pixels = now.shape[-1]

        def mean_product(a: Floats, b: Floats) -> Floats:
            mean: Floats = np.einsum("ncp,ncp->nc", a, b) / (pixels * 255.0**2)
            return mean

        return cls(
            now.mean(2) / 255,
            then.mean(2) / 255,
            mean_product(now, now),
            mean_product(then, then),
            mean_product(now, then),
        )


def structural_similarity(moments: Moments) -> FloatArray:
    """SSIM of each whole picture, all colours as one window, with the one before it: float32[n], 0 to 1."""
    now, then = moments.now.mean(1), moments.then.mean(1)
    variances = moments.now_squared.mean(1) - now**2, moments.then_squared.mean(1) - then**2
    covariance = moments.product.mean(1) - now * then
    light = (2 * now * then + _C1) / (now**2 + then**2 + _C1)
    structure = (2 * covariance + _C2) / (variances[0] + variances[1] + _C2)
    similarity: FloatArray = np.clip(light * structure, 0, 1).astype(np.float32)
    return similarity


def relighting(moments: Moments) -> FloatArray:
    """How much of the difference of each picture to the one before it is a gain and an offset of each colour:
    float32[n], 0 to 1. Next to no difference counts as none of it.

    A light that is switched on, a flash or a change of exposure is nearly all of it; a change of content is not.
    """
    raw = (moments.now_squared - 2 * moments.product + moments.then_squared).mean(1)
    # the residual of the least squares fit of one centred colour by the other
    spread = moments.then_squared - moments.then**2
    covariance = moments.product - moments.now * moments.then
    left = moments.now_squared - moments.now**2 - covariance**2 / np.maximum(spread, _LEAST_SPREAD)
    explained = 1 - np.maximum(left, 0).mean(1) / np.maximum(raw, _LEAST_DIFFERENCE)
    share: FloatArray = np.where(raw > _LEAST_DIFFERENCE, np.clip(explained, 0, 1), 0).astype(np.float32)
    return share


def displacement(now: Floats, then: Floats) -> FloatArray:
    """How much of the difference of each picture to the one before it is a shift and a zoom of the whole, beyond what a
    change of light explains: float32[n], 0 to 1. Next to no difference counts as none of it.

    Planes are float64[n, 3, 27 * 48], 0 to 255. A pan, a zoom or a shaken camera is most of it; a dissolve, a wipe or
    a cut hardly any. Least squares on the gradients of the mean of both pictures, as in Lucas and Kanade, An
    iterative image registration technique, IJCAI 1981, for one shift and zoom of the whole picture.
    """
    smooth_now, smooth_then = _smooth_luma(now), _smooth_luma(then)
    mean = (smooth_now + smooth_then) / 2
    across = ((mean[:, :, 2:] - mean[:, :, :-2]) / 2)[:, 1:-1]
    down = ((mean[:, 2:] - mean[:, :-2]) / 2)[:, :, 1:-1]
    inside = mean[:, 1:-1, 1:-1]
    zoom = _FROM_CENTRE_X * across + _FROM_CENTRE_Y * down
    causes = np.stack([inside, np.ones_like(inside), across, down, zoom], axis=1).reshape(len(mean), 5, -1)
    change = (smooth_now - smooth_then)[:, 1:-1, 1:-1].reshape(len(mean), -1)
    products = np.einsum("nip,njp->nij", causes, causes) + np.eye(5) * _RIDGE
    shares = np.einsum("nip,np->ni", causes, change)

    def explained(count: int) -> Floats:
        fit = np.linalg.solve(products[:, :count, :count], shares[:, :count, np.newaxis])[..., 0]
        return np.asarray((fit * shares[:, :count]).sum(1))

    raw, least = (change**2).sum(1), _LEAST_SMOOTH_DIFFERENCE * change.shape[1]
    share = (explained(len(causes[0])) - explained(_LIGHT_CAUSES)) / np.maximum(raw, least)
    return np.where(raw > least, np.clip(share, 0, 1), 0).astype(np.float32)


def _smooth_luma(planes: Floats) -> Floats:
    """Luma, 0 to 1, each pixel the mean of its 3 x 3 neighbours: float64[n, 27, 48]."""
    luma = np.einsum("c,ncp->np", _LUMA.astype(np.float64) / 255, planes).reshape(-1, *_SHAPE)
    padded = np.pad(luma, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    mean: Floats = (rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:]) / 9
    return mean


def _planes(pictures: Pictures) -> Floats:
    """uint8[n, height, width, 3] as float64[n, 3, pixels]."""
    colours_first = pictures.reshape(len(pictures), -1, 3).transpose(0, 2, 1)
    return np.ascontiguousarray(colours_first).astype(np.float64)
