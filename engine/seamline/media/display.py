"""Frames as a screen is to show them: one moment, upright, and in the light that a usual screen has."""

from __future__ import annotations

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from seamline.media.deinterlace import deinterlaced
from seamline.media.pictures import RgbPicture, Scaler, colorspace_of, upright
from seamline.media.tone_map import CODE_BITS, HLG, PQ, tone_mapped

_HDR_FORMAT = "gbrp12le"


class DisplayScaler:
    """Makes pictures of one size for the screen; what is neither interlaced nor HDR is as `Scaler` makes it, to the
    bit. What is analysed must not go through here: it is meant to be as it is stored. One thread at a time.
    """

    def __init__(self, width: int, height: int, *, bottom_first: bool = False) -> None:
        """`bottom_first`: of interlaced frames, the lower field is the earlier one."""
        self.width = width
        self.height = height
        self._bottom_first = bottom_first
        self._scaler = Scaler(width, height)
        self._deep = VideoReformatter()

    def rgb(self, frame: VideoFrame, *, rotation_deg: int) -> RgbPicture:
        """uint8[height, width, 3], turned clockwise by `rotation_deg`."""
        if frame.interlaced_frame:
            frame = deinterlaced(frame, bottom_first=self._bottom_first)
        if frame.color_trc in (PQ, HLG):
            return self._from_hdr(frame, rotation_deg)
        return self._scaler.rgb(frame, rotation_deg=rotation_deg)

    def _from_hdr(self, frame: VideoFrame, rotation_deg: int) -> RgbPicture:
        lying = rotation_deg in (90, 270)
        width, height = (self.height, self.width) if lying else (self.width, self.height)
        deep = self._deep.reformat(
            frame,
            width,
            height,
            _HDR_FORMAT,
            src_colorspace=colorspace_of(frame),
            dst_color_range=ColorRange.JPEG,
            interpolation=Interpolation.AREA,
        )
        green, blue, red = (
            np.frombuffer(memoryview(plane), np.uint16).reshape(plane.height, -1)[:, : plane.width]
            for plane in deep.planes
        )
        mapped = tone_mapped((red, green, blue), frame.color_trc, frame.color_primaries)
        return upright(mapped, rotation_deg)


def tone_mapped_8bit(picture: RgbPicture, transfer: int, primaries: int) -> RgbPicture:
    """A small picture that was made without regard to its light (a proxy), uint8[H, W, 3] in either, as
    `DisplayScaler` would show it but for its 8 bits. `transfer` and `primaries` are a frame's `color_trc` and
    `color_primaries`: those that are not HDR give the picture itself."""
    if transfer not in (PQ, HLG):
        return picture
    table = np.round(np.arange(256) * (((1 << CODE_BITS) - 1) / 255)).astype(np.uint16)
    deep = np.asarray(cv2.LUT(picture, table[None]), np.uint16)
    return tone_mapped((deep[..., 0], deep[..., 1], deep[..., 2]), transfer, primaries)
