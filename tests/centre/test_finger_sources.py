"""Which file belongs to which voter."""

from pathlib import Path

import pytest

from station_app.centre.finger_sources import FingerSources, VoterFiles
from station_app.centre.register_rows import RegisterColumns, RegisterRow
from station_app.domain.errors import KnownError
from tests.centre.commission import people, row_of

ID = people().voters[0].voter_id


def register_row(number: int = 0, **changed: str) -> RegisterRow:
    values = row_of(number) | {"fingers": "", "portrait": ""} | changed
    columns = RegisterColumns.of(list(values))
    assert columns.is_complete
    return columns.row(list(values.values()), number + 2)


def files_of(folder: Path, *names: str, **columns: str) -> tuple[VoterFiles, int]:
    """What the voter has of the files `fingers/...` and `portraits/...`, and how many nobody."""
    for kind in ("fingers", "portraits"):
        (folder / kind).mkdir(exist_ok=True)
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    sources = FingerSources.of(folder / "fingers", folder / "portraits")
    (found,), strays = sources.voters_files([register_row(**columns)], "9042")
    return found, len(strays) + len(sources.unclaimed)


def codes(found: VoterFiles) -> list[str]:
    return [code for code, _ in found.faults]


def told(found: VoterFiles) -> list[tuple[str, int | None]]:
    return [(one.path.name, one.position) for one in found.fingers]


def test_files_by_name(tmp_path: Path) -> None:
    names = [f"{ID}_2.png", f"{ID}_07.WSQ", f"{ID}_10.bmp", f"{ID}.fmr", f"{ID}_1.iso"]
    found, strays = files_of(
        tmp_path,
        *(f"fingers/{name}" for name in names),
        f"portraits/{ID}.jpg",
        f"fingers/{ID}7_3.png",
        f"fingers/{ID}_3.jpg",
        f"portraits/{ID}1.jpg",
        "portraits/.DS_Store",
    )
    assert told(found) == [
        (names[1], 7), (names[2], 10), (names[0], 2), (names[3], None), (names[4], 1),
    ]  # fmt: skip
    assert found.portrait == tmp_path / "portraits" / f"{ID}.jpg"
    assert found.faults == ()
    assert {path.name for path in found.paths} == {*names, f"{ID}.jpg"}
    assert strays == 3  # another voter's print and portrait, and a print in a form not read


def test_a_link_in_a_circle_hides_nobody(tmp_path: Path) -> None:
    """It is nobody's file, and told as one."""
    (tmp_path / "fingers").mkdir()
    for name in ("round", ".hidden"):
        (tmp_path / "fingers" / name).symlink_to(name)
    found, strays = files_of(tmp_path, f"fingers/{ID}_2.png")
    assert (told(found), strays) == ([(f"{ID}_2.png", 2)], 1)


def test_names_that_say_no_finger(tmp_path: Path) -> None:
    names = [f"fingers/{ID}{rest}.png" for rest in ("_11", "_2_1", "_x", "_²2", "")]
    found, _ = files_of(tmp_path, *names)
    assert (told(found), codes(found)) == ([], ["finger_position"] * 5)
    assert {name for _, name in found.faults} == {Path(name).name for name in names}


def test_two_files_of_one_finger_are_both_left_out(tmp_path: Path) -> None:
    found, _ = files_of(
        tmp_path, *(f"fingers/{ID}_{rest}" for rest in ("2.png", "02.tif", "3.png"))
    )
    assert told(found) == [(f"{ID}_3.png", 3)]
    assert found.faults == (
        ("finger_twice", f"{ID}_02.tif"),
        ("finger_twice", f"{ID}_2.png"),
    )
    found, _ = files_of(tmp_path, f"fingers/{ID}_3.fmr", f"fingers/{ID}_2.fmr")
    assert told(found) == [(f"{ID}_3.png", 3), (f"{ID}_2.fmr", 2), (f"{ID}_3.fmr", 3)]
    found, _ = files_of(tmp_path, f"portraits/{ID}.jpg", f"portraits/{ID}.jpeg")
    assert found.portrait is None
    assert codes(found)[-2:] == ["portrait_twice"] * 2


def test_files_by_column(tmp_path: Path) -> None:
    found, strays = files_of(
        tmp_path, "fingers/a.png", "fingers/c.png", "portraits/c.jpg",
        fingers="2=a.png; 7 = below/b.fmr;3=../a.png;4=/etc/passwd;x=a.png", portrait="c.jpg",
    )  # fmt: skip
    assert told(found) == [("a.png", 2), ("b.fmr", 7)]
    assert found.faults == (
        ("file_outside", "../a.png"),
        ("file_outside", "/etc/passwd"),
        ("finger_position", "x=a.png"),
    )
    assert found.portrait == tmp_path / "portraits" / "c.jpg"
    assert strays == 1
    found, _ = files_of(tmp_path, portrait="../c.jpg")
    assert (found.portrait, found.faults) == (None, (("file_outside", "../c.jpg"),))


def test_a_precinct_may_have_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "fingers").mkdir()
    found, strays = files_of(
        tmp_path,
        f"fingers/{ID}_3.png",
        f"fingers/9042/{ID}_2.png",
        "fingers/9042/x_1.png",
        f"portraits/{ID}.png",
    )
    assert [one.path for one in found.fingers] == [tmp_path / "fingers/9042" / f"{ID}_2.png"]
    assert found.portrait == tmp_path / "portraits" / f"{ID}.png"
    assert strays == 2


def test_no_folders(tmp_path: Path) -> None:
    assert FingerSources.of(None, None).voters_files([register_row()], "9042") == (
        [VoterFiles(0, (), None)],
        [],
    )
    with pytest.raises(KnownError) as caught:
        FingerSources.of(tmp_path / "none", None)
    assert caught.value.code == "folder_missing"


def test_a_precincts_folder_that_cannot_be_looked_at_is_none(tmp_path: Path) -> None:
    (tmp_path / f"{ID}_2.png").touch()
    sources = FingerSources.of(tmp_path, None)
    (found,), _ = sources.voters_files([register_row()], "9" * 300)
    assert told(found) == [(f"{ID}_2.png", 2)]
