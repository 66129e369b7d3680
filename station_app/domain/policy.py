"""The rules of one election, as they will travel in the signed list.

Until the list issue carries them, `PROVISIONAL` is the one place where thresholds,
the quality floor and the number of tries are set.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

from station_app.domain.fingers import FingerPosition


@dataclass(frozen=True, slots=True)
class Policy:
    """Frozen rules; evidence is -log10 FMR.

    `tries`: images a session may use in all. `tries_without_pin`: adequate images without
    a match after which a session without a PIN ends as not on this list.
    `quality_floor`: station quality (0..100) below which an image is not adequate.
    `fmr_verify_log10`: threshold of a 1:1 decision. `fpir_log10`: -log10 of the false
    positive identification rate allowed for one session's 1:N searches.
    `margin_log10`: evidence by which the first voter must lead the second.
    `scanner_wait_s`: how long a session waits for an unplugged scanner.
    `finger_order`: the fingers to ask for, in turn. `manual_alarm_percent`: the commission's
    part of the identifications (1..100) above which the screens warn. `head_slip_minutes`:
    how often the journal's head is printed while the day is open (10..720), 0 for never.
    """

    tries: int
    tries_without_pin: int
    quality_floor: int
    fmr_verify_log10: float
    fpir_log10: float
    margin_log10: float
    scanner_wait_s: int
    finger_order: tuple[FingerPosition, ...]
    manual_alarm_percent: int
    head_slip_minutes: int

    def digest(self) -> str:
        """Hex SHA-256 of the rules, written into every outcome entry."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


PROVISIONAL = Policy(
    tries=4,
    tries_without_pin=2,
    quality_floor=35,
    fmr_verify_log10=4.0,
    fpir_log10=3.0,
    margin_log10=1.0,
    scanner_wait_s=60,
    finger_order=(FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX),
    manual_alarm_percent=5,
    head_slip_minutes=60,
)
