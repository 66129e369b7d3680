"""`station-app snapshot build`: one precinct, from the register to a station that opens it."""

import json
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.search import Searcher
from station_app.biometrics.interchange import Edition, FingerMinutiaeRecord, record_bytes
from station_app.biometrics.interchange.conversion import to_record
from station_app.commands import passphrases
from station_app.commands.snapshot import app
from station_app.commands.synthetic import app as synthetic
from station_app.domain.election import ElectionDay
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage
from station_app.snapshots import Kit, LoadingStation, load_snapshot, verify_container
from station_app.snapshots.loaded import locked
from station_app.synthetic.export import png_bytes
from station_app.synthetic.precinct import PRECINCT_NUMBER
from station_app.synthetic.presets import Preset
from station_app.vault import AgeIdentity, IdentityKind, PublicIdentity, StationFolder, unseal
from station_app.vault.identity import spoken_words
from tests.centre.commission import (
    COLUMNS,
    PASSPHRASE,
    PLACE,
    POLICY,
    POSITIONS,
    VOTERS,
    Table,
    csv_text,
    engine,
    enrolment,
    people,
    row_of,
)
from tests.snapshots.snapshot_samples import open_loaded

BLANK = FingerImage(bytes([255]) * (320 * 384), 320, 384, 500)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def table(tmp_path: Path) -> Table:
    made = Table(tmp_path)
    made.write(*(row_of(number) for number in range(VOTERS)))
    return made


def test_a_register_becomes_a_list_that_its_station_opens(table: Table, tmp_path: Path) -> None:
    table.all_fingers()
    own = table.station("9042-1")
    table.station("9043-1")
    commission = AgeIdentity.generate()
    recipient = PublicIdentity(IdentityKind.RECIPIENT, "ЦИК", None, commission.recipient)
    recipient.save(table.stations)
    code, out, err = table.build("--precinct", "9042", "--json")
    assert (code, err.strip()) == (0, "")
    report = json.loads(out)
    (one,) = report["built"]
    assert (one["voters"], one["fingers"], one["shared_fingers"]) == (VOTERS, 2 * VOTERS, [])
    assert one["stations"] == ["9042-1"]
    path = table.out / "9042-1.vsnap"
    manifest = verify_container(path, table.trusted)
    assert (manifest.election, manifest.place) == ("Шайлоо 2026", PLACE)
    assert manifest.policy.digest() == report["policy_sha256"]
    assert manifest.counts["bad_rows"] == manifest.counts["shared_fingers"] == 0
    assert [each.station for each in manifest.recipients] == ["9042-1", "ЦИК"]
    assert len(unseal(manifest.sealed_key, commission)) == 32  # for takeovers
    folder = StationFolder(tmp_path / "station")
    load_snapshot(path, folder, LoadingStation(own, table.trusted, manifest.engines), NOW)
    with closing(open_loaded(folder, table.identities["9042-1"], table.trusted)) as voters:
        wanted = people().voters[1]
        row = voters.find_by_pin(wanted.pin)
        assert row is not None
        assert voters.voter(row) == wanted
        gallery = Gallery(voters.chunks(ENGINE), ENGINE)
        searcher = Searcher(
            engine(),
            gallery,
            partial(voters.templates, ENGINE),
        )
        probe = people().impression(1, POSITIONS[0], 3, Preset.GOOD)
        assert searcher.examine(probe).candidates[0].row == row
    assert list((table.out / "unfinished").iterdir()) == [table.out / "unfinished" / "lock"]


def test_bad_rows_are_counted_in_the_signed_manifest(table: Table) -> None:
    table.station("9042-1")
    rows = [row_of(number) for number in range(VOTERS)]
    rows[1]["sex"] = "?"
    rows[3]["pin"] = rows[2]["pin"]
    table.write(*rows, row_of(0, "90/42"))
    code, out, _ = table.build("--precinct", "9042")
    assert code == 0
    manifest = verify_container(table.out / "9042-1.vsnap", table.trusted)
    assert dict(manifest.counts) == {
        "voters": 2, "fingers": 0, "portraits": 0, "bad_rows": 2, "voters_without_finger": 2,
        "fingers_left_out": 0, "portraits_left_out": 0, "shared_fingers": 0,
        "doubtful_rows": 0, "finger_exempt": 0, "faces": 0, "portraits_without_face": 0,
        "portraits_flawed": 0, "shared_faces": 0,
    }  # fmt: skip
    assert "rows left out: 2 (3 sex, 5 duplicate_pin of 4)" in out
    assert "Rows of no precinct, left out: 1 (6 precinct)" in out
    assert "voters without a finger, by list number: 1, 3" in out


def test_a_finger_that_two_voters_share_is_told(table: Table) -> None:
    table.station("9042-1")
    table.all_fingers()
    first, third = people().voters[0], people().voters[2]
    # The clerk's own finger, pressed once more.
    table.finger(0, POSITIONS[0], f"{third.voter_id}_7.png", number=2)
    code, out, _ = table.build("--precinct", "9042", "--json")
    assert code == 0
    (one,) = json.loads(out)["built"]
    (shared,) = one["shared_fingers"]
    assert shared[:4] == [first.list_number, 2, third.list_number, 7]
    assert shared[4] > 4000
    manifest = verify_container(table.out / "9042-1.vsnap", table.trusted)
    assert manifest.counts["shared_fingers"] == 1
    assert (
        f"1 (finger 2) and 3 (finger 7), evidence {shared[4] / 1000:.1f}"
        in (table.build("--precinct", "9042")[1])
    )


def test_images_that_can_not_be_used(table: Table) -> None:
    table.station("9042-1")
    ids = [voter.voter_id for voter in people().voters]
    good = table.finger(0, POSITIONS[0])
    whole = good.read_bytes()
    (table.fingers / f"{ids[0]}_7.png").write_bytes(whole[: len(whole) // 2])
    (table.fingers / f"{ids[1]}_2.wsq").write_bytes(b"\xff\xa0nothing")
    (table.fingers / f"{ids[1]}_7.png").write_bytes(png_bytes(BLANK))
    (table.fingers / f"{ids[2]}_2.fmr").write_bytes(b"FMR\0 20\0" + bytes(40))
    (table.fingers / f"{ids[2]}_7.bmp").mkdir()
    (table.fingers / "nobody_2.png").write_bytes(whole)
    (table.portraits / f"{ids[0]}.jpg").write_bytes(whole)
    (table.portraits / f"{ids[1]}.png").write_bytes(whole[:-50])
    code, out, _ = table.build("--precinct", "9042", "--json")
    assert code == 0
    (one,) = json.loads(out)["built"]
    assert (one["fingers"], one["portraits"]) == (1, 1)
    assert sorted(one["fingers_left_out"]) == [
        [1, 7, "image_unreadable", f"{ids[0]}_7.png"],
        [2, 2, "image_unreadable", f"{ids[1]}_2.wsq"],
        [2, 7, "not_enrollable", f"{ids[1]}_7.png"],
        [3, 2, "template_unreadable", f"{ids[2]}_2.fmr"],
        [3, 7, "image_unreadable", f"{ids[2]}_7.bmp"],
    ]
    assert one["portraits_left_out"] == [[2, "portrait_unreadable", f"{ids[1]}.png"]]
    assert one["voters_without_finger"] == [2, 3, 4]
    (hidden,) = one["portraits_without_face"]
    assert hidden == [1, 2, "no_face", f"{ids[0]}.jpg"], "a fingerprint is no face"
    assert (one["faces"], one["portraits_flawed"]) == (0, [])
    assert json.loads(out)["stray_files"] == 1
    assert json.loads(out)["stray_names"] == ["nobody_2.png"]
    _, said, _ = table.build("--precinct", "9042")
    assert f"    {ids[1]}_7.png, of number 2: not_enrollable" in said
    assert f"    {ids[1]}.png, of number 2: portrait_unreadable" in said
    assert f"    {ids[0]}.jpg, row 2, of number 1: no_face" in said
    assert "Files that are no voter's: 1 (nobody_2.png)" in said


def test_records_of_other_systems(table: Table) -> None:
    table.station("9042-1")
    ids = [voter.voter_id for voter in people().voters]

    def record(row: int, *positions: FingerPosition) -> bytes:
        parts = [
            to_record(template.minutiae, (320, 384), template.quality, position)
            for position in positions
            for template in [engine().extract(enrolment(row, position or POSITIONS[0]))]
        ]
        shown = tuple(part.representations[0] for part in parts)
        return record_bytes(FingerMinutiaeRecord(Edition.E2005, shown))

    (table.fingers / f"{ids[0]}_2.fmr").write_bytes(record(0, POSITIONS[0]))
    table.finger(0, POSITIONS[0])
    (table.fingers / f"{ids[0]}_7.fmr").write_bytes(record(0, POSITIONS[1]))
    (table.fingers / f"{ids[0]}_7.png").write_bytes(png_bytes(BLANK))
    (table.fingers / f"{ids[1]}.fmr").write_bytes(record(1, *POSITIONS))
    (table.fingers / f"{ids[2]}_2.fmr").write_bytes(record(2, FingerPosition.UNKNOWN))
    (table.fingers / f"{ids[3]}_3.fmr").write_bytes(record(3, POSITIONS[0]))
    code, out, _ = table.build("--precinct", "9042", "--json")
    assert code == 0
    (one,) = json.loads(out)["built"]
    assert one["fingers"] == 5
    assert one["fingers_left_out"] == [
        [1, 7, "not_enrollable", f"{ids[0]}_7.png"],
        [1, 2, "finger_given", f"{ids[0]}_2.fmr"],
        [4, 3, "finger_disagrees", f"{ids[3]}_3.fmr"],
    ]


def test_refusals(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    def code_of(*words: str | Path) -> str:
        code, out, _ = table.build("--precinct", "9042", "--json", *words)
        assert code == 1
        assert PASSPHRASE not in out
        told = json.loads(out)
        return str(told["code"] if "code" in told else told["refused"][0][1])

    assert code_of() == "recipients_none"
    table.station("9042-1")
    assert code_of("--register", table.folder / "none.csv") == "register_missing"
    assert code_of("--fingers", table.folder / "none") == "folder_missing"
    assert code_of("--recipients", table.folder / "none") == "folder_missing"
    assert code_of("--sign", table.folder / "none") == "commission_key_missing"
    assert code_of("--precinct", "9049") == "precinct_unknown"
    assert code_of("--encoding", "cp1251") == "register_encoding"
    table.policy.write_text(POLICY.replace("fpir_log10 = 3.0", "fpir_log10 = 1.0"))
    assert code_of() == "policy_refused"
    table.policy.write_text(POLICY)
    table.passphrase.write_text("эмне болсо да башка")
    assert code_of() == "wrong_passphrase"
    table.passphrase.chmod(0o644)
    assert code_of() == "passphrase_file_exposed"
    assert not list(table.out.glob("*.vsnap"))
    for words in (["--precinct", "9042", "--by", "precinct"], [], ["--by", "voter"]):
        assert table.build(*words)[0] == 2


def test_a_build_that_another_one_disturbs(table: Table) -> None:
    table.station("9042-1")
    (table.out / "unfinished").mkdir(parents=True)
    draft = table.out / "unfinished" / "9042-1.vlist.new"
    draft.touch()
    with locked(table.out / "unfinished" / "lock"):
        code, _, err = table.build("--precinct", "9042")
    assert (code, draft.exists()) == (1, True)
    assert "Another build" in err
    assert table.build("--precinct", "9042")[0] == 0
    assert not draft.exists()
    (table.folder / "file").touch()
    assert table.build("--precinct", "9042", "--out", table.folder / "file")[0] == 1


def test_the_passphrase_is_asked_for(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    table.station("9042-1")
    words = table.words("--precinct", "9042")
    at = words.index("--passphrase-file")
    words = words[:at] + words[at + 2 :]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert "mode 0600" in result.stderr
    monkeypatch.setattr(passphrases, "_typed", lambda prompt: PASSPHRASE)
    assert CliRunner().invoke(app, words).exit_code == 0


def test_nothing_says_who_is_on_the_list(table: Table) -> None:
    table.station("9042-1")
    table.all_fingers()
    rows = [row_of(number) for number in range(VOTERS)]
    rows[3]["pin"] = rows[2]["pin"]
    table.write(*rows)
    said = [
        *table.build("--precinct", "9042")[1:],
        *table.build("--precinct", "9042", "--json")[1:],
    ]
    written = [path.read_bytes() for path in table.out.rglob("*") if path.is_file()]
    assert len(written) == 3
    for voter in people().voters:
        for text in (voter.pin, voter.surname, voter.given_names, voter.address):
            assert not any(text in one for one in said)
            assert not any(text.encode() in one for one in written)
    assert not any(PASSPHRASE.encode() in one for one in written)


def test_a_long_report_is_cut_short_in_sentences(table: Table) -> None:
    table.station("9042-1")
    rows = [row_of(number) for number in range(VOTERS)]
    rows[2]["place"] = "Айыл өкмөтү"
    bad = [row_of(0, pin=str(number)) for number in range(12)]
    columns = (*COLUMNS, "phone")
    text = csv_text([*rows, *bad], columns)
    table.register.write_text(text, encoding="utf-8", newline="")
    own = table.fingers / "9042"
    own.mkdir()
    (own / "nobody.png").touch()
    (table.portraits / f"{people().voters[0].voter_id}.png").touch()
    code, out, _ = table.build("--precinct", "9042")
    assert code == 0
    assert "rows left out: 12 (6 pin, 7 pin" in out
    assert "15 pin, and 2 more)" in out
    assert "the register gives 2 places; the list has № 5 мектеп" in out
    assert "files that are no voter's: 1" in out
    assert "portraits left out: 1 portrait_unreadable" in out
    assert "Columns that nothing reads: phone" in out


BALLOTS = """
[[ballots]]
id = "president"
title = "Президент"

[[ballots]]
id = "council"
title = "Кеңеш"
"""


def test_the_election_day_its_ballots_and_the_kits_are_signed(table: Table, tmp_path: Path) -> None:
    own, other = table.station("9042-1"), table.station("9042-2")
    table.policy.write_text(POLICY + BALLOTS)
    columns = (*COLUMNS, "ballots", "finger_exempt")
    rows = [row_of(number) for number in range(VOTERS)]
    rows[1] |= {"ballots": "council"}
    rows[2] |= {"finger_exempt": "yes"}
    table.register.write_text(csv_text(rows, columns), encoding="utf-8")
    code, out, _ = table.build("--precinct", "9042")
    assert code == 0
    assert "exempt from fingers: 1" in out
    assert "voters without a finger, by list number: 1, 2, 4" in out
    manifest = verify_container(table.out / "9042-1.vsnap", table.trusted)
    assert manifest.election_day == ElectionDay("KG-2026", date(2026, 11, 29))
    assert [ballot.id for ballot in manifest.ballots] == ["president", "council"]
    assert manifest.kits == tuple(Kit(one.name, one.fingerprint().hex()) for one in (own, other))
    assert manifest.counts["finger_exempt"] == 1
    folder = StationFolder(tmp_path / "station")
    load_snapshot(
        table.out / "9042-1.vsnap", folder, LoadingStation(own, table.trusted, (ENGINE,)), NOW
    )
    with closing(open_loaded(folder, table.identities["9042-1"], table.trusted)) as voters:
        assert [voters.voter(row).ballots for row in range(3)] == [(), ("council",), ()]
        assert [voters.voter(row).finger_exempt for row in range(3)] == [False, False, True]


@pytest.mark.parametrize("change", ["id", "date", "ballots", "due", "exempt", "kit"])
def test_what_is_new_in_the_list_makes_another_one(table: Table, change: str) -> None:
    """Under the same sequence that is refused: a station takes each once."""
    table.station("9042-1")
    columns = (*COLUMNS, "ballots", "finger_exempt")
    rows = [row_of(number) for number in range(VOTERS)]
    table.policy.write_text(POLICY + BALLOTS)
    table.register.write_text(csv_text(rows, columns), encoding="utf-8")
    assert table.build("--precinct", "9042")[0] == 0
    assert table.build("--precinct", "9042")[0] == 0
    policy = {
        "id": POLICY.replace("KG-2026", "KG-2026-2") + BALLOTS,
        "date": POLICY.replace("2026-11-29", "2026-11-28") + BALLOTS,
        "ballots": POLICY + BALLOTS.replace("Кеңеш", "Айыл"),
    }
    table.policy.write_text(policy.get(change, POLICY + BALLOTS))
    if change == "due":
        rows[0] |= {"ballots": "council"}
    elif change == "exempt":
        rows[0] |= {"finger_exempt": "1"}
    elif change == "kit":
        table.station("9042-2")
    table.register.write_text(csv_text(rows, columns), encoding="utf-8")
    code, out, _ = table.build("--precinct", "9042", "--json")
    assert (code, json.loads(out)["refused"][0][1]) == (1, "sequence_used")


def test_the_words_to_compare_are_printed(table: Table) -> None:
    table.station("9042-1")
    code, out, _ = table.build("--precinct", "9042")
    assert code == 0
    (issuer,) = table.trusted
    assert out.endswith(f"Signed by БШК. Stations compare aloud: {issuer.words()}\n")
    manifest = verify_container(table.out / "9042-1.vsnap", table.trusted)
    words = spoken_words(bytes.fromhex(manifest.list_sha256))
    assert f"  words of the list: {words}\n" in out
    code, out, _ = table.build("--precinct", "9042", "--json")
    assert json.loads(out)["issuer"] == {"name": "БШК", "words": issuer.words()}


@pytest.mark.parametrize("rows", [[], ["sex"], ["sex", "pin"], ["precinct"]])
def test_a_register_of_which_nothing_can_be_used_is_refused(table: Table, rows: list[str]) -> None:
    table.station("9042-1")
    table.write(*(row_of(number, **{name: "?/"}) for number, name in enumerate(rows)))
    for words in (["--by", "precinct"], ["--precinct", "9042"]):
        code, out, _ = table.build(*words, "--json")
        assert (code, json.loads(out)["code"]) == (1, "register_empty")
        assert f"of {len(rows)}" in json.loads(out)["reason"]
    assert not list(table.out.glob("*.vsnap"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets what the command takes for now."""

    def put(at: datetime) -> None:
        frozen = SimpleNamespace(now=lambda _: at)
        monkeypatch.setattr(sys.modules["station_app.commands.snapshot.build"], "datetime", frozen)

    put(NOW)
    return put


def test_what_is_past_is_warned_of_and_refused_if_strict(
    table: Table, clock: Callable[[datetime], None]
) -> None:
    table.station("9042-1")
    clock(datetime(2026, 12, 6, tzinfo=UTC))
    code, out, _ = table.build("--precinct", "9042", "--strict", "--json")
    assert (code, json.loads(out)["code"]) == (1, "policy_past")
    assert not table.out.exists()
    code, out, _ = table.build("--precinct", "9042")
    assert code == 0
    assert "Warning: The lists were valid until 2026-12-05 23:59: stations refuse them." in out
    assert "Warning: The election day 2026-11-29 is over." in out


def test_implausible_voters_are_warned_of_counted_and_refused_if_strict(
    table: Table, clock: Callable[[datetime], None]
) -> None:
    del clock
    table.station("9042-1")
    table.write(row_of(0), row_of(1, born="2031-01-01"), row_of(2, born="1890-01-01"))
    code, out, _ = table.build("--precinct", "9042", "--strict", "--json")
    assert (code, json.loads(out)["refused"][0][1]) == (1, "strict_refused")
    assert "doubtful rows (2): 3 born, 4 born" in json.loads(out)["refused"][0][2]
    code, out, _ = table.build("--precinct", "9042")
    assert code == 0
    assert "under 18 or over 110 on the election day: 3, 4" in out
    manifest = verify_container(table.out / "9042-1.vsnap", table.trusted)
    assert (manifest.counts["doubtful_rows"], manifest.counts["voters"]) == (2, 3)


def _bad_row(table: Table) -> None:
    table.write(row_of(0), row_of(1, sex="?"))


def _row_of_no_precinct(table: Table) -> None:
    table.write(row_of(0), row_of(1, "90/42"))


def _bad_image(table: Table) -> None:
    (table.fingers / f"{people().voters[0].voter_id}_2.png").write_bytes(b"no image")


def _bad_portrait(table: Table) -> None:
    (table.portraits / f"{people().voters[0].voter_id}.png").write_bytes(b"no image")


def _file_of_nobody(table: Table) -> None:
    (table.fingers / "9042").mkdir()
    (table.fingers / "9042" / "nobody_2.png").write_bytes(b"")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (_bad_row, "rows left out (1): 3 sex"),
        (_row_of_no_precinct, "Row 3 of"),
        (_bad_image, "fingers left out (1): V-"),
        (_bad_portrait, "portraits left out (1): V-"),
        (_file_of_nobody, "files of nobody (1): nobody_2.png"),
    ],
)
def test_strict_leaves_nothing_out(
    table: Table,
    clock: Callable[[datetime], None],
    fault: Callable[[Table], None],
    said: str,
) -> None:
    del clock
    table.station("9042-1")
    fault(table)
    code, out, _ = table.build("--precinct", "9042", "--strict", "--json")
    answer = json.loads(out)
    refused = answer.get("refused") or [["", answer["code"], answer["reason"]]]
    assert (code, refused[0][1]) == (1, "strict_refused")
    assert said in refused[0][2]
    assert not list(table.out.glob("*.vsnap"))
    assert table.build("--precinct", "9042")[0] == 0


def test_strict_and_sound(table: Table, clock: Callable[[datetime], None]) -> None:
    del clock
    table.station("9042-1")
    table.finger(0, POSITIONS[0])
    assert table.build("--precinct", "9042", "--strict")[0] == 0


def test_fingers_named_after_nobody_are_warned_of(
    table: Table, clock: Callable[[datetime], None]
) -> None:
    del clock
    table.station("9042-1")
    table.finger(0, POSITIONS[0], "1_2_0.png")
    code, out, _ = table.build("--precinct", "9042")
    assert code == 0
    assert "Warning: No finger was enrolled: the files in" in out
    assert "(1_2_0.png) are not named <voter_id>_<position>" in out
    assert table.build("--precinct", "9042", "--strict")[0] == 1


def test_what_the_synthetic_command_writes_is_built(table: Table) -> None:
    made = table.folder / "invented"
    words = ["precinct", "--voters", "3", "--seed", "9", "--impressions", "2", "--out", str(made)]
    assert CliRunner().invoke(synthetic, words).exit_code == 0
    table.station(f"{PRECINCT_NUMBER}-1")
    code, out, _ = table.build(
        "--by", "precinct", "--register", made / "register.csv", "--fingers", made / "fingers",
        "--json",
    )  # fmt: skip
    (one,) = json.loads(out)["built"]
    assert (code, one["voters"], one["fingers"]) == (0, 3, 6)
    assert json.loads(out)["stray_files"] == 0


def test_the_example_is_built(table: Table, clock: Callable[[datetime], None]) -> None:
    del clock
    example = Path(__file__).parents[2] / "voter_snapshots" / "example"
    table.station("9042-1")
    code, out, _ = table.build(
        "--by", "precinct", "--register", example / "voters.csv",
        "--policy", example / "policy.toml", "--strict",
    )  # fmt: skip
    assert code == 0
    assert "1 built, 0 finished before, 0 refused." in out
