"""The converted graph gives the reference network's numbers, and only the published weights load."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from seamline.errors import ModelError
from seamline.models import transnetv2, transnetv2_onnx
from seamline.models.registry import TRANSNETV2
from seamline.models.session import TransNetV2Session

Pictures = NDArray[np.uint8]
State = dict[str, torch.Tensor]

TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def reference(installed_graph: Path) -> transnetv2.TransNetV2:
    (weights,) = installed_graph.parent.glob("transnetv2-a313d0b3bebf.pth")
    return transnetv2.load(weights)


@pytest.fixture(scope="module")
def converted(
    reference: transnetv2.TransNetV2, tmp_path_factory: pytest.TempPathFactory
) -> TransNetV2Session:
    """The graph that the converter writes now, which the installed one may be older than."""
    path = tmp_path_factory.mktemp("graph") / "transnetv2.onnx"
    path.write_bytes(transnetv2_onnx.graph_of(reference, TRANSNETV2))
    return TransNetV2Session(path)


def probabilities(reference: transnetv2.TransNetV2, pictures: Pictures) -> NDArray[np.float32]:
    with torch.inference_mode():
        single, many = reference(torch.from_numpy(pictures)[None])
    return torch.cat((single, many)).sigmoid().numpy()


@pytest.mark.parametrize("frame_count", [1, 37, 100])
def test_both_heads_equal_the_reference_on_shots_with_cuts(
    frame_count: int,
    film: Callable[[int, int], Pictures],
    converted: TransNetV2Session,
    reference: transnetv2.TransNetV2,
) -> None:
    pictures = film(frame_count, 5)
    expected = probabilities(reference, pictures)
    assert np.abs(converted.predict(pictures) - expected).max() < TOLERANCE


def test_both_heads_equal_the_reference_on_noise_and_on_black(
    converted: TransNetV2Session, reference: transnetv2.TransNetV2
) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (60, 27, 48, 3), dtype=np.uint8)
    noise[30:] = 0
    assert np.abs(converted.predict(noise) - probabilities(reference, noise)).max() < TOLERANCE


def test_in_a_long_window_frames_see_what_their_published_window_shows(
    int8_session: TransNetV2Session,
) -> None:
    pictures = np.zeros((200, 27, 48, 3), np.uint8)
    before, _ = int8_session.predict(pictures)
    pictures[148:] = 255
    after, _ = int8_session.predict(pictures)
    # the convolutions reach 48 frames, so the features change from 100 on; frames 50 to 74 would be compared
    # with those, were they not to see frames 0 to 99 alone
    assert np.array_equal(before[:75], after[:75])
    assert np.abs(before[75:100] - after[75:100]).max() > 0


def test_8_bits_stay_near_the_reference(
    film: Callable[[int, int], Pictures], int8_session: TransNetV2Session, reference: transnetv2.TransNetV2
) -> None:
    pictures = film(100, 5)
    expected = probabilities(reference, pictures)
    change = np.abs(np.stack(int8_session.predict(pictures)) - expected)
    assert change[0].mean() < 0.01
    assert change.max() < 0.15


def test_8_bits_see_no_seam_in_black(int8_session: TransNetV2Session) -> None:
    single, many = int8_session.predict(np.zeros((60, 27, 48, 3), np.uint8))
    assert max(single.max(), many.max()) < 0.2


def test_the_network_sees_a_cut(converted: TransNetV2Session) -> None:
    pictures = np.zeros((100, 27, 48, 3), np.uint8)
    noise = np.random.default_rng(3).integers(0, 256, (2, 7, 12, 3), dtype=np.uint8)
    for half in (0, 1):
        still = noise[half].repeat(4, axis=0).repeat(4, axis=1)[:27]
        pictures[50 * half : 50 * half + 50] = still
    single, _ = converted.predict(pictures)
    assert single.argmax() == 49, "the last frame of the outgoing shot"
    assert single[49] > 0.5
    assert np.delete(single, [48, 49, 50]).max() < 0.1


@pytest.fixture
def state() -> State:
    return dict(transnetv2.TransNetV2().state_dict())


def saved(state: object, folder: Path) -> Path:
    path = folder / "weights.pth"
    torch.save(state, path)
    return path


def test_a_missing_tensor_is_named(state: State, tmp_path: Path) -> None:
    del state["fc1.bias"]
    with pytest.raises(ModelError, match=r"lacks fc1\.bias\. Install the published weights"):
        transnetv2.load(saved(state, tmp_path))


def test_an_unknown_tensor_is_named(state: State, tmp_path: Path) -> None:
    state["fc3.bias"] = torch.zeros(1)
    with pytest.raises(ModelError, match=r"has an unknown fc3\.bias"):
        transnetv2.load(saved(state, tmp_path))


def test_a_wrong_shape_is_named_with_both_shapes(state: State, tmp_path: Path) -> None:
    state["cls_layer1.weight"] = torch.zeros(2, 1024)
    expected = re.escape("has cls_layer1.weight of shape (2, 1024) instead of (1, 1024)")
    with pytest.raises(ModelError, match=expected):
        transnetv2.load(saved(state, tmp_path))


def test_many_faults_are_counted_not_listed(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="and 85 more"):
        transnetv2.load(saved({}, tmp_path))


@pytest.mark.parametrize("content", [b"", b"no tensors", b"PK\x03\x04 broken off"])
def test_a_file_that_is_no_checkpoint_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"weights\.pth.*Install"):
        transnetv2.load(path)


class Harmful:
    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (Path("harm"),)


def test_a_pickle_that_would_run_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read as torch weights"):
        transnetv2.load(saved({"fc1.bias": Harmful()}, tmp_path))


def test_a_list_instead_of_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no table of tensors"):
        transnetv2.load(saved([torch.zeros(1)], tmp_path))
