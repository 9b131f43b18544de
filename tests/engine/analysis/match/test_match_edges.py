"""Edges of shots are looked at once: only the frames they need, kept by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from paper_edges import PaperSiamese
from paper_motion import texture

from seamline.analysis import match_pictures
from seamline.analysis.figure_rows import FigureRow
from seamline.analysis.figures_stage import FIGURES
from seamline.analysis.match_edges import edge_of_frame, shot_edges
from seamline.analysis.match_figures import edge_figure, figure_at_edge, not_looked
from seamline.analysis.match_kept import EdgeKey, EdgeSide, KeptEdges, no_look
from seamline.analysis.match_pictures import EdgePictures, Picture, frames_of, look_at
from seamline.analysis.match_tables import A_BODY, A_FACE, NO_FIGURE, EdgeTable, ShotEdges
from seamline.analysis.signals import Signals
from seamline.analysis.stage import SignalBlock
from seamline.analysis.stages import EMBEDDING
from seamline.errors import Cancelled, ModelError
from seamline.media.film import Film
from seamline.media.open_film import open_film
from seamline.media.pictures import Scaler
from seamline.media.wanted_frames import wanted_frames
from seamline.models.figure_decoding import Detection
from seamline.models.figures import Figures
from seamline.progress import CancellableProgress
from seamline.project.own_frames import own_parts
from seamline.project.types import Project, Seam, SeamKind

if TYPE_CHECKING:
    from films import FilmShelf

SHOTS = [(0, 25), (25, 60), (60, 100)]
MARGINS = [3, 4, 5]
"""An eighth of each, as nothing is known of blends."""


@pytest.fixture(scope="module")
def film(films: FilmShelf) -> Film:
    return open_film(films("mp4").path)


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the frames that were asked for."""
    numbers: list[int] = []
    original = wanted_frames

    def counting(film: Film, frames: Sequence[int], **options: Any) -> Iterator[Any]:
        numbers.extend(frames)
        return original(film, frames, **options)

    monkeypatch.setattr(match_pictures, "wanted_frames", counting)
    return numbers


def edges(
    film: Film, folder: Path | None, shots: Sequence[tuple[int, int]] = SHOTS, **options: Any
) -> ShotEdges:
    return shot_edges(film, shots, folder, **{"signals": None, "progress": CancellableProgress()} | options)


def same(a: EdgeTable, b: EdgeTable) -> bool:
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in EdgeTable.__dataclass_fields__)


def test_each_shot_has_its_first_and_last_clear_frame(film: Film) -> None:
    found = edges(film, None)
    assert found.fingerprint == film.fingerprint
    assert found.shots.tolist() == [list(shot) for shot in SHOTS]
    assert found.heads.frames.tolist() == [start + by for (start, _), by in zip(SHOTS, MARGINS, strict=True)]
    assert found.tails.frames.tolist() == [end - 1 - by for (_, end), by in zip(SHOTS, MARGINS, strict=True)]
    assert found.heads.is_usable.all()
    # the bar in the lower half goes to the right
    flow = found.heads.flow.reshape(3, 9, 16, 2)
    assert (flow[:, 5:, :, 0].max(axis=(1, 2)) > 0.03).all()
    assert found.outgoing(1).frame == 55
    assert found.incoming(1).frame == 29
    assert found.heads.siamese.shape == (3, 0)
    assert found.heads.vectors.shape == (3, 0)


def test_only_the_frames_at_the_edges_are_decoded(film: Film, decoded: list[int]) -> None:
    edges(film, None)
    assert decoded == sorted(
        {*range(3, 11), *range(14, 22), *range(29, 37), *range(48, 56), *range(65, 73), *range(87, 95)}
    )


def test_what_was_looked_at_is_kept_and_a_moved_seam_makes_two_edges_anew(
    film: Film, tmp_path: Path, decoded: list[int]
) -> None:
    first = edges(film, tmp_path)
    decoded.clear()
    again = edges(film, tmp_path)
    assert decoded == []
    assert same(first.heads, again.heads)
    assert same(first.tails, again.tails)
    edges(film, tmp_path, [(0, 25), (25, 59), (59, 100)])
    assert decoded == [*range(47, 55), *range(64, 72)]


def test_what_was_kept_is_what_is_made_without_a_folder(film: Film, tmp_path: Path) -> None:
    assert same(edges(film, None).tails, edges(film, tmp_path).tails)


def test_broken_off_it_goes_on_where_it_was(film: Film, tmp_path: Path, decoded: list[int]) -> None:
    progress = CancellableProgress(lambda done, _: progress.cancel() if done == 3 else None)
    with pytest.raises(Cancelled):
        edges(film, tmp_path, progress=progress)
    assert len(KeptEdges(tmp_path, None)) == 4
    decoded.clear()
    whole = edges(film, tmp_path)
    assert decoded == [*range(65, 73), *range(87, 95)]
    assert same(whole.heads, edges(film, None).heads)


def test_the_siamese_network_sees_each_edge_once_and_another_one_again(film: Film, tmp_path: Path) -> None:
    network = PaperSiamese()
    found = edges(film, tmp_path, siamese=network)
    assert network.seen == 6
    assert found.heads.siamese.shape == (3, 128)
    assert found.siamese is network
    edges(film, tmp_path, siamese=network)
    assert network.seen == 6
    other = PaperSiamese("another")
    edges(film, tmp_path, siamese=other)
    assert other.seen == 6


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 torn", None])
def test_a_damaged_file_counts_as_none(
    film: Film, tmp_path: Path, damage: bytes | None, decoded: list[int]
) -> None:
    whole = edges(film, tmp_path)
    (path,) = tmp_path.glob("match-edges-*.npz")
    if damage is None:
        with np.load(path) as arrays:
            keys, values = arrays["keys"], arrays["values"].copy()
        values[0, 0] = np.nan
        np.savez(path, keys=keys, values=values)
    else:
        path.write_bytes(damage)
    decoded.clear()
    assert same(edges(film, tmp_path).heads, whole.heads)
    assert len(decoded) == 48


def test_a_frame_that_is_liked_is_both_edges_of_its_shot(film: Film) -> None:
    found = edge_of_frame(film, 40, (25, 60), None, progress=CancellableProgress())
    assert len(found) == 1
    assert found.heads.frames.tolist() == found.tails.frames.tolist() == [40]
    assert np.array_equal(found.heads.light, found.tails.light)
    first = edge_of_frame(film, 25, (25, 60), None, progress=CancellableProgress())
    assert not first.tails.flow.any()  # nothing of the shot is before it
    assert first.heads.flow.any()
    with pytest.raises(ValueError, match="does not lie"):
        edge_of_frame(film, 60, (25, 60), None, progress=CancellableProgress())


@pytest.mark.parametrize(("height", "width"), [(180, 320), (240, 320), (134, 320), (320, 180)])
def test_a_tilt_is_as_fast_by_the_grid_as_by_points_whatever_the_picture_s_shape(
    film: Film, height: int, width: int
) -> None:
    ground = texture(3, 400, 400)
    pictures = []
    for n in range(8):
        grey = np.clip(ground[40 - 2 * n : 40 - 2 * n + height, 30 : 30 + width], 0, 255).astype(np.uint8)
        pictures.append(np.repeat(grey[..., None], 3, axis=2))
    edge = EdgePictures(EdgeKey(10, EdgeSide.HEAD, 7), tuple(range(10, 18)), tuple(pictures))
    look = look_at(edge, film, None, 0)
    assert look is not None
    down = 2 * 25 / width
    assert look.camera[:2] == pytest.approx([0, down], abs=0.05 * down)
    assert float(np.median(look.flow[1::2])) == pytest.approx(down, rel=0.1)
    assert not look.thing[2]


def test_at_other_rates_as_much_time_is_looked_at() -> None:
    assert frames_of(EdgeKey(100, EdgeSide.TAIL, 50), 25) == tuple(range(93, 101))  # type: ignore[arg-type]
    assert frames_of(EdgeKey(100, EdgeSide.HEAD, 50), 50) == tuple(range(100, 116, 2))  # type: ignore[arg-type]
    assert frames_of(EdgeKey(100, EdgeSide.HEAD, 2), 25) == (100, 101, 102)  # type: ignore[arg-type]


def test_edges_lie_in_the_frames_wholly_the_shots_own(films: FilmShelf, decoded: list[int]) -> None:
    """A dissolve of frames 25 to 36, a fade of frames 60 to 75: so long that a third of each shot is of a seam."""
    fading = open_film(films("mp4_gradual").path)
    project = Project(fading).with_proposals(
        [Seam(24, 37, SeamKind.DISSOLVE), Seam(59, 76, SeamKind.FADE)], fading.frame_count
    )
    own = own_parts(project)
    assert own == ((0, 25), (37, 60), (76, 100))
    shots = [shot.range for shot in project.shots]
    found = edges(fading, None, shots, own=own)
    assert found.shots.tolist() == [list(shot) for shot in shots]
    assert found.heads.frames.tolist() == [3, 39, 79]
    assert found.tails.frames.tolist() == [21, 57, 96]
    assert set(decoded) <= {*range(25), *range(37, 60), *range(76, 100)}
    assert found.heads.is_usable.all()
    # below the barcode, nothing has begun to fade there
    pictures = wanted_frames(fading, [56, 57, 67, 79, 80])
    light = {number: float(np.median(frame.to_ndarray(format="gray")[30:])) for number, frame in pictures}
    assert light[57] == pytest.approx(light[56], rel=0.02)
    assert light[79] == pytest.approx(light[80], rel=0.02)
    assert light[67] < light[57] / 2


@pytest.mark.parametrize("part", [(30, 30), (30, 31), (30, 32)])
def test_a_shot_with_hardly_a_frame_of_its_own_is_not_usable(
    film: Film, tmp_path: Path, decoded: list[int], part: tuple[int, int]
) -> None:
    edges(film, tmp_path)
    decoded.clear()
    found = edges(film, tmp_path, own=[(0, 25), part, (60, 100)])
    assert decoded == []
    assert found.heads.is_usable.tolist() == found.tails.is_usable.tolist() == [True, False, True]
    assert found.shots.tolist() == [list(shot) for shot in SHOTS]
    start, end = SHOTS[1]
    assert (found.incoming(1).frame, found.outgoing(1).frame) == (start, end - 1)
    assert not found.heads.light[1].any()


def test_a_gradual_seam_whose_ends_are_moved_makes_two_edges_anew(
    film: Film, tmp_path: Path, decoded: list[int]
) -> None:
    edges(film, tmp_path, own=[(0, 17), (33, 60), (60, 100)])
    decoded.clear()
    # the shots are the same: the middle of the seam stays where it was
    edges(film, tmp_path, own=[(0, 16), (34, 60), (60, 100)])
    assert decoded == [*range(6, 14), *range(37, 45)]


def test_vectors_are_none_of_a_gradual_seam(film: Film) -> None:
    signals = Signals(film.frame_count)
    signals.add(SignalBlock(0, {EMBEDDING: np.eye(9, 1280, dtype=np.float32)}, 12))
    found = edges(film, None, [(0, 47), (47, 100)], own=[(0, 35), (59, 100)], signals=signals)
    # 36 and 48 are of the seam
    assert found.tails.vectors[0].argmax() == 2
    assert found.heads.vectors[1].argmax() == 6


def test_around_a_chosen_frame_only_its_shots_own_frames_are_looked_at(
    film: Film, decoded: list[int]
) -> None:
    edge_of_frame(film, 40, (25, 60), None, own=(38, 42), progress=CancellableProgress())
    assert sorted(set(decoded)) == [38, 39, 40, 41]
    with pytest.raises(ValueError, match="does not lie"):
        edge_of_frame(film, 37, (25, 60), None, own=(38, 42), progress=CancellableProgress())


def test_short_shots_and_damaged_frames_do_no_harm(
    film: Film, films: FilmShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = edges(film, None, [(10, 11), (11, 14)])
    assert short.heads.frames.tolist() == [10, 11]
    assert short.heads.is_usable.tolist() == [False, True]
    assert not short.heads.flow[0].any()

    original = wanted_frames

    def lossy(film: Film, frames: Sequence[int], **options: Any) -> Iterator[Any]:
        return (
            (number, frame) for number, frame in original(film, frames, **options) if number not in (29, 52)
        )

    monkeypatch.setattr(match_pictures, "wanted_frames", lossy)
    found = edges(film, tmp_path)
    assert found.heads.is_usable.tolist() == [True, False, True]
    assert found.tails.is_usable.all()
    assert len(KeptEdges(tmp_path, None)) == 5


def test_vectors_come_from_the_nearest_row_in_the_shot(film: Film) -> None:
    signals = Signals(film.frame_count)
    rows = np.eye(9, 1280, dtype=np.float32)
    signals.add(SignalBlock(0, {EMBEDDING: rows}, 12))
    found = edges(film, None, signals=signals)
    # of rows 12 frames apart; 60 and 96 are nearer to the third shot's edges, but may be of a blend
    assert found.heads.vectors.argmax(axis=1).tolist() == [1, 3, 6]
    assert found.tails.vectors.argmax(axis=1).tolist() == [1, 4, 7]


def test_figures_are_taken_from_near_and_not_where_the_picture_changed() -> None:
    looked = FigureRow(looked=2, faces=1, face_score=0.9, face_height=0.3, face_x=0.25, face_y=0.4).values()
    unseen, changed = FigureRow(changed=1).values(), FigureRow(changed=40).values()

    def figure(*rows: Any, frame: int) -> list[float]:
        signals = Signals(100)
        signals.add(SignalBlock(0, {FIGURES: np.stack(rows)}, 6))
        return [float(value) for value in edge_figure(frame, 0, 100, 25, signals)]  # type: ignore[arg-type]

    assert figure(looked, unseen, unseen, frame=10) == pytest.approx([A_FACE, 0.25, 0.4, 0.3, 0.9])
    assert figure(looked, changed, unseen, frame=10) == [0, 0, 0, 0, 0]
    assert figure(looked, unseen, unseen, unseen, unseen, frame=24) == [0, 0, 0, 0, 0]
    nobody = FigureRow(looked=2).values()
    assert figure(nobody, frame=0) == [0, 0, 0, 0, 1]


class PaperFinder:
    """Sees one face in every picture."""

    def __init__(self) -> None:
        self.seen = 0

    def faces(self, picture: Picture) -> Figures:
        assert picture.ndim == 3
        self.seen += 1
        return Figures(
            (Detection(0.9, (0.2, 0.3, 0.4, 0.7), np.zeros((0, 2), np.float32)),), None, is_full=False
        )


def with_curve_of_figures() -> Signals:
    signals = Signals(100)
    signals.add(SignalBlock(0, {FIGURES: FigureRow().values()[None]}, 6))
    return signals


def test_faces_are_looked_for_at_the_edges_where_the_film_has_a_curve_of_figures(
    film: Film, tmp_path: Path
) -> None:
    finder = PaperFinder()
    options: dict[str, Any] = {"signals": with_curve_of_figures(), "open_figures": lambda: finder}
    found = edges(film, tmp_path, **options)
    assert finder.seen == 6
    for table in (found.heads, found.tails):
        assert table.figures == pytest.approx(np.tile([A_FACE, 0.3, 0.5, 0.4, 0.9], (3, 1)), abs=2e-3)
    edges(film, tmp_path, **options)
    assert finder.seen == 6  # kept
    without = edges(film, tmp_path, open_figures=lambda: finder)
    assert finder.seen == 6
    assert not without.heads.figures.any()


def test_without_the_networks_for_faces_the_curve_counts_until_there_are_some(
    film: Film, tmp_path: Path, decoded: list[int]
) -> None:
    def lacking() -> PaperFinder:
        raise ModelError("The network is not installed on this machine.")

    options: dict[str, Any] = {"signals": with_curve_of_figures()}
    without = edges(film, tmp_path, open_figures=lacking, **options)
    assert not without.heads.figures.any()
    assert without.heads.is_usable.all()
    decoded.clear()
    edges(film, tmp_path, open_figures=lacking, **options)
    assert decoded == []
    finder = PaperFinder()
    found = edges(film, tmp_path, open_figures=lambda: finder, **options)
    assert finder.seen == 6
    assert (found.heads.figures[:, 0] == A_FACE).all()


def test_what_is_no_number_is_not_kept_and_files_of_earlier_versions_go(film: Film, tmp_path: Path) -> None:
    kept = KeptEdges(tmp_path, None)
    look = no_look(0)
    look.flow[3] = np.nan
    with pytest.raises(ValueError, match="numbers"):
        kept.put(EdgeKey(3, EdgeSide.HEAD, 4), look)
    earlier, others = tmp_path / "match-edges-3-abc.npz", tmp_path / "frames-3-abc.npz"
    for path in (earlier, others):
        path.write_bytes(b"")
    edges(film, tmp_path)
    edges(film, tmp_path, siamese=PaperSiamese())
    assert not earlier.exists()
    assert others.exists()
    assert len(list(tmp_path.glob("match-edges-*.npz"))) == 2


def test_the_face_at_the_edge_counts_before_the_curve_but_a_body_is_the_curves() -> None:
    face, other = (np.array([A_FACE, x, 0.4, 0.3, 0.9], np.float32) for x in (0.2, 0.7))
    none, body = np.array([NO_FIGURE, 0, 0, 0, 0.5]), np.array([A_BODY, 0.5, 0.5, 0.9, 0.8])
    nobody, unknown = np.array([NO_FIGURE, 0, 0, 0, 1]), np.zeros(5)
    assert figure_at_edge(face, other).tolist() == face.tolist()
    assert figure_at_edge(none, other).tolist() == none.tolist()  # it has gone since
    assert figure_at_edge(none, body).tolist() == body.tolist()
    assert figure_at_edge(none, nobody).tolist() == nobody.tolist()
    assert figure_at_edge(none, unknown).tolist() == none.tolist()
    assert figure_at_edge(not_looked(), other).tolist() == other.tolist()


def test_titles_cannot_be_used(films: FilmShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = open_film(films("mp4").path)
    card = np.zeros((90, 160, 3), np.uint8)
    cv2.putText(card, "END", (50, 50), cv2.FONT_HERSHEY_SIMPLEX, 1, (255, 255, 255), 2)
    monkeypatch.setattr(Scaler, "rgb", lambda *_, **__: card)
    assert not edges(film, None).heads.is_usable.any()
