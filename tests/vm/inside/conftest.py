"""These tests plug emulated devices into the kernel that they run under.

A suite's tests take ten times as long there. Those that meet nothing of the kernel or only repeat
what others do, and that `make test` runs on the same adapter or its neighbour, are left out unless
`STATION_WHOLE` is set (`make test-devices ARGS=--whole`).
"""

import os
from typing import Final

import pytest

collect_ignore_glob = [] if os.environ.get("STATION_IN_VM") else ["test_*.py"]

_MEETS_NO_KERNEL: Final = frozenset(
    {
        # every adapter
        "test_is_simulated_as_its_line_says",
        "test_open_says_what_it_is",
        "test_open_says_what_it_gives",
        "test_open_may_be_called_twice",
        "test_opened_twice_is_opened_anew",
        "test_close_may_be_called_twice",
        "test_close_may_be_called_twice_and_before_open",
        "test_stop_returns_within_200_ms",
        "test_lost_before_it_is_opened",
        "test_garbage_from_the_start_is_a_fault",
        # fingerprint readers
        "test_two_touches_give_two_images",
        "test_a_finger_left_on_the_glass_is_not_taken_twice",
        "test_a_finger_lifted_early_can_be_mended",
        "test_tells_when_the_finger_is_off",
        "test_a_stopped_token_ends_a_capture_at_once",
        "test_lost_after_it_was_opened",
        "test_lost_between_two_captures",
        "test_lost_while_the_finger_is_awaited_off",
        "test_opening_and_closing_leaks_nothing",
        # cameras
        "test_stopped_before_it_began",
        "test_no_queued_picture_is_given",
        "test_codes_are_none_where_there_is_none",
        "test_unplugged_while_codes_are_looked_for_is_lost",
        # document readers
        "test_a_document_that_stays_is_read_once",
        "test_a_document_that_comes_back_is_read_again",
        "test_a_reader_that_is_stopped_already_reads_nothing",
        "test_lost_before_it_is_asked",
        "test_a_closed_reader_reads_nothing",
        # printers
        "test_slips_come_out_in_order",
        "test_an_image_of_another_width_is_refused",
        "test_status_is_quick",
        "test_a_roll_that_is_nearly_empty_prints",
        "test_a_connection_that_died_unnoticed",
    }
)


_REPEATS: Final = frozenset(
    {
        "test_many_captures_leak_nothing",
        "test_many_documents_leave_nothing_behind",
        "test_opening_often_leaves_nothing_behind",
        "test_fifty_slips_leave_nothing_behind",
    }
)
"""Ten or fifty times what other tests do once."""

_READERS_SHOW: Final = frozenset(
    {
        "test_a_silent_device_does_not_hold_up_the_session",
        "test_back_in_another_socket",
        "test_lost_and_back_between_two_captures",
        "test_stopped_with_the_finger_on_the_glass",
    }
)
"""Of `test_futronic`: what the process that hosts a reader decides, and `test_readers` shows."""

_EXFAT_DIFFERS: Final = frozenset(
    {
        "test_pulled_in_mid_write",
        "test_names_in_other_letters",
        "test_newest_first_although_times_are_even",
        "test_a_full_stick",
    }
)
"""What a file system decides; the rest of the suite meets usb-storage, which vfat's tests meet."""


def _is_left_out(item: pytest.Item) -> bool:
    name = item.name.split("[")[0]
    if "exfat" in item.nodeid.lower():
        return name not in _EXFAT_DIFFERS
    if item.path.stem == "test_futronic" and name in _READERS_SHOW:
        return True
    return name in _MEETS_NO_KERNEL | _REPEATS


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what meets nothing of the kernel, in the machine alone: the hook sees all tests."""
    if "STATION_IN_VM" not in os.environ or os.environ.get("STATION_WHOLE"):
        return
    left_out = [one for one in items if _is_left_out(one)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [one for one in items if one not in left_out]
