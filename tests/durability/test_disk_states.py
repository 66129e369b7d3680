"""The model of the replay on histories written by hand."""

from collections.abc import Sequence

from tests.durability.disk_states import History
from tests.durability.recording import Kind, Operation

OLD, NEW = b"o" * 1024, b"n" * 1024
CREATE = Operation(Kind.CREATE, "file", inode=7)
WRITE_OLD = Operation(Kind.WRITE, "file", inode=7, data=OLD)
WRITE_NEW = Operation(Kind.WRITE, "file", inode=7, data=NEW)
SYNC_FILE = Operation(Kind.SYNC, "file", inode=7)
SYNC_FOLDER = Operation(Kind.SYNC, ".", inode=1)
SAY = Operation(Kind.SAID, data=b"done\n")


def contents(operations: Sequence[Operation], said: str = "") -> set[bytes | None]:
    """What the name can lead to once this was said; None where it is not there."""
    states = [state for state in History(operations).states() if state.said == said]
    return {state.files.get("file") for state in states}


def test_what_was_synced_is_there() -> None:
    whole = [CREATE, WRITE_OLD, SYNC_FILE, SYNC_FOLDER, SAY]
    assert contents(whole, "done\n") == {OLD}


def test_a_name_needs_its_folder_and_content_its_file() -> None:
    assert contents([CREATE, WRITE_OLD, SYNC_FILE, SAY], "done\n") == {None, OLD}
    torn = {OLD[:512], b"\0" * 512 + OLD[512:]}
    assert contents([CREATE, WRITE_OLD, SYNC_FOLDER, SAY], "done\n") == {b"", OLD, *torn}


def test_a_write_is_torn_where_sectors_meet() -> None:
    synced = [CREATE, WRITE_OLD, SYNC_FILE, SYNC_FOLDER, SAY]
    half = 512
    assert contents([*synced, WRITE_NEW], "done\n") == {
        OLD,
        NEW,
        NEW[:half] + OLD[half:],
        OLD[:half] + NEW[half:],
    }


def test_a_later_write_without_an_earlier_one() -> None:
    behind = Operation(Kind.WRITE, "file", inode=7, offset=1024, data=NEW)
    assert b"\0" * 1024 + NEW in contents([CREATE, WRITE_OLD, behind])


def test_a_rename_and_an_inode_that_is_used_again() -> None:
    draft = Operation(Kind.CREATE, "file.new", inode=8)
    write = Operation(Kind.WRITE, "file.new", inode=8, data=NEW)
    sync = Operation(Kind.SYNC, "file.new", inode=8)
    rename = Operation(Kind.RENAME, "file.new", target="file")
    again = Operation(Kind.CREATE, "file.new", inode=7)
    old = [CREATE, WRITE_OLD, SYNC_FILE, SYNC_FOLDER, SAY]
    assert contents([*old, draft, write, sync, rename], "done\n") == {OLD, NEW}
    done = [*old, draft, write, sync, rename, SYNC_FOLDER, again, Operation(Kind.SAID, data=b"+")]
    assert contents(done, "done\n+") == {NEW}
    assert History(done).at_the_end() == {"file": NEW, "file.new": b""}


def test_what_is_in_a_folder_goes_with_its_name() -> None:
    make = Operation(Kind.MKDIR, "folder")
    inside = Operation(Kind.CREATE, "folder/file", inode=9)
    sync = Operation(Kind.SYNC, "folder", inode=2)
    found = [dict(state.files) for state in History([make, inside, sync, SAY]).states()]
    assert found[-1] == {"folder": None, "folder/file": b""}
    assert {} in found
    named = [state.files for state in History([make, SYNC_FOLDER, inside, sync, SAY]).states()]
    assert named[-1] == {"folder": None, "folder/file": b""}
