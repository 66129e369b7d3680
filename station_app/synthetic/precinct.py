"""A whole invented precinct: its voters, their fingers, and strangers who are not on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage
from station_app.domain.voters import Voter
from station_app.synthetic.faces import OLDEST, YOUNGEST, InventedFace
from station_app.synthetic.impressions import press
from station_app.synthetic.masters import Master, grow_master
from station_app.synthetic.presets import Preset
from station_app.synthetic.register import REGISTER_DAY, invent_register
from station_app.synthetic.seeds import derive_seed

PRECINCT_NUMBER = "9042"  # no region has the digit 9: nobody takes it for a real precinct
PRECINCT_PLACE = "№ 5 мектеп, «Ынтымак»"
ENROLMENT_IMPRESSION = 0
ENROLMENT_PRESET = Preset.GOOD
FINGER_ORDER = (
    FingerPosition.RIGHT_INDEX,
    FingerPosition.LEFT_INDEX,
    FingerPosition.RIGHT_THUMB,
    FingerPosition.LEFT_THUMB,
    FingerPosition.RIGHT_MIDDLE,
    FingerPosition.LEFT_MIDDLE,
    FingerPosition.RIGHT_RING,
    FingerPosition.LEFT_RING,
    FingerPosition.RIGHT_LITTLE,
    FingerPosition.LEFT_LITTLE,
)

_MASTERS_KEPT = 64  # 158 kB each


@dataclass(frozen=True, slots=True)
class Precinct:
    """Voters in list order; `people[row]` is the invented person behind a row.

    `fingers` are the enrolled positions. Only seeds are kept: fingers grow when asked for.
    """

    seed: int
    voters: tuple[Voter, ...]
    people: tuple[int, ...]
    fingers: tuple[FingerPosition, ...]

    def impression(
        self, row: int, position: FingerPosition, number: int, preset: Preset
    ) -> FingerImage:
        """The `number`-th impression of a voter's finger (320 x 384, 500 ppi).

        The same (seed, person, position, number, preset) always gives the same pixels, in
        whatever order. Raises `IndexError` for a row outside the list and `ValueError` for
        an unknown finger or a negative number.
        """
        if not 0 <= row < len(self.people):
            raise IndexError(f"row {row} of a list of {len(self.people)}")
        return pressed(self.finger_seed(row, position), number, preset)

    def enrolment(self, row: int, position: FingerPosition) -> FingerImage:
        """The impression that goes into the list: number 0, good."""
        return self.impression(row, position, ENROLMENT_IMPRESSION, ENROLMENT_PRESET)

    def stranger(
        self, number: int, position: FingerPosition, impression: int, preset: Preset
    ) -> FingerImage:
        """An impression of somebody who is not on the list; strangers are numbered from 0."""
        return pressed(_finger_seed("stranger", self.seed, number, position), impression, preset)

    def face(self, row: int) -> InventedFace:
        """The face of the voter in `row`, of their sex and age."""
        return _face(self.voters[row], derive_seed("face", "voter", self.seed, self.people[row]))

    def stranger_face(self, number: int) -> InventedFace:
        """The face of somebody who is not on the list, as old as `stranger_voter` says."""
        return _face(
            self.stranger_voter(number), derive_seed("face", "stranger", self.seed, number)
        )

    def stranger_voter(self, number: int) -> Voter:
        """Names and birth of that person, as a register would have them."""
        return invent_register(number + 1, self.seed + 1)[number].voter

    def finger_seed(self, row: int, position: FingerPosition) -> int:
        """The seed of one voter's finger, as `pressed` and `grow_master` take it."""
        return _finger_seed("voter", self.seed, self.people[row], position)


def invent_precinct(voters: int, seed: int, fingers: Sequence[FingerPosition]) -> Precinct:
    """Invent a precinct of `voters` people with the enrolled `fingers`.

    Raises `ValueError` when there is no voter or no known finger.
    """
    if not fingers or FingerPosition.UNKNOWN in fingers or len(set(fingers)) < len(fingers):
        raise ValueError("enrol at least one known finger, each once")
    register = invent_register(voters, seed)
    return Precinct(
        seed=seed,
        voters=tuple(entry.voter for entry in register),
        people=tuple(entry.person for entry in register),
        fingers=tuple(fingers),
    )


def pressed(finger_seed: int, number: int, preset: Preset) -> FingerImage:
    """The `number`-th impression of the finger of `finger_seed`; masters are cached."""
    if number < 0:
        raise ValueError("impressions are numbered from 0")
    return press(_grown(finger_seed), derive_seed("impression", finger_seed, number), preset)


def _face(voter: Voter, seed: int) -> InventedFace:
    years = (REGISTER_DAY - voter.born).days // 365
    return InventedFace(seed, voter.sex, min(max(years, YOUNGEST), OLDEST))


def _finger_seed(who: str, seed: int, person: int, position: FingerPosition) -> int:
    if position is FingerPosition.UNKNOWN:
        raise ValueError("an impression needs a known finger")
    return derive_seed("finger", who, seed, person, int(position))


@lru_cache(maxsize=_MASTERS_KEPT)
def _grown(finger_seed: int) -> Master:
    return grow_master(finger_seed)
