"""What voters see and hear: their display, the voice, and the desk's keys and chips for both."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from PySide6.QtWidgets import QWidget

from station_app.assembly.desk_services import StationEquipment
from station_app.devices.monitors import sockets
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.errors import KnownError
from station_app.flow.bridge import Bridge
from station_app.flow.display_log import DisplayLog
from station_app.flow.open_station import OpenStation, local
from station_app.flow.signed_settings import seen_settings
from station_app.flow.station_devices import voter_screen
from station_app.ui.operator.controller import DeskController
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.views import StationKind
from station_app.ui.public.public_desk import PublicDesk, PublicOutlet
from station_app.ui.public.spoken_verdicts import SpokenVerdicts
from station_app.ui.public.voter_display import VoterDisplay
from station_app.ui.sounds import SoundPlayer
from station_app.vault import StationFolder


def station_display(
    folder: StationFolder, desk: QWidget, now: Callable[[], datetime]
) -> VoterDisplay | None:
    """The display of the station's settings beside the window `desk`; None where they name none, or
    cannot be read. It shows nobody before the desk is open.
    """
    with suppress(KnownError):
        machine = seen_settings(folder)
        if voter_screen(machine) is not None:
            return VoterDisplay(
                desk,
                machine.voter_languages,
                StationKind(machine.kind.value),
                lambda: f"{local(now()):%H:%M}",
                precinct=machine.precinct,
                connector=lambda: _connector(folder),
                sockets=sockets,
            )
    return None


def _connector(folder: StationFolder) -> str | None:
    """Read anew: a technician may have chosen another monitor. None for no monitor."""
    with suppress(KnownError):
        screen = voter_screen(seen_settings(folder))
        return None if screen is None else screen.connector
    return None


class VoterSide:
    """What an open desk tells voters, until `leave`.

    It shows somebody only where the settings that two persons signed have a display
    (`equipment.shows_voters`); then its loss is said and written down. `display` is None where none
    was made; `sounds` None is silent.
    """

    def __init__(
        self,
        station: OpenStation,
        equipment: StationEquipment,
        desk: OperatorDesk,
        controller: DeskController,
        bridge: Bridge,
        display: VoterDisplay | None,
        sounds: SoundPlayer | None,
    ) -> None:
        has_slips = equipment.slips_go_to is PrintedTo.PRINTER
        languages = equipment.voter_languages
        header = station.header
        outlets: list[PublicOutlet] = []
        self._display = display if equipment.shows_voters else None
        if self._display is not None:
            kind = StationKind(header.kind.value)
            self._display.set_desk(kind, languages, precinct=header.precinct, has_slips=has_slips)
            outlets.append(self._display)
        if equipment.speaks and sounds is not None:
            outlets.append(SpokenVerdicts(sounds, languages, has_slips=has_slips, parent=desk))
        self._public = PublicDesk(station.runner, outlets, desk)
        self._log: DisplayLog | None = None
        if self._display is not None:
            desk.set_has_display()
            desk.call_pressed.connect(self._public.call)
        if equipment.shows_voters and equipment.misses_display:
            opened = station.opened
            self._log = DisplayLog(
                opened.recorder, opened.lanes.journal, bridge, controller.display_changed
            )
            is_on = self._display is not None and self._display.is_on
            self._log.changed(is_on)
            if self._display is not None:
                self._display.changed.connect(self._log.changed)

    def leave(self) -> None:
        """The desk is locked: voters see and hear nothing of it any more."""
        self._public.leave()
        if self._log is not None:
            self._log.stop()
            if self._display is not None:
                self._display.changed.disconnect(self._log.changed)
