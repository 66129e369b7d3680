"""A program on the loopback signs as a certified reader, with whatever certificates it can get.

Version a9a29b6 read no certified readers.
"""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from station_app.vault import DeviceRoots
from tests.devices.sbi_service import Authority, authority, base64url, signed

NOW = datetime.now(UTC)
ROOT = authority("root")
MAKER = authority("maker", ROOT)
DEVICE = authority("device", MAKER, may_issue=False)
SHA512_WITH_RSA = bytes.fromhex("06092a864886f70d01010d")
UNKNOWN = bytes.fromhex("06092a864886f70d01017f")


def certified(
    name: str,
    by: Authority,
    *,
    depth: int | None = None,
    use: str = "",
    is_issuer: bool = True,
    key: rsa.RSAPrivateKey | None = None,
    days: int = 30,
) -> Authority:
    """A certificate that `by` issued, for one use of its key."""
    key = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
    built = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(by.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=60))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.BasicConstraints(is_issuer, depth), critical=True)
    )
    if use:
        names = (
            "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
            "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
        )  # fmt: skip
        built = built.add_extension(x509.KeyUsage(**{one: one == use for one in names}), True)
    return Authority(key, built.sign(by.key, SHA512()))


def refused(token: str, why: str, *roots: Authority) -> None:
    with pytest.raises(ValueError, match=why):
        DeviceRoots(one.der for one in roots or (ROOT,)).payload(token, NOW)


def accepted(chain: list[Authority], *roots: Authority) -> bool:
    pinned = DeviceRoots(one.der for one in roots or (ROOT,))
    return pinned.payload(signed({"a": 1}, chain), NOW) == {"a": 1}


def test_a_root_that_has_expired_vouches_for_nobody() -> None:
    """Whether the reader sends it along or not."""
    old = authority("root", days=-1)
    device = authority("device", old, may_issue=False)
    refused(signed({}, [device, old]), "not valid", old)
    refused(signed({}, [device]), "not valid", old)


def test_a_root_and_its_successor_of_the_same_name_both_count() -> None:
    successor = authority("root")
    device = authority("device", successor, may_issue=False)
    assert accepted([device], ROOT, successor)
    assert accepted([device], successor, ROOT)
    assert accepted([DEVICE, MAKER], successor, ROOT)


def test_an_issuer_stays_in_its_bounds() -> None:
    narrow = certified("narrow", ROOT, depth=0)
    assert accepted([certified("device", narrow, is_issuer=False), narrow])
    below = certified("below", narrow)
    device = certified("device", below, is_issuer=False)
    refused(signed({}, [device, below, narrow]), "may not")
    for use in ("digital_signature", "crl_sign"):
        other = certified("other", ROOT, use=use)
        refused(signed({}, [certified("device", other, is_issuer=False), other]), "may not")


@pytest.mark.parametrize("use", ["key_encipherment", "key_cert_sign"])
def test_a_certificate_for_something_else_signs_no_finger(use: str) -> None:
    refused(signed({}, [certified("device", ROOT, use=use)]), "another use")
    assert accepted([certified("device", ROOT, use="digital_signature")])


def test_the_root_is_not_its_namesakes_word() -> None:
    """A forger's root under the real one's name, with the real one sent along."""
    forged = authority("root")
    device = authority("device", forged, may_issue=False)
    refused(signed({}, [device, forged, ROOT]), "not signed|no root")
    refused(signed({}, [device, ROOT]), "not signed")
    refused(signed({}, [device, MAKER, ROOT]), "not signed")


def test_games_with_the_list_of_certificates() -> None:
    good = [base64.b64encode(one.der).decode() for one in (DEVICE, MAKER)]
    games: list[object] = [
        [], [good[0]] * 2, [good[0], *good[1:] * 2], good[::-1], good * 3, [good], good[0],
        [None], [""], ["=" * 100], {"0": good[0]}, [good[1], good[0], good[1]], [good[0] + "\n"],
        [base64.b64encode(b"-----BEGIN CERTIFICATE-----").decode()],
    ]  # fmt: skip
    for game in games:
        refused(signed({}, [DEVICE, MAKER], x5c=game), r"\w")


def test_a_chain_through_the_root_may_go_on_behind_it() -> None:
    """What stands behind the root is nobody's business; neither is a root below itself."""
    assert accepted([DEVICE, MAKER, ROOT, MAKER])
    refused(signed({}, [DEVICE, MAKER, MAKER, ROOT]), "not signed")


def test_what_the_library_does_not_know_is_refused_like_the_rest() -> None:
    """Another algorithm, another kind of key, the same extension twice, another version."""
    der = certified("device", ROOT, is_issuer=False).der
    odd = [
        der.replace(SHA512_WITH_RSA, UNKNOWN),
        der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x07"),
    ]
    key = ec.generate_private_key(ec.SECP256R1())
    built = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(ROOT.certificate.subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .sign(ROOT.key, SHA256())
    )
    curve = built.public_bytes(Encoding.DER)
    odd += [
        curve,
        curve.replace(bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d03017f")),
    ]
    for one in odd:
        named = [base64.b64encode(one).decode()]
        refused(signed({}, [DEVICE], x5c=named), r"\w")


@pytest.mark.filterwarnings("ignore")  # of what the library will refuse one day
def test_every_damaged_certificate_is_refused_and_nothing_else_happens() -> None:
    """Each byte of a good one once: what comes out of it is a `ValueError`."""
    head = {"alg": "RS256", "x5c": [""]}
    roots = DeviceRoots([ROOT.der])
    for place in range(len(MAKER.der)):
        damaged = bytearray(MAKER.der)
        damaged[place] ^= 0xFF
        head["x5c"] = [base64.b64encode(one).decode() for one in (DEVICE.der, bytes(damaged))]
        token = f"{base64url(json.dumps(head).encode())}.e30.e30"
        with pytest.raises(ValueError, match=r"\w"):
            roots.payload(token, NOW)


@pytest.mark.parametrize(
    "text", ["{}" * 2, '{"a": NaN, "a": ' + "9" * 5000 + "}", "[" * 100_000, '"\ud800"', '{"a"']
)
def test_a_header_of_nonsense(text: str) -> None:
    head = base64url(text.encode("utf-8", "surrogatepass"))
    refused(f"{head}.e30.e30", r"\w")
    refused(f"{head}\u0660.e30.e30", r"\w")
