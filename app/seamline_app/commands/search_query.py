"""What is looked for, as an encoder's vectors: words, picture files, and frames of films."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.encoder_pictures import RgbPicture, prepared
from seamline.analysis.query_pictures import read_picture
from seamline.analysis.search import Query
from seamline.errors import MediaError, ModelError
from seamline.exchange.film_facts import shown_text
from seamline.media.positions import PositionDisplay
from seamline.media.reader import FrameReader
from seamline.media.typed_timecode import typed_frame
from seamline.models.conse_classes import LABEL_VECTORS
from seamline.models.encoder import Embeddings, ImageEncoder
from seamline.models.encoders import BUILT_IN, ENCODERS, EncoderChoice, encoder_named, installed_encoders
from seamline.models.store import install_command, is_installed
from seamline.project.types import Project
from seamline_app.commands.analyze import open_for_command
from seamline_app.commands.search_terms import is_film, is_picture
from seamline_app.usage import UsageError


def chosen_encoder(name: str | None, *, with_words: bool) -> EncoderChoice:
    """The encoder of that name, or the best installed one. Raises UsageError or ModelError."""
    if name is not None:
        try:
            choice = encoder_named(name)
        except ModelError as error:
            raise UsageError(str(error)) from error
        if with_words and choice.open_text is None:
            raise UsageError(
                f"{choice.name} knows no words: choose another --encoder, or search by a picture."
            )
        if not choice.is_installed:
            raise ModelError(f"{choice.name} is not installed: {_how_to_install(choice)} installs it.")
        return choice
    choices = installed_encoders(with_words=with_words)
    # what sees by another's classes is for words: pictures are better compared by that other itself
    by_itself = [each for each in choices if with_words or each.id != LABEL_VECTORS.id]
    if not by_itself:
        best = next((each for each in ENCODERS if each.open_text is not None or not with_words), BUILT_IN)
        raise ModelError(
            f"No network is installed that {'knows words' if with_words else 'compares pictures'}: "
            f"{_how_to_install(best)} installs {best.name}."
        )
    return by_itself[0]


def advice(choice: EncoderChoice) -> str | None:
    """What to tell a user who searches with less than there is; None where nothing better is to be had."""
    best = ENCODERS[0]
    if choice.id not in (LABEL_VECTORS.id, BUILT_IN.id) or choice is best or best.is_installed:
        return None
    return (
        f"Done with {choice.name}, which needs no download. {best.name} finds far better: "
        f"{_how_to_install(best)} installs it."
    )


def _how_to_install(choice: EncoderChoice) -> str:
    missing = [card for card in choice.cards if not is_installed(card)] or list(choice.cards)
    commands = dict.fromkeys(install_command(card) for card in missing)
    return " and ".join(f"“{command}”" for command in commands)


class QueryTerms:
    """What the user asked for, checked before any film is analysed."""

    def __init__(self, words: str, like: list[Path], frames: list[str], unwanted: list[str]) -> None:
        if not all(path.name for path in like):
            raise UsageError("--like names no picture: give the path of one.")
        for path in like:
            if is_film(str(path)):
                name = shown_text(path.name)
                raise UsageError(f"“{name}” is a film: for a frame of it, write --frame “{name}:FRAME”.")
        if not all(text.strip() for text in unwanted):
            raise UsageError("--not says nothing: give words, or the path of a picture.")
        self._words = words
        self._like = like
        self._frames = [_film_and_position(text) for text in frames]
        self._unwanted_pictures = [Path(text) for text in unwanted if is_picture(text)]
        self._unwanted_words = [text for text in unwanted if not is_picture(text)]
        if not (words or like or frames):
            raise UsageError("Say what to look for: words, --like PICTURE or --frame FILM:FRAME.")

    @property
    def has_words(self) -> bool:
        return bool(self._words or self._unwanted_words)

    @property
    def is_words_alone(self) -> bool:
        """Whether nothing but words says what is wanted: pictures are far more like pictures than words are."""
        return bool(self._words) and not (self._like or self._frames)

    def query(self, choice: EncoderChoice) -> Query:
        """Raises SeamlineError or Cancelled."""
        pictures = [read_picture(path) for path in self._like]
        pictures += [_frame_of(path, position) for path, position in self._frames]
        maker = _Maker(choice)
        wanted = [maker.of_words([self._words])] if self._words else []
        wanted += [maker.of_pictures(pictures)] if pictures else []
        unwanted = [maker.of_words(self._unwanted_words)] if self._unwanted_words else []
        if self._unwanted_pictures:
            unwanted.append(maker.of_pictures([read_picture(path) for path in self._unwanted_pictures]))
        return Query(np.concatenate(wanted), np.concatenate(unwanted) if unwanted else None)


class _Maker:
    def __init__(self, choice: EncoderChoice) -> None:
        self._choice = choice

    @cached_property
    def _images(self) -> ImageEncoder:
        return self._choice.open_image(None)

    def of_words(self, texts: list[str]) -> Embeddings:
        if self._choice.open_text is None:
            raise ModelError(f"{self._choice.name} knows no words: choose another --encoder.")
        return self._choice.open_text().encode_texts(texts)

    def of_pictures(self, pictures: list[RgbPicture]) -> Embeddings:
        encoder = self._images
        return encoder.encode(np.stack([prepared(rgb, encoder.spec) for rgb in pictures]))


def _film_and_position(text: str) -> tuple[Path, str]:
    """`take 1.mov:01:00:12:03` as the file that is there and what follows it."""
    places = [at for at, letter in enumerate(text) if letter == ":"]
    for at in reversed(places):
        path = Path(text[:at])
        if text[at + 1 :].strip() and path.is_file():
            return path, text[at + 1 :]
    raise UsageError(
        f"“{text[:200]}” names no frame of a film that is there: give its path, a colon, and a frame number or a "
        "timecode, such as FILM.mov:120 or FILM.mov:01:00:04:20."
    )


def _frame_of(path: Path, position: str) -> RgbPicture:
    """The picture as the analysis sees it."""
    film = open_for_command(path, AnalysisCache())
    try:
        frame = typed_frame(
            position, clock=Project(film).clock, current_frame=0, display=PositionDisplay.FRAMES
        )
    except MediaError as error:
        raise UsageError(str(error)) from error
    reader = FrameReader(film, as_stored=True)
    try:
        return reader.read(frame).rgb
    finally:
        reader.close()
