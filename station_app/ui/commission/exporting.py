"""The day on its way out of the station: what the bar below the day's page says."""

from dataclasses import dataclass
from datetime import datetime

from station_app.domain.readiness import Compared
from station_app.flow.day_export import ExportedDay


@dataclass(frozen=True, slots=True)
class Export:
    """An export, by its local time and the number of entries it holds."""

    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class ExportView:
    """`sealed_to` can open the file, `last` is the newest export of an open day. `writing_to`
    names the medium that is being written, `taken` is what came of it; `fault` is the code
    of why nothing did.
    """

    sealed_to: tuple[Compared, ...]
    last: Export | None = None
    writing_to: str = ""
    taken: ExportedDay | None = None
    fault: str = ""
