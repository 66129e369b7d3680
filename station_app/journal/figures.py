"""Adding up a day, and whether its closing says the same."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day_report import DayFigures
from station_app.domain.entries import DayClosed
from station_app.domain.entry_codes import Count, Method, OutcomeKind

_IDENTIFIED = OutcomeKind.IDENTIFIED


def figures_of(
    outcomes: Iterable[LoggedOutcome],
    voids: Mapping[int, int],
    slips: Mapping[int, int],
    listed: int,
) -> DayFigures:
    """The figures of these ends of sessions; `voids` and `slips` by identifying entry."""
    ended: Counter[OutcomeKind] = Counter()
    methods: Counter[Method] = Counter()
    voided = printed = reprints = 0
    for one in outcomes:
        ended[one.outcome] += 1
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
    )


def counted(closed: DayClosed) -> dict[Count, int]:
    """What is held against the number identified."""
    return {
        Count.SLIPS: closed.slips,
        Count.BALLOTS: closed.ballots,
        Count.SIGNATURES: closed.signatures,
    }


def closing_faults(
    closed: DayClosed, figures: DayFigures, explained: Mapping[Count, tuple[int, int]]
) -> Iterator[str]:
    """Why a day cannot be closed with these counts, one sentence a fault."""
    for name in (
        "listed", "by_finger", "by_face", "by_commission", "voided", "already_identified",
        "not_on_list", "unreadable", "refused", "slips", "reprints",
    ):  # fmt: skip
        said, is_ = getattr(closed, name), getattr(figures, name)
        if said != is_:
            yield f"it says {name} {said}, and the entries give {is_}"
    identified = figures.identified
    for what, number in counted(closed).items():
        if number != identified and explained.get(what) != (identified, number):
            yield f"the difference of {what} is not explained"
