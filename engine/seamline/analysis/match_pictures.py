"""The few frames about each edge of a shot, decoded once, in order, and measured."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.analysis.flow_pictures import flow_field, flow_picture
from seamline.analysis.match_camera import Camera, camera_of_tracks, stands_still
from seamline.analysis.match_figures import not_looked, seen_face
from seamline.analysis.match_flows import FLOW_SIZE, camera_of, edge_flow
from seamline.analysis.match_kept import EdgeKey, EdgeLook, EdgeSide
from seamline.analysis.match_looks import look_of, picture_part
from seamline.analysis.match_tables import Array, SiameseNetwork
from seamline.analysis.match_tracks import Tracks, shrunk, tracks_of
from seamline.analysis.match_travel import thing_of
from seamline.analysis.pace import Pace
from seamline.errors import MediaError
from seamline.media.film import Film
from seamline.media.pictures import Scaler, fitted_size
from seamline.media.wanted_frames import wanted_frames
from seamline.models.figures import FigureFinder

_log = logging.getLogger(__name__)

PICTURE_LIMIT = (320, 320)
FURTHEST = 7
"""Steps from the edge to the last frame that is looked at."""
NEAREST = 4
"""Steps to the last frame that the camera and the grid of speeds are told by."""
_STEP_S = Fraction(1, 25)
_LAID_OVER_PX = 160
_AGREED, _NONE_OF_SHARE = 0.7, 0.5
"""Share of the points that follow one motion: more need no second opinion; and of one that was found to be none."""

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class EdgePictures:
    """`frames` about an edge, in the film's order, with their `pictures`, uint8[h, w, 3] each, RGB."""

    key: EdgeKey
    frames: tuple[int, ...]
    pictures: tuple[Picture, ...]


def step_frames(rate: Fraction) -> int:
    """How many frames about a 25th of a second is."""
    return max(1, round(_STEP_S * rate))


def frames_of(key: EdgeKey, rate: Fraction) -> tuple[int, ...]:
    """Those that the edge is measured by, in the film's order."""
    step = step_frames(rate)
    away = [n * step for n in range(FURTHEST + 1) if n * step <= key.reach]
    if key.side is EdgeSide.TAIL:
        return tuple(key.frame - n for n in reversed(away))
    return tuple(key.frame + n for n in away)


def edge_pictures(
    film: Film, keys: Sequence[EdgeKey], pace: Pace, stop: threading.Event
) -> Iterator[EdgePictures]:
    """Those of the edges, each as soon as its last frame is decoded; what cannot be decoded is left out.

    Raises MediaError where the film cannot be opened any more.
    """
    waiting = sorted(((frames_of(key, film.rate), key) for key in keys), key=lambda item: (item[0][-1], item))
    wanted = sorted({frame for frames, _ in waiting for frame in frames})
    first_needed = _first_needed([frames for frames, _ in waiting])
    scaler = Scaler(*fitted_size(film.info.display_size, PICTURE_LIMIT))
    held: dict[int, Picture] = {}
    done = 0
    began_s = time.monotonic()
    for number, frame in wanted_frames(film, wanted, is_stopped=stop.is_set):
        try:
            held[number] = scaler.rgb(frame, rotation_deg=film.info.rotation_deg)
        except (MediaError, OSError, ValueError, MemoryError) as error:
            _log.warning("Frame %d of “%s” cannot be looked at: %s", number, film.path.name, error)
        pace.rest(time.monotonic() - began_s, stop)
        while done < len(waiting) and waiting[done][0][-1] <= number:
            yield _ready(*waiting[done], held)
            done += 1
            for old in [at for at in held if done == len(waiting) or at < first_needed[done]]:
                del held[old]
        began_s = time.monotonic()
    if not stop.is_set():
        for frames, key in waiting[done:]:
            yield _ready(frames, key, held)


def _first_needed(frames: Sequence[tuple[int, ...]]) -> list[int]:
    """The earliest frame that this edge or any later one needs."""
    needed = [each[0] for each in frames]
    for at in range(len(needed) - 2, -1, -1):
        needed[at] = min(needed[at], needed[at + 1])
    return needed


def _ready(frames: tuple[int, ...], key: EdgeKey, held: dict[int, Picture]) -> EdgePictures:
    there = tuple(frame for frame in frames if frame in held)
    return EdgePictures(key, there, tuple(held[frame] for frame in there))


def look_at(
    edge: EdgePictures,
    film: Film,
    siamese: SiameseNetwork | None,
    features: int,
    finder: FigureFinder | None = None,
) -> EdgeLook | None:
    """What is made of it; None where the frame that is cut at is missing. Faces are looked for where there is a
    `finder`.
    """
    if edge.key.frame not in edge.frames:
        return None
    rows, columns = picture_part(list(edge.pictures))
    parts = [np.ascontiguousarray(picture[rows, columns]) for picture in edge.pictures]
    greys = [np.asarray(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), np.uint8) for part in parts]
    at = edge.frames.index(edge.key.frame)
    look = look_of(parts[at])
    small = [
        np.asarray(cv2.resize(grey, FLOW_SIZE, interpolation=cv2.INTER_AREA), np.uint8) for grey in greys
    ]
    seconds = _seconds_between(edge.frames, film)
    near = slice(-NEAREST - 1, None) if edge.key.side is EdgeSide.TAIL else slice(NEAREST + 1)
    near_s = slice(-NEAREST, None) if edge.key.side is EdgeSide.TAIL else slice(NEAREST)
    flow, tracks = edge_flow(small[near], seconds[near_s]), tracks_of(greys[near], seconds[near_s])
    # the small pictures are of one shape, whatever the film's
    flow[1::2] *= tracks.tall * FLOW_SIZE[0] / FLOW_SIZE[1]
    camera = _camera(flow, tracks, greys[near], sum(seconds[near_s]))
    vector = np.zeros(features, np.float32)
    if siamese is not None and features and len(greys) > 1:
        first = at if edge.key.side is EdgeSide.HEAD else at - 1
        picture = flow_picture(flow_field(greys[first], greys[first + 1]))
        vector = siamese.features(picture[None])[0]
    return EdgeLook(
        np.array([not look.is_plain], np.float32),
        look.light,
        look.colour,
        look.mass,
        look.lines,
        flow,
        camera.row,
        thing_of(greys, seconds, camera, tracks),
        not_looked() if finder is None else seen_face(finder, parts[at]),
        np.asarray(vector, np.float32),
    )


def _camera(flow: Array, tracks: Tracks, greys: Sequence[Picture], seconds: float) -> Camera:
    """By the points, or the grid where they are too few; neither where the pictures say that all stands still."""
    camera = camera_of_tracks(tracks) or Camera.of_row(camera_of(flow))
    if camera.share >= _AGREED or camera.is_still:
        return camera
    first, last = shrunk([greys[0], greys[-1]], _LAID_OVER_PX)
    return Camera(0j, 0j, _NONE_OF_SHARE) if stands_still(first, last, seconds, camera) else camera


def _seconds_between(frames: Sequence[int], film: Film) -> list[float]:
    times = [film.index.time_of(frame) for frame in frames]
    return [float(later - earlier) for earlier, later in pairwise(times)]
