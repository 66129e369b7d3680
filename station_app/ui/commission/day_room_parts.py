"""What the pages of the day need beside its desk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from station_app.domain.roles import Person
from station_app.flow.approvals import CommissionAct
from station_app.flow.day_export import DayExport
from station_app.flow.lane import Lane
from station_app.flow.opening_checks import OpeningCheck


@dataclass(frozen=True, slots=True)
class DayRoomParts:
    """`people` may sign; `checks` looks at the station anew, on `lane`; `now` is the station's
    time, aware, and `local` gives it as it is shown. `is_desk_free` says that no session is
    under way; `print_slips` prints those that are missing. `export` is None where there is
    nobody to seal the day to.
    """

    act: CommissionAct
    people: Callable[[], Sequence[Person]]
    lane: Lane
    checks: Callable[[], tuple[OpeningCheck, ...]]
    now: Callable[[], datetime]
    local: Callable[[datetime], datetime]
    is_desk_free: Callable[[], bool]
    print_slips: Callable[[], None]
    export: DayExport | None = None
