"""`seamline train labels CLIPS.csv`: trains, tells how good it has become, and installs the result if asked."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Result
    from films import FilmShelf

    from seamline.models.card import ModelCard
    from seamline.progress import Progress

InProcess = Callable[[Sequence[object]], "Result"]


@pytest.fixture
def table(films: FilmShelf, tmp_path: Path) -> Path:
    """Two films of two shots."""
    text = "film,start_frame,end_frame,scale,movement\n"
    for name in ("one", "two"):
        cuts = (4,) if name == "one" else (5,)
        film = films.make_film(tmp_path / f"{name}.mp4", frames=9, size=(64, 48), cuts=cuts).path
        text += f"{film.name},0,{cuts[0]},CS,static\n{film.name},{cuts[0]},9,LS,push\n"
    path = tmp_path / "clips.csv"
    path.write_text(text)
    return path


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a small network, which the command takes for the real one."""
    from safetensors.torch import save_file

    from seamline.models.videomae import VideoMAE, VideoMAESize
    from seamline.training import label_run

    toy = VideoMAESize(side=32, width=12, layers=1, heads=3, inner=12)
    monkeypatch.setattr(label_run, "LabelRun", partial(label_run.LabelRun, size=toy))
    path = tmp_path / "toy.safetensors"
    save_file(VideoMAE(toy).state_dict(), path)
    return path


def test_it_trains_and_reports(in_process: InProcess, table: Path, weights: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = in_process(["train", "labels", table, "--weights", weights, "--out", out, "--epochs", "1"])
    assert done.code == 0, done.errors
    assert "Learnt from 2 shots of 1 film" in done.output
    assert "Movement: 2 shots" in done.output
    assert f"Wrote {out / 'labels.safetensors'}" in done.errors
    assert sorted(path.name for path in out.iterdir() if path.suffix != ".npz") == [
        "labels.safetensors",
        "report.json",
        "report.txt",
    ]


class TestInstalling:
    @pytest.fixture
    def installed(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, bool]]:
        from seamline.models import library

        done: list[tuple[str, str, bool]] = []

        def install(card: ModelCard, *, from_file: Path, agreed: bool, progress: Progress) -> None:
            progress.step(1, 1)
            done.append((card.id, from_file.name, agreed))

        monkeypatch.setattr(library, "install", install)
        return done

    @pytest.fixture
    def command(self, table: Path, weights: Path, tmp_path: Path) -> list[object]:
        return [
            *("train", "labels", table, "--weights", weights),
            *("--out", tmp_path / "out", "--epochs", "1", "--install"),
        ]

    @pytest.mark.parametrize("typed", [None, "y\n"])
    def test_once_agreed_to(
        self,
        typed: str | None,
        in_process: InProcess,
        command: list[object],
        installed: list[tuple[str, str, bool]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        if typed is not None:
            monkeypatch.setattr("sys.stdin", terminal(typed))
        done = in_process([*command, "--agree"] if typed is None else command)
        assert done.code == 0, done.errors
        assert installed == [("videomae-movieshots", "labels.safetensors", True)]
        assert "only non-commercial use is safe" in done.errors
        assert "Installed it" in done.errors

    def test_never_unasked(
        self,
        in_process: InProcess,
        command: list[object],
        installed: list[tuple[str, str, bool]],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        done = in_process(command)
        assert done.code == 2
        assert "Add --agree to say so" in done.errors
        monkeypatch.setattr("sys.stdin", terminal("\n"))
        done = in_process(command)
        assert done.code == 1
        assert "Not agreed to; nothing was trained" in done.errors
        assert installed == []
        assert not (tmp_path / "out").exists(), "asked before the work"

    def test_interrupted_it_says_how_to_go_on(
        self, in_process: InProcess, command: list[object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from seamline.errors import Cancelled
        from seamline.models import library

        def cancelled(*_: object, **__: object) -> None:
            raise Cancelled

        monkeypatch.setattr(library, "install", cancelled)
        done = in_process([*command, "--agree"])
        assert done.code == 130
        assert "seamline models install videomae-movieshots --from" in done.errors


def terminal(typed: str) -> io.StringIO:
    """A terminal at which somebody types this."""
    text = io.StringIO(typed)
    text.isatty = lambda: True  # type: ignore[method-assign]
    return text


def test_faults_are_sentences(in_process: InProcess, table: Path, tmp_path: Path) -> None:
    table.write_text(table.read_text() + "one.mp4,0,5,XL,\n")
    done = in_process(["train", "labels", table, "--weights", tmp_path / "none.safetensors"])
    assert done.code == 1
    assert "line 6: scale is one of ECS" in done.errors


def test_the_table_is_looked_at_before_a_network_is_asked_for(in_process: InProcess, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("film,start_frame,end_frame,scale,movement\nfilm.mp4,5,2,CS,static\n")
    done = in_process(["train", "labels", bad])
    assert (done.code, "bad.csv" in done.errors, "not installed" in done.errors) == (1, True, False)


def test_without_weights_it_says_how_to_get_them(in_process: InProcess, table: Path) -> None:
    done = in_process(["train", "labels", table])
    assert done.code == 1
    assert "seamline models install videomae-movieshots" in done.errors


@pytest.mark.parametrize("wrong", [["--epochs", "0"], ["--seed", "-1"], ["--trunk", "maybe"]])
def test_wrong_use_is_told(wrong: list[str], in_process: InProcess, table: Path) -> None:
    assert in_process(["train", "labels", table, *wrong]).code == 2
    assert in_process(["train"]).code == 2
