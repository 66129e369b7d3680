"""The header of the lists the tests beside it build."""

from datetime import UTC, date, datetime

from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.domain.election import ElectionDay
from station_app.domain.policy import PROVISIONAL
from station_app.snapshots import ListHeader, ListKind

HEADER = ListHeader(
    kind=ListKind.DEMO,
    election="Invented election",
    precinct="9042",
    place="",
    station="test",
    seat="1",
    sequence=1,
    engines=(ENGINE,),
    created=datetime(2026, 1, 1, tzinfo=UTC),
    policy=PROVISIONAL,
    election_day=ElectionDay("KG-2026", date(2026, 11, 29)),
)
