"""Stand-ins that tests of the desk look into: a finger, a clock, an ear."""

from station_app.domain.entry_codes import PrintedTo
from station_app.domain.samples import FingerImage, RetryReason
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.sounds import Sound, SoundPlayer
from tests.ui.samples.desk import sample_commission


def finger_source(_reason: RetryReason | None) -> FingerImage:
    """Diagonal stripes: enough for a picture of the screen."""
    width, height = 96, 120
    pixels = bytes(230 if (x + y) // 4 % 2 else 60 for y in range(height) for x in range(width))
    return FingerImage(pixels, width, height, 500)


def sample_desk(language: str) -> OperatorDesk:
    """A still desk with an invented commission, its room, and a slip printer."""
    desk = OperatorDesk(language=language, moving=False)
    desk.set_commission(sample_commission())
    desk.set_has_room()
    desk.set_slips(PrintedTo.PRINTER)
    return desk


class ManualClock:
    """Monotonic seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class HeardSounds(SoundPlayer):
    """Remembers what was played; makes no noise."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Sound] = []

    def play(self, sound: Sound) -> None:
        self.heard.append(sound)
