"""A line to the servers of one source: to no other host, with timeouts, and broken off at once when cancelled."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import lru_cache
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx2

from seamline.errors import Cancelled, ModelError
from seamline.progress import Progress

CONNECT_TIMEOUT_S = (
    3.0  # a connection that is being made cannot be broken off: the window waits so long at most
)
READ_TIMEOUT_S = 20.0
FURTHER_TRIES_AFTER_S = (0.5, 1.5, 4.0)
_REDIRECTS = 5
_REDIRECTING = (301, 302, 303, 307, 308)
_PASSING = (408, 425, 429)  # and all of the server's own faults: another try may succeed
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """The system's own, which take a tenth of a second to read."""
    return httpx2.create_ssl_context()


class Broken(Exception):  # noqa: N818  not for the user until the last try has failed too
    """The server could not be reached, or broke off: another try may succeed."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self._name = name

    def told(self) -> ModelError:
        """The sentence for the user."""
        return ModelError(
            f"{self._name} could not be downloaded: {self}. Check the network connection and try again."
        )


class Line:
    """Gets files of the network `name` from the server of `base` and from `hosts`, over https.

    Plain http is for a server on this machine alone. The environment's proxies and certificates are respected.
    """

    def __init__(self, base: str, hosts: tuple[str, ...], name: str, progress: Progress) -> None:
        self.name = name
        self._base = urlsplit(base)
        self._address = base  # the last one asked
        self._hosts = hosts
        self._progress = progress
        self._sockets: list[socket.socket] = []
        self._over = threading.Event()
        self._take_back: Callable[[], None] = lambda: None
        self._client = httpx2.Client(
            verify=_certificates(),
            timeout=httpx2.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            follow_redirects=False,  # each is looked at before it is followed
            headers={"User-Agent": "seamline", "Accept-Encoding": "identity"},
        )

    def __enter__(self) -> Self:
        self._take_back = self._progress.on_cancel(self._break_off)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._take_back()
        self._client.close()

    def wait(self, pause_s: float) -> None:
        """Rest before the next try. Raises Cancelled."""
        if self._over.wait(pause_s):
            raise Cancelled

    @contextmanager
    def get(
        self, address: str, headers: Mapping[str, str] | None = None, also: tuple[int, ...] = ()
    ) -> Iterator[httpx2.Response]:
        """The answer, its body still to come, of status 200 or one of `also`. Raises Broken, ModelError, Cancelled."""
        for _ in range(_REDIRECTS + 1):
            self._check(address)
            self._address = address
            with self._faults(), contextlib.ExitStack() as stack:
                answer = stack.enter_context(
                    self._client.stream(
                        "GET", address, headers=dict(headers or {}), extensions={"trace": self._keep_socket}
                    )
                )
                if answer.status_code in _REDIRECTING and (where := answer.headers.get("Location")):
                    address = self._joined(address, where)
                    continue
                if answer.status_code != 200 and answer.status_code not in also:
                    raise self._refusal(answer.status_code, address)
                yield answer
                return
        raise ModelError(f"{self.name} could not be downloaded: {self._base.netloc} redirects in circles.")

    def steps(self, response: httpx2.Response) -> Iterator[bytes]:
        """The body as it comes, unchanged. Raises Broken, or Cancelled."""
        with self._faults():
            yield from response.iter_raw()  # of steps of a fixed size the last would be lost with the connection

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            if self._over.is_set():
                raise Cancelled
            yield
        except httpx2.TimeoutException as error:
            raise self._fault(f"{self._host} did not answer in time") from error
        except httpx2.ConnectError as error:
            reason = re.sub(r"^\[[^\]]*\] ", "", str(error)).rstrip(".") or type(error).__name__
            raise self._fault(f"{self._host} could not be reached ({reason})") from error
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL) as error:
            raise self._fault(str(error).rstrip(".") or type(error).__name__) from error

    @property
    def _host(self) -> str:
        return urlsplit(self._address).netloc

    def _fault(self, reason: str) -> Exception:
        return Cancelled() if self._over.is_set() else Broken(self.name, reason)

    def _refusal(self, status: int, address: str) -> Exception:
        host = urlsplit(address).netloc
        if status >= 500 or status in _PASSING:
            return Broken(self.name, f"{host} answered with an error ({status})")
        if status == 404:
            return ModelError(
                f"{self.name} is no longer where it was published: {host} has no {address} (404)."
            )
        if status in (401, 403):
            return ModelError(
                f"{self.name} could not be downloaded: {host} does not give it to everyone ({status})."
            )
        return ModelError(f"{self.name} could not be downloaded: {host} answered with status {status}.")

    def _joined(self, address: str, where: str) -> str:
        try:
            return urljoin(address, where)
        except ValueError:
            raise self._no_address() from None

    def _no_address(self) -> ModelError:
        return ModelError(f"{self.name} could not be downloaded: it is redirected to what is no address.")

    def _check(self, address: str) -> None:
        """Raise ModelError unless the address is one that this source may use."""
        try:
            parts = urlsplit(address)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            raise self._no_address() from None
        is_own = (parts.scheme, parts.netloc) == (self._base.scheme, self._base.netloc)
        if parts.scheme == "http" and not (is_own and host in _LOOPBACK):
            raise ModelError(
                f"{self.name} is redirected to {host} without encryption (http), which is refused; "
                "nothing was downloaded from there."
            )
        is_named = port in (None, 443) and any(fnmatchcase(host, pattern) for pattern in self._hosts)
        if parts.scheme not in ("http", "https") or "@" in parts.netloc or not (is_own or is_named):
            raise ModelError(
                f"{self.name} is redirected to {host or 'another place'}, which is none of the places that it is "
                "published at; nothing was downloaded from there."
            )

    def _keep_socket(self, event: str, info: Mapping[str, Any]) -> None:
        # httpx's documented way to the connection: it is wanted while no answer has come yet, too
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            found = info["return_value"].get_extra_info("socket")
            if isinstance(found, socket.socket):
                self._sockets.append(found)
                if self._over.is_set():
                    self._break_off()

    def _break_off(self) -> None:
        """Wake the thread that waits for the server; called from another one."""
        self._over.set()
        for each in list(self._sockets):
            with contextlib.suppress(OSError):
                # the plain one's: SSLSocket's own would drop what the reading thread is using
                socket.socket.shutdown(each, socket.SHUT_RDWR)
