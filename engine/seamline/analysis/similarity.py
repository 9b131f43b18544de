"""How alike neighbouring frames are, how bright they are, and how much there is to see in them."""

from __future__ import annotations

import numpy as np

from seamline.analysis.stage import FloatArray, Pictures, PictureSpec, Resumption, SignalBlock
from seamline.progress import Progress

SIMILARITY, BRIGHTNESS, CONTRAST, RELIGHTING = "similarity", "brightness", "contrast", "relighting"

# SSIM's constants for a range of 1 (Wang et al., Image quality assessment, IEEE TIP 13(4), 2004, section III.B)
_C1, _C2 = 0.01**2, 0.03**2
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)  # ITU-R BT.709, item 3.2

_LEAST_SPREAD = 1e-6
_LEAST_DIFFERENCE = 1e-4  # of a mean square: 2.5 levels of 255

_MIDDLE_ROWS, _MIDDLE_COLUMNS = slice(5, 22), slice(8, 40)  # of 27 and 48


class SimilarityStage:
    """Gives `similarity`: of each frame to the one before it, 1 for the same picture, 0 for nothing in common
    (frame 0 has 1); `brightness`: mean luma, and `contrast`: standard deviation of luma, both 0 to 1 and
    both of the middle of the picture: captions, logos and black bars lie at its edges; and `relighting`: how
    much of the difference to the frame before is another light on the same picture, 0 to 1 (frame 0 has 0).

    Similarity is the structural similarity (SSIM) of the two whole 48x27 pictures as one window over all
    three colour channels: differences of content count, slow changes of light hardly do.
    """

    name = "similarity"
    version = 3
    key = "48x27"
    pictures = PictureSpec(48, 27)
    signal_names = (SIMILARITY, BRIGHTNESS, CONTRAST, RELIGHTING)
    signal_width = 1
    stored_frames = None

    def __init__(self) -> None:
        self._next_result = 0
        self._before: FloatArray | None = None

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        self._next_result = done_frames
        self._before = None
        return Resumption(max(0, done_frames - 1), done_frames)

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        flat = pictures.reshape(len(pictures), -1).astype(np.float32) / np.float32(255)
        if self._before is None:
            self._before = flat[0]
            if self._next_result > 0:
                flat, pictures = flat[1:], pictures[1:]  # the picture before only serves for comparison
        if len(flat) == 0:
            return []
        before = np.vstack([self._before[np.newaxis], flat[:-1]])
        similarity = structural_similarity(flat, before)
        self._before = flat[-1]
        middle = pictures[:, _MIDDLE_ROWS, _MIDDLE_COLUMNS].reshape(len(pictures), -1, 3)
        luma = (middle.astype(np.float32) @ _LUMA) / np.float32(255)
        block = SignalBlock(
            self._next_result,
            {
                SIMILARITY: similarity,
                BRIGHTNESS: luma.mean(1),
                CONTRAST: luma.std(1),
                RELIGHTING: relighting(flat, before),
            },
        )
        self._next_result = block.end_frame
        return [block]

    def finish(self) -> list[SignalBlock]:
        return []


def structural_similarity(these: FloatArray, those: FloatArray) -> FloatArray:
    """SSIM of each row of float32[n, values] (0 to 1) with the same row of the other: float32[n], 0 to 1."""
    means = these.mean(1), those.mean(1)
    centred = these - means[0][:, np.newaxis], those - means[1][:, np.newaxis]
    variances = (centred[0] ** 2).mean(1), (centred[1] ** 2).mean(1)
    covariance = (centred[0] * centred[1]).mean(1)
    light = (2 * means[0] * means[1] + _C1) / (means[0] ** 2 + means[1] ** 2 + _C1)
    structure = (2 * covariance + _C2) / (variances[0] + variances[1] + _C2)
    similarity: FloatArray = np.clip(light * structure, 0, 1).astype(np.float32)
    return similarity


def relighting(these: FloatArray, those: FloatArray) -> FloatArray:
    """How much of the difference of each row of float32[n, pixels * 3] (RGB, 0 to 1) to the same row of the other is a
    gain and an offset of each colour: float32[n], 0 to 1. Next to no difference counts as none of it.

    A light that is switched on, a flash or a change of exposure is nearly all of it; a change of content is not.
    """
    now, then = these.reshape(len(these), -1, 3), those.reshape(len(those), -1, 3)
    raw = ((now - then) ** 2).mean((1, 2))
    now, then = now - now.mean(1, keepdims=True), then - then.mean(1, keepdims=True)
    # the residual of the least squares fit of one centred channel by the other
    spread = (then**2).mean(1)
    left = (now**2).mean(1) - (now * then).mean(1) ** 2 / np.maximum(spread, _LEAST_SPREAD)
    explained = 1 - np.maximum(left, 0).mean(1) / np.maximum(raw, _LEAST_DIFFERENCE)
    share: FloatArray = np.where(raw > _LEAST_DIFFERENCE, np.clip(explained, 0, 1), 0).astype(np.float32)
    return share
