"""Footage of known set-ups: a list that names public clips by file and frames, and holds no footage."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Take:
    """Frames [start_frame, end_frame) of the file named `clip`, taken from one set-up.

    Files of one `origin` are copies of one film, or parts of it: both halves of an evaluation never have it.
    `is_reported`: whether it is in the half that figures are told of; no threshold was chosen by that half.
    """

    clip: str
    start_frame: int
    end_frame: int
    origin: str
    is_reported: bool

    @property
    def length(self) -> int:
        return self.end_frame - self.start_frame


_CHOSEN_BY = (
    ("bbb_a_480p.mp4", 650, 901, "big-buck-bunny"),
    ("bbb_a_480p.mp4", 901, 1039, "big-buck-bunny"),
    ("bbb_a_480p.mp4", 1133, 1301, "big-buck-bunny"),
    ("bbb_a_480p.mp4", 1618, 1800, "big-buck-bunny"),
    ("bbb_opening_480p.mp4", 378, 553, "big-buck-bunny"),
    ("basketball_640x360.mp4", 142, 251, "basketball"),
    ("basketball_640x360.mp4", 251, 441, "basketball"),
    ("basketball_640x360.mp4", 757, 859, "basketball"),
    ("nasa_13013.mp4", 0, 127, "nasa"),
    ("intel_car-detection.mp4", 0, 377, "car-park"),
    ("moviepy_chaplin.mp4", 0, 241, "chaplin"),
    ("tlr_dinky.m4v", 0, 775, "dinky"),
    ("mdn_crystal.mp4", 0, 359, "crystal"),
    ("butterfly_dissolve.mp4", 0, 180, "butterfly"),
    ("butterfly_dissolve.mp4", 238, 787, "butterfly"),
)
_REPORTED = (
    ("sintel_trailer_480p_h264.mp4", 866, 958, "sintel"),
    ("nosferatu_640x480.mp4", 70, 240, "nosferatu"),
    ("nosferatu_640x480.mp4", 240, 497, "nosferatu"),
    ("nosferatu_640x480.mp4", 551, 683, "nosferatu"),
    ("nosferatu_640x480.mp4", 683, 788, "nosferatu"),
    ("nosferatu_640x480.mp4", 1017, 1191, "nosferatu"),
    ("psd_testvideo.mp4", 30, 180, "leaf"),
    ("psd_testvideo.mp4", 240, 331, "leaf"),
    ("psd_testvideo.mp4", 423, 529, "leaf"),
    ("psd_testvideo.mp4", 558, 664, "leaf"),
    ("car_review_720p.mp4", 0, 111, "car-review"),
    ("car_review_720p.mp4", 111, 269, "car-review"),
    ("intel_bottle-detection.mp4", 0, 1189, "bottles"),
    ("intel_one-by-one-person-detection.mp4", 0, 1394, "persons"),
    ("pandas.mov", 0, 300, "pandas"),
    ("tlr_bart.m4v", 0, 704, "bart"),
    ("tlr_psr63.mov", 0, 232, "psr63"),
    ("skv_carphone.mp4", 0, 120, "carphone"),
)

TAKES = tuple(
    Take(*row, is_reported=is_reported)
    for is_reported, rows in ((False, _CHOSEN_BY), (True, _REPORTED))
    for row in rows
)
