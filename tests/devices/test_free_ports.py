"""Ports that a test's servers take."""

import socket

from tests.devices.free_ports import free_port


def test_a_port_whose_neighbour_is_taken_is_not_the_first_of_two() -> None:
    alone = free_port()
    with socket.create_server(("127.0.0.1", alone + 1)):
        assert free_port() == alone
        first = free_port(in_a_row=2)
        assert alone + 1 not in (first, first + 1)
