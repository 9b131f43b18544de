"""A whole `seamline train match-cuts`: pictures of the middle of shots, kept; weights, report, curves; no film hurt."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from seamline.errors import Cancelled, ExchangeError, MediaError, ModelError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.models.encoder import EncoderSpec, l2_normalised
from seamline.models.siamese import Siamese
from seamline.models.siamese_layout import SiameseSize
from seamline.models.siamese_weights import load
from seamline.progress import CancellableProgress, Progress
from seamline.training.match_cut_films import ShotsOf, flow_of_film, forget, joined_sets, moments_of
from seamline.training.match_cut_run import MatchCutResult, MatchCutRun, train_match_cuts
from seamline.training.match_cut_sets import Labels

SMALL = SiameseSize(side=16, channels=(4, 6, 8), features=8)
WAYS = ((1, 0), (0, 1), (-1, 0), (0, -1))
RATE, SHOT_FRAMES = 10, 12


def write_film(path: Path, ways: Sequence[tuple[int, int]], seed: int, crf: int = 12) -> Path:
    """A shot for each of the ways, which its patches drift in."""
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "crf": str(crf)})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for shot, way in enumerate(ways):
            patches = np.random.default_rng([seed, shot]).integers(0, 256, (12, 16, 3), np.uint8)
            world = cv2.resize(patches, (64, 48), interpolation=cv2.INTER_CUBIC)
            for number in range(SHOT_FRAMES):
                picture = np.roll(world, (number * way[1], number * way[0]), axis=(0, 1)).copy()
                picture[:, 40:] = world[:, 40:]  # what does not move
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode(None))
    return path


def opened(path: Path, progress: Progress) -> Film:
    return open_film(path, progress=progress)


def shots_of(film: Film, progress: Progress) -> list[tuple[int, int]]:
    progress.step(0, 1)
    return [(at, at + SHOT_FRAMES) for at in range(0, film.frame_count, SHOT_FRAMES)]


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("films")
    return [write_film(folder / f"{seed}.mp4", WAYS * 2, seed) for seed in range(5)]


def run_of(films: Sequence[Path], out: Path, **options: object) -> MatchCutRun:
    return MatchCutRun(tuple(films), out, pairs=128, epochs=2, **options)  # type: ignore[arg-type]


def trained(
    run: MatchCutRun, shots_of: ShotsOf = shots_of, progress: CancellableProgress | None = None
) -> MatchCutResult:
    return train_match_cuts(
        run, opened, shots_of, None, lambda _: None, progress=progress or CancellableProgress(), size=SMALL
    )


def never(*_: object) -> list[tuple[int, int]]:
    raise AssertionError("a film was looked at")


class PaperEncoder:
    """An embedding is the picture itself, 6 x 4 pixels less grey."""

    spec = EncoderSpec("paper", "paper 1", (6, 4), 72)
    device = "paper"

    def encode(self, pictures: np.ndarray, *, progress: Progress | None = None) -> np.ndarray:
        return l2_normalised(pictures.reshape(len(pictures), -1).astype(np.float32) - 127.5)


class TestFilms:
    def test_a_picture_is_of_the_middle_of_its_shot(self) -> None:
        assert moments_of([(0, 12), (12, 13), (13, 15), (15, 20)]) == [(5, 0), (13, 2), (16, 3)]
        assert moments_of([(0, 100)], 20) == [(29, 0), (49, 0), (69, 0)]

    def test_the_pictures_are_those_of_the_frames_and_are_kept(
        self, films: list[Path], tmp_path: Path
    ) -> None:
        film = opened(films[0], CancellableProgress())
        moments = moments_of(shots_of(film, CancellableProgress()))
        flow = flow_of_film(film, moments, tmp_path / "kept", progress=CancellableProgress())
        assert len(flow) == 8
        assert flow.shots.tolist() == list(range(8))
        moved = flow.grids[:, 2:6, 2:4].mean(axis=(1, 2)) * 64
        assert np.allclose(moved, WAYS * 2, atol=0.5)

        def never(*_: object) -> None:
            raise AssertionError("decoded again")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("seamline.training.match_cut_films.wanted_frames", never)
            again = flow_of_film(film, moments, tmp_path / "kept", progress=CancellableProgress())
        rows = np.arange(8)
        assert np.array_equal(flow.pictures[rows], again.pictures[rows])
        both = joined_sets([flow, again])
        assert np.array_equal(both.pictures[np.array([9, 2])], flow.pictures[np.array([1, 2])])
        assert both.shots.tolist() == list(range(16))
        (tmp_path / "kept" / f"{'0f' * 16}.npy").write_bytes(b"of a film of an earlier try")
        (tmp_path / "kept" / "notes.npy").write_bytes(b"the user's")
        forget(tmp_path / "kept")
        assert [path.name for path in (tmp_path / "kept").iterdir()] == ["notes.npy"]
        (tmp_path / "kept" / "notes.npy").unlink()
        forget(tmp_path / "kept")
        assert not (tmp_path / "kept").exists()


class TestRun:
    def test_a_run_writes_weights_report_and_curves_and_tidies_up(
        self, films: list[Path], tmp_path: Path
    ) -> None:
        out = tmp_path / "own.npz"
        run = run_of(films, out, curves=tmp_path / "own.png")
        result = train_match_cuts(
            run, opened, shots_of, None, lambda _: None, progress=CancellableProgress(), size=SMALL
        )
        assert load(out, SMALL).keys() == dict(Siamese(SMALL).named_parameters()).keys()
        assert result.report == (tmp_path / "own.txt").read_text("utf-8").rstrip("\n")
        assert "95.60 %" in result.report
        assert "To test:" in result.report
        facts = json.loads((tmp_path / "own.json").read_text("utf-8"))["told"]
        figures = facts["by_split"]
        assert figures["train"]["pairs"] == 128 > figures["train"]["different"]
        for split in ("validation", "test"):
            assert figures[split]["pairs"] == figures[split]["different"] <= 8 * 7 // 2
        assert 1 <= len(facts["epochs"]) <= 2
        assert (tmp_path / "own.png").stat().st_size > 5000
        assert not run.folder.exists()
        assert not result.left_out

    def test_the_same_run_gives_the_same_file(self, films: list[Path], tmp_path: Path) -> None:
        contents = []
        for name in ("one", "other"):
            out = tmp_path / f"{name}.npz"
            train_match_cuts(
                run_of(films, out, labels=Labels.MOTION),
                opened,
                shots_of,
                None,
                lambda _: None,
                progress=CancellableProgress(),
                size=SMALL,
            )
            contents.append(load(out, SMALL))
        assert all(np.array_equal(contents[0][name], contents[1][name]) for name in contents[0])

    def test_copies_of_a_film_lie_on_one_side(self, films: list[Path], tmp_path: Path) -> None:
        copied = write_film(tmp_path / "copy.mp4", WAYS * 2, 0, crf=28)
        for seed in range(3):
            run = run_of([*films, copied], tmp_path / "m.npz", seed=seed)
            result = train_match_cuts(
                run,
                opened,
                shots_of,
                PaperEncoder(),
                lambda _: None,
                progress=CancellableProgress(),
                size=SMALL,
            )
            assert not run.checkpoint.exists()
            assert "The same footage: 0.mp4, copy.mp4." in result.report
            (line,) = (
                line for line in result.report.splitlines() if line.startswith("To ") and "copy.mp4" in line
            )
            assert "0.mp4" in line

    def test_broken_off_it_goes_on_and_ends_the_same(
        self, films: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("seamline.training.match_cut_training._CHECKPOINT_EVERY_S", 0.0)

        def run(name: str, progress: CancellableProgress) -> None:
            made = run_of(films, tmp_path / name)
            train_match_cuts(made, opened, shots_of, None, lambda _: None, progress=progress, size=SMALL)

        run("whole.npz", CancellableProgress())
        stops = CancellableProgress(lambda done, _total: stops.cancel() if done > 800 else None)
        with pytest.raises(Cancelled):
            run("parts.npz", stops)
        assert (tmp_path / "parts.pt").exists()
        assert not (tmp_path / "parts.npz").exists()

        def never(*_: object) -> None:
            raise AssertionError("decoded again")

        monkeypatch.setattr("seamline.training.match_cut_films.wanted_frames", never)
        run("parts.npz", CancellableProgress())
        assert not (tmp_path / "parts.pt").exists()
        whole, parts = load(tmp_path / "whole.npz", SMALL), load(tmp_path / "parts.npz", SMALL)
        assert all(np.array_equal(whole[name], parts[name]) for name in whole)

    def test_no_film_and_no_table_is_written_over(self, films: list[Path], tmp_path: Path) -> None:
        copied = [tmp_path / film.name for film in films]
        for film, copy in zip(films, copied, strict=True):
            copy.write_bytes(film.read_bytes())
        before = [copy.read_bytes() for copy in copied]
        named = tmp_path / "film.txt"
        named.write_bytes(before[0])
        link = tmp_path / "linked.npz"
        link.hardlink_to(copied[2])
        for run, said in (
            (run_of(copied, copied[2]), "2.mp4” does not end with .npz"),
            (
                run_of(copied, link),
                "linked.npz” would be written over, and it is “.*2.mp4”, which this training",
            ),
            (
                run_of([*copied, named], tmp_path / "film.npz"),
                "film.txt” would be written over, and it is what",
            ),
            (
                run_of(copied, tmp_path / "m.npz", sources=tmp_path / "m.json"),
                "m.json” would be written over",
            ),
        ):
            if run.sources is not None:
                run.sources.write_text("film,source\n")
            with pytest.raises(ExchangeError, match=said):
                trained(run)
        assert [copy.read_bytes() for copy in copied] == before
        assert named.read_bytes() == before[0]

    def test_two_films_are_too_few(self, films: list[Path], tmp_path: Path) -> None:
        with pytest.raises(MediaError, match=r"there are 2\. Give more films\.$"):
            trained(run_of(films[:2], tmp_path / "m.npz"), never)
        with pytest.raises(MediaError, match=r"there are 2\. Give more films\. Left out: .*typo\.mp4"):
            trained(run_of([*films[:2], tmp_path / "typo.mp4"], tmp_path / "m.npz"), never)
        assert not (tmp_path / "m.npz").exists()

    @pytest.mark.parametrize("name", ["own.txt", "own.json"])
    def test_the_users_own_files_are_not_written_over_by_a_report(
        self, name: str, films: list[Path], tmp_path: Path
    ) -> None:
        (tmp_path / name).write_text("my own notes")
        with pytest.raises(ExchangeError, match=rf"{name}” is there already, and a report"):
            trained(run_of(films, tmp_path / "own.npz"), never)
        assert (tmp_path / name).read_text() == "my own notes"

    def test_a_checkpoint_of_other_settings_or_shots_is_told_before_it_learns(
        self, films: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("seamline.training.match_cut_training._CHECKPOINT_EVERY_S", 0.0)
        stops = CancellableProgress(lambda done, _total: stops.cancel() if done > 800 else None)
        run = run_of(films, tmp_path / "own.npz")
        with pytest.raises(Cancelled):
            trained(run, progress=stops)
        before = run.checkpoint.read_bytes()
        for other in (
            run_of(films, run.out, seed=1),
            run_of(films, run.out, labels=Labels.MOTION),
            run_of(films[:4], run.out),
        ):
            with pytest.raises(ModelError, match=r"own\.pt” is a checkpoint of other films or settings"):
                trained(other, never)
        with pytest.raises(ModelError, match=r"own\.pt” is a checkpoint of other shots of these films"):
            trained(run, lambda film, progress: shots_of(film, progress)[:-1])
        assert run.checkpoint.read_bytes() == before
        assert not run.out.exists()
