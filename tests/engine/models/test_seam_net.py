"""The graph computes what the torch network does, and the session takes nothing but what the network knows."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from seamline.errors import Cancelled
from seamline.models import seam_net, seam_net_onnx, seam_net_session
from seamline.models.runtime import GraphSession
from seamline.models.seam_net import CLASSES, SeamNet
from seamline.models.seam_net_session import CONTEXT_GAPS, SeamNetSession
from seamline.progress import CancellableProgress

IDENTITY = {"name": "SeamNet", "version": "1", "weights_sha256": "of a test"}
Floats = NDArray[np.float32]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def random_net() -> SeamNet:
    """Random weights; batch norms too are such that leaving one out would show."""
    torch.manual_seed(5)
    net = SeamNet()
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.normal_(0, 0.5)
            module.running_var.uniform_(0.2, 3)
            torch.nn.init.uniform_(module.weight, 0.3, 2)
            torch.nn.init.normal_(module.bias, 0, 0.3)
    return net.eval()


def maps_of(gaps: int, seed: int = 3) -> Floats:
    return np.random.default_rng(seed).random((gaps, 15, 14, 24), np.float32)


def by_torch(net: SeamNet, maps: Floats) -> tuple[Floats, Floats]:
    with torch.inference_mode():
        logits = net(torch.from_numpy(maps)[None])[0]
    classes = torch.softmax(logits[:, : len(CLASSES)], -1)
    return classes.numpy(), torch.sigmoid(logits[:, len(CLASSES)]).numpy()


def weights_of(net: SeamNet) -> dict[str, Floats]:
    return {name: values.numpy() for name, values in net.state_dict().items()}


@pytest.mark.parametrize("gaps", [1, 2, 17, 150])
def test_the_graph_is_the_torch_network(random_net: SeamNet, gaps: int) -> None:
    example = {"maps": maps_of(1)}
    content = seam_net_onnx.graph_of(weights_of(random_net), IDENTITY)
    graph = GraphSession(content, example=example, threads=1, name="test")
    classes, middle = graph.run(["classes", "middle"], {"maps": maps_of(gaps)})
    expected_classes, expected_middle = by_torch(random_net, maps_of(gaps))
    assert classes.shape == (gaps, len(CLASSES))
    assert middle.shape == (gaps,)
    assert np.abs(classes - expected_classes).max() < 1e-5
    assert np.abs(middle - expected_middle).max() < 1e-5
    if gaps > 2:
        assert classes.std(0).max() > 0.01  # not the same for everything


def test_a_missing_weight_is_an_error(random_net: SeamNet) -> None:
    weights = weights_of(random_net)
    del weights["in_time.3.norm.running_var"]
    with pytest.raises(KeyError, match=r"in_time\.3\.norm\.running_var"):
        seam_net_onnx.graph_of(weights, IDENTITY)


def test_what_is_written_down_twice_is_the_same() -> None:
    """The graph and the session must not import torch, so they repeat some of the network's numbers."""
    assert seam_net_onnx.TIME_DILATIONS == seam_net.TIME_DILATIONS
    assert len(CLASSES) == seam_net_session.CLASS_COUNT
    assert seam_net_session.CONTEXT_GAPS == CONTEXT_GAPS == 62
    assert SeamNet().norm1.eps == seam_net_onnx._BATCH_NORM_EPS


def test_a_result_depends_on_62_gaps_each_way_and_no_more(random_net: SeamNet) -> None:
    gap = 70
    maps = torch.from_numpy(maps_of(140))[None].double().requires_grad_()
    net = copy.deepcopy(random_net).double()  # through ten layers hardly anything comes from the outermost
    net(maps)[0, gap].sum().backward()
    assert maps.grad is not None
    reached = np.flatnonzero(maps.grad[0].abs().amax((1, 2, 3)).numpy())
    assert (reached[0], reached[-1]) == (gap - CONTEXT_GAPS, gap + CONTEXT_GAPS)


@pytest.fixture(scope="module")
def session() -> SeamNetSession:
    """With the weights that ship."""
    return SeamNetSession()


def test_the_session_gives_probabilities(session: SeamNetSession) -> None:
    classes, middle = session.predict(maps_of(30))
    assert classes.dtype == middle.dtype == np.float32
    assert classes.sum(1) == pytest.approx(np.ones(30), abs=1e-5)
    assert ((middle >= 0) & (middle <= 1)).all()


def test_the_session_gives_nothing_for_nothing(session: SeamNetSession) -> None:
    classes, middle = session.predict(maps_of(0))
    assert (classes.shape, middle.shape) == ((0, 5), (0,))


@pytest.mark.parametrize(
    "maps",
    [
        np.zeros((4, 15, 14, 24), np.float64),
        np.zeros((4, 15, 14, 24), np.uint8),
        np.zeros((4, 14, 14, 24), np.float32),
        np.zeros((4, 15, 24, 14), np.float32),
        np.zeros((15, 14, 24), np.float32),
        np.zeros((1, 4, 15, 14, 24), np.float32),
    ],
)
def test_the_session_refuses_what_are_no_maps(session: SeamNetSession, maps: Floats) -> None:
    with pytest.raises(ValueError, match=r"need float32\[T, 15, 14, 24\], not "):
        session.predict(maps)


def test_the_session_is_cancelled(session: SeamNetSession) -> None:
    progress = CancellableProgress()
    progress.cancel()
    with pytest.raises(Cancelled):
        session.predict(maps_of(10), progress=progress)
    session.predict(maps_of(10))
