"""A journal as files that any log tool reads: a C2SP tlog-tiles log.

The layout is https://c2sp.org/tlog-tiles: `checkpoint` is the signed note,
`tile/entries/<N>` holds 256 entries, each after its length, `tile/<L>/<N>` 256 hashes: of
leaves on level 0, of whole tiles one level below on every other. The last of a level is
partial, `.p/<W>` of width W.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Final

from station_app.domain.errors import KnownError
from station_app.journal.proofs import tree_root
from station_app.journal.tree import leaf_hash

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
                    "entry_too_long",
                    f"Entry {number} is longer than any entry is. Keep the journal as it is "
                    "and call the commission's technician.",
                )
            packed += (_LENGTH.pack(len(leaf)), leaf)
        yield name, b"".join(packed)
