"""The encoders there are for searching a film, and which of them can be used now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from seamline.errors import ModelError
from seamline.models import clip_session, dual_encoder_session
from seamline.models.card import ModelCard
from seamline.models.clip_cards import CLIP_CARDS
from seamline.models.conse_classes import LABEL_VECTORS
from seamline.models.conse_encoders import open_label_images, open_label_texts
from seamline.models.dual_encoder_card import DUAL_ENCODER
from seamline.models.encoder import (
    EFFICIENTNET_LITE0_ENCODER,
    EncoderSpec,
    ImageEncoder,
    TextEncoder,
    open_efficientnet,
)
from seamline.models.registry import EFFICIENTNET_LITE0
from seamline.models.store import seems_installed
from seamline.models.word_vectors_card import WORD_CARDS


@dataclass(frozen=True, slots=True)
class EncoderChoice:
    """An encoder that a film can be searched by.

    `cards`: what has to be installed. `spec()` reads no more than the records beside the files. `open_image` takes the
    number of threads, None for as many as there are processors. `open_text` is None for one that knows no words.
    """

    id: str
    name: str
    cards: tuple[ModelCard, ...]
    spec: Callable[[], EncoderSpec]
    open_image: Callable[[int | None], ImageEncoder]
    open_text: Callable[[], TextEncoder] | None = None

    @property
    def is_installed(self) -> bool:
        """By the records beside the files alone: what is damaged shows when it is opened."""
        return all(seems_installed(card) for card in self.cards)


BUILT_IN = EncoderChoice(
    "efficientnet-lite0",
    "EfficientNet-Lite0",
    (EFFICIENTNET_LITE0,),
    lambda: EFFICIENTNET_LITE0_ENCODER,
    lambda threads: open_efficientnet(threads=threads),
)

LABELS = EncoderChoice(
    "label-vectors",
    "Label vectors",
    (EFFICIENTNET_LITE0, *WORD_CARDS),
    lambda: LABEL_VECTORS,
    lambda threads: open_label_images(threads=threads),
    open_label_texts,
)
"""Words by way of the classes that the built-in encoder knows; its vectors follow from that one's."""

DUAL = EncoderChoice(
    DUAL_ENCODER.id,
    DUAL_ENCODER.name,
    (DUAL_ENCODER,),
    dual_encoder_session.installed_spec,
    dual_encoder_session.open_image_encoder,
    dual_encoder_session.open_text_encoder,
)


def clip_choice(card: ModelCard) -> EncoderChoice:
    """The encoder that one of CLIP's cards installs."""
    return EncoderChoice(
        card.id,
        card.name,
        (card,),
        lambda: clip_session.spec_of(card),
        lambda threads: clip_session.open_image_encoder(card, threads),
        lambda: clip_session.open_text_encoder(card),
    )


ENCODERS: tuple[EncoderChoice, ...] = (*map(clip_choice, CLIP_CARDS), DUAL, BUILT_IN, LABELS)
"""Best first, as far as is published or measured."""


def installed_encoders(*, with_words: bool = False) -> tuple[EncoderChoice, ...]:
    """Those that can be used now, best first; only those that know words, if wanted."""
    return tuple(
        each for each in ENCODERS if each.is_installed and not (with_words and each.open_text is None)
    )


def encoder_named(name: str) -> EncoderChoice:
    """The encoder with this id. Raises ModelError, which names those there are."""
    for each in ENCODERS:
        if each.id == name:
            return each
    known = ", ".join(each.id for each in ENCODERS)
    raise ModelError(f"There is no encoder “{name}”. Choose one of these: {known}.")
