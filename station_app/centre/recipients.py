"""The stations that may open a precinct's list."""

from collections import defaultdict
from pathlib import Path

from station_app.domain.errors import KnownError
from station_app.vault import IdentityKind, PublicIdentity


class StationRecipients:
    """The public identities in a folder.

    A precinct's stations lie in a folder of its code, or beside each other, named
    `<precinct>-<kit>`. Nothing is ever sealed to a station that is another precinct's.
    `commission` are the recipients (`*.recipient.json`) in the folder: every list is sealed to
    them too, so that it can be sealed to a spare on the day (ADR 0018). Raises `KnownError` as
    `PublicIdentity.load` does, and `folder_missing`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not folder.is_dir():
            raise KnownError(
                "folder_missing", f"There is no folder of stations {folder}; check its name."
            )
        self._by_name: defaultdict[str, list[PublicIdentity]] = defaultdict(list)
        self.commission = PublicIdentity.load_all(folder, IdentityKind.RECIPIENT)
        for station in PublicIdentity.load_all(folder, IdentityKind.STATION):
            self._by_name[station.name.rpartition("-")[0]].append(station)

    def of(self, precinct: str) -> tuple[PublicIdentity, ...]:
        """The stations of a precinct. Raises `KnownError` `recipients_none`, `recipients_same`."""
        own = self._folder / precinct
        found = list(self._by_name[precinct])
        if own.is_dir():
            found += PublicIdentity.load_all(own, IdentityKind.STATION)
        if not found:
            raise KnownError(
                "recipients_none",
                f"No station of precinct {precinct} is known: there is neither "
                f"{own}/*.station.json nor {self._folder}/{precinct}-*.station.json.",
            )
        unique = {station.fingerprint(): station for station in found}
        if len({station.name for station in unique.values()}) < len(unique):
            raise KnownError(
                "recipients_same",
                f"Two stations of precinct {precinct} have one name and different keys. "
                "Compare both aloud, and take the one that is no longer in use out.",
            )
        return tuple(sorted(unique.values(), key=lambda station: station.name))
