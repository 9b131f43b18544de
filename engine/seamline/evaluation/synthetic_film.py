"""Synthetic edits written as films, each with the table of its true seams."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from seamline.errors import MediaError
from seamline.evaluation.synthetic_plan import EditPlan
from seamline.evaluation.synthetic_render import rendered_blocks
from seamline.evaluation.synthetic_sources import ShotSource, Size
from seamline.exchange.csv_list import DISTRACTOR, IGNORED
from seamline.exchange.files import check_target, write_text_atomically, written_whole
from seamline.progress import Progress

_BT709 = 1  # the code that primaries and transfer have for ITU-R BT.709 in ISO/IEC 23091-2


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a film is encoded. `crf` is H.264's quality, 0 without loss to 51; 18 to 28 are usual.

    A build without x264 makes MPEG-4 of about the same quality. Raises MediaError where it cannot be.
    """

    rate: Fraction = Fraction(25)
    crf: int = 20
    preset: str = "veryfast"
    key_frames_every: int = 50

    def __post_init__(self) -> None:
        if not 0 <= self.crf <= 51:
            raise MediaError(f"The quality of H.264 goes from 0 to 51, not {self.crf}.")
        if not 1 <= self.rate <= 240:
            raise MediaError(f"A film has 1 to 240 frames a second, not {self.rate}.")


def write_film(
    plan: EditPlan,
    sources: Sequence[ShotSource],
    path: Path,
    size: Size,
    encoding: Encoding | None = None,
    *,
    truth_path: Path | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write the film of `plan` without sound at `size`, and its table; gives where the table is.

    The table lies beside the film under the same name, unless `truth_path` says otherwise. `size` is even
    both ways. `progress` counts frames. Raises MediaError, ExchangeError where a file exists or cannot be
    written, and Cancelled; any leaves no new file.
    """
    if size[0] % 2 or size[1] % 2 or min(size) < 16:
        raise MediaError(
            f"A film's size is even and at least 16x16, not {size[0]}x{size[1]}: choose another."
        )
    truth_path = truth_path or path.with_suffix(".csv")
    with written_with_table(path, truth_path, plan, overwrite=overwrite) as part:
        _encode(plan, sources, part, size, encoding or Encoding(), progress)
    return truth_path


@contextlib.contextmanager
def written_with_table(path: Path, truth_path: Path, plan: EditPlan, *, overwrite: bool) -> Iterator[Path]:
    """A path to write the film of `plan` to; at the end its table is written, then the film takes the name `path`.

    Raises ExchangeError where a file exists or cannot be written, and MediaError where encoding failed; neither
    leaves half a film.
    """
    check_target(truth_path, overwrite)
    try:
        with written_whole(path, overwrite=overwrite) as part:
            yield part
            # the film comes last: where it is, its table is too
            write_text_atomically(truth_path, truth_table(plan), overwrite=overwrite)
    except av.FFmpegError as error:
        raise MediaError(
            f"“{path}” was not written ({error.strerror or error}): make room, or choose another folder."
        ) from error


def truth_table(plan: EditPlan) -> str:
    """CSV with the columns start_frame, end_frame, type, scored, note: what `read_transitions` reads."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("start_frame", "end_frame", "type", "scored", "note"))
    for event in plan.events:
        row = event.transition
        note = event.subtype
        if row.scored == DISTRACTOR:
            note = f"DISTRACTOR {note}: not a boundary"
        elif row.scored == IGNORED and not note.startswith(("leading", "trailing")):
            note = f"{note}: both sides look the same"
        writer.writerow((row.out_frame, row.in_frame, row.kind, row.scored, note))
    return text.getvalue()


def _encode(
    plan: EditPlan,
    sources: Sequence[ShotSource],
    path: Path,
    size: Size,
    encoding: Encoding,
    progress: Progress | None,
) -> None:
    number, total = 0, plan.frame_count
    # small blocks keep a large film out of memory, and cancelling prompt
    block_frames = max(1, min(64, (64 << 20) // (size[0] * size[1] * 3)))
    with av.open(path, "w") as container:
        stream = _stream(container, size, encoding)
        for block in rendered_blocks(plan, sources, size, block_frames=block_frames):
            for picture in block:
                if progress is not None:
                    progress.step(number, total)
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24").reformat(
                    format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
                )
                frame.pts, frame.time_base = number, 1 / encoding.rate
                container.mux(stream.encode(frame))
                number += 1
        container.mux(stream.encode(None))
    if progress is not None:
        progress.step(total, total)


def _stream(container: OutputContainer, size: Size, encoding: Encoding) -> VideoStream:
    has_x264 = "libx264" in av.codecs_available
    # MPEG-4's quantiser runs from 1 to 31
    quantiser = str(min(31, max(1, round((encoding.crf - 10) / 2))))
    options = (
        {"crf": str(encoding.crf), "preset": encoding.preset}
        if has_x264
        else {"qmin": quantiser, "qmax": quantiser}
    )
    stream = container.add_stream("libx264" if has_x264 else "mpeg4", rate=encoding.rate, options=options)
    stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
    context = stream.codec_context
    context.gop_size = encoding.key_frames_every
    context.colorspace, context.color_range = _BT709, ColorRange.MPEG
    context.color_primaries, context.color_trc = _BT709, _BT709
    return stream
