"""docs/centre.md explains every alarm, and its SQL runs."""

import re
from pathlib import Path

import psycopg

from station_app.centre.collecting.alarms import ALARMS
from station_app.centre.collecting.collect import Collection, collect
from station_app.journal.tree import tree_root
from tests.centre.made_logs import MadeLog, root

TEXT = (Path(__file__).parents[2] / "docs" / "centre.md").read_text(encoding="utf-8")


def test_every_alarm() -> None:
    assert [code for code in ALARMS if f"`{code}`" not in TEXT] == []


def test_its_sql(database: str, tmp_path: Path) -> None:
    log = MadeLog("9042-1")
    log.add_values(kind="device_lost", device="finger_scanner", session=None)
    log.save(tmp_path)
    collect(Collection(database, (tmp_path,), None, jobs=1), lambda *_: None)
    (block,) = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)
    setting, hashes, devices = [one for one in block.split(";") if one.strip()]
    with psycopg.connect(database) as connection:
        connection.execute(setting.encode())
        found = [one for (one,) in connection.execute(hashes.encode())]
        assert tree_root(found) == root(log.leaves)
        ((station, _, device),) = connection.execute(devices.encode())
        assert (station, device) == ("9042-1", "finger_scanner")
        (join,) = re.findall(r"`\((JOIN counted.*?)\)`|\(`(JOIN counted[^`]*)`\)", TEXT)
        count = connection.execute(f"SELECT count(*) FROM entry {''.join(join)}".encode())
        assert count.fetchone() == (2,)
