"""What a stick does to every part of the product that reads or writes one.

`StickSuite` runs against a `StickInUse`: a folder on a bare machine (`FolderStick`), a real vfat
or exfat file system on an emulated USB stick in the virtual machine. A subclass gives the fixture
`stick`; nothing here needs root itself.
"""

import errno
import os
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from station_app.assembly.door import StationLoader
from station_app.centre.collecting.log_sources import find_sources
from station_app.devices.media import Medium, files_on, newest_first
from station_app.devices.stick_trial import Proof, TrialStep, try_stick
from station_app.domain.entries import SessionStarted
from station_app.domain.errors import KnownError
from station_app.flow.day_log import write_day_log_csv
from station_app.flow.sticks import StickFault, StickFinder
from station_app.journal.bundle import ExportedBundle, bundle_name
from station_app.journal.mirror import Mirror, find_mirror
from station_app.snapshots.container import opened_snapshot
from station_app.vault import PublicIdentity, StationFolder, is_pulled, open_regular, write_fault
from station_app.vault.untrusted_files import SmallFile
from tests.flow.test_mirroring import OWNER
from tests.flow.test_mirroring import Book as Entries
from tests.journal.opened_bundle import open_bundle
from tests.journal.test_bundle import CENTRE, Book

_SECRET = SmallFile("key", "key", "Make it again.", 100, private=True)
TRIAL = 4_000_000


class StickInUse(Protocol):
    """One stick at one folder. `pull` takes it away while it is mounted, `put_back` mounts the
    same one there again, `exchange` another empty one. `is_real`: vfat or exfat."""

    folder: Path
    is_real: bool

    def pull(self) -> None: ...
    def put_back(self) -> None: ...
    def exchange(self) -> None: ...
    def lock(self) -> None:
        """Its switch against writing."""
        ...

    def fill(self) -> None:
        """Leave no room on it."""
        ...

    def media(self) -> list[Medium]:
        """The sticks of the machine, as the product finds them."""
        ...


def refused(code: str, work: Callable[[], object]) -> str:
    with pytest.raises(KnownError) as caught:
        work()
    assert caught.value.code == code, caught.value.message
    return caught.value.message


def chosen(stick: StickInUse) -> Medium:
    (medium,) = stick.media()
    return medium


class StickSuite:
    """The tests; `stick` comes from the subclass, mounted and empty."""

    # --- pulled ------------------------------------------------------------------------------

    def test_of_a_pulled_stick_nothing_is_believed(self, stick: StickInUse, tmp_path: Path) -> None:
        list_, sub = stick.folder / "9042-1.vsnap", stick.folder / "lists" / "9042-2.vsnap"
        sub.parent.mkdir()
        for path in (list_, sub):
            path.write_bytes(b"a list")
        os.sync()
        loader = StationLoader(
            StationFolder(tmp_path / "own"), ["fingers"], lambda: datetime.now(UTC), stick.media
        )
        assert [one.path for one in loader.look(None).found] == [sub, list_]
        before = chosen(stick)
        media = [before]  # found just before it was pulled
        late = StationLoader(
            StationFolder(tmp_path / "own"),
            ["fingers"],
            lambda: datetime.now(UTC),
            lambda: media,
        )
        stick.pull()
        assert is_pulled(stick.folder)
        assert is_pulled(sub)
        for seen in (loader.look(None), late.look(before)):
            assert (seen.sticks, seen.found) == ((), ()), "it is not in: nobody says it is empty"
        for path in (list_, sub):
            with pytest.raises(OSError, check=lambda fault: fault.errno == errno.EIO):
                open_regular(path, 100)
            with opened_refused("vsnap_medium"), opened_snapshot(path):
                pass
        with pytest.raises(OSError, check=lambda fault: fault.errno == errno.EIO):
            files_on(stick.folder, ".vsnap")
        refused("medium_lost", lambda: PublicIdentity.load(stick.folder / "CEC.issuer.json"))
        refused("mirror_missing", lambda: find_mirror(stick.folder))
        assert [code.code for _, code in find_sources([stick.folder]).unreadable] != []
        stick.put_back()
        assert not is_pulled(stick.folder)
        assert [one.path for one in loader.look(None).found] == [sub, list_]
        refused("identity_missing", lambda: PublicIdentity.load(stick.folder / "CEC.issuer.json"))

    def test_nothing_is_written_where_a_stick_was(self, stick: StickInUse) -> None:
        finder, medium = StickFinder([], stick.media), chosen(stick)
        stick.pull()
        refused("medium_lost", lambda: finder.refuse_pulled(medium))
        refused("medium_lost", lambda: Book(3).export(stick.folder))
        stick.put_back()
        finder.refuse_pulled(chosen(stick))
        assert Book(3).export(stick.folder).is_new

    def test_pulled_in_mid_write(self, stick: StickInUse, monkeypatch: pytest.MonkeyPatch) -> None:
        book = Book(40)
        with monkeypatch.context() as pulling:
            pulling.setattr(os, "posix_fadvise", lambda *_: stick.pull())
            with pytest.raises(KnownError) as caught:
                book.export(stick.folder)
        assert caught.value.code in ("disk_fault", "medium_lost")
        assert not book.told, "the journal never says that it left"
        stick.put_back()
        place = stick.folder / bundle_name("9042-1", 40)
        assert not place.exists(), "nothing half-written has the name of a whole file"
        exported = book.export(stick.folder)
        assert (exported.path, exported.is_new) == (place, True)
        assert open_bundle(place, CENTRE).papers
        assert [path.name for path in stick.folder.iterdir() if path.name.endswith(".new")] == []
        again = book.export(stick.folder)
        assert again == ExportedBundle(place, 40, exported.sha256, is_new=False)

    def test_another_stick_in_its_place(self, stick: StickInUse) -> None:
        finder, medium = StickFinder([], stick.media), chosen(stick)
        assert medium.is_same(chosen(stick))
        stick.exchange()
        refused("medium_exchanged", lambda: finder.refuse_pulled(medium))

        def write() -> None:
            with finder.writing(medium):
                write_day_log_csv(medium.folder, "log.csv", (), lambda at: at)

        refused("medium_exchanged", write)
        assert not (stick.folder / "log.csv").exists()

    def test_a_mirror_that_is_pulled_and_put_back(self, stick: StickInUse) -> None:
        entries = Entries()
        records = [entries.add(SessionStarted(number)) for number in range(1, 10)]
        with closing(Mirror.open(stick.folder, OWNER)) as mirror:
            mirror.append(records[:3])
            stick.pull()
            refused("mirror_missing", lambda: mirror.append(records[3:6]))
        refused("mirror_missing", lambda: Mirror.open(stick.folder, OWNER))
        stick.put_back()
        with closing(Mirror.open(stick.folder, OWNER)) as mirror:
            assert (mirror.upto, mirror.root) == (3, records[2].root)
            mirror.append(records[3:])
            assert mirror.upto == 9
        assert find_mirror(stick.folder) == stick.folder / OWNER.file_name

    # --- what it takes -----------------------------------------------------------------------

    def test_what_is_read_back_comes_from_the_medium(self, stick: StickInUse) -> None:
        exported = Book(40).export(stick.folder)
        assert exported.is_proven or not stick.is_real

    def test_names_in_other_letters(self, stick: StickInUse) -> None:
        """One stick for two stations whose names differ in capitals: nothing is replaced."""
        path = stick.folder / "ШК-1-day-log.csv"
        write_day_log_csv(stick.folder, "AB-1-day-log.csv", (), lambda at: at)
        write_day_log_csv(stick.folder, path.name, (), lambda at: at)
        names = sorted(one.name for one in stick.folder.iterdir())
        assert names == ["AB-1-day-log.csv", path.name]
        other = "ab-1-day-log.csv"
        if (stick.folder / other).exists():
            refused(
                "medium_name_taken",
                lambda: write_day_log_csv(stick.folder, other, (), lambda at: at),
            )
            assert sorted(one.name for one in stick.folder.iterdir()) == names
        else:
            assert not stick.is_real

    def test_the_longest_names_of_the_product(self, stick: StickInUse) -> None:
        """A precinct and a kit of 31 letters each, and a draft's 21 more."""
        station = f"{'Ж' * 31}-{'Ы' * 31}"
        write_day_log_csv(stick.folder, f"{station}-day-log.csv", (), lambda at: at)
        assert [one.name for one in stick.folder.iterdir()] == [f"{station}-day-log.csv"]

    def test_newest_first_although_times_are_even(self, stick: StickInUse) -> None:
        for number in (9, 10, 8):
            path = stick.folder / f"9042-{number}.vsnap"
            path.write_bytes(b"")
            os.utime(path, (1_700_000_001, 1_700_000_001))
        older = stick.folder / "9042-11.vsnap"
        older.write_bytes(b"")
        os.utime(older, (1_600_000_000, 1_600_000_000))
        found = [one.path.name for one in newest_first(files_on(stick.folder, ".vsnap"))]
        assert found == ["9042-10.vsnap", "9042-9.vsnap", "9042-8.vsnap", "9042-11.vsnap"]

    def test_a_secret_on_a_stick_says_where_it_belongs(self, stick: StickInUse) -> None:
        path = stick.folder / "o1.passphrase"
        path.write_bytes(b"four words")
        path.chmod(0o644 if not stick.is_real else 0o600)
        words = refused("key_file_exposed", lambda: _SECRET.read(path))
        assert "on a stick" in words

    def test_a_stick_against_writing(self, stick: StickInUse) -> None:
        before = chosen(stick)
        stick.lock()
        finder = StickFinder([], stick.media)
        (now,) = finder.find(10).media
        assert finder.find(10).fault(now) is StickFault.READ_ONLY
        assert finder.find(None).fault(now) is None

        def write() -> None:
            with finder.writing(before):
                write_day_log_csv(before.folder, "log.csv", (), lambda at: at)

        refused("medium_read_only", write)

    def test_a_full_stick(self, stick: StickInUse) -> None:
        stick.fill()
        finder, medium = StickFinder([], stick.media), chosen(stick)
        assert finder.find(10_000_000).fault(medium) is StickFault.TOO_SMALL
        before = sorted(stick.folder.iterdir())

        def write() -> None:
            with finder.writing(medium):
                try_stick(stick.folder, lambda *_: None, lambda: False, TRIAL)

        refused("medium_full", write)
        assert sorted(stick.folder.iterdir()) == before, "nothing is left of it"

    def test_a_file_that_no_fat_holds(self, stick: StickInUse) -> None:
        fault = write_fault(OSError(errno.EFBIG, os.strerror(errno.EFBIG)), stick.folder / "list")
        assert "exFAT" in fault.message

    # --- tried -------------------------------------------------------------------------------

    def test_a_trial(self, stick: StickInUse) -> None:
        steps: list[TrialStep] = []
        done = try_stick(stick.folder, lambda step, *_: steps.append(step), lambda: False, TRIAL)
        assert done is not None
        assert done.bytes == TRIAL
        assert done.write_mb_s > 0
        assert done.proof is Proof.MEDIUM or not stick.is_real
        assert list(dict.fromkeys(steps)) == [TrialStep.WRITING, TrialStep.READING]
        assert list(stick.folder.iterdir()) == []

    def test_a_trial_that_is_stopped(self, stick: StickInUse) -> None:
        stop = threading.Event()

        def tell(step: TrialStep, done: int, _of: int) -> None:
            if step is TrialStep.WRITING and done > TRIAL // 2:
                stop.set()

        assert try_stick(stick.folder, tell, stop.is_set, TRIAL) is None
        assert list(stick.folder.iterdir()) == []

    def test_a_trial_of_a_stick_that_is_pulled(self, stick: StickInUse) -> None:
        finder, medium = StickFinder([], stick.media), chosen(stick)

        def tell(step: TrialStep, done: int, of: int) -> None:
            if step is TrialStep.READING and done == 0:
                stick.pull()

        def run() -> None:
            with finder.writing(medium):
                try_stick(stick.folder, tell, lambda: False, TRIAL)

        refused("medium_lost", run)
        stick.put_back()
        assert try_stick(stick.folder, lambda *_: None, lambda: False, TRIAL) is not None
        assert list(stick.folder.iterdir()) == [], "what the first trial left is swept"


def opened_refused(code: str) -> "pytest.RaisesExc[KnownError]":
    return pytest.raises(KnownError, check=lambda fault: fault.code == code)
