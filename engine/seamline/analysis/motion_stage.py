"""The camera's motion as curves: pan, tilt, zoom and roll from each frame to the next."""

from __future__ import annotations

import numpy as np

from seamline.analysis.motion import Motion
from seamline.analysis.motion_track import BLOCK_FRAMES, MotionTracker
from seamline.analysis.stage import Pictures, PictureSpec, Resumption, SignalBlock
from seamline.progress import Progress

PAN, TILT, ZOOM, ROLL = "pan", "tilt", "zoom", "roll"
MOTION_INLIERS, MOTION_RESIDUAL, FLOW_MAGNITUDE = "motion_inliers", "motion_residual", "flow_magnitude"
MOTION_BLANK = "motion_blank"

_WIDTH, _HEIGHT = 160, 90


class MotionStage:
    """Gives the motion of each frame's content against the frame before; frame 0 has zeros.

    The curves are the fields of `seamline.analysis.motion.Motion`, in the same units: `pan` over the width, `tilt`
    over the height, `zoom` as natural logarithm, `roll` in radians, `motion_inliers`, `motion_residual`,
    `flow_magnitude` and `motion_blank`. Across a cut the motion is 0 and `motion_inliers` is low. The picture is
    squeezed to 160x90, whatever its shape: pan, tilt and zoom do not mind, but only a picture of 16:9 has its exact
    roll.
    """

    name = "motion"
    version = (
        4  # 1 and 2: from each picture to the next alone; 3: more points, and less faith in what stands still
    )
    key = f"{_WIDTH}x{_HEIGHT}"
    pictures = PictureSpec(_WIDTH, _HEIGHT, grey=True)
    signal_names = (PAN, TILT, ZOOM, ROLL, MOTION_INLIERS, MOTION_RESIDUAL, FLOW_MAGNITUDE, MOTION_BLANK)
    signal_width = 1
    stored_frames = None

    def __init__(self) -> None:
        self._tracker = MotionTracker(_WIDTH, _HEIGHT)
        self._next_picture = self._next_result = 0

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        first = max(0, done_frames - 1) // BLOCK_FRAMES * BLOCK_FRAMES
        self._next_picture, self._next_result = first, done_frames
        self._tracker.restart()
        return Resumption(first, done_frames)

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        motions: list[Motion] = []
        for picture in pictures:
            motion = self._tracker.next(picture)
            if self._next_picture >= self._next_result:
                motions.append(motion)
            if self._next_picture % BLOCK_FRAMES == 0:
                # from here on as if the film began here, so that another run can
                self._tracker.restart()
                self._tracker.next(picture)
            self._next_picture += 1
        if not motions:
            return []
        rows = [
            (m.pan, m.tilt, m.zoom, m.roll, m.inliers, m.residual, m.flow_magnitude, m.blank) for m in motions
        ]
        columns = np.array(rows, np.float32).T
        block = SignalBlock(self._next_result, dict(zip(self.signal_names, columns, strict=True)))
        self._next_result = block.end_frame
        return [block]

    def finish(self) -> list[SignalBlock]:
        return []
