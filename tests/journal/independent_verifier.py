"""A second verifier of journals that have left their station, written from the formats alone.

    python tests/journal/independent_verifier.py DIR KEYHEX

DIR holds a C2SP tlog-tiles log (`checkpoint`, `tile/...`), KEYHEX is the station's Ed25519
public key. Standard library and `cryptography` only, nothing of the application: what both
find sound was not found sound by the same mistake. It checks the note's signature, the tree
(every entry, every hash tile), each leaf's JSON, at most one outcome a session, and that
nobody is identified twice unless the first identification was made void, or another day of
training was opened (or a day that an older version wrote down, which said no election); that a
live journal opens one day of one election; that a marked voter is left to the commission; that a
voter to whom a ballot was taken, or who is struck off, is not identified until that is undone, and
that no such act comes where no day is open, but on a live station before it; that a list which is
counted is the one in use, that whoever it leaves out is struck off, and that it has room for those
struck off whom it has. Prints `sound` and ends with 0, or the first fault and ends with 1.
"""

import base64
import hashlib
import json
import struct
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class UnsoundError(Exception):
    """The log is not what it should be."""


def need(condition: bool, fault: str) -> None:
    if not condition:
        raise UnsoundError(fault)


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError:
        raise UnsoundError(f"{name} is missing") from None


def signed_head(note: bytes, key: bytes) -> tuple[str, int, bytes]:
    """Origin, size and root of a C2SP checkpoint signed by `key`."""
    text, _, signatures = note.decode().rpartition("\n\n")
    lines = text.split("\n")
    need(len(lines) == 3 and lines[1].isdecimal(), "the checkpoint has not three lines")
    origin, size, root = lines
    need(signatures == f"— {origin} {signatures[-93:-1]}\n", "there is not one signature")
    blob = base64.b64decode(signatures[-93:-1], validate=True)
    need(base64.b64encode(blob).decode() == signatures[-93:-1], "the signature is spelt oddly")
    need(blob[:4] == sha(f"{origin}\n\x01".encode(), key)[:4], "another key signed it")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(blob[4:], f"{text}\n".encode())
    except InvalidSignature:
        raise UnsoundError("the signature is not valid") from None
    return origin, int(size), base64.b64decode(root)


def path(level: str, index: int, width: int) -> str:
    groups = f"{index:,}".split(",")
    groups[0] = groups[0].zfill(3)
    name = "/".join([*(f"x{one}" for one in groups[:-1]), groups[-1]])
    return f"tile/{level}/{name}" + ("" if width == 256 else f".p/{width}")


def tree(hashes: list[bytes]) -> bytes:
    """RFC 6962, 2.1, over leaf hashes."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha(b"\x01", tree(hashes[:split]), tree(hashes[split:]))


def leaves_of(folder: Path, size: int) -> list[bytes]:
    leaves = []
    for start in range(0, size, 256):
        width = min(256, size - start)
        bundle = read(folder, path("entries", start // 256, width))
        for _ in range(width):
            need(len(bundle) >= 2, "a bundle ends early")
            end = 2 + struct.unpack(">H", bundle[:2])[0]
            need(len(bundle) >= end, "a bundle ends early")
            leaves.append(bundle[2:end])
            bundle = bundle[end:]
        need(not bundle, "a bundle does not end with its last entry")
    return leaves


def check_tiles(folder: Path, hashes: list[bytes]) -> None:
    names, level = (
        {
            path("entries", at // 256, min(256, len(hashes) - at))
            for at in range(0, len(hashes), 256)
        },
        0,
    )
    while hashes:
        tiles = [hashes[at : at + 256] for at in range(0, len(hashes), 256)]
        for index, tile in enumerate(tiles):
            name = path(str(level), index, len(tile))
            need(read(folder, name) == b"".join(tile), f"{name} does not fit the entries")
            names.add(name)
        hashes, level = [tree(tile) for tile in tiles if len(tile) == 256], level + 1
    found = {
        one.relative_to(folder).as_posix() for one in (folder / "tile").rglob("*") if one.is_file()
    }
    need(found == names, "there are tiles that the log does not have")


def what_happened(leaf: bytes) -> tuple[dict[str, object], int]:
    """The JSON of a leaf, or of the one it carries from a journal that was taken over; and
    what is added to the entry numbers it names (a takeover shifts entries by two).
    """
    try:
        entry = json.loads(leaf)
        canonical = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        need(canonical.encode() == leaf, "an entry is not in canonical form")
        need(type(entry["kind"]) is str and entry["at"].endswith("Z"), "an entry lacks its kind")
        if entry["kind"] != "carried":
            return entry, 0
        carried, shift = what_happened(entry["leaf"].encode())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UnsoundError("an entry is not the JSON it should be") from None
    return carried, shift + 2


class Elections:
    """What the entries say of their election; each journal of a takeover (`shift`) for itself."""

    def __init__(self, is_live: bool) -> None:
        self.is_live, self.opened = is_live, False
        self.said: dict[int, bool] = {}
        self.named: tuple[object, object] | None = None

    def take(self, number: int, entry: dict[str, object], shift: int) -> None:
        if entry["kind"] not in ("journal_opened", "list_proven", "day_opened"):
            return
        election = entry.get("election_id"), entry.get("election_date")
        if "election_id" not in entry:
            need(shift not in self.said, f"entry {number} says no election any more")
            return
        before = self.said.get(shift)
        self.said[shift] = before or bool(election[0])
        if self.is_live:
            need(not before or bool(election[0]), f"entry {number} names no election any more")
            same = not election[0] or self.named in (None, election)
            need(same, f"entry {number} belongs to another election")
            if election[0]:
                self.named = election

    def begins_anew(self, number: int, entry: dict[str, object]) -> bool:
        """Whether nobody stands as identified after this opening."""
        anew = not self.is_live or "election_id" not in entry
        need(anew or not self.opened, f"entry {number} opens a second day")
        self.opened = True
        return anew


def check_act(
    number: int,
    entry: dict[str, object],
    shift: int,
    standing: dict[object, int],
    acts: dict[int, tuple[object, object]],
) -> None:
    """An act beside the desk; `acts` are those that stand: kind and voter."""
    kind, voter = entry["kind"], entry.get("voter_id")
    if kind == "act_undone":
        named = entry["entry"]
        need(isinstance(named, int), f"entry {number} undoes nothing")
        made = int(str(named)) + shift
        need(acts.pop(made, None) == (entry["act"], voter), f"entry {number} undoes nothing")
        if voter is not None:
            need(standing.pop(voter, 0) == made, f"entry {number} undoes nothing")
        return
    if kind != "admitted":
        need(bool(voter), f"entry {number} names no voter")
        need(voter not in standing, f"entry {number} settles a voter again")
        standing[voter] = number
    acts[number] = (kind, voter)


def voters_on(number: int, entry: dict[str, object]) -> int:
    listed = entry["listed"]
    need(type(listed) is int and int(str(listed)) >= 0, f"entry {number} counts no voters")
    return int(str(listed))


def check_counted(
    number: int,
    entry: dict[str, object],
    shift: int,
    in_use: object,
    acts: dict[int, tuple[object, object]],
) -> None:
    """A list is counted: its number, its voters, and the strikings off of voters whom it lacks."""
    said, listed = str(entry["left_out"]), voters_on(number, entry)
    left_out = [int(one) + shift for one in said.split(" ")] if said else []
    written = " ".join(str(one - shift) for one in left_out)
    need(written == said, f"entry {number} names entries oddly")
    need(left_out == sorted(set(left_out)), f"entry {number} names entries in no order")
    struck = {made for made, (kind, _) in acts.items() if kind == "struck_off"}
    need(struck >= set(left_out), f"entry {number} leaves out who is not struck off")
    need(bool(shift) or entry["list_sequence"] == in_use, f"entry {number} counts another list")
    need(len(struck) - len(left_out) <= listed, f"entry {number} counts too few voters")


def check_entries(  # noqa: PLR0912, PLR0915  (a branch a kind)
    leaves: list[bytes], origin: str, key: bytes
) -> None:
    ended, standing, marked, is_over, state = set(), {}, set(), False, "before"
    stops: set[int] = set()
    in_use: object = None
    acts: dict[int, tuple[object, object]] = {}
    elections = Elections(origin.split("/")[1] == "live")
    for number, leaf in enumerate(leaves, start=1):
        entry, shift = what_happened(leaf)
        kind, voter = entry["kind"], entry.get("voter_id")
        need(not is_over, f"entry {number} follows the end")
        elections.take(number, entry, shift)
        if not shift:
            need((kind == "journal_opened") is (number == 1), f"entry {number} is out of place")
            if kind in ("journal_opened", "list_proven"):
                in_use = entry["list_sequence"]
        if number == 1:
            named = (entry.get("origin"), entry.get("public_key"))
            need(named == (origin, key.hex()), "the first entry names another journal")
        if kind == "outcome":
            need(entry["session"] not in ended, f"entry {number} ends a session again")
            ended.add(entry["session"])
            if entry["outcome"] == "identified":
                need(voter not in standing, f"entry {number} identifies a voter again")
                by_two = entry["method"] == "commission"
                need(by_two or voter not in marked, f"entry {number} passes a marked voter")
                standing[voter] = number
            elif entry["outcome"] == "already_identified":
                stops.add(number)
        elif kind == "outcome_voided":
            made = standing.pop(voter, 0)
            need(made - shift == entry["entry"], f"entry {number} makes nothing void")
            need(made not in acts, f"entry {number} makes no identification void")
        elif kind in ("issued_elsewhere", "admitted", "struck_off", "act_undone"):
            early = state == "before" and elections.is_live and kind != "admitted"
            is_demo = state == "before" and origin.split("/")[1] == "demo"
            need(state == "open" or early or is_demo, f"entry {number} comes outside the day")
            check_act(number, entry, shift, standing, acts)
        elif kind == "stop_decided":
            is_demo = state == "before" and origin.split("/")[1] == "demo"
            need(state == "open" or is_demo, f"entry {number} comes outside the day")
            stop = int(str(entry["stopped"])) + shift
            need(stop in stops, f"entry {number} decides about no stop")
            stops.remove(stop)
        elif kind == "list_counted":
            check_counted(number, entry, shift, in_use, acts)
        elif kind == "voter_marked":
            marked.add(voter)
        elif kind == "day_opened" and elections.begins_anew(number, entry):
            standing, marked, acts, stops = {}, set(), {}, set()
        elif kind == "journal_ended":
            is_over = True
        if kind == "day_opened":
            voters_on(number, entry)
        if kind in ("day_opened", "day_reopened", "day_closed"):
            state = "closed" if kind == "day_closed" else "open"


def verify(folder: Path, key: bytes) -> None:
    """Raises `UnsoundError` at the first fault."""
    try:
        origin, size, root = signed_head(read(folder, "checkpoint"), key)
    except ValueError:
        raise UnsoundError("the checkpoint is not a signed note") from None
    leaves = leaves_of(folder, size)
    hashes = [sha(b"\x00", leaf) for leaf in leaves]
    need(bool(leaves) and tree(hashes) == root, "the entries do not give the signed root")
    check_tiles(folder, hashes)
    try:
        check_entries(leaves, origin, key)
    except (KeyError, TypeError, ValueError):
        raise UnsoundError("an entry lacks a field or has another kind of value") from None


if __name__ == "__main__":
    try:
        verify(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
    except UnsoundError as fault:
        sys.exit(f"NOT SOUND: {fault}")
    print("sound")
