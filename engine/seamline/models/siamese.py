"""The siamese network for match cuts as torch runs it: trained with it, and the reference for the converted graph.

As published (samanthajmichael/siamese_model.h5): a twin of three convolutions 3 x 3 with ReLU and pooling to half, then
a dense layer of 128 with ReLU; the two twins' |a - b| into one sigmoid. 12,938,561 parameters.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from seamline.models.siamese_layout import PUBLISHED, SiameseSize, Weights


class Siamese(nn.Module):
    """The twin and what compares two. Weights begin as Keras begins: Glorot's uniform ones, biases 0."""

    def __init__(self, size: SiameseSize = PUBLISHED) -> None:
        super().__init__()
        self.size = size
        first, second, third = size.channels
        self.conv1 = nn.Conv2d(3, first, 3, padding=1)
        self.conv2 = nn.Conv2d(first, second, 3, padding=1)
        self.conv3 = nn.Conv2d(second, third, 3, padding=1)
        self.dense = nn.Linear(size.flat, size.features)
        self.compare = nn.Linear(size.features, 1)
        for layer in (self.conv1, self.conv2, self.conv3, self.dense, self.compare):
            nn.init.xavier_uniform_(layer.weight)
            assert layer.bias is not None
            nn.init.zeros_(layer.bias)

    def features(self, pictures: Tensor) -> Tensor:
        """float32[N, 128], 0 or more, of uint8[N, 224, 224, 3], BGR."""
        x = pictures.permute(0, 3, 1, 2).float() / 255
        for convolution in (self.conv1, self.conv2, self.conv3):
            x = functional.max_pool2d(functional.relu(convolution(x)), 2)
        y: Tensor = functional.relu(self.dense(x.flatten(1)))
        return y

    def logits(self, first: Tensor, second: Tensor) -> Tensor:
        """float32[N] for the features of two; above 0 is a match."""
        y: Tensor = self.compare((first - second).abs())[..., 0]
        return y

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """float32[N], 0 to 1, for the pictures of two."""
        return torch.sigmoid(self.logits(self.features(first), self.features(second)))


def network_of(weights: Weights, size: SiameseSize = PUBLISHED) -> Siamese:
    """The network with these weights, ready to compare."""
    network = Siamese(size)
    network.load_state_dict({name: torch.from_numpy(values) for name, values in weights.items()})
    return network.eval()


def weights_of(network: Siamese) -> Weights:
    """The weights as arrays."""
    return {name: values.detach().cpu().numpy().copy() for name, values in network.state_dict().items()}
