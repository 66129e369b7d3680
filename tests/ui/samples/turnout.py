"""Every state of the turnout with invented numbers, by the name of its picture."""

from dataclasses import replace
from datetime import datetime

from station_app.domain.day_report import AgeBand, DayFigures, HourCount, Turnout
from station_app.ui.commission.turnout_charts import TurnoutView

TURNOUT_AT = datetime(2026, 11, 29, 20, 4)  # noqa: DTZ001  # local, as the screens are told it
_FIGURES = DayFigures(
    listed=2318,
    by_finger=1110,
    by_commission=21,
    voided=2,
    already_identified=14,
    not_on_list=37,
    slips=1130,
)
_HOURS = (38, 61, 84, 112, 131, 128, 96, 74, 82, 105, 126, 94)
_AGES = ((62, 58), (121, 133), (128, 139), (102, 117), (74, 92), (41, 64))


def sample_turnout_views() -> dict[str, TurnoutView]:
    """Every state of the turnout page."""
    by_hour = tuple(HourCount(8 + place, count) for place, count in enumerate(_HOURS))
    starts = (18, 25, 35, 45, 55, 65)
    by_age = tuple(
        AgeBand(youngest, None if youngest == 65 else end - 1, men, women)
        for youngest, end, (men, women) in zip(starts, (*starts[1:], 0), _AGES, strict=True)
    )
    turnout = Turnout(_FIGURES, by_hour, by_age, TURNOUT_AT)
    none = Turnout(
        DayFigures(listed=2318),
        (HourCount(8, 0),),
        tuple(replace(band, men=0, women=0) for band in by_age),
        TURNOUT_AT,
    )
    shown = TurnoutView(turnout, TURNOUT_AT, is_closed=True)
    return {
        "turnout": shown,
        "turnout-tables": replace(shown, as_table=True),
        "turnout-acts": replace(
            shown,
            turnout=replace(
                turnout, figures=replace(_FIGURES, issued_elsewhere=12, admitted=2, struck_off=3)
            ),
        ),
        "turnout-none": TurnoutView(none, TURNOUT_AT.replace(hour=8, minute=2)),
        "turnout-waiting": TurnoutView(),
        "turnout-not-read": TurnoutView(fault="list_damaged"),
    }
