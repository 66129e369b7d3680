"""tlog-tiles logs: their names and contents, and that any change to one is found."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.domain.errors import KnownError
from station_app.journal.tlog_tiles import SignedLog, hash_tiles, log_files, read_log, tile_name
from station_app.journal.tree import leaf_hash, tree_root
from tests.journal.journal_samples import ORIGIN, Station
from tests.journal.log_samples import KEY, leaves_of, log_of, made_up, signed_note


def _refused(files: dict[str, bytes], key: bytes | None = KEY) -> str:
    with pytest.raises(KnownError) as caught:
        read_log(files, key)
    assert caught.value.code == "log_damaged"
    return caught.value.message


def test_names() -> None:
    """The examples of the specification."""
    assert tile_name("0", 1234067, 256) == "tile/0/x001/x234/067"
    assert tile_name("entries", 0, 8) == "tile/entries/000.p/8"
    assert tile_name("1", 999, 256) == "tile/1/999"
    assert tile_name("1", 1000, 1) == "tile/1/x001/000.p/1"


def test_a_tree_of_70000() -> None:
    """The specification's own example: which tiles there are, and how wide."""
    tiles = dict(hash_tiles([leaf_hash(b"")] * 70_000))
    for level, full, partial in ((0, 273, 112), (1, 1, 17), (2, 0, 1)):
        names = [name for name in tiles if name.startswith(f"tile/{level}/")]
        assert len(names) == full + 1
        assert len(tiles[tile_name(str(level), full, partial)]) == 32 * partial
    assert len(tiles) == 277


def test_a_tree_of_256() -> None:
    leaves = [b"leaf"] * 256
    hashes = [leaf_hash(leaf) for leaf in leaves]
    files = log_of(leaves)
    assert sorted(files) == ["checkpoint", "tile/0/000", "tile/1/000.p/1", "tile/entries/000"]
    assert files["tile/0/000"] == b"".join(hashes)
    assert files["tile/1/000.p/1"] == tree_root(hashes)
    assert files["tile/entries/000"] == b"\x00\x04leaf" * 256


def test_a_day(station: Station) -> None:
    station.write_day()
    leaves = leaves_of(station)
    note = station.head.read_text()
    files = dict(log_files(note, leaves))
    expected = SignedLog(
        origin=ORIGIN,
        size=12,
        root=tree_root([leaf_hash(leaf) for leaf in leaves]),
        public_key=KEY,
        key_is_given=True,
        note=note,
        leaves=tuple(leaves),
    )
    assert read_log(files, KEY) == expected
    log = read_log(files, None)
    assert not log.key_is_given
    assert log.public_key == KEY
    assert log.leaves == expected.leaves


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 513, 1025])
def test_sizes_around_the_width(size: int) -> None:
    leaves = made_up(size)
    assert read_log(log_of(leaves), KEY).leaves == tuple(leaves)
    assert read_log(log_of(leaves), None).size == size


def test_an_empty_log_needs_a_key() -> None:
    files = log_of([])
    assert list(files) == ["checkpoint"]
    assert read_log(files, KEY).size == 0
    assert "names no key" in _refused(files, None)


def test_a_very_large_level_two() -> None:
    leaves = [b""] * 66_000
    assert read_log(log_of(leaves), KEY).size == 66_000


def test_other_files_are_ignored() -> None:
    files = log_of(made_up(3)) | {"station.json": b"{}", "papers/protocol.pdf": b""}
    assert read_log(files, KEY).size == 3


@settings(max_examples=60)
@given(st.integers(1, 600), st.booleans(), st.data())
def test_any_changed_byte_is_found(size: int, given_key: bool, data: st.DataObject) -> None:
    files = log_of(made_up(size))
    name = data.draw(st.sampled_from(sorted(one for one in files if files[one])))
    content = bytearray(files[name])
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    _refused(files | {name: bytes(content)}, KEY if given_key else None)


@settings(max_examples=30)
@given(st.integers(1, 600), st.data())
def test_any_missing_or_cut_file_is_found(size: int, data: st.DataObject) -> None:
    files = log_of(made_up(size))
    name = data.draw(st.sampled_from(sorted(files)))
    _refused({one: content for one, content in files.items() if one != name})
    _refused(files | {name: files[name][:-1]})
    _refused(files | {name: files[name] + b"\x00"})


@pytest.mark.parametrize("name", ["tile/0/001", "tile/entries/000.p/2", "tile/2/000.p/1"])
def test_a_tile_too_many(name: str) -> None:
    assert "belongs to no log of 3 entries" in _refused(log_of(made_up(3)) | {name: b""})


def test_an_older_note_over_more_entries() -> None:
    leaves = made_up(300)
    files = log_of(leaves) | {"checkpoint": signed_note(leaves[:299]).encode()}
    assert "tile/entries/001.p/43 is missing" in _refused(files)


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        (b"\xff", "not a signed checkpoint"),
        (b"nothing", "not a signed checkpoint"),
        (b"origin\n3\n", "checkpoint fails (it is not a signed checkpoint)"),
        (b"origin\n500000\n", "entries/000 is missing"),
        (b"origin\n500001\n", "more than 500,000 entries"),
        (b"origin\n9999999999999999999\n", "more than 500,000 entries"),
    ],
)
def test_no_note(note: bytes, reason: str) -> None:
    assert reason in _refused(log_of(made_up(3)) | {"checkpoint": note}, None)


def test_another_key() -> None:
    assert "another key" in _refused(log_of(made_up(3)), bytes(32))


@pytest.mark.parametrize("first", [b"", b"[]", b"{}", b'{"public_key":1}', b'{"public_key":"0"}'])
def test_a_first_entry_without_a_key(first: bytes) -> None:
    assert "names no key" in _refused(log_of([first, b"second"]), None)


def test_a_first_entry_with_a_key_of_another_kind() -> None:
    assert "another key" in _refused(log_of([b'{"public_key":"00ff"}']), None)


def test_entries_too_long_do_not_exist() -> None:
    longest = b"x" * 65535
    assert read_log(log_of([longest]), KEY).leaves == (longest,)
    with pytest.raises(KnownError) as caught:
        log_of([b"", longest + b"x"])
    assert caught.value.code == "entry_too_long"
    assert caught.value.message.startswith("Entry 2 ")
