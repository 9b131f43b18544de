"""High dynamic range made to look right on a screen that knows none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.media.pictures import RgbPicture

PQ, HLG = 16, 18
"""Transfer characteristics of ITU-T H.273, table 3: SMPTE ST 2084, and ARIB STD-B67."""

_BT2020 = 9

WHITE_NITS = 203
"""What becomes the screen's white: paper in an HDR picture (ITU-R BT.2408, 2.2)."""
PEAK_NITS = 1000
"""The brightest light that still differs from brighter light. What most films are mastered to, and what HLG is
defined for; a film's own word on it differs from cut to cut, and the picture must not."""

_BT2020_TO_BT709 = np.array(
    [[1.660491, -0.587641, -0.072850], [-0.124550, 1.132900, -0.008350], [-0.018151, -0.100579, 1.118730]],
    np.float32,
)
"""Linear light in other primaries (ITU-R BT.2087, 2.2, inverted)."""
_P3_TO_BT709 = np.array(
    [[1.224940, -0.224940, 0], [-0.042057, 1.042057, 0], [-0.019638, -0.078636, 1.098274]], np.float32
)
"""From the primaries of SMPTE EG 432-1, in the white of BT.709: worked out from both sets of chromaticities."""
_TO_BT709 = {1: np.eye(3, dtype=np.float32), 12: _P3_TO_BT709}
"""By colour primaries (ITU-T H.273, table 2); all others, and HDR that says nothing, are taken for BT.2020."""
_LUMINANCE = np.array([[0.2627, 0.6780, 0.0593]], np.float32)
_HLG_GAMMA = 1.2
_SCREEN_GAMMA = 2.4
# as many steps as 16 bits have; the tables are looked up with values of so many bits
_STEPS = 1 << 16
CODE_BITS = 12
"""Of the values that `tone_mapped` takes: in PQ, a step of 12 bits is below what is seen."""

_STRIP_PIXELS = 1 << 16
"""What is worked on at a time: few enough to stay in a processor's cache, which halves the time."""

Light = NDArray[np.float32]


def tone_mapped(planes: Sequence[NDArray[np.uint16]], transfer: int, primaries: int = _BT2020) -> RgbPicture:
    """The picture in the primaries of BT.709 for a screen of BT.1886, uint8[H, W, 3].

    `planes` are R, G and B, uint16[H, W] of `CODE_BITS` bits, full range; `transfer` is `PQ` or `HLG`, `primaries` a
    number of H.273. All three colours of a pixel are dimmed alike, by what the curve does to the brightest of them:
    hues stay, and nothing is clipped but what BT.709 cannot show.
    """
    height, width = planes[0].shape
    picture = np.empty((height, width, 3), np.uint8)
    lines = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, lines):
        rows = slice(top, top + lines)
        picture[rows] = _mapped_strip([plane[rows] for plane in planes], transfer, primaries)
    return picture


def _mapped_strip(planes: Sequence[NDArray[np.uint16]], transfer: int, primaries: int) -> RgbPicture:
    light = cv2.LUT(cv2.merge(planes), _light_of_code(transfer))
    brightest = cv2.max(cv2.max(planes[0], planes[1]), planes[2])
    if transfer == PQ:
        gain = cv2.LUT(brightest, _gain_of_pq_code())
    else:
        system_gain = cv2.LUT(_steps(cv2.transform(light, _LUMINANCE)), _hlg_system_gain())
        brightest = cv2.multiply(cv2.LUT(brightest, _light_of_code(HLG)), system_gain)
        gain = cv2.multiply(cv2.LUT(_steps(brightest), _gain_of_light()), system_gain)
    # dimmed only now, as that is one step with rounding to 16 bits; what is below 0 or over 1 becomes that
    screen = cv2.multiply(
        cv2.transform(light, _TO_BT709.get(primaries, _BT2020_TO_BT709)),
        cv2.merge((gain, gain, gain)),
        scale=_STEPS - 1,
        dtype=cv2.CV_16U,
    )
    return np.asarray(cv2.LUT(screen, _code_of_screen_light()), np.uint8)


def _steps(light_01: Any) -> Any:
    """Rounded to whole steps of 16 bits."""
    most: Any = float(_STEPS - 1)  # OpenCV's own types know of no number here
    return cv2.multiply(light_01, most, dtype=cv2.CV_16U)


@cache
def _light_of_code(transfer: int) -> Light:
    """[1, 65536]: for each value of `CODE_BITS` bits, light as a share of `PEAK_NITS`; of HLG, of the scene's."""
    code = np.minimum(np.arange(_STEPS) / ((1 << CODE_BITS) - 1), 1)
    light = np.minimum(pq_nits(code) / PEAK_NITS, 1) if transfer == PQ else hlg_scene_light(code)
    return light.astype(np.float32)[None]


@cache
def _hlg_system_gain() -> Light:
    """[1, 65536]: by what the scene's light of a luminance is shown brighter (ITU-R BT.2100, table 5, OOTF)."""
    return ((np.arange(_STEPS) / (_STEPS - 1)) ** (_HLG_GAMMA - 1)).astype(np.float32)[None]


@cache
def _gain_of_pq_code() -> Light:
    """[1, 65536]: for each value of `CODE_BITS` bits, the `_gain_of_light` of the light it stands for."""
    return _gain(np.maximum(_light_of_code(PQ).astype(np.float64), 1e-9))


@cache
def _gain_of_light() -> Light:
    """[1, 65536]: for light as a share of `PEAK_NITS`, how much of the screen's white it becomes, over itself."""
    return _gain(np.maximum(np.arange(_STEPS), 0.5)[None] / (_STEPS - 1))


def _gain(light: NDArray[np.float64]) -> Light:
    return (screen_nits(light * PEAK_NITS) / WHITE_NITS / light).astype(np.float32)


@cache
def _code_of_screen_light() -> NDArray[np.uint8]:
    """[1, 65536]: the value that a screen of BT.1886 shows as that share of its white."""
    light = np.arange(_STEPS) / (_STEPS - 1)
    return np.round(255 * light ** (1 / _SCREEN_GAMMA)).astype(np.uint8)[None]


_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32


def pq_nits(code_01: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a PQ value shows, in cd/m2 (SMPTE ST 2084; ITU-R BT.2100, table 4, EOTF)."""
    power = np.power(code_01, 1 / _M2)
    shown: NDArray[np.float64] = 10_000 * np.power(np.maximum(power - _C1, 0) / (_C2 - _C3 * power), 1 / _M1)
    return shown


def pq_code(nits: NDArray[np.float64]) -> NDArray[np.float64]:
    """The PQ value, 0 to 1, of so much light: the inverse of `pq_nits`."""
    power = np.power(nits / 10_000, _M1)
    code: NDArray[np.float64] = np.power((_C1 + _C2 * power) / (1 + _C3 * power), _M2)
    return code


def hlg_scene_light(code_01: NDArray[np.float64]) -> NDArray[np.float64]:
    """The scene's light, 0 to 1, of an HLG value (ITU-R BT.2100, table 5, inverse of the OETF)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(code_01 <= 0.5, code_01**2 / 3, (np.exp((code_01 - c) / a) + b) / 12)


def screen_nits(nits: NDArray[np.float64]) -> NDArray[np.float64]:
    """What light of 0 to `PEAK_NITS` becomes on a screen whose white is `WHITE_NITS`.

    The curve of ITU-R BT.2390 (5.4.1) between blacks of 0: in PQ values, straight up to a knee, above it a Hermite
    spline that ends flat at the screen's white.
    """
    peak, white = pq_code(np.array([PEAK_NITS, WHITE_NITS], np.float64))
    e1 = pq_code(np.minimum(nits, PEAK_NITS)) / peak
    most = white / peak
    knee = 1.5 * most - 0.5
    t = (e1 - knee) / (1 - knee)
    spline = (
        (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (-2 * t**3 + 3 * t**2) * most
    )
    return pq_nits(np.where(e1 < knee, e1, spline) * peak)
