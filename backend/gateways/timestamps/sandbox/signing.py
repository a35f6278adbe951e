"""A throw-away authority: a root, a chain down to a certificate for stamping, and tokens signed by that."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from backend.gateways.timestamps.sandbox import der

SHA256, ECDSA_SHA256 = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"
SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, DIGEST, CERTIFICATE = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.16.2.47"
POLICY = "1.3.6.1.4.1.32473.1"  # under the number that RFC 5612 keeps for examples
SINCE, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)


@asn1.sequence
class Algorithm:
    """AlgorithmIdentifier of a hash."""

    name: x509.ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class Imprint:
    """MessageImprint."""

    algorithm: Algorithm
    digest: bytes


@asn1.sequence
class Query:
    """TimeStampReq, without extensions."""

    version: int
    imprint: Imprint
    policy: x509.ObjectIdentifier | None
    nonce: int | None
    certificates: Annotated[bool, asn1.Default(value=False)]


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that stamps, its certificate, the one between, and the root that vouches for both."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    between: x509.Certificate
    root: x509.Certificate


def new_signer(
    name: str = "Sandbox TSA",
    *,
    until: datetime = UNTIL,
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING,
) -> Signer:
    """An authority of three certificates; that of the stamping key ends at `until` and is for `purpose`."""
    top, middle, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    above, between = _named(f"{name} root"), _named(f"{name} CA")
    vouches = x509.BasicConstraints(ca=True, path_length=None)
    stamps = x509.ExtendedKeyUsage([purpose])
    return Signer(
        own,
        _certificate(_named(name), between, own, until)
        .add_extension(stamps, critical=True)
        .sign(middle, hashes.SHA256()),
        _certificate(between, above, middle).add_extension(vouches, critical=True).sign(top, hashes.SHA256()),
        _certificate(above, above, top).add_extension(vouches, critical=True).sign(top, hashes.SHA256()),
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, until: datetime = UNTIL
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number()).not_valid_before(SINCE).not_valid_after(until)


def read(query: bytes) -> Query:
    """Raises ValueError."""
    return asn1.decode_der(Query, query)


def reply(signer: Signer, digest: bytes, nonce: int | None, at: datetime, *, serial: int) -> bytes:
    """A granted TimeStampResp over a SHA-256."""
    hashed = der.sequence(der.sequence(der.oid(SHA256), der.NULL), der.octets(digest))
    again = b"" if nonce is None else der.integer(nonce)
    told = der.sequence(der.integer(1), der.oid(POLICY), hashed, der.integer(serial), der.time(at), again)
    return der.sequence(der.sequence(der.integer(0)), _token(signer, told))


def refusal() -> bytes:
    """A TimeStampResp of status `rejection` and without a token."""
    return der.sequence(der.sequence(der.integer(2)))


def _token(signer: Signer, told: bytes) -> bytes:
    own = signer.certificate.public_bytes(Encoding.DER)
    sha256 = der.sequence(der.oid(SHA256))
    attributes = sorted(
        [
            _attribute(CONTENT_TYPE, der.oid(TST_INFO)),
            _attribute(DIGEST, der.octets(hashlib.sha256(told).digest())),
            _attribute(CERTIFICATE, der.sequence(der.sequence(der.sequence(der.octets(hashlib.sha256(own).digest()))))),
        ]
    )
    who = der.sequence(signer.certificate.issuer.public_bytes(), der.integer(signer.certificate.serial_number))
    signature = signer.key.sign(der.set_of(*attributes), ec.ECDSA(hashes.SHA256()))
    algorithm = der.sequence(der.oid(ECDSA_SHA256))
    signed = (der.integer(1), who, sha256, der.tagged(0, *attributes), algorithm, der.octets(signature))
    content = der.sequence(der.oid(TST_INFO), der.tagged(0, der.octets(told)))
    chain = sorted([own, signer.between.public_bytes(Encoding.DER)])
    data = (der.integer(3), der.set_of(sha256), content, der.tagged(0, *chain), der.set_of(der.sequence(*signed)))
    return der.sequence(der.oid(SIGNED_DATA), der.tagged(0, der.sequence(*data)))


def _attribute(name: str, value: bytes) -> bytes:
    return der.sequence(der.oid(name), der.set_of(value))
