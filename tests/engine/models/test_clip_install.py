"""A CLIP network from its published file to its answers: installed, converted, compared, and searched by."""

from __future__ import annotations

import dataclasses
import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from paper_clip import save_open_clip, save_openai, save_vocabulary

from seamline.errors import ModelError
from seamline.models import clip_onnx, clip_weights, library, store
from seamline.models.card import ModelCard, WheelMember
from seamline.models.clip import Clip, ClipSize
from seamline.models.clip_cards import CLIP_LAION2B, CLIP_OPENAI, CLIP_WORDS, clip_card
from seamline.models.clip_tokens import ClipTokens
from seamline.models.encoder import l2_normalised
from seamline.models.encoders import clip_choice
from seamline.models.library import State

LAYOUTS = {"openai": CLIP_OPENAI, "laion2b": CLIP_LAION2B}


@dataclasses.dataclass(frozen=True)
class Published:
    """A small network as it is published: `file` holds the weights of `network`, `wheel` the words."""

    card: ModelCard
    network: Clip
    file: Path
    wheel: Path


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "user_directory", lambda: tmp_path / "user")
    monkeypatch.setattr(store, "setup_directory", lambda: tmp_path / "setup")
    monkeypatch.setenv("PIP_NO_INDEX", "1")


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_vocabulary(tmp_path_factory.mktemp("words") / "bpe_simple_vocab_16e6.txt.gz")


@pytest.fixture(scope="module", params=LAYOUTS)
def published(
    request: pytest.FixtureRequest, vocabulary: Path, tmp_path_factory: pytest.TempPathFactory
) -> Published:
    """The product's card of either layout, but of a narrow network with two layers a side, and other words."""
    folder = tmp_path_factory.mktemp("published")
    is_quick = request.param == "openai"
    size = ClipSize(
        is_quick=is_quick,
        image_width=32,
        image_layers=2,
        image_heads=2,
        text_width=32,
        text_layers=2,
        text_heads=2,
    )
    torch.manual_seed(9)
    network = Clip(size).eval()
    for values in network.parameters():
        values.data = values.data.half().float()  # so that either layout holds the same
    weights = {name: values.detach() for name, values in network.state_dict().items()}
    card = LAYOUTS[request.param]
    file = folder / Path(card.source.shown.split(" of ")[0].split(", ")[-1]).name
    if is_quick:
        save_openai(weights, size, file)
    else:
        save_open_clip(weights, file)

    def load(path: Path, sha256: str | None) -> Clip:
        read = clip_weights.load_openai if is_quick else clip_weights.load_open_clip
        return read(path, sha256, size)

    content = vocabulary.read_bytes()
    words = dataclasses.replace(
        CLIP_WORDS, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content)
    )
    assert isinstance(words.source, WheelMember)
    wheel = folder / f"{words.source.distribution}-{words.source.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(words.source.member, content)
    image = dataclasses.replace(
        card,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        size_bytes=file.stat().st_size,
        graph_bytes=None,
        parts=(),
    )
    return Published(clip_card(image, load, words), network, file, wheel)


def test_it_is_installed_from_its_files_and_knows_pictures_and_words(
    published: Published, vocabulary: Path
) -> None:
    card = published.card
    with pytest.raises(ModelError, match=r"What CLIP .* lacks still"):
        library.install(card, from_file=published.wheel)
    library.install(card, from_file=published.file)
    assert library.look_at(card).state is State.INSTALLED
    choice = clip_choice(card)
    assert choice.is_installed
    pictures = np.random.default_rng(3).integers(0, 256, (3, 224, 224, 3), np.uint8)
    images = choice.open_image(1)
    with torch.inference_mode():
        wanted = published.network.image_features(torch.from_numpy(pictures)).numpy()
    assert images.encode(pictures) == pytest.approx(l2_normalised(wanted), abs=1e-3)
    assert choice.open_text is not None
    words = choice.open_text()
    assert words.spec == images.spec == choice.spec()
    ids = ClipTokens(vocabulary).ids(["a red car", "a film still of a red car"])
    with torch.inference_mode():
        plain, still = l2_normalised(published.network.text_features(torch.from_numpy(ids).long()).numpy())
    (found,) = words.encode_texts(["A red  car"])
    assert found.shape == (512,)
    assert float(found @ plain) > 0.5
    assert float(found @ still) > 0.5


def test_a_graph_of_other_numbers_is_not_installed(
    published: Published, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="lacks still"):
        library.install(published.card, from_file=published.wheel)
    monkeypatch.setattr(clip_onnx, "LAYER_NORM_EPS", 0.1)
    with pytest.raises(ModelError, match="was converted, but gives other numbers"):
        library.install(published.card, from_file=published.file)
    assert library.look_at(published.card).state is State.MISSING
    assert not list((tmp_path / "user").glob("*.onnx"))


def test_the_file_is_judged_before_anything_is_fetched(published: Published, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pt"
    wrong.write_bytes(published.file.read_bytes()[:-1])
    with pytest.raises(ModelError, match=r"“wrong\.pt” is not the file of CLIP"):
        library.install(published.card, from_file=wrong)
    wrong.write_bytes(published.file.read_bytes()[:-1] + b"?")
    with pytest.raises(ModelError, match=r"“wrong\.pt” is not the published file of CLIP"):
        library.install(published.card, from_file=wrong)
    with pytest.raises(ModelError, match=r"CLIP's vocabulary could not be fetched"):
        library.install(published.card, from_file=published.file)
