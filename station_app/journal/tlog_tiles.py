"""A journal as a C2SP tlog-tiles log (https://c2sp.org/tlog-tiles): its files, and reading them.

`checkpoint` is the signed note, `tile/entries/<N>` holds 256 entries, each after its length,
`tile/<L>/<N>` 256 hashes: of leaves on level 0, of whole tiles one level below on every other.
The last tile of a level is partial, `.p/<W>` of width W. `read_log` takes a log from anywhere and
trusts only the key.
"""

import json
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal.checkpoints import read_note
from station_app.journal.tree import leaf_hash, tree_root

CHECKPOINT: Final = "checkpoint"
TILES: Final = "tile/"
WIDTH: Final = 256
LONGEST_ENTRY: Final = 65535
_LENGTH: Final = struct.Struct(">H")


def log_files(note: str, leaves: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Names and contents of all files of the log with these leaves, whose signed note is given.

    Raises `KnownError` `entry_too_long` for a leaf of more than 65535 bytes.
    """
    yield CHECKPOINT, note.encode()
    yield from _bundles(leaves)
    yield from hash_tiles([leaf_hash(leaf) for leaf in leaves])


def hash_tiles(hashes: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the hash tiles over leaf hashes, level by level."""
    level = 0
    while hashes:
        for index, start in enumerate(range(0, len(hashes), WIDTH)):
            tile = hashes[start : start + WIDTH]
            yield tile_name(str(level), index, len(tile)), b"".join(tile)
        full = range(0, len(hashes) - WIDTH + 1, WIDTH)
        hashes = [tree_root(hashes[start : start + WIDTH]) for start in full]
        level += 1


def bundle_names(size: int) -> Iterator[tuple[str, int]]:
    """Names of the entry bundles of a log of `size` entries, and how many each holds."""
    for index, start in enumerate(range(0, size, WIDTH)):
        width = min(WIDTH, size - start)
        yield tile_name("entries", index, width), width


def read_bundle(content: bytes, width: int) -> list[bytes]:
    """The entries of a bundle. Raises `ValueError` unless it holds exactly `width`."""
    entries, at = [], 0
    for _ in range(width):
        body = at + _LENGTH.size
        if body > len(content):
            raise ValueError("it ends before its last entry")
        (length,) = _LENGTH.unpack_from(content, at)
        at = body + length
        entries.append(content[body:at])
    if at != len(content):
        raise ValueError("it does not end with its last entry")
    return entries


def tile_name(level: str, index: int, width: int) -> str:
    """The name of a tile; `level` is a number or `entries`, `width` 1 to 256.

    The index is written in groups of three digits, all but the last after an x, so that no
    folder has more than a thousand files.
    """
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"{TILES}{level}/{'/'.join(groups)}{partial}"


def _bundles(leaves: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    for index, (name, width) in enumerate(bundle_names(len(leaves))):
        start = index * WIDTH
        packed: list[bytes] = []
        for number, leaf in enumerate(leaves[start : start + width], start=start + 1):
            if len(leaf) > LONGEST_ENTRY:
                raise KnownError(
                    Code.ENTRY_TOO_LONG,
                    f"Entry {number} is longer than any entry is. Keep the journal as it is "
                    "and call the commission's technician.",
                )
            packed += (_LENGTH.pack(len(leaf)), leaf)
        yield name, b"".join(packed)


MOST_ENTRIES: Final = 500_000
"""In one log: a busy precinct's day has fewer than 50,000."""
_SIZE: Final = re.compile(r"[^\n]+\n(0|[1-9][0-9]{0,18})\n")


@dataclass(frozen=True, slots=True)
class SignedLog:
    """Entries that a signed checkpoint covers, each and all.

    `root` is the 32-byte root over the `size` leaves, `note` the signed note, `public_key` (32
    bytes) the key it is signed with. `key_is_given` is False when that is only the key that the
    first entry names.
    """

    origin: str
    size: int
    root: bytes
    public_key: bytes
    key_is_given: bool
    note: str
    leaves: tuple[bytes, ...]


def read_log(files: Mapping[str, bytes], public_key: bytes | None) -> SignedLog:
    """The log in `files`, contents by tlog-tiles names; other names than those are ignored.

    Checks the note's signature, the root over all entries, and every hash tile; a tile that
    is missing or that no log of this size has is a fault too. The contents of the entries are not
    checked; only the first one's `public_key` is read where no key (32 bytes) is given.

    Raises `KnownError` `log_damaged`.
    """
    try:
        return _read(files, public_key)
    except ValueError as fault:
        raise KnownError(
            Code.LOG_DAMAGED,
            f"The log is not what its station has signed: {fault}. Keep it as it is, and get "
            "it again from the station.",
        ) from fault


def _read(files: Mapping[str, bytes], public_key: bytes | None) -> SignedLog:
    note = _note(files)
    said = _SIZE.match(note)
    if said is None:
        raise ValueError("its checkpoint is not a signed checkpoint")
    if int(said[1]) > MOST_ENTRIES:
        raise ValueError(f"it names more than {MOST_ENTRIES:,} entries")
    leaves: tuple[bytes, ...] = ()
    if public_key is None:
        # Until the signature is checked below, its size is used for reading only.
        leaves = tuple(_leaves(files, int(said[1])))
        key = _key_of_first(leaves)
    else:
        key = public_key
    try:
        checkpoint = read_note(note, key)
    except ValueError as fault:
        raise ValueError(f"its checkpoint fails ({fault})") from fault
    leaves = leaves or tuple(_leaves(files, checkpoint.size))
    hashes = [leaf_hash(leaf) for leaf in leaves]
    if tree_root(hashes) != checkpoint.root:
        raise ValueError("its entries do not give the signed root")
    _check_tiles(files, hashes)
    return SignedLog(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        public_key=key,
        key_is_given=public_key is not None,
        note=note,
        leaves=leaves,
    )


def _note(files: Mapping[str, bytes]) -> str:
    try:
        return files[CHECKPOINT].decode()
    except KeyError as fault:
        raise ValueError("its checkpoint is missing") from fault
    except UnicodeDecodeError as fault:
        raise ValueError("its checkpoint is not a signed checkpoint") from fault


def _leaves(files: Mapping[str, bytes], size: int) -> Iterator[bytes]:
    for name, width in bundle_names(size):
        if name not in files:
            raise ValueError(f"{name} is missing")
        try:
            yield from read_bundle(files[name], width)
        except ValueError as fault:
            raise ValueError(f"{name} is damaged ({fault})") from fault


def _key_of_first(leaves: tuple[bytes, ...]) -> bytes:
    try:
        key = bytes.fromhex(json.loads(leaves[0])["public_key"])
    except (ValueError, IndexError, KeyError, TypeError, RecursionError) as fault:
        raise ValueError("its first entry names no key") from fault
    return key


def _check_tiles(files: Mapping[str, bytes], hashes: list[bytes]) -> None:
    known = {name for name, _ in bundle_names(len(hashes))}
    for name, content in hash_tiles(hashes):
        known.add(name)
        if name not in files:
            raise ValueError(f"{name} is missing")
        if files[name] != content:
            raise ValueError(f"{name} does not fit the entries")
    for name in sorted(files):
        if name.startswith(TILES) and name not in known:
            raise ValueError(f"{name} belongs to no log of {len(hashes)} entries")
