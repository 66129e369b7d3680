"""The help pages that the commission's room can open."""

from station_app.ui.commission.room import PLACES

ACTS = {
    "act_refused",
    "clock_wrong",
    "counts_changed",
    "day_refused",
    "not_allowed",
    "page_printer_cancelled",
    "page_printer_fault",
    "page_printer_ink",
    "page_printer_paper_out",
    "page_printer_silent",
    "page_printer_stopped",
    "page_printer_stuck",
    "page_printer_unsure",
    "printer_lost",
    "session_under_way",
    "void_refused",
}
"""Why an act of the day was refused, or its paper was not made."""


EXPORTS = {
    "export_folder_missing",
    "export_not_read_back",
    "log_damaged",
    "medium_exchanged",
    "medium_full",
    "medium_lost",
    "medium_name_taken",
    "medium_read_only",
    "paper_unreadable",
}
"""Why a file was not written to a stick."""


def commission_pages() -> set[str]:
    """Of every page of the room, and of what can be refused there."""
    own = {"day": "day", "log": "day_log", "close": "day_close"}
    places = {own.get(place.code, place.code) for place in PLACES}
    return places | {"day_open", "export", "void"} | ACTS | EXPORTS
