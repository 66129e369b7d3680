"""Signed checkpoints as C2SP writes them."""

import base64
import hashlib

import pytest

from station_app.journal.checkpoints import Checkpoint, read_note
from station_app.vault import Secret, Signer

SIGNER = Signer(Secret(b"s" * 32))
CHECKPOINT = Checkpoint("station-app/demo/1", 12, bytes(range(32)))


def _note() -> str:
    return CHECKPOINT.note(SIGNER.public_key, CHECKPOINT.sign(SIGNER))


def _change(old: str, new: str) -> str:
    changed = _note().replace(old, new, 1)
    assert changed != _note()
    return changed


def test_the_note_byte_by_byte() -> None:
    text = "station-app/demo/1\n12\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    assert CHECKPOINT.text().decode() == text
    key_hash = hashlib.sha256(b"station-app/demo/1\n\x01" + SIGNER.public_key).digest()[:4]
    blob = base64.b64encode(key_hash + SIGNER.sign(text.encode())).decode()
    assert _note() == f"{text}\n— station-app/demo/1 {blob}\n"


def test_reads_its_own_note() -> None:
    assert read_note(_note(), SIGNER.public_key) == CHECKPOINT


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        _note() + "\n",
        _note()[:-1],
        _change("\n12\n", "\n012\n"),
        _change("\n12\n", "\n-1\n"),
        _change("AAEC", "AA*C"),
        _change("— ", "- "),
        _change("dHh8=", "dHh9="),
        _change("dHh8=", "dH=8="),
        _change("dHh8=", "dHh8=\nmore"),
    ],
)
def test_what_is_no_note(note: str) -> None:
    with pytest.raises(ValueError, match=r"not a signed checkpoint|not valid"):
        read_note(note, SIGNER.public_key)


def test_other_contents_are_not_signed() -> None:
    for note in (_change("\n12\n", "\n13\n"), _change("AAEC", "AAED")):
        with pytest.raises(ValueError, match="signature is not valid"):
            read_note(note, SIGNER.public_key)


def test_other_keys_and_names() -> None:
    with pytest.raises(ValueError, match="another key"):
        read_note(_note(), Signer(Secret(b"t" * 32)).public_key)
    with pytest.raises(ValueError, match="another key"):
        read_note(_change("— station-app/demo/1", "— station-app/demo/2"), SIGNER.public_key)
    with pytest.raises(ValueError, match="another key"):
        read_note(_note().replace("demo/1", "demo/2"), SIGNER.public_key)


def test_an_origin_is_a_key_name() -> None:
    for origin in ("", "a b", "a+b", "a\nb"):
        with pytest.raises(ValueError, match="origin"):
            Checkpoint(origin, 1, bytes(32))


def test_a_changed_character_anywhere() -> None:
    note = _note()
    for place, character in enumerate(note):
        for other in ("A", "B", "=", "\n"):
            if other != character:
                with pytest.raises(ValueError, match=r".+"):
                    read_note(note[:place] + other + note[place + 1 :], SIGNER.public_key)
