"""`seamline models`: listing, installing with agreement, from a file and from the hub, verifying, removing."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from paper_hub import PaperHub, free_card, paper_hub, these_alone, without_proxies

from seamline.models import library, registry, store
from seamline.models.card import LocalFile, ModelCard
from seamline_app.cli import main

if TYPE_CHECKING:
    from .conftest import CommandLine

CONTENT = b"the weights" * 20_000
RESTRICTION = "Only on Sundays."


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[PaperHub]:
    monkeypatch.setattr("seamline.models.download.FURTHER_TRIES_AFTER_S", (0.01,))
    without_proxies(monkeypatch)
    with paper_hub(CONTENT) as served:
        yield served


@pytest.fixture(autouse=True)
def cards(hub: PaperHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ModelCard, ModelCard]:
    """One network that comes with Seamline, one on request under a restriction."""
    free = free_card(hub)
    bound = dataclasses.replace(free, id="bound", name="Bound", purpose="Does that.", restriction=RESTRICTION)
    these_alone(monkeypatch, tmp_path, (free, bound), free)
    return free, bound


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(["models", *arguments])
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a terminal in front of the command, at which somebody types this."""

    def sit(typed: str) -> None:
        terminal = io.StringIO(typed)
        terminal.isatty = lambda: True  # type: ignore[method-assign]
        monkeypatch.setattr("sys.stdin", terminal)

    return sit


def test_the_list_says_what_there_is_and_what_it_runs_on(run, hub: PaperHub) -> None:
    code, output, _ = run("list")
    lines = output.splitlines()
    assert code == 0
    assert lines[0].split() == ["name", "size", "licence", "state", "what", "it", "does"]
    assert lines[1].split() == ["free", "0.2", "MB", "MIT", "not", "installed", "Does", "this."]
    assert "Networks run on (chosen by what works; SEAMLINE_PROVIDER sets it):" in output
    assert "  cpu       CPU: works\n" in output
    assert hub.asked == [], "looking asks nobody"


def test_installing_verifying_removing(run, hub: PaperHub, cards: tuple[ModelCard, ModelCard]) -> None:
    code, output, errors = run("install", "bound", "--agree")
    assert (code, output) == (0, "")
    assert RESTRICTION in errors
    assert errors.splitlines()[-1].startswith("Installed Bound as ")
    assert run("verify", "bound")[:2] == (0, "bound: intact\n")
    assert run("install", "bound", "--agree")[2] == "Bound is installed already, and intact.\n"
    assert len(hub.asked) == 1
    store.locate(cards[1]).write_bytes(b"damage")
    code, output, _ = run("verify")
    assert code == 1
    assert output.startswith("free: not installed\nbound: damaged: “bound-")
    assert "“seamline models install bound” repairs it." in output
    assert run("install", "bound", "--agree")[0] == 0
    code, _, errors = run("remove", "bound")
    assert (code, errors) == (0, "Removed Bound; 0.2 MB are free again.\n")
    assert run("verify", "bound")[:2] == (1, "bound: not installed\n")


def test_without_a_terminal_it_must_be_agreed_to_in_the_command(run, hub: PaperHub) -> None:
    code, _, errors = run("install", "bound")
    assert code == 2
    assert errors.splitlines()[-1] == (
        f"seamline: Bound is installed once you have agreed to this: {RESTRICTION} Add --agree to say so."
    )
    assert hub.asked == []


@pytest.mark.parametrize(("typed", "installs"), [("y\n", True), ("no\n", False), ("", False)])
def test_at_a_terminal_it_is_asked(typed: str, installs: bool, run, answer, hub: PaperHub) -> None:
    answer(typed)
    code, _, errors = run("install", "bound")
    assert f"{RESTRICTION}\nDo you agree, and install it? [y/N] " in errors
    assert code == (0 if installs else 1)
    assert bool(hub.asked) == installs
    assert ("Not agreed to; nothing was installed." in errors) == (not installs)


def test_from_a_file_nothing_is_downloaded(run, hub: PaperHub, tmp_path: Path) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(CONTENT)
    assert run("install", "bound", "--agree", "--from", str(file))[0] == 0
    file.write_bytes(b"x" + CONTENT[1:])
    code, _, errors = run("install", "bound", "--agree", "--from", str(file))
    assert code == 1
    assert "is not the published file of Bound" in errors
    assert hub.asked == []


def test_own_weights_give_way_to_the_published_ones_on_request(
    run, hub: PaperHub, cards: tuple[ModelCard, ModelCard], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loose = dataclasses.replace(cards[1], id="loose", name="Loose", sha256=None)
    for module in (library, registry):
        monkeypatch.setattr(module, "all_cards", lambda: (*cards, loose))
    own = tmp_path / "own.bin"
    own.write_bytes(CONTENT[::-1])
    code, _, errors = run("install", "loose", "--agree", "--from", str(own))
    assert code == 0
    assert "as good as its source" in errors
    assert run("install", "loose", "--agree")[0] == 0
    assert store.locate(loose).read_bytes() == CONTENT
    assert run("install", "loose", "--agree")[2] == "Loose is installed already, and intact.\n"


def test_a_file_of_ones_own_says_how_to_make_one(
    run, cards: tuple[ModelCard, ModelCard], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = "“seamline train mine” makes one."
    mine = dataclasses.replace(cards[0], id="mine", name="Mine", sha256=None, source=LocalFile(".bin", how))
    for module in (library, registry):
        monkeypatch.setattr(module, "all_cards", lambda: (*cards, mine))
    output = run("list")[1]
    assert "not installed (your own file)  Does this.\n" in output
    assert f"\nmine is a file of your own. {how}\n" in output
    code, _, errors = run("install", "mine")
    assert code == 1
    assert "from: your own file\n" in errors
    assert f"{how} Then install it with “seamline models install mine --from FILE”" in errors
    file = tmp_path / "any.bin"
    file.write_bytes(b"mine")
    assert run("install", "mine", "--from", str(file))[0] == 0
    assert run("install", "mine")[2] == "Mine is installed already, and intact.\n"
    assert run("remove", "mine")[0] == 0


def test_what_came_with_seamline_stays(run) -> None:
    assert run("install", "free")[0] == 0
    code, _, errors = run("remove", "free")
    assert code == 1
    assert "came with Seamline's set-up" in errors


def test_a_name_that_is_none_is_wrong_use(run) -> None:
    for action in ("install", "remove", "verify"):
        code, _, errors = run(action, "nothing")
        assert (code, errors) == (
            2,
            "seamline: There is no network “nothing”. Choose one of these: free, bound.\n",
        )


def test_a_download_that_fails_says_how_to_do_it_by_hand(run, hub: PaperHub) -> None:
    hub.breaks_after = [50_000, 0]
    code, _, errors = run("install", "bound", "--agree")
    assert code == 1
    assert "“seamline models install bound --from model.bin”" in errors
    assert "not installed (23% downloaded)" in run("list")[1]
    assert run("install", "bound", "--agree")[0] == 0
    assert hub.ranges[-1] == "bytes=50000-"


def test_the_command_starts_without_the_windows_libraries(seamline: CommandLine) -> None:
    result = seamline("models", "list")
    assert result.code == 0
    assert "transnetv2 " in result.output
    assert "videomae" in result.output
