"""The help pages that the commission's room can open."""

from station_app.ui.commission.room_pages import PLACES

ACTS = {
    "clock_wrong",
    "counts_changed",
    "day_refused",
    "not_allowed",
    "page_printer_fault",
    "printer_lost",
    "session_under_way",
    "void_refused",
}
"""Why an act of the day was refused, or its paper was not made."""


def commission_pages() -> set[str]:
    """Of every page of the room, and of what can be refused there."""
    own = {"day": "day", "log": "day_log", "close": "day_close"}
    places = {own.get(place, place) for place in PLACES}
    return places | {"day_open", "export_folder_missing", "void"} | ACTS
