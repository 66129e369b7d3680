"""Secrets and key files."""

import multiprocessing
import os
import pickle
import stat
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.vault import Secret, StationFolder, load_key, load_or_create_key

VALUE = bytes(range(32))


def _refusal(path: Path) -> KnownError:
    with pytest.raises(KnownError) as caught:
        load_key(path)
    return caught.value


def test_a_secret_shows_nowhere() -> None:
    secret = Secret(VALUE)
    assert secret.reveal() == VALUE
    for text in (repr(secret), str(secret), f"{secret}", repr([secret])):
        assert VALUE.hex() not in text
        assert repr(VALUE) not in text
    assert not hasattr(secret, "__dict__")
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_a_secret_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes") as caught:
        Secret(VALUE[:-1])
    assert "\\x01" not in str(caught.value)


def test_a_new_key_is_private_and_stays(tmp_path: Path) -> None:
    path = StationFolder(tmp_path / "station").journal_key
    first = load_or_create_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert load_or_create_key(path).reveal() == first.reveal() == load_key(path).reveal()
    assert [entry.name for entry in path.parent.iterdir()] == ["journal.key"]


def test_keys_differ(tmp_path: Path) -> None:
    folder = StationFolder(tmp_path)
    one, other = load_or_create_key(folder.journal_key), load_or_create_key(folder.signing_key)
    assert one.reveal() != other.reveal()


def _create(path: Path, answers: "multiprocessing.SimpleQueue[bytes]") -> None:
    answers.put(load_or_create_key(path).reveal())


def test_processes_that_make_the_key_at_once_get_the_same(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.SimpleQueue[bytes] = context.SimpleQueue()
    makers = [
        context.Process(target=_create, args=(tmp_path / "k" / "a.key", answers)) for _ in range(6)
    ]
    for maker in makers:
        maker.start()
    got = {answers.get() for _ in makers}
    for maker in makers:
        maker.join()
    assert len(got) == 1


def test_a_key_that_appears_meanwhile_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.key"
    real_fsync = os.fsync

    def other_process_wins(handle: int) -> None:
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(VALUE)
        real_fsync(handle)

    monkeypatch.setattr(os, "fsync", other_process_wins)
    assert load_or_create_key(path).reveal() == VALUE


def test_refuses_a_key_file_others_can_read(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    path.write_bytes(VALUE)
    for mode in (0o640, 0o604, 0o660, 0o602):
        path.chmod(mode)
        refusal = _refusal(path)
        assert refusal.code == "key_file_exposed"
        assert f"chmod 600 {path}" in refusal.message


@pytest.mark.parametrize("size", [0, 31, 33, 500])
def test_refuses_what_is_no_key(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.key"
    path.touch(mode=0o600)
    path.write_bytes(b"k" * size)
    refusal = _refusal(path)
    assert refusal.code == "key_damaged"
    assert "kkk" not in refusal.message


def test_says_which_key_is_missing(tmp_path: Path) -> None:
    refusal = _refusal(tmp_path / "none" / "a.key")
    assert refusal.code == "key_missing"
    assert str(tmp_path / "none" / "a.key") in refusal.message


def test_a_folder_is_no_key(tmp_path: Path) -> None:
    assert _refusal(tmp_path).code == "key_damaged"


def test_no_place_to_put_a_key(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KnownError) as caught:
        load_or_create_key(tmp_path / "file" / "keys" / "a.key")
    assert caught.value.code in ("no_write_permission", "disk_fault")


def test_where_a_station_keeps_things(tmp_path: Path) -> None:
    folder = StationFolder.of_journal(tmp_path / "journal.db")
    assert folder.journal == tmp_path / "journal.db"
    assert folder.journal_key == tmp_path / "keys" / "journal.key"
    assert folder.signing_key == tmp_path / "keys" / "signing.key"
    in_keys = (folder.people, folder.sealed_secrets, folder.attempts)
    assert {path.parent for path in in_keys} == {folder.keys}
    others = (folder.public_identity, folder.trusted, folder.lists, folder.pending_events)
    assert {path.parent for path in others} == {tmp_path}
    assert len({*in_keys, *others}) == 7
