"""Stops the desk where the journal's mirror knows another journal than the station has."""

from typing import Final

from station_app.flow.mirroring import Behind, Keeping, MirrorState
from station_app.flow.runner import Runner

_ROLLED_BACK: Final = "journal_rolled_back"


class MirrorWatch:
    """A `MirrorObserver`; used on the main thread.

    A mirror that is merely behind hinders nobody. One that holds another history does, until
    a mirror takes this journal's newest entries again: pulling it out mends nothing.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def mirror_changed(self, state: MirrorState) -> None:
        """The mirror is in another state."""
        match state:
            case Behind(code=code) if code == _ROLLED_BACK:
                self._runner.refuse_sessions(code)
            case Keeping():
                self._runner.allow_sessions(_ROLLED_BACK)
            case _:
                pass
