"""A corrected list is held against the one in use before it: nobody is on it twice (ADR 0023).

Whoever was identified is known by voter id. A new list may give the same person another id, by
mistake or on purpose. Their PIN and their enrolled fingers, read from the list that was in use,
show it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from station_app.domain.entries import VoterMarked
from station_app.domain.errors import KnownError
from station_app.domain.gallery import other_engine
from station_app.domain.matching import ListMatcher
from station_app.snapshots import (
    LoadedList,
    VoterList,
    VoterPlace,
    list_before,
    open_unchanged,
    refuse_changed,
)
from station_app.vault import PublicIdentity, StationFolder, StationIdentity

IDS_CHANGED = "list_ids_changed"

Told = Callable[[int, int], None]
"""Is told how many of how many fingers have been compared."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of holding a list against the one before it.

    `before` is that one's hash; `is_compared` says that it could be opened. `accepted` voters
    have been identified, `unseen` of them are not on the list before either, `missing` of them
    are on that (or unknown) and not on the new one. `marked` are the new rows that the
    commission decides about.
    """

    before: str
    is_compared: bool
    accepted: int
    unseen: int = 0
    missing: int = 0
    marked: tuple[VoterMarked, ...] = ()


@dataclass(frozen=True, slots=True)
class ListBefore:
    """The list in use before a new one, None where it cannot be found; who was identified: the
    identifying entry by voter id; and who is `marked` as perhaps one of them, likewise.
    """

    list_sha256: str
    loaded: LoadedList | None
    accepted: Mapping[str, int]
    marked: Mapping[str, int]

    @classmethod
    def find(
        cls,
        folder: StationFolder,
        trusted: Sequence[PublicIdentity],
        list_sha256: str,
        accepted: Mapping[str, int],
        marked: Mapping[str, int],
    ) -> "ListBefore":
        """The list with the hash that the journal knows, every byte of it checked."""
        try:
            loaded = list_before(folder, trusted, list_sha256)
            refuse_changed(loaded)
        except KnownError:
            return cls(list_sha256, None, accepted, marked)
        return cls(list_sha256, loaded, accepted, marked)

    def compare(
        self,
        identity: StationIdentity,
        new: VoterList,
        matchers: Sequence[ListMatcher],
        told: Told,
    ) -> Comparison:
        """Hold `new`, whose templates the `matchers` compare, against this list.

        Where that is not possible ids alone are compared: that is said, and hinders nothing.
        Raises `KnownError` as `compare_lists` does.
        """
        if self.loaded is None:
            return compare_without(self.list_sha256, new, self.accepted)
        try:
            with closing(open_unchanged(self.loaded, identity)) as before:
                return compare_lists(self, before, new, matchers, told)
        except KnownError as fault:
            if fault.code == IDS_CHANGED:
                raise
            return compare_without(self.list_sha256, new, self.accepted)


def compare_lists(
    held: ListBefore,
    before: VoterList,
    new: VoterList,
    matchers: Sequence[ListMatcher],
    told: Told,
) -> Comparison:
    """Hold `new`, whose templates the `matchers` compare, against the list `before` of `held`.

    Whoever was marked on that list stays a question under another id. Raises `KnownError`
    `list_ids_changed` where a PIN of somebody identified belongs to another voter id now, and as
    `Gallery` and `VoterList` do.
    """
    accepted = held.accepted
    listed = new.places(accepted)
    known = before.places(accepted)
    _refuse_other_ids({place.pin: voter for voter, place in known.items()}, new)
    suspects = before.places(held.marked.keys() - accepted.keys())
    rows = {place.row: voter for voter, place in (known | suspects).items()}
    found = _marked_by_pin(suspects, held, new)
    own = before.header.engines
    common = [one for one in matchers if one.engine in own]
    if not common:
        raise other_engine(own, ", ".join(one.engine for one in matchers))
    for matcher in common:
        for mark in _marked(held, before, rows, new, matcher, told):
            found.setdefault(mark.voter_id, mark)
    return Comparison(
        held.list_sha256,
        True,
        len(accepted),
        unseen=len(accepted) - len(known),
        missing=len(known.keys() - listed.keys()),
        marked=tuple(found.values()),
    )


def compare_without(before_sha256: str, new: VoterList, accepted: Mapping[str, int]) -> Comparison:
    """Where the list before is not there, only the ids of those identified can be looked for."""
    missing = len(accepted) - len(new.places(accepted))
    return Comparison(before_sha256, False, len(accepted), missing=missing)


def _refuse_other_ids(voters: Mapping[str, str], new: VoterList) -> None:
    """`voters` are those identified, by PIN."""
    for pin, voter_id in new.ids_of_pins(voters).items():
        if voter_id != voters[pin]:
            raise KnownError(
                IDS_CHANGED,
                "The new list gives a voter who was identified today another number. It is not "
                "used: ask the commission for one in which everybody keeps their number.",
            )


def _marked_by_pin(
    suspects: Mapping[str, VoterPlace], held: ListBefore, new: VoterList
) -> dict[str, VoterMarked]:
    """By voter id the rows of `new` that have the PIN of somebody marked, and another id."""
    marked = {place.pin: voter for voter, place in suspects.items()}
    other = {voter: marked[pin] for pin, voter in new.ids_of_pins(marked).items()}
    decided = held.accepted.keys() | held.marked.keys()
    return {
        voter: VoterMarked(voter, place.list_number, held.marked[other[voter]])
        for voter, place in new.places(other.keys() - decided).items()
    }


def _marked(
    held: ListBefore,
    before: VoterList,
    rows: Mapping[int, str],
    new: VoterList,
    matcher: ListMatcher,
    told: Told,
) -> tuple[VoterMarked, ...]:
    """The rows of `new` that a voter in these `rows` of `before` may have too, by one engine.

    A template that both lists have under one voter id says nothing new. The others are compared,
    each with every finger of those identified; the threshold is for all of these comparisons.
    """
    decided = held.accepted.keys() | held.marked.keys()
    entries = {**held.marked, **held.accepted}
    old = list(before.enrolled(matcher.engine))
    same = {(one.voter_id, one.position, one.content) for one in old}
    changed = {
        (one.row, one.position): one
        for one in new.enrolled(matcher.engine)
        if one.voter_id not in decided and (one.voter_id, one.position, one.content) not in same
    }
    if not changed or not rows:
        return ()
    copies = {one.content: one.voter_id for one in old if one.row in rows}
    found: dict[str, VoterMarked] = {}
    met = matcher.meetings(changed, before, rows, new.header.policy)
    for done, (key, row) in enumerate(met, 1):
        one = changed[key]
        voter = copies.get(one.content) or (None if row is None else rows[row])
        if voter is not None:
            mark = VoterMarked(one.voter_id, one.list_number, entries[voter])
            found.setdefault(one.voter_id, mark)
        told(done, len(changed))
    return tuple(found.values())
