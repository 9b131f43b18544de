"""Networks from the model hub, for which a server on this machine stands: whole, resumed, refused."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from paper_hub import NAME, REPOSITORY, REVISION, PaperHub, paper_hub, without_proxies

from seamline.errors import Cancelled, ModelError
from seamline.models import download_line, download_part, library, store
from seamline.models.card import ModelCard, WebFile
from seamline.models.download_part import Part
from seamline.models.store_files import part_path, weights_path
from seamline.progress import CancellableProgress

CONTENT = bytes(range(256)) * 2000  # 512 kB


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[PaperHub]:
    monkeypatch.setattr(download_line, "READ_TIMEOUT_S", 0.3)
    monkeypatch.setattr("seamline.models.download.FURTHER_TRIES_AFTER_S", (0.01, 0.01, 0.01))
    without_proxies(monkeypatch)
    with paper_hub(CONTENT) as served:
        yield served


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "user_directory", lambda: tmp_path / "user")
    monkeypatch.setattr(store, "setup_directory", lambda: tmp_path / "setup")


@pytest.fixture
def card(hub: PaperHub) -> ModelCard:
    """A network of the hub that runs as it is, whose sha256 is known."""
    return ModelCard(
        id="web",
        name="Web",
        purpose="Tests.",
        licence="MIT",
        paper="",
        homepage="",
        source=WebFile(REPOSITORY, REVISION, NAME, base=hub.base, hosts=("*.example.org",)),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        size_bytes=len(CONTENT),
    )


@pytest.fixture
def unstated(card: ModelCard) -> ModelCard:
    """The same, of which the hub alone states sha256 and size."""
    return dataclasses.replace(card, sha256=None, size_bytes=500_000)


def part_of(card: ModelCard) -> Path:
    return part_path(weights_path(store.user_directory(), card))


def begin(card: ModelCard, content: bytes, validator: str = '"one"') -> None:
    """Have `content` kept as what came of a download that was broken off."""
    part_of(card).parent.mkdir(exist_ok=True)
    with Part(part_of(card), str(card.sha256)).open(at=0, validator=validator) as append:
        append(content)


def files_in(folder: Path) -> list[str]:
    """All that lies there but the locks, which stay."""
    names = (path.name for path in folder.iterdir()) if folder.exists() else ()
    return sorted(name for name in names if not name.endswith(".lock"))


def test_a_whole_file_is_verified_and_runs_under_its_own_suffix(card: ModelCard, hub: PaperHub) -> None:
    steps: list[tuple[int, int]] = []
    path = store.install(card, progress=CancellableProgress(lambda *step: steps.append(step)))
    assert path.read_bytes() == CONTENT
    assert path.suffix == ".bin"
    assert store.locate(card) == path
    assert library.look_at(card).state == "installed"
    assert steps[0] == (0, len(CONTENT))
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert files_in(path.parent) == [path.name, f"{path.name}.json"], "nothing of the download is left"
    assert [path for path, _, _ in hub.asked] == [hub.file_path], "what the card states is not asked for"


def test_a_connection_that_breaks_is_resumed_where_it_ended(card: ModelCard, hub: PaperHub) -> None:
    hub.breaks_after = [100_000, 50_000]
    assert store.install(card).read_bytes() == CONTENT
    assert hub.ranges == ["", "bytes=100000-", "bytes=150000-"]
    assert [condition for _, _, condition in hub.asked] == ["", '"one"', '"one"']


def test_what_is_kept_is_resumed_another_day(card: ModelCard, hub: PaperHub) -> None:
    hub.breaks_after = [60_000, 10_000, 10_000, 10_000, 0, 0, 0]
    with pytest.raises(ModelError, match=r"Web could not be downloaded.*try again"):
        store.install(card)
    assert part_of(card).stat().st_size == 90_000
    assert library.look_at(card).part_bytes == 90_000
    hub.asked.clear()
    assert store.install(card).read_bytes() == CONTENT
    assert hub.ranges == ["bytes=90000-"]


def test_a_file_that_has_changed_meanwhile_starts_anew(card: ModelCard, hub: PaperHub) -> None:
    begin(card, b"of another file", '"zero"')
    assert store.install(card).read_bytes() == CONTENT
    assert hub.asked == [(hub.file_path, "bytes=15-", '"zero"')], "If-Range lets the server send all of it"


def test_a_server_that_ignores_ranges_sends_all_of_it(card: ModelCard, hub: PaperHub) -> None:
    begin(card, CONTENT[:1000])
    hub.ignores_ranges = True
    assert store.install(card).read_bytes() == CONTENT


def test_a_beginning_that_was_damaged_on_the_disk_starts_anew(card: ModelCard, hub: PaperHub) -> None:
    begin(card, b"x" + CONTENT[1:1000])
    assert store.install(card).read_bytes() == CONTENT
    assert hub.ranges == ["bytes=1000-", ""]


def test_a_beginning_of_another_revision_is_not_gone_on_with(card: ModelCard, hub: PaperHub) -> None:
    begin(dataclasses.replace(card, sha256=card.sha256[:12] + "0" * 52), CONTENT[:1000])  # type: ignore[index]
    assert store.install(card).read_bytes() == CONTENT
    assert hub.ranges == [""]


def test_a_server_that_falls_silent_is_asked_again_and_then_given_up(card: ModelCard, hub: PaperHub) -> None:
    hub.holds_after = [64 << 10]
    assert store.install(card).read_bytes() == CONTENT
    assert hub.ranges == ["", "bytes=65536-"]
    weights_path(store.user_directory(), card).unlink()
    hub.holds_after = [64 << 10, 0, 0, 0]
    with pytest.raises(ModelError, match=r"127\.0\.0\.1:\d+ did not answer in time"):
        store.install(card)
    assert part_of(card).stat().st_size == 64 << 10


@pytest.mark.parametrize("from_start", [True, False])
def test_another_hash_is_refused_and_nothing_stays(from_start: bool, card: ModelCard, hub: PaperHub) -> None:
    hub.content = CONTENT[:-1] + b"x"
    if not from_start:
        begin(card, CONTENT[:1000])
    with pytest.raises(
        ModelError, match=r"not the published file of Web .*another sha256.*nothing was installed"
    ):
        store.install(card)
    assert files_in(store.user_directory()) == []


def test_another_size_is_refused_before_it_comes(card: ModelCard, hub: PaperHub) -> None:
    hub.content = CONTENT + b"more"
    with pytest.raises(ModelError, match=r"it has 512,004 bytes; nothing was installed"):
        store.install(card)
    assert files_in(store.user_directory()) == []


def test_more_than_was_stated_is_broken_off(card: ModelCard, hub: PaperHub) -> None:
    hub.tells_length = False
    hub.content = CONTENT * 20
    with pytest.raises(ModelError, match=r"it has more than 512,000 bytes"):
        store.install(card)
    assert files_in(store.user_directory()) == []


def test_less_than_was_stated_is_no_network(card: ModelCard, hub: PaperHub) -> None:
    hub.tells_length = False
    hub.content = CONTENT[:-1]
    with pytest.raises(ModelError, match="it has 511,999 bytes"):
        store.install(card)
    assert not weights_path(store.user_directory(), card).exists()


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("http://127.0.0.1:1/file", "without encryption"),
        ("http://www.example.org/file", "without encryption"),
        ("https://www.example.com/file", "none of the places that it is published at"),
        ("https://example.org.example.com/file", "none of the places"),
        ("https://www.example.org:8443/file", "none of the places"),
        ("https://www.example.org@example.com/file", "none of the places"),
        ("file:///etc/passwd", "none of the places"),
        ("//www.example.net/file", "without encryption"),
        ("https://[broken/file", "redirected to what is no address"),
    ],
)
def test_a_redirection_to_elsewhere_is_refused(
    where: str, reason: str, card: ModelCard, hub: PaperHub
) -> None:
    hub.redirect_to = where
    with pytest.raises(ModelError, match=reason):
        store.install(card)
    assert len(hub.asked) == 1, "nor is it tried again"


def test_a_redirection_on_the_same_server_is_followed_and_circles_are_not(
    card: ModelCard, hub: PaperHub
) -> None:
    hub.redirect_to = "/cdn/file?signature=1"
    assert store.install(card).read_bytes() == CONTENT
    weights_path(store.user_directory(), card).unlink()
    hub.redirect_to = hub.file_path
    with pytest.raises(ModelError, match="in circles"):
        store.install(card)


def test_named_hosts_are_taken_over_https_alone() -> None:
    line = download_line.Line(
        "https://huggingface.co", WebFile("a", "b", "c").hosts, "Web", CancellableProgress()
    )
    for good in (
        "https://huggingface.co/x",
        "https://cdn-lfs-us-1.hf.co/x",
        "https://cas-bridge.xethub.hf.co/x",
    ):
        line._check(good)
    for bad in ("http://huggingface.co/x", "https://hf.co.example.com/x", "https://evilhf.co/x"):
        with pytest.raises(ModelError):
            line._check(bad)
    line._client.close()


@pytest.mark.parametrize(
    ("status", "says"), [(404, "no longer where it was published"), (403, "not give it to")]
)
def test_what_is_gone_or_closed_is_said_at_once(
    status: int, says: str, card: ModelCard, hub: PaperHub
) -> None:
    hub.statuses = [status]
    with pytest.raises(ModelError, match=says):
        store.install(card)
    assert len(hub.asked) == 1


def test_a_fault_of_the_server_is_tried_again_a_few_times(card: ModelCard, hub: PaperHub) -> None:
    hub.statuses = [500, 503, 429, 200]
    assert store.install(card).read_bytes() == CONTENT
    weights_path(store.user_directory(), card).unlink()
    hub.statuses = [500] * 9
    hub.asked.clear()
    with pytest.raises(ModelError, match=r"answered with an error \(500\)"):
        store.install(card)
    assert len(hub.asked) == 4


def test_offline_the_sentence_says_which_file_to_put_where(card: ModelCard) -> None:
    source = dataclasses.replace(card.source, base="http://127.0.0.1:1")
    offline = dataclasses.replace(card, source=source)
    with pytest.raises(ModelError) as told:
        store.install(offline)
    assert "127.0.0.1:1 could not be reached" in str(told.value)
    assert (
        f"“model.bin” on any machine from http://127.0.0.1:1/{REPOSITORY}/blob/{REVISION}/model.bin"
        in str(told.value)
    )
    assert "“seamline models install web --from model.bin”" in str(told.value)
    assert "“Install from file…”" in str(told.value)


def test_cancelled_it_ends_at_once_and_keeps_what_came(card: ModelCard, hub: PaperHub, monkeypatch) -> None:
    monkeypatch.setattr(download_line, "READ_TIMEOUT_S", 20)
    hub.holds_after = [300_000]
    some_came = threading.Event()
    progress = CancellableProgress(lambda done, _: some_came.set() if done else None)
    ended: list[BaseException] = []

    def run() -> None:
        try:
            store.install(card, progress=progress)
        except Cancelled as error:
            ended.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    hub.wait_until_it_holds()
    assert some_came.wait(5)
    begun = time.monotonic()
    progress.cancel()
    thread.join(5)
    assert time.monotonic() - begun < 1, "though the server says nothing"
    assert len(ended) == 1
    assert 0 < part_of(card).stat().st_size < len(CONTENT)
    hub.go_on()
    assert store.install(card).read_bytes() == CONTENT
    assert hub.ranges[-1].startswith("bytes=")


def test_a_full_disk_is_said_before_and_while_it_comes(
    card: ModelCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1000})
    with monkeypatch.context() as patch:
        patch.setattr("seamline.models.store_files.shutil.disk_usage", lambda _: usage)
        with pytest.raises(ModelError, match=r"Web needs 1 MB in .*user.*, where 0 MB are free: make room"):
            store.install(card)

    def full(self: Part, *, at: int, validator: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(download_part.Part, "open", full)
    with pytest.raises(ModelError, match=r"cannot be stored in .*the disk is full\. Free some space"):
        store.install(card)


def test_the_environments_proxy_is_asked(
    card: ModelCard, hub: PaperHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    with paper_hub(CONTENT) as proxy:
        monkeypatch.setenv("http_proxy", proxy.base)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert store.install(card).read_bytes() == CONTENT
        assert [path for path, _, _ in proxy.asked] == [card.source.address]  # type: ignore[union-attr]
    assert hub.asked == []


def test_two_at_once_do_not_write_the_same_file(card: ModelCard, hub: PaperHub, monkeypatch) -> None:
    monkeypatch.setattr(download_line, "READ_TIMEOUT_S", 20)
    hub.holds_after = [100_000]
    first = threading.Thread(target=lambda: store.install(card))
    first.start()
    hub.wait_until_it_holds()
    with pytest.raises(ModelError, match="Another Seamline is installing Web"):
        store.install(card)
    hub.go_on()
    first.join(5)
    assert store.is_installed(card)


def test_the_hubs_pointer_states_what_the_card_does_not(unstated: ModelCard, hub: PaperHub) -> None:
    path = store.install(unstated)
    assert path.read_bytes() == CONTENT
    assert [path for path, _, _ in hub.asked] == [f"/{REPOSITORY}/raw/{REVISION}/{NAME}", hub.file_path]
    assert library.look_at(unstated).state == "installed"
    path.write_bytes(CONTENT[:-1] + b"x")
    look = library.look_at(unstated)
    assert look.state == "damaged", "it is compared with what was verified"
    assert path.name in look.fault
    with pytest.raises(ModelError, match="is not installed on this machine, or is damaged"):
        store.locate(unstated)
    library.install(unstated)
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    "pointer",
    [
        b"",
        b"<html>an error page</html>",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:xyz\nsize 1\n",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize -1\n",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 512000\nmore\n",
        b"version https://git-lfs.github.com/spec/v1\r\noid sha256:" + b"0" * 64 + b"\r\nsize 512000\r\n",
        b"x" * 5000,
    ],
)
def test_what_is_no_pointer_is_refused(pointer: bytes, unstated: ModelCard, hub: PaperHub) -> None:
    hub.pointer = pointer
    with pytest.raises(ModelError, match="nothing was downloaded"):
        store.install(unstated)
    assert hub.ranges == []


def test_a_pointer_of_quite_another_size_is_refused(unstated: ModelCard, hub: PaperHub) -> None:
    hub.pointer = hub.pointer_text().replace(b"size 512000", b"size 51200000000")
    with pytest.raises(ModelError, match=r"states 51,200,000,000 bytes .* instead of about 500,000"):
        store.install(unstated)
    assert hub.ranges == []


def test_a_file_by_hand_is_compared_with_what_is_stated(
    card: ModelCard, unstated: ModelCard, tmp_path: Path, hub: PaperHub
) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(CONTENT[:-1] + b"x")
    with pytest.raises(ModelError, match=r"“model\.bin” is not the published file of Web \(sha256"):
        store.install(card, from_file=file)
    file.write_bytes(CONTENT[:1000])
    for each, about in ((card, "512,000"), (unstated, "about 500,000")):
        with pytest.raises(ModelError, match=f"1,000 bytes instead of {about} bytes"):
            store.install(each, from_file=file)
    with pytest.raises(ModelError, match="cannot be read: No such file"):
        store.install(card, from_file=tmp_path / "nothing.bin")
    with pytest.raises(ModelError, match="it is a folder"):
        store.install(card, from_file=tmp_path)
    assert files_in(store.user_directory()) == []
    file.write_bytes(CONTENT)
    assert store.install(card, from_file=file).read_bytes() == CONTENT
    assert not library.look_at(card).is_unstated
    store.install(unstated, from_file=file)
    assert library.look_at(unstated).is_unstated
    assert hub.asked == [], "nothing goes over the network for it"


def test_a_file_that_turns_out_to_be_no_such_network_does_not_stay(
    unstated: ModelCard, tmp_path: Path, hub: PaperHub
) -> None:
    def refuse(weights: Path) -> bytes:
        if weights.read_bytes() != CONTENT:
            raise ModelError("A tensor is missing.")
        return b"graph"

    converted = dataclasses.replace(unstated, convert=refuse)
    file = tmp_path / "model.bin"
    file.write_bytes(CONTENT[::-1])
    with pytest.raises(ModelError, match="A tensor is missing"):
        library.install(converted, from_file=file)
    assert files_in(store.user_directory()) == []
    assert library.install(converted).read_bytes() == b"graph", "it is downloaded, then"


def test_what_has_come_is_not_downloaded_again_where_only_its_conversion_failed(
    card: ModelCard, hub: PaperHub
) -> None:
    faults = ["Out of memory."]

    def convert(weights: Path) -> bytes:
        if faults:
            raise ModelError(faults.pop())
        return b"graph"

    converted = dataclasses.replace(card, convert=convert)
    with pytest.raises(ModelError, match="Out of memory"):
        library.install(converted)
    look = library.look_at(converted)
    assert (look.state, look.part_bytes) == ("not installed", len(CONTENT))
    assert library.install(converted).read_bytes() == b"graph"
    assert len(hub.asked) == 1


def test_as_long_as_more_comes_it_is_tried_again(card: ModelCard, hub: PaperHub) -> None:
    hub.breaks_after = [60_000] * 8
    assert store.install(card).read_bytes() == CONTENT
    assert len(hub.ranges) == 9


@pytest.mark.parametrize("tells_length", [True, False])
def test_a_page_to_log_in_at_costs_nothing_that_has_come(
    tells_length: bool, card: ModelCard, hub: PaperHub
) -> None:
    begin(card, CONTENT[:300_000])
    hub.content, hub.ignores_ranges, hub.tells_length = b"<html>Please log in</html>", True, tells_length
    with pytest.raises(ModelError, match=r"something else than the file was answered\. Check the network"):
        store.install(card)
    assert part_of(card).stat().st_size == 300_000
    hub.content, hub.ignores_ranges, hub.tells_length = CONTENT, False, True
    assert store.install(card).read_bytes() == CONTENT
    assert hub.ranges[-1] == "bytes=300000-"


def test_that_all_has_come_is_told_once_it_is_verified(card: ModelCard, hub: PaperHub) -> None:
    hub.content = CONTENT[:-1] + b"x"
    steps: list[int] = []
    with pytest.raises(ModelError, match="another sha256"):
        store.install(card, progress=CancellableProgress(lambda done, _: steps.append(done)))
    assert steps
    assert max(steps) < len(CONTENT)


def test_breaks_and_wrong_bytes_together_come_to_an_end(card: ModelCard, hub: PaperHub) -> None:
    hub.content = CONTENT[:-1] + b"x"
    hub.breaks_after = [400_000] * 100
    with pytest.raises(ModelError, match="another sha256"):
        store.install(card)
    assert len(hub.ranges) < 10


def test_killed_between_record_and_file_nothing_is_downloaded_again(
    unstated: ModelCard, hub: PaperHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "put_in_place", die)
        with pytest.raises(KeyboardInterrupt):
            store.install(unstated)
    assert library.look_at(unstated).state == "not installed"
    hub.asked.clear()
    assert library.install(unstated).read_bytes() == CONTENT
    assert hub.asked == [], "all of it was there, and what it must be was remembered"
    assert library.look_at(unstated).state == "installed"


def test_own_weights_stay_until_the_published_ones_are_ready(
    unstated: ModelCard, hub: PaperHub, tmp_path: Path
) -> None:
    def convert(weights: Path) -> bytes:
        if weights.read_bytes() == CONTENT:
            raise ModelError("Out of memory.")
        return b"own graph"

    converted = dataclasses.replace(unstated, convert=convert)
    own = tmp_path / "own.bin"
    own.write_bytes(CONTENT[::-1])
    graph = library.install(converted, from_file=own)
    with pytest.raises(ModelError, match="Out of memory"):
        library.install(converted)
    assert store.locate(converted) == graph
    assert graph.read_bytes() == b"own graph"


def test_room_for_the_graph_is_asked_for_too(card: ModelCard, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 600_000})
    monkeypatch.setattr("seamline.models.store_files.shutil.disk_usage", lambda _: usage)
    converted = dataclasses.replace(card, convert=lambda weights: weights.read_bytes())
    with pytest.raises(ModelError, match=r"Web needs 1 MB in .*, where 1 MB are free: make room"):
        store.install(converted)
    store.install(card)
