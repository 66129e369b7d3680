"""Which of the commission's identities a plan makes a station trust."""

from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.flow.provisioning import identities_to_pin
from station_app.settings import Machine, Plan, StationKind
from station_app.vault import IdentityKind, PublicIdentity, Secret, Signer


def issuer(folder: Path, seed: bytes, name: str = "CEC") -> Path:
    """An issuer's public identity, in a folder of its own."""
    folder.mkdir()
    key = Signer(Secret(seed * 32)).public_key
    return PublicIdentity(IdentityKind.ISSUER, name, key, None).save(folder)


def plan(*issuers: Path) -> Plan:
    machine = Machine(StationKind.LIVE, "9042", "1", ("ru",), ("ru",), ())
    return Plan(machine, None, issuers, (), (), None)


def test_each_once(tmp_path: Path) -> None:
    one, other = issuer(tmp_path / "a", b"1"), issuer(tmp_path / "b", b"2", "TIK")
    assert [one.name for one in identities_to_pin(plan(one, other, one))] == ["CEC", "TIK"]


def test_two_of_one_name(tmp_path: Path) -> None:
    one, other = issuer(tmp_path / "a", b"1"), issuer(tmp_path / "b", b"2")
    with pytest.raises(KnownError) as refused:
        identities_to_pin(plan(one, other))
    assert refused.value.code == "identity_exists"


def test_one_named_as_another_kind(tmp_path: Path) -> None:
    one = issuer(tmp_path / "a", b"1")
    machine = plan().machine
    with pytest.raises(KnownError) as refused:
        identities_to_pin(Plan(machine, None, (), (one,), (), None))
    assert refused.value.code == "identity_other_kind"
