"""A voter as one row of the list."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Voter:
    """One voter.

    `voter_id` is opaque, issued by the centre and unique in the country; `list_number` is
    what people see; `pin` (14 digits) is for looking up only and never enters the journal.
    `sex` is "f" or "m". `page` and `line` locate the voter on the paper list.
    `portrait` is an encoded image (PNG or JPEG) or empty. `ballots` are the ids of the
    ballots this voter is due, empty for all of the election day. `finger_exempt`: nobody asks
    this voter for a finger.
    """

    voter_id: str
    list_number: int
    pin: str
    surname: str
    given_names: str
    sex: str
    born: date
    address: str
    page: int
    line: int
    portrait: bytes = b""
    ballots: tuple[str, ...] = ()
    finger_exempt: bool = False


def short_name(surname: str, given_names: str) -> str:
    """The name as tables write it: `Surname G. N.`; words like "уулу" give no initial."""
    initials = [f"{word[0]}." for word in given_names.split() if word[0].isupper()]
    return " ".join((surname, *initials))
