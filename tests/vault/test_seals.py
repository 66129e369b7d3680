"""Sealing to age recipients."""

import pickle

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.domain.errors import KnownError
from station_app.vault import AgeIdentity, seal, unseal
from station_app.vault.seals import is_recipient

OURS, THEIRS = AgeIdentity.generate(), AgeIdentity.generate()


def refusal(sealed: bytes, identity: AgeIdentity = OURS) -> KnownError:
    with pytest.raises(KnownError) as caught:
        unseal(sealed, identity)
    # What age said goes no further: it knows the key.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    return caught.value


@settings(max_examples=20)
@given(st.binary(max_size=300))
def test_each_recipient_opens_it(data: bytes) -> None:
    sealed = seal(data, [OURS.recipient, THEIRS.recipient])
    assert unseal(sealed, OURS) == unseal(sealed, THEIRS) == data
    assert not data or len(data) < 8 or data not in sealed


def test_it_is_an_age_file_that_any_age_opens() -> None:
    sealed = seal(b"list key", [OURS.recipient])
    assert sealed.startswith(b"age-encryption.org/v1\n")
    assert OURS.recipient.encode() not in sealed
    others = pyrage.x25519.Identity.from_str(OURS.reveal().decode())
    assert pyrage.decrypt(sealed, [others]) == b"list key"


def test_nobody_else_opens_it() -> None:
    assert refusal(seal(b"list key", [THEIRS.recipient])).code == "seal_not_for_us"


def test_every_changed_or_missing_byte_is_found() -> None:
    sealed = seal(b"k" * 32, [OURS.recipient])
    codes = {refusal(sealed[:size]).code for size in range(0, len(sealed), 7)}
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        codes.add(refusal(bytes(changed)).code)
    codes.add(refusal(sealed + b"\n").code)
    assert codes <= {"seal_damaged", "seal_not_for_us"}


@pytest.mark.parametrize("recipients", [[], ["age1no"], [OURS.recipient, ""]])
def test_what_nothing_can_be_sealed_to(recipients: list[str]) -> None:
    with pytest.raises(ValueError, match="recipients are age1"):
        seal(b"", recipients)


def test_what_a_recipient_is() -> None:
    assert is_recipient(OURS.recipient)
    assert not is_recipient(OURS.recipient.upper())
    assert not is_recipient(OURS.reveal().decode())


def test_the_key_shows_nowhere() -> None:
    secret = OURS.reveal().decode()
    assert secret.startswith("AGE-SECRET-KEY-1")
    assert AgeIdentity(secret).recipient == OURS.recipient
    assert secret not in repr(OURS)
    assert OURS.recipient in repr(OURS)
    with pytest.raises(TypeError):
        pickle.dumps(OURS)
    for wrong in (secret[:-1], "", OURS.recipient):
        with pytest.raises(ValueError, match="not an age identity") as caught:
            AgeIdentity(wrong)
        assert caught.value.__suppress_context__
