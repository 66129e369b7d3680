"""A spare that goes on without the dead station's entries is no secret of whoever started it.

Promise: without a mirror, with a damaged one, or where a head proves more entries than were
found, a takeover needs the chair and a member to accept that, shown what is known; the desk, the
zero report, the day's page and the protocol say it until closing, and tell the operators to check
the signature on the paper list. The attack: a voter is identified at a station that then dies;
whoever starts the spare leaves the mirror out, and the voter comes again. On version a9a29b6
`takeover start PACK` ended with 0, no screen or paper said anything, and the voter was
identified a second time.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication

from station_app.assembly.paper_maker import paper_name
from station_app.devices.computer import Battery
from station_app.domain.day_report import HandCount
from station_app.domain.entries import TakenOver
from station_app.domain.entry_codes import Count, Paper
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation
from station_app.flow import readiness as looking
from station_app.flow.open_station import local
from station_app.flow.takeover import take_over
from station_app.flow.takeover_evidence import TakeoverEvidence
from station_app.journal.leaves import read_leaf
from station_app.snapshots.takeover_pack import open_pack
from station_app.ui.operator.controller import DeskController
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.pages import Presenter
from station_app.ui.operator.views import GapView, gap_words
from station_app.ui.texts import Texts
from station_app.ui.widgets.text_block import TextBlock
from station_app.vault import IdentityKind, Passphrase, People, PublicIdentity
from tests.commands.days import Day, now
from tests.commands.stations import passphrase_of
from tests.commands.takeovers import Drill, opened
from tests.commands.typed_words import make_cheap, run


@pytest.fixture
def drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drill:
    """A station at work with its mirror, and a spare; the station has just died."""
    make_cheap(monkeypatch)
    monkeypatch.setattr(looking, "battery", lambda: Battery(84, True, None))
    monkeypatch.setattr(looking, "free_bytes", lambda _: 80 * 10**9)
    made = Drill(tmp_path)
    made.work(9)
    made.provision_spare()
    made.die()
    return made


def test_without_a_mirror_nothing_is_taken_over(drill: Drill) -> None:
    refused = drill.start(drill.pack(), code=1)
    assert (refused["taken_over"], refused["code"]) == (False, "takeover_blind")
    assert "--accept-missing" in refused["reason"]
    assert not drill.spare.journal.exists()


def test_a_head_that_proves_more_is_not_left_out(drill: Drill) -> None:
    """The mirror was pulled out early; the last slip, or a head the centre saw, knows more."""
    pack = drill.pack("--head", drill.heads[-1])
    words = ("--mirror", drill.stick, "--head", "1204 9f3a 71c4 10:42")
    assert drill.start(pack, *words, code=1)["code"] == "takeover_behind"
    assert not drill.spare.journal.exists()


def test_the_commands_beneath_refuse_too(drill: Drill) -> None:
    """`take_over` itself asks for the acceptance: no other door leads past it."""
    trusted = PublicIdentity.load_all(drill.spare.trusted, IdentityKind.ISSUER)
    found = open_pack(drill.pack(), trusted)
    people = People.load(drill.spare)
    words = {id_: Passphrase(passphrase_of(id_)) for id_ in ("o1", "c1", "m1")}
    unlocked = people.unlock("o1", words["o1"], "c1", words["c1"])
    proofs = (*unlocked.proofs, people.prove(unlocked, "m1", words["m1"]))
    with pytest.raises(KnownError) as refused:
        take_over(drill.spare, unlocked, proofs, found, TakeoverEvidence(None, 0), (), now)
    assert refused.value.code == "takeover_blind"
    shutil.rmtree(drill.spare.root)
    drill.table.provision()
    people = People.load(drill.spare)
    unlocked = people.unlock("o1", words["o1"], "c1", words["c1"])
    proofs = (*unlocked.proofs, people.prove(unlocked, "m1", words["m1"]))
    with pytest.raises(KnownError) as refused:
        take_over(
            drill.spare, unlocked, proofs, found, TakeoverEvidence(None, 0), (), now,
            accept_missing=True,
        )  # fmt: skip
    assert refused.value.code == "takeover_not_for_us", "a pack for other keys"


def test_what_is_accepted_is_shown_and_kept(drill: Drill) -> None:
    words = ("--head", "1204 9f3a 71c4 10:42", "--accept-missing")
    done = run(*drill.starting(drill.pack(), *words))
    assert "No entry of 9042-1 was found" in done.stderr
    assert re.search(r"at least 1204 entries at \S+ 10:42:00; .* unknown", done.stderr)
    with opened(drill.spare) as (_, recorder):
        journal = recorder.journal
        taken, _ = read_leaf(journal.look.records(2, 1)[0].leaf)
    assert isinstance(taken, TakenOver)
    assert (taken.missing, taken.known_size, taken.blind) == (1204, 1204, 1)
    assert taken.known_at is not None
    assert taken.known_at.endswith(":42:00Z")
    assert (taken.chair, taken.member) == ("c1", "m1")


@pytest.fixture
def spare_day(drill: Drill, qapp: QApplication) -> Iterator[Day]:
    """The spare at work after a takeover that saw nothing."""
    drill.start(drill.pack(), "--accept-missing")
    drill.table.station = drill.spare
    made = Day(drill.table)
    yield made
    made.close()


def _text_of(pdf: Path) -> str:
    buffer = QBuffer()
    buffer.setData(QByteArray(pdf.read_bytes()))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    texts = [document.getAllText(page).text() for page in range(document.pageCount())]
    return " ".join(" ".join(texts).split())


def test_desk_and_papers_say_so_until_closing(spare_day: Day) -> None:
    day, desk = spare_day, OperatorDesk(language="en")
    header = day.station.header
    presenter = Presenter(header.policy, day.station.voters, local)
    controller = DeskController(
        day.runner, desk, presenter, precinct=header.precinct, place=header.place, now=now
    )
    day.services.show_on(controller)
    expected = gap_words(Texts("en"), GapView("9042-1"))
    order = Texts("en")("gap.order")

    def says_so() -> bool:
        controller.state_changed(day.runner.state)
        texts = [block.accessibleName() or block.text() for block in desk.findChildren(TextBlock)]
        return any(expected in one and order in one for one in texts)

    assert says_so(), "before the day"
    acts, folder = day.services.desk, day.table.station
    day.act(acts.open_day, day.sign(Operation.OPEN_DAY, "c1", "m1"), now(), is_confirmed=False)
    assert says_so(), "while it is open"
    report = _text_of(folder.papers / paper_name("9042-S1", 1, Paper.ZERO_REPORT))
    assert "вместо 9042-1 без её записей" in report
    assert "подпись в бумажном списке" in report
    leaders = day.sign(Operation.CLOSE_DAY, "c1", "m1")
    seen = day.look()
    reasons = {Count.BALLOTS: "-" * 20, Count.SIGNATURES: "-" * 20}
    day.act(acts.close_day, leaders, seen.figures, HandCount(0, 0), reasons)
    protocol = _text_of(folder.papers / paper_name("9042-S1", 1, Paper.PROTOCOL))
    assert "вместо 9042-1 без её записей" in protocol
    desk.deleteLater()
