"""Promise: nothing of a lesson can be taken for an election's (ADR 0067).

The attack: somebody brings to an election what a lesson has made: its journal and its sealed export
to the centre, its list and its takeover pack to a live station; also with the keys of the lesson
pinned there, as if by mistake. On a9a29b6 there were no lessons, only a demonstration under public
keys.
"""

import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from station_app import settings
from station_app.biometrics.engines import engine_names
from station_app.domain.errors import KnownError
from station_app.flow.day_export import export_day
from station_app.flow.open_station import utc_now
from station_app.flow.opening import open_unlocked
from station_app.flow.signed_settings import loading_station
from station_app.flow.takeover import refuse_unfit
from station_app.journal.bundle import unseal_bundle
from station_app.journal.tlog_tiles import log_files
from station_app.snapshots import load_snapshot, loaded_list
from station_app.snapshots.takeover_pack import open_pack
from station_app.training.lesson_stations import (
    LessonFolder,
    StationStart,
    put_station,
    unlocked_by_two,
)
from station_app.vault import AgeIdentity, IdentityKind, PublicIdentity
from tests.attacks.attacked_centre import AttackedCentre
from tests.flow.loaded_station import LoadedStation


def prepared(root: Path, start: StationStart) -> LessonFolder:
    folder = LessonFolder(root)
    put_station(folder, start, root / "printer", utc_now)
    return folder


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> LessonFolder:
    """Its day is open, three voters were identified, and it was exported to the stick."""
    folder = prepared(tmp_path_factory.mktemp("lesson"), StationStart(identified=(11, 57, 203)))
    with (
        unlocked_by_two(folder.station) as (_, unlocked),
        closing(open_unlocked(folder.station, unlocked, utc_now)) as opened,
    ):
        identity = unlocked.identity.public(unlocked.station)
        export_day(opened.recorder, folder.station, identity, folder.stick)
        journal = opened.recorder.journal
        leaves = [one.leaf for one in journal.look.records(1, journal.size)]
        for name, content in log_files(journal.head.note, leaves):
            (folder.root / "log" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder.root / "log" / name).write_bytes(content)
        assert journal.opened.origin == "station-app/training/9042-lesson"
        assert journal.opened.list_kind == "training"
    return folder


@pytest.fixture(scope="module")
def takeover(tmp_path_factory: pytest.TempPathFactory) -> LessonFolder:
    """A spare that is about to take over."""
    return prepared(tmp_path_factory.mktemp("takeover"), StationStart(takes_over=True))


@pytest.mark.parametrize("is_pinned", [False, True], ids=["a stranger's key", "its key is pinned"])
def test_the_centre_refuses_journal_and_export(
    lesson: LessonFolder, centre: AttackedCentre, is_pinned: bool
) -> None:
    if is_pinned:
        PublicIdentity.load(lesson.station.public_identity).save(centre.keys)
    shutil.copytree(lesson.root / "log", centre.stick / "log")
    assert centre.collect(code=1) == {"log": "log_other_kind"}
    (bundle,) = lesson.stick.glob("*.journal.age")
    commission = AgeIdentity.generate()
    sealed = bundle.read_bytes()
    assert code_of(lambda: unseal_bundle(sealed, bundle, commission)) == "seal_not_for_us"


@pytest.fixture
def live(tmp_path: Path) -> LoadedStation:
    """A live station of the lesson's precinct."""
    made = LoadedStation(tmp_path, [])
    made.own.write(made.folder.public_identity)
    return made


def pinned(live: LoadedStation, lesson: LessonFolder) -> None:
    for one in PublicIdentity.load_all(lesson.station.trusted, IdentityKind.ISSUER):
        one.save(live.folder.trusted)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(KnownError) as caught:
        act()
    return caught.value.code


def test_a_live_station_refuses_its_list(live: LoadedStation, lesson: LessonFolder) -> None:
    (snapshot,) = lesson.stick.glob("*.vsnap")

    def load() -> object:
        station = loading_station(live.folder, engine_names())
        return load_snapshot(snapshot, live.folder, station, datetime.now(UTC))

    assert code_of(load) == "vsnap_unknown_issuer"
    pinned(live, lesson)
    assert code_of(load) == "vsnap_other_purpose"
    assert code_of(lambda: loaded_list(live.folder, ())) == "vsnap_none_loaded"


def test_a_live_station_refuses_its_pack(live: LoadedStation, takeover: LessonFolder) -> None:
    (pack,) = takeover.stick.glob("*.takeover")

    def opened() -> object:
        trusted = PublicIdentity.load_all(live.folder.trusted, IdentityKind.ISSUER)
        return refuse_unfit(live.folder, open_pack(pack, trusted))

    assert code_of(opened) == "takeover_signature"
    pinned(live, takeover)
    assert code_of(opened) == "takeover_not_for_us"


def test_one_lesson_takes_nothing_of_another(lesson: LessonFolder, takeover: LessonFolder) -> None:
    """Each has keys of its own, which live no longer than it is prepared."""
    (snapshot,) = takeover.root.glob("*.vsnap")
    station = loading_station(lesson.station, engine_names())
    assert (
        code_of(lambda: load_snapshot(snapshot, lesson.station, station, datetime.now(UTC)))
        == "vsnap_unknown_issuer"
    )
    late = datetime.now(UTC) + timedelta(days=2)
    (own,) = lesson.stick.glob("*.vsnap")
    assert code_of(lambda: load_snapshot(own, lesson.station, station, late)) == "vsnap_expired"


def test_lessons_have_a_folder_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATION_APP_HOME", str(tmp_path))
    own = settings.station_home("lessons")
    others = [settings.station_home(kind) for kind in ("live", "training", "demo")]
    assert own not in others
    assert not any(one.is_relative_to(own) or own.is_relative_to(one) for one in others)
