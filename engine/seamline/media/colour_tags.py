"""What a picture says of its colours, kept to what can be converted."""

from __future__ import annotations

from av.video.frame import VideoFrame

_UNSPECIFIED, _BT2020 = 2, 9
# ITU-T H.273, table 4: FFmpeg's scaler (8.0) has RGB, BT.709, FCC, BT.601 (twice), SMPTE 240M and BT.2020
_CONVERTED = frozenset({0, 1, _UNSPECIFIED, 4, 5, 6, 7, _BT2020})
_BT2020_CONSTANT_LUMINANCE = 10  # as good as the same to the eye, at the sizes that are compared
_RANGES = frozenset({0, 1, 2})


def with_convertible_colours(frame: VideoFrame) -> VideoFrame:
    """`frame` itself, its matrix and range replaced by unspecified ones where no scaler knows them.

    Such films exist (ICtCp, YCgCo), and damage makes more: FFmpeg would refuse to scale the picture at all.
    """
    if int(frame.colorspace) not in _CONVERTED:
        is_bt2020 = int(frame.colorspace) == _BT2020_CONSTANT_LUMINANCE
        frame.colorspace = _BT2020 if is_bt2020 else _UNSPECIFIED
    if int(frame.color_range) not in _RANGES:
        frame.color_range = 0
    return frame
