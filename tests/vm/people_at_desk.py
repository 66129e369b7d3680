"""The persons in front of a station in the virtual machine, and the slips they are given."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt

from station_app.domain.slips import Slip, SlipImage
from station_app.papers.slip import SlipPlace, draw_slip, slip_picture
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.verdict import AlreadyView, IdentifiedView
from tests.vm.courier import Courier
from tests.vm.emulator import Emulator
from tests.vm.station_at_work import PATIENCE_S, StationAtWork

_MOMENT: Final = datetime(2026, 11, 29, tzinfo=UTC)


class Queue:
    """Persons at the desk: their fingers lie on the emulated reader's glass."""

    def __init__(self, at: StationAtWork, reader: Emulator, courier: Courier) -> None:
        self._at, self._reader, self._courier = at, reader, courier
        self.numbers = courier.read("numbers")

    def lay(self, finger: str, impression: str) -> None:
        """A finger comes to a reader that has been looking for a while, and lies there until its
        image was taken. One that lay there from the start would not count."""
        self._at.wait(lambda: bool(self._reader.do("is_looking")))
        self._at.rest(1.0)
        self._reader.do("lay", str(self._courier.glass(finger, impression)))
        self._at.wait(lambda: bool(self._reader.do("is_taken")))

    def comes(self, finger: str, impression: str) -> None:
        """A finger comes and goes."""
        self.lay(finger, impression)
        self._reader.do("lift")

    def is_shown(self, kind: type[IdentifiedView | AlreadyView], finger: str) -> None:
        """The desk says so of this voter."""
        self._at.sees(kind)
        page = self._at.door.window.currentWidget()
        assert isinstance(page, StationWindow)
        view = page.desk.view
        assert isinstance(view, kind)
        number = (
            view.voter.list_number if isinstance(view, IdentifiedView) else view.stop.list_number
        )
        assert number == self.numbers[finger]

    def goes_on(self) -> None:
        """The operator presses Enter until the desk is ready again."""
        at = self._at
        end = time.monotonic() + PATIENCE_S
        while not at.shows(ReadyView):
            assert time.monotonic() < end, at.words()
            at.press(Qt.Key.Key_Return)
            at.rest(0.5)

    def pull_the_reader(self) -> None:
        self._reader.do("unplug")
        self._reader.do("lift")

    def plug_the_reader_in(self) -> None:
        self._reader.do("plug")


class Roll:
    """What has come out of the emulated printer."""

    def __init__(self, at: StationAtWork, folder: Path) -> None:
        self._at, self._folder = at, folder

    def holds(self, slips: int, number: int) -> None:
        """So many slips have come; the newest one has this list number, dot for dot.

        Everything above the number and the number itself are as the product draws them; what
        stands below is another moment's.
        """
        path = self._folder / f"{slips:03}.pbm"
        self._at.wait(path.exists)
        kind, size, dots = path.read_bytes().split(b"\n", 2)
        width, height = map(int, size.split())
        assert kind == b"P4"
        printed = SlipImage(dots, width, height)
        slip_picture(printed).save(str(self._folder / f"slip-{slips}.png"))
        wanted, another = (_rows(_drawn(one, width)) for one in (number, number + 5))
        pairs = enumerate(zip(wanted, another, strict=True))
        end = 1 + max(row for row, (one, other) in pairs if one != other)
        assert _rows(printed)[:end] == wanted[:end]


def _drawn(number: int, width: int) -> SlipImage:
    slip = Slip(1, _MOMENT, number, page=0, line=0, name="", head="")
    return draw_slip(slip, width, SlipPlace("9042", "9042-1", "live", ("ky", "ru")))


def _rows(image: SlipImage) -> list[bytes]:
    starts = range(0, len(image.pixels), image.row_bytes)
    return [image.pixels[at : at + image.row_bytes] for at in starts]
