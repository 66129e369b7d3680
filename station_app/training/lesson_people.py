"""The invented commission of lessons, and its passphrases, which are shown beside the screen."""

from collections.abc import Mapping
from typing import Final

from station_app.domain.roles import Role
from station_app.flow.approvals import DEMO_PASSPHRASE, demo_person
from station_app.training.lesson import StageKind
from station_app.training.sentences import Sentence

OPERATOR: Final = demo_person(Role.OPERATOR)
CHAIR: Final = demo_person(Role.CHAIR)
MEMBER: Final = demo_person(Role.MEMBER)
AT_STATION: Final = (OPERATOR, CHAIR, MEMBER)
"""Who may unlock a lesson's station, in the order in which its door asks for them."""

PASSPHRASES: Final[Mapping[str, str]] = {
    OPERATOR.id: "demonstration 1",
    CHAIR.id: "demonstration 2",
    MEMBER.id: "demonstration 3",
}
"""By the ids of the people of a station, none of whom may have another's; at a desk without a door
everybody's is `DEMO_PASSPHRASE`."""

SHOWN: Final[Mapping[StageKind, Sentence]] = {
    StageKind.DESK: Sentence("lesson.ui.passphrase", {"passphrase": DEMO_PASSPHRASE}),
    StageKind.STATION: Sentence(
        "lesson.ui.passphrases",
        {
            "operator": OPERATOR.name,
            "first": PASSPHRASES[OPERATOR.id],
            "chair": CHAIR.name,
            "second": PASSPHRASES[CHAIR.id],
            "member": MEMBER.name,
            "third": PASSPHRASES[MEMBER.id],
        },
    ),
}
"""What a learner reads where somebody signs."""
