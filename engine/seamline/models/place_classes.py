"""What EfficientNet-Lite0's own classes say of a picture without figures: far away, or near a face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from seamline.models.image_classes_layer import ClassLayer, open_class_layer

Floats = NDArray[np.float32]

FAR_CLASSES: Final = (
    # scenery
    500, 649, 970, 972, 974, 975, 976, 977, 978, 979, 980,
    # buildings and other works
    425, 437, 442, 449, 460, 483, 497, 498, 525, 536, 538, 540, 557, 562, 580, 634, 660, 663, 668, 672, 682, 698,
    706, 716, 718, 727, 733, 755, 807, 821, 825, 832, 839, 853, 858, 873, 888, 900, 912, 915, 920,
    # rooms that are named for the whole of them
    406, 415, 424, 454, 467, 509, 582, 624, 762, 788, 819, 860, 865, 884,
    # what is larger than a room and moves
    403, 404, 405, 466, 484, 510, 517, 547, 554, 628, 654, 694, 705, 724, 779, 780, 812, 820, 829, 871, 874, 895,
    913, 914,
)  # fmt: skip
"""The classes of ImageNet's thousand of which the whole can be seen from a distance only: cliff, palace, pier ..."""

FACE_CLASSES: Final = (419, 551, 570, 629, 633, 643, 676, 691, 796, 836, 837, 838, 903)
"""Those whose photographs show a face, or skin, from near: lipstick, face powder, mask, sunglasses ...
Not those that are photographed alone as often, as hair slides, lotions and bottles are."""

ANIMAL_CLASSES: Final = range(398)
"""The animals: no class of the thousand is a person."""

CHANCE_FAR: Final = len(FAR_CLASSES) / 1000
CHANCE_FACE: Final = len(FACE_CLASSES) / 1000
CHANCE_ANIMAL: Final = len(ANIMAL_CLASSES) / 1000


@dataclass(frozen=True, slots=True)
class PlaceShares:
    """Probabilities, 0 to 1: that what is shown is one of FAR_CLASSES, of FACE_CLASSES, and of ANIMAL_CLASSES."""

    far: float
    face: float
    animal: float = 0.0


class PlaceReader:
    """The classes of embeddings, without looking at a picture again."""

    def __init__(self, layer: ClassLayer) -> None:
        self._layer = layer

    def shares(self, embeddings: Floats) -> PlaceShares:
        """The means over float32[n, 1280] of length 1 each, n >= 1."""
        mean = self._layer.probabilities(embeddings).mean(axis=0)
        return PlaceShares(
            *(float(mean[list(each)].sum()) for each in (FAR_CLASSES, FACE_CLASSES, ANIMAL_CLASSES))
        )


def open_place_reader() -> PlaceReader:
    """The installed network's classes. Raises ModelError, also when it is not installed."""
    return PlaceReader(open_class_layer())
