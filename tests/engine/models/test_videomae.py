"""The shot label network is the published one: same numbers as the reference implementation, strict about its file."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor

from seamline.errors import Cancelled, ModelError
from seamline.models import videomae_onnx, videomae_weights
from seamline.models.runtime import GraphSession
from seamline.models.videomae import BASE, VideoMAE, VideoMAESize
from seamline.models.videomae_card import VIDEOMAE
from seamline.models.videomae_classes import MOVEMENTS, SCALES
from seamline.models.videomae_pictures import PICTURE_MEAN, PICTURE_STD, sampled_frames, squared
from seamline.models.videomae_session import VideoMAESession
from seamline.progress import CancellableProgress

Floats = NDArray[np.float32]

TOLERANCE = 1e-4
TWO_LAYERS = VideoMAESize(layers=2)
SMALL = VideoMAESize(side=32, width=12, layers=2, heads=3, inner=20)
IDENTITY = {"name": "VideoMAE", "version": "1", "weights_sha256": "ab" * 32}
ATTENTION = "vmae.encoder.layer.1.attention.attention"


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def untrained(size: VideoMAESize) -> VideoMAE:
    """Random weights, with norms and biases that do something: each one left out or mixed up shows."""
    torch.manual_seed(5)
    network = VideoMAE(size).eval()
    for values in network.parameters():
        if values.ndim == 1:
            torch.nn.init.uniform_(values, -0.3, 0.3)
    for name, values in network.named_parameters():
        if "norm" in name and name.endswith("weight"):
            torch.nn.init.uniform_(values, 0.5, 1.5)
        if name.endswith("_cf.weight"):
            torch.nn.init.normal_(values, std=0.1)  # so that the classes differ
    return network


def clips(count: int, size: VideoMAESize = BASE) -> NDArray[np.uint8]:
    """Noise over a gradient that moves: uint8[N, 16, side, side, 3]."""
    random = np.random.default_rng(2)
    noise = random.integers(0, 60, (count, size.frames, size.side, size.side, 3))
    slope = np.linspace(0, 150, size.side)[:, None] + np.arange(size.frames)[:, None, None, None] * 2
    return (noise + slope[..., :1] * np.ones(3)).astype(np.uint8)


@pytest.fixture(scope="module")
def network() -> VideoMAE:
    return untrained(TWO_LAYERS)


@pytest.fixture(scope="module")
def expected(network: VideoMAE) -> tuple[Floats, Floats]:
    with torch.inference_mode():
        scale, movement = network(torch.from_numpy(clips(2)))
    return scale.numpy(), movement.numpy()


@pytest.fixture(scope="module")
def reference(network: VideoMAE) -> tuple[Floats, Floats]:
    return reference_logits(network, clips(2))


@pytest.fixture(scope="module")
def session(network: VideoMAE) -> VideoMAESession:
    return VideoMAESession(videomae_onnx.checked_graph_of(network, IDENTITY), threads=1)


def softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True), np.float32)


def test_it_has_the_published_parameters() -> None:
    with torch.device("meta"):
        network = VideoMAE()
    assert sum(values.numel() for values in network.parameters()) == 86_234_121
    assert BASE.tokens == 1568
    assert not [name for name in network.state_dict() if "position" in name], "positions are fixed"


def test_its_classes_are_in_the_published_order() -> None:
    assert [str(scale) for scale in SCALES] == ["ECS", "CS", "MS", "FS", "LS"]
    assert [str(movement) for movement in MOVEMENTS] == ["Static", "Motion", "Pull", "Push"]


class TestParity:
    def test_torch_gives_what_transformers_gives(
        self, expected: tuple[Floats, Floats], reference: tuple[Floats, Floats]
    ) -> None:
        for here, there in zip(expected, reference, strict=True):
            assert np.ptp(here, axis=1).min() > 0.1, "there is something to compare"
            assert np.abs(here - there).max() < TOLERANCE

    def test_the_graph_gives_what_transformers_gives(
        self,
        session: VideoMAESession,
        expected: tuple[Floats, Floats],
        reference: tuple[Floats, Floats],
    ) -> None:
        found = session.probabilities(clips(2)[1])
        for here, logits, ours in zip(found, reference, expected, strict=True):
            assert np.abs(here - softmax(logits)[1]).max() < TOLERANCE
            assert np.abs(here - softmax(ours)[1]).max() < TOLERANCE

    def test_the_graph_takes_several_shots_at_once(self) -> None:
        import onnxruntime

        small = untrained(SMALL)
        run = onnxruntime.InferenceSession(
            videomae_onnx.graph_of(small, IDENTITY), providers=["CPUExecutionProvider"]
        )
        pictures = clips(3, SMALL)
        scale, movement, features = run.run(["scale", "movement", "features"], {"pictures": pictures})
        with torch.inference_mode():
            wanted = small.features(torch.from_numpy(pictures))
            logits = small.heads(wanted)
        assert np.abs(features - wanted.numpy()).max() < TOLERANCE
        assert np.abs(scale - softmax(logits[0].numpy())).max() < TOLERANCE
        assert np.abs(movement - softmax(logits[1].numpy())).max() < TOLERANCE

    def test_a_conversion_that_gives_other_numbers_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(videomae_onnx, "LAYER_NORM_EPS", 1.0)
        with pytest.raises(ModelError, match="other numbers on CPU"):
            videomae_onnx.checked_graph_of(untrained(SMALL), IDENTITY)

    @pytest.mark.parametrize("sureness", [14, 60])
    @pytest.mark.parametrize("epsilon", ["LAYER_NORM_EPS", "HEADS_NORM_EPS"])
    def test_also_where_the_network_is_sure_of_itself(
        self, sureness: float, epsilon: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        network = untrained(SMALL)
        with torch.no_grad():
            for head in (network.scale_cf, network.movement_cf):
                head.bias[0] = sureness  # on whatever it sees, its probabilities are those of one class
        assert videomae_onnx.checked_graph_of(network, IDENTITY)
        monkeypatch.setattr(videomae_onnx, epsilon, 1.0)
        if (
            epsilon == "LAYER_NORM_EPS" or sureness < 50
        ):  # else the heads come to nothing whatever they compute
            with pytest.raises(ModelError, match="other numbers on CPU"):
                videomae_onnx.checked_graph_of(network, IDENTITY)

    def test_what_is_wrong_with_smooth_pictures_alone_is_seen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen = []
        run = GraphSession.run

        def worse(session: GraphSession, outputs: list[str], inputs: dict[str, NDArray[np.uint8]]) -> object:
            found = run(session, outputs, inputs)
            steps = np.abs(np.diff(inputs["pictures"].astype(int), axis=3)).mean()
            seen.append(steps < 20)
            return [some + (0.02 if seen[-1] else 0) for some in found]

        monkeypatch.setattr(GraphSession, "run", worse)
        with pytest.raises(ModelError, match="of their range"):
            videomae_onnx.checked_graph_of(untrained(SMALL), IDENTITY)
        assert seen == [False, True]


def reference_logits(network: VideoMAE, pictures: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """Of the implementation that the weights were published for, with the heads of their model card."""
    from transformers import VideoMAEConfig, VideoMAEModel

    config = VideoMAEConfig(num_hidden_layers=network.size.layers, use_mean_pooling=True)
    model = VideoMAEModel(config).eval()
    state = {}
    for name, values in network.state_dict().items():
        if name.startswith("vmae."):
            newer = name.replace("q_bias", "query.bias").replace("v_bias", "value.bias")
            state[newer.removeprefix("vmae.")] = values
    model.load_state_dict(state)
    norm = torch.nn.LayerNorm(network.size.width)
    norm.load_state_dict(network.fc_norm.state_dict())
    mean, deviation = (torch.tensor(some)[:, None, None] for some in (PICTURE_MEAN, PICTURE_STD))
    values = (torch.from_numpy(pictures).permute(0, 1, 4, 2, 3) / 255 - mean) / deviation
    with torch.inference_mode():
        pooled = norm(model(values)[0].mean(1))
        return network.scale_cf(pooled).numpy(), network.movement_cf(pooled).numpy()


class TestWeights:
    def saved(
        self, folder: Path, changes: dict[str, Tensor | None] | None = None, newer: bool = False
    ) -> Path:
        state: dict[str, Tensor | None] = dict(untrained(SMALL).state_dict())
        if newer:
            state = {
                name.replace("q_bias", "query.bias").replace("v_bias", "value.bias"): values
                for name, values in state.items()
            }
        state |= changes or {}
        path = folder / "model.safetensors"
        save_file({name: values.contiguous() for name, values in state.items() if values is not None}, path)
        return path

    @pytest.mark.parametrize("newer", [False, True])
    def test_both_generations_of_names_are_read(self, newer: bool, tmp_path: Path) -> None:
        loaded = videomae_weights.load(self.saved(tmp_path, newer=newer), SMALL)
        assert not loaded.training
        pictures = torch.from_numpy(clips(1, SMALL))
        with torch.inference_mode():
            for here, there in zip(loaded(pictures), untrained(SMALL)(pictures), strict=True):
                assert torch.equal(here, there)

    def test_what_changes_nothing_may_be_there(self, tmp_path: Path) -> None:
        network = untrained(SMALL)
        path = self.saved(
            tmp_path,
            {
                f"{ATTENTION}.key.bias": torch.zeros(12),
                "vmae.embeddings.position_embeddings": network.vmae.embeddings.positions[None],
            },
        )
        loaded = videomae_weights.load(path, SMALL)
        assert set(loaded.state_dict()) == set(network.state_dict())

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"fc_norm.bias": None}, r"lacks fc_norm\.bias\. Choose the published"),
            ({f"{ATTENTION}.q_bias": None}, r"lacks vmae\.encoder\.layer\.1\.attention\.attention\.q_bias"),
            ({"classifier.bias": torch.zeros(4)}, r"has an unknown classifier\.bias"),
            ({"scale_cf.bias": torch.zeros(9)}, r"has scale_cf\.bias of shape \(9,\) instead of \(5,\)"),
            ({"scale_cf.bias": torch.zeros(5).half()}, r"has scale_cf\.bias in F16 instead of F32"),
            ({f"{ATTENTION}.query.bias": torch.zeros(12)}, r"q_bias twice, by two names"),
            ({f"{ATTENTION}.key.bias": torch.ones(12)}, r"key\.bias is not zero"),
            ({"vmae.encoder.layer.7.attention.attention.key.bias": torch.zeros(12)}, "has an unknown vmae"),
            (
                {"scale_cf.bias": torch.full((5,), torch.nan)},
                r"scale_cf\.bias holds values that are no numbers",
            ),
            (
                {"vmae.embeddings.position_embeddings": torch.zeros(1, 32, 12)},
                "position_embeddings differs from the fixed sines",
            ),
            (
                {"vmae.embeddings.position_embeddings": torch.zeros(1, 1568, 12)},
                r"position_embeddings of shape \(1, 1568, 12\) instead of \(1, 32, 12\)",
            ),
        ],
    )
    def test_what_does_not_fit_is_named(
        self, changes: dict[str, Tensor | None], message: str, tmp_path: Path
    ) -> None:
        with pytest.raises(ModelError, match=message):
            videomae_weights.load(self.saved(tmp_path, changes), SMALL)

    @pytest.mark.parametrize(
        "content", [b"", b"no tensors at all", b"\xff" * 64, b"\x02\0\0\0\0\0\0\0{}more"]
    )
    def test_a_file_that_is_no_table_of_tensors_is_refused(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "model.safetensors"
        path.write_bytes(content)
        with pytest.raises(ModelError, match=r"model\.safetensors.*(cannot be read as safetensors|lacks)"):
            videomae_weights.load(path, SMALL)

    def test_a_pickle_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "model.safetensors"
        torch.save(untrained(SMALL).state_dict(), path)
        with pytest.raises(ModelError, match="cannot be read as safetensors"):
            videomae_weights.load(path, SMALL)

    def test_a_file_beyond_any_reason_is_not_opened(self, tmp_path: Path) -> None:
        path = tmp_path / "model.safetensors"
        with path.open("wb") as file:
            file.truncate(videomae_weights.MOST_BYTES + 1)  # sparse
        with pytest.raises(ModelError, match="never have more than"):
            videomae_weights.load(path, SMALL)
        with pytest.raises(ModelError, match="cannot be read"):
            videomae_weights.load(tmp_path / "none.safetensors")

    def test_damaged_files_are_refused_with_a_sentence(self, tmp_path: Path) -> None:
        good = self.saved(tmp_path).read_bytes()
        header = 8 + int.from_bytes(good[:8], "little")
        random = np.random.default_rng(1)
        path, told = tmp_path / "damaged.safetensors", []
        for _ in range(150):
            some = bytearray(good)
            for at in random.integers(0, header, 3):
                some[at] = random.integers(0, 256)
            path.write_bytes(some[: None if random.random() < 0.7 else random.integers(0, len(some))])
            try:
                videomae_weights.load(path, SMALL)
            except ModelError as error:
                told.append(str(error))
        assert told
        assert all("“damaged.safetensors”" in sentence for sentence in told)


class TestSession:
    def test_it_gives_probabilities(self, session: VideoMAESession) -> None:
        scale, movement = session.probabilities(clips(1)[0])
        assert (scale.shape, movement.shape) == ((5,), (4,))
        assert scale.dtype == movement.dtype == np.float32
        assert scale.sum() == pytest.approx(1, abs=1e-5)
        assert movement.sum() == pytest.approx(1, abs=1e-5)
        assert session.key == f"{'ab' * 32} graph 1"
        assert session.device == "CPU, 1 thread"

    def test_pictures_of_another_kind_are_refused(self, session: VideoMAESession) -> None:
        for wrong in (np.zeros((16, 224, 224, 3), np.float32), clips(1), clips(1)[0][:8]):
            with pytest.raises(ValueError, match=r"need uint8\[16, 224, 224, 3\]"):
                session.probabilities(wrong)

    def test_cancelling_stops_it_within_a_second(self, session: VideoMAESession) -> None:
        progress = CancellableProgress()
        at = []

        def cancel() -> None:
            at.append(time.monotonic())
            progress.cancel()

        timer = threading.Timer(0.2, cancel)
        timer.start()
        pictures = clips(1)[0]

        def many() -> None:
            for _ in range(100):
                session.probabilities(pictures, progress=progress)

        with pytest.raises(Cancelled):
            many()
        assert time.monotonic() - at[0] < 1
        timer.join()
        assert np.isfinite(session.probabilities(pictures)[0]).all()


class TestPictures:
    @pytest.mark.parametrize("length", [1, 2, 15, 16, 17, 100, 1234])
    def test_frames_are_spread_from_the_first_to_the_last(self, length: int) -> None:
        frames = sampled_frames(1000, 1000 + length)
        # pytorchvideo's UniformTemporalSubsample, in float64
        wanted = [int(at + 1e-9) for at in np.linspace(0, length - 1, 16)]
        assert [frame - 1000 for frame in frames] == wanted
        assert (frames[0], frames[-1]) == (1000, 1000 + length - 1)

    def test_a_shot_without_frames_has_none(self) -> None:
        with pytest.raises(ValueError, match="need frames"):
            sampled_frames(5, 5)

    def test_the_whole_picture_is_squeezed(self) -> None:
        picture = np.zeros((90, 160, 3), np.uint8)
        picture[:, 80:] = (250, 100, 0)
        small = squared(picture)
        assert small.shape == (224, 224, 3)
        assert small[:, :110].max() == 0
        assert np.array_equal(small[100, 120], (250, 100, 0))

    def test_shrinking_averages(self) -> None:
        fine = np.zeros((896, 896, 3), np.uint8)
        fine[::2] = 200  # without averaging, lines would be picked: all 0 or all 200
        assert np.abs(squared(fine)[10:-10].astype(int) - 100).max() <= 2


def test_its_card_says_what_may_not_be_done_with_it() -> None:
    assert VIDEOMAE.id == "videomae-movieshots"
    assert "CC-BY-NC-4.0" in VIDEOMAE.licence
    assert "only non-commercial use is safe" in VIDEOMAE.restriction
    assert VIDEOMAE.sha256 is None
    assert dataclasses.asdict(VIDEOMAE.source)["revision"] == "23e38eaf25a909c8f5d00c6803172e50cf2058ee"


def test_the_card_converts_a_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a small network in place of the large one; the graph then names the file's own sha256."""
    import hashlib

    path = tmp_path / "model.safetensors"
    save_file(untrained(SMALL).state_dict(), path)
    load = videomae_weights.load
    monkeypatch.setattr(videomae_weights, "load", lambda weights: load(weights, SMALL))
    assert VIDEOMAE.convert is not None
    graph = VIDEOMAE.convert(path)
    assert hashlib.sha256(path.read_bytes()).hexdigest().encode() in graph
