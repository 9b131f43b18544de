"""The dual encoder in torch: pictures and words as directions in one space.

As published (Priyamvada-iiita/Video-Frame-and-Timestamp-retrieval-based-on-Text-Query): ResNet50 and DistilBERT, each
with a projection to 512 numbers. Where that code differs from itself, one way is taken for training and use alike:
words are known by the first token ([CLS]), which the published weights were trained by (its application takes the mean
of all tokens, fillers too, which its projection never saw); pictures are RGB (its application leaves them BGR); what
is compared are directions, vectors of length 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from seamline.models.distilbert import DISTILBERT, DistilBert, DistilBertSize
from seamline.models.dual_encoder_inputs import PICTURE_SIDE, VALUE_CENTRE
from seamline.models.resnet50 import RESNET50, ResNet, ResNetSize

SHARED_WIDTH = 512
LAYER_NORM_EPS = 1e-5
FIRST_TEMPERATURE = 1.0
_DROPOUT = 0.1


@dataclass(frozen=True, slots=True)
class DualEncoderSize:
    """How large both networks are; unless told, as published. Smaller ones are for trying things out."""

    image: ResNetSize = RESNET50
    text: DistilBertSize = DISTILBERT
    shared: int = SHARED_WIDTH
    side: int = PICTURE_SIDE


BASE = DualEncoderSize()


class Projection(nn.Module):
    """`p = Wx; y = LN(p + dropout(W2 gelu(p)))`: into the space that both share."""

    def __init__(self, inputs: int, shared: int) -> None:
        super().__init__()
        self.projection = nn.Linear(inputs, shared)
        self.fc = nn.Linear(shared, shared)
        self.layer_norm = nn.LayerNorm(shared, eps=LAYER_NORM_EPS)

    def forward(self, x: Tensor) -> Tensor:
        p = self.projection(x)
        more = functional.dropout(self.fc(functional.gelu(p)), _DROPOUT, self.training)
        y: Tensor = self.layer_norm(p + more)
        return y


class DualEncoder(nn.Module):
    """Both encoders: 91,841,088 parameters at the published size, besides the temperature.

    `temperature` is no weight of either: it only counts in the loss, and is kept to go on training with.
    """

    temperature: Tensor

    def __init__(self, size: DualEncoderSize = BASE) -> None:
        super().__init__()
        self.size = size
        self.image_trunk = ResNet(size.image)
        self.text_trunk = DistilBert(size.text)
        self.image_head = Projection(size.image.features, size.shared)
        self.text_head = Projection(size.text.width, size.shared)
        self.register_buffer("temperature", torch.tensor(FIRST_TEMPERATURE))

    def image_features(self, pictures: Tensor) -> Tensor:
        """What the projection of pictures is computed from, float32[N, 2048], for RGB uint8[N, side, side, 3]."""
        x: Tensor = self.image_trunk(pictures.permute(0, 3, 1, 2).float() / VALUE_CENTRE - 1)
        return x

    def text_features(self, ids: Tensor, mask: Tensor) -> Tensor:
        """What the projection of words is computed from, float32[N, 768]: the first token's place in the last layer."""
        tokens: Tensor = self.text_trunk(ids, mask)
        return tokens[:, 0]

    def image_vectors(self, pictures: Tensor) -> Tensor:
        """Directions of length 1, float32[N, 512]."""
        return functional.normalize(self.image_head(self.image_features(pictures)), dim=1)

    def text_vectors(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Directions of length 1, float32[N, 512]."""
        return functional.normalize(self.text_head(self.text_features(ids, mask)), dim=1)
