"""Lists of invented voters: the demo precinct's, and one made of a folder of real images."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars

from station_app.biometrics.engines import engine_names
from station_app.centre.finger_sources import FingerFile, FingerImageOf, PortraitOf
from station_app.centre.list_building import (
    POSITION,
    BuildReport,
    Progress,
    RealFinger,
    build_list,
    invent_voters,
)
from station_app.domain.election import ElectionDay
from station_app.domain.fingers import FingerPosition
from station_app.domain.policy import PROVISIONAL, Policy
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, ListHeader, ListKind
from station_app.synthetic.portraits import portrait_jpeg
from station_app.synthetic.precinct import (
    ENROLMENT_IMPRESSION,
    ENROLMENT_PRESET,
    PRECINCT_NUMBER,
    Precinct,
    invent_precinct,
    pressed,
)

DEMO_VOTERS = 300
DEMO_SEED = 2026
DEMO_FINGERS = (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)
_CREATED = datetime(2026, 11, 24, tzinfo=UTC)


def shipped_demo_list() -> Path:
    """The built demo list of this checkout or installation."""
    return Path(__file__).parents[2] / "voter_snapshots" / "demo.vlist"


@cache
def demo_precinct() -> Precinct:
    """The people of the demo list."""
    return invent_precinct(DEMO_VOTERS, DEMO_SEED, DEMO_FINGERS)


def build_precinct_list(
    path: Path,
    precinct: Precinct,
    progress: Progress | None = None,
    *,
    photographed: Collection[int] = (),
) -> BuildReport:
    """Enrol an invented precinct into a demo list at `path`, on all cores.

    The voters in the rows `photographed` have photos and the face templates of these, about 0.4 s
    more a voter on one core.
    """
    rows = range(len(precinct.voters))
    fingers = [[_enrolment(precinct, row, at) for at in precinct.fingers] for row in rows]
    photos = [
        PortraitOf(partial(portrait_jpeg, precinct.face(row))) if row in photographed else None
        for row in rows
    ]
    return build_list(
        path, PUBLIC_DEMO_LIST_KEY, _header(PROVISIONAL),
        voters=precinct.voters, fingers=fingers, portraits=photos, progress=progress,
    )  # fmt: skip


def build_real_finger_list(
    path: Path, fingers: Sequence[RealFinger], ppi: int, progress: Progress | None = None
) -> BuildReport:
    """Enrol impression 1 of every real finger for an invented voter, at `path`."""
    return build_list(
        path, PUBLIC_DEMO_LIST_KEY, _header(PROVISIONAL), voters=invent_voters(fingers),
        fingers=[[FingerFile(finger.enrolled, POSITION)] for finger in fingers],
        ppi=ppi, progress=progress,
    )  # fmt: skip


@contextmanager
def counted(title: str) -> Iterator[Progress]:
    """A progress bar on standard error; yields the function that updates it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(title, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _enrolment(precinct: Precinct, row: int, position: FingerPosition) -> FingerImageOf:
    """Without the precinct, which would go to each process with each finger."""
    seed = precinct.finger_seed(row, position)
    return FingerImageOf(position, partial(pressed, seed, ENROLMENT_IMPRESSION, ENROLMENT_PRESET))


def _header(policy: Policy) -> ListHeader:
    return ListHeader(
        kind=ListKind.DEMO,
        election="Invented election",
        precinct=PRECINCT_NUMBER,
        place="",
        station="demo",
        seat="1",
        sequence=1,
        engines=engine_names(),
        created=_CREATED,
        policy=policy,
        election_day=ElectionDay("demo-2026", date(2026, 11, 29)),
    )
