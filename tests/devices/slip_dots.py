"""Pictures for slip printers in which every row and column is told from its neighbours."""

from station_app.domain.slips import SlipImage


def checked_dots(width: int, height: int) -> SlipImage:
    """Rows that count upwards, between two black edges."""
    row = width // 8
    rows = (
        b"\x80" + (number * 2654435761).to_bytes(row - 2, "big") + b"\x01"
        for number in range(1, height + 1)
    )
    return SlipImage(b"".join(rows), width, height)
