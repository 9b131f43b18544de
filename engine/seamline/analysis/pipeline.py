"""Runs stages over one decode of a film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seamline.analysis.picture_source import PictureBatch, PictureSource
from seamline.analysis.signals import Signals
from seamline.analysis.stage import Pictures, Resumption, SignalBlock, Stage
from seamline.media.film import Film
from seamline.progress import Progress


@dataclass(frozen=True, slots=True)
class _Running:
    stage: Stage
    resumption: Resumption


def run_stages(
    film: Film,
    stages: Sequence[Stage],
    signals: Signals,
    *,
    progress: Progress,
    on_block: Callable[[SignalBlock], None],
    missing: set[int] | None = None,
) -> None:
    """Complete `signals` by the stages that still lack something.

    Each frame is decoded once and scaled once a size. Blocks are added to `signals`, then handed to
    `on_block`; the numbers of frames that have no picture of their own are added to `missing`. Progress
    counts frames known to all stages. Raises MediaError, ModelError or Cancelled, with all that was known
    until then in `signals`.
    """
    running = [
        _Running(stage, stage.resume(signals.done_frames(*stage.signal_names), progress))
        for stage in stages
        if signals.done_frames(*stage.signal_names) < film.frame_count
    ]
    if not running:
        return
    names = tuple(name for stage in stages for name in stage.signal_names)

    def take(blocks: list[SignalBlock]) -> None:
        for block in blocks:
            signals.add(block)
            on_block(block)
            progress.step(signals.done_frames(*names), film.frame_count)

    progress.step(signals.done_frames(*names), film.frame_count)
    first = min(item.resumption.first_picture for item in running)
    sizes = [item.stage.picture_size for item in running]
    with PictureSource(film, sizes, first) as source:
        try:
            for batch in source.batches():
                if batch is None:
                    progress.step(signals.done_frames(*names), film.frame_count)
                    continue
                # with the values, so that neither is kept without the other
                _note(source.missing, missing)
                for item in running:
                    pictures = _wanted(batch, item)
                    if len(pictures):
                        take(item.stage.feed(pictures))
            for item in running:
                take(item.stage.finish())
        finally:
            _note(source.missing, missing)


def _note(found: list[int], missing: set[int] | None) -> None:
    if missing is not None and len(found):
        missing.update(found)


def _wanted(batch: PictureBatch, item: _Running) -> Pictures:
    skipped = max(0, item.resumption.first_picture - batch.start_frame)
    return batch.by_size[item.stage.picture_size][skipped:]
