"""The siamese network: the published architecture, Keras' file and ours, the graph, and what the program uses."""

from __future__ import annotations

import hashlib
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch

from seamline.analysis.flow_pictures import flow_picture
from seamline.errors import ModelError
from seamline.models import siamese_session, store
from seamline.models.runtime import GraphSession
from seamline.models.siamese import Siamese, network_of, weights_of
from seamline.models.siamese_card import SIAMESE
from seamline.models.siamese_keras import keras_shapes, read_keras
from seamline.models.siamese_layout import PUBLISHED, SiameseSize, Weights, weight_shapes
from seamline.models.siamese_onnx import checked_graph_of, graph_of
from seamline.models.siamese_session import open_siamese, siamese_key
from seamline.models.siamese_weights import load, packed, unpacked

SMALL = SiameseSize(side=16, channels=(3, 5, 4), features=6)
IDENTITY = {"name": "paper siamese", "version": "1", "weights_sha256": "0" * 64}


def keras_arrays(size: SiameseSize, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        name: (rng.normal(size=shape) / np.sqrt(max(1, np.prod(shape[:-1])))).astype(np.float32)
        for name, shape in keras_shapes(size).items()
    }


def write_keras(path: Path, arrays: dict[str, np.ndarray]) -> Path:
    """As Keras saves it: the network's description, the optimiser's state, groups without anything in them."""
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = '{"class_name": "Lambda"}'
        file.create_dataset("optimizer_weights/Adam/iter:0", data=7)
        for empty in ("input_2", "input_3", "lambda", "top_level_model_weights"):
            file.create_group(f"model_weights/{empty}")
        for name, values in arrays.items():
            file.create_dataset(f"model_weights/{name}", data=values)
    return path


def as_keras(arrays: dict[str, np.ndarray], pictures: np.ndarray) -> np.ndarray:
    """What Keras computes, written out: channels last, `same` padding, rows before columns before channels."""
    x = pictures.astype(np.float64) / 255
    for layer in ("conv2d", "conv2d_1", "conv2d_2"):
        kernel, bias = arrays[f"model/{layer}/kernel:0"], arrays[f"model/{layer}/bias:0"]
        padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
        height, width = x.shape[1:3]
        total = np.zeros((*x.shape[:3], kernel.shape[3])) + bias
        for row in range(3):
            for column in range(3):
                part = padded[:, row : row + height, column : column + width]
                total += part @ kernel[row, column].astype(np.float64)
        y = np.maximum(total, 0)
        x = y.reshape(len(y), height // 2, 2, width // 2, 2, -1).max(axis=(2, 4))
    flat = x.reshape(len(x), -1) @ arrays["model/dense/kernel:0"].astype(np.float64)
    return np.maximum(flat + arrays["model/dense/bias:0"], 0)


def keras_scores(arrays: dict[str, np.ndarray], first: np.ndarray, second: np.ndarray) -> np.ndarray:
    apart = np.abs(as_keras(arrays, first) - as_keras(arrays, second))
    logits = apart @ arrays["dense_1/dense_1/kernel:0"] + arrays["dense_1/dense_1/bias:0"]
    return 1 / (1 + np.exp(-logits[:, 0]))


def pictures_of(size: SiameseSize, count: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, size.side, size.side, 3)).astype(np.uint8)


@pytest.fixture(scope="module")
def weights() -> Weights:
    torch.manual_seed(3)
    return weights_of(Siamese(SMALL))


class TestArchitecture:
    def test_it_has_the_published_number_of_parameters(self) -> None:
        with torch.device("meta"):
            network = Siamese()
        assert sum(values.numel() for values in network.parameters()) == 12_938_561
        assert sum(int(np.prod(shape)) for shape in keras_shapes().values()) == 12_938_561
        assert {name: tuple(each.shape) for name, each in network.state_dict().items()} == weight_shapes()

    def test_the_order_of_the_two_does_not_count(self, weights: Weights) -> None:
        one, other = (torch.from_numpy(pictures_of(SMALL, 4, seed)) for seed in (1, 2))
        network = network_of(weights, SMALL)
        assert torch.equal(network(one, other), network(other, one))


class TestKeras:
    def test_the_numbers_are_those_of_keras(self, tmp_path: Path) -> None:
        arrays = keras_arrays(SMALL)
        network = network_of(read_keras(write_keras(tmp_path / "m.h5", arrays), SMALL), SMALL)
        first, second = pictures_of(SMALL, 5, 1), pictures_of(SMALL, 5, 2)
        with torch.inference_mode():
            features = network.features(torch.from_numpy(first)).numpy()
            scores = network(torch.from_numpy(first), torch.from_numpy(second)).numpy()
        assert np.ptp(keras_scores(arrays, first, second)) > 1e-3
        assert np.abs(features - as_keras(arrays, first)).max() < 1e-6
        assert np.abs(scores - keras_scores(arrays, first, second)).max() < 1e-6

    def test_the_same_at_full_size(self, tmp_path: Path) -> None:
        arrays = keras_arrays(PUBLISHED)
        network = network_of(load(write_keras(tmp_path / "m.h5", arrays)))
        picture = pictures_of(PUBLISHED, 1)
        with torch.inference_mode():
            features = network.features(torch.from_numpy(picture)).numpy()
        assert features.max() > 1
        assert np.abs(features - as_keras(arrays, picture)).max() < 1e-5

    @pytest.mark.parametrize(
        ("name", "values", "said"),
        [
            ("model/conv2d/kernel:0", None, r"lacks model/conv2d/kernel:0"),
            ("model/conv2d/kernel:0", np.zeros((3, 3, 3, 9), np.float32), r"shape \(3, 3, 3, 9\) instead"),
            ("model/dense/bias:0", np.zeros(6, np.float64), "in float64 instead of float32"),
            ("model/dense/bias:0", np.full(6, np.nan, np.float32), "no numbers in model/dense/bias"),
            ("model/dense_9/kernel:0", np.zeros(2, np.float32), "an unknown model/dense_9/kernel:0"),
            (
                "model/\x1b[31m" + 5000 * "x",
                np.zeros(2, np.float32),
                r"an unknown model/ \[31mx{60,80}…\. Choose",
            ),
        ],
    )
    def test_what_does_not_fit_is_named(
        self, tmp_path: Path, name: str, values: np.ndarray | None, said: str
    ) -> None:
        arrays = keras_arrays(SMALL)
        if values is None:
            del arrays[name]
        else:
            arrays[name] = values
        with pytest.raises(ModelError, match=said):
            read_keras(write_keras(tmp_path / "m.h5", arrays), SMALL)

    def test_a_link_out_of_the_file_is_not_followed(self, tmp_path: Path) -> None:
        arrays = keras_arrays(SMALL)
        write_keras(tmp_path / "other.h5", arrays)
        path = write_keras(tmp_path / "m.h5", arrays)
        with h5py.File(path, "a") as file:
            del file["model_weights/model/dense/bias:0"]
            file["model_weights/model/dense/bias:0"] = h5py.ExternalLink(
                "other.h5", "model_weights/model/dense/bias:0"
            )
        with pytest.raises(ModelError, match="a link model/dense/bias:0"):
            read_keras(path, SMALL)
        with h5py.File(path, "a") as file:
            del file["model_weights"]
            file["model_weights"] = h5py.ExternalLink("other.h5", "model_weights")
        with pytest.raises(ModelError, match="lacks model_weights"):
            read_keras(path, SMALL)

    def test_data_that_lies_in_another_file_is_not_read(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_bytes(np.ones(6, np.float32).tobytes())
        path = write_keras(tmp_path / "m.h5", keras_arrays(SMALL))
        with h5py.File(path, "a") as file:
            del file["model_weights/model/dense/bias:0"]
            file["model_weights/model/dense"].create_dataset(
                "bias:0", (6,), np.float32, external=[(str(secret), 0, h5py.h5f.UNLIMITED)]
            )
        with pytest.raises(ModelError, match="which lies elsewhere"):
            read_keras(path, SMALL)

    def test_chunks_that_unpack_to_more_than_the_array_are_not_read(self, tmp_path: Path) -> None:
        path = write_keras(tmp_path / "m.h5", keras_arrays(SMALL))
        bias = "model_weights/dense_1/dense_1/bias:0"
        with h5py.File(path, "a") as file:
            del file[bias]
            file.create_dataset(
                bias, (1,), np.float32, chunks=(1 << 20,), maxshape=(None,), compression="gzip"
            )
        with pytest.raises(ModelError, match="has dense_1/dense_1/bias:0 in chunks"):
            read_keras(path, SMALL)

    def test_a_group_within_itself_ends(self, tmp_path: Path) -> None:
        path = write_keras(tmp_path / "m.h5", keras_arrays(SMALL))
        with h5py.File(path, "a") as file:
            file["model_weights/again"] = file["model_weights"]  # a hard link
        with pytest.raises(ModelError, match="does not fit"):
            read_keras(path, SMALL)

    def test_half_a_file_is_refused_in_a_sentence(self, tmp_path: Path) -> None:
        path = write_keras(tmp_path / "m.h5", keras_arrays(SMALL))
        path.write_bytes(path.read_bytes()[:3000])
        with pytest.raises(ModelError, match=r"cannot be read as Keras' weights.*Choose"):
            load(path, SMALL)


class TestOurFile:
    def test_it_keeps_the_scores_within_a_hundredth(self, weights: Weights, tmp_path: Path) -> None:
        path = tmp_path / "m.npz"
        path.write_bytes(packed(weights))
        one, other = (torch.from_numpy(pictures_of(SMALL, 20, seed)) for seed in (1, 2))
        with torch.inference_mode():
            exact, kept = (
                network_of(weights, SMALL)(one, other),
                network_of(load(path, SMALL), SMALL)(one, other),
            )
        assert 0 < float((exact - kept).abs().max()) < 0.01

    def test_what_was_packed_packs_to_the_same(self, weights: Weights) -> None:
        once = unpacked(packed(weights), "m.npz", SMALL)
        twice = unpacked(packed(once), "m.npz", SMALL)
        assert all(np.allclose(once[name], twice[name], atol=1e-7) for name in once)

    @pytest.mark.parametrize("damage", ["torn", "text", "other size", "objects"])
    def test_what_is_none_is_refused_in_a_sentence(
        self, weights: Weights, tmp_path: Path, damage: str
    ) -> None:
        path = tmp_path / "m.npz"
        content = packed(weights)
        if damage == "objects":
            np.savez(path, dense=np.array([{}], object))
        else:
            path.write_bytes({"torn": content[:900], "text": b"no weights", "other size": content}[damage])
        with pytest.raises(ModelError, match=r"“m.npz”.*Choose"):
            load(path, PUBLISHED if damage == "other size" else SMALL)


class TestGraph:
    def test_it_gives_what_torch_gives(self, weights: Weights) -> None:
        pictures = pictures_of(SMALL, 7)
        graph = checked_graph_of(weights, IDENTITY, SMALL)
        (found,) = GraphSession(graph, example={"pictures": pictures}, name="m").run(
            ["features"], {"pictures": pictures}
        )
        with torch.inference_mode():
            wanted = network_of(weights, SMALL).features(torch.from_numpy(pictures)).numpy()
        assert wanted.max() > 0.1
        assert np.abs(found - wanted).max() < 1e-5

    def test_another_network_is_noticed(self, weights: Weights, monkeypatch: pytest.MonkeyPatch) -> None:
        from seamline.models import siamese_onnx

        wrong = graph_of(weights | {"conv1.bias": weights["conv1.bias"] + 1}, IDENTITY, SMALL)
        monkeypatch.setattr(siamese_onnx, "graph_of", lambda *_: wrong)
        with pytest.raises(ModelError, match="gives other numbers"):
            checked_graph_of(weights, IDENTITY, SMALL)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: Weights) -> Path:
    """Small networks everywhere; the user's own folder is empty."""
    for name in ("siamese_session", "siamese_onnx", "siamese_weights", "siamese_keras"):
        module = __import__(f"seamline.models.{name}", fromlist=["PUBLISHED"])
        monkeypatch.setattr(module, "PUBLISHED", SMALL)
    for module, function in (("siamese_onnx", "graph_of"), ("siamese_onnx", "checked_graph_of")):
        held = __import__(f"seamline.models.{module}", fromlist=[function])
        monkeypatch.setattr(held, function, _of_small(getattr(held, function)))
    held = __import__("seamline.models.siamese_weights", fromlist=["unpacked"])
    monkeypatch.setattr(held, "unpacked", _of_small(held.unpacked))
    monkeypatch.setattr(held, "load", _of_small(held.load))
    monkeypatch.setattr(siamese_session, "shipped_bytes", lambda: packed(weights))
    monkeypatch.setattr(store, "user_directory", lambda: tmp_path / "user")
    monkeypatch.setattr(store, "setup_directory", lambda: tmp_path / "set up")
    return tmp_path


def _of_small(function):  # type: ignore[no-untyped-def]
    def small(*arguments, **options):  # type: ignore[no-untyped-def]
        sized = [each for each in arguments if each is not PUBLISHED]
        return function(*sized, SMALL) if not isinstance(sized[-1], SiameseSize) else function(*sized)

    return small


class TestSession:
    def test_the_shipped_one_scores_as_torch_does(self, home: Path, weights: Weights) -> None:
        network = open_siamese(threads=1)
        assert not network.is_own
        assert network.key == siamese_key()
        assert hashlib.sha256(packed(weights)).hexdigest() in network.key
        first, second = pictures_of(SMALL, 11, 1), pictures_of(SMALL, 11, 2)
        a, b = network.features(first), network.features(second)
        assert a.shape == (11, 6)
        with torch.inference_mode():
            torch_one = network_of(unpacked(packed(weights), "m", SMALL), SMALL)
            wanted = torch_one(torch.from_numpy(first), torch.from_numpy(second)).numpy()
        assert np.abs(network.score_01(a, b) - wanted).max() < 1e-5
        assert network.features(first[:0]).shape == (0, 6)

    def test_all_against_all_is_the_same_as_one_by_one(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(siamese_session, "_PAIRS_AT_ONCE", 10)
        network = open_siamese(threads=1)
        a, b = network.features(pictures_of(SMALL, 9, 1)), network.features(pictures_of(SMALL, 5, 2))
        table = network.score_01(a[:, None], b[None])
        assert table.shape == (9, 5)
        one_by_one = [[float(network.score_01(x, y)) for y in b] for x in a]
        assert np.allclose(table, one_by_one, atol=1e-6)

    def test_pictures_of_another_size_are_refused(self, home: Path) -> None:
        with pytest.raises(ValueError, match="need uint8"):
            open_siamese(threads=1).features(np.zeros((1, 8, 8, 3), np.uint8))

    @pytest.mark.parametrize("kind", ["ours", "published"])
    def test_an_installed_one_takes_its_place(self, home: Path, kind: str) -> None:
        shipped = open_siamese(threads=1)
        arrays = keras_arrays(SMALL, 5)
        path = write_keras(home / "siamese_model.h5", arrays)
        if kind == "ours":
            own = read_keras(path, SMALL)
            path = home / "own.npz"
            path.write_bytes(packed(own))
        store.install(SIAMESE, from_file=path, in_child=False)
        network = open_siamese(threads=1)
        assert network.is_own
        assert network.key == siamese_key() != shipped.key
        pictures = pictures_of(SMALL, 3)
        assert np.abs(network.features(pictures) - as_keras(arrays, pictures)).max() < 0.05
        assert np.abs(shipped.features(pictures) - as_keras(arrays, pictures)).max() > 0.05

    def test_a_damaged_one_is_left_until_it_is_installed_again(
        self, home: Path, weights: Weights, caplog: pytest.LogCaptureFixture
    ) -> None:
        path = write_keras(home / "siamese_model.h5", keras_arrays(SMALL, 5))
        graph = store.install(SIAMESE, from_file=path, in_child=False)
        graph.write_bytes(b"torn")
        for weights_file in graph.parent.glob("*.h5"):
            weights_file.write_bytes(b"torn")
        assert siamese_key() != siamese_session._key(hashlib.sha256(packed(weights)).hexdigest())
        network = open_siamese(threads=1)
        assert not network.is_own
        assert "is not used" in caplog.text
        assert network.key == siamese_key(), "nobody is to open it anew at each search"
        store.install(SIAMESE, from_file=path, in_child=False)
        assert siamese_key() != network.key
        assert open_siamese(threads=1).key == siamese_key()

    def test_another_file_is_not_installed(self, home: Path) -> None:
        (home / "film.h5").write_text("no weights")
        with pytest.raises(ModelError, match=r"“film.h5”"):
            store.install(SIAMESE, from_file=home / "film.h5", in_child=False)
        assert not open_siamese(threads=1).is_own


class TestShipped:
    """The weights that come with the program."""

    def test_they_fit_and_are_small(self) -> None:
        content = siamese_session.shipped_bytes()
        assert len(content) < 25_000_000
        shapes = {name: values.shape for name, values in unpacked(content, "shipped").items()}
        assert shapes == weight_shapes()

    def test_they_tell_which_way_things_move(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(store, "user_directory", lambda: tmp_path / "user")
        monkeypatch.setattr(store, "setup_directory", lambda: tmp_path / "set up")
        network = open_siamese(threads=1)
        for share in (1.0, 0.5):
            first, second = (
                network.features(np.stack([flow_picture(field_of(way, share, seed)) for way in WAYS]))
                for seed in (0, 1)
            )
            table = network.score_01(first[:, None], second[None])
            same, opposite = table.diagonal(), table[np.arange(4), (np.arange(4) + 2) % 4]
            assert same.min() > 0.6
            assert opposite.max() < 0.2


WAYS = ((1, 0), (0, 1), (-1, 0), (0, -1))


def field_of(way: tuple[int, int], share: float, seed: int) -> np.ndarray:
    """That share of the picture moves, from its left side, with some unrest everywhere."""
    field = np.random.default_rng(seed).normal(0, 0.15, (180, 320, 2)).astype(np.float32)
    field[:, : round(320 * share)] += 2 * np.array(way, np.float32)
    return field
