"""The child process of the tests beside it: writes sessions until it is killed or fails.

Prints "<entry number> <voter>" once an identification is durable, as the desk would then
say "identified"; a `KnownError` is printed as "error <code>" and ends it.
"""

import sys
from pathlib import Path

from station_app.domain.appends import Appended
from station_app.domain.entries import SessionStarted
from station_app.domain.errors import KnownError
from tests.durability.durable_station import identified, open_or_create


def main(path: Path) -> None:
    journal = open_or_create(path)
    journal.close_interrupted_sessions()
    print("open", flush=True)
    while True:
        session = journal.last_session() + 1
        journal.append(SessionStarted(session))
        outcome = identified(session)
        answer = journal.append(outcome)
        assert isinstance(answer, Appended)
        print(answer.number, outcome.voter_id, flush=True)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except KnownError as error:
        print("error", error.code, flush=True)
        sys.exit(1)
