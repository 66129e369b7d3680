"""The readiness sheet of the screens: the station looked at, the page written."""

import os
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from station_app.assembly.slip_printer import printer_fault
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.devices.media import mounted_media
from station_app.domain.readiness import Readiness
from station_app.flow.readiness import look_at
from station_app.papers import write_readiness_pdf
from station_app.vault import StationFolder


class StationSheet:
    """Implements `ReadinessDesk`: the sheet goes to the stick, else beside the station."""

    def __init__(
        self,
        folder: StationFolder,
        now: Callable[[], datetime],
        media: Callable[[], list[Path]] = mounted_media,
    ) -> None:
        self._folder, self._now, self._media = folder, now, media

    def look(self) -> Readiness:
        """See `ReadinessDesk`."""
        ask = partial(printer_fault, self._folder)
        return look_at(self._folder, ENGINE, self._now(), ask)

    def save(self, found: Readiness, language: str) -> str:
        """See `ReadinessDesk`."""
        sticks = (one for one in self._media() if os.access(one, os.W_OK))
        target = next(sticks, self._folder.root)
        name = found.station.name if found.station is not None else "station"
        write_readiness_pdf(target / f"{name}-readiness.pdf", found, language)
        return target.name
