"""TransNetV2 over every frame of a film: the probability of a seam."""

from __future__ import annotations

from collections.abc import Callable

from seamline.analysis.stage import Pictures, PictureSpec, Resumption, SignalBlock
from seamline.models.card import ModelCard
from seamline.models.session import TransNetV2Session
from seamline.models.windows import Prediction, WindowedPredictor, resume_point
from seamline.progress import Progress

CUT_PROBABILITY, TRANSITION_PROBABILITY = "cut_probability", "transition_probability"


class TransitionStage:
    """Gives `cut_probability` (the single-frame head: one peak a seam, at its last or middle outgoing frame)
    and `transition_probability` (the many-hot head: every frame of a gradual seam), 0 to 1.

    `session` is called once, when there is something to predict.
    """

    name = "transnetv2"
    version = 2
    pictures = PictureSpec(48, 27)
    signal_names = (CUT_PROBABILITY, TRANSITION_PROBABILITY)
    signal_width = 1
    stored_frames = None

    def __init__(self, card: ModelCard, session: Callable[[], TransNetV2Session]) -> None:
        self.key = f"{card.id} {card.sha256} graph {card.graph_version}"
        self._open_session = session
        self._session: TransNetV2Session | None = None
        self._predictor: WindowedPredictor | None = None

    @property
    def session(self) -> TransNetV2Session:
        """The running network. Raises ModelError if it is not installed."""
        if self._session is None:
            self._session = self._open_session()
        return self._session

    @property
    def device(self) -> str | None:
        """What the network runs on, None while it was not needed."""
        return None if self._session is None else self._session.device

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        point = resume_point(done_frames)
        self._predictor = WindowedPredictor(self.session, start_frame=point.first_result, progress=progress)
        return Resumption(point.first_picture, point.first_result)

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        return [_block(prediction) for prediction in self._running.feed(pictures)]

    def finish(self) -> list[SignalBlock]:
        return [_block(prediction) for prediction in self._running.finish()]

    @property
    def _running(self) -> WindowedPredictor:
        assert self._predictor is not None, "resume() comes first"
        return self._predictor


def _block(prediction: Prediction) -> SignalBlock:
    return SignalBlock(
        prediction.start_frame,
        {CUT_PROBABILITY: prediction.single, TRANSITION_PROBABILITY: prediction.many},
    )
