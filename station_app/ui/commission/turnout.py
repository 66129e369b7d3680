"""What the left of screen 11 shows: the day's numbers, and how they are written."""

from dataclasses import dataclass
from datetime import datetime

from station_app.domain.day_report import AgeBand, DayFigures, HourCount, Turnout
from station_app.flow.day_parts import PaperDestination
from station_app.ui.commission.day_log import Local
from station_app.ui.texts import Texts


@dataclass(frozen=True, slots=True)
class TurnoutView:
    """The turnout, None while it is added up; `at` is local, `is_closed` after closing.

    `as_table` shows the same numbers as tables. `fault` is the code of what failed last,
    `went` where the turnout on paper is.
    """

    turnout: Turnout | None = None
    at: datetime | None = None
    is_closed: bool = False
    as_table: bool = False
    fault: str = ""
    went: PaperDestination | None = None

    @classmethod
    def of(cls, turnout: Turnout, local: Local, *, is_closed: bool) -> "TurnoutView":
        """The turnout as charts."""
        return cls(turnout, local(turnout.at), is_closed)


@dataclass(frozen=True, slots=True)
class MethodLine:
    """Identifications that stand by one method: its code, how many, and their share."""

    method: str
    identified: int
    share: str


def method_lines(texts: Texts, figures: DayFigures) -> tuple[MethodLine, ...]:
    """Finger, face and commission, with their shares of all.

    Faces are left out where there are none: not every station compares them.
    """
    counts = {
        "finger": figures.by_finger,
        "face": figures.by_face,
        "commission": figures.by_commission,
    }
    return tuple(
        MethodLine(method, count, texts.percent(count, figures.identified))
        for method, count in counts.items()
        if count or method != "face"
    )


def busiest(by_hour: tuple[HourCount, ...]) -> HourCount | None:
    """The first hour with the most, None where nobody was identified."""
    most = max(by_hour, key=lambda one: one.identified, default=None)
    return most if most is not None and most.identified else None


def age_words(band: AgeBand) -> str:
    """18–24, 65+."""
    return f"{band.youngest}+" if band.oldest is None else f"{band.youngest}–{band.oldest}"


def hour_words(hour: int) -> str:
    """The whole hour: 12:00, after the last 24:00."""
    return f"{hour:02d}:00"


def axis_steps(highest: int) -> tuple[int, ...]:
    """Marks of an axis from 0 to at least `highest`: at most 4 steps of 1, 2 or 5 times 10^n."""
    step = 1
    while step * 4 < highest:
        digits = step
        while digits >= 10:
            digits //= 10
        step = step * 5 // 2 if digits == 2 else step * 2
    count = max(-(-highest // step), 1)
    return tuple(step * number for number in range(count + 1))
