"""A desk on which an exam is played without biometrics: an image says whose finger it is.

Everything else is the program's own: the draw, the player, the session, the runner, the journal's
rules and the judging. There is no camera, so that whoever is not recognised goes to the commission.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial

from station_app.domain.exam_sheet import ExamFault, ExamSheet
from station_app.domain.fingers import FingerPosition
from station_app.domain.matching import Candidate, Examination
from station_app.domain.samples import Finger, FingerImage, Sample
from station_app.domain.voters import Voter
from station_app.flow.approvals import DEMO_MEMBER, DEMO_PASSPHRASE
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset
from station_app.training.exam import Exam
from station_app.training.exam_draw import ExamDraw, draw_exam
from station_app.training.lists import DEMO_FINGERS, demo_precinct
from station_app.training.player import Player
from station_app.training.script import Impression, PersonHand, QueuePerson, Signature
from station_app.vault import Passphrase
from tests.flow.whole_desk import Station

SIGNED = Signature(DEMO_MEMBER.id, Passphrase(DEMO_PASSPHRASE))
BEGUN = datetime(2026, 11, 20, 4, 5, 6, tzinfo=UTC)
PRECINCT = demo_precinct()
_NOBODY = 0
_DRY, _GOOD = 10, 80


@cache
def exam(seed: int) -> ExamDraw:
    return draw_exam(seed, PRECINCT, SIGNED)


@dataclass(frozen=True)
class ToldHand:
    """The same fingers, as an image that names the row they would be recognised as."""

    hand: PersonHand

    def finger(self, position: FingerPosition, manner: Preset, number: int) -> Impression:
        made = self.hand.finger(position, manner, number)
        assert isinstance(made, partial)
        who, finger, _, preset = made.args
        is_known = made.func == PRECINCT.impression and finger in DEMO_FINGERS
        row = who + 1 if is_known else _NOBODY
        quality = _DRY if preset is Preset.DRY else _GOOD
        pixels = row.to_bytes(2, "big") + bytes([quality]) + bytes(253)
        return lambda: FingerImage(pixels, 16, 16, 500)


class TellingMatcher:
    """Reads from the image whose finger it is."""

    engine = "told/1"

    def examine(self, sample: Sample, named_row: int | None) -> Examination:
        assert isinstance(sample, FingerImage)
        row, quality = int.from_bytes(sample.pixels[:2], "big"), sample.pixels[2]
        found = Candidate(row - 1, Finger(FingerPosition.RIGHT_INDEX), 12.0)
        candidates = (found,) if row and quality == _GOOD else ()
        return Examination(quality, None, candidates, 600, 1.0, 1.0)


@dataclass(frozen=True)
class PrecinctList:
    """The precinct as a list."""

    precinct: Precinct

    def voter(self, row: int) -> Voter:
        return self.precinct.voters[row]

    def find_by_pin(self, pin: str) -> int | None:
        rows = enumerate(self.precinct.voters)
        return next((row for row, voter in rows if voter.pin == pin), None)

    def fingers_of(self, row: int, engines: Collection[str]) -> tuple[FingerPosition, ...]:
        return self.precinct.fingers

    def has_face(self, row: int, engines: Collection[str]) -> bool:
        return False


class ExamDesk:
    """An exam of `draw` at a whole desk; `now` is its clock, a second a look."""

    def __init__(self, draw: ExamDraw) -> None:
        self.station = Station(matcher=TellingMatcher(), voters=PrecinctList(PRECINCT))
        self.station.scanner.set_seconds(0.01)
        self.now = 0.0
        self.exam = Exam(draw, BEGUN, self._clock)
        self._heard = 0

    def hold(
        self,
        learner: Callable[[QueuePerson], Sequence[QueuePerson]] = lambda person: (person,),
        *,
        loads_paper: bool = True,
    ) -> ExamSheet:
        """Let `learner` deal with everybody: the people as the learner leads them."""
        draw = self.exam.draw
        self._play(draw.earlier)
        self.station.write(*(replace(act, chair="a", member="b") for act in draw.acts))
        self._heard = len(self.station.book.entries)
        self.station.recorder.listen(lambda _: self.station.bridge.post(self._tell))
        self.station.runner.observe(self.exam)
        self.exam.state_changed(self.station.runner.state)
        self.exam.begin()

        def begin(person: QueuePerson) -> None:
            if self.exam.voter is None or self.exam.voter.number != person.number:
                self.exam.call_next()
                voter = self.exam.voter
                assert voter is not None
                if voter.fault is ExamFault.PAPER_OUT:
                    self.exam.paper_is_in(is_in=loads_paper)

        people = [one for voter in draw.voters for one in learner(voter.person)]
        self._play(people, begin)
        return self.exam.finish("en")

    def close(self) -> None:
        self.station.runner.stop()

    def _play(
        self, people: Sequence[QueuePerson], begin: Callable[[QueuePerson], None] = lambda _: None
    ) -> None:
        told = [
            replace(one, hand=None if one.hand is None else ToldHand(one.hand)) for one in people
        ]
        station = self.station
        player = Player(
            station.runner, station.scanner, station.bridge, told, lambda _: None, begin=begin
        )
        player.start()
        assert station.bridge.run(lambda: player.is_over, 60), station.runner.state

    def _tell(self) -> None:
        """Tell the exam of entries it has not heard of."""
        entries = self.station.book.entries
        for number in range(self._heard, len(entries)):
            self.exam.entry_written(number + 1, entries[number])
        self._heard = len(entries)

    def _clock(self) -> float:
        self.now += 1
        return self.now
