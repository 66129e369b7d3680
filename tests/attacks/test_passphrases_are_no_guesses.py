"""The promise: a new passphrase is none of those that people think of first.

The attack: guess. On version a9a29b6 the floor took `password1234`, `administrator`,
`Kyrgyzstan2026`, its Cyrillic twin and most of the list below, one passphrase for the operator,
the chair and the member, and 40 programs at once were told that the disk was broken instead of
being counted one after the other.

What the floor does not catch is in ADR 0010: sentences that everybody knows, names and words it
does not have. The tries are counted at the keyboard; whoever has the disk is slowed by Argon2id
alone.
"""

import json
import os
from multiprocessing import get_context
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.flow.approvals import DEMO_PASSPHRASE
from station_app.training.lesson_people import PASSPHRASES
from station_app.vault import (
    Cost,
    Enrolment,
    Passphrase,
    People,
    StationFolder,
    StationSecrets,
)
from station_app.vault.attempts import TRIES

QUICK = Cost(memory_kib=8, iterations=1)
GUESSES = (
    DEMO_PASSPHRASE,
    *PASSPHRASES.values(),
    "Demonstration-2026",
    "password1234",
    "Kyrgyzstan2026",
    "bishkek-2026",
    "iloveyou2026",
    "administrator",
    "parol-parol-1",
    "qwerty123456",
    "operator2026!",
    "123456789abcd",
    "Пароль123456",
    "кыргызстан2026",
    "1a2s3d4f5g6h",
    "12345678qwas",
    "P@ssw0rd-2026",
    "gfhjkm123456",
    "Ошский2026шайлоо",
    "КЫРГЫЗСТАН1991",
    "drowssap1234",
    "stationapp9042",
    "4839-2750-1937",
    "Администратор1",
    "төрага2026төрага",
    "manas1995manas",
    "aaa111bbb222ccc",
    "24.03.1987-osh",
    "qweasdzxc123",
    "Usonova-12-03",
    "20101199090123",
    "тулпар-тулпар-1",
    "Шайлоо-2026-Ош",
)
GOOD = """
    seven rivers carry books
    лампа мост огурец ветер
    төрт башка сөз жаз
    күмүш тулпар жел айдайт
    Ж7-кум.лампа
    x7#k2!9$m4&z
""".strip().splitlines()


def code_of(act: object, *values: object) -> str:
    assert callable(act)
    try:
        act(*values)
    except KnownError as fault:
        return fault.code
    return "taken"


@pytest.mark.parametrize("text", GUESSES)
def test_what_everybody_would_try_first(text: str) -> None:
    words = ("o1", "A. Usonova", "9042-1")
    assert code_of(Passphrase(text).refuse_weak, *words) == "passphrase_guessable"


@pytest.mark.parametrize("text", [line.strip() for line in GOOD])
def test_words_that_have_nothing_to_do_with_each_other(text: str) -> None:
    assert code_of(Passphrase(text).refuse_weak, "o1", "A. Usonova", "9042-1") == "taken"


def enrolment(id_: str, role: Role, text: str) -> Enrolment:
    return Enrolment(Person(id_, "One Person", role), Passphrase(text))


def create(folder: StationFolder, *texts: str) -> People:
    roles = (Role.OPERATOR, Role.CHAIR, Role.MEMBER)
    first, second, *others = (
        enrolment(f"{role}-1", role, text) for role, text in zip(roles, texts, strict=True)
    )
    secrets = StationSecrets.generate()
    return People.create(folder, "9042-1", secrets, first, second, QUICK, others)


@pytest.mark.parametrize("other", ["seven rivers carry books", "Seven Rivers, carry books!"])
def test_one_passphrase_for_two(tmp_path: Path, other: str) -> None:
    folder = StationFolder(tmp_path)
    texts = ("seven rivers carry books", "eight hills keep the snow", other)
    assert code_of(create, folder, *texts) == "passphrase_shared"
    assert not folder.people.exists()


def guess(root: str) -> str:
    people = People.load(StationFolder(Path(root)))
    return code_of(people.enter, "chair-1", Passphrase("a wrong guess"))


def test_forty_guesses_at_once_are_five(tmp_path: Path) -> None:
    create(
        StationFolder(tmp_path),
        "seven rivers carry books", "eight hills keep the snow", "nine lakes hold the sky",
    )  # fmt: skip
    with get_context("spawn").Pool(8) as pool:
        codes = pool.map(guess, [str(tmp_path)] * 40, chunksize=1)
    assert codes.count("wrong_passphrase") == TRIES
    assert set(codes) == {"wrong_passphrase", "too_many_tries"}


def test_a_cost_that_keeps_everybody_waiting(tmp_path: Path) -> None:
    """One changed number made one try take 162 seconds."""
    folder = StationFolder(tmp_path)
    people = create(
        folder, "seven rivers carry books", "eight hills keep the snow", "nine lakes hold the sky"
    )
    record = json.loads(folder.people.read_bytes())
    record["people"][1]["share"]["cost"] = {"memory_kib": 2**20, "iterations": 100, "lanes": 1}
    folder.people.write_text(json.dumps(record))
    assert code_of(people.enter, "chair-1", Passphrase("a wrong guess")) == "people_damaged"


def test_a_full_disk_keeps_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The count is written where it lies; where not even that goes, it is kept in memory."""
    people = create(
        StationFolder(tmp_path),
        "seven rivers carry books", "eight hills keep the snow", "nine lakes hold the sky",
    )  # fmt: skip

    def full(*_: object) -> int:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "pwrite", full)
    good = Passphrase("eight hills keep the snow")
    for _ in range(TRIES):
        assert code_of(people.enter, "chair-1", Passphrase("a wrong guess")) == "wrong_passphrase"
    assert code_of(people.enter, "chair-1", good) == "too_many_tries"
    other = People.load(StationFolder(tmp_path))
    assert code_of(other.enter, "chair-1", good) == "taken"
