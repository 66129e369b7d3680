"""The readiness sheet of the screens: the station looked at, the page written."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from station_app.biometrics.engines import engine_names
from station_app.devices.media import Medium, mounted_media
from station_app.domain.readiness import Readiness
from station_app.flow.readiness import look_at
from station_app.flow.station_devices import printer_fault
from station_app.flow.sticks import SMALL_FILE, StickFinder, Sticks
from station_app.papers.readiness_sheet import write_readiness_pdf
from station_app.vault import StationFolder


class StationSheet:
    """Implements `ReadinessDesk`: the sheet goes to a stick."""

    def __init__(
        self,
        folder: StationFolder,
        now: Callable[[], datetime],
        media: Callable[[], Sequence[Medium]] = mounted_media,
    ) -> None:
        self._folder, self._now = folder, now
        self._sticks = StickFinder([folder.root.absolute()], media)

    def look(self) -> Readiness:
        """See `ReadinessDesk`."""
        ask = partial(printer_fault, self._folder)
        return look_at(self._folder, engine_names(), self._now(), ask)

    def sticks(self) -> Sticks:
        """See `ReadinessDesk`."""
        return self._sticks.find(SMALL_FILE)

    def save(self, found: Readiness, language: str, to: Medium) -> str:
        """See `ReadinessDesk`."""
        self._sticks.refuse_pulled(to)
        name = found.station.name if found.station is not None else "station"
        path = to.folder / f"{name}-readiness.pdf"
        write_readiness_pdf(path, found, language)
        return path.name
