"""Facts by which the coach of a lesson knows of acts: nothing here is a key or a click."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from station_app.domain import session_events as events
from station_app.domain.entries import Entry
from station_app.domain.fingers import FingerPosition
from station_app.domain.roles import Role

if TYPE_CHECKING:
    from station_app.training.actions import Action


class Shown(StrEnum):
    """Pages that a step can end at, as lesson files name them (`shows:`)."""

    READY = "ready"
    CAPTURE = "capture"
    BUSY = "busy"
    TRY_AGAIN = "try_again"
    FACE = "face"
    IDENTIFIED = "identified"
    MISMATCH = "mismatch"
    ALREADY = "already"
    STOP_LOOK = "stop_look"
    NOT_ON_LIST = "not_on_list"
    COMMISSION = "commission"
    """A session that ended with the commission: sent there, refused, or unreadable."""
    MANUAL = "manual"
    """The dialog in which the commission decides."""
    VOIDED = "voided"
    UNPLUGGED = "unplugged"
    RESTING = "resting"
    BLOCKED = "blocked"
    ROOM_DAY = "room.day"
    ROOM_LOG = "room.log"
    ROOM_TURNOUT = "room.turnout"
    ROOM_DECISIONS = "room.decisions"
    ROOM_CLOSE = "room.close"
    ROOM_EXCEPTIONS = "room.exceptions"
    DOOR_UNLOCK = "door.unlock"
    DOOR_NO_LIST = "door.no_list"
    TECHNICIAN_LOAD = "technician.load"
    TECHNICIAN_DEVICES = "technician.devices"
    TECHNICIAN_TEST = "technician.test"
    TECHNICIAN_READY = "technician.ready"
    TECHNICIAN_PEOPLE = "technician.people"
    TECHNICIAN_APPEARANCE = "technician.appearance"


class Pressed(StrEnum):
    """What was asked of the screen itself, however it was asked."""

    HELP = "help"
    SLIP = "slip"
    ROOM = "room"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Handled:
    """The runner has taken this event, and it has changed something."""

    event: events.Event


@dataclass(frozen=True, slots=True)
class Written:
    """This entry is in the journal."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class AtBar:
    """Somebody at the bar of the lesson did this: the voter, or a hand on a device."""

    action: "Action"


@dataclass(frozen=True, slots=True)
class Asked:
    """A key or a button of the screen."""

    what: Pressed


@dataclass(frozen=True, slots=True)
class Page:
    """This page is on the screen now; `help_page` is the name of its help.

    `finger` is the one that the page asks for, `UNKNOWN` for none.
    """

    shown: Shown
    help_page: str = ""
    finger: FingerPosition = FingerPosition.UNKNOWN


class DoorAct(StrEnum):
    """What was done to a station before its desk."""

    UNLOCKED = "unlocked"
    LOCKED = "locked"
    LOADED = "loaded"


@dataclass(frozen=True, slots=True)
class AtDoor:
    """Two persons, or a technician, have done this."""

    act: DoorAct


class StationPart(StrEnum):
    """A part of a station that its self-test has a card for."""

    SCANNER = "scanner"
    PRINTER = "printer"
    PAPER = "paper"
    STICK = "stick"
    DISK = "disk"
    CLOCK = "clock"
    BATTERY = "battery"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Tested:
    """The self-test of this part has ended."""

    part: StationPart
    passed: bool


@dataclass(frozen=True, slots=True)
class PersonAdded:
    """Two persons have agreed to another one, of this role."""

    role: Role


Fact = Handled | Written | AtBar | Asked | Page | AtDoor | Tested | PersonAdded
