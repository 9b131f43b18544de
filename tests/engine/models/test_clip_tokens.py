"""CLIP's words: the same pieces as an independent reading of the published rules gives."""

from __future__ import annotations

import gzip
import itertools
import random
import unicodedata
from pathlib import Path

import pytest

from seamline.errors import ModelError
from seamline.models.clip_cards import CLIP_WORDS
from seamline.models.clip_tokens import (
    CONTEXT_TOKENS,
    END,
    MERGES,
    START,
    VOCABULARY_SIZE,
    ClipTokens,
    cleaned,
)

CONTRACTIONS = ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d")


def characters_of_bytes() -> dict[int, str]:
    """A visible character for each byte: its own, where it has one; else the next from 256 on."""
    table, further = {}, 256
    for byte in range(256):
        if unicodedata.category(chr(byte)) in ("Cc", "Zs", "Cf"):
            table[byte] = chr(further)
            further += 1
        else:
            table[byte] = chr(byte)
    return table


def made_up_merges() -> list[tuple[str, str]]:
    """As many pairs as are published, of small letters mostly, each of pieces that there are already."""
    seeded = random.Random(8)
    letters = [*"abcdefghijklmnopqrstuvwxyz", *"aeiostnr" * 6, "Ã", "©", "ð", "Ł", "!", "."]
    starts, known = list(letters), set(letters)
    merges: list[tuple[str, str]] = []
    while len(merges) < MERGES:
        first = seeded.choice(starts if len(merges) % 3 else starts[:2000])
        second = seeded.choice(letters) + seeded.choice(["", "", "</w>"])
        if first + second not in known:
            known.add(first + second)
            merges.append((first, second))
            if not second.endswith("</w>"):
                starts.append(first + second)
    return merges


@pytest.fixture(scope="module")
def merges() -> list[tuple[str, str]]:
    return made_up_merges()


@pytest.fixture(scope="module")
def vocabulary(merges: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "vocabulary.txt.gz"
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges), "one more", ""]
    path.write_bytes(gzip.compress("\n".join(lines).encode(), 1))
    return path


@pytest.fixture(scope="module")
def tokens(vocabulary: Path) -> ClipTokens:
    return ClipTokens(vocabulary)


class Reference:
    """The rules, as slow and plain as they can be written."""

    def __init__(self, merges: list[tuple[str, str]]) -> None:
        self.bytes = characters_of_bytes()
        own = [chr(byte) for byte in range(256) if self.bytes[byte] == chr(byte)]
        symbols = own + [chr(256 + index) for index in range(256 - len(own))]
        pieces = symbols + [f"{each}</w>" for each in symbols] + [a + b for a, b in merges]
        self.ids = {piece: index for index, piece in enumerate(pieces)}
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}

    def encode(self, text: str) -> list[int]:
        return [self.ids[piece] for word in self.words(text) for piece in self.pieces(word)]

    def words(self, text: str) -> list[str]:
        words: list[str] = []
        at = 0
        while at < len(text):
            found = next((each for each in CONTRACTIONS if text.startswith(each, at)), "")
            if not found and not text[at].isspace():
                kind = self.kind(text[at])
                end = at + 1
                while kind != "N" and end < len(text) and self.kind(text[end]) == kind:
                    end += 1
                found = text[at:end]
            words += [found] if found else []
            at += max(1, len(found))
        return words

    @staticmethod
    def kind(character: str) -> str:
        category = unicodedata.category(character)[0]
        return category if category in "LN" else "space" if character.isspace() else "other"

    def pieces(self, word: str) -> list[str]:
        parts = [self.bytes[byte] for byte in word.encode()]
        parts[-1] += "</w>"
        while len(parts) > 1:
            pairs = list(itertools.pairwise(parts))
            best = min(pairs, key=lambda pair: self.ranks.get(pair, MERGES))
            if best not in self.ranks:
                break
            at = pairs.index(best)
            parts[at : at + 2] = ["".join(best)]
        return parts


TEXTS = [
    "",
    "a",
    "a man walks into a station, and doesn't look back!",
    "they're i'm he'd we'll I'VE 's 't",
    "don''t ' 's's",
    "ünïcödé ß éé é e\u0301 ©®",
    "日本語のテキスト 中文字符 हिन्दी ไทย العربية",
    "👍🏽👨‍👩‍👧 !!! ...---... $5.00 50%",
    "1234567890 ½ ² Ⅷ 3rd",
    "<end_of_text> a_b__c",
    "\tspaces \n\r between \u00a0words\u2003here  ",
    "&amp;lt;b&amp;gt; &eacute;t&#233; &amp;#39;s",
]


def test_pieces_are_those_of_the_published_rules(tokens: ClipTokens, merges: list[tuple[str, str]]) -> None:
    reference = Reference(merges)
    seeded = random.Random(3)
    letters = "aeiostnrbcdx .,!'é日👍3 "
    texts = TEXTS + ["".join(seeded.choices(letters, k=seeded.randint(1, 60))) for _ in range(300)]
    for text, ids in zip(texts, tokens.ids(texts).tolist(), strict=True):
        wanted = [START, *reference.encode(cleaned(text))[: CONTEXT_TOKENS - 2], END]
        assert ids == wanted + [0] * (CONTEXT_TOKENS - len(wanted)), text


def test_a_text_that_is_too_long_keeps_its_end_token(tokens: ClipTokens) -> None:
    (ids,) = tokens.ids(["q 7 " * 100])
    assert ids.shape == (CONTEXT_TOKENS,)
    assert (ids[0], ids[-1]) == (START, END)
    assert ids.argmax() == CONTEXT_TOKENS - 1
    assert tokens.ids([]).shape == (0, CONTEXT_TOKENS)


def test_the_numbers_are_the_published_ones() -> None:
    assert (VOCABULARY_SIZE, START, END) == (49_408, 49_406, 49_407)
    assert CLIP_WORDS.source.requirement == "open_clip_torch==3.3.0"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  Two\n Words ", "two words"),
        ("&amp;amp; &lt;b&gt;", "& <b>"),
        ("naÃ¯ve â€™quotesâ€™", "naïve 'quotes'"),
        ("ＦＵＬＬ", "full"),
    ],
)
def test_texts_are_cleaned_first(text: str, wanted: str) -> None:
    assert cleaned(text) == wanted


def test_another_file_is_refused(vocabulary: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.txt.gz"
    path.write_bytes(gzip.compress(b"#version\na b\n"))
    with pytest.raises(ModelError, match=r"holds 1 pairs instead of the 48,894"):
        ClipTokens(path)
    for content in (b"", b"a b\n", vocabulary.read_bytes()[:5000]):
        path.write_bytes(content)
        with pytest.raises(ModelError, match=r"other\.txt\.gz"):
            ClipTokens(path)
    with pytest.raises(ModelError, match="cannot be read"):
        ClipTokens(tmp_path / "nothing.gz")
