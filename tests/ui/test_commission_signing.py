"""Who signs and how far they are: the rules behind the sign panel."""

import pytest

from station_app.domain.roles import Person, Role
from station_app.ui.commission.signing import PlaceView, Signing, SignPlace, SignState

ASANOV = Person("asanov", "T. Asanov", Role.CHAIR)
ISMAILOVA = Person("ismailova", "G. Ismailova", Role.MEMBER)
OSMONOV = Person("osmonov", "B. Osmonov", Role.MEMBER)
CHAIR = SignPlace("Chair", (ASANOV,))
MEMBER = SignPlace("Member confirms", (ASANOV, ISMAILOVA, OSMONOV), "Member")


@pytest.fixture
def signing() -> Signing:
    return Signing((CHAIR, MEMBER))


def sign(signing: Signing, place: int) -> None:
    signing.type(place, is_empty=False)
    assert signing.check(place) is not None
    signing.accept(place)


def test_nobody_is_chosen_where_there_is_a_choice(signing: Signing) -> None:
    assert signing.views == (
        PlaceView("Chair", "Chair", ASANOV, 1, may_check=True),
        PlaceView("Member confirms", "Member", None, 2),
    )


def test_nobody_at_all_can_not_be_chosen() -> None:
    signing = Signing((SignPlace("Chair", ()),))
    signing.choose(0, 1)
    assert signing.missing() == ("person", "Chair")


def test_what_is_missing_is_said_place_by_place(signing: Signing) -> None:
    assert signing.missing() == ("passphrase", "Chair")
    signing.type(0, is_empty=False)
    assert signing.missing() == ("person", "Member")
    signing.choose(1, 1)
    assert signing.missing() == ("passphrase", "Member")
    signing.type(1, is_empty=False)
    assert signing.missing() == ("", "")
    signing.type(0, is_empty=True)
    assert signing.missing() == ("passphrase", "Chair")


@pytest.mark.parametrize(
    ("steps", "person"),
    [((1,), ISMAILOVA), ((-1,), OSMONOV), ((1, 1), OSMONOV), ((1, 1, 1), ISMAILOVA)],
)
def test_arrows_go_round_the_persons(
    signing: Signing, steps: tuple[int, ...], person: Person
) -> None:
    for step in steps:
        signing.choose(1, step)
    assert signing.views[1].person is person


def test_whoever_signs_at_one_place_is_not_offered_at_another() -> None:
    members = (ASANOV, ISMAILOVA, OSMONOV)
    signing = Signing((SignPlace("First", members), SignPlace("Second", members)))
    assert [view.persons for view in signing.views] == [3, 3]
    signing.choose(0, 1)
    assert [view.persons for view in signing.views] == [3, 2]
    chosen = []
    for _ in members:
        signing.choose(1, 1)
        chosen.append(signing.views[1].person)
    assert chosen == [ISMAILOVA, OSMONOV, ISMAILOVA]


def test_who_alone_may_sign_at_one_place_is_kept_for_it() -> None:
    signing = Signing((SignPlace("Member", (ASANOV, ISMAILOVA)), SignPlace("Chair", (ASANOV,))))
    assert [view.person for view in signing.views] == [ISMAILOVA, ASANOV]


def test_one_passphrase_is_checked_at_a_time(signing: Signing) -> None:
    signing.choose(1, -1)
    for place in (0, 1):
        signing.type(place, is_empty=False)
    assert signing.next_typed() == 0
    assert signing.check(0) is ASANOV
    assert signing.is_busy
    assert signing.check(1) is None
    signing.accept(0)
    assert signing.next_typed() == 1
    assert not signing.is_accepted
    assert signing.check(1) is OSMONOV
    signing.accept(1)
    assert signing.is_accepted
    assert signing.next_typed() is None


def test_what_is_signed_stays(signing: Signing) -> None:
    signing.choose(1, -1)
    sign(signing, 1)
    signing.choose(1, 1)
    signing.type(1, is_empty=True)
    assert signing.views[1].person is OSMONOV
    assert signing.views[1].state is SignState.ACCEPTED
    assert signing.check(1) is None


def test_nobody_chosen_is_not_checked(signing: Signing) -> None:
    signing.type(1, is_empty=False)
    assert signing.check(1) is None


@pytest.mark.parametrize(
    ("code", "fault"), [("wrong_passphrase", "wrong_passphrase"), ("people_damaged", "other")]
)
def test_why_it_did_not_do_is_said_until_something_is_typed(
    signing: Signing, code: str, fault: str
) -> None:
    signing.type(0, is_empty=False)
    signing.check(0)
    signing.refuse(0, code)
    signing.type(0, is_empty=True)
    assert (signing.views[0].state, signing.views[0].fault) == (SignState.WRONG, fault)
    signing.type(0, is_empty=False)
    assert (signing.views[0].state, signing.views[0].fault) == (SignState.TYPED, "")


def test_signed_in_vain_everybody_types_again(signing: Signing) -> None:
    signing.choose(1, -1)
    for place in (0, 1):
        sign(signing, place)
    signing.start_again("approval_expired")
    assert [view.state for view in signing.views] == [SignState.EMPTY, SignState.WRONG]
    assert signing.views[1].fault == "approval_expired"
