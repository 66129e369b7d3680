"""Certified readers of national programmes: MOSIP's Secure Biometric Interface, 0.9.5.

The reader's own service listens on a port of the loopback and speaks HTTP with verbs of its own.
RCAPTURE (registration) gives images in the clear, signed; CAPTURE (authentication) encrypts them
for a server that a station does not have. Whoever can open a port on this computer can answer as a
reader, so that an image counts only when its signature leads to a root certificate that the
station's settings pin, and answers what was asked: the transaction, the finger, the environment.

Specification: MOSIP documentation, "Secure Biometric Interface specification", version 0.9.5.
"""

import base64
import binascii
import hashlib
import http.client
import json
import secrets
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from station_app.devices.finger_scanner import DecodeFinger, ScannerInfo, StopToken, Tell
from station_app.devices.hosted.faults import FAULTS
from station_app.devices.hosted.protocol import FaultCode
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.samples import CaptureResult, Retry, RetryReason, Stopped
from station_app.vault import DeviceRoots

PORTS: Final = range(4501, 4601)
_ENVIRONMENT: Final = "Production"
"""Not the port's: one person may change that, and a test reader may lead to the same root."""
VERSION: Final = "0.9.5"
_HOST: Final = "127.0.0.1"
_KIND: Final = "Finger"
_NAMED: Final = "sbi:"
_CAPTURE: Final = "/capture"
_LARGEST: Final = 8 * 1024 * 1024
_LARGEST_WORDS: Final = 256 * 1024
"""Of an answer without an image: 25 are waited for at once."""
_LOOK_S: Final = 1.0
_LOOKED_AT_ONCE: Final = 25
_MOST_DEVICES: Final = 8
_ANSWER_S: Final = 5.0
_CAPTURE_S: Final = 3.0
"""A capture cannot be cancelled, so each is short; a late answer is thrown away."""
_LATEST: Final = timedelta(minutes=5)
_SCORE: Final = "40"
_RIGHT_HAND: Final = (
    "Right IndexFinger", "Right MiddleFinger", "Right RingFinger", "Right LittleFinger",
)  # fmt: skip
_ASKED: Final = _RIGHT_HAND[0]
_SLAP: Final = "Slap"
_RIGHT_SLAP: Final = "2"

_STANDARD: Final = str.maketrans("-_", "+/")

_NOBODY, _BUSY, _NOT_READY = "101", "111", "110"
_SAME: Final = {"701": _NOBODY, "703": _BUSY, "705": _NOT_READY}
"""MOSIP's own mock service says capture timed out, capture under way and device not connected by
codes of its own; services written after it may do as well.
"""
_MENDABLE: Final = {"102": RetryReason.NOT_A_FINGER, "105": RetryReason.OFF_CENTRE}


@dataclass(frozen=True, slots=True)
class SbiDevice:
    """A reader that a service says it has; nothing of it is proven."""

    port: int
    device_id: str
    serial: str
    title: str
    kind: str

    @property
    def identity(self) -> str:
        """What settings remember of it."""
        return _NAMED + self.serial


def sbi_devices(ports: Sequence[int] = PORTS) -> list[SbiDevice]:
    """What the services on this computer's ports say they have, in the ports' order.

    Each is given a second; ports that answer nothing together take no longer than a few.
    """
    with ThreadPoolExecutor(_LOOKED_AT_ONCE, "sbi-look") as lookers:
        found = list(lookers.map(_devices_at, ports))
    return [one for devices in found for one in devices]


def _devices_at(port: int) -> list[SbiDevice]:
    try:
        answer = _ask(port, "MOSIPDISC", "/device", {"type": _KIND}, _LOOK_S)
    except (OSError, http.client.HTTPException, ValueError):
        return []
    said = answer[:_MOST_DEVICES] if isinstance(answer, list) else []
    return [found for one in said if (found := _device(port, one)) is not None]


class SbiScanner:
    """The reader whose serial number `port` names (`sbi:SN-4711`), else the first.

    `roots` reads the pinned certificates when the reader is opened and may raise `KnownError`;
    `now` is the clock (aware).
    """

    is_simulated = False

    def __init__(
        self,
        port: str,
        roots: Callable[[], DeviceRoots],
        decode: DecodeFinger,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ports: Sequence[int] = PORTS,
    ) -> None:
        """Raises `KnownError` `settings_refused` for a port it cannot read."""
        self._serial = _serial(port)
        self._pinned, self._roots = roots, DeviceRoots(())
        self._decode, self._now, self._ports = decode, now, ports
        self._device: SbiDevice | None = None
        self._asking: _Question | None = None
        self._must_lift = True

    def find(self) -> bool:
        """Whether a service says that it has the reader."""
        return bool(self._found())

    def open(self) -> ScannerInfo:
        """Find the reader, and have its service prove who it is."""
        self._roots = self._pinned()
        if not self._roots:
            raise DeviceFaultError(
                Code.SCANNER_UNPROVEN,
                "No root certificate of certified readers is in the signed settings. Add the one "
                "of the programme, then open the station again.",
            )
        self.close()
        self._device, identity = self._first_proven()
        self._must_lift = True
        words = (_line(identity.get(name)) for name in ("make", "model"))
        return ScannerInfo(" ".join(words).strip() or "Certified reader", 500, 0, 0)

    def capture(self, stop: StopToken, tell: Tell) -> CaptureResult:
        """The next finger; one that lies there already is waited out."""
        if self._must_lift and not self.wait_finger_off(stop):
            return Stopped()
        while not stop.stopped:
            answer = self._answer(stop, _CAPTURE_S)
            if isinstance(answer, bytes):
                self._must_lift = True
                return self._image(answer)
            if isinstance(answer, Retry):
                return answer
        return Stopped()

    def wait_finger_off(self, stop: StopToken) -> bool:
        """True once the reader has found no finger."""
        while not stop.stopped:
            answer = self._answer(stop, 1.0)
            if answer == _NOBODY:
                self._must_lift = False
                return True
        return False

    def close(self) -> None:
        """Forget the reader; what it is still asked for ends by its own time."""
        self._device = None

    def _image(self, record: bytes) -> CaptureResult:
        try:
            return self._decode(record, "The reader's image", 500)
        except KnownError:
            return Retry(RetryReason.NOT_A_FINGER)

    def _answer(self, stop: StopToken, seconds: float) -> bytes | Retry | str:
        """A record, a reason to try again, `_NOBODY`, or "" when stopped or busy."""
        device = self._device
        if device is None:
            raise DeviceLostError("the reader is not open")
        if self._asking is not None:  # the last answer is nobody's: wait until it has come
            if not self._asking.wait(stop):
                return ""
            self._asking = None
        transaction = secrets.token_hex(8)
        body = self._request(device, transaction, seconds)
        self._asking = _Question(device.port, body, seconds + _ANSWER_S)
        if not self._asking.wait(stop):
            return ""
        answer, self._asking = self._asking.answer(), None
        code, item = _only(answer)
        if code == _BUSY:
            stop.wait(0.2)
            return ""
        if code == _NOBODY:
            return _NOBODY
        if code in _MENDABLE:
            return Retry(_MENDABLE[code])
        if code == _NOT_READY:
            raise DeviceLostError("the reader is not ready")
        if code != "0":
            raise self._fault("The reader reports a fault. Unplug it, plug it in again, try again.")
        return self._record(item, transaction)

    def _request(self, device: SbiDevice, transaction: str, seconds: float) -> dict[str, Any]:
        is_slap = device.kind == _SLAP
        others = [one for one in _RIGHT_HAND if one != _ASKED] if is_slap else []
        # Numbers are texts: newer services refuse others.
        return {
            "env": _ENVIRONMENT,
            "purpose": "Registration",
            "specVersion": VERSION,
            "timeout": str(int(seconds * 1000)),
            "captureTime": self._now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "transactionId": transaction,
            "bio": [
                {
                    "type": _KIND,
                    "count": "1",
                    "bioSubType": [_ASKED],
                    "exception": others,
                    "requestedScore": _SCORE,
                    "deviceId": device.device_id,
                    "deviceSubId": _RIGHT_SLAP if is_slap else "1",
                    "previousHash": "",
                }
            ],
            "customOpts": None,
        }

    def _record(self, item: Mapping[str, Any], transaction: str) -> bytes:
        """The image, proven. Raises `DeviceFaultError`."""
        try:
            return self._proven(item, transaction)
        except ValueError as error:
            raise self._unproven(error) from error

    def _proven(self, item: Mapping[str, Any], transaction: str) -> bytes:
        """The signed image that answers this transaction. Raises `ValueError`."""
        said = self._roots.payload(_text(item, "data"), self._now())
        identity = self._roots.payload(_text(said, "digitalId"), self._now())
        record = _plain(_text(said, "bioValue"))
        # The chain begins anew with each capture: the hash of nothing, then of the image.
        chain = hashlib.sha256(b"").digest() + hashlib.sha256(record).digest()
        if _text(item, "hash").lower() != hashlib.sha256(chain).hexdigest():
            raise ValueError("the hash is another image's")
        expected = {
            "transactionId": transaction,
            "bioType": _KIND,
            "bioSubType": _ASKED,
            "purpose": "Registration",
            "env": _ENVIRONMENT,
        }
        for name, value in expected.items():
            if said.get(name) != value:
                raise ValueError(f"its {name} is not what was asked for")
        if self._device is None or _line(identity.get("serialNo")) != self._device.serial:
            raise ValueError("another reader answers")
        self._refuse_old(_text(said, "timestamp"))
        return record

    def _refuse_old(self, text: str) -> None:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        if abs(moment - self._now()) > _LATEST:
            raise ValueError("its time is another")

    def _first_proven(self) -> tuple[SbiDevice, dict[str, Any]]:
        """The reader and its signed identity: whatever else claims its number is passed over."""
        fault: KnownError = DeviceLostError("no service on this computer has the reader")
        for device in self._found():
            try:
                return device, self._identity(device)
            except (DeviceFaultError, DeviceLostError) as error:
                fault = error
        raise fault

    def _identity(self, device: SbiDevice) -> dict[str, Any]:
        try:
            answer = _ask(device.port, "MOSIPDINFO", "/info", {"type": _KIND}, _ANSWER_S)
        except (OSError, http.client.HTTPException) as error:
            raise DeviceLostError("the reader's service is gone") from error
        except ValueError as error:
            raise self._unproven(error) from error
        reasons: list[ValueError] = []
        for one in answer[:_MOST_DEVICES] if isinstance(answer, list) else ():
            try:
                said = self._roots.payload(_text(one, "deviceInfo"), self._now())
                identity = self._roots.payload(_text(said, "digitalId"), self._now())
            except ValueError as error:
                reasons.append(error)
                continue
            if _line(identity.get("serialNo")) == device.serial:
                self._refuse_unready(_line(said.get("deviceStatus")))
                return identity
        raise self._unproven(reasons[0] if reasons else ValueError("the reader says nothing"))

    def _refuse_unready(self, status: str) -> None:
        is_own_capture = self._asking is not None and not self._asking.is_done
        if status == "Ready" or (status == "Busy" and is_own_capture):
            return
        if status == "Busy":
            raise DeviceFaultError(*FAULTS[FaultCode.BUSY])
        raise DeviceLostError("the reader is not ready")

    def _unproven(self, why: Exception) -> KnownError:
        self.close()
        return DeviceFaultError(
            Code.SCANNER_UNPROVEN,
            f"What answers as a certified reader cannot be believed: {_line(str(why))}. Check the "
            "computer's clock, and the root certificate in the settings.",
        )

    def _fault(self, sentence: str) -> KnownError:
        self.close()
        return DeviceFaultError(Code.DEVICE_FAULT, sentence)

    def _found(self) -> list[SbiDevice]:
        found = sbi_devices(self._ports)
        return [one for one in found if self._serial in ("", one.serial)][:_MOST_DEVICES]


class _Question:
    """One request on a thread of its own, which ends by the request's time."""

    def __init__(self, port: int, body: Mapping[str, Any], patience: float) -> None:
        self._done = threading.Event()
        self._answer: object = None
        self._fault: Exception | None = None
        arguments = (port, body, patience)
        threading.Thread(target=self._run, args=arguments, name="sbi", daemon=True).start()

    @property
    def is_done(self) -> bool:
        """Whether it was answered, or will not be."""
        return self._done.is_set()

    def wait(self, stop: StopToken) -> bool:
        """True when the answer is there, False when stopped first."""
        while not self._done.is_set():
            if stop.wait(0.02):
                return False
        return True

    def answer(self) -> object:
        """What came. Raises `DeviceLostError` where the service is gone."""
        if self._fault is not None:
            raise DeviceLostError("the reader's service does not answer") from self._fault
        return self._answer

    def _run(self, port: int, body: Mapping[str, Any], patience: float) -> None:
        try:
            self._answer = _ask(port, "RCAPTURE", _CAPTURE, body, patience)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._fault = error
        finally:
            self._done.set()


def _ask(port: int, verb: str, path: str, body: Mapping[str, Any], patience: float) -> object:
    """One question, one connection. Raises `OSError`, `HTTPException`, `ValueError`."""
    largest = _LARGEST if path == _CAPTURE else _LARGEST_WORDS
    connection = http.client.HTTPConnection(_HOST, port, timeout=patience)
    try:
        connection.connect()
        # The timeout is that of one read: who sends a byte a second would never be late.
        end = threading.Timer(patience, _shut, [connection.sock])
        end.start()
        try:
            headers = {"Content-Type": "application/json"}
            connection.request(verb, path, json.dumps(body), headers)
            with connection.getresponse() as answer:
                data = answer.read(largest + 1)
        finally:
            end.cancel()
    finally:
        connection.close()
    if len(data) > largest:
        raise ValueError("the answer is too long")
    try:
        return json.loads(data)
    except RecursionError as error:
        raise ValueError("the answer is no JSON") from error


def _shut(link: socket.socket) -> None:
    with suppress(OSError):  # closed already
        link.shutdown(socket.SHUT_RDWR)


def _only(answer: object) -> tuple[str, Mapping[str, Any]]:
    """The error code of the answer's only image, "0" for none, and the image."""
    items = answer.get("biometrics") if isinstance(answer, dict) else None
    item = items[0] if isinstance(items, list) and len(items) == 1 else answer
    if not isinstance(item, dict):
        return "", {}
    error = item.get("error")
    code = error.get("errorCode") if isinstance(error, dict) else None
    if code is None:
        code = "0" if "data" in item else ""
    said = _line(code)
    return _SAME.get(said, said), item


def _device(port: int, said: object) -> SbiDevice | None:
    if not isinstance(said, dict):
        return None
    error = said.get("error")
    if isinstance(error, dict) and _line(error.get("errorCode")) not in ("", "0", _BUSY):
        return None  # busy is plugged in: perhaps a capture of ours has not ended yet
    try:
        identity = json.loads(_plain(_text(said, "digitalId")))
    except (ValueError, RecursionError):
        return None
    serial = _line(identity.get("serialNo")) if isinstance(identity, dict) else ""
    device_id = _line(said.get("deviceId"))
    if not serial or not device_id or " " in serial:
        return None
    return SbiDevice(
        port=port,
        device_id=device_id,
        serial=serial,
        title=f"{_line(identity.get('make'))} {_line(identity.get('model'))}".strip(),
        kind=_line(identity.get("deviceSubType")),
    )


def _serial(port: str) -> str:
    """The serial number that it names, empty for any."""
    serial = port.strip().removeprefix(_NAMED)
    if port.strip() and (not port.strip().startswith(_NAMED) or not serial or " " in serial):
        raise KnownError(
            Code.SETTINGS_REFUSED,
            f"The port of a certified reader is {_NAMED} and its serial number, or empty for the "
            "first one.",
        )
    return serial


def _line(value: object) -> str:
    """What a device says, as one short printable line."""
    text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    return "".join(one for one in text[:64] if one.isprintable()).strip()


def _text(said: object, name: str) -> str:
    value = said.get(name) if isinstance(said, dict) else None
    if not isinstance(value, str):
        raise ValueError(f"it has no {name}")  # noqa: TRY004  (what was read)
    return value


def _plain(text: str) -> bytes:
    """Base 64 with either alphabet, with or without its padding."""
    plain = text.translate(_STANDARD).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("it is not base 64") from error
