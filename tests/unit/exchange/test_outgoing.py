"""Sending to strangers: bounded in all, however slowly they answer, and never to where it must not go."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from backend.gateways import outgoing


@contextmanager
def stranger(behave: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """A server of one connection that does as it likes."""
    listening, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            try:
                behave(connection, over)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
    finally:
        over.set()
        thread.join(10)
        listening.close()


def drip(connection: socket.socket, over: threading.Event) -> None:
    """A byte now and then, so that no pause between two is ever long."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"z" * 1000:
        connection.sendall(bytes([byte]))
        if over.wait(0.02):
            return


def hang_up(connection: socket.socket, _over: threading.Event) -> None:
    connection.recv(65536)


def endless(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not over.is_set():
        connection.sendall(b"x" * 4096)


def post(url: str, **how: bool) -> outgoing.Answer:
    return outgoing.post(url, b"{}", {}, seconds=0.4, **{"private": True, **how})


def test_a_receiver_that_drips_is_cut_off_in_time() -> None:
    with stranger(drip) as url:
        began = time.monotonic()
        with pytest.raises(outgoing.Unreachable, match="timed_out"):
            post(url)
        assert time.monotonic() - began < 10, "a thousand drips would take twenty seconds"


def test_a_receiver_that_hangs_up_gave_no_answer() -> None:
    with stranger(hang_up) as url, pytest.raises(outgoing.Unreachable, match="no_answer"):
        post(url)


def test_of_an_endless_answer_only_the_beginning_is_read() -> None:
    with stranger(endless) as url:
        answer = post(url)
    assert (answer.status, len(answer.body)) == (200, outgoing.MAX_ANSWER)


def test_a_name_is_looked_up_once_and_one_address_at_home_among_many_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def look_up(host: str, *_arguments: object, **_how: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.216.34", "10.0.0.5")]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(outgoing.Unreachable, match="address_refused"):
        post("https://hooks.example.org/x", private=False)
    assert asked == ["hooks.example.org"]


def test_a_name_nobody_knows_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_arguments: object, **_how: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(outgoing.Unreachable, match="name_unknown"):
        post("https://nowhere.example.org/x", private=False)


def test_a_name_server_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def look_up(*_arguments: object, **_how: object) -> None:
        over.wait(5)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    began = time.monotonic()
    with pytest.raises(outgoing.Unreachable, match="timed_out"):
        post("https://nowhere.example.org/x", private=False)
    assert time.monotonic() - began < 4
    over.set()
