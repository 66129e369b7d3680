"""The figures of a day for screens, protocol and centre, and the counts at its closing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day_acts import COUNTED, ActBook
from station_app.domain.entries import DayClosed, is_explanation
from station_app.domain.entry_codes import Count, Method, OutcomeKind
from station_app.domain.roles import Role


@dataclass(frozen=True, slots=True)
class DayFigures:
    """How the sessions of a day ended.

    `by_finger`, `by_face` and `by_commission` count valid identifications, `voided` those
    made void. `slips` counts valid identifications whose slip was printed,
    `reprints` slips printed again. `stops_decided` are those `already_identified` that the
    commission has looked at. From `issued_elsewhere` on: the day's acts by their kind, those undone
    not counted. `listed` counts the voters on the list in use, `struck_not_listed` those of
    `struck_off` who are not among them.
    """

    listed: int = 0
    by_finger: int = 0
    by_face: int = 0
    by_commission: int = 0
    voided: int = 0
    already_identified: int = 0
    not_on_list: int = 0
    unreadable: int = 0
    refused: int = 0
    abandoned: int = 0
    device_lost: int = 0
    interrupted: int = 0
    slips: int = 0
    reprints: int = 0
    stops_decided: int = 0
    issued_elsewhere: int = 0
    admitted: int = 0
    struck_off: int = 0
    struck_not_listed: int = 0
    sent_away: int = 0
    came_back: int = 0
    station_was_off: int = 0
    acts_undone: int = 0

    @property
    def identified(self) -> int:
        """Valid identifications: those not made void."""
        return self.by_finger + self.by_face + self.by_commission

    @property
    def issued(self) -> int:
        """Ballots, and signatures on paper, that there must be: a voter identified at the desk, a
        voter to whom a ballot was taken, and a person who was admitted each has one.
        """
        return self.identified + self.issued_elsewhere + self.admitted

    @property
    def has_acts(self) -> bool:
        """Whether anything happened beside the desk."""
        return self.acts_undone > 0 or any(getattr(self, cls.kind) for cls in COUNTED)

    @property
    def entitled(self) -> int:
        """Voters on the list without those struck off."""
        # An older version wrote nothing of those struck off who are on no list any more.
        return max(0, self.listed - (self.struck_off - self.struck_not_listed))

    def expected(self, what: Count) -> int:
        """What a count at the closing must be: slips are made for identifications only."""
        return self.identified if what is Count.SLIPS else self.issued

    @property
    def manual_share(self) -> float:
        """The commission's part of the identifications, 0 to 1; 0 without any."""
        return self.by_commission / self.identified if self.identified else 0.0

    @property
    def turnout(self) -> float:
        """Identifications a voter on the list, 0 to 1; 0 for an unknown number of voters."""
        return self.identified / self.listed if self.listed else 0.0


@dataclass(frozen=True, slots=True)
class HourCount:
    """Valid identifications in one hour of the station's day (`hour` 0 to 23, local)."""

    hour: int
    identified: int


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Valid identifications of voters from `youngest` to `oldest` years (None: no end)."""

    youngest: int
    oldest: int | None
    men: int
    women: int


@dataclass(frozen=True, slots=True)
class Turnout:
    """The figures with their breakdown; `by_hour` has every hour from the first to the last."""

    figures: DayFigures
    by_hour: tuple[HourCount, ...]
    by_age: tuple[AgeBand, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """The journal's head: entries, root (32 bytes), and the signed note."""

    size: int
    root: bytes
    note: str

    @property
    def short(self) -> str:
        """As on slips and papers: `1204 9f3a 71c4`."""
        digits = self.root.hex()
        return f"{self.size} {digits[:4]} {digits[4:8]}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One count that is not what it must be, with the commission's written reason."""

    what: Count
    expected: int
    counted: int
    reason: str


@dataclass(frozen=True, slots=True)
class Incident:
    """One entry of a kind worth a line in the protocol; `detail` is a code or a number."""

    number: int
    at: datetime
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class SignedBy:
    """A person who has signed with a passphrase."""

    id: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A station that this one went on for, and what was seen of its journal.

    `entries` were carried, the last written at `seen_until` (aware; None for none); at least
    `missing` more are known. `is_blind`: whether there were others is unknown.
    """

    station: str
    entries: int
    seen_until: datetime | None
    missing: int
    is_blind: bool

    @property
    def needs_paper_list(self) -> bool:
        """Whether somebody may have been identified there whom this journal does not know."""
        return self.missing > 0 or self.is_blind


@dataclass(frozen=True, slots=True)
class DayReport:
    """Everything a paper of the day says; times are aware, `closed_at` None while it is open.

    `phone_time` is the time the chair read from another clock, None where there was none;
    `difference_s` by how much the station was ahead of it. `ballots` and `signatures` are
    None before they are counted. `signers` are those who opened, or who closed. `predecessors`
    are the stations that were taken over, the last one first.
    """

    station: str
    precinct: str
    place: str
    election: str
    list_kind: str
    list_sequence: int
    day: int
    opened_at: datetime
    closed_at: datetime | None
    phone_time: datetime | None
    difference_s: int
    turnout: Turnout
    ballots: int | None
    signatures: int | None
    differences: tuple[Difference, ...]
    incidents: tuple[Incident, ...]
    head: Head
    public_key: str
    signers: tuple[SignedBy, ...]
    app_version: str
    predecessors: tuple[Predecessor, ...] = ()


@dataclass(frozen=True, slots=True)
class HandCount:
    """The commission's counts: ballots issued, here and elsewhere; signatures on the paper list,
    its extracts for the homes, and the supplementary list.
    """

    ballots: int
    signatures: int


@dataclass(frozen=True, slots=True)
class Gap:
    """One count that is not what it must be (`expected`)."""

    what: Count
    expected: int
    counted: int


def gaps_of(figures: DayFigures, counted: HandCount) -> tuple[Gap, ...]:
    """The counts that differ, slips first; each needs a written reason."""
    counts = {
        Count.SLIPS: figures.slips,
        Count.BALLOTS: counted.ballots,
        Count.SIGNATURES: counted.signatures,
    }
    return tuple(
        Gap(what, expected, number)
        for what, number in counts.items()
        if number != (expected := figures.expected(what))
    )


def unexplained(gaps: tuple[Gap, ...], reasons: Mapping[Count, str]) -> tuple[Gap, ...]:
    """The gaps whose written reason is missing, too short or too long."""
    return tuple(gap for gap in gaps if not is_explanation(reasons.get(gap.what, "")))


_IDENTIFIED = OutcomeKind.IDENTIFIED


def figures_of(
    outcomes: Iterable[LoggedOutcome],
    voids: Mapping[int, int],
    slips: Mapping[int, int],
    listed: int,
    stops: Mapping[int, int],
    acts: ActBook | None = None,
) -> DayFigures:
    """The figures of these ends of sessions and of the day's acts; `voids` and `slips` by
    identifying entry, `stops` those decided, by the entry that stopped.
    """
    ended: Counter[OutcomeKind] = Counter()
    methods: Counter[Method] = Counter()
    voided = printed = reprints = stops_decided = 0
    for one in outcomes:
        ended[one.outcome] += 1
        stops_decided += one.number in stops
        if one.outcome is not _IDENTIFIED:
            continue
        copies = slips.get(one.number, 0)
        reprints += max(copies - 1, 0)
        if one.number in voids:
            voided += 1
        else:
            methods[one.method] += 1
            printed += copies > 0
    return DayFigures(
        listed=listed,
        by_finger=methods[Method.FINGER],
        by_face=methods[Method.FACE],
        by_commission=methods[Method.COMMISSION],
        voided=voided,
        already_identified=ended[OutcomeKind.ALREADY_IDENTIFIED],
        not_on_list=ended[OutcomeKind.NOT_ON_LIST],
        unreadable=ended[OutcomeKind.UNREADABLE],
        refused=ended[OutcomeKind.REFUSED],
        abandoned=ended[OutcomeKind.ABANDONED],
        device_lost=ended[OutcomeKind.DEVICE_LOST],
        interrupted=ended[OutcomeKind.INTERRUPTED],
        slips=printed,
        reprints=reprints,
        stops_decided=stops_decided,
        **({} if acts is None else acts.counts()),
    )


def closing_faults(
    closed: DayClosed, figures: DayFigures, explained: Mapping[Count, tuple[int, int]]
) -> Iterator[str]:
    """Why a day cannot be closed with these counts, one sentence a fault."""
    for name in (
        "listed", "by_finger", "by_face", "by_commission", "voided", "already_identified",
        "not_on_list", "unreadable", "refused", "slips", "reprints", *DayClosed.about.added,
    ):  # fmt: skip
        # A closing of an older version says nothing of acts: there were none.
        said, is_ = getattr(closed, name) or 0, getattr(figures, name)
        if said != is_:
            yield f"it says {name} {said}, and the entries give {is_}"
    for gap in gaps_of(figures, HandCount(closed.ballots, closed.signatures)):
        if explained.get(gap.what) != (gap.expected, gap.counted):
            yield f"the difference of {gap.what} is not explained"
