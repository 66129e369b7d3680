"""The trials of a station's devices: written down as a test ends, held against what is there.

While a station is locked nobody can sign them: they stand in a plain file, which informs, and each
is noted for the journal too. After unlocking only the journal's count (ADR 0047).
"""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from station_app import __version__
from station_app.devices.drivers import DeviceFamily, drivers, named
from station_app.devices.plugged_in import PluggedIn, plugged_in
from station_app.domain.device_trials import Judged, TestKind, Trial, Trials, Wanted
from station_app.domain.entries import DeviceTested
from station_app.domain.errors import KnownError
from station_app.flow.device_choice import hardware_of
from station_app.settings import Device, Machine, read_machine
from station_app.snapshots import add_pending
from station_app.vault import StationFolder, read_regular, replace_file

_FORM: Final = "station-app/device-tests/1"
_MOST_BYTES: Final = 64 * 1024
_STAMP: Final = "%Y-%m-%dT%H:%M:%SZ"

Look = Callable[[], Sequence[PluggedIn]]


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A device of the settings: the hardware that is there now, and what its trials say.

    `judged` is None for a simulated one, which nobody has to try. `hardware` is empty where it is
    not there.
    """

    device: Device
    hardware: str
    judged: Judged | None


def trials_file(folder: StationFolder) -> Path:
    """The plain file of the trials."""
    return folder.root / "device-tests.json"


def read_trials(folder: StationFolder) -> Trials:
    """What the plain file says; nothing where it is missing, too large, or cannot be read."""
    try:
        values = json.loads(read_regular(trials_file(folder), _MOST_BYTES))
        if values["format"] != _FORM:
            return Trials()
        return Trials(_trial(one) for one in values["trials"])
    except (OSError, KnownError, ValueError, KeyError, TypeError, RecursionError):
        return Trials()


def trials_of(entries: Iterable[DeviceTested]) -> Trials:
    """The trials of devices that the journal has; the entries come in its order."""
    found = Trials()
    for one in entries:
        with suppress(ValueError):
            DeviceFamily(one.part)  # a forged line may name anything
            at = datetime.strptime(one.happened, _STAMP).replace(tzinfo=UTC)
            kind = TestKind(one.test)
            found.add(
                Trial(
                    one.part, kind, at, one.driver, one.hardware, one.passed == 1, one.app, one.by
                )
            )
    return found


def device_facts(
    machine: Machine, trials: Trials, found: Sequence[PluggedIn], today: date
) -> tuple[DeviceFacts, ...]:
    """Each device of the settings. Raises `KnownError` as `hardware_of` does."""
    return tuple(_facts(one, trials, found, today) for one in machine.devices)


def _facts(device: Device, trials: Trials, found: Sequence[PluggedIn], today: date) -> DeviceFacts:
    hardware = hardware_of(device, found)
    if named(drivers(device.family), device.driver).is_simulated:
        return DeviceFacts(device, hardware, None)
    wanted = Wanted(device.family.value, device.driver, hardware)
    return DeviceFacts(device, hardware, trials.judge(wanted, __version__, today))


class TrialBook:
    """Writes down what the self-test finds; used on one lane."""

    def __init__(
        self, folder: StationFolder, now: Callable[[], datetime], look: Look = plugged_in
    ) -> None:
        self._folder, self._now, self._look = folder, now, look

    def subject(self, family: DeviceFamily | None) -> tuple[str, str]:
        """Driver and hardware that a test of this family tries now; empty for the computer."""
        if family is None:
            return "", ""
        try:
            wanted = read_machine(self._folder.settings).device(family)
            return (
                ("", "") if wanted is None else (wanted.driver, hardware_of(wanted, self._look()))
            )
        except KnownError:
            return "", ""

    def note(self, part: str, test: TestKind, subject: tuple[str, str], *, passed: bool) -> None:
        """Write down the end of a test, durably.

        A station that is not set up keeps none. Raises `KnownError` as `replace_file` and
        `add_pending` do.
        """
        folder = self._folder
        if not folder.public_identity.exists():
            return
        driver, hardware = subject
        trial = Trial(part, test, self._now(), driver, hardware, passed, __version__)
        trials = read_trials(folder)
        trials.add(trial)
        record = {"format": _FORM, "trials": [_values(one) for one in trials.each]}
        replace_file(trials_file(folder), (json.dumps(record, indent=1) + "\n").encode())
        if driver:
            facts = _values(trial) | {"passed": int(passed)}
            del facts["at"]
            add_pending(
                folder.pending_events, DeviceTested.kind, facts, trial.at, may_be_left_out=True
            )


def _values(one: Trial) -> dict[str, Any]:
    return {
        "app": one.app,
        "at": one.at.astimezone(UTC).strftime(_STAMP),
        "by": one.by,
        "driver": one.driver,
        "hardware": one.hardware,
        "part": one.part,
        "passed": one.passed,
        "test": one.test.value,
    }


def _trial(values: Any) -> Trial:
    """Raises `ValueError`, `KeyError` or `TypeError`."""
    texts = {name: values[name] for name in ("part", "driver", "hardware", "app", "by")}
    if not all(isinstance(one, str) for one in texts.values()):
        raise ValueError("it is not a text")
    if type(values["passed"]) is not bool:
        raise ValueError("it is neither passed nor not")
    at = datetime.strptime(values["at"], _STAMP).replace(tzinfo=UTC)
    return Trial(test=TestKind(values["test"]), at=at, passed=values["passed"], **texts)
