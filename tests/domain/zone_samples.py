"""Machine-readable zones of invented people, and those printed in ICAO 9303."""

from station_app.domain.mrz import check_digit

PIN = "21501199000015"
OTHER_PIN = "12903200000027"

SPECIMEN_TD1 = (
    "I<UTOD231458907<<<<<<<<<<<<<<<",
    "7408122F1204159UTO<<<<<<<<<<<6",
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
)
"""ICAO 9303-5, appendix B."""
SPECIMEN_TD2 = (
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
    "D231458907UTO7408122F1204159<<<<<<<6",
)
"""ICAO 9303-6, appendix B."""
SPECIMEN_TD3 = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)
"""ICAO 9303-4, appendix B."""


def _with_digit(field: str) -> str:
    return field + check_digit(field)


def id_card(pin: str = PIN, *, issuer: str = "KGZ", number: str = "ID1234567") -> tuple[str, ...]:
    """The zone of a card whose own data are `pin`."""
    first = f"ID{issuer}{_with_digit(number)}{pin.ljust(15, '<')}"
    born, expires = _with_digit("900115"), _with_digit("300114")
    composite = check_digit(first[5:] + born + expires + "<" * 11)
    second = f"{born}M{expires}{issuer}{'<' * 11}{composite}"
    return first, second, "USUBALIEV<<ASAN".ljust(30, "<")


def passport(pin: str = PIN, *, issuer: str = "KGZ", number: str = "AC1234567") -> tuple[str, ...]:
    """The zone of a passport whose own data are `pin`."""
    own = _with_digit(pin.ljust(14, "<"))
    numbered, born, expires = map(_with_digit, (number, "900115", "300114"))
    composite = check_digit(numbered + born + expires + own)
    second = f"{numbered}{issuer}{born}M{expires}{own}{composite}"
    return f"P<{issuer}USUBALIEV<<ASAN".ljust(44, "<"), second
