"""The dual encoder is the published one: same numbers as other implementations, strict about its files."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from seamline.errors import Cancelled, ModelError
from seamline.models import dual_encoder_onnx, dual_encoder_weights
from seamline.models.distilbert import DistilBert, DistilBertSize
from seamline.models.dual_encoder import DualEncoder, DualEncoderSize
from seamline.models.dual_encoder_card import BERT_VOCABULARY, DUAL_ENCODER, DUAL_ENCODER_TEXT
from seamline.models.dual_encoder_session import DualImageEncoder, DualTextEncoder
from seamline.models.encoder import Fit
from seamline.models.resnet50 import ResNet, ResNetSize
from seamline.progress import CancellableProgress

TOLERANCE = 1e-4
SMALL = DualEncoderSize(
    ResNetSize((2, 1, 2, 1), width=4),
    DistilBertSize(vocabulary=24, positions=40, width=16, layers=2, heads=4, inner=24),
)
IDENTITY = {"name": "dual encoder", "version": "1", "weights_sha256": "cd" * 32}
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrst"]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def untrained(network: torch.nn.Module) -> None:
    """Random weights, with norms and biases that do something: each one left out or mixed up shows."""
    generator = torch.Generator().manual_seed(7)
    for name, values in [*network.named_parameters(), *network.named_buffers()]:
        with torch.no_grad():
            if name.endswith("running_var") or (values.ndim == 1 and name.endswith("weight")):
                values.uniform_(0.5, 1.5, generator=generator)
            elif values.ndim == 1:
                values.uniform_(-0.3, 0.3, generator=generator)
            elif values.ndim == 2:
                values.normal_(0, 0.3, generator=generator)


@pytest.fixture(scope="module")
def network() -> DualEncoder:
    torch.manual_seed(5)
    made = DualEncoder(SMALL).eval()
    untrained(made)
    made.temperature.fill_(1.25)
    return made


def pictures(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    noise = np.random.default_rng(2).integers(0, 100, (count, 224, 224, 3))
    slope = np.linspace(0, 150, 224)[:, None, None] * np.linspace(0, 1, count)[:, None, None, None]
    return (noise + slope).astype(np.uint8)


def test_it_has_the_published_parameters() -> None:
    with torch.device("meta"):
        network = DualEncoder()
    assert sum(values.numel() for values in network.parameters()) == 91_841_088
    assert "temperature" in network.state_dict(), "kept with the weights, but none of them"


class TestParity:
    @pytest.mark.parametrize("side", [64, 75])
    def test_resnet_gives_what_transformers_gives(self, side: int) -> None:
        from transformers import ResNetConfig, ResNetModel  # here, for it takes some seconds

        size = ResNetSize((2, 3, 2, 2), width=8)
        ours = ResNet(size).eval()
        untrained(ours)
        config = ResNetConfig(
            embedding_size=8,
            hidden_sizes=[32, 64, 128, 256],
            depths=list(size.blocks),
            layer_type="bottleneck",
        )
        theirs = ResNetModel(config)
        theirs.train(False)
        theirs.load_state_dict(
            {their_resnet_name(name): values for name, values in ours.state_dict().items()}
        )
        x = torch.randn(2, 3, side, side, generator=torch.Generator().manual_seed(1))
        with torch.inference_mode():
            here, there = ours(x), theirs(x).pooler_output.flatten(1)
        assert float(there.std()) > 0.1, "there is something to compare"
        assert float((here - there).abs().max()) < TOLERANCE * float(there.abs().max())

    def test_distilbert_gives_what_transformers_gives(self) -> None:
        from transformers import DistilBertConfig, DistilBertModel  # here, for it takes some seconds

        size = DistilBertSize(vocabulary=50, positions=40, width=24, layers=3, heads=3, inner=40)
        ours = DistilBert(size).eval()
        untrained(ours)
        config = DistilBertConfig(
            vocab_size=50, max_position_embeddings=40, dim=24, n_layers=3, n_heads=3, hidden_dim=40
        )
        theirs = DistilBertModel(config)
        theirs.train(False)
        theirs.load_state_dict(ours.state_dict())
        ids = torch.randint(1, 50, (3, 12), generator=torch.Generator().manual_seed(1))
        mask = (torch.arange(12) < torch.tensor([[3], [7], [12]])).long()
        with torch.inference_mode():
            here, there = ours(ids, mask), theirs(ids, attention_mask=mask).last_hidden_state
        assert float((here - there)[mask.bool()].abs().max()) < TOLERANCE
        assert float(there[:, 0].std()) > 0.1

    def test_the_projection_is_the_published_formula(self, network: DualEncoder) -> None:
        head, x = network.image_head, torch.randn(3, SMALL.image.features)
        weights = head.state_dict()
        with torch.inference_mode():
            p = x @ weights["projection.weight"].T + weights["projection.bias"]
            gelu = p * (1 + torch.erf(p / 2**0.5)) / 2
            y = p + gelu @ weights["fc.weight"].T + weights["fc.bias"]
            y = (y - y.mean(1, keepdim=True)) / (y.var(1, unbiased=False, keepdim=True) + 1e-5).sqrt()
            y = y * weights["layer_norm.weight"] + weights["layer_norm.bias"]
            assert float((head(x) - y).abs().max()) < TOLERANCE

    def test_words_are_the_first_token_whatever_fills_the_row(self, network: DualEncoder) -> None:
        ids = torch.tensor([[2, 5, 6, 3, 0, 0], [2, 5, 6, 3, 9, 9]])
        mask = torch.tensor([[1, 1, 1, 1, 0, 0]] * 2)
        with torch.inference_mode():
            padded, alone = network.text_vectors(ids, mask), network.text_vectors(ids[:1, :4], mask[:1, :4])
            assert float((padded - alone).abs().max()) < 1e-6
            features = network.text_trunk(ids, mask)[:, 0]
            expected = functional.normalize(network.text_head(features), dim=1)
        assert torch.equal(padded, expected)


class TestGraphs:
    def test_both_give_what_torch_gives_with_length_1(self, network: DualEncoder, tmp_path: Path) -> None:
        vocabulary = tmp_path / "vocab.txt"
        vocabulary.write_text("\n".join(VOCABULARY), encoding="utf-8")
        images = DualImageEncoder(dual_encoder_onnx.checked_image_graph_of(network, IDENTITY), threads=1)
        words = DualTextEncoder(
            dual_encoder_onnx.checked_text_graph_of(network, IDENTITY), vocabulary, threads=1
        )
        shown = pictures(9)
        texts = ["a b c", "q", "a " * 40]
        ids, mask = (torch.from_numpy(each) for each in words._pieces.encode(texts))
        with torch.inference_mode():
            wanted = (
                network.image_vectors(torch.from_numpy(shown)).numpy(),
                network.text_vectors(ids, mask).numpy(),
            )
        for here, there in zip((images.encode(shown), words.encode_texts(texts)), wanted, strict=True):
            assert here.dtype == np.float32
            assert here.shape == (len(there), 512)
            assert np.abs(np.linalg.norm(here, axis=1) - 1).max() < 1e-5
            assert np.abs(here - there).max() < TOLERANCE
        assert np.ptp(wanted[1], axis=0).max() > 0.05, "the texts differ"
        assert images.spec == words.spec
        assert images.spec.key == "cd" * 32 + " graph 1 bilinear"
        assert images.spec.fit is Fit.BILINEAR
        assert len(images.encode(shown[:0])) == 0
        assert len(words.encode_texts([])) == 0

    def test_blue_is_not_red(self, network: DualEncoder) -> None:
        images = DualImageEncoder(dual_encoder_onnx.image_graph_of(network, IDENTITY), threads=1)
        red = np.zeros((1, 224, 224, 3), np.uint8)
        red[..., 0] = 255
        with torch.inference_mode():
            wanted = network.image_vectors(torch.from_numpy(red)).numpy()
        assert np.abs(images.encode(red) - wanted).max() < TOLERANCE
        assert np.abs(images.encode(red[..., ::-1]) - wanted).max() > 100 * TOLERANCE

    def test_pictures_of_another_shape_are_refused_and_cancelling_is_heard(
        self, network: DualEncoder
    ) -> None:
        images = DualImageEncoder(dual_encoder_onnx.image_graph_of(network, IDENTITY), threads=1)
        with pytest.raises(ValueError, match="need uint8"):
            images.encode(np.zeros((1, 200, 224, 3), np.uint8))
        progress = CancellableProgress()
        progress.cancel()
        with pytest.raises(Cancelled):
            images.encode(pictures(1), progress=progress)

    def test_a_graph_of_other_numbers_is_not_kept(
        self, network: DualEncoder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(dual_encoder_onnx, "VALUE_CENTRE", 100.0)
        with pytest.raises(ModelError, match="gives other numbers"):
            dual_encoder_onnx.checked_image_graph_of(network, IDENTITY)


def their_resnet_name(name: str) -> str:
    """The name of one of torchvision's weights in transformers' ResNetModel."""
    if name.startswith("layer"):
        layer, block, part, *rest = name.split(".")
        where = f"encoder.stages.{int(layer[-1]) - 1}.layers.{block}"
        if part == "downsample":
            return f"{where}.shortcut.{'convolution' if rest[0] == '0' else 'normalization'}.{rest[1]}"
        kind = "convolution" if part.startswith("conv") else "normalization"
        return f"{where}.layer.{int(part[-1]) - 1}.{kind}.{rest[0]}"
    part, kind = name.split(".")
    return f"embedder.embedder.{'convolution' if part == 'conv1' else 'normalization'}.{kind}"


def published(network: DualEncoder) -> dict[str, Any]:
    """A checkpoint as the published code saves it: ResNet's parts by number in a Sequential."""
    numbers = {"conv1": 0, "bn1": 1, "layer1": 4, "layer2": 5, "layer3": 6, "layer4": 7}

    def numbered(name: str) -> str:
        first, rest = name.split(".", 1)
        return f"{numbers[first]}.{rest}"

    def projector(head: torch.nn.Module, kind: str) -> dict[str, Tensor]:
        return {
            name.replace("projection.", f"{kind}_projection."): v for name, v in head.state_dict().items()
        }

    optimiser = torch.optim.AdamW(network.text_head.parameters())
    return {
        "resnet_model_dict": {numbered(name): v for name, v in network.image_trunk.state_dict().items()},
        "text_model_dict": dict(network.text_trunk.state_dict()),
        "image_projector_dict": projector(network.image_head, "image"),
        "text_projector_dict": projector(network.text_head, "text"),
        "optimizer_state_dict": optimiser.state_dict(),
        "temperature_value": torch.nn.Parameter(network.temperature.clone()),
        "epoch": 25,
    }


def assert_same(one: DualEncoder, other: DualEncoder) -> None:
    for (name, here), (_, there) in zip(one.state_dict().items(), other.state_dict().items(), strict=True):
        assert torch.equal(here, there), name


class TestFiles:
    def test_the_published_checkpoint_is_read(self, network: DualEncoder, tmp_path: Path) -> None:
        path = tmp_path / "final_model.h5"  # so it is called, and yet torch's
        torch.save(published(network), path)
        loaded = dual_encoder_weights.load(path, SMALL)
        assert_same(loaded, network)
        assert not loaded.training

    def test_old_positions_and_a_plain_temperature_are_read(
        self, network: DualEncoder, tmp_path: Path
    ) -> None:
        table = published(network)
        table["text_model_dict"]["embeddings.position_ids"] = torch.arange(40)[None]
        table["temperature_value"] = 1.25
        torch.save(table, tmp_path / "c.pt")
        assert_same(dual_encoder_weights.load(tmp_path / "c.pt", SMALL), network)

    def test_our_own_file_goes_round(self, network: DualEncoder, tmp_path: Path) -> None:
        path = tmp_path / "ours.safetensors"
        save_file(network.state_dict(), path, {"made_by": "seamline train search"})
        assert_same(dual_encoder_weights.load(path, SMALL), network)

    @pytest.mark.parametrize(
        ("spoil", "said"),
        [
            (lambda t: t.pop("temperature_value"), "lacks temperature_value"),
            (lambda t: t.pop("text_projector_dict"), "lacks text_projector_dict"),
            (lambda t: t["resnet_model_dict"].pop("0.weight"), r"lacks image_trunk\.conv1\.weight"),
            (
                lambda t: t["resnet_model_dict"].update({"9.weight": torch.ones(1)}),
                "has an unknown image_trunk.9",
            ),
            (
                lambda t: t["resnet_model_dict"].update({"fc.weight": torch.ones(1)}),
                "has an unknown image_trunk.fc",
            ),
            (
                lambda t: t["text_model_dict"].update({"extra": torch.ones(1)}),
                "has an unknown text_trunk.extra",
            ),
            (
                lambda t: t["text_projector_dict"].update({"fc.bias": torch.ones(3)}),
                r"has text_head\.fc\.bias of shape \(3,\) instead of \(512,\)",
            ),
            (
                lambda t: t["text_projector_dict"].update({"fc.bias": torch.ones(512).half()}),
                "float16 instead of",
            ),
            (
                lambda t: t["text_projector_dict"].update({"fc.bias": torch.full((512,), torch.nan)}),
                r"in text_head\.fc\.bias that are no numbers",
            ),
            (
                lambda t: t.update({"third_model_dict": {"weight": torch.ones(1)}}),
                "unknown weights third_model_dict",
            ),
            (lambda t: t.update({"temperature_value": "warm"}), "no number in temperature_value"),
            (lambda t: t.update({"temperature_value": 0.0}), "temperature is not above 0"),
            (lambda t: t.update({"text_model_dict": 3}), "no table in text_model_dict"),
            (
                lambda t: t["text_model_dict"].update({"embeddings.position_ids": torch.ones(40)}),
                "other embeddings.position_ids than 0, 1, 2",
            ),
        ],
    )
    def test_what_does_not_fit_is_refused_in_a_sentence(
        self, network: DualEncoder, tmp_path: Path, spoil: Callable[[dict[str, Any]], object], said: str
    ) -> None:
        table = copy.deepcopy(published(network))
        spoil(table)
        torch.save(table, tmp_path / "spoilt.pt")
        with pytest.raises(ModelError, match=said) as refused:
            dual_encoder_weights.load(tmp_path / "spoilt.pt", SMALL)
        assert str(refused.value).endswith(".")
        assert "“spoilt.pt”" in str(refused.value)

    def test_what_is_no_weights_is_refused(self, tmp_path: Path) -> None:
        class Trap:
            def __reduce__(self) -> tuple[Any, ...]:
                return Path.touch, (tmp_path / "sprung",)

        torch.save({"resnet_model_dict": Trap()}, tmp_path / "trap.pt")
        torch.save([1, 2], tmp_path / "list.pt")
        (tmp_path / "noise.pt").write_bytes(b"PK\x03\x04" + bytes(range(200)))
        (tmp_path / "empty").touch()
        save_file({"fc.weight": torch.ones(2)}, tmp_path / "other.safetensors")
        for name in ("trap.pt", "list.pt", "noise.pt", "empty", "other.safetensors", "missing"):
            with pytest.raises(ModelError, match=f"“{name}”"):
                dual_encoder_weights.load(tmp_path / name, SMALL)
        assert not (tmp_path / "sprung").exists()

    def test_trunks_are_read_from_their_own_files(self, network: DualEncoder, tmp_path: Path) -> None:
        image, text = network.image_trunk.state_dict(), network.text_trunk.state_dict()
        torch.save(
            image | {"fc.weight": torch.ones(9, 128), "fc.bias": torch.ones(9)}, tmp_path / "resnet.pth"
        )
        guessing = {"vocab_transform.weight": torch.ones(2, 2), "vocab_projector.bias": torch.ones(2)}
        save_file(
            {f"distilbert.{name}": values for name, values in text.items()} | guessing,
            tmp_path / "b.safetensors",
        )
        read = dual_encoder_weights.load_resnet(tmp_path / "resnet.pth", SMALL.image)
        words = dual_encoder_weights.load_distilbert(tmp_path / "b.safetensors", SMALL.text)
        assert all(torch.equal(values, image[name]) for name, values in read.state_dict().items())
        assert all(values.requires_grad for values in read.parameters()), "it is there to be trained"
        older = {name: v for name, v in image.items() if not name.endswith(".num_batches_tracked")}
        torch.save(older, tmp_path / "older.pth")
        read = dual_encoder_weights.load_resnet(tmp_path / "older.pth", SMALL.image)
        assert all(torch.equal(values, image[name]) for name, values in read.state_dict().items())
        assert all(torch.equal(values, text[name]) for name, values in words.state_dict().items())
        with pytest.raises(ModelError, match=r"does not fit ResNet50: it lacks conv1\.weight"):
            dual_encoder_weights.load_resnet(tmp_path / "b.safetensors", SMALL.image)


def test_the_card_has_both_halves_and_the_vocabulary() -> None:
    assert DUAL_ENCODER.parts == (DUAL_ENCODER_TEXT, BERT_VOCABULARY)
    assert DUAL_ENCODER.further_graphs == (DUAL_ENCODER_TEXT,)
    assert DUAL_ENCODER.companions == (BERT_VOCABULARY,)
