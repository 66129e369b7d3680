"""The voter list file and the snapshot it travels in.

A list is handed encoded fingers and never makes them. `write_list` makes a `*.vlist`
file, `VoterList` reads it, `list_faults` checks every byte of it, `list_hash` names it.
`write_container` signs and seals a list into a `*.vsnap`, `verify_container` checks one,
`load_snapshot` puts its list into a station, `refuse_changed` reads it there and
`open_unchanged` opens it; `prove_list` or `put_list_back` follow the trial. `add_pending` records
what happens before anybody can sign it.
"""

from station_app.snapshots.container import (
    ManifestFields,
    is_container,
    read_manifest,
    verify_container,
    write_container,
)
from station_app.snapshots.header import (
    PUBLIC_DEMO_LIST_KEY,
    Kit,
    ListHeader,
    ListKind,
    refuse_invented_on_live,
)
from station_app.snapshots.list_opening import (
    CheckedFile,
    list_key,
    open_unchanged,
    refuse_changed,
    refuse_changed_since,
)
from station_app.snapshots.loaded import (
    LoadedList,
    archived_manifest,
    forget_list,
    list_before,
    loaded_list,
    prove_list,
    put_list_back,
    unload_list,
)
from station_app.snapshots.loading import (
    LoadedSnapshot,
    LoadingStation,
    LoadProgress,
    LoadStep,
    load_snapshot,
    refuse_outside_validity,
)
from station_app.snapshots.manifest import Manifest, Recipient
from station_app.snapshots.pending_events import (
    PendingEvent,
    PendingEvents,
    add_pending,
    drop_pending,
    keep_left_out,
    read_pending,
)
from station_app.snapshots.refusals import Refusal
from station_app.snapshots.voter_list import (
    StoredTemplate,
    VoterList,
    VoterPlace,
    list_faults,
    list_hash,
)
from station_app.snapshots.writer import write_list

__all__ = [
    "PUBLIC_DEMO_LIST_KEY",
    "CheckedFile",
    "Kit",
    "ListHeader",
    "ListKind",
    "LoadProgress",
    "LoadStep",
    "LoadedList",
    "LoadedSnapshot",
    "LoadingStation",
    "Manifest",
    "ManifestFields",
    "PendingEvent",
    "PendingEvents",
    "Recipient",
    "Refusal",
    "StoredTemplate",
    "VoterList",
    "VoterPlace",
    "add_pending",
    "archived_manifest",
    "drop_pending",
    "forget_list",
    "is_container",
    "keep_left_out",
    "list_before",
    "list_faults",
    "list_hash",
    "list_key",
    "load_snapshot",
    "loaded_list",
    "open_unchanged",
    "prove_list",
    "put_list_back",
    "read_manifest",
    "read_pending",
    "refuse_changed",
    "refuse_changed_since",
    "refuse_invented_on_live",
    "refuse_outside_validity",
    "unload_list",
    "verify_container",
    "write_container",
    "write_list",
]
