"""Every state of the page of people, with invented persons."""

from dataclasses import replace
from datetime import datetime

from station_app.domain.roles import Person, Role
from station_app.ui.technician.people import (
    KnownPerson,
    PeopleAct,
    PeopleChange,
    PeopleStage,
    PeopleView,
)
from station_app.ui.unlock.entry import SideState, SideView, UnlockStage, UnlockView
from tests.ui.samples.invented import invented

_SINCE = datetime(2026, 11, 27, 18, 20)  # noqa: DTZ001  # local, as the page is told it
_ROLES = (Role.OPERATOR, Role.CHAIR, Role.OPERATOR, Role.MEMBER, Role.TECHNICIAN)


def sample_people_views(language: str) -> dict[str, PeopleView]:
    """Every state of the page, by the name of its picture."""
    persons = [
        Person(f"p{place}", name, role)
        for place, (name, role) in enumerate(zip(invented(language).people, _ROLES, strict=True))
    ]
    people = tuple(KnownPerson(one) for one in persons[:3])
    people += tuple(KnownPerson(one, _SINCE) for one in persons[3:])
    new = PeopleChange(PeopleAct.ADD, "", invented(language).newcomer, Role.MEMBER)
    chair = PeopleChange(PeopleAct.REPLACE, persons[1].id, persons[1].name, Role.CHAIR)
    gone = PeopleChange(PeopleAct.REMOVE, persons[2].id, persons[2].name, Role.OPERATOR)
    empty = UnlockView(
        UnlockStage.LOCKED,
        SideView(Role.OPERATOR, persons[0], 1),
        SideView(Role.MEMBER, persons[1], 1),
    )
    one_in = replace(empty, operator=replace(empty.operator, state=SideState.ACCEPTED))
    wrong = replace(one_in, member=replace(one_in.member, state=SideState.WRONG, tries=3))
    waiting = replace(one_in, member=replace(one_in.member, state=SideState.WAITING, wait_s=47))
    both = replace(one_in, member=replace(one_in.member, state=SideState.ACCEPTED))
    listed = PeopleView(PeopleStage.LIST, people)
    asked = PeopleView(PeopleStage.NEW, people, new)
    agreeing = PeopleView(PeopleStage.APPROVE, people, new, sides=empty)
    return {
        "people": listed,
        "people-looking": PeopleView(PeopleStage.LOOKING),
        "people-none": PeopleView(PeopleStage.LIST, fault="people_missing"),
        "people-chosen": PeopleView(
            PeopleStage.PERSON, people, replace(gone, act=PeopleAct.REPLACE), may_remove=True
        ),
        "people-last": PeopleView(PeopleStage.PERSON, people, chair),
        "people-who": PeopleView(PeopleStage.WHO, people, replace(new, name="")),
        "people-no-name": PeopleView(
            PeopleStage.WHO, people, replace(new, name=""), fault="name_unusable"
        ),
        "people-new": asked,
        "people-new-short": replace(asked, fault="passphrase_short"),
        "people-new-guessable": replace(asked, fault="passphrase_guessable"),
        "people-new-again": replace(asked, stage=PeopleStage.AGAIN),
        "people-new-differs": replace(asked, fault="passphrase_differs"),
        "people-agree": agreeing,
        "people-agree-wrong": replace(agreeing, sides=wrong),
        "people-agree-waiting": replace(agreeing, change=gone, sides=waiting),
        "people-saving": replace(agreeing, stage=PeopleStage.SAVING, change=chair, sides=both),
        "people-added": replace(listed, done=new),
        "people-replaced": replace(listed, done=chair),
        "people-removed": replace(listed, done=gone),
        "people-refused": replace(listed, fault="people_changed"),
    }
