"""Signatures of certified devices: JSON web signatures (RFC 7515) up to pinned roots."""

import base64
import binascii
import json
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, TypeVar, final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

_LONGEST_CHAIN: Final = 4
_LONGEST_TOKEN: Final = 8 * 1024 * 1024
_LEAST_KEY_BITS: Final = 2048

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


@final
class DeviceRoots:
    """The root certificates that a device's signature has to lead to.

    A chain is as in RFC 5280 as far as a device needs it: each certificate is issued and signed by
    the next, all are valid now, the root too, and whoever issues may issue (basic constraints with
    their path length, key usage). Not looked at: extended usages, names, policies, and revocation,
    as a station has no network.
    """

    __slots__ = ("_roots",)

    def __init__(self, certificates: Iterable[bytes]) -> None:
        """`certificates` are PEM or DER, one each. Raises `ValueError`."""
        self._roots = tuple(map(_certificate, certificates))

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._roots)

    def payload(self, token: str, now: datetime) -> dict[str, Any]:
        """The JSON object that `token` (RS256, with its chain in `x5c`) signs, at `now` (aware).

        Raises `ValueError` with what does not hold, in a few words; nothing of the payload is
        parsed before its signature has been checked.
        """
        if len(token) > _LONGEST_TOKEN:
            raise ValueError("the signed text is too long")
        try:
            head, body, signature = token.split(".")
        except ValueError:
            raise ValueError("it is no signed text") from None
        key = self._key(_object(head), now)
        try:
            key.verify(_plain(signature), f"{head}.{body}".encode("ascii"), PKCS1v15(), SHA256())
        except (InvalidSignature, UnicodeError) as error:
            raise ValueError("the signature does not hold") from error
        return _object(body)

    def _key(self, header: dict[str, Any], now: datetime) -> RSAPublicKey:
        if header.get("alg") != "RS256" or "crit" in header:
            raise ValueError("it is signed in a way that is not read here")
        named = header.get("x5c")
        if not isinstance(named, list) or not 1 <= len(named) <= _LONGEST_CHAIN:
            raise ValueError("it does not name its certificate")
        path = self._path([_certificate(_der(one)) for one in named])
        for below, (one, issuer) in enumerate(pairwise(path)):
            if not _is_signed_by(one, issuer):
                raise ValueError("a certificate is not signed by its issuer")
            if not _may_issue(issuer, below):
                raise ValueError("a certificate was issued by one that may not")
        for one in path:
            if not one.not_valid_before_utc <= now <= one.not_valid_after_utc:
                raise ValueError("a certificate is not valid today")
        if not _may_sign(path[0]):
            raise ValueError("its certificate is for another use")
        return _strong_key(path[0])

    def _path(self, chain: list[x509.Certificate]) -> list[x509.Certificate]:
        """The chain as far as the first root in it, or with the root that issued its last."""
        for count, one in enumerate(chain, 1):
            if one in self._roots:
                return chain[:count]
        for root in self._roots:
            if _is_signed_by(chain[-1], root):
                return [*chain, root]
        raise ValueError("its certificate leads to no root that is trusted here")


_UNREADABLE: Final = (ValueError, TypeError, UnsupportedAlgorithm)
_ODD_EXTENSIONS: Final = (*_UNREADABLE, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


def _is_signed_by(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, *_UNREADABLE):
        return False
    return True


def _may_issue(issuer: x509.Certificate, below: int) -> bool:
    """Whether it may issue certificates, with so many more issuers below it."""
    try:
        said = _extension(issuer, x509.BasicConstraints)
        usage = _extension(issuer, x509.KeyUsage)
    except _ODD_EXTENSIONS:
        return False
    if said is None or not said.ca or (usage is not None and not usage.key_cert_sign):
        return False
    return said.path_length is None or below <= said.path_length


def _may_sign(leaf: x509.Certificate) -> bool:
    try:
        usage = _extension(leaf, x509.KeyUsage)
    except _ODD_EXTENSIONS:
        return False
    return usage is None or usage.digital_signature or usage.content_commitment


def _extension(one: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return one.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _strong_key(leaf: x509.Certificate) -> RSAPublicKey:
    try:
        key = leaf.public_key()
    except _UNREADABLE:
        key = None
    if not isinstance(key, RSAPublicKey) or key.key_size < _LEAST_KEY_BITS:
        raise ValueError("its key is too weak, or of another kind")
    return key


def _certificate(data: bytes) -> x509.Certificate:
    try:
        if data.lstrip().startswith(b"-----BEGIN"):
            return x509.load_pem_x509_certificate(data)
        return x509.load_der_x509_certificate(data)
    except (x509.InvalidVersion, ValueError) as error:
        raise ValueError("a certificate cannot be read") from error


def _der(text: object) -> bytes:
    if not isinstance(text, str):
        raise ValueError("a certificate cannot be read")  # noqa: TRY004  (what was read)
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("a certificate cannot be read") from error


def _plain(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("it is no signed text") from error


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(_plain(text))
    except (ValueError, RecursionError) as error:
        raise ValueError("it is no signed text") from error
    if not isinstance(value, dict):
        raise ValueError("it is no signed text")  # noqa: TRY004  (what was read)
    return value
