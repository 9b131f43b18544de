"""Captions as queries: which shots are right for them, what is counted, and the report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from seamline.errors import ExchangeError, ModelError
from seamline.evaluation import caption_retrieval
from seamline.evaluation.caption_queries import (
    Caption,
    CaptionQuery,
    caption_queries,
    keyword_queries,
    own_captions,
    read_captions,
)
from seamline.evaluation.caption_retrieval import Contender, figures_of, main, shot_vectors
from seamline.evaluation.real_shots import RealShot, read_real_shots
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER, Embeddings, Pictures, l2_normalised
from seamline.project.labels import Movement, ShotScale

if TYPE_CHECKING:
    from films import FilmShelf

LIST = """clip,first_frame,last_frame,scale,movement,doubt,scale_2,movement_2,caption
film.mp4,0,24,CS,static,0,,,a red car
film.mp4,25,59,FS,static,0,,,a dog
film.mp4,60,99,,,0,,,the end
lost.mp4,0,9,LS,static,0,,,a hill
"""


def shot(clip: str, start: int, end: int, caption: str, scale: ShotScale | None = ShotScale.MS) -> RealShot:
    return RealShot(clip, start, end, scale, Movement.STATIC if scale else None, caption=caption)


SHOTS = [
    shot("a.mp4", 0, 50, "a car"),
    shot("a.mp4", 50, 100, "a dog"),
    shot("b.webm", 0, 40, "The  car of two cars"),
    shot("b.webm", 40, 90, "a Dog"),
    shot("b.webm", 90, 99, "the end", None),
]


def test_the_same_words_are_about_the_same_shots() -> None:
    queries = caption_queries(own_captions(SHOTS), SHOTS)
    assert [each.places for each in queries] == [(0,), (1, 3), (2,), (1, 3), (4,)]
    assert [each.is_title for each in queries] == [False] * 4 + [True]


def test_a_caption_is_about_the_shot_that_it_shares_most_with() -> None:
    captions = [
        Caption("b", 0, 45, "near the first"),  # without the suffix
        Caption("b", 0, 90, "both of them"),
        Caption("b", 85, 95, "a little of two"),
        Caption("c", 0, 50, "another film"),
    ]
    assert [each.places for each in caption_queries(captions, SHOTS)] == [(2,), (2, 3), (4,)]


def test_a_list_of_captions_is_read_with_its_titles(tmp_path: Path) -> None:
    path = tmp_path / "captions.csv"
    path.write_text(
        "clip,shot,first_frame,last_frame,scale,movement,caption\na,0,0,49,CU,static,a face\na,1,50,60,NA,title,end\n",
        encoding="utf-8",
    )
    assert read_captions(path) == (Caption("a", 0, 50, "a face"), Caption("a", 50, 61, "end", is_title=True))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("clip,first_frame,caption\na,0,b\n", "lacks the columns last_frame"),
        ("clip,first_frame,last_frame,caption\na,0,x,b\n", "line 2: frames are whole numbers"),
        ("clip,first_frame,last_frame,caption\na,9,3,b\n", "line 2: a caption needs"),
        ("clip,first_frame,last_frame,caption\na,0,3,\n", "line 2: a caption needs"),
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "captions.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExchangeError, match=complaint):
        read_captions(path)


def test_a_keyword_is_asked_where_three_shots_are_right() -> None:
    shots = [*SHOTS, shot("c.mp4", 0, 9, "two cars in a street")]
    assert keyword_queries(shots) == [CaptionQuery("car", "", (0, 2, 5))]


def test_the_keywords_fit_the_list_that_is_there() -> None:
    found = {each.text: len(each.places) for each in keyword_queries(read_real_shots())}
    assert found["rabbit"] == 13
    assert found["bottle"] == 3
    assert "dog" not in found


def axis(*places: int) -> Embeddings:
    return np.eye(4, dtype=np.float32)[list(places)]


def paper(texts: Sequence[str]) -> Embeddings:
    """Words that point along the axes; knows no end."""
    at = {"a car": 0, "a dog": 1, "The  car of two cars": 2, "a Dog": 1}
    if texts[0] not in at:
        raise ModelError("no such word")
    return axis(*(at[text] for text in texts))


def test_a_shot_is_as_near_as_its_best_frame_and_what_is_refused_is_not_found() -> None:
    gallery = [axis(3, 0), axis(1), axis(3), axis(3), axis(3, 3)]
    figures = figures_of(Contender("paper", gallery, paper), caption_queries(own_captions(SHOTS), SHOTS), [])
    assert figures.captions.ranks.tolist() == [1, 1, 5, 1]
    assert figures.halves[0].ranks.tolist() == [1, 1]
    assert figures.titles.ranks.tolist() == [5]
    assert figures.refused == 1


def test_precision_counts_right_shots_among_the_first_three() -> None:
    gallery = [axis(0), axis(0), axis(1), axis(0), axis(1)]
    keywords = [CaptionQuery("a car", "", (0, 1, 2)), CaptionQuery("a dog", "", (2, 3, 4))]
    figures = figures_of(
        Contender("paper", gallery, paper), caption_queries(own_captions(SHOTS), SHOTS), keywords
    )
    assert figures.keywords == (("a car", 2), ("a dog", 2))
    assert figures.precision_at_3 == pytest.approx(4 / 6)


class PaperEncoder:
    """Embeds pictures by the mean of their colours."""

    spec = EFFICIENTNET_LITE0_ENCODER
    device = "paper"

    def encode(self, pictures: Pictures, *, progress: object = None) -> Embeddings:
        vectors = np.zeros((len(pictures), self.spec.dimension), np.float32)
        vectors[:, :3] = pictures.mean(axis=(1, 2)) + 1
        return l2_normalised(vectors)


def test_each_shot_has_three_frames_or_more(films: FilmShelf) -> None:
    shots = [shot("film.mp4", 60, 100, "last"), shot("film.mp4", 0, 60, "first")]
    found = shot_vectors(shots, {"film.mp4": films("mp4").path}, PaperEncoder())
    for each, own in zip(shots, found, strict=True):
        assert len(own) >= 3
        assert each.start_frame <= int(own.frames[0]) <= int(own.frames[-1]) < each.end_frame


def test_a_list_of_another_film_is_refused(films: FilmShelf) -> None:
    with pytest.raises(ExchangeError, match="another film of that name"):
        shot_vectors([shot("film.mp4", 0, 1000, "long")], {"film.mp4": films("mp4").path}, PaperEncoder())


@pytest.fixture
def folder(films: FilmShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one of the list's two clips, and the list; nobody but the paper contender."""
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "film.mp4").hardlink_to(films("mp4").path)
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")

    def only_paper(shots: Sequence[RealShot], clips: Mapping[str, Path]) -> Iterator[Contender]:
        assert [each.caption for each in shots] == ["a red car", "a dog", "the end"]
        yield Contender("paper", [axis(0), axis(1), axis(2)], paper)

    monkeypatch.setattr(caption_retrieval, "contenders", only_paper)
    return tmp_path


def test_the_report_says_what_was_asked_and_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder), "--list", str(folder / "list.csv")]) == 0
    told = capsys.readouterr().out
    assert "3 shots of 1 clips, 3 captions; not found: lost.mp4" in told
    assert "captions: R@1/5/10 50.0/100.0/100.0 % (chance 33.3/100.0/100.0 %)" in told
    assert "2 queries were refused and count as not found" in told


def test_the_figures_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = folder / "more.csv"
    more.write_text("clip,first_frame,last_frame,caption\nfilm,25,59,a dog\n", encoding="utf-8")
    arguments = [str(folder), "--list", str(folder / "list.csv"), "--captions", str(more), "--json"]
    assert main(arguments) == 0
    paper_figures = json.loads(capsys.readouterr().out)["encoders"]["paper"]
    assert paper_figures["captions"]["queries"] == 3
    assert paper_figures["titles"]["queries"] == 1


def test_no_clips_are_said_so(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "empty"), "--list", str(folder / "list.csv")]) == 1
    assert "No clip with captions" in capsys.readouterr().err
