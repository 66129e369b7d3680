"""A new list is tried before it is used, and compared with the list before it.

The trial (DECISIONS 5): fingers and faces from all over the list have to find themselves in it.
The comparison (ADR 0023): nobody is on both lists twice. Whoever was identified is known by voter
id. A new list may give the same person another id, by mistake or on purpose. Their PIN and their
enrolled fingers and faces, read from the list that was in use, show it. Who is marked is a
question to the commission, no more: two brothers may be alike (ADR 0059). Of voters struck off
the PINs are compared.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from station_app.biometrics.engines import usable
from station_app.domain.day import DayState
from station_app.domain.entries import VoterMarked
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.gallery import engines_of, other_engine, reads
from station_app.domain.matching import ListMatcher
from station_app.domain.samples import Sample
from station_app.journal import JournalReader
from station_app.snapshots import (
    CheckedFile,
    LoadedList,
    Refusal,
    VoterList,
    VoterPlace,
    add_pending,
    list_before,
    open_unchanged,
    put_list_back,
    refuse_changed,
    refuse_invented_on_live,
)
from station_app.vault import PublicIdentity, StationFolder, StationIdentity

_TRIAL_FAILED: Final = Code.TRIAL_SEARCH_FAILED
_IDS_CHANGED: Final = Code.LIST_IDS_CHANGED
_FAULTS_OF_THE_LIST: Final = frozenset(
    {
        Refusal.KEY,
        Refusal.LIST_DISAGREES,
        _TRIAL_FAILED,
        _IDS_CHANGED,
        Code.GALLERY_DAMAGED,
        Code.GALLERY_ENGINE,
        Code.LIST_DAMAGED,
        Code.LIST_VERSION,
        Code.MINUTIAE_DAMAGED,
        Code.NOT_A_LIST,
        Code.WRONG_KEY,
    }
)
"""What a list can have that was signed so: its bytes have been checked before."""
_NO_COMPARISON: Final = frozenset({_IDS_CHANGED, Code.LIST_COMPARING_STOPPED})
"""After these nothing is decided by ids alone."""

Matchers = Mapping[type[Sample], ListMatcher]
"""A list's matchers, by the kind of sample that they take."""

ComparisonProgress = Callable[[int, int], None]
"""Is told how many of how many templates have been compared; raising `list_comparing_stopped` ends
the unlocking, and everything is as before.
"""


@dataclass(frozen=True, slots=True)
class ListComparison:
    """The result of comparing a list with the one before it.

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
class OpenList:
    """A list, open: its file as it was checked, its matchers where there are any already, and
    what came of holding the list against the one before.
    """

    checked: CheckedFile
    voters: VoterList
    matchers: Matchers | None = None
    comparison: ListComparison | None = None


@dataclass(frozen=True, slots=True)
class ListTrial:
    """The trial of the loaded list of a station that trusts these issuers."""

    folder: StationFolder
    trusted: Sequence[PublicIdentity]
    loaded: LoadedList
    identity: StationIdentity
    now: Callable[[], datetime]
    told: ComparisonProgress

    def passed(self, journal: JournalReader | None) -> OpenList:
        """The list after its trial; `journal` knows the one in use before.

        One that fails is taken away: `list_withdrawn`, `list_withdrawn_last`, `list_ids_changed`.
        """
        checked = refuse_changed(self.loaded)
        before = None if journal is None else self._before(journal)
        try:
            return self._try(checked, before)
        except KnownError as fault:
            if fault.code not in _FAULTS_OF_THE_LIST:
                raise
            if refuse_changed(self.loaded) != checked:
                raise  # the file was changed since it was checked: not the issuer's fault
            raise self._withdrawn(fault) from fault

    def _try(self, checked: CheckedFile, before: "ListBefore | None") -> OpenList:
        voters = open_unchanged(self.loaded, self.identity, checked)
        with ExitStack() as undoing:
            undoing.callback(voters.close)
            matchers = matchers_of(voters)
            if not all(one.finds_its_own() for one in matchers.values()):
                raise KnownError(
                    _TRIAL_FAILED, "Templates of the list do not find themselves in it."
                )
            comparison = None
            if before is not None:
                comparison = before.compare(self.identity, voters, matchers, self.told)
            undoing.pop_all()
        return OpenList(checked, voters, matchers, comparison)

    def _before(self, journal: JournalReader) -> "ListBefore | None":
        """None where nobody counts as identified, or as struck off, under another list."""
        look, digest = journal.look, journal.proven.list_hash
        # After a day of training, the next day's opening frees everybody.
        begins_anew = look.day.state is DayState.CLOSED and journal.opened.list_kind != "live"
        accepted, struck = look.with_ballot(), look.struck_off()
        is_in_use = digest == self.loaded.manifest.list_sha256
        if is_in_use or begins_anew or not (accepted or struck):
            return None
        settled = (accepted, look.marked(), frozenset(struck))
        return ListBefore.find(self.folder, self.trusted, digest, *settled)

    def _withdrawn(self, fault: KnownError) -> KnownError:
        self.tell_withdrawn(fault)
        said = f"List number {self.loaded.manifest.sequence} has failed its trial ({fault.code})"
        is_put_back = put_list_back(self.folder, self.trusted)
        if fault.code == _IDS_CHANGED:
            return fault
        if is_put_back:
            return KnownError(
                Code.LIST_WITHDRAWN,
                f"{said}. The list before it is loaded again: unlock once more to work with it, "
                "and ask the commission for a new snapshot.",
            )
        return KnownError(
            Code.LIST_WITHDRAWN_LAST,
            f"{said}, and there is none before it. Ask the commission for a new snapshot.",
        )

    def tell_withdrawn(self, fault: KnownError) -> None:
        """Before the change: no list goes that nobody has written down."""
        facts: dict[str, str | int] = {
            "sequence": self.loaded.manifest.sequence,
            "list_sha256": self.loaded.manifest.list_sha256,
            "head_sha256": self.loaded.head_sha256,
            "code": fault.code,
        }
        add_pending(self.folder.pending_events, "list_withdrawn", facts, self.now())


def matchers_of(voters: VoterList) -> Matchers:
    """The matchers over a list.

    Raises `KnownError` as `refuse_invented_on_live`, `usable` and `Engine.matcher` do.
    """
    refuse_invented_on_live(voters.header.kind, voters.header.engines)
    known = usable(voters.header.engines)
    return {takes: engine.matcher(voters) for takes, engine in known.items()}


@dataclass(frozen=True, slots=True)
class ListBefore:
    """The list in use before a new one, None where it cannot be found; who was identified: the
    identifying entry by voter id; who is `marked` as perhaps one of them, likewise; and the voter
    ids of those `struck` off.
    """

    list_sha256: str
    loaded: LoadedList | None
    accepted: Mapping[str, int]
    marked: Mapping[str, int]
    struck: Collection[str]

    @classmethod
    def find(
        cls,
        folder: StationFolder,
        trusted: Sequence[PublicIdentity],
        list_sha256: str,
        accepted: Mapping[str, int],
        marked: Mapping[str, int],
        struck: Collection[str],
    ) -> "ListBefore":
        """The list with the hash that the journal knows, every byte of it checked."""
        try:
            loaded = list_before(folder, trusted, list_sha256)
            refuse_changed(loaded)
        except KnownError:
            return cls(list_sha256, None, accepted, marked, struck)
        return cls(list_sha256, loaded, accepted, marked, struck)

    def compare(
        self,
        identity: StationIdentity,
        new: VoterList,
        matchers: Matchers,
        told: ComparisonProgress,
    ) -> ListComparison | None:
        """Hold `new`, which the `matchers` search, against this list.

        Where that is not possible ids alone are compared: that is said, and hinders nothing. None
        where nobody was identified: those struck off have no ballot that a row could repeat.
        Raises `KnownError` as `compare_lists` and `told` do.
        """
        found = None
        if self.loaded is not None:
            try:
                with closing(open_unchanged(self.loaded, identity)) as before:
                    found = compare_lists(self, before, new, matchers, told)
            except KnownError as fault:
                if fault.code in _NO_COMPARISON:
                    raise
        if not self.accepted:
            return found if found is not None and found.marked else None
        return found or compare_without(self.list_sha256, new, self.accepted)


def compare_lists(
    held: ListBefore,
    before: VoterList,
    new: VoterList,
    matchers: Matchers,
    told: ComparisonProgress,
) -> ListComparison:
    """Hold `new`, which the `matchers` search, against the list `before`, which is that of `held`.

    Whoever was marked on that list stays a question under another id. Raises `KnownError`
    `list_ids_changed` where a PIN of somebody identified or struck off belongs to another voter id
    now, and as `Gallery` and `VoterList` do.
    """
    accepted = held.accepted
    listed = new.places(accepted)
    known = before.places(accepted)
    settled = known | before.places(held.struck)
    _refuse_other_ids({place.pin: voter for voter, place in settled.items()}, new)
    suspects = before.places(held.marked.keys() - accepted.keys())
    rows = {place.row: voter for voter, place in (known | suspects).items()}
    found = _marked_by_pin(suspects, held, new)
    own = before.header.engines
    common = [one for one in matchers.values() if reads(one.engine, own)]
    if not common:
        raise other_engine(own, ", ".join(one.engine for one in matchers.values()))
    for matcher in common:
        for mark in _marked(held, before, rows, new, matcher, told):
            found.setdefault(mark.voter_id, mark)
    return ListComparison(
        held.list_sha256,
        True,
        len(accepted),
        unseen=len(accepted) - len(known),
        missing=len(known.keys() - listed.keys()),
        marked=tuple(found.values()),
    )


def compare_without(
    before_sha256: str, new: VoterList, accepted: Mapping[str, int]
) -> ListComparison:
    """Where the list before is not there, only the ids of those identified can be looked for."""
    missing = len(accepted) - len(new.places(accepted))
    return ListComparison(before_sha256, False, len(accepted), missing=missing)


def _refuse_other_ids(voters: Mapping[str, str], new: VoterList) -> None:
    """`voters` are those identified or struck off, by PIN."""
    for pin, voter_id in new.ids_of_pins(voters).items():
        if voter_id != voters[pin]:
            raise KnownError(
                _IDS_CHANGED,
                "The new list gives another number to a voter who was identified or struck off. It "
                "is not used: ask the commission for one in which everybody keeps their number.",
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
    told: ComparisonProgress,
) -> tuple[VoterMarked, ...]:
    """The rows of `new` that a voter in these `rows` of `before` may have too, by one matcher.

    A template that both lists have under one voter id says nothing new. The others are compared,
    each with every finger, or face, of those identified; the threshold is for all of these
    comparisons.
    """
    decided = held.accepted.keys() | held.marked.keys()
    entries = {**held.marked, **held.accepted}
    engines = [one for one in engines_of(matcher.engine) if one in before.header.engines]
    old = [one for engine in engines for one in before.enrolled(engine)]
    same = {(one.voter_id, one.position, one.content) for one in old}
    changed = {
        (one.row, one.position): one
        for engine in engines
        for one in new.enrolled(engine)
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
