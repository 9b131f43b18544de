"""What the film shows, some times a second, as vectors that can be compared."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from seamline.analysis.stage import Pictures, PictureSpec, Resumption, SignalBlock
from seamline.models.encoder import EncoderSpec, ImageEncoder
from seamline.progress import Progress

DEFAULT_SAMPLES_PER_S = 2
"""An hour of embeddings takes 37 MB so."""


def embedding_signal(encoder_id: str) -> str:
    """The name of the signal that the encoder of that id gives."""
    return f"embedding:{encoder_id}"


class EmbeddingStage:
    """Gives `embedding:<encoder id>`: float32[k, dimension], of length 1 each, for every `every_frames`-th
    frame from 0 on, as many a second of a film of `rate` frames a second as come nearest `samples_per_s`.

    The encoder is opened once, when there is something to encode.
    """

    version = 1
    stored_frames = None

    def __init__(
        self,
        encoder: EncoderSpec,
        open_encoder: Callable[[], ImageEncoder],
        *,
        rate: Fraction,
        samples_per_s: int | Fraction = DEFAULT_SAMPLES_PER_S,
    ) -> None:
        if rate <= 0 or samples_per_s <= 0:
            raise ValueError(f"rate and samples_per_s must be above 0, not {rate} and {samples_per_s}")
        self.every_frames = max(1, round(rate / samples_per_s))
        self.name = f"embedding-{encoder.id}"
        self.key = f"{encoder.key} every {self.every_frames}"
        self.signal_names = (embedding_signal(encoder.id),)
        self.signal_width = encoder.dimension
        self.pictures = PictureSpec(*encoder.picture_size, every_frames=self.every_frames)
        self._open_encoder = open_encoder
        self._encoder: ImageEncoder | None = None
        self._progress: Progress | None = None
        self._next_result = 0

    @property
    def encoder(self) -> ImageEncoder:
        """The running encoder. Raises ModelError if it is not installed."""
        if self._encoder is None:
            self._encoder = self._open_encoder()
        return self._encoder

    @property
    def device(self) -> str | None:
        """What the encoder runs on, None while it was not needed."""
        return None if self._encoder is None else self._encoder.device

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        _ = self.encoder  # what is not installed is said before anything is decoded
        self._progress = progress
        self._next_result = done_frames // self.every_frames * self.every_frames
        return Resumption(self._next_result, self._next_result)

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        if len(pictures) == 0:
            return []
        block = SignalBlock(
            self._next_result,
            {self.signal_names[0]: self.encoder.encode(pictures, progress=self._progress)},
            every_frames=self.every_frames,
        )
        self._next_result = block.end_frame
        return [block]

    def finish(self) -> list[SignalBlock]:
        return []
