"""The entries of one log as rows: who made each, on which day, and what is strange.

The station's own program has checked its rules already; here every value may be anything,
kinds that this version does not know included. A leaf that is no JSON object is not an
entry at all.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from station_app.centre.collecting.day_figures import ELSEWHERE, voters_listed
from station_app.centre.collecting.row_values import (
    Findings,
    Made,
    Maker,
    Opening,
    Row,
    Takeover,
    Void,
)
from station_app.domain.entries import (
    KINDS,
    ActUndone,
    Admitted,
    Carried,
    DayClosed,
    DayOpened,
    DayReopened,
    IssuedElsewhere,
    ListCounted,
    Outcome,
    OutcomeVoided,
    StruckOff,
    TakenOver,
)
from station_app.domain.entry_codes import OutcomeKind, UndoneAct
from station_app.journal.checkpoints import read_note
from station_app.journal.tlog_tiles import SignedLog
from station_app.journal.tree import leaf_hash, tree_root

_CLOCKS_DIFFER_S: Final = 300
"""Five minutes: more than two people need to read two clocks."""
_INTEGER: Final = 2**31
_SHA256_BYTES: Final = 32
_LIVE: Final = "station-app/live/"
_OF_ELECTION: Final = (IssuedElsewhere.kind, StruckOff.kind, ActUndone.kind)
"""Kinds that may come before the day is opened, and belong to it all the same."""
_OF_ELECTION_DAY: Final = (*_OF_ELECTION, ListCounted.kind)
_OF_OPEN_DAY: Final = (*_OF_ELECTION, Admitted.kind)
"""Acts that count; after the closing none of them may come."""
_SAYS_ELECTION: Final = {kind for kind, cls in KINDS.items() if "election_id" in cls.about.fields}


class LogRows:
    """What the leaves of `log` say; `offset` is the polling stations' time less UTC.

    Raises `ValueError` for a leaf that is no entry, with its number.
    """

    def __init__(self, log: SignedLog, offset: timedelta) -> None:
        self.maker = Maker(log.origin, log.public_key)
        self.rows: list[Row] = []
        self.voids: list[Void] = []
        self.openings: list[Opening] = []
        self.takeovers: list[Takeover] = []
        self.findings = Findings()
        self._offset = offset
        self._day: date | None = None
        self._election = ""
        self._election_date: date | None = None
        self._is_live = log.origin.startswith(_LIVE)
        self._is_open = False
        self._last: dict[Maker, datetime] = {}
        self._taken: dict[Maker, Takeover] = {}
        self._identified: dict[tuple[Maker, int], Row] = {}
        self._acts: dict[tuple[Maker, int], Row] = {}
        self._undone: set[int] = set()
        self._not_open: list[Row] = []
        self.opened_for = ""
        """The election that the first entry names; empty where it names none."""
        for number, leaf in enumerate(log.leaves, 1):
            self._take(number, leaf)
            if number == 1:
                self.opened_for = self._election
        self._conclude()

    def _take(self, number: int, leaf: bytes) -> None:
        try:
            text = leaf.decode()
            values = _object(text)
        except ValueError as fault:
            raise ValueError(f"entry {number} is no JSON object") from fault
        made = self._unwrapped(number, values)
        maker, made_number = made.names[-1]
        values = made.values
        kind = _text(values.get("kind")) or ""
        at = _time(values.get("at"))
        if at is None:
            self.findings.add("no_time", number, self._day)
        if kind in _SAYS_ELECTION:
            self._see_election(values)
        identifies = kind == Outcome.kind and values.get("outcome") == OutcomeKind.IDENTIFIED
        names = identifies or kind == IssuedElsewhere.kind
        code = {Outcome.kind: "outcome", ActUndone.kind: "act"}.get(kind, "")
        method = _text(values.get("method")) if kind == Outcome.kind else None
        row = Row(
            number=number,
            maker=maker,
            made_number=made_number,
            at=at,
            day=self._day_of(number, kind, at, values),
            kind=kind,
            outcome=_text(values.get(code)),
            method=ELSEWHERE if kind == IssuedElsewhere.kind else method,
            voter=_text(values.get("voter_id")) if names else None,
            carried_hash=made.carried_hash,
            leaf=text,
            election=self._election if names else None,
        )
        self.rows.append(row)
        if names:
            self._identified |= dict.fromkeys(made.names, row)
        if kind in (Admitted.kind, StruckOff.kind):
            self._acts |= dict.fromkeys(made.names, row)
        is_early = self._is_live and not self.openings and kind in _OF_ELECTION
        if (identifies or kind in _OF_OPEN_DAY) and not self._is_open and not is_early:
            self._not_open.append(row)
        if notice := _NOTICES.get(kind):
            notice(self, row, made)

    def _unwrapped(self, number: int, values: dict[str, Any]) -> Made:
        maker, made_number, carried_hash = self.maker, number, None
        names = [(maker, made_number)]
        while True:
            self._follow_clock(number, maker, _time(values.get("at")))
            if values.get("kind") != Carried.kind:
                break
            taken = self._taken.get(maker)
            leaf, inner_number = values.get("leaf"), _integer(values.get("number"))
            try:
                inner = _object(leaf) if isinstance(leaf, str) else None
                carried = leaf_hash(leaf.encode()) if isinstance(leaf, str) else b""
            except ValueError:
                inner = None
            if inner is None or taken is None or taken.of_maker is None or inner_number is None:
                self.findings.add("carried_unclear", number, self._day)
                break
            taken.hashes.append(carried)
            if inner_number != len(taken.hashes):
                self.findings.add("carried_unclear", number, self._day)
            maker, made_number, carried_hash, values = taken.of_maker, inner_number, carried, inner
            names.append((maker, made_number))
        return Made(tuple(names), carried_hash, values)

    def _follow_clock(self, number: int, maker: Maker, at: datetime | None) -> None:
        if at is None:
            return
        back = self._last.get(maker, at) - at
        if back > timedelta(0):
            self.findings.add("clock_back", number, self._day, back // timedelta(milliseconds=1))
        self._last[maker] = at

    def _see_election(self, values: dict[str, Any]) -> None:
        """The election day of the signed list, in entries of versions that say so."""
        election = _text(values.get("election_id"))
        if election is None:
            return
        self._election = election
        try:
            self._election_date = date.fromisoformat(_text(values.get("election_date")) or "")
        except ValueError:
            self._election_date = None

    def _day_of(
        self, number: int, kind: str, at: datetime | None, values: dict[str, Any]
    ) -> date | None:
        """The open day; otherwise the date at the polling station.

        At a live station the day is the election's, whatever the clock says. Journals that do
        not name it, and training on any day before, have the day on which they were opened.
        """
        own = self._date(at)
        if kind == DayOpened.kind:
            named = self._election_date if self._is_live else None
            self._day = named or self._date(_time(values.get("phone_time"))) or own
        elif not self._is_open and kind != DayReopened.kind:
            is_early = self._is_live and kind in _OF_ELECTION_DAY
            return (self._election_date or own) if is_early else own
        if self._day is not None and own != self._day and at is not None:
            self.findings.add("outside_day", number, self._day)
        return self._day or own

    def _date(self, at: datetime | None) -> date | None:
        try:
            return None if at is None else (at + self._offset).date()
        except OverflowError:
            return None

    def _see_opened(self, row: Row, made: Made) -> None:
        self._is_open = True
        if row.day is not None:
            listed = voters_listed(made.values)
            self.openings.append(Opening(row.number, row.maker, row.made_number, row.day, listed))
        difference = abs(_integer(made.values.get("difference_s")) or 0)
        if difference > _CLOCKS_DIFFER_S:
            self.findings.add("clocks_differ", row.number, row.day, difference)

    def _see_closed(self, row: Row, made: Made) -> None:
        self._is_open = False

    def _see_reopened(self, row: Row, made: Made) -> None:
        self._is_open = True

    def _see_taken_over(self, row: Row, made: Made) -> None:
        values = made.values
        key = _hex(values.get("public_key")) or b""
        origin = _text(values.get("origin")) or ""
        taken = Takeover(
            number=row.number,
            by_maker=row.maker,
            made_number=row.made_number,
            of_maker=Maker(origin, key) if key else None,
            of_origin=origin,
            size=_integer(values.get("size")) or 0,
            root=_text(values.get("root")) or "",
            note=_text(values.get("note")) or "",
            pack_sha256=_sha256(values.get("pack_sha256")),
        )
        self.takeovers.append(taken)
        self._taken[row.maker] = taken

    def _see_voided(self, row: Row, made: Made) -> None:
        number, voter = _integer(made.values.get("entry")), _text(made.values.get("voter_id"))
        # The number is one of the log in which the void was made.
        identified = self._identified.get((row.maker, number or 0))
        is_an_act = identified is not None and identified.kind == IssuedElsewhere.kind
        is_of_kind = is_an_act == (row.kind == ActUndone.kind)
        if identified is None or voter is None or identified.voter != voter or not is_of_kind:
            self.findings.add("void_of_nothing", row.number, row.day)
            return
        self.voids.append(
            Void(
                number=row.number,
                by_maker=row.maker,
                by_number=row.made_number,
                maker=identified.maker,
                made_number=identified.made_number,
                voter=voter,
                day=identified.day,
                method=identified.method,
            )
        )

    def _see_undone(self, row: Row, made: Made) -> None:
        if row.outcome == UndoneAct.ISSUED_ELSEWHERE:
            self._see_voided(row, made)
            return
        act = self._acts.get((row.maker, _integer(made.values.get("entry")) or 0))
        if act is None or act.kind != row.outcome or act.number in self._undone:
            self.findings.add("void_of_nothing", row.number, row.day)
            self.rows[-1] = row._replace(outcome=None)  # counts as nothing
            return
        self._undone.add(act.number)

    def _conclude(self) -> None:
        """What only the whole log shows."""
        if self.openings:
            for row in self._not_open:
                self.findings.add("day_not_open", row.number, row.day)
        for taken in self.takeovers:
            taken.is_proven = _is_proven(taken)
            if len(taken.hashes) < taken.size:
                missing = taken.size - len(taken.hashes)
                self.findings.add("takeover_gap", taken.number, self.rows[-1].day, missing)
            elif taken.size and not taken.is_proven:
                self.findings.add("takeover_unproven", taken.number, self.rows[-1].day)


_NOTICES: Final[dict[str, Callable[[LogRows, Row, Made], None]]] = {
    DayOpened.kind: LogRows._see_opened,
    DayClosed.kind: LogRows._see_closed,
    DayReopened.kind: LogRows._see_reopened,
    TakenOver.kind: LogRows._see_taken_over,
    OutcomeVoided.kind: LogRows._see_voided,
    ActUndone.kind: LogRows._see_undone,
}


def _is_proven(taken: Takeover) -> bool:
    """Whether the other station has signed exactly what is carried of it."""
    root = tree_root(taken.hashes[: taken.size])
    if taken.of_maker is None or root.hex() != taken.root or len(taken.hashes) != taken.size:
        return False
    try:
        head = read_note(taken.note, taken.of_maker.public_key)
    except ValueError:
        return False
    return (head.origin, head.size, head.root) == (taken.of_maker.origin, taken.size, root)


def _object(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(values, dict):
        raise ValueError("it is no object")  # noqa: TRY004  (of a file, not of a caller)
    return values


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _text(value: object) -> str | None:
    """A text that a table can hold: JSON allows NUL and halves of characters."""
    if not isinstance(value, str) or "\0" in value:
        return None
    return value if value == value.encode(errors="ignore").decode() else None


def _hex(value: object) -> bytes | None:
    try:
        return bytes.fromhex(_text(value) or "")
    except ValueError:
        return None


def _sha256(value: object) -> bytes | None:
    found = _hex(value)
    return found if found and len(found) == _SHA256_BYTES else None


def _integer(value: object) -> int | None:
    """A whole number that a table can hold."""
    if isinstance(value, bool) or not isinstance(value, int) or not abs(value) < _INTEGER:
        return None
    return value


def _time(value: object) -> datetime | None:
    if not isinstance(value, str) or not value.endswith("Z"):
        return None
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
