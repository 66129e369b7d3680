"""Ports for servers of a test's own, which nobody takes before the server or while it is away."""

import os
import socket

_FIRST, _COUNT = 20_000, 10_000
"""Below the ports that Linux hands to connections and to `bind` to 0 (mostly from 32768)."""


def free_port(*, in_a_row: int = 1) -> int:
    """The first of `in_a_row` neighbouring ports on which nothing listens or lingers.

    A port that the system chose may be handed to another program of the machine between the choice
    and its use, and while a printer of a test is unplugged. Each process looks in its own place.
    """
    mine = os.getpid() * 100
    for step in range(0, _COUNT - in_a_row, in_a_row):
        port = _FIRST + (mine + step) % (_COUNT - in_a_row)
        if all(_is_free(port + one) for one in range(in_a_row)):
            return port
    raise AssertionError("no port is free")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True
