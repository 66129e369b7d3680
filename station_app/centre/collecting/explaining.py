"""What people have found out about an alarm, written beside it; nothing else is changed."""

from datetime import date
from typing import Final

from station_app.centre.collecting.alarms import Alarm
from station_app.centre.collecting.report import report
from station_app.centre.collecting.schema import look_up
from station_app.centre.collecting.server import connected
from station_app.domain.errors import KnownError

_LONGEST: Final = 500


def explain(database: str, alarm: str, reason: str, day: date | None) -> Alarm:
    """Write down why the alarm with this id is none any more, and return it explained.

    An explanation given before stays in the table; the last one is shown. Raises `KnownError`:
    `reason_unfit`, `alarm_unknown`, and as `report` does.
    """
    if not reason.strip() or len(reason) > _LONGEST or not reason.isprintable():
        raise KnownError(
            "reason_unfit",
            f"A reason is one line of at most {_LONGEST} characters. Say what was found out.",
        )
    # At 0 every share of manual cases that could be an alarm is one.
    if all(one.id != alarm for one in report(database, day, None, 0).alarms):
        raise KnownError(
            "alarm_unknown",
            f"No alarm of this day is called {alarm}. Take its id from the report; an alarm that "
            "has grown since has another one.",
        )
    with connected(database) as tables:
        look_up(tables)
        tables.execute("INSERT INTO explanation (alarm, reason) VALUES (%s, %s)", (alarm, reason))
    return next(one for one in report(database, day, None, 0).alarms if one.id == alarm)
