"""The promise: at the centre a key speaks for the one station that it was issued to.

The attack: whoever has a station's genuine key signs a journal that calls itself another
station's, or that says it goes on for another. On version a9a29b6 one invented entry
`taken_over` was enough: 500 identifications were counted for a station that does not exist,
500 for one that does, and a carried journal made another station's identifications void. There
was no alarm, and a station with two successors had none either.

Now a journal counts under the origin that the pinned name of its key gives. Another station's
entries are carried, and made void, by a spare alone, with the pack that the commission issued to
this spare for this station; and then there is an alarm until somebody has said why.
"""

import pytest

from station_app.domain.entry_codes import TakeoverSource
from tests.attacks.attacked_centre import AttackedCentre, MadeLog, a_day, invented

INVENTED = range(1000, 1500)


def test_five_hundred_for_a_station_that_does_not_exist(centre: AttackedCentre) -> None:
    good = a_day("9042-1", range(1, 4))
    centre.pin(good)
    centre.lay(good, invented("1111-1", good, INVENTED))
    centre.collect()
    assert centre.identified() == {"9042-1": 3}
    assert centre.alarms() == [("key_of_another", "1111-1")]


def test_five_hundred_for_a_station_that_does(centre: AttackedCentre) -> None:
    evil, victim = a_day("9042-1", range(1, 4)), a_day("9042-2", range(10, 14))
    centre.pin(evil, victim)
    centre.lay(evil, victim, invented("9042-2", evil, INVENTED))
    centre.collect()
    assert centre.identified() == {"9042-1": 3, "9042-2": 4}
    assert centre.alarms() == [("key_of_another", "9042-2")]


def test_a_station_makes_another_s_identifications_void(centre: AttackedCentre) -> None:
    victim = a_day("9042-1", range(1, 4))
    evil = MadeLog("9042-2", now=victim.now)
    evil.take_over(victim)
    first = next(n for n, leaf in enumerate(victim.leaves, 1) if b'"identified"' in leaf)
    evil.void(first + 2, 1)
    evil.identify(50)
    centre.pin(victim, evil)
    centre.lay(victim, evil)
    centre.collect()
    # Its own voter is its own to count; the other station's are not.
    assert centre.identified() == {"9042-1": 3, "9042-2": 1}
    (alarm,) = centre.report()["alarms"]
    assert (alarm["code"], alarm["station"]) == ("takeover_refused", "9042-2")
    assert "its key is not that of a spare" in alarm["detail"]


@pytest.mark.parametrize(
    ("issued", "because"),
    [
        ("none", "its pack was not given"),
        ("to another spare", "its pack was issued to another spare"),
        ("for another station", "its pack was issued for another station"),
    ],
)
def test_a_spare_with_a_pack_that_is_not_its_own(
    centre: AttackedCentre, issued: str, because: str
) -> None:
    victim, other = a_day("9042-1", range(1, 4)), a_day("9043-1", range(10, 14))
    spare, honest = MadeLog("9900-1"), MadeLog("9900-2")
    pack = {
        "none": "00" * 32,
        "to another spare": centre.issue(honest, victim),
        "for another station": centre.issue(spare, other),
    }[issued]
    spare.take_over(victim, pack_sha256=pack)
    spare.identify(50)
    spare.void(2 + 4, 1)
    centre.pin(victim, other)
    centre.pin_spare(spare, honest)
    centre.lay(victim, other, spare)
    centre.collect()
    assert centre.identified() == {"9042-1": 3, "9043-1": 4}
    (alarm,) = centre.report()["alarms"]
    assert (alarm["code"], alarm["station"]) == ("takeover_refused", "9900-1")
    assert because in alarm["detail"]


def test_a_spare_adds_to_a_journal_what_its_station_never_signed(centre: AttackedCentre) -> None:
    victim = a_day("9042-1", range(1, 4))
    forged = a_day("9042-1", range(1, 4))
    for voter in INVENTED:
        forged.identify(voter)
    spare = MadeLog("9900-1")
    pack = centre.issue(spare, victim)
    # The victim's name and key over entries that the spare has made up.
    spare.take_over(forged, public_key=victim.identity.signer().public_key.hex(), pack_sha256=pack)
    centre.pin(victim)
    centre.pin_spare(spare)
    centre.lay(victim, spare)
    centre.collect()
    assert centre.identified() == {"9042-1": 3, "9900-1": 0}
    assert ("takeover_unproven", "9900-1") in centre.alarms()


def test_a_spare_that_took_nothing_over(centre: AttackedCentre) -> None:
    spare = a_day("9900-1", INVENTED)
    good = a_day("9042-1", range(1, 4))
    centre.pin(good)
    centre.pin_spare(spare)
    centre.lay(good, spare)
    centre.collect()
    assert centre.identified() == {"9042-1": 3}
    assert centre.alarms() == [("spare_alone", "9900-1")]


def test_a_pack_that_the_issuer_has_not_signed(centre: AttackedCentre) -> None:
    victim, spare = a_day("9042-1", range(1, 4)), MadeLog("9900-1")
    centre.issue(spare, victim)
    (path,) = centre.packs.glob("*.takeover")
    path.write_bytes(path.read_bytes().replace(b"9900-1", b"9900-2"))
    centre.lay(victim)
    words = (centre.stick, "--packs", centre.packs, "--issuer", centre.issuer, "--json")
    assert '"takeover_signature"' in centre.run("collect", *words, code=1)


def test_an_honest_takeover_is_an_alarm_until_it_is_explained(centre: AttackedCentre) -> None:
    lost, spare = a_day("9042-1", range(1, 4)), MadeLog("9900-1")
    spare.take_over(lost, pack_sha256=centre.issue(spare, lost))
    spare.identify(50)
    centre.pin(lost)
    centre.pin_spare(spare)
    centre.lay(spare)
    centre.collect()
    assert centre.identified() == {"9042-1": 3, "9900-1": 1}
    assert [one["precinct"] for one in centre.report()["precincts"]] == ["9042"]
    (alarm,) = centre.report()["alarms"]
    assert (alarm["code"], alarm["explained"]) == ("takeover", None)
    said = centre.run("report", code=3)
    assert alarm["id"] in said
    reason = "The disk of 9042-1 died at 11:40; protocol 17"
    centre.run("explain", alarm["id"], "--reason", reason, code=0)
    said = centre.run("report", code=0)
    assert "No alarms." in said
    assert reason in said
    # More arrives than the successor knew: that is another alarm.
    lost.identify(60)
    centre.lay(lost)
    centre.collect()
    assert [one["code"] for one in centre.report()["alarms"] if not one["explained"]] == ["went_on"]


def test_two_successors_of_one_station(centre: AttackedCentre) -> None:
    lost = a_day("9042-1", range(1, 41))
    blind, seeing = MadeLog("9900-1"), MadeLog("9900-2")
    nothing = {"public_key": "", "size": 0, "root": "", "note": ""}
    blind.take_over(
        lost, 0, **nothing, source=TakeoverSource.NOTHING, pack_sha256=centre.issue(blind, lost)
    )
    seeing.take_over(lost, pack_sha256=centre.issue(seeing, lost))
    centre.pin(lost)
    centre.pin_spare(blind, seeing)
    centre.lay(blind, seeing)
    centre.collect()
    assert centre.identified() == {"9042-1": 40, "9900-1": 0, "9900-2": 0}
    assert sorted(centre.alarms()) == [
        ("takeover", "9900-1"),
        ("takeover", "9900-2"),
        ("two_successors", "9900-1"),
        ("two_successors", "9900-2"),
        ("went_on", "9042-1"),
    ]
