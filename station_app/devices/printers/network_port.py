"""A printer at the end of a network cable: raw bytes over TCP, as port 9100 of most printers takes.

Nothing of it is sealed or signed: `docs/threat-model.md` says what that means. Only addresses
that belong to no public network are taken, and no names: a station asks no name server.
"""

import contextlib
import ipaddress
import re
import socket
import struct
from dataclasses import dataclass
from typing import Final

from station_app.devices.printers.byte_port import PrinterLine
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceLostError

RAW_PORT: Final = 9100
_CONNECT_S: Final = 2.0
_UNANSWERED_MS: Final = 5000
_UNSENT: Final = 8192
"""Bytes the computer may hold: with more of them nobody sees that the printer takes none."""
_URL: Final = re.compile(r"tcp://([0-9.]{7,15})(?::([0-9]{1,5}))?", re.ASCII)
_NETWORKS: Final = tuple(
    map(
        ipaddress.IPv4Network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8"),
    )
)


@dataclass(frozen=True, slots=True)
class NetworkAddress:
    """An IPv4 address of a private network, and a TCP port."""

    host: str
    port: int = RAW_PORT

    def __str__(self) -> str:
        return f"tcp://{self.host}:{self.port}"

    @property
    def has_route(self) -> bool:
        """Whether this computer has a way to the address; nothing is sent to find out."""
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
                asking.connect((self.host, self.port))
        except OSError:
            return False
        return True


def network_address(text: str) -> NetworkAddress | None:
    """The address in `tcp://192.168.1.50:9100`; None for a name or a public address."""
    found = _URL.fullmatch(text)
    if found is None:
        return None
    port = int(found[2] or RAW_PORT)
    try:
        host = ipaddress.IPv4Address(found[1])
    except ValueError:
        return None
    if not 0 < port <= 65535 or not any(host in network for network in _NETWORKS):
        return None
    return NetworkAddress(str(host), port)


class NetworkPort(PrinterLine):
    """An open connection."""

    def __init__(self, to: NetworkAddress) -> None:
        """Connect within two seconds. Raises `DeviceLostError` where nothing answers."""
        try:
            self._socket = socket.create_connection((to.host, to.port), _CONNECT_S)
        except OSError as error:
            raise DeviceLostError(f"nothing answers at {to}", Code.PRINTER_LOST) from error
        self._socket.setblocking(False)
        for level, option, value in (
            (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
            (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNANSWERED_MS),
            (socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT),
        ):
            self._socket.setsockopt(level, option, value)
        super().__init__(self._socket.fileno(), ends_empty=True)

    def close(self) -> None:
        """See `PrinterLine.close`. Resets the connection: what was not sent stays unprinted."""
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()
