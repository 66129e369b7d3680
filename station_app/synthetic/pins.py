"""Personal numbers as the register writes them, with serials no real person has."""

from datetime import date

import numpy as np

from station_app.synthetic.names import FEMALE

_SERIALS = 10_000


def draw_pin(rng: np.random.Generator, sex: str, born: date, taken: set[str]) -> str:
    """Fourteen digits: 1 (woman) or 2 (man), DDMMYYYY, and an invented serial 9xxxx.

    The new number is added to `taken`. Raises `ValueError` when all ten thousand serials of
    the day and sex are taken. No check digit is documented, so none is made.
    """
    head = ("1" if sex == FEMALE else "2") + born.strftime("%d%m%Y") + "9"
    first = int(rng.integers(_SERIALS))
    for step in range(_SERIALS):
        pin = f"{head}{(first + step) % _SERIALS:04d}"
        if pin not in taken:
            taken.add(pin)
            return pin
    raise ValueError(f"no serial left for {born.isoformat()}")
