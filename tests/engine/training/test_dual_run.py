"""Whole runs of `seamline train search`: what is learnt, gone on from and refused, and whose files are left alone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from paper_dual import COLOURS, TOY, VOCABULARY, telling
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from seamline.errors import Cancelled, ExchangeError, ModelError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models import dual_encoder_weights
from seamline.models.distilbert import DistilBert
from seamline.models.dual_encoder import DualEncoder
from seamline.progress import CancellableProgress, Progress
from seamline.training.dual_run import DualRun, train_search


def opened(path: Path, progress: Progress) -> Film:
    return open_film(path, progress=progress)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four images of each of six colours, two captions an image."""
    folder = tmp_path_factory.mktemp("captions")
    random = np.random.default_rng(4)
    text = "image,caption\n"
    for number, name in enumerate(list(COLOURS) * 4):
        noisy = np.clip(np.array(COLOURS[name]) + random.normal(0, 6, (48, 64, 3)), 0, 255)
        Image.fromarray(noisy.astype(np.uint8)).save(folder / f"{number}.png")
        text += f"{number}.png,a {name} wall\n{number}.png,{name}\n"
    (folder / "captions.csv").write_text(text)
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n")
    return folder / "captions.csv"


def count_calls(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[int]]:
    """How many pictures or captions each call was about."""
    from seamline.training import caption_pictures

    seen: dict[str, list[int]] = {"squeezed": [], "image_features": [], "text_features": []}
    squeezed = caption_pictures.squeezed

    def one(picture: np.ndarray, side: int) -> np.ndarray:
        seen["squeezed"].append(1)
        return squeezed(picture, side)

    monkeypatch.setattr(caption_pictures, "squeezed", one)
    for name in ("image_features", "text_features"):
        real = getattr(DualEncoder, name)

        def counted(self: DualEncoder, *given: torch.Tensor, real: Any = real, name: str = name) -> Any:
            seen[name].append(len(given[0]))
            return real(self, *given)

        monkeypatch.setattr(DualEncoder, name, counted)
    return seen


class TestRuns:
    def run(self, table: Path, folder: Path, **others: object) -> DualRun:
        base = folder / "distilbert.safetensors"
        save_file(telling(DistilBert(TOY.text)).state_dict(), base)
        made = {"distilbert": base, "epochs": 24, "batch": 12, "size": TOY, "seed": 1} | others
        return DualRun(table, folder / "out.safetensors", table.parent / "vocab.txt", **made)  # type: ignore[arg-type]

    def test_colours_learnt_from_some_pictures_are_found_in_others(self, table: Path, tmp_path: Path) -> None:
        run = self.run(table, tmp_path, is_frozen=True)
        assert run.warnings[0].startswith("Frozen at random weights: ResNet50. ")
        result = train_search(run, opened, progress=CancellableProgress())
        held = result.facts["held"]
        assert held["gallery"]["recall"]["1"] > 0.8
        assert held["gallery"]["queries"] == 10
        assert held["gallery"]["chance"]["1"] < 0.45
        assert "which nothing was learnt from" in result.report
        assert "batches of 64" in result.report
        loaded = dual_encoder_weights.load(run.out, TOY)
        assert float(loaded.temperature) == pytest.approx(result.facts["temperature"])
        with safe_open(run.out, framework="pt") as file:
            facts = json.loads(file.metadata()["facts"])
        assert facts == json.loads((tmp_path / "out.json").read_text())
        assert set(facts["began_with"]) == {"distilbert"}
        left = {path.name for path in tmp_path.iterdir()}
        assert left == {"distilbert.safetensors", "out.safetensors", "out.txt", "out.json"}

    def test_a_run_begins_with_whole_weights(self, table: Path, tmp_path: Path) -> None:
        torch.manual_seed(1)
        network = DualEncoder(TOY)
        save_file(network.state_dict(), tmp_path / "whole.safetensors")
        run = self.run(table, tmp_path, weights=tmp_path / "whole.safetensors", distilbert=None, epochs=3)
        assert run.warnings == ()
        result = train_search(run, opened, progress=CancellableProgress())
        assert len(result.facts["losses"]) == 3
        assert re.search(r"The loss went from \d+\.\d{4} to \d+\.\d{4}\. The temperature is ", result.report)
        before = network.state_dict()
        for name, values in dual_encoder_weights.load(run.out, TOY).state_dict().items():
            if name.endswith(("conv1.weight", "q_lin.weight", "fc.weight", "running_mean", "temperature")):
                assert not torch.equal(values, before[name]), name

    def test_without_an_epoch_no_loss_is_told(self, table: Path, tmp_path: Path) -> None:
        run = self.run(table, tmp_path, epochs=0, is_frozen=True)
        report = train_search(run, opened, progress=CancellableProgress()).report
        assert report.endswith("\n\nThe temperature is 1.0000.")

    @pytest.mark.parametrize("is_frozen", [False, True])
    def test_broken_off_anywhere_it_becomes_the_same_and_makes_nothing_twice(
        self, is_frozen: bool, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folders = [tmp_path / name for name in ("straight", "broken")]
        for folder in folders:
            folder.mkdir()
        straight, broken = (
            self.run(table, folder, is_frozen=is_frozen, epochs=2, batch=7) for folder in folders
        )
        train_search(straight, opened, progress=CancellableProgress())
        seen = count_calls(monkeypatch)
        # in the pictures, in the features or in training, in a test
        for limit in (50, 300, 700, 880, 960):
            stop = CancellableProgress(lambda done, _, at=limit: stop.cancel() if done > at else None)  # noqa: B023
            with pytest.raises(Cancelled):
                train_search(broken, opened, progress=stop)
        assert (broken.out.with_name("out-training") / "training.checkpoint").is_file()
        assert not broken.out.exists()
        if is_frozen:
            assert sum(seen["text_features"]) == 48, "each caption is looked at once by the trunk"
            assert sum(seen["image_features"]) == 24
        train_search(broken, opened, progress=CancellableProgress())
        assert sum(seen["squeezed"]) == 24
        for here, there in zip(broken.reports, straight.reports, strict=True):
            assert here.read_text() == there.read_text()
        made, wanted = load_file(broken.out), load_file(straight.out)
        assert [name for name in wanted if not torch.equal(made[name], wanted[name])] == []
        assert not broken.out.with_name("out-training").exists()

    def test_another_runs_checkpoint_is_told_before_a_picture_is_read(
        self, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = self.run(table, tmp_path, epochs=3)
        stop = CancellableProgress(lambda done, _: stop.cancel() if done > 700 else None)
        with pytest.raises(Cancelled):
            train_search(run, opened, progress=stop)
        monkeypatch.setattr("seamline.training.caption_pictures.squeezed", None)
        with pytest.raises(ModelError, match="of other captions, weights or settings"):
            train_search(self.run(table, tmp_path, epochs=4), opened, progress=CancellableProgress())

    def test_another_vocabulary_is_refused_before_any_film_is_opened(
        self, table: Path, tmp_path: Path
    ) -> None:
        short = tmp_path / "short.txt"
        short.write_text("\n".join(VOCABULARY[:-1]))
        run = self.run(table, tmp_path)

        def never(path: Path, progress: Progress) -> Film:
            raise AssertionError(path)

        other = DualRun(run.captions, run.out, short, size=TOY)
        with pytest.raises(ModelError, match="has 11 pieces, and the network knows 12"):
            train_search(other, never, progress=CancellableProgress())

    def test_it_is_said_what_begins_at_random(self, tmp_path: Path) -> None:
        run = DualRun(tmp_path, tmp_path, tmp_path, is_frozen=True)
        assert run.warnings[0].startswith("Frozen at random weights: ResNet50 and DistilBERT. ")
        assert (
            DualRun(tmp_path, tmp_path, tmp_path)
            .warnings[0]
            .startswith("Begun with random weights: ResNet50 and")
        )
        assert DualRun(tmp_path, tmp_path, tmp_path, resnet=tmp_path, distilbert=tmp_path).warnings == ()


class TestWhoseFiles:
    """What it would write, delete or work in, and is not its own."""

    run = TestRuns.run

    def refused(self, run: DualRun, message: str) -> None:
        def never(path: Path, progress: Progress) -> Film:
            raise AssertionError(path)

        before = {path: path.read_bytes() for path in run.out.parent.rglob("*") if path.is_file()}
        with pytest.raises(ExchangeError, match=message):
            train_search(run, never, progress=CancellableProgress())
        after = {path: path.read_bytes() for path in run.out.parent.rglob("*") if path.is_file()}
        assert after == before

    def test_a_folder_with_somebodys_files_is_no_place_to_work(self, table: Path, tmp_path: Path) -> None:
        folder = tmp_path / "out-training"
        folder.mkdir()
        (folder / "my_pictures.txt").write_text("mine")
        self.refused(self.run(table, tmp_path), "“my_pictures.txt” is none of its own: choose another name")
        folder.rename(tmp_path / "aside")
        folder.write_text("no folder")
        self.refused(self.run(table, tmp_path), "cannot be read as a folder")

    def test_files_of_its_own_alone_are_deleted(self, table: Path, tmp_path: Path) -> None:
        folder = tmp_path / "out-training"
        folder.mkdir()
        for name in ("pictures-0123456789ab.raw", ".seamline-0123456789abcdef.checkpoint"):
            (folder / name).write_text("of a run that was killed")
        run = self.run(table, tmp_path, epochs=1, is_frozen=True)

        def put(done: int, _: int) -> None:
            if done == 1000:
                (folder / "my_notes.txt").write_text("mine")

        train_search(run, opened, progress=CancellableProgress(put))
        assert [path.name for path in folder.iterdir()] == ["my_notes.txt"]

    def test_what_it_reads_is_never_written_over(self, table: Path, tmp_path: Path) -> None:
        for suffix in (".txt", ".json"):
            folder = tmp_path / suffix
            folder.mkdir()
            captions = folder / f"tab{suffix}"
            captions.write_text("image,caption\na.png,red\nb.png,blue\n")
            for name in ("a", "b"):
                Image.new("RGB", (8, 8)).save(folder / f"{name}.png")
            out = folder / "tab.safetensors"
            run = DualRun(captions, out, table.parent / "vocab.txt", size=TOY)
            self.refused(run, f"tab{suffix}” would be written over, and it is what this training reads")
        weights = tmp_path / "mine.safetensors"
        weights.write_bytes(b"whatever")
        run = self.run(table, tmp_path)
        self.refused(DualRun(table, weights, run.vocabulary, weights, size=TOY), "mine.safetensors” would be")

    def test_a_file_that_only_has_a_reports_name_is_not_written_over(
        self, table: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "out.txt").write_text("my notes on out")
        self.refused(self.run(table, tmp_path), "out.txt” is there already, and a report would be")

    def test_a_caption_without_a_word_is_named_by_its_line(self, table: Path, tmp_path: Path) -> None:
        Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
        captions = tmp_path / "captions.csv"
        captions.write_text("image,caption\na.png,red\na.png,\U0001f600\U0001f600\n")
        run = DualRun(captions, tmp_path / "out.safetensors", table.parent / "vocab.txt", size=TOY)
        self.refused(
            run, r"captions.csv”, line 3: its caption holds no word that the network knows\. Correct"
        )

    def test_a_table_at_fault_leaves_no_folder(self, tmp_path: Path, table: Path) -> None:
        Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
        captions = tmp_path / "captions.csv"
        captions.write_text("image,caption\na.png,red\na.png,blue\n")
        run = DualRun(captions, tmp_path / "out.safetensors", table.parent / "vocab.txt", size=TOY)
        self.refused(run, "All captions are of one film")
        assert not (tmp_path / "out-training").exists()
