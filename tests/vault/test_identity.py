"""Public identities: their files, fingerprints and words."""

import hashlib
import json
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from station_app.domain.errors import KnownError
from station_app.vault import IdentityKind, PublicIdentity, Secret, StationIdentity, is_signed_by
from station_app.vault.identity import spoken_digits, spoken_words
from station_app.vault.seals import AgeIdentity

# A key that everybody knows; its recipient is what age makes of it.
AGE = AgeIdentity("AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZ9K4CN")
SEED = Secret(bytes(range(32)))
STATION = StationIdentity(SEED, AGE)
PUBLIC = STATION.public("9042-1")
FINGERPRINT = "c2e0a0ee93fe7f9351959a1ac85cf7d5a80d99a26c12089f56aa80da1c586fcf"
WORDS = "seed agree desert child tree situate"
DIGITS = "76124 00610 41457 13302"


def code_of(path: Path) -> str:
    with pytest.raises(KnownError) as caught:
        PublicIdentity.load(path)
    assert str(path) in caught.value.message
    return caught.value.code


def test_a_station_signs_and_opens_under_one_name() -> None:
    fresh = StationIdentity.generate()
    public = fresh.public("9042-1")
    assert public.kind is IdentityKind.STATION
    assert public.signing_key is not None
    assert is_signed_by(public.signing_key, b"head", fresh.signer().sign(b"head"))
    assert public.recipient == fresh.age.recipient
    assert fresh.public("9042-1") == public != StationIdentity.generate().public("9042-1")
    assert SEED.reveal().hex() not in repr(STATION)
    assert AGE.reveal().decode() not in repr(STATION)


@pytest.mark.parametrize(
    ("identity", "file"),
    [
        (PUBLIC, "9042-1.station.json"),
        (
            PublicIdentity(IdentityKind.ISSUER, "БШК 2026", bytes(32), None),
            "БШК 2026.issuer.json",
        ),
        (
            PublicIdentity(IdentityKind.RECIPIENT, "БШК", None, AGE.recipient),
            "БШК.recipient.json",
        ),
    ],
)
def test_the_file_holds_it_all(identity: PublicIdentity, file: str, tmp_path: Path) -> None:
    path = identity.save(tmp_path)
    assert path == tmp_path / file
    assert path.stat().st_mode & 0o777 == 0o644
    assert PublicIdentity.load(path) == identity
    assert identity.save(tmp_path) == path
    assert PublicIdentity.load_all(tmp_path, identity.kind) == (identity,)
    assert identity.name in path.read_text(encoding="utf-8")


def test_the_fingerprint_is_that_of_the_canonical_form(tmp_path: Path) -> None:
    record = json.loads(PUBLIC.save(tmp_path).read_text())
    assert record == {
        "format": "station-app/public-identity/1",
        "kind": "station",
        "name": "9042-1",
        "recipient": AGE.recipient,
        "signing_key": "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
    }
    assert PUBLIC.fingerprint() == hashlib.sha256(rfc8785.dumps(record)).digest()
    # Known to other programs, so it does not change unnoticed.
    assert PUBLIC.fingerprint().hex() == FINGERPRINT
    assert PUBLIC.words() == WORDS
    assert PUBLIC.digits() == DIGITS


def test_every_part_is_in_the_fingerprint() -> None:
    other = StationIdentity(Secret(b"s" * 32), AGE)
    others = StationIdentity(SEED, AgeIdentity.generate())
    names = {PUBLIC.words(), STATION.public("9042-2").words()}
    names |= {other.public("9042-1").words(), others.public("9042-1").words()}
    assert len(names) == 4


def test_another_identity_of_the_name_is_not_overwritten(tmp_path: Path) -> None:
    path = PUBLIC.save(tmp_path)
    with pytest.raises(KnownError) as caught:
        StationIdentity.generate().public("9042-1").save(tmp_path)
    assert caught.value.code == "identity_exists"
    assert PublicIdentity.load(path) == PUBLIC


@pytest.mark.parametrize(
    "name",
    [
        "",
        " a",
        "a ",
        "a  b",
        ".a",
        "-a",
        "a/b",
        "a\\b",
        "a\n",
        "a+b",
        "a\u0301",
        "и\u0306",
        "x" * 65,
    ],
)
def test_names_that_can_not_be_files_or_lines(name: str) -> None:
    with pytest.raises(ValueError, match="a name has 1 to 64"):
        PublicIdentity(IdentityKind.ISSUER, name, bytes(32), None)


def test_a_station_is_named_without_spaces() -> None:
    # Its name is part of the key name of a signed note.
    with pytest.raises(ValueError, match=r"between them \. - _$"):
        STATION.public("9042 1")


@pytest.mark.parametrize(
    ("kind", "signing_key", "recipient"),
    [
        (IdentityKind.STATION, None, AGE.recipient),
        (IdentityKind.STATION, bytes(32), None),
        (IdentityKind.ISSUER, None, None),
        (IdentityKind.ISSUER, bytes(32), AGE.recipient),
        (IdentityKind.RECIPIENT, bytes(32), AGE.recipient),
        (IdentityKind.RECIPIENT, None, None),
        (IdentityKind.ISSUER, bytes(31), None),
        (IdentityKind.RECIPIENT, None, "age1no"),
    ],
)
def test_each_kind_has_its_keys(
    kind: IdentityKind, signing_key: bytes | None, recipient: str | None
) -> None:
    with pytest.raises(ValueError, match=r"signing key|recipient"):
        PublicIdentity(kind, "name", signing_key, recipient)


def test_what_is_no_identity(tmp_path: Path) -> None:
    path = tmp_path / "a.station.json"
    assert code_of(path) == "identity_missing"
    assert code_of(tmp_path) == "identity_damaged"
    whole = PUBLIC.save(tmp_path).read_bytes()
    record = json.loads(whole)
    wrong = [
        b"",
        b"[]",
        b"[" * 4000,
        b"\xff",
        whole[:-3],
        whole + b"x",
        whole.replace(b'"kind"', b'"name"'),
        b" " * 5000,
    ]
    changes: list[tuple[str, object]] = [
        ("format", "station-app/public-identity/2"),
        ("kind", "chair"),
        ("name", 1),
        ("recipient", 1),
        ("signing_key", 1),
        ("signing_key", record["signing_key"].upper()),
        ("signing_key", record["signing_key"][:-2] + "  "),
        ("signing_key", record["signing_key"][:-2]),
        ("more", 1),
    ]
    wrong += [json.dumps(record | {name: value}).encode() for name, value in changes]
    for data in wrong:
        path.write_bytes(data)
        assert code_of(path) == "identity_damaged", data
    with pytest.raises(KnownError):
        PublicIdentity.load_all(tmp_path, IdentityKind.STATION)
    path.unlink()
    assert PublicIdentity.load_all(tmp_path, IdentityKind.STATION) == (PUBLIC,)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 65))
def test_words_and_digits_say_the_first_66_bits(digest: bytes, bit: int) -> None:
    words, digits = spoken_words(digest), spoken_digits(digest)
    assert len(words.split()) == 6
    assert [len(group) for group in digits.split()] == [5] * 4
    number = int.from_bytes(digest, "big") ^ 1 << 255 - bit
    other = number.to_bytes(32, "big")
    assert spoken_words(other) != words
    assert spoken_digits(other) != digits
    last = digest[:-1] + bytes([digest[-1] ^ 1])
    assert spoken_words(last) == words


def test_the_words_are_those_of_bip_39() -> None:
    assert spoken_words(bytes(32)) == "abandon " * 5 + "abandon"
    assert spoken_words(b"\xff" * 32) == "zoo " * 5 + "zoo"
    assert spoken_digits(bytes(32)) == "00000 00000 00000 00000"
    assert spoken_digits(b"\xff" * 32) == "99999 99999 99999 99999"
    file = Path(__file__).parents[2] / "station_app" / "content" / "words" / "english.txt"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert digest == "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"
