"""A device service written from MOSIP's Secure Biometric Interface 0.9.5: discovery, info, capture.

Its certificates are made for the run: a root, a maker's, and one for the service's key.
"""

import base64
import hashlib
import json
import struct
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """A key with its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def authority(
    name: str, by: Authority | None = None, *, may_issue: bool = True, days: int = 30
) -> Authority:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 60 * _DAY)
        .not_valid_after(now + days * _DAY)
        .add_extension(x509.BasicConstraints(may_issue, None), critical=True)
        .sign(by.key if by else key, SHA256())
    )
    return Authority(key, certificate)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(payload: dict[str, Any], chain: list[Authority], **header: Any) -> str:
    """A JSON web signature by the first of the chain."""
    certificates = [base64.b64encode(one.der).decode() for one in chain]
    head = {"alg": "RS256", "typ": "JWT", "x5c": certificates} | header
    text = f"{base64url(json.dumps(head).encode())}.{base64url(json.dumps(payload).encode())}"
    return f"{text}.{base64url(chain[0].key.sign(text.encode(), padding.PKCS1v15(), SHA256()))}"


def finger_record(
    image: bytes, width: int, height: int, packing: int, ppi: int = 500, *, after: bytes = b""
) -> bytes:
    """ISO/IEC 19794-4:2011 with one view; `after` are its blocks of extended data."""
    view = bytes(9) + b"\0" + bytes(4) + b"\1" + bytes((60, 0, 1, 0, 1)) + b"\2\1\1"
    view += struct.pack(">4H", ppi, ppi, ppi, ppi) + bytes((8, packing, 0))
    view += struct.pack(">HHI", width, height, len(image)) + image + after
    view = struct.pack(">I", 4 + len(view)) + view
    return b"FIR\x00020\x00" + struct.pack(">IHBB", 16 + len(view), 1, 0, 1) + view


@dataclass
class SbiService:
    """`record` lies on the glass where it is not None. `forge` changes what is signed, `spoil` what
    is sent; `says` is an error code instead of an image, `raw` another answer. It waits `waits_s`
    at most for a finger, and hangs for `hang_s` before. While it captures its discovery and info
    say "Busy", as MOSIP's mock service does.
    """

    chain: list[Authority]
    record: bytes | None = None
    serial: str = "SN-4711"
    status: str = "Ready"
    kind: str = "Single"
    forge: dict[str, Any] = field(default_factory=dict)
    spoil: dict[str, Any] = field(default_factory=dict)
    says: str = ""
    hang_s: float = 0.0
    waits_s: float = 0.02
    raw: bytes | None = None
    captures: int = 0
    asked: dict[str, Any] = field(default_factory=dict)
    port: int = 0

    def __post_init__(self) -> None:
        self._laid = threading.Event()
        self._capturing: list[str] = []
        self.plug_in()

    def plug_in(self) -> None:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                question = json.loads(self.rfile.read(length))
                answer = service.answer(self.command, self.path, question)
                data = json.dumps(answer).encode() if service.raw is None else service.raw
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_MOSIPDISC = do_MOSIPDINFO = do_RCAPTURE = _serve  # noqa: N815  (the verbs)

            def log_message(self, *_: Any) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._is_plugged = True
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(0.02,), daemon=True).start()

    @property
    def is_plugged(self) -> bool:
        return self._is_plugged

    def unplug(self) -> None:
        if self._is_plugged:
            self._is_plugged = False
            self._server.shutdown()
            self._server.server_close()

    def touch(self, record: bytes) -> None:
        self.record = record
        self._laid.set()

    def lift(self) -> None:
        self.record = None
        self._laid.clear()

    def _identity(self) -> dict[str, Any]:
        return {
            "serialNo": self.serial, "make": "Maker", "model": "M-1", "type": "Finger",
            "deviceSubType": self.kind, "deviceProvider": "Provider", "deviceProviderId": "P",
            "dateTime": _time(),
        }  # fmt: skip

    def answer(self, verb: str, path: str, question: dict[str, Any]) -> Any:
        match verb, path:
            case "MOSIPDISC", "/device":
                status = self._status()
                plain = base64url(json.dumps(self._identity()).encode())
                return [
                    {
                        "deviceId": "D-1", "deviceStatus": status, "digitalId": plain,
                        "deviceSubId": ["1"], "specVersion": ["0.9.5"], "purpose": "Registration",
                        "error": {"errorCode": "111" if status == "Busy" else "0"},
                    }
                ]  # fmt: skip
            case "MOSIPDINFO", "/info":
                said = {
                    "deviceStatus": self._status(), "deviceId": "D-1", "env": "Production",
                    "digitalId": signed(self._identity(), self.chain),
                }  # fmt: skip
                return [{"deviceInfo": signed(said, self.chain), "error": {"errorCode": "0"}}]
            case "RCAPTURE", "/capture":
                self.asked = question
                self._capturing.append(question["transactionId"])
                try:
                    return self._capture(question)
                finally:
                    self._capturing.remove(question["transactionId"])
            case _:
                return {"error": {"errorCode": "500"}}

    def _status(self) -> str:
        return "Busy" if self._capturing else self.status

    def _capture(self, question: dict[str, Any]) -> Any:
        time.sleep(self.hang_s)
        if self.says:
            return _refusal(self.says)
        if not self._laid.wait(min(self.waits_s, int(question["timeout"]) / 1000)):
            return _refusal("101")
        record = self.record
        if record is None:
            return _refusal("101")
        self.captures += 1
        said = {
            "digitalId": signed(self._identity(), self.chain), "bioType": "Finger",
            "bioSubType": question["bio"][0]["bioSubType"][0], "purpose": question["purpose"],
            "env": question["env"], "bioValue": base64url(record), "timestamp": _time(),
            "transactionId": question["transactionId"], "qualityScore": "80",
        } | self.forge  # fmt: skip
        digest = hashlib.sha256(hashlib.sha256(b"").digest() + hashlib.sha256(record).digest())
        item = {
            "specVersion": "0.9.5", "data": signed(said, self.chain), "hash": digest.hexdigest(),
            "error": {"errorCode": "0", "errorInfo": "Success"},
        }  # fmt: skip
        return {"biometrics": [item | self.spoil]}


def _refusal(code: str) -> dict[str, Any]:
    return {"biometrics": [{"error": {"errorCode": code, "errorInfo": "as the table says"}}]}


def _time() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
