"""Passphrases: prepared alike, shown nowhere, refused when weak."""

import pickle
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.domain.errors import KnownError
from station_app.vault import Passphrase


def code_of_text(text: str) -> str:
    with pytest.raises(KnownError) as caught:
        Passphrase(text)
    return caught.value.code


def weakness(text: str, *words: str) -> str | None:
    try:
        Passphrase(text).refuse_weak(*words)
    except KnownError as refusal:
        return refusal.code
    return None


def test_it_shows_nowhere() -> None:
    passphrase = Passphrase("төрт башка сөз")
    for text in (repr(passphrase), str(passphrase), f"{passphrase}", repr([passphrase])):
        assert "сөз" not in text
    assert not hasattr(passphrase, "__dict__")
    with pytest.raises(TypeError):
        pickle.dumps(passphrase)


@given(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=40))
def test_every_keyboard_gives_the_same_bytes(text: str) -> None:
    typed = unicodedata.normalize("NFC", text)
    taken_apart = unicodedata.normalize("NFD", text)
    assert Passphrase(typed).reveal() == Passphrase(taken_apart).reveal() == typed.encode()
    assert Passphrase(typed).is_same(Passphrase(taken_apart))
    assert not Passphrase(typed).is_same(Passphrase(typed + "1"))


def test_every_space_is_the_same() -> None:
    assert Passphrase("эки\u00a0сөз").is_same(Passphrase("эки сөз"))


@pytest.mark.parametrize("text", ["", "a\n", "a\tb", "a\x00", "\ud800", "\u200b", "x" * 1001])
def test_texts_nobody_can_type_again(text: str) -> None:
    assert code_of_text(text) == "passphrase_unusable"


@pytest.mark.parametrize(
    "text",
    [
        "төрт башка сөз жаз",
        "correct horse battery",
        "Ж7-кум.лампа",
        "atlas tulpar 7",
        "ak-кара*көл+12",
    ],
)
def test_good_ones(text: str) -> None:
    assert weakness(text, "o1", "Айгуль Асанова", "9042-1") is None


@pytest.mark.parametrize("text", ["a", "күмүш тулпа", "Xk3-b.9Qz/a"])
def test_short_ones(text: str) -> None:
    assert weakness(text) == "passphrase_short"


@pytest.mark.parametrize(
    "text",
    [
        "аааааааааааа",
        "121212121212",
        "123456789012",
        "0987654321098",
        "qwertyuiop12",
        "QWERTYasdfgh",
        "йцукенгшщзхъ",
        "абвгдежзийкл",
        "парольпароль",
        "айгуль айгуль",
        "Айгуль Асанова",
        "АСАНОВА 9042-1",
        "айгуль асанова 12",
    ],
)
def test_guessable_ones(text: str) -> None:
    assert weakness(text, "o1", "Айгуль Асанова", "9042-1") == "passphrase_guessable"


def test_refusals_do_not_quote_it() -> None:
    for text in ("йцукенгшщзхъ", "күмүш тулпа"):
        with pytest.raises(KnownError) as caught:
            Passphrase(text).refuse_weak()
        assert text not in caught.value.message


def test_short_names_are_not_taken_out() -> None:
    assert weakness("ап-ак ак куу учат", "o1", "Ак Уу") is None


def file_of(folder: Path, data: bytes, mode: int = 0o600) -> Path:
    path = folder / "passphrase"
    path.write_bytes(data)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_the_line_of_a_file(tmp_path: Path, start: bytes, end: bytes) -> None:
    path = file_of(tmp_path, start + "төрт башка сөз".encode() + end)
    assert Passphrase.from_file(path).is_same(Passphrase("төрт башка сөз"))


@pytest.mark.parametrize(
    ("data", "mode", "code"),
    [
        (b"", 0o600, "passphrase_unusable"),
        (b"one\ntwo\n", 0o600, "passphrase_unusable"),
        (b"\xff\xfe", 0o600, "passphrase_damaged"),
        (b"x" * 5000, 0o600, "passphrase_damaged"),
        (b"secret words", 0o640, "passphrase_file_exposed"),
    ],
)
def test_files_that_are_none(tmp_path: Path, data: bytes, mode: int, code: str) -> None:
    with pytest.raises(KnownError) as caught:
        Passphrase.from_file(file_of(tmp_path, data, mode))
    assert caught.value.code == code
    assert "secret" not in caught.value.message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        Passphrase.from_file(tmp_path / "none")
    assert caught.value.code == "passphrase_missing"
