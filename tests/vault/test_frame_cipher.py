"""Messages under one key, and keys made of a secret."""

import pytest

from station_app.vault import FrameCipher, Secret, derived_key

KEY = Secret(bytes(range(32)))


def test_a_message_comes_back() -> None:
    cipher = FrameCipher(KEY)
    sealed = cipher.seal(b"entry", b"context")
    assert cipher.open(sealed, b"context") == b"entry"
    assert cipher.seal(b"entry", b"context") != sealed
    assert cipher.open(cipher.seal(b"", b""), b"") == b""


def test_every_change_is_noticed() -> None:
    cipher = FrameCipher(KEY)
    sealed = cipher.seal(b"entry", b"context")
    changed = [
        sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))
    ]
    for wrong in (*changed, sealed[:-1], sealed[:10], b""):
        with pytest.raises(ValueError, match=r"sealed message|another"):
            cipher.open(wrong, b"context")
    with pytest.raises(ValueError, match="another"):
        cipher.open(sealed, b"elsewhere")
    with pytest.raises(ValueError, match="another"):
        FrameCipher(Secret(bytes(32))).open(sealed, b"context")


def test_a_key_for_each_purpose() -> None:
    keys = {derived_key(purpose, KEY).reveal() for purpose in (b"a", b"b", b"a\0")}
    assert len(keys | {KEY.reveal()}) == 4
    assert derived_key(b"a", KEY).reveal() in keys
