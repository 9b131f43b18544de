"""The bench with contenders of paper: turns, medians, failures, tables."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest

from seamline.errors import ExchangeError
from seamline.evaluation import bench
from seamline.evaluation.bench_contenders import (
    DECODE,
    Contender,
    Outcome,
    own_contenders,
    rival_contenders,
    scenedetect_seams,
    transnet_seams,
)
from seamline.evaluation.bench_film import make_bench_film
from seamline.evaluation.bench_films import BenchFilm, beginning, bench_film
from seamline.evaluation.bench_process import Cost
from seamline.evaluation.bench_rounds import Series, alternate
from seamline.evaluation.bench_table import bench_facts, text_tables
from seamline.exchange.csv_list import Transition, read_transitions

if TYPE_CHECKING:
    from films import FilmShelf


@pytest.fixture
def film(tmp_path: Path) -> BenchFilm:
    path = tmp_path / "film.mov"
    path.write_bytes(bytes(1_000_000))
    truth = (Transition(24, 25, "cut"), Transition(59, 60, "cut"))
    return BenchFilm(path, "film.mov", 100, 4.0, (640, 360), "h264", has_sound=False, truth=truth)


def paper(name: str, log: Path, script: str = "", seams: tuple[Transition, ...] | None = None) -> Contender:
    """Writes its name into `log`, then does what the script says."""

    def command(film: Path, folder: Path) -> list[str | Path]:
        return [sys.executable, "-S", "-c", f"open({str(log)!r}, 'a').write('{name} ')\n{script}"]

    return Contender(name, f"paper {name}", command, lambda folder: Outcome(seams, 0.25, 100))


def benched(films: list[BenchFilm], contenders: list[Contender], rounds: int = 1) -> list[Series]:
    return alternate(films, contenders, rounds=rounds, timeout_s=lambda _: 20, say=lambda _: None)


def test_contenders_take_turns_and_each_begins_once(film: BenchFilm, tmp_path: Path) -> None:
    log = tmp_path / "log"
    series = benched([film], [paper(name, log) for name in "abc"], rounds=3)
    assert log.read_text().split() == list("abcbcacab")
    assert [[trial.round_number for trial in each.trials] for each in series] == [[0, 1, 2]] * 3


def test_one_that_fails_leaves_the_film_to_the_others(film: BenchFilm, tmp_path: Path) -> None:
    log = tmp_path / "log"
    broken = paper("broken", log, "raise SystemExit('no weights')")
    good = paper("good", log)
    series = benched([film], [broken, good], rounds=2)
    assert log.read_text().split() == ["broken", "good", "good"]
    assert series[0].failure == "exit code 1: no weights"
    assert len(series[1].trials) == 2
    text = text_tables(series)
    assert "paper broken  failed: exit code 1: no weights" in text
    assert "paper good" in text
    assert "| paper broken | failed: exit code 1: no weights |" in text_tables(series, markdown=True)


def test_a_result_that_is_not_there_is_a_failure(film: BenchFilm, tmp_path: Path) -> None:
    def absent(folder: Path) -> Outcome:
        raise FileNotFoundError("scenes.csv")

    contender = Contender("x", "x", paper("x", tmp_path / "log").command, absent)
    (series,) = benched([film], [contender])
    assert series.failure == "its result cannot be read (FileNotFoundError: scenes.csv)"


def test_the_median_of_the_rounds_counts(
    film: BenchFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = iter([Cost(2, 3, 100, 0), Cost(1, 1, 50, 0), Cost(9, 2, 70, 0)])
    monkeypatch.setattr("seamline.evaluation.bench_rounds.run_measured", lambda *a, **k: next(costs))
    (series,) = benched([film], [paper("a", tmp_path / "log")], rounds=3)
    assert (series.wall_s, series.cpu_s, series.peak_mib, series.analysis_s) == (2, 2, 70, 0.25)
    assert series.times_real_time == 2


@pytest.fixture
def series(film: BenchFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Series]:
    costs = iter([Cost(2, 3, 100, 0.02), Cost(1, 1.5, 50, 0.3)])
    monkeypatch.setattr("seamline.evaluation.bench_rounds.run_measured", lambda *a, **k: next(costs))
    seams = (Transition(24, 25, "cut"), Transition(60, 61, "cut"), Transition(90, 91, "cut"))
    log = tmp_path / "log"
    return benched([film], [paper("full", log, seams=seams), paper(DECODE, log)])


def test_the_table_word_by_word(series: list[Series]) -> None:
    head, columns, full, decode, _, warning = text_tables(series).splitlines()
    assert head == "film.mov: 640x360 h264, 25 frames a second, 4.0 s, 2.0 Mbit/s, no sound, 2 rows of truth"
    assert columns.split("  ")[0] == "contender"
    assert " ".join(full.split()[2:]) == "2.00 2.00 2.0 0.2 3.0 100 0.667 1.000 0.800 0.400"
    assert " ".join(decode.split()[2:]) == "4.00 1.00 1.0 0.2 1.5 50"
    assert warning.startswith("Other programs took up to 30% of the processors")


def test_all_films_together_are_one_more_table(
    film: BenchFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = BenchFilm(film.path, "b.mov", 200, 8.0, (640, 360), "h264", has_sound=False)
    costs = iter([Cost(2, 3, 100, 0), Cost(1, 1, 50, 0), Cost(4, 5, 80, 0), Cost(3, 1, 60, 0)])
    monkeypatch.setattr("seamline.evaluation.bench_rounds.run_measured", lambda *a, **k: next(costs))
    seams = (Transition(24, 25, "cut"),)
    log = tmp_path / "log"
    both = benched([film, second], [paper("full", log, seams=seams), paper(DECODE, log)])
    full = text_tables(both).splitlines()[-2]
    # 12 s of film in 6 s, where the decode took 4; the second film has no truth
    assert " ".join(full.split()[2:]) == "2.00 1.50 6.0 0.5 8.0 100 1.000 0.500 0.667 0.667"


def test_programs_are_told_every_run(series: list[Series]) -> None:
    told = json.loads(json.dumps(bench_facts(series, {"rival": "1"})))
    contender = told["films"][0]["contenders"][0]
    assert contender["runs"] == [
        {"wall_s": 2, "cpu_s": 3, "peak_mib": 100, "others_busy_01": 0.02, "round": 1, "analysis_s": 0.25}
    ]
    assert contender["median"]["times_decode"] == 2
    assert contender["tolerance_2"] == pytest.approx({"precision": 2 / 3, "recall": 1, "f1": 0.8})
    assert told["rivals"] == {"rival": "1"}


def test_scenes_of_scenedetect_begin_with_the_first_frame_of_a_shot_counted_from_1(tmp_path: Path) -> None:
    table = tmp_path / "scenes.csv"
    table.write_text("Scene Number,Start Frame,Start Timecode,End Frame\n1,1,a,24\n2,25,b,51\n3,52,c,60\n")
    assert scenedetect_seams(table) == (Transition(23, 24, "cut"), Transition(50, 51, "cut"))


def test_scenes_of_transnetv2_end_with_the_last_frame_of_a_shot(tmp_path: Path) -> None:
    table = tmp_path / "scenes.csv"
    table.write_text("shot_id,start_frame,end_frame,probability\n1,0,50,.9\n2,51,93,.6\n3,110,138,.9\n")
    assert transnet_seams(table) == (Transition(50, 51), Transition(93, 110))


def test_rivals_run_in_their_own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    for rival in rival_contenders(tmp_path / "rivals"):
        assert rival.environment["PATH"].startswith(str(tmp_path / "rivals"))
        assert "PYTHONPATH" not in rival.environment
        assert str(rival.command(tmp_path / "f.mp4", tmp_path)[0]).startswith(str(tmp_path / "rivals"))


def test_the_bare_decode_really_decodes(films: FilmShelf, tmp_path: Path) -> None:
    spec = films("mp4")
    film = bench_film(spec.path, truth=None, seconds=None, folder=tmp_path)
    (decode,) = (each for each in own_contenders() if each.name == DECODE)
    (series,) = benched([film], [decode])
    assert series.failure is None
    assert series.trials[0].outcome.frames == spec.frames
    assert 0 < (series.analysis_s or 0) < series.wall_s


def test_the_beginning_ends_before_a_key_frame(films: FilmShelf, tmp_path: Path) -> None:
    spec = films("mp4")  # a key frame every 50, 25 a second
    table = tmp_path / f"{spec.path.stem}.csv"
    table.write_text("start_frame,end_frame,type\n24,25,cut\n59,60,cut\n")
    folder = tmp_path / "copies"
    folder.mkdir()
    film = bench_film(spec.path, truth=tmp_path, seconds=1.5, folder=folder)
    assert (film.frames, film.name) == (50, spec.path.name)
    assert film.truth == (Transition(24, 25, "cut"),)
    with av.open(beginning(spec.path, 1.5, folder)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 50


def test_a_film_to_bench_with_has_sound_and_truth(tmp_path: Path) -> None:
    path = tmp_path / "drawn.mov"
    table = make_bench_film(path, seconds=3, size=(96, 54))
    film = bench_film(path, truth=table, seconds=None, folder=tmp_path)
    assert film.has_sound
    assert film.frames >= 75
    truth = read_transitions(table)
    assert truth
    assert all(t.kind in ("cut", "dissolve") and t.in_frame < film.frames for t in truth)


def test_a_film_to_bench_with_is_written_over_only_when_asked(tmp_path: Path) -> None:
    path, table = tmp_path / "drawn.mov", tmp_path / "drawn.csv"
    table.write_text("mine")
    with pytest.raises(ExchangeError, match=r"drawn\.csv” exists already"):
        make_bench_film(path, seconds=2, size=(96, 54))
    assert [each.name for each in tmp_path.iterdir()] == ["drawn.csv"]
    assert table.read_text() == "mine"
    make_bench_film(path, seconds=2, size=(96, 54), overwrite=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["drawn.csv", "drawn.mov"]
    assert table.read_text() != "mine"


def test_the_command_without_rivals_says_so_and_runs_the_rest(
    films: FilmShelf, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    result = tmp_path / "bench.json"
    code = bench.main(
        [str(films("mp4").path), "--only", "content", DECODE, "--rounds", "1", "--json", str(result)]
    )
    written = capfd.readouterr()
    assert code == 0
    assert "Not run, for want of --rivals: content" in written.err
    assert "bare decode (PyAV)" in written.out
    assert json.loads(result.read_text())["films"][0]["contenders"][0]["name"] == DECODE


def test_an_environment_without_rivals_is_a_sentence(
    films: FilmShelf, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert bench.main([str(films("mp4").path), "--rivals", str(tmp_path)]) == 1
    assert "--make-rivals" in capfd.readouterr().err


def test_what_is_not_allowed_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["film.mp4", "--rounds", "0"], ["film.mp4", "--only", "nobody"]):
        with pytest.raises(SystemExit):
            bench.main(arguments)
