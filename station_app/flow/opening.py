"""Unlocking opens a station: its list, its journal and its matching core, each once (ADR 0033).

The first unlocking after a load finishes it: trial, journal, waiting events (DECISIONS 5).
A list that comes while voters count as identified, or as struck off, is held against the one before
it (ADR 0023), and the day counts by it (ADR 0063).

Everything here can be cut off at any moment and is done again at the next unlocking: what
the journal has already is not written twice, and the list before stays until the trial is
passed and written down.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from station_app.domain.day import DayState
from station_app.domain.election import entry_texts
from station_app.domain.entries import (
    KINDS,
    Entry,
    EventsLeftOut,
    EventUnread,
    ImportedEvent,
    ListCompared,
    ListCounted,
    ListProven,
    SettingsSigned,
    StationUnlocked,
    StationWasOff,
)
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation
from station_app.flow.list_trial import (
    ComparisonProgress,
    ListComparison,
    ListTrial,
    Matchers,
    OpenList,
    compare_without,
    matchers_of,
)
from station_app.flow.recorder import Recorder
from station_app.flow.signed_settings import known_settings
from station_app.flow.station_journal import (
    ELECTION_OVER,
    ELECTION_UNNAMED,
    Clock,
    first_journal,
    hold_against_mirror,
    journal_mark,
    known_journal,
)
from station_app.journal import JournalReader
from station_app.settings import Machine
from station_app.snapshots import (
    Manifest,
    PendingEvent,
    PendingEvents,
    Refusal,
    VoterList,
    drop_pending,
    forget_list,
    keep_left_out,
    loaded_list,
    open_unchanged,
    prove_list,
    read_pending,
    refuse_changed_since,
    refuse_outside_validity,
)
from station_app.vault import (
    EnteredPerson,
    People,
    Proof,
    StationFolder,
    Unlocked,
    mark_journal,
    mark_opened,
    mark_told,
    refuse_changed_pins,
    require,
)

_NOT_FROM_LINES: Final = (EventUnread, EventsLeftOut, SettingsSigned)
"""The import's own; signed settings are told from the sealed marks, which nobody else writes."""
_CLASSES: Final = {
    kind: cls
    for kind, cls in KINDS.items()
    if issubclass(cls, ImportedEvent) and cls not in _NOT_FROM_LINES
}
_LONGEST: Final = 4096

Begin = Callable[[Manifest], Recorder]
"""Makes the station's first journal for a list that has passed its trial."""


@dataclass(frozen=True, slots=True)
class UnlockedStation:
    """What lies open of an unlocked station; whoever has it closes it.

    `machine` are the settings that two persons have signed, `manifest` is the list's. No part
    is bound to a thread: each is handed to the lane that works with it. `comparison` is that of a
    list that came into use at this unlocking while voters counted as identified.
    """

    folder: StationFolder
    unlocked: Unlocked
    machine: Machine
    manifest: Manifest
    voters: VoterList
    matchers: Matchers
    recorder: Recorder
    was_off: StationWasOff | None = None
    comparison: ListComparison | None = None

    @property
    def by(self) -> tuple[Entry, ...]:
        """The entry that says who has unlocked, and under which settings; on an open day another
        one, where nobody had locked the station before.
        """
        operator, member = self.unlocked.proofs
        unlocked = StationUnlocked(
            operator=operator.person_id,
            member=member.person_id,
            settings=self.unlocked.marks.settings,
        )
        return (unlocked,) if self.was_off is None else (unlocked, self.was_off)

    def close(self) -> None:
        """Close journal and list; the station's keys stay with whoever has unlocked it."""
        self.recorder.close()
        self.voters.close()


def unlock(
    folder: StationFolder,
    people: People,
    entered: tuple[EnteredPerson, EnteredPerson],
    now: Clock,
    told: ComparisonProgress = lambda _done, _of: None,
) -> UnlockedStation:
    """Open the station for the two who have entered; locked again where that fails.

    Only within the list's validity. Raises `KnownError` as `People.join` and `open_unlocked` do.
    """
    unlocked = people.join(*entered)
    with ExitStack() as undoing:
        undoing.callback(unlocked.lock)
        station = open_unlocked(folder, unlocked, now, told=told, within_validity=True)
        undoing.pop_all()
    return station


def open_unlocked(
    folder: StationFolder,
    unlocked: Unlocked,
    now: Clock,
    begin: Begin | None = None,
    agreed: Iterable[Proof] = (),
    told: ComparisonProgress = lambda _done, _of: None,
    *,
    within_validity: bool = False,
) -> UnlockedStation:
    """Open what an unlocked station works with: try a new list, write down what has waited.

    The journal lies under the station's sealed key and is signed with its log key; `begin`
    makes the first one. A list that fails its trial is taken away: `list_withdrawn`
    says that the one before it is loaded again, `list_withdrawn_last` that none is. Where voters
    count as identified or as struck off, a new list is held against the one before it
    (`compare_lists`): it is taken away too where it gives them other ids (`list_ids_changed`), and
    needs the chair's and a member's proofs in `agreed` where it lacks some of those identified
    (`list_lacks_accepted`). `told`
    hears how far that is. Whose lists count, the unlocked key says: what a caller has read of
    it before could have been somebody else's. A new list is read whole; one that is in use only
    where its file is not the one that was read (`refuse_changed_since`).

    Raises `KnownError` with these, with `list_rolled_back` and `vsnap_same_sequence_other_hash`
    (the journal knows a newer or another list), `list_other_election_day`, `journal_gone`,
    `journal_not_ours`, `takeover_unfinished`, `journal_rolled_back` (its mirror knows a longer or
    another history), and as `known_settings`, `refuse_changed_pins`, `loaded_list`,
    `refuse_outside_validity` (where asked for), `mirror_opener`, `refuse_changed`,
    `open_unchanged`, `Journal.open`, `Journal.create`, `read_pending`, `prove_list`,
    `put_list_back`, `require`, `Gallery` and `FingerEngine` do.
    """
    machine = known_settings(folder, unlocked)
    trusted = refuse_changed_pins(folder, unlocked.identity.public(unlocked.station))
    loaded = loaded_list(folder, trusted)
    if within_validity:
        refuse_outside_validity(loaded.manifest, now())
    trial = ListTrial(folder, trusted, loaded, unlocked.identity, now, told)
    return _Opening(folder, unlocked, machine, trial, tuple(agreed)).station(
        begin or partial(first_journal, folder, unlocked, now)
    )


@dataclass(frozen=True, slots=True)
class _Opening:
    """One unlocking."""

    folder: StationFolder
    unlocked: Unlocked
    machine: Machine
    trial: ListTrial
    agreed: Sequence[Proof]

    def station(self, begin: Begin) -> UnlockedStation:
        """See `open_unlocked`."""
        folder, unlocked, loaded = self.folder, self.unlocked, self.trial.loaded
        _refuse_other_use(loaded.manifest, self.machine)
        was_off = None
        with ExitStack() as undoing:
            recorder = known_journal(folder, unlocked, loaded, self.trial.now)
            if recorder is None:
                found = self.trial.passed(None)
            else:
                undoing.callback(recorder.close)
                was_off = _was_off(recorder.journal)
                found = self._found(recorder.journal)
            undoing.callback(found.voters.close)
            if recorder is None:
                recorder = self._begun(begin)
                undoing.callback(recorder.close)
            journal = recorder.journal
            mark_journal(folder, unlocked, journal_mark(journal))
            mark_opened(folder, unlocked, found.checked.mark(loaded))
            self._tell_settings(recorder)
            comparison = found.comparison or _not_held(found.voters, journal)
            compared = () if comparison is None else self._entries_of(comparison)
            counted = _counted(loaded.manifest, found.voters, journal)
            self._write_down(recorder, (*compared, *counted))
            if not loaded.is_proven:
                prove_list(folder)
            matchers = found.matchers or matchers_of(found.voters)
            undoing.pop_all()
        return UnlockedStation(
            folder,
            unlocked,
            self.machine,
            loaded.manifest,
            found.voters,
            matchers,
            recorder,
            was_off,
            comparison,
        )

    def _found(self, journal: JournalReader) -> OpenList:
        """The list, where the journal that the station has allows it."""
        loaded = self.trial.loaded
        hold_against_mirror(self.folder, self.unlocked, self.machine, journal)
        _refuse_older(loaded.manifest, journal)
        _refuse_other_day(loaded.manifest, journal)
        if not loaded.is_proven or not _is_in_use(loaded.manifest, journal):
            return self.trial.passed(journal)
        checked = refuse_changed_since(loaded, self.unlocked.marks.checked_list)
        return OpenList(checked, open_unchanged(loaded, self.unlocked.identity, checked))

    def _begun(self, begin: Begin) -> Recorder:
        """The station's journal; a list of an election that is over here is taken away."""
        try:
            return begin(self.trial.loaded.manifest)
        except KnownError as fault:
            if fault.code in (ELECTION_OVER, ELECTION_UNNAMED):
                self.trial.tell_withdrawn(fault)
                forget_list(self.folder)
            raise

    def _tell_settings(self, recorder: Recorder) -> None:
        """Settings signed since the last unlocking; the marks keep them until then."""
        untold = self.unlocked.marks.untold
        for one in untold:
            if not recorder.journal.has_imported(one.id):
                recorder.append(SettingsSigned(one.id, one.at, one.old, one.new, one.by))
        mark_told(self.folder, self.unlocked, untold)

    def _entries_of(self, comparison: ListComparison) -> tuple[Entry, ...]:
        """What is written down of a comparison.

        Raises `KnownError` `list_lacks_accepted` where nobody agreed to a list that lacks voters
        who were identified, and as `require` does.
        """
        chair, member = "", ""
        if comparison.missing and not self.agreed:
            raise KnownError(
                Code.LIST_LACKS_ACCEPTED,
                f"{comparison.missing} voters who were identified today are not on the new list. "
                "The chair and a member agree to it with `station-app list accept`; they stay "
                "identified. Otherwise ask the commission for another list.",
            )
        if comparison.missing:
            first, second = require(self.agreed, Operation.ACCEPT_LIST)
            chair, member = first.person_id, second.person_id
        compared = ListCompared(
            before=comparison.before,
            compared=comparison.is_compared,
            accepted=comparison.accepted,
            unseen=comparison.unseen,
            marked=len(comparison.marked),
            missing=comparison.missing,
            chair=chair,
            member=member,
        )
        return (compared, *comparison.marked)

    def _write_down(self, recorder: Recorder, of_list: Sequence[Entry]) -> None:
        path, manifest = self.folder.pending_events, self.trial.loaded.manifest
        pending = read_pending(path)
        _import_events(recorder, pending, keep_left_out(path, pending) if pending.left_out else "")
        if not _is_in_use(manifest, recorder.journal):
            # They belong to the list that was in use.
            recorder.close_interrupted_sessions()
            election_id, election_date = entry_texts(manifest.election_day)
            proven = ListProven(
                list_hash=manifest.list_sha256,
                list_sequence=manifest.sequence,
                policy=manifest.policy.digest(),
                election_id=election_id,
                election_date=election_date,
            )
            # Together: no list is in use that was not compared and counted, and no voter unmarked.
            of_list = (proven, *of_list)
        if of_list:
            recorder.append_all(of_list)
        if pending.size:
            drop_pending(path, pending)


def _was_off(journal: JournalReader) -> StationWasOff | None:
    """What is written at the unlocking of an open day where nobody had locked the station."""
    look = journal.look
    if look.day.state not in (DayState.OPEN, DayState.PAUSED) or not look.is_at_work:
        return None
    return StationWasOff(f"{journal.last_at:%Y-%m-%dT%H:%M:%SZ}")


def _refuse_older(manifest: Manifest, journal: JournalReader) -> None:
    newest = journal.proven
    if manifest.sequence < newest.list_sequence:
        raise KnownError(
            Code.LIST_ROLLED_BACK,
            f"The loaded list is number {manifest.sequence}, and this station has worked with "
            f"number {newest.list_sequence} already. Load the newest snapshot, "
            "and tell the commission.",
        )
    if manifest.sequence == newest.list_sequence and not _is_in_use(manifest, journal):
        raise Refusal.SAME_SEQUENCE_OTHER_HASH.error(offered=manifest.sequence)


def _refuse_other_day(manifest: Manifest, journal: JournalReader) -> None:
    """A live journal belongs to one election day."""
    own, offered = journal.election, entry_texts(manifest.election_day)
    if journal.opened.list_kind == "live" and own is not None and offered != own:
        names = f"{offered[0]} of {offered[1]}" if offered[0] else "no election day"
        raise KnownError(
            Code.LIST_OTHER_ELECTION_DAY,
            f"The loaded list is for {names}, and this station's journal is for {own[0]} of "
            f"{own[1]}. Load a list of that day; for another election close the day, export the "
            "journal and give `station-app renew`.",
        )


def _refuse_other_use(manifest: Manifest, machine: Machine) -> None:
    """Which list may be used here, the signed settings say; a technician's load went by plain
    ones.
    """
    if manifest.kind.value != machine.kind.value:
        raise Refusal.OTHER_PURPOSE.error(offered=manifest.kind.value, own=machine.kind.value)
    if manifest.precinct != machine.precinct:
        raise Refusal.OTHER_PRECINCT.error(offered=manifest.precinct, own=machine.precinct)


def _is_in_use(manifest: Manifest, journal: JournalReader) -> bool:
    return manifest.list_sha256 == journal.proven.list_hash


def _not_held(voters: VoterList, journal: JournalReader) -> ListComparison | None:
    """Of a spare that took over, where it has another list than the station had, and not that."""
    before = journal.look.unheld_list
    accepted = journal.look.with_ballot() if before else {}
    return compare_without(before, voters, accepted) if accepted else None


def _counted(
    manifest: Manifest, voters: VoterList, journal: JournalReader
) -> tuple[ListCounted, ...]:
    """What is written where the day counts by another list than this one, or this one lacks other
    voters struck off than the journal knows. The opening of a day says the list's number itself.
    """
    look = journal.look
    is_live = journal.opened.list_kind == "live"
    if look.day.state is DayState.CLOSED and (not is_live or _is_in_use(manifest, journal)):
        return ()  # another day of training begins anew; an exported day stays as it is
    struck = look.struck_off()
    listed = voters.places(struck)
    left_out = tuple(number for voter, number in struck.items() if voter not in listed)
    counts_by_another = look.list_sequence not in (0, manifest.sequence)
    if not counts_by_another and left_out == look.left_out:
        return ()
    numbers = " ".join(map(str, left_out))
    return (ListCounted(manifest.sequence, voters.voters, numbers),)


def _import_events(recorder: Recorder, pending: PendingEvents, left_out: str = "") -> None:
    """Append every event that the journal does not have yet, in the order of the file.

    `left_out` is the hex SHA-256 of the file that has the lines beyond those. After a crash the
    same file may be imported again. Raises as `Recorder.append` does.
    """
    entries: list[ImportedEvent] = []
    entries += [_entry(event) for event in pending.events]
    entries += [EventUnread(_id(sha256), "", sha256) for sha256 in pending.scraps]
    if left_out:
        entries.append(EventsLeftOut(_id(left_out), "", len(pending.left_out), left_out))
    for entry in entries:
        if not recorder.journal.has_imported(entry.event_id):
            recorder.append(entry)


def _id(sha256: str) -> str:
    """An id that the line itself cannot choose: two lines with one id are the same line."""
    return sha256[:16]


def _entry(event: PendingEvent) -> ImportedEvent:
    """The file is plain, and anybody may have written in it: what does not fit is not copied."""
    happened = event.at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    own = {"event_id": _id(event.sha256), "happened": happened}
    cls = _CLASSES.get(event.event)
    if cls and own.keys().isdisjoint(event.facts) and all(map(_is_short, event.facts.values())):
        with suppress(ValueError):
            return cls(**cls.about.read({**own, **event.facts}))
    return EventUnread(**own, sha256=event.sha256)


def _is_short(fact: str | int) -> bool:
    return isinstance(fact, int) or (len(fact) <= _LONGEST and fact.isprintable())
