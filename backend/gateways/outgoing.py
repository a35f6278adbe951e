"""Sending a few bytes to an address that a stranger named: only to the open internet, without following anywhere,
and within seconds, however slowly the other side answers."""

import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

CONNECT_SECONDS = 3.0
MAX_ANSWER = 2048  # nobody reads what a receiver says, but its first bytes help to find out why it refused
NAT64 = ipaddress.ip_network("64:ff9b::/96")
PORTS = {"http": 80, "https": 443}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(Exception):  # noqa: N818 - an everyday finding about the other side
    """No answer: `reason` is address_refused, name_unknown, connection_failed, tls_failed, timed_out or no_answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `seconds` is the whole time it took."""

    status: int
    body: bytes
    seconds: float


def is_open(address: str) -> bool:
    """Whether this is an address of the open internet: not loopback, private, link-local (cloud metadata), multicast
    or reserved, and not one of those wrapped into IPv6."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        found = _unwrapped(found)
    return found.is_global and not (found.is_multicast or found.is_reserved or _is_of_a_site(found))


def _is_of_a_site(address: Address) -> bool:
    """fec0::/10, given up by RFC 3879 and still routed in old networks; the library takes it for global."""
    return isinstance(address, ipaddress.IPv6Address) and address.is_site_local


def _unwrapped(address: ipaddress.IPv6Address) -> Address:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else address


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    private: bool = False,
    most: int = MAX_ANSWER,
) -> Answer:
    """POST once. The name is resolved here and the connection made to the very address that was checked, so a name
    that answers otherwise the second time gains nothing. `private` lets loopback and private addresses pass; of the
    answer no more than `most` bytes are read.

    Raises Unreachable. A redirect is an answer like any other.
    """
    started = time.monotonic()
    parts = urlsplit(url)
    address, family = _resolved(str(parts.hostname), parts.port or PORTS[parts.scheme], private, seconds)
    connection = _Pinned(str(parts.hostname), address, family, secure=parts.scheme == "https")
    cut = threading.Timer(max(seconds - (time.monotonic() - started), 0), connection.cut)
    cut.daemon = True
    cut.start()
    try:
        path = parts.path or "/"
        host = {"Host": parts.netloc.rpartition("@")[2]}
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, {**host, **headers})
        answer = connection.getresponse()
        if connection.was_cut:  # half an answer is none
            raise TimeoutError
        return Answer(answer.status, answer.read(most), time.monotonic() - started)
    except ssl.SSLError as error:
        raise Unreachable("timed_out" if connection.was_cut else "tls_failed") from error
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        # Whoever cuts a connection in another thread is met by whatever the library does with it then.
        slow = connection.was_cut or isinstance(error, TimeoutError)
        raise Unreachable("timed_out" if slow else _failure(connection)) from error
    finally:
        cut.cancel()
        connection.close()


def _failure(connection: "_Pinned") -> str:
    return "no_answer" if connection.reached else "connection_failed"


def _resolved(host: str, port: int, private: bool, seconds: float) -> tuple[tuple[str, int], int]:
    """The first address, if *all* addresses of the name may be spoken to."""
    found = _looked_up(host, port, seconds)
    if not private and not all(is_open(str(one[4][0])) for one in found):
        raise Unreachable("address_refused")
    return (str(found[0][4][0]), port), found[0][0]


def _looked_up(host: str, port: int, seconds: float) -> list[Any]:
    """The addresses of a name. A name server that never answers is waited for elsewhere: the library's own patience is
    a minute and more, longer than a receiver's lease."""
    said: queue.SimpleQueue[list[Any]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            said.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            said.put([])

    threading.Thread(target=ask, name="lookup", daemon=True).start()
    try:
        found = said.get(timeout=seconds)
    except queue.Empty as error:
        raise Unreachable("timed_out") from error
    if not found:
        raise Unreachable("name_unknown")
    return found


class _Pinned(http.client.HTTPConnection):
    """A connection to a checked address under the name it was asked for."""

    def __init__(self, host: str, address: tuple[str, int], family: int, *, secure: bool) -> None:
        super().__init__(host, address[1], timeout=CONNECT_SECONDS)
        self._address = address
        self._family = family
        self._secure = secure
        self.reached = False
        self.was_cut = False

    def connect(self) -> None:
        self.sock = socket.socket(self._family, socket.SOCK_STREAM)
        self.sock.settimeout(CONNECT_SECONDS)
        self.sock.connect(self._address)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
        if self.was_cut:  # while the handshake held the socket
            raise TimeoutError
        self.sock.settimeout(None)  # from here on the whole is bounded, not each byte
        self.reached = True

    def cut(self) -> None:
        """From another thread: the time is over."""
        self.was_cut = True
        if (sock := self.sock) is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
