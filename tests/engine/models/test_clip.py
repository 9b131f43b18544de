"""CLIP is the published network: the numbers of an independent implementation, and strict about both files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from paper_clip import save_open_clip, save_openai
from safetensors.torch import save_file
from torch import Tensor

from seamline.errors import ModelError
from seamline.models import clip_onnx, clip_weights
from seamline.models.clip import Clip, ClipSize
from seamline.models.clip_pictures import PICTURE_MEAN, PICTURE_STD
from seamline.models.runtime import GraphSession

if TYPE_CHECKING:
    from transformers import CLIPModel

Floats = NDArray[np.float32]

TOLERANCE = 1e-4
IDENTITY = {"name": "CLIP", "version": "1", "weights_sha256": "ab" * 32}
VOCABULARY = 120
END = VOCABULARY - 1


def small(*, is_quick: bool) -> ClipSize:
    return ClipSize(
        is_quick=is_quick,
        side=64,
        patch=16,
        image_width=48,
        image_layers=3,
        image_heads=4,
        text_width=36,
        text_layers=2,
        text_heads=3,
        context=20,
        vocabulary=VOCABULARY,
        dimension=24,
    )


def independent(size: ClipSize) -> CLIPModel:
    """transformers' CLIP of this size, with weights that do something: each left out or mixed up shows."""
    # here, for it takes every worker of the tests some seconds
    from transformers import CLIPConfig, CLIPModel

    act = "quick_gelu" if size.is_quick else "gelu"
    picture: dict[str, object] = {
        "image_size": size.side,
        "patch_size": size.patch,
        "hidden_size": size.image_width,
    }
    picture |= {"intermediate_size": 4 * size.image_width, "num_hidden_layers": size.image_layers}
    picture |= {"num_attention_heads": size.image_heads, "hidden_act": act, "projection_dim": size.dimension}
    text = {
        "vocab_size": size.vocabulary,
        "max_position_embeddings": size.context,
        "hidden_size": size.text_width,
    }
    text |= {
        "intermediate_size": 4 * size.text_width,
        "num_hidden_layers": size.text_layers,
        "hidden_act": act,
    }
    text |= {"num_attention_heads": size.text_heads, "projection_dim": size.dimension, "pad_token_id": 0}
    text |= {"bos_token_id": size.vocabulary - 2, "eos_token_id": size.vocabulary - 1}
    config = CLIPConfig.from_dict(
        {"projection_dim": size.dimension, "vision_config": picture, "text_config": text}
    )
    torch.manual_seed(4)
    network = CLIPModel(config).eval()
    for name, values in network.named_parameters():
        is_scale = "norm" in name and name.endswith("weight")
        torch.nn.init.uniform_(values, 0.5 if is_scale else -0.25, 1.5 if is_scale else 0.25)
        values.data = values.data.half().float()  # so that either layout holds the same
    return network


def published_names(network: CLIPModel) -> dict[str, Tensor]:
    """Its weights by the names that OpenAI's and OpenCLIP's files have."""
    theirs = {name: values.detach() for name, values in network.state_dict().items()}
    found: dict[str, Tensor] = {"logit_scale": theirs["logit_scale"]}
    for tower, ours in (("vision_model", "visual."), ("text_model", "")):
        layers = {name.split(".")[3] for name in theirs if name.startswith(f"{tower}.encoder.layers.")}
        for layer in layers:
            a, b = f"{tower}.encoder.layers.{layer}", f"{ours}transformer.resblocks.{layer}"
            for kind in ("weight", "bias"):
                each = [theirs[f"{a}.self_attn.{name}_proj.{kind}"] for name in "qkv"]
                found[f"{b}.attn.in_proj_{kind}"] = torch.cat(each)
                for here, there in (
                    ("attn.out_proj", "self_attn.out_proj"),
                    ("ln_1", "layer_norm1"),
                    ("ln_2", "layer_norm2"),
                    ("mlp.c_fc", "mlp.fc1"),
                    ("mlp.c_proj", "mlp.fc2"),
                ):
                    found[f"{b}.{here}.{kind}"] = theirs[f"{a}.{there}.{kind}"]
    for kind in ("weight", "bias"):
        found[f"visual.ln_pre.{kind}"] = theirs[f"vision_model.pre_layrnorm.{kind}"]
        found[f"visual.ln_post.{kind}"] = theirs[f"vision_model.post_layernorm.{kind}"]
        found[f"ln_final.{kind}"] = theirs[f"text_model.final_layer_norm.{kind}"]
    pictures, texts = "vision_model.embeddings", "text_model.embeddings"
    found["visual.conv1.weight"] = theirs[f"{pictures}.patch_embedding.weight"]
    found["visual.class_embedding"] = theirs[f"{pictures}.class_embedding"]
    found["visual.positional_embedding"] = theirs[f"{pictures}.position_embedding.weight"]
    found["visual.proj"] = theirs["visual_projection.weight"].T
    found["token_embedding.weight"] = theirs[f"{texts}.token_embedding.weight"]
    found["positional_embedding"] = theirs[f"{texts}.position_embedding.weight"]
    found["text_projection"] = theirs["text_projection.weight"].T
    return {name: values.contiguous().clone() for name, values in found.items()}


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module", params=["openai", "laion2b"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[CLIPModel, Clip]:
    """The independent network, and ours from a file with its weights; of each layout with its own GELU."""
    folder = tmp_path_factory.mktemp("clip")
    size = small(is_quick=request.param == "openai")
    theirs = independent(size)
    weights = published_names(theirs)
    if size.is_quick:
        path = save_openai(weights, size, folder / "small.pt")
        return theirs, clip_weights.load_openai(path, sha256_of(path), size)
    path = save_open_clip(weights, folder / "small.safetensors")
    return theirs, clip_weights.load_open_clip(path, sha256_of(path), size)


@pytest.fixture(scope="module")
def weights() -> dict[str, Tensor]:
    return published_names(independent(small(is_quick=True)))


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def some_pictures(count: int, side: int) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (count, side, side, 3), np.uint8)


def some_ids(context: int) -> NDArray[np.int32]:
    """Texts of 2 tokens up to as many as there can be, with zeros behind the end."""
    random = np.random.default_rng(2)
    ids = np.zeros((4, context), np.int32)
    for row, length in zip(ids, (2, 5, context - 1, context), strict=True):
        row[:length] = [VOCABULARY - 2, *random.integers(1, VOCABULARY - 2, length - 2), END]
    return ids


def their_pictures(network: CLIPModel, pictures: NDArray[np.uint8]) -> Floats:
    values = (pictures / 255 - np.array(PICTURE_MEAN)) / np.array(PICTURE_STD)
    with torch.inference_mode():
        found = network.get_image_features(
            pixel_values=torch.from_numpy(values.transpose(0, 3, 1, 2).astype(np.float32))
        )
    return np.asarray(getattr(found, "pooler_output", found))


def their_texts(network: CLIPModel, ids: NDArray[np.int32]) -> Floats:
    with torch.inference_mode():
        found = network.get_text_features(input_ids=torch.from_numpy(ids).long())
    return np.asarray(getattr(found, "pooler_output", found))


def test_the_torch_network_gives_what_an_independent_one_gives(pair: tuple[CLIPModel, Clip]) -> None:
    theirs, ours = pair
    pictures, ids = some_pictures(3, ours.size.side), some_ids(ours.size.context)
    with torch.inference_mode():
        of_pictures = ours.image_features(torch.from_numpy(pictures)).numpy()
        of_texts = ours.text_features(torch.from_numpy(ids).long()).numpy()
    assert np.abs(of_pictures - their_pictures(theirs, pictures)).max() < TOLERANCE
    assert np.abs(of_texts - their_texts(theirs, ids)).max() < TOLERANCE
    # with the other GELU they would show it
    other = Clip(small(is_quick=not ours.size.is_quick)).eval()
    other.load_state_dict(ours.state_dict())
    with torch.inference_mode():
        assert (
            np.abs(other.image_features(torch.from_numpy(pictures)).numpy() - of_pictures).max()
            > 10 * TOLERANCE
        )


def test_the_graphs_give_what_an_independent_network_gives(pair: tuple[CLIPModel, Clip]) -> None:
    theirs, ours = pair
    pictures, ids = some_pictures(3, ours.size.side), some_ids(ours.size.context)
    graph = GraphSession(
        clip_onnx.checked_image_graph_of(ours, IDENTITY), example={"pictures": pictures[:1]}, threads=1
    )
    (found,) = graph.run(["embedding"], {"pictures": pictures})
    assert np.abs(found - their_pictures(theirs, pictures)).max() < TOLERANCE
    texts = GraphSession(clip_onnx.checked_text_graph_of(ours, IDENTITY), example={"ids": ids[:1]}, threads=1)
    wanted = their_texts(theirs, ids)
    for length, rows in ((ours.size.context, 4), (5, 2), (2, 1)):
        (found,) = texts.run(["embedding"], {"ids": ids[:rows, :length]})
        assert np.abs(found - wanted[:rows]).max() < TOLERANCE


def test_a_graph_that_differs_is_not_handed_out(
    pair: tuple[CLIPModel, Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ours = pair
    monkeypatch.setattr(clip_onnx, "LAYER_NORM_EPS", 0.1)
    for check in (clip_onnx.checked_image_graph_of, clip_onnx.checked_text_graph_of):
        with pytest.raises(ModelError, match="gives other numbers on CPU"):
            check(ours, IDENTITY)


def test_half_precision_is_stored_as_such(pair: tuple[CLIPModel, Clip]) -> None:
    _, ours = pair  # all its weights are numbers of half precision
    size = len(clip_onnx.text_graph_of(ours, IDENTITY))
    with torch.no_grad():
        ours.token_embedding.weight += 1e-5
    wide = len(clip_onnx.text_graph_of(ours, IDENTITY))
    with torch.no_grad():
        ours.token_embedding.weight -= 1e-5
    assert wide - size > ours.token_embedding.weight.numel() * 2 - 200


def test_the_published_size() -> None:
    with torch.device("meta"):
        network = Clip(clip_weights.OPENAI)
    assert sum(values.numel() for values in network.parameters()) == 151_277_313
    assert len(network.state_dict()) == 302
    assert clip_weights.OPENAI.is_quick
    assert not clip_weights.OPEN_CLIP.is_quick


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda all_of_it: all_of_it.pop("visual.proj"), "lacks visual.proj"),
        (lambda all_of_it: all_of_it.update(more=torch.zeros(1)), "has an unknown more"),
        (
            lambda all_of_it: all_of_it.update({"ln_final.bias": torch.zeros(35)}),
            r"ln_final.bias of shape \(35,\) instead",
        ),
        (
            lambda all_of_it: all_of_it.update({"ln_final.bias": torch.zeros(36).double()}),
            "ln_final.bias in float64",
        ),
        (
            lambda all_of_it: all_of_it.update({"ln_final.bias": torch.full((36,), torch.nan)}),
            "ln_final.bias that are no",
        ),
    ],
)
def test_weights_that_differ_are_refused(
    change: Callable[[dict[str, Tensor]], object], fault: str, weights: dict[str, Tensor], tmp_path: Path
) -> None:
    size = small(is_quick=True)
    changed = dict(weights)
    change(changed)
    with pytest.raises(ModelError, match=fault):
        clip_weights.load_open_clip(save_open_clip(changed, tmp_path / "a.safetensors"), None, size)
    with pytest.raises(ModelError, match=fault):
        clip_weights.load_openai(save_openai(changed, size, tmp_path / "a.pt"), None, size)


def test_what_tokens_must_not_look_at_may_be_written_with_them(
    weights: dict[str, Tensor], tmp_path: Path
) -> None:
    size, names = small(is_quick=True), [f"transformer.resblocks.{layer}.attn_mask" for layer in range(2)]
    mask = torch.full((size.context, size.context), -torch.inf).triu(1).half()
    path = save_openai(weights, size, tmp_path / "a.pt", held=dict.fromkeys(names, mask))
    network = clip_weights.load_openai(path, None, size)
    assert network.state_dict().keys() == weights.keys()
    path = save_openai(weights, size, path, held=dict.fromkeys(names, mask.T))
    with pytest.raises(ModelError, match=r"has an unknown transformer\.resblocks\.\d\.attn_mask"):
        clip_weights.load_openai(path, None, size)


def test_files_are_not_even_opened_whose_sha256_differs(weights: dict[str, Tensor], tmp_path: Path) -> None:
    size = small(is_quick=True)
    path = save_openai(weights, size, tmp_path / "a.pt")
    with pytest.raises(ModelError, match=r"“a\.pt” is not the published file .* instead of abcdefabcdef"):
        clip_weights.load_openai(path, "abcdef" * 10 + "abcd", size)
    with pytest.raises(ModelError, match="says another context_length than 20"):
        clip_weights.load_openai(save_openai(weights, size, path, context_length=21), None, size)
    half = {name: some.half() for name, some in weights.items()}
    save_file(half, tmp_path / "half.safetensors")
    with pytest.raises(ModelError, match="in float16"):
        clip_weights.load_open_clip(tmp_path / "half.safetensors", None, size)
    for load in (clip_weights.load_openai, clip_weights.load_open_clip):
        path.write_bytes(b"something else")
        with pytest.raises(ModelError, match=r"“a\.pt” cannot be read"):
            load(path, None, size)
