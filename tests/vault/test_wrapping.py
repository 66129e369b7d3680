"""Stretching passphrases and wrapping secrets under them."""

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.domain.errors import KnownError
from station_app.vault import Cost, Passphrase, Secret, measure_cost, stretching
from station_app.vault.stretching import LEAST_COST, stretch
from station_app.vault.wrapping import Wrapped, WrongPassphraseError, unwrap, wrap
from tests.vault.people_samples import QUICK, WRONG

TYPED = Passphrase("төрт башка сөз")
STRETCHED = "12d6d54770518773c5ad4d88d42e5b1f61443ae13784ca6cec8979d2ebacb136"


@dataclass
class Bytes:
    """A secret of any length."""

    value: bytes

    def reveal(self) -> bytes:
        return self.value


def test_stations_that_are_set_up_depend_on_it() -> None:
    key = stretch(TYPED, bytes(range(16)), Cost(memory_kib=64, iterations=2))
    assert key.reveal().hex() == STRETCHED


def test_every_input_counts() -> None:
    salt, cost = bytes(16), QUICK
    keys = {
        stretch(TYPED, salt, cost).reveal(),
        stretch(WRONG, salt, cost).reveal(),
        stretch(TYPED, salt[1:] + b"s", cost).reveal(),
        stretch(TYPED, salt, Cost(9, 1)).reveal(),
        stretch(TYPED, salt, Cost(8, 2)).reveal(),
    }
    assert len(keys) == 5


@pytest.mark.parametrize(
    "numbers",
    [(7, 1), (2**20 + 1, 1), (8, 0), (8, 101), (8, 1, 2), (8, True), (8.0, 1), ("8", 1)],
)
def test_costs_that_are_none(numbers: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"cost|lane"):
        Cost(*numbers)


def test_too_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    class Greedy:
        def __init__(self, **_: object) -> None:
            pass

        def derive(self, _: bytes) -> bytes:
            raise MemoryError

    monkeypatch.setattr(stretching, "Argon2id", Greedy)
    with pytest.raises(KnownError) as caught:
        stretch(TYPED, bytes(16), QUICK)
    assert caught.value.code == "memory_full"
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("least_seconds", "cost"),
    [
        (1.0, LEAST_COST),
        (0.3, LEAST_COST),
        (0.15, Cost(128 * 1024, 3)),
        (0.1, Cost(192 * 1024, 3)),
        (0.0375, Cost(256 * 1024, 6)),
        (0.0, Cost(256 * 1024, 16)),
    ],
)
def test_the_cost_follows_the_machine(
    least_seconds: float, cost: Cost, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []
    monkeypatch.setattr(stretching, "stretch", lambda *call: tried.append(call[2]))
    # The first of two measurements is disturbed.
    times = iter([0.0, least_seconds * 5 + 1, 10.0, 10.0 + least_seconds * (1 - 1e-12)])
    assert measure_cost(seconds=lambda: next(times)) == cost
    assert tried == [LEAST_COST] * 2


def test_this_machine_can_be_measured() -> None:
    cost = measure_cost(target_seconds=0.01)
    assert cost.memory_kib >= LEAST_COST.memory_kib
    assert cost.iterations >= LEAST_COST.iterations


@settings(max_examples=25)
@given(st.binary(max_size=100), st.binary(max_size=20))
def test_only_passphrase_and_context_open_it(secret: bytes, context: bytes) -> None:
    wrapped = wrap(Bytes(secret), TYPED, QUICK, context)
    again = Wrapped.from_record(wrapped.to_record(), len(secret))
    assert again == wrapped
    assert unwrap(again, TYPED, context) == secret
    for passphrase, other in ((WRONG, context), (TYPED, context + b"x")):
        with pytest.raises(WrongPassphraseError) as caught:
            unwrap(wrapped, passphrase, other)
        assert not caught.value.args
        assert caught.value.__suppress_context__


def test_a_secret_is_never_wrapped_the_same_twice() -> None:
    wrapped = [wrap(Secret(b"k" * 32), TYPED, QUICK, b"") for _ in range(2)]
    assert len({part for one in wrapped for part in (one.salt, one.nonce, one.sealed)}) == 6


def test_every_changed_bit_is_found() -> None:
    wrapped = wrap(Secret(b"k" * 32), TYPED, QUICK, b"")
    for name, bit in itertools.product(("salt", "nonce", "sealed"), range(8)):
        value = bytearray(getattr(wrapped, name))
        for place in range(len(value)):
            changed = bytes(value[:place]) + bytes([value[place] ^ 1 << bit]) + value[place + 1 :]
            parts = {"salt": wrapped.salt, "nonce": wrapped.nonce, "sealed": wrapped.sealed}
            with pytest.raises(WrongPassphraseError):
                unwrap(Wrapped(QUICK, **parts | {name: bytes(changed)}), TYPED, b"")
