"""A server on this machine that stands for the model hub, and can be told to misbehave."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from seamline.models import library, registry, store
from seamline.models.card import ModelCard, WebFile

REPOSITORY, REVISION, NAME = "someone/some-network", "0123456789abcdef0123456789abcdef01234567", "model.bin"
_PIECE = 16 << 10


@dataclass
class PaperHub:
    """What it serves at `base`, and how. `asked` are the requests: path, and the headers that resume."""

    content: bytes
    base: str = ""
    etag: str = '"one"'
    pointer: bytes | None = None
    breaks_after: list[int] = field(default_factory=list)  # bytes of each of the next answers
    statuses: list[int] = field(default_factory=list)  # of the next answers
    redirect_to: str = ""
    ignores_ranges: bool = False
    tells_length: bool = True
    holds_after: list[int] = field(default_factory=list)  # bytes, after each of which it waits for `go_on`
    holds: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _goes_on: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def file_path(self) -> str:
        return f"/{REPOSITORY}/resolve/{REVISION}/{NAME}"

    @property
    def ranges(self) -> list[str]:
        """The Range of every request for the file."""
        return [asked for path, asked, _ in self.asked if path == self.file_path]

    def wait_until_it_holds(self) -> None:
        assert self.holds.acquire(timeout=5)

    def hold(self) -> None:
        """Called by the server: wait for `go_on`."""
        self.holds.release()
        self._goes_on.acquire(timeout=20)

    def go_on(self) -> None:
        """Let it send more."""
        self._goes_on.release()

    def pointer_text(self) -> bytes:
        digest = hashlib.sha256(self.content).hexdigest()
        return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(self.content)}\n".encode()


def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this machine's own server asked directly, whatever the environment says of proxies."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@contextmanager
def paper_hub(content: bytes) -> Iterator[PaperHub]:
    """The hub, until the end of the block; then its threads have ended."""
    hub = PaperHub(content)

    class Handler(_Handler):
        served = hub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    hub.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="paper hub")
    thread.start()
    try:
        yield hub
    finally:
        hub.holds_after.clear()
        for _ in hub.asked:
            hub.go_on()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    served: PaperHub

    def do_GET(self) -> None:
        hub = self.served
        hub.asked.append((self.path, self.headers.get("Range", ""), self.headers.get("If-Range", "")))
        self.close_connection = True
        if hub.statuses:
            status = hub.statuses.pop(0)
            if status != 200:
                self._answer(status, b"an error page")
                return
        if "/raw/" in self.path:
            self._answer(200, hub.pointer if hub.pointer is not None else hub.pointer_text())
        elif hub.redirect_to and self.path == hub.file_path:
            self.send_response(302)
            self.send_header("Location", hub.redirect_to)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._send_file()

    def _send_file(self) -> None:
        hub = self.served
        asked, condition = self.headers.get("Range", ""), self.headers.get("If-Range", "")
        start = 0
        if asked and not hub.ignores_ranges and condition in ("", hub.etag):
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if start else 200)
        self.send_header("ETag", hub.etag)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(hub.content) - 1}/{len(hub.content)}")
        if hub.tells_length:
            self.send_header("Content-Length", str(len(hub.content) - start))
        self.end_headers()
        end = start + hub.breaks_after.pop(0) if hub.breaks_after else len(hub.content)
        self._write(hub.content[start:end])

    def _write(self, body: bytes) -> None:
        hub, sent = self.served, 0
        try:
            while sent < len(body):
                if hub.holds_after and sent >= hub.holds_after[0]:
                    hub.holds_after.pop(0)
                    self.wfile.flush()
                    hub.hold()
                self.wfile.write(body[sent : sent + _PIECE])
                sent += _PIECE
        except OSError:
            pass  # the client has gone

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


def free_card(hub: PaperHub) -> ModelCard:
    """A network of the hub that nothing restricts."""
    return ModelCard(
        id="free",
        name="Free",
        purpose="Does this.",
        licence="MIT",
        paper="",
        homepage="https://example.org/free",
        source=WebFile(REPOSITORY, REVISION, NAME, base=hub.base),
        sha256=hashlib.sha256(hub.content).hexdigest(),
        size_bytes=len(hub.content),
    )


def these_alone(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    cards: tuple[ModelCard, ...],
    default: ModelCard,
    *further: ModuleType,
) -> None:
    """No other networks than `cards`, of which `default` comes with Seamline, to be installed below
    `folder`; `further`: modules that import the list of all by its name."""
    monkeypatch.setattr(store, "user_directory", lambda: folder / "user")
    monkeypatch.setattr(store, "setup_directory", lambda: folder / "setup")
    for module in (library, registry, *further):
        monkeypatch.setattr(module, "all_cards", lambda: cards)
    for module in (library, store):
        monkeypatch.setattr(module, "DEFAULTS", (default,))
