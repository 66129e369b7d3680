"""Who signs and how far they are: the rules of the sign panel, without the panel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from station_app.domain.error_codes import Code
from station_app.domain.roles import Person


class SignState(StrEnum):
    """Where one person's passphrase is."""

    EMPTY = "empty"
    TYPED = "typed"
    CHECKING = "checking"
    ACCEPTED = "accepted"
    WRONG = "wrong"


FAULTS = (Code.WRONG_PASSPHRASE, Code.TOO_MANY_TRIES, Code.NOT_ALLOWED, Code.APPROVAL_EXPIRED)
"""Codes that have words of their own; every other one is `other`."""


@dataclass(frozen=True, slots=True)
class SignPlace:
    """A place to sign: what stands above it, and who may sign there.

    `role` is what a person there is called where `label` is more than that.
    """

    label: str
    persons: tuple[Person, ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One place: the person chosen, how many there are, and why a passphrase did not do.

    `may_check` says that somebody is there to take a passphrase.
    """

    label: str
    role: str
    person: Person | None
    persons: int
    state: SignState = SignState.EMPTY
    fault: str = ""
    may_check: bool = False


class Signing:
    """The places of one act. Nobody is chosen where there is a choice.

    Whoever signs at one place is not offered at another.
    """

    def __init__(self, places: Sequence[SignPlace]) -> None:
        self._places = tuple(places)
        self._views = [
            PlaceView(place.label, place.role or place.label, None, len(place.persons))
            for place in places
        ]
        # Fewest persons first: who alone may sign at one place is not offered at the others.
        for place in sorted(range(len(places)), key=lambda n: len(places[n].persons)):
            offered = self._offered(place)
            if len(offered) == 1:
                self._views[place] = replace(self._views[place], person=offered[0])

    @property
    def views(self) -> tuple[PlaceView, ...]:
        """Every place as it is now."""
        return tuple(
            replace(
                view,
                persons=len(self._offered(place)),
                may_check=view.person is not None and not self.is_busy,
            )
            for place, view in enumerate(self._views)
        )

    @property
    def is_busy(self) -> bool:
        """Whether a passphrase is being checked."""
        return any(view.state is SignState.CHECKING for view in self._views)

    @property
    def is_accepted(self) -> bool:
        """Whether everybody has signed."""
        return all(view.state is SignState.ACCEPTED for view in self._views)

    def next_typed(self) -> int | None:
        """The first place whose passphrase is typed and not looked at yet."""
        typed = (n for n, view in enumerate(self._views) if view.state is SignState.TYPED)
        return next(typed, None)

    def missing(self) -> tuple[str, str]:
        """What is missing before the act can be signed, and of which role; empty for nothing.

        `person` or `passphrase`.
        """
        for view in self._views:
            if view.person is None:
                return "person", view.role
            if view.state not in (SignState.TYPED, SignState.CHECKING, SignState.ACCEPTED):
                return "passphrase", view.role
        return "", ""

    def choose(self, place: int, step: int) -> None:
        """Go to the next person (1) or the one before (-1); not once that place is signed."""
        view = self._views[place]
        persons = self._offered(place)
        if view.state in (SignState.CHECKING, SignState.ACCEPTED) or not persons:
            return
        before_first = -1 if step > 0 else 0
        at = before_first if view.person is None else persons.index(view.person)
        self._views[place] = replace(view, person=persons[(at + step) % len(persons)], fault="")

    def _offered(self, place: int) -> tuple[Person, ...]:
        """Those who may sign at a place and do not sign at another."""
        others = [view.person for n, view in enumerate(self._views) if n != place]
        return tuple(one for one in self._places[place].persons if one not in others)

    def type(self, place: int, is_empty: bool) -> None:
        """The field of a place has changed."""
        state = SignState.EMPTY if is_empty else SignState.TYPED
        view = self._views[place]
        if view.state in (SignState.EMPTY, SignState.TYPED, SignState.WRONG):
            keeps_fault = is_empty and view.state is SignState.WRONG
            if not keeps_fault:
                self._views[place] = replace(view, state=state, fault="")

    def check(self, place: int) -> Person | None:
        """A passphrase is handed on; whose, None where it may not be looked at now."""
        view = self._views[place]
        if self.is_busy or view.person is None or view.state is SignState.ACCEPTED:
            return None
        self._views[place] = replace(view, state=SignState.CHECKING, fault="")
        return view.person

    def accept(self, place: int) -> None:
        """It is theirs."""
        self._views[place] = replace(self._views[place], state=SignState.ACCEPTED)

    def refuse(self, place: int, code: str) -> None:
        """It is not, or could not be looked at."""
        fault = code if code in FAULTS else "other"
        self._views[place] = replace(self._views[place], state=SignState.WRONG, fault=fault)

    def start_again(self, code: str) -> None:
        """All have signed, and it was not enough: everybody types again."""
        self._views = [replace(view, state=SignState.EMPTY, fault="") for view in self._views]
        self.refuse(len(self._views) - 1, code)
