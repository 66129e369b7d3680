"""The voter list file: written by the centre, read by the station.

A list is handed encoded fingers and never makes them. `write_list` makes a `*.vlist`
file, `VoterList` reads it, `list_faults` checks every byte of it, `list_hash` names it.
"""

from station_app.snapshots.demo_key import PUBLIC_DEMO_LIST_KEY
from station_app.snapshots.header import ListHeader, ListKind
from station_app.snapshots.integrity import list_faults, list_hash
from station_app.snapshots.reader import VoterList
from station_app.snapshots.writer import write_list

__all__ = [
    "PUBLIC_DEMO_LIST_KEY",
    "ListHeader",
    "ListKind",
    "VoterList",
    "list_faults",
    "list_hash",
    "write_list",
]
