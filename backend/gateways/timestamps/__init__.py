"""A timestamp authority (RFC 3161): somebody outside the house who signs that a digest existed at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from backend.config import ConfigError, Settings
from backend.gateways import outgoing

__all__ = ["MAX_REPLY", "NoToken", "TimestampAuthority", "Token", "connect"]
SECONDS = 10.0
MAX_REPLY = 32 * 1024  # a token with its certificates has four to eight thousand bytes
HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")


class NoToken(Exception):  # noqa: N818 - an everyday finding about the other side
    """`reason` is one of outgoing.Unreachable, or answer_status, answer_too_large, answer_malformed, not_granted or
    token_wrong."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Token:
    """`reply` is the whole TimeStampResp in DER, as `openssl ts -verify` reads it; `at` the time it states."""

    reply: bytes
    at: datetime


class TimestampAuthority:
    """One authority at one address; a token counts when it leads to one of `roots`."""

    def __init__(self, url: str, roots: Sequence[x509.Certificate], *, seconds: float = SECONDS) -> None:
        self._url = url
        self._roots = list(roots)
        self._seconds = seconds

    def stamp(self, message: bytes) -> Token:
        """A token over the SHA-256 of `message`, verified before it is believed. Raises NoToken."""
        request = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()
        reply = self._asked(request.as_bytes())
        try:
            response = decode_timestamp_response(reply)
            granted = response.status == 0
        except ValueError as error:
            raise NoToken("answer_malformed") from error
        if not granted:
            raise NoToken("not_granted")
        self._check(request, response, message)
        return Token(reply, response.tst_info.gen_time)

    def _asked(self, query: bytes) -> bytes:
        try:
            # The address is the operator's own setting, so it may lie in a government network.
            answer = outgoing.post(self._url, query, HEADERS, seconds=self._seconds, private=True, most=MAX_REPLY + 1)
        except outgoing.Unreachable as failure:
            raise NoToken(failure.reason) from failure
        if answer.status != 200:
            raise NoToken("answer_status")
        if len(answer.body) > MAX_REPLY:
            raise NoToken("answer_too_large")
        return answer.body

    def _check(self, request: TimeStampRequest, response: TimeStampResponse, message: bytes) -> None:
        """Signature, chain at the token's time, purpose of the certificate, nonce, and that it is our digest."""
        verifier = VerifierBuilder(nonce=request.nonce, roots=list(self._roots)).build()
        try:
            verifier.verify_message(response, message)
            fits = response.tst_info.message_imprint.hash_algorithm == SHA256
        except (VerificationError, ValueError) as error:
            raise NoToken("token_wrong") from error
        if not fits:
            raise NoToken("token_wrong")


def connect(settings: Settings) -> TimestampAuthority | None:
    """The authority that the settings name; None when they name none. Raises ConfigError."""
    if not settings.timestamp_url:
        return None
    parts = urlsplit(settings.timestamp_url)
    if parts.scheme not in outgoing.PORTS or not parts.hostname:
        raise ConfigError("TIMESTAMP_URL must be an http or https address")
    try:
        roots = x509.load_pem_x509_certificates(Path(settings.timestamp_certs).read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError("TIMESTAMP_CERTS must name a PEM file with the authority's roots") from error
    return TimestampAuthority(settings.timestamp_url, roots)
