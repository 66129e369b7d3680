"""The commission's keys, in files under a passphrase."""

import json
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.vault import (
    Cost,
    IdentityKind,
    Passphrase,
    PublicIdentity,
    create_issuer,
    create_recipient,
    is_signed_by,
    issuer,
    open_issuer,
    open_recipient,
    public_part,
    seal,
    unseal,
)
from tests.vault.people_samples import QUICK, WRONG

TYPED = Passphrase("төрт башка сөз жаз")
NAME = "БШК 2026"


def code_of(act: object, *values: object) -> str:
    assert callable(act)
    with pytest.raises(KnownError) as caught:
        act(*values)
    return caught.value.code


def test_an_issuer_signs(tmp_path: Path) -> None:
    public = create_issuer(NAME, tmp_path, TYPED, QUICK)
    key_file = tmp_path / "БШК 2026.issuer-key.json"
    assert PublicIdentity.load(tmp_path / "БШК 2026.issuer.json") == public
    assert PublicIdentity.load_all(tmp_path, IdentityKind.ISSUER) == (public,)
    assert public_part(key_file) == public
    assert public.signing_key is not None
    signature = open_issuer(key_file, TYPED).sign(b"manifest")
    assert is_signed_by(public.signing_key, b"manifest", signature)
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_a_recipient_opens(tmp_path: Path) -> None:
    public = create_recipient(NAME, tmp_path, TYPED, QUICK)
    assert PublicIdentity.load(tmp_path / "БШК 2026.recipient.json") == public
    assert public.recipient is not None
    age = open_recipient(tmp_path / "БШК 2026.recipient-key.json", TYPED)
    assert unseal(seal(b"journal", [public.recipient]), age) == b"journal"


def test_one_name_may_have_both(tmp_path: Path) -> None:
    create_issuer(NAME, tmp_path, TYPED, QUICK)
    create_recipient(NAME, tmp_path, TYPED, QUICK)
    assert len(list(tmp_path.iterdir())) == 4


def test_the_cost_is_measured_where_none_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuer, "measure_cost", lambda: Cost(16, 2))
    create_issuer(NAME, tmp_path, TYPED)
    record = json.loads((tmp_path / f"{NAME}.issuer-key.json").read_bytes())
    assert record["wrapped"]["cost"] == {"iterations": 2, "lanes": 1, "memory_kib": 16}


def test_no_key_is_overwritten(tmp_path: Path) -> None:
    create_issuer(NAME, tmp_path, TYPED, QUICK)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert code_of(create_issuer, NAME, tmp_path, TYPED, QUICK) == "commission_key_exists"
    assert before == {path: path.read_bytes() for path in tmp_path.iterdir()}
    # The key is on another stick, its public part is here.
    (tmp_path / f"{NAME}.issuer-key.json").unlink()
    assert code_of(create_issuer, NAME, tmp_path, TYPED, QUICK) == "identity_exists"
    assert len(list(tmp_path.iterdir())) == 1


def test_weak_passphrases_and_bad_names(tmp_path: Path) -> None:
    assert code_of(create_issuer, NAME, tmp_path, Passphrase("x"), QUICK) == "passphrase_short"
    named = Passphrase("БШК 2026 бшк 2026")
    assert code_of(create_recipient, NAME, tmp_path, named, QUICK) == "passphrase_guessable"
    with pytest.raises(ValueError, match="a name has"):
        create_issuer("a/b", tmp_path, TYPED, QUICK)
    assert not any(tmp_path.iterdir())


def test_another_passphrase(tmp_path: Path) -> None:
    create_issuer(NAME, tmp_path, TYPED, QUICK)
    assert code_of(open_issuer, tmp_path / f"{NAME}.issuer-key.json", WRONG) == "wrong_passphrase"


def test_no_file_there(tmp_path: Path) -> None:
    assert code_of(open_issuer, tmp_path / "none", TYPED) == "commission_key_missing"


def test_the_other_kind(tmp_path: Path) -> None:
    create_recipient(NAME, tmp_path, TYPED, QUICK)
    path = tmp_path / f"{NAME}.recipient-key.json"
    assert code_of(open_issuer, path, TYPED) == "identity_other_kind"


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("name", "БШК 2027", "wrong_passphrase"),
        ("signing_key", "00" * 32, "wrong_passphrase"),
        ("kind", "station", "commission_key_damaged"),
        ("kind", "recipient", "commission_key_damaged"),
        ("format", "station-app/public-identity/1", "commission_key_damaged"),
        ("wrapped", {}, "commission_key_damaged"),
    ],
)
def test_changed_files(tmp_path: Path, member: str, value: object, code: str) -> None:
    create_issuer(NAME, tmp_path, TYPED, QUICK)
    path = tmp_path / f"{NAME}.issuer-key.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {member: value}))
    assert code_of(open_issuer, path, TYPED) == code


def test_a_station_is_no_commission(tmp_path: Path) -> None:
    public = create_recipient(NAME, tmp_path, TYPED, QUICK)
    path = tmp_path / f"{NAME}.recipient-key.json"
    record = json.loads(path.read_bytes())
    record |= {"kind": "station", "name": "9042-1", "signing_key": "00" * 32}
    assert record["recipient"] == public.recipient
    path.write_text(json.dumps(record))
    assert code_of(public_part, path) == "commission_key_damaged"
