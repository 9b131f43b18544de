"""What is to be known about the shot label network before it is installed."""

from __future__ import annotations

from pathlib import Path

from seamline.models.card import ModelCard, WebFile
from seamline.models.store_files import sha256_of

ID = "videomae-movieshots"
_GRAPH_VERSION = 1


def _convert(weights: Path) -> bytes:
    # torch takes 1.6 s to import and only conversion needs it
    from seamline.models import videomae_onnx, videomae_weights

    identity = {
        "name": VIDEOMAE.name,
        "version": str(_GRAPH_VERSION),
        "weights_sha256": sha256_of(weights),
    }
    return videomae_onnx.checked_graph_of(videomae_weights.load(weights), identity)


VIDEOMAE = ModelCard(
    id=ID,
    name="VideoMAE for shot labels",
    purpose="Tells a shot's scale (ECS, CS, MS, FS, LS) and movement (static, motion, pull, push); votes together with "
    "what Seamline measures itself.",
    licence="MIT (base: CC-BY-NC-4.0)",
    paper="Tong et al., VideoMAE: Masked autoencoders are data-efficient learners for self-supervised video "
    "pre-training, arXiv:2203.12602; trained on MovieShots (Rao et al., A unified framework for shot type "
    "classification based on subject centric lens, ECCV 2020)",
    homepage="https://huggingface.co/gullalc/videomae-base-finetuned-kinetics-movieshots-multitask",
    source=WebFile(
        "gullalc/videomae-base-finetuned-kinetics-movieshots-multitask",
        "23e38eaf25a909c8f5d00c6803172e50cf2058ee",
        "model.safetensors",
    ),
    sha256=None,
    size_bytes=345_000_000,
    graph_version=_GRAPH_VERSION,
    convert=_convert,
    restriction="These weights are tagged MIT, but they were fine-tuned from a base under CC BY-NC 4.0: only "
    "non-commercial use is safe.",
    inputs="16 frames of a shot, evenly spread from its first to its last, 224x224, RGB.",
    preprocessing="The whole picture squeezed to a square, bilinear; divided by 255; ImageNet's mean and deviation.",
)
