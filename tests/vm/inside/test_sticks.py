"""What sticks do: usb-storage, vfat, exfat and device-mapper are the kernel's own."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from station_app.devices.media import Medium, mounted_media
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.flow.sticks import StickFinder
from station_app.journal.bundle import bundle_name
from station_app.snapshots.container import opened_snapshot, read_head
from tests.devices.stick_conformance import StickSuite, refused
from tests.flow.test_mirroring import Kept
from tests.journal.opened_bundle import open_bundle
from tests.journal.test_bundle import CENTRE, Book
from tests.vm.wire_stick import Flaw, WireStick


class StickOnTheBus:
    """A stick, and another one of the same name where they are exchanged."""

    is_real = True

    def __init__(self, fs: str) -> None:
        self._fs = fs
        self._stick = WireStick("STICK", fs=fs, serial="A1A1")
        self._other: WireStick | None = None
        self.folder = self._stick.folder
        self._is_in = True
        self._stick.plug()

    def pull(self) -> None:
        if self._is_in:
            self._stick.pull()
            self._is_in = False

    def put_back(self) -> None:
        self._stick.forget_mount()
        self._stick.plug()
        self._is_in = True

    def exchange(self) -> None:
        self.pull()
        self._stick.forget_mount()
        other = self._other or WireStick("STICK", fs=self._fs, serial="B2B2")
        self._stick, self._other = other, self._stick
        self._stick.plug()
        self._is_in = True

    def lock(self) -> None:
        self._stick.take_out()
        self._stick.plug(read_only=True)

    def fill(self) -> None:
        rest = self.folder / "rest"
        with rest.open("wb", buffering=0) as file:
            for size in (1 << 20, 4096, 512):
                with suppress(OSError):  # no space left
                    while file.write(bytes(size)):
                        pass

    def media(self) -> list[Medium]:
        return [one for one in mounted_media() if one.folder == self.folder]

    def close(self) -> None:
        for one in filter(None, (self._stick, self._other)):
            one.close()


class OnTheBus(StickSuite):
    fs: str

    @pytest.fixture
    def stick(self, tmp_path: Path) -> Iterator[StickOnTheBus]:
        made = StickOnTheBus(self.fs)
        yield made
        made.close()


class TestVfat(OnTheBus):
    fs = "vfat"


class TestExfat(OnTheBus):
    fs = "exfat"


class FailingStick(WireStick):
    """A stick whose memory can fail, chosen while it worked, and what a person does about it."""

    def __init__(self, fs: str) -> None:
        super().__init__("WORN", fs=fs, can_fail=True)
        self.plug()
        (self.medium,) = self.media()

    def media(self) -> list[Medium]:
        return [one for one in mounted_media() if one.folder == self.folder]

    def put_back(self) -> None:
        """It works again, and was taken out and put in."""
        self.mend()
        self.pull()
        self.forget_mount()
        self.plug()

    def export(self, book: Book) -> None:
        """As the desk exports to it."""
        with StickFinder([], self.media).writing(self.medium):
            book.export(self.folder)


@pytest.fixture(params=["vfat", "exfat"])
def failing(request: pytest.FixtureRequest) -> Iterator[FailingStick]:
    made = FailingStick(request.param)
    yield made
    made.mend()
    made.close()


def fault_of(work: Callable[[], object]) -> KnownError:
    with pytest.raises(KnownError) as caught:
        work()
    return caught.value


def test_what_was_not_exported_is_exported_once_the_stick_works(
    failing: FailingStick, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its memory fails before, or between writing and reading back; or it lies."""
    book, place = Book(40), failing.folder / bundle_name("9042-1", 40)
    for flaw in (Flaw.DEAD, Flaw.WRITES_FAIL):
        failing.break_down(flaw)
        assert fault_of(lambda: failing.export(book)).code == Code.MEDIUM_LOST, flaw
        failing.put_back()
        assert not place.exists(), flaw
    with monkeypatch.context() as reading:
        reading.setattr(os, "posix_fadvise", lambda *_: failing.break_down(Flaw.DEAD))
        assert fault_of(lambda: failing.export(book)).code == Code.MEDIUM_LOST
    failing.put_back()
    assert not place.exists()
    failing.break_down(Flaw.WRITES_LOST)
    with monkeypatch.context() as reading:
        reading.setattr(os, "posix_fadvise", lambda *_: failing.forget())
        refused("export_not_read_back", lambda: failing.export(book))
    assert not book.told, "the journal never says that it left"
    failing.put_back()
    failing.export(book)
    assert len(book.told) == 1
    failing.put_back()
    assert open_bundle(place, CENTRE).papers


@pytest.mark.parametrize("flaw", [Flaw.DEAD, Flaw.WRITES_FAIL])
def test_a_mirror_catches_up_once_its_stick_works(failing: FailingStick, flaw: Flaw) -> None:
    kept = Kept(failing.folder, 3)
    try:
        kept.mirroring.start()
        kept.wait(None)
        failing.break_down(flaw)
        kept.sessions(3)
        kept.wait(Code.MIRROR_MISSING)
        failing.mend()
        kept.wait(None)
        assert [one.kind for one in kept.written] == ["mirror_lost", "mirror_returned"]
    finally:
        kept.mirroring.close()
        for lane in kept.lanes:
            lane.close()
    failing.put_back()
    assert kept.on_the_stick() == kept.book.last_entry


def test_a_list_on_a_stick_that_cannot_be_read(failing: FailingStick) -> None:
    path = failing.folder / "9042-1.vsnap"
    path.write_bytes(bytes(100_000))

    def read() -> None:
        with opened_snapshot(path) as file:
            read_head(file, path)

    failing.take_out()
    failing.plug()
    assert path.exists(), "it was shown"
    failing.break_down(Flaw.DEAD)
    refused("vsnap_medium", read)
    failing.mend()
    refused("vsnap_not_a_snapshot", read)
