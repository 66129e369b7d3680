"""The demo's queue: invented people who meet every verdict the desk can give."""

from station_app.domain.captures import FingerImage
from station_app.domain.entries import OutcomeKind
from station_app.domain.fingers import FingerPosition
from station_app.flow.rehearsal import (
    Act,
    GivePin,
    Impression,
    Person,
    Touch,
    TouchAndCancel,
    TouchAndLift,
    TouchAndPull,
)
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset

RIGHT, LEFT = FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX
NOT_ENROLLED = FingerPosition.RIGHT_RING

UNKNOWN_PIN = "29912300000000"
"""A PIN no invented voter has: there is no 99th of the month."""


def demo_queue(precinct: Precinct) -> list[Person]:
    """Fifteen people; needs a precinct of at least 300 voters with both index fingers."""

    def finger(
        row: int, position: FingerPosition = RIGHT, preset: Preset = Preset.GOOD, number: int = 1
    ) -> Impression:
        def press() -> FingerImage:
            return precinct.impression(row, position, number, preset)

        return press

    def stranger(number: int, position: FingerPosition) -> Impression:
        return lambda: precinct.stranger(number, position, 1, Preset.GOOD)

    def voter(row: int) -> str:
        return precinct.voters[row].voter_id

    def comes(row: int, who: str, *acts: Act, tries: int = 1) -> Person:
        return Person(who, acts, OutcomeKind.IDENTIFIED, voter(row), tries)

    dry = [Touch(finger(144, preset=Preset.DRY, number=n)) for n in range(1, 5)]
    return [
        comes(11, "recognised at once", Touch(finger(11))),
        comes(57, "recognised at once", Touch(finger(57))),
        comes(
            93,
            "second try, other finger",
            Touch(finger(93, NOT_ENROLLED)),
            Touch(finger(93, LEFT)),
            tries=2,
        ),
        comes(
            128,
            "dry finger, moistened",
            Touch(finger(128, preset=Preset.DRY)),
            Touch(finger(128, number=2)),
            tries=2,
        ),
        Person(
            "already identified",
            (Touch(finger(11, number=2)),),
            OutcomeKind.ALREADY_IDENTIFIED,
            voter(11),
            1,
        ),
        Person(
            "stranger",
            (Touch(stranger(0, RIGHT)), Touch(stranger(0, LEFT))),
            OutcomeKind.NOT_ON_LIST,
            tries=2,
        ),
        Person("cancelled", (TouchAndCancel(finger(170)),), OutcomeKind.ABANDONED),
        comes(
            170,
            "scanner unplugged",
            TouchAndPull(finger(170)),
            Touch(finger(170, number=2)),
        ),
        comes(203, "lifted early", TouchAndLift(finger(203)), Touch(finger(203)), tries=2),
        comes(231, "with a document", GivePin(precinct.voters[231].pin), Touch(finger(231))),
        Person(
            "document of another precinct",
            (GivePin(UNKNOWN_PIN),),
            OutcomeKind.NOT_ON_LIST,
            tries=0,
        ),
        Person(
            "another's document",
            (GivePin(precinct.voters[260].pin), Touch(finger(45))),
            OutcomeKind.REFUSED,
            tries=1,
        ),
        Person("dry four times", tuple(dry), OutcomeKind.UNREADABLE, tries=4),
        Person(
            "stranger",
            (Touch(stranger(1, RIGHT)), Touch(stranger(1, LEFT))),
            OutcomeKind.NOT_ON_LIST,
            tries=2,
        ),
        comes(288, "recognised at once", Touch(finger(288))),
    ]
