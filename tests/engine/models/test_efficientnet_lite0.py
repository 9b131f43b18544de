"""The converted graph gives the reference network's numbers; the encoder gives directions, and can be stopped."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from seamline.errors import Cancelled, ModelError
from seamline.models import efficientnet_lite0, efficientnet_lite0_onnx
from seamline.models.efficientnet_lite0 import EfficientNetLite0, same_padding
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, EfficientNetEncoder, l2_normalised
from seamline.models.graph import GraphBuilder
from seamline.models.registry import EFFICIENTNET_LITE0
from seamline.models.runtime import GraphSession
from seamline.models.store import locate
from seamline.progress import CancellableProgress

Pictures = NDArray[np.uint8]
Floats = NDArray[np.float32]

TOLERANCE = 1e-4


def waves(count: int, seed: int) -> Pictures:
    """Colour waves of different directions: uint8[N, 224, 224, 3]."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:224, :224]
    pictures = np.empty((count, 224, 224, 3), np.uint8)
    for picture in pictures:
        phase, tilt = random.uniform(0, 6, 3), random.uniform(-0.3, 0.3, (2, 3))
        picture[:] = 127 + 100 * np.sin(phase + rows[..., None] * tilt[0] + columns[..., None] * tilt[1])
    return pictures


def noise(count: int, seed: int) -> Pictures:
    return np.random.default_rng(seed).integers(0, 256, (count, 224, 224, 3), dtype=np.uint8)


def flat(*values: int) -> Pictures:
    return np.stack([np.full((224, 224, 3), value, np.uint8) for value in values])


PICTURES = np.concatenate([waves(4, 5), noise(3, 1), flat(0, 127, 255)])
"""Ten: more than a batch, and no multiple of it."""


@pytest.fixture(scope="module")
def reference() -> EfficientNetLite0:
    (weights,) = locate(EFFICIENTNET_LITE0).parent.glob("efficientnet-lite0-579344248a93.pth")
    return efficientnet_lite0.load(weights)


@pytest.fixture(scope="module")
def untrained() -> EfficientNetLite0:
    """Other weights, with batch norms that do something: each wrongly folded one shows."""
    torch.manual_seed(3)
    network = EfficientNetLite0().eval()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for values, low, high in (
                (module.weight, 0.7, 1.5),
                (module.bias, -0.5, 0.5),
                (module.running_mean, -0.5, 0.5),
                (module.running_var, 0.2, 2.0),
            ):
                assert values is not None
                torch.nn.init.uniform_(values, low, high)
    return network


def converted(network: EfficientNetLite0, folder: Path) -> GraphSession:
    path = folder / "graph.onnx"
    path.write_bytes(efficientnet_lite0_onnx.graph_of(network, EFFICIENTNET_LITE0))
    return GraphSession(path, example={"pictures": flat(0)}, threads=1)


@pytest.fixture(scope="module")
def graph(reference: EfficientNetLite0, tmp_path_factory: pytest.TempPathFactory) -> GraphSession:
    """What the converter writes now, which the installed one may be older than."""
    return converted(reference, tmp_path_factory.mktemp("graph"))


@pytest.fixture(scope="module")
def encoder() -> EfficientNetEncoder:
    return EfficientNetEncoder(locate(EFFICIENTNET_LITE0), threads=1)


def expected(network: EfficientNetLite0, pictures: Pictures) -> tuple[Floats, Floats]:
    with torch.inference_mode():
        embeddings, logits = network(torch.from_numpy(pictures))
    return embeddings.numpy(), logits.softmax(1).numpy()


@pytest.fixture(scope="module")
def reference_outputs(reference: EfficientNetLite0) -> tuple[Floats, Floats]:
    return expected(reference, PICTURES)


def assert_same(graph: GraphSession, outputs: tuple[Floats, Floats]) -> None:
    names = ["embedding", "probabilities"]
    found = graph.run(names, {"pictures": PICTURES})
    for name, here, there in zip(names, found, outputs, strict=True):
        assert here.shape == there.shape
        assert np.abs(here - there).max() < TOLERANCE, name


class TestGraph:
    def test_it_equals_the_reference(
        self, graph: GraphSession, reference_outputs: tuple[Floats, Floats]
    ) -> None:
        assert_same(graph, reference_outputs)

    def test_it_equals_the_reference_with_any_weights(
        self, untrained: EfficientNetLite0, tmp_path: Path
    ) -> None:
        outputs = expected(untrained, PICTURES)
        assert np.abs(outputs[0]).max() > 0.1, "there is something to compare"
        assert_same(converted(untrained, tmp_path), outputs)

    def test_it_says_what_it_was_made_of(self, graph: GraphSession) -> None:
        assert (graph.name, graph.version) == ("EfficientNet-Lite0", str(EFFICIENTNET_LITE0.graph_version))
        assert graph.sha256 == EFFICIENTNET_LITE0.sha256

    def test_it_knows_a_digital_clock_when_it_sees_one(self, graph: GraphSession) -> None:
        probabilities = graph.run(["probabilities"], {"pictures": seven_segments()})[0][0]
        assert probabilities.argmax() == 530, "ImageNet's class “digital clock”"


def seven_segments() -> Pictures:
    """12:08 in red bars on black: uint8[1, 224, 224, 3]."""
    picture = flat(0)
    bars = {  # rows, columns of a digit's segments a to g
        "a": (slice(0, 8), slice(6, 34)),
        "b": (slice(4, 36), slice(32, 40)),
        "c": (slice(44, 76), slice(32, 40)),
        "d": (slice(72, 80), slice(6, 34)),
        "e": (slice(44, 76), slice(0, 8)),
        "f": (slice(4, 36), slice(0, 8)),
        "g": (slice(36, 44), slice(6, 34)),
    }
    for left, segments in ((2, "bc"), (56, "abged"), (122, "abcdef"), (174, "abcdefg")):
        digit = picture[0, 72:152, left : left + 40]
        for segment in segments:
            digit[bars[segment]] = (255, 30, 20)
    for row in (92, 124):
        picture[0, row : row + 9, 106:115] = (255, 30, 20)
    return picture


@pytest.mark.parametrize(
    ("side", "kernel", "stride", "padding"),
    [(224, 3, 2, (0, 1)), (112, 3, 1, (1, 1)), (56, 5, 2, (1, 2)), (7, 5, 1, (2, 2)), (7, 1, 1, (0, 0))],
)
def test_padding_is_tensorflows(side: int, kernel: int, stride: int, padding: tuple[int, int]) -> None:
    assert same_padding(side, kernel, stride) == padding


def test_the_network_sees_values_as_it_was_trained_on(untrained: EfficientNetLite0) -> None:
    seen: list[torch.Tensor] = []
    hook = untrained._conv_stem.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    expected(untrained, flat(0, 127, 255))
    hook.remove()
    # Google's Lite checkpoints: (value - 127) / 128 in every channel
    assert seen[0].shape == (3, 3, 224, 224)
    assert [picture.unique().tolist() for picture in seen[0]] == [[-127 / 128], [0], [1]]


class TestWeights:
    def saved(self, changes: dict[str, torch.Tensor | None], folder: Path) -> Path:
        state = dict(EfficientNetLite0().state_dict()) | changes
        path = folder / "weights.pth"
        torch.save({key: value for key, value in state.items() if value is not None}, path)
        return path

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"_fc.bias": None}, r"EfficientNet-Lite0: it lacks _fc\.bias\. Install the published"),
            ({"_fc2.bias": torch.zeros(1)}, r"has an unknown _fc2\.bias"),
            ({"_fc.bias": torch.zeros(9)}, r"has _fc\.bias of shape \(9,\) instead of \(1000,\)"),
        ],
    )
    def test_what_does_not_fit_is_named(
        self, changes: dict[str, torch.Tensor | None], message: str, tmp_path: Path
    ) -> None:
        with pytest.raises(ModelError, match=message):
            efficientnet_lite0.load(self.saved(changes, tmp_path))

    @pytest.mark.parametrize("content", [b"", b"no tensors", b"PK\x03\x04 broken off"])
    def test_a_file_that_is_no_checkpoint_is_refused(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "weights.pth"
        path.write_bytes(content)
        with pytest.raises(ModelError, match=r"weights\.pth.*Install"):
            efficientnet_lite0.load(path)

    def test_an_object_that_is_no_tensor_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "weights.pth"
        torch.save([torch.zeros(1)], path)
        with pytest.raises(ModelError, match="no table of tensors; EfficientNet-Lite0's"):
            efficientnet_lite0.load(path)
        torch.save({"_fc.bias": Path("harm")}, path)
        with pytest.raises(ModelError, match="cannot be read as torch weights"):
            efficientnet_lite0.load(path)


class TestEncoder:
    def test_embeddings_are_the_references_scaled_to_length_1(
        self, encoder: EfficientNetEncoder, reference_outputs: tuple[Floats, Floats]
    ) -> None:
        found = encoder.encode(PICTURES)
        assert found.dtype == np.float32
        assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
        assert np.abs(found - l2_normalised(reference_outputs[0])).max() < TOLERANCE

    def test_the_batch_changes_no_embedding(self, encoder: EfficientNetEncoder) -> None:
        pictures = waves(9, 2)
        alone = np.concatenate([encoder.encode(picture[np.newaxis]) for picture in pictures])
        assert np.abs(encoder.encode(pictures) - alone).max() < 1e-6

    def test_alike_pictures_are_nearer_than_others(self, encoder: EfficientNetEncoder) -> None:
        clock = seven_segments()
        shifted = np.roll(clock, 12, axis=2)
        one, moved, other = encoder.encode(np.concatenate((clock, shifted, waves(1, 4))))
        assert one @ moved > 0.9
        assert one @ other < 0.5

    def test_no_pictures_have_no_embeddings(self, encoder: EfficientNetEncoder) -> None:
        assert encoder.encode(waves(0, 1)).shape == (0, 1280)

    def test_it_says_what_its_embeddings_depend_on(self, encoder: EfficientNetEncoder) -> None:
        assert encoder.spec == EFFICIENTNET_LITE0_ENCODER
        assert encoder.spec.id == "efficientnet-lite0"
        assert EFFICIENTNET_LITE0.sha256 in encoder.spec.key
        assert encoder.device == "CPU, 1 thread"

    @pytest.mark.parametrize(
        "pictures",
        [np.zeros((1, 224, 224, 3), np.float32), flat(0)[0], np.zeros((1, 27, 48, 3), np.uint8)],
    )
    def test_pictures_of_another_kind_are_refused(
        self, encoder: EfficientNetEncoder, pictures: Pictures
    ) -> None:
        with pytest.raises(ValueError, match=r"need uint8\[N, 224, 224, 3\]"):
            encoder.encode(pictures)

    def test_cancelling_stops_it_within_a_second(self, encoder: EfficientNetEncoder) -> None:
        progress = CancellableProgress()
        cancelled_at = []

        def cancel() -> None:
            cancelled_at.append(time.monotonic())
            progress.cancel()

        timer = threading.Timer(0.1, cancel)
        timer.start()
        many = np.broadcast_to(flat(0), (2000, 224, 224, 3))  # many seconds
        with pytest.raises(Cancelled):
            encoder.encode(many, progress=progress)
        latency_s = time.monotonic() - cancelled_at[0]
        timer.join()
        assert latency_s < 1
        assert np.isfinite(encoder.encode(flat(0))).all()

    def test_a_graph_that_is_not_seamlines_is_refused(self, tmp_path: Path) -> None:
        graph = GraphBuilder("other")
        graph.output("same", graph.input("x", 1, ("N",)), ("N",))
        path = tmp_path / "other.onnx"
        path.write_bytes(graph.serialize({"name": "Other"}))
        with pytest.raises(ModelError, match="names no version"):
            EfficientNetEncoder(path)
        path.write_bytes(b"not a network")
        with pytest.raises(ModelError, match=r"other\.onnx.*bootstrap\.py run"):
            EfficientNetEncoder(path)

    def test_encoding_imports_neither_torch_nor_onnx(self) -> None:
        script = """
import sys
import numpy as np
from seamline.models.encoder import open_efficientnet
open_efficientnet().encode(np.zeros((1, 224, 224, 3), np.uint8))
loaded = {"torch", "onnx"} & set(sys.modules)
assert not loaded, loaded
"""
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_vector_of_zeros_stays_one() -> None:
    assert l2_normalised(np.zeros((1, 4), np.float32)).tolist() == [[0, 0, 0, 0]]
