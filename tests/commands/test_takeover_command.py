"""A station dies with 50 entries; a spare goes on for it, from the command line."""

import base64
import errno
import json
import shutil
from contextlib import closing
from copy import copy
from datetime import datetime
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from station_app.assembly.command_line import app
from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.entries import (
    Carried,
    ListCompared,
    ListCounted,
    SessionStarted,
    StruckOff,
    TakenOver,
)
from station_app.domain.entry_codes import StrikeReason, TakeoverSource
from station_app.domain.errors import KnownError
from station_app.flow import takeover
from station_app.flow.mirroring import mirror_opener
from station_app.journal import Journal, verify_journal
from station_app.journal.checkpoints import Checkpoint
from station_app.journal.leaves import read_leaf, write_leaf
from station_app.journal.mirror import load_header
from station_app.journal.records import JOURNAL, Record, head_file, read_records
from station_app.journal.tree import Frontier
from station_app.settings import read_machine
from station_app.snapshots import read_pending
from station_app.snapshots.takeover_pack import MAGIC, OpenedPack
from station_app.vault import Database, People, PublicIdentity, StationFolder
from tests.commands.stations import PEOPLE, passphrase_of
from tests.commands.takeovers import ENTRIES, Drill, identified, now, opened, unlock
from tests.commands.typed_words import Typing, answer, run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Drill, Path]:
    """A station at work whose spare is set up, and a copy of the folder of both."""
    folder = tmp_path_factory.mktemp("drill")
    (folder / "a").mkdir()
    drill = Drill(folder / "a")
    drill.work()
    drill.provision_spare()
    shutil.copytree(drill.folder, folder / "b")
    return drill, folder / "b"


@pytest.fixture
def drill(made: tuple[Drill, Path]) -> Drill:
    """As it was made, in the same place; it has not died yet."""
    drill, kept = made
    shutil.rmtree(drill.folder)
    shutil.copytree(kept, drill.folder)
    return copy(drill)


def records_of(drill: Drill) -> list[Record]:
    unlocked = unlock(drill.spare)
    journal = drill.spare.journal
    with closing(Database.open_to_read(journal, JOURNAL, unlocked.journal_key)) as database:
        return list(read_records(database))


def test_not_one_entry_is_lost(drill: Drill) -> None:
    with opened(drill.original) as (_, recorder):
        journal = recorder.journal
        before = [one.leaf for one in journal.look.records(1, 1000)]
        head = journal.head
    drill.die()
    pack = drill.pack("--head", drill.heads[20])
    done = drill.start(pack, "--mirror", drill.stick)
    assert (done["taken_over"], done["original"], done["precinct"]) == (True, "9042-1", "9042")
    assert (done["voters"], done["carried"], done["missing"]) == (3, len(before), 0)
    assert done["last_at"] == read_leaf(before[-1])[1].isoformat()
    entries = [read_leaf(one.leaf)[0] for one in records_of(drill)]
    taken = entries[1]
    assert isinstance(taken, TakenOver)
    assert (taken.size, taken.root) == (len(before), head.root.hex())
    assert (taken.note, taken.source) == (head.note, TakeoverSource.MIRROR)
    assert (taken.chair, taken.member, taken.missing) == ("c1", "m1", 0)
    carried = [one for one in entries if isinstance(one, Carried)]
    assert [one.leaf.encode() for one in carried] == before
    assert len(before) > ENTRIES
    with opened(drill.spare) as (unlocked, recorder):
        journal = recorder.journal
        public = unlocked.identity.signer().public_key
        assert journal.opened.origin == "station-app/training/9042-S1"
        session = journal.last_session() + 1
        recorder.close_interrupted_sessions()
        recorder.append(SessionStarted(session))
        again = recorder.append(identified(session, 7, journal.proven.policy))
        assert isinstance(again, AlreadyAccepted)
        assert again.first_number == before.index(voters_leaf(before, 7)) + 3
        new = recorder.append(identified(session, 900, journal.proven.policy))
        assert isinstance(new, Appended)
    report = verify_journal(drill.spare.journal, unlock(drill.spare).journal_key, public)
    assert report.sound, report.reason


def test_a_pack_with_another_list_is_said_not_to_be_compared(drill: Drill) -> None:
    """The dead station's list is not on the spare: only ids can be looked for (ADR 0023). Its own
    list is counted, which lacks a voter who was struck off.
    """
    drill.go_on([StruckOff("V-struck", 3, StrikeReason.COURT, "c1", "m1")], drill.original)
    drill.die()
    commission = PublicIdentity.load(drill.folder / "БШК.recipient.json")
    drill.table.station = drill.spare
    drill.snapshot = drill.table.snapshot(3, 2, 7, commission)
    assert drill.start(drill.pack(), "--mirror", drill.stick)["taken_over"]
    entries = [read_leaf(one.leaf)[0] for one in records_of(drill)]
    (compared,) = [one for one in entries if isinstance(one, ListCompared)]
    identified_there = sum("identified" in one.leaf for one in entries if isinstance(one, Carried))
    assert (compared.compared, compared.chair, compared.member) == (False, "c1", "m1")
    assert 0 < compared.accepted == compared.missing <= identified_there
    with opened(drill.spare) as (_, recorder):
        journal = recorder.journal
        assert [one.compared for one in journal.look.comparisons] == [False]
        assert journal.look.unheld_list == ""
        figures = journal.look.figures()
        assert (figures.listed, figures.struck_off, figures.entitled) == (3, 1, 3)
    (struck,) = [
        number
        for number, one in enumerate(entries, start=1)
        if isinstance(one, Carried) and "V-struck" in one.leaf
    ]
    counted = [one for one in entries if isinstance(one, ListCounted)]
    assert counted == [ListCounted(2, 3, f"{struck}")]


def voters_leaf(leaves: list[bytes], voter: int) -> bytes:
    return next(one for one in leaves if f'"V-{voter:016X}"'.encode() in one)


def test_it_is_said_in_sentences(drill: Drill) -> None:
    drill.die()
    said = drill.start_said(drill.pack(), "--mirror", drill.stick)
    for words in ("9042-S1 goes on for 9042-1", "identified already", "envelope", "Do not use"):
        assert words in said
    assert "If 9042-1 worked after that entry" in said
    assert "cannot see" not in said


def test_without_a_mirror_it_says_what_it_can_not_see(drill: Drill) -> None:
    drill.die()
    pack = drill.pack(mirror=False)
    refused = drill.start(pack, code=1)
    assert (refused["code"], refused["taken_over"]) == ("takeover_blind", False)
    assert not drill.spare.journal.exists()
    result = run(*drill.starting(pack, "--accept-missing"))
    assert "cannot see 9042-1's entries" in result.stdout
    assert "No entry of 9042-1 was found" in result.stderr
    assert "How many it had is unknown" in result.stderr
    with opened(drill.spare) as (_, recorder):
        journal = recorder.journal
        taken = read_leaf(journal.look.records(2, 1)[0].leaf)[0]
    assert isinstance(taken, TakenOver)
    assert (taken.size, taken.root, taken.note) == (0, "", "")
    assert taken.source is TakeoverSource.NOTHING
    assert (taken.known_size, taken.known_at, taken.blind) == (0, "", 1)


def cut(drill: Drill, frames: int) -> None:
    """The stick lost its last entries."""
    path = drill.stick / "9042-1.journal-mirror"
    content = path.read_bytes()
    mark = load_header(path).mark
    ends = [at for at in range(len(content)) if content.startswith(mark, at)]
    path.write_bytes(content[: ends[-frames]])


def test_a_newer_head_in_the_pack(drill: Drill) -> None:
    drill.die()
    cut(drill, 3)
    pack = drill.pack("--head", drill.heads[-1], "--head", drill.heads[2])
    refused = drill.start(pack, "--mirror", drill.stick, code=1)
    assert (refused["code"], refused["taken_over"]) == ("takeover_behind", False)
    assert not drill.spare.journal.exists()
    done = drill.start(pack, "--mirror", drill.stick, "--accept-missing")
    assert done["missing"] == 3
    taken = read_leaf(records_of(drill)[1].leaf)[0]
    assert isinstance(taken, TakenOver)
    assert taken.missing == 3


def test_a_newer_head_on_a_slip(drill: Drill) -> None:
    drill.die()
    pack = drill.pack()
    words = ("--mirror", drill.stick, "--head", "1204 9f3a 71c4")
    assert drill.start(pack, *words, code=1)["code"] == "takeover_behind"
    done = run(*drill.starting(pack, *words, "--accept-missing"))
    assert "cannot see 9042-1's last entries" in done.stdout
    assert "It had at least 1204 entries: " in done.stderr
    taken = read_leaf(records_of(drill)[1].leaf)[0]
    assert isinstance(taken, TakenOver)
    assert (taken.known_size, taken.known_at, taken.blind) == (1204, "", 0)


def test_heads_without_a_mirror(drill: Drill) -> None:
    drill.die()
    pack = drill.pack("--head", drill.heads[5], mirror=False)
    assert drill.start(pack, code=1)["code"] == "takeover_blind"
    words = ("--head", "1204 9f3a 71c4 00:00", "--accept-missing")
    done = drill.start(pack, *words)
    assert (done["missing"], done["known_size"], done["blind"]) == (1204, 1204, True)
    assert datetime.fromisoformat(done["known_at"]) <= now()


def test_a_damaged_mirror(drill: Drill) -> None:
    drill.die()
    path = drill.stick / "9042-1.journal-mirror"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    pack = drill.pack()
    assert drill.start(pack, "--mirror", path, code=1)["code"] == "takeover_behind"
    done = run(*drill.starting(pack, "--mirror", path, "--accept-missing", "--json"))
    facts = json.loads(done.stdout)
    assert (facts["missing"], facts["damaged"]) == (0, True)
    assert 5 < facts["carried"] < ENTRIES
    assert "there may have been more" in done.stderr


def test_a_head_of_another_history(drill: Drill) -> None:
    drill.die()
    pack = drill.pack()
    words = ("--mirror", drill.stick, "--head", "12 9f3a 71c4", "--accept-missing")
    assert drill.start(pack, *words, code=1)["code"] == "takeover_other_history"
    note = drill.heads[7].read_text().splitlines()
    digits = base64.b64decode(note[2]).hex()
    head = f"{note[1]} {digits[:4]} {digits[4:8]}"
    assert drill.start(pack, "--mirror", drill.stick, "--head", head)["missing"] == 0


def test_a_head_that_is_none(drill: Drill) -> None:
    assert "9f3a" in run(*drill.starting(drill.pack(), "--head", "12"), code=2).stderr


def test_the_wrong_sticks(drill: Drill) -> None:
    drill.die()
    pack, sealed = drill.pack(), drill.pack(mirror=False)
    shutil.move(drill.folder / "packs", drill.folder / "first")
    words = ("--mirror", drill.stick)
    assert drill.start(drill.pack(mirror=False), *words, code=1)["code"] == "takeover_mirror_sealed"
    assert pack == sealed
    empty = drill.folder / "empty"
    empty.mkdir()
    first = drill.folder / "first" / pack.name
    assert drill.start(first, "--mirror", empty, code=1)["code"] == "mirror_missing"


def test_a_depots_spare(drill: Drill, tmp_path: Path) -> None:
    """It was set up for no precinct, with people of its own, who hand it over."""
    shutil.rmtree(drill.spare.root)
    (drill.folder / "9042-S1.station.json").unlink()
    drill.table.write()
    for id_ in ("d1", "d2"):
        drill.passphrase(id_)
    changed = {'id = "o1"': 'id = "d1"', 'id = "c1"': 'id = "d2"'}
    drill.provision_spare("depot", **changed)
    drill.die()
    pack = drill.pack()
    done = drill.start(pack, "--mirror", drill.stick, "--operator", "d1", member="d2")
    assert done["carried"] > ENTRIES
    assert {one.id for one in People.load(drill.spare).persons} == set(PEOPLE)
    assert read_machine(drill.spare.settings).precinct == "9042"
    with opened(drill.spare, member="m1") as (_, recorder):
        journal = recorder.journal
        kinds = [read_leaf(one.leaf)[0].kind for one in journal.look.records(1, 1000)]
    assert (kinds.count("person_added"), kinds.count("person_removed")) == (2, 2)
    assert kinds.count("settings_signed") == 1
    assert answer("readiness", "--station", drill.spare.root)["ready"]


def test_people_the_pack_calls_otherwise(drill: Drill) -> None:
    drill.die()
    text = drill.plan.read_text().replace("Нурлан Токтогулов", "Башка Киши")
    drill.plan.write_text(text)
    assert drill.start(drill.pack(), code=1)["code"] == "takeover_other_person"


def test_who_agrees_is_clear(drill: Drill) -> None:
    more = '\n[[people]]\nid = "m2"\nname = "Экинчи Мүчө"\nrole = "member"\n'
    drill.plan.write_text(drill.plan.read_text() + more)
    drill.passphrase("m2")
    pack = drill.pack()
    assert "--second" in run(*drill.starting(pack, "--accept-missing"), code=2).stderr
    assert drill.start(pack, "--second", "m2", "--accept-missing")["taken_over"]


def test_everybody_types(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    typing = Typing(monkeypatch)
    typing.ready(passphrase_of("o1"), passphrase_of("c1"), passphrase_of("m1"))
    words = ("--station", drill.spare.root, "--member", "c1", "--mirror", drill.stick)
    run("takeover", "start", drill.pack(), *words)
    assert [one.split(" (")[1] for one in typing.asked] == [
        "operator), your passphrase",
        "chair), your passphrase",
        "member), you agree with your passphrase",
    ]


@pytest.mark.parametrize("says", ["y", "n"])
def test_the_chair_and_the_member_accept_what_is_missing(
    drill: Drill, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    """Asked at the terminal; each types a passphrase for it, though the chair has unlocked."""
    typing = Typing(monkeypatch)
    typing.ready(*map(passphrase_of, ("o1", "c1", "c1", "m1")))
    words = ("--station", drill.spare.root, "--member", "c1")
    start = import_module("station_app.commands.takeover.start")  # the name is a function's
    monkeypatch.setattr(start, "_can_ask", lambda: True)
    done = run("takeover", "start", drill.pack(), *words, code=0 if says == "y" else 1, typed=says)
    assert "Go on all the same?" in done.stderr
    assert drill.spare.journal.exists() is (says == "y")
    accepting = [
        "chair), you accept that entries are missing with your passphrase",
        "member), you accept that entries are missing with your passphrase",
    ]
    asked = [one.split(" (")[1] for one in typing.asked[2:]]
    assert asked == (accepting if says == "y" else [])


def test_packs_that_are_refused(drill: Drill) -> None:
    pack = drill.pack()
    good = pack.read_bytes()
    other = drill.folder / "other.takeover"

    def code_of(content: bytes | None) -> str:
        other.unlink(missing_ok=True)
        if content is not None:
            other.write_bytes(content)
        return str(drill.start(other, "--accept-missing", code=1)["code"])

    assert code_of(None) == "takeover_missing"
    assert code_of(b"") == code_of(good[:11]) == "takeover_not_a_pack"
    assert code_of(MAGIC + b"\xff" * 20) == "takeover_not_a_pack"
    assert code_of(good[:200]) == "takeover_truncated"
    for at in (20, 300, 900):
        assert code_of(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]) == "takeover_signature"
    assert code_of(good[:-9]) == "takeover_truncated"
    head = good.index(b"VSNAP1")
    for at in (head + 2, head + 90):
        changed = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        assert code_of(changed) == "takeover_other_snapshot"
    at = len(good) - 5
    assert code_of(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]) == "vsnap_hash"
    assert not drill.spare.journal.exists()
    assert drill.start(pack, "--accept-missing")["taken_over"]


def test_a_pack_for_another_spare(drill: Drill) -> None:
    pack = drill.pack()
    shutil.rmtree(drill.spare.root)
    drill.table.provision()
    assert drill.start(pack, code=1)["code"] == "takeover_not_for_us"


def test_taking_over_looks_itself_whether_the_station_is_at_work(
    drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command looks before it asks for passphrases; it is not the only one that does."""
    pack = drill.pack()
    drill.start(pack, "--mirror", drill.stick)
    journal = drill.spare.journal.read_bytes()
    looked: list[OpenedPack] = []
    refuse_unfit = takeover.refuse_unfit

    def only_later(folder: StationFolder, found: OpenedPack) -> None:
        looked.append(found)
        if len(looked) > 1:
            refuse_unfit(folder, found)

    monkeypatch.setattr(takeover, "refuse_unfit", only_later)
    refused = drill.start(pack, "--mirror", drill.stick, code=1)
    assert refused["code"] == "takeover_station_at_work"
    assert len(looked) == 2
    assert drill.spare.journal.read_bytes() == journal


def test_a_station_at_work_takes_nothing_over(drill: Drill) -> None:
    pack = drill.pack()
    drill.start(pack, "--accept-missing")
    refused = drill.start(pack, "--mirror", drill.stick, code=1)
    assert refused["code"] == "takeover_station_at_work"
    assert "without a mirror" in refused["reason"]
    drill.spare.journal.unlink()
    assert drill.start(pack, code=1)["code"] == "takeover_station_at_work"
    head_file(drill.spare.journal).unlink()
    (drill.spare.lists / "proven").unlink()
    # Nothing plain remembers any more; what is sealed does.
    refused = drill.start(pack, "--accept-missing", code=1)
    assert refused["code"] == "takeover_station_at_work"


def test_another_purpose(drill: Drill) -> None:
    shutil.rmtree(drill.spare.root)
    (drill.folder / "9042-S1.station.json").unlink()
    scanner = '[devices.finger_scanner]\ndriver = "simulated"\n'
    drill.provision_spare(**{'kind = "training"': 'kind = "live"', scanner: ""})
    assert drill.start(drill.pack(), "--accept-missing", code=1)["code"] == "vsnap_other_purpose"


def test_request(drill: Drill) -> None:
    out = drill.folder / "request"
    words = ("takeover", "request", "--station", drill.spare.root, "--out", out)
    said = answer(*words, "--mirror", drill.stick)
    assert said["spare"]["name"] == "9042-S1"
    assert [Path(one).name for one in said["files"]] == [
        "9042-S1.station.json", "9042-1.mirror-header",
    ]  # fmt: skip
    assert "9042-S1.station.json" in run(*words).stdout
    header = out / "9042-1.mirror-header"
    assert header.stat().st_size < 2000
    pack = drill.pack("--mirror", header, mirror=False)
    assert drill.start(pack, "--mirror", drill.stick)["carried"] > ENTRIES
    file = drill.folder / "a-file"
    file.touch()
    refused = answer(*words[:-1], file / "below", code=1)
    assert refused["code"] == "no_write_permission"


def test_the_commissions_refusals(drill: Drill) -> None:
    def code_of(*words: str | Path, opened: bool = True) -> str:
        return str(answer(*drill.packing(*words, opened=opened), code=1)["code"])

    assert code_of(opened=False) == "takeover_needs_key"
    original = drill.folder / "9042-1.station.json"
    assert code_of("--spare", original) == "takeover_same_station"
    assert code_of("--plan", drill.table.config) == "takeover_other_plan"
    foreign = drill.folder / "foreign.head"
    foreign.write_text("no head")
    assert code_of("--head", foreign) == "takeover_head_foreign"
    assert code_of("--head", drill.folder / "none.head") == "takeover_head_unreadable"
    other = ("--original", drill.spare_identity, "--spare", original)
    drill.plan.write_text(drill.table.config.read_text())
    assert code_of(*other) == "takeover_other_mirror"


def test_a_list_for_its_stations_only(drill: Drill) -> None:
    drill.table.station = drill.original
    drill.snapshot = drill.table.snapshot()
    assert answer(*drill.packing(), code=1)["code"] == "takeover_list_sealed"


def test_a_list_that_names_the_spare(drill: Drill) -> None:
    """As a commission seals it that has planned its spares: nothing has to be opened."""
    spare = PublicIdentity.load(drill.spare_identity)
    drill.snapshot = drill.table.snapshot(3, 1, 7, spare)
    pack = Path(answer(*drill.packing(mirror=False, opened=False))["file"])
    assert "opens no mirror" in run(*drill.packing(mirror=False, opened=False)).stdout
    assert drill.start(pack, "--accept-missing")["taken_over"]


@pytest.mark.parametrize("moment", ["load", "head", "journal"])
def test_cut_off_and_begun_again(
    drill: Drill, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    pack = drill.pack()

    class CutError(BaseException):
        """The battery is empty."""

    def cut_off(*_: object) -> None:
        raise CutError

    rename = Path.rename

    def head_only(self: Path, target: Path) -> Path:
        if self.name == "journal.db" and self.parent == drill.spare.takeover_draft:
            raise CutError
        return rename(self, target)

    cuts: dict[str, tuple[object, str, object]] = {
        "load": (takeover, "open_unlocked", cut_off),
        "head": (Path, "rename", head_only),
        "journal": (Journal, "append_all", cut_off),
    }
    words = [str(word) for word in drill.starting(pack, "--mirror", drill.stick)]
    with monkeypatch.context() as patched:
        patched.setattr(*cuts[moment])
        with pytest.raises(CutError):
            CliRunner().invoke(app, words, catch_exceptions=False)
    assert not drill.spare.journal.exists()
    with pytest.raises(KnownError) as refused, opened(drill.spare):
        pass
    assert refused.value.code == "takeover_unfinished"
    assert drill.start(pack, "--mirror", drill.stick)["carried"] > ENTRIES
    assert not drill.spare.takeover_draft.exists()


def test_cut_off_once_the_journal_is_in_its_place(
    drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next unlocking finishes it: everything is there."""

    class CutError(BaseException):
        """The battery is empty."""

    def cut_off(*_: object) -> None:
        raise CutError

    words = [str(word) for word in drill.starting(drill.pack(), "--mirror", drill.stick)]
    with monkeypatch.context() as patched:
        patched.setattr(takeover, "open_journal", cut_off)
        with pytest.raises(CutError):
            CliRunner().invoke(app, words, catch_exceptions=False)
    with opened(drill.spare) as (_, recorder):
        journal = recorder.journal
        assert journal.size > ENTRIES
        recorder.append(SessionStarted(500))
        answer = recorder.append(identified(500, 7, journal.proven.policy))
        assert isinstance(answer, AlreadyAccepted)


def test_the_spare_dies_too(drill: Drill) -> None:
    """What was carried is carried again: nobody comes a second time."""
    drill.die()
    drill.start(drill.pack(), "--mirror", drill.stick)
    drill.stick.rename(drill.folder / "envelope")
    drill.stick.mkdir()
    policy = "cd" * 32
    drill.go_on([SessionStarted(500), identified(500, 500, policy)])
    shutil.rmtree(drill.spare.root)
    shutil.copy(drill.table.config, drill.plan)
    drill.table.write(**{
        'folder = "station"': 'folder = "spare"', 'kit = "1"': 'kit = "S2"', "[list]": "",
        'snapshot = "9042-1.vsnap"': "",
    })  # fmt: skip
    drill.table.provision("--out", drill.folder)
    words = drill.packing("--original", drill.folder / "9042-S1.station.json", mirror=False)
    pack = answer(*words, "--mirror", drill.stick)["file"]
    done = drill.start(pack, "--mirror", drill.stick)
    assert done["original"] == "9042-S1"
    with opened(drill.spare) as (_, recorder):
        journal = recorder.journal
        session = journal.last_session() + 1
        recorder.append(SessionStarted(session))
        for voter in (7, 500):
            again = recorder.append(identified(session, voter, policy))
            assert isinstance(again, AlreadyAccepted), voter
    with opened(drill.spare):
        pass


def test_entries_that_can_not_have_followed_each_other(drill: Drill) -> None:
    """Signed by the station all the same: somebody had its keys."""
    with opened(drill.original) as (unlocked, recorder):
        journal = recorder.journal
        first = journal.look.records(1, 1)
        leaf = write_leaf(identified(9, 9, journal.proven.policy), now())
        frontier = Frontier().with_leaf(first[0].leaf).with_leaf(leaf)
        checkpoint = Checkpoint(journal.opened.origin, 2, frontier.root())
        signature = checkpoint.sign(unlocked.identity.signer())
        (drill.stick / "9042-1.journal-mirror").unlink()
        machine = read_machine(drill.original.settings)
        open_mirror = mirror_opener(drill.original, unlocked, machine, journal.opened)
        assert open_mirror is not None
        with closing(open_mirror()) as mirror:
            mirror.append([*first, Record(2, leaf, frontier.root(), signature, 9)])
    refused = drill.start(drill.pack(), "--mirror", drill.stick, code=1)
    assert refused["code"] == "takeover_history_refused"
    assert not drill.spare.journal.exists()


def test_a_disk_that_fails(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = drill.pack()
    drill.spare.takeover_draft.touch()
    words = (pack, "--accept-missing")
    assert drill.start(*words, code=1)["code"] == "no_write_permission"
    drill.spare.takeover_draft.unlink()
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.parent == drill.spare.takeover_draft:
            raise OSError(errno.EIO, "broken")
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", failing)
        assert drill.start(*words, code=1)["code"] == "disk_fault"
    assert drill.start(pack, "--accept-missing")["taken_over"]


def test_a_disk_with_no_room_to_fold_the_log(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite keeps the log beside the file then, and does not say so."""
    pack = drill.pack()
    close = Journal.close

    def unfolded(self: Journal) -> None:
        close(self)
        (drill.spare.takeover_draft / "journal.db-wal").touch()

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "close", unfolded)
        assert drill.start(pack, "--mirror", drill.stick, code=1)["code"] == "disk_full"
    assert not drill.spare.journal.exists()
    assert drill.start(pack, "--mirror", drill.stick)["carried"] > ENTRIES


def test_waiting_events_follow(drill: Drill) -> None:
    drill.start(drill.pack(), "--mirror", drill.stick)
    assert not read_pending(drill.spare.pending_events).events
    kinds = [read_leaf(one.leaf)[0].kind for one in records_of(drill)]
    assert kinds[0:2] == ["journal_opened", "taken_over"]
    after = kinds[kinds.index("carried") + kinds.count("carried") :]
    assert set(after) >= {"station_provisioned", "list_loaded"}
