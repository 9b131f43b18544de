"""The shot label network in the analysis thread: asked about shots where it is installed, once each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from seamline.analysis.label_vote import voted
from seamline.analysis.labels import Range
from seamline.analysis.videomae_labels import LabelNetwork, ShotProbabilities, shot_probabilities
from seamline.media.film import Film
from seamline.models.store import is_installed
from seamline.models.videomae_card import VIDEOMAE
from seamline.models.videomae_session import open_session
from seamline.progress import Progress
from seamline.project.labels import ShotLabels


class LabelVotes:
    """What the network said of one film's shots, and what that makes of the labels by the geometry."""

    def __init__(self, film: Film, folder: Path) -> None:
        self._film = film
        self._folder = folder
        self._said: dict[Range, ShotProbabilities] = {}

    def missing(self, ranges: Sequence[Range]) -> list[Range]:
        """Those that it was not asked about yet."""
        return [frames for frames in ranges if frames not in self._said]

    def voted(self, labels: ShotLabels) -> ShotLabels:
        said = self._said.get(labels.range)
        return labels if said is None else voted(labels, said.scale, said.movement)

    def ask(
        self,
        network: LabelNetwork,
        ranges: Sequence[Range],
        progress: Progress,
        on_shot: Callable[[], None],
    ) -> None:
        """Ask about these shots; seconds each. Raises Cancelled, MediaError or ModelError; what was said stays."""

        def take(frames: Range, said: ShotProbabilities) -> None:
            self._said[frames] = said
            on_shot()

        shot_probabilities(
            self._film, self.missing(ranges), network, self._folder, progress=progress, on_shot=take
        )


def network_is_installed() -> bool:
    """Reads the whole network, a third of a gigabyte, if it is there."""
    return is_installed(VIDEOMAE)


def open_label_network() -> LabelNetwork:
    """Raises ModelError if it is not installed."""
    return open_session(VIDEOMAE)
