"""Small files that are read whole, and what is said when that is not possible."""

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.domain.errors import KnownError
from station_app.vault.untrusted_files import open_regular

_NO_SMALL_FILE: Final = ("not_a_regular_file", "file_too_large")


@dataclass(frozen=True, slots=True)
class SmallFile:
    """A kind of small file.

    `code` begins the codes of its errors, `noun` names it in sentences, `remedy` says what
    to do where it is missing or damaged. It has at most `limit` bytes; a `private` one is
    refused where other users of the computer can read or write it.
    """

    code: str
    noun: str
    remedy: str
    limit: int
    private: bool = False

    def read(self, path: Path) -> bytes:
        """The bytes of the file at `path`.

        Raises `KnownError`: `<code>_missing` (no such file), `<code>_unreadable` (this user
        may not read it), `<code>_file_exposed` (others may read or write it),
        `<code>_damaged` (too long, or no plain file: a link, a pipe, a folder).
        """
        try:
            with open_regular(path, self.limit) as file:
                if self.private and os.fstat(file.fileno()).st_mode & 0o077:
                    raise self._exposed(path)
                data = file.read(self.limit + 1)
        except KnownError as error:
            raise self.damaged(path) if error.code in _NO_SMALL_FILE else error from error
        except (FileNotFoundError, NotADirectoryError) as error:
            raise KnownError(
                f"{self.code}_missing", f"There is no {self.noun} {path}. {self.remedy}"
            ) from error
        except OSError as error:
            raise self.unreadable(path) from error
        if len(data) > self.limit:
            raise self.damaged(path)
        return data

    def unreadable(self, path: Path) -> KnownError:
        """This user may not read it."""
        return KnownError(
            f"{self.code}_unreadable",
            f"The {self.noun} {path} cannot be read. Start the program as the user it belongs to.",
        )

    def damaged(self, path: Path) -> KnownError:
        """The file is not what it should be."""
        return KnownError(f"{self.code}_damaged", f"{path} is not a {self.noun}. {self.remedy}")

    def _exposed(self, path: Path) -> KnownError:
        return KnownError(
            f"{self.code}_file_exposed",
            f"Other users of this computer can get at the {self.noun}. "
            f"Type: chmod 600 {shlex.quote(str(path))}",
        )
