"""A language that nobody speaks: English with accents, in brackets, 40 % longer.

It shows that a language is a folder and a record: it is made of the English one, outside the
program, and no line of code knows of it. Whoever reads a screen in it sees at once which words
come from no catalogue, and what has no room for a longer language.
"""

import math
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from babel.messages.pofile import read_po, write_po

from station_app.languages import language_of, languages_added

CODE: Final = "xa"
CATALOGUES: Final = (
    "operator", "technician", "commission", "lessons", "exam", "papers", "slip", "display",
)  # fmt: skip
LONGER: Final = 1.4
_RECORD: Final = Path(__file__).with_name("language.toml")
_ACCENTED: Final = str.maketrans(
    "AaCcDdEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz", "ÅåÇçĎďÉéĞğĤĥÎîĴĵĶķĻļÑñÖöŘřŠšŤťÛûŴŵÝýŽž"
)
_PLACEHOLDER: Final = re.compile(r"(\{[^{}]*\})")
_VOWEL: Final = re.compile(r"[AEIOUYaeiouy]")


def pseudo(text: str) -> str:
    """The text as the language says it; placeholders and breaks of lines stay."""
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    parts = _PLACEHOLDER.split(line)
    if not any(letter.isalpha() for part in parts[::2] for letter in part):
        return line
    wanted = math.ceil(LONGER * (1 + sum(map(len, parts[::2]))))  # and the break after it
    parts[::2] = [
        _VOWEL.sub(lambda vowel: 2 * vowel[0], part).translate(_ACCENTED) for part in parts[::2]
    ]
    missing = wanted - sum(map(len, parts[::2])) - len("[]")
    filler = "" if missing < 1 else f" {'~' * (missing - 1)}"
    return f"[{''.join(parts)}{filler}]"


def write_language(place: Path) -> None:
    """Write the language's folder into `place`."""
    english, folder = language_of("en"), place / CODE
    (folder / "help").mkdir(parents=True)
    shutil.copy(_RECORD, folder)
    for audience in CATALOGUES:
        messages = read_po(BytesIO(english.catalogue(audience)), locale=english.locale)
        for message in messages:
            if message.id:
                message.string = pseudo(str(message.string))
        with (folder / f"{audience}.po").open("wb") as file:
            write_po(file, messages)
    for page in english.help_pages:
        lines = "".join(f"- {pseudo(line)}\n" for line in english.help_lines(page) or ())
        (folder / "help" / f"{page}.md").write_text(lines, encoding="utf-8")


@contextmanager
def pseudo_language() -> Iterator[str]:
    """Within, the language is one of the program's; its code."""
    with TemporaryDirectory() as place:
        write_language(Path(place))
        with languages_added(Path(place)):
            yield CODE
