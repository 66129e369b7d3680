"""Lesson files: YAML of a strict form, read with the line of every fault.

A trainer's file comes from a stick and is hostile: it is bounded in size and depth, has no
aliases and no tags, and none of its words reaches a screen with control characters.
"""

import os
import re
from codecs import BOM_UTF8
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, TypeVar

import yaml

from station_app.domain.entry_codes import DocumentSeen
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.languages import language_codes
from station_app.training.actions import (
    ACTIONS,
    Action,
    Admit,
    CallFace,
    CannotTurn,
    Decide,
    LayFinger,
    Place,
    PlugCamera,
    PlugCharger,
    SayNo,
    SayYes,
    Sit,
    TypePin,
)
from station_app.training.door_actions import PutStickIn, TakeOver
from station_app.training.happenings import (
    HAPPENINGS,
    BatteryLow,
    CameraOut,
    Comes,
    DayIsBefore,
    Happening,
    Leaves,
    NoList,
    PowerCut,
    StationDied,
    WasIdentified,
)
from station_app.training.lesson import (
    DEMO_VOTERS,
    Audience,
    Lesson,
    LessonPerson,
    LessonStep,
    StageKind,
)
from station_app.training.lesson_facts import Shown
from station_app.training.sentences import ANY_LANGUAGE, Sentence
from station_app.training.word_forms import WordFormError, WordForms, shown_word
from station_app.vault.untrusted_files import read_regular

LARGEST: Final = 64 * 1024
"""Bytes of a lesson file."""
_DEPTH: Final = 6
_NODES: Final = 4000
_STEPS, _PEOPLE, _STRANGERS, _LINES = 40, 20, 20, 8
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_KEY: Final = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_LENGTHS: Final = {"title": 60, "why": 300, "tip": 300, "say": 160, "says": 160}
_LINE: Final = 200
_FAULTS: Final = 50
"""As many are said of one file; who has more begins with these."""
_NOT_AT: Final[Mapping[StageKind, tuple[type[Action | Happening], ...]]] = {
    StageKind.DESK: (NoList, StationDied, PowerCut, PutStickIn, TakeOver),
    StageKind.STATION: (
        CameraOut, BatteryLow, Sit, PlugCamera, PlugCharger, CallFace, SayYes, SayNo, CannotTurn,
    ),
}  # fmt: skip
"""A desk has no door; a lesson's station has no camera and no battery of its own."""
_SHOWN_AT: Final[Mapping[StageKind, tuple[str, ...]]] = {
    StageKind.DESK: (Shown.FACE,),
    StageKind.STATION: ("door.", "technician."),
}
"""How the names of the pages begin that no other stage has."""
_HARMLESS: Final = "\n\r\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"

FormT = TypeVar("FormT")
EnumT = TypeVar("EnumT", bound=StrEnum)


@dataclass(frozen=True, order=True, slots=True)
class LessonFault:
    """One fault of a lesson file: its line, from 1, and a sentence for the author."""

    line: int
    reason: str


class LessonRefusedError(KnownError):
    """A lesson file with faults; all of them are said."""

    def __init__(self, name: str, faults: Collection[LessonFault]) -> None:
        self.name, self.faults = name, tuple(sorted(faults)[:_FAULTS])
        said = "\n".join(f"{name}, line {one.line}: {one.reason}" for one in self.faults)
        super().__init__(Code.LESSON_REFUSED, f"{said}\nCorrect these lines, then try again.")


def read_lesson(path: Path) -> Lesson:
    """A trainer's lesson.

    Raises `LessonRefusedError` with every fault, and `KnownError` as `read_regular` does,
    `lesson_unreadable`.
    """
    try:
        content = read_regular(path, LARGEST)
    except OSError as error:
        raise KnownError(
            Code.LESSON_UNREADABLE,
            f"{path} cannot be read. Check the name and the stick, then try again.",
        ) from error
    return lesson_of(content, path.name)


def lesson_named(name: str, lessons: Sequence[Lesson]) -> Lesson:
    """That one of `lessons`, or else the lesson in the file `name`.

    Raises `KnownError` `lesson_unknown`, and as `read_lesson` does.
    """
    named = next((one for one in lessons if one.id == name), None)
    if named is not None:
        return named
    path = Path(name)
    # Asked of `os`, which takes a name that no file can have for one that is not there.
    if not path.suffix and not os.path.lexists(path):
        known = ", ".join(one.id for one in lessons)
        raise KnownError(
            Code.LESSON_UNKNOWN, f"There is no lesson {name}. There are: {known}; or give a file."
        )
    return read_lesson(path)


def shipped_lessons() -> tuple[Lesson, ...]:
    """The lessons that come with the program, in their order."""
    folder = resources.files("station_app") / "content" / "lessons"
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".yaml")), key=_by_name)
    return tuple(lesson_of(one.read_bytes(), one.name, is_shipped=True) for one in files)


def _by_name(file: Traversable) -> str:
    return file.name


def lesson_of(content: bytes, name: str, *, is_shipped: bool = False) -> Lesson:
    """The lesson that a file's content is; `name` is the file's, for the faults.

    Raises `LessonRefusedError`.
    """
    faults = list[LessonFault]()
    root = _compose(content, faults)
    lesson = None if root is None else _Reader(faults, is_shipped=is_shipped).lesson(root)
    if faults or lesson is None:
        raise LessonRefusedError(name, faults)
    return lesson


def _compose(content: bytes, faults: list[LessonFault]) -> yaml.Node | None:
    """The file's nodes, where it is YAML of our form."""
    content = content.removeprefix(BOM_UTF8)  # some editors begin a file with it
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.append(LessonFault(line, "this is not UTF-8 text; save the file as UTF-8"))
        return None
    strange = next((at for at, one in enumerate(text) if _is_strange(one)), None)
    if strange is not None:
        line = text.count("\n", 0, strange) + 1
        code = f"an invisible character (U+{ord(text[strange]):04X})"
        what = "a tab; write spaces" if text[strange] == "\t" else f"{code}; delete it"
        faults.append(LessonFault(line, f"here is {what}"))
        return None
    try:
        fault = _form_fault(text)
        if fault is None:
            node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
            if node is not None:
                return node
        faults.append(fault or LessonFault(1, "the file is empty"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "it cannot be read"
        faults.append(LessonFault(1 if mark is None else mark.line + 1, f"not YAML: {problem}"))
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        faults.append(LessonFault(1, "this is not YAML"))
    return None


def _is_strange(character: str) -> bool:
    """Whether it can hide or turn words around it: controls, formats, what is no character."""
    return not (character.isprintable() or character in _HARMLESS)


def _form_fault(text: str) -> LessonFault | None:
    """The first thing that no lesson file has; looked for before nodes are made."""
    depth = nodes = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1 or event.version or event.tags:
                return LessonFault(line, "a lesson file is one document, without % lines")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            return LessonFault(line, "& and * (anchors and aliases) are not allowed; write it out")
        if getattr(event, "tag", None) is not None:
            return LessonFault(line, "! (tags) is not allowed")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        nodes += isinstance(event, yaml.NodeEvent)
        if depth > _DEPTH or nodes > _NODES:
            return LessonFault(line, "there is too much in this file, or it is nested too deeply")
    return None


Pairs = dict[str, tuple[yaml.Node, yaml.Node]]
"""The pairs of a mapping, by the text of the key: key and value."""


class _Reader:
    """Reads the parts of a lesson; every fault goes into `faults`, and None comes back for it."""

    def __init__(self, faults: list[LessonFault], *, is_shipped: bool) -> None:
        self._faults, self._is_shipped = faults, is_shipped

    def lesson(self, root: yaml.Node) -> Lesson | None:
        """The whole file."""
        own = () if self._is_shipped else ("title", "why", "tip")
        needed = ("lesson", "for", "steps", *own[:1])
        pairs = self._pairs(root, (*needed, "at", "people", *own[1:]), needed)
        if pairs is None:
            return None
        name = self._id(pairs)
        audience = self._choice(pairs, "for", Audience)
        stage = self._choice(pairs, "at", StageKind) or StageKind.DESK
        people = self._people(pairs)
        steps = self._steps(pairs, people)
        shown = {one: self._words(pairs, one) for one in own}
        self._check_stage(steps, stage, people)
        if self._faults or name is None or audience is None or not steps:
            return None
        if self._is_shipped:
            shown = {one: Sentence(f"lesson.{name}.{one}") for one in ("title", "why", "tip")}
        title = shown["title"]
        assert title is not None, "it is needed"
        return Lesson(
            name, audience, stage, people, steps, title, shown["why"], shown["tip"],
            is_shipped=self._is_shipped,
        )  # fmt: skip

    # --- people ------------------------------------------------------------------------------

    def _people(self, pairs: Pairs) -> Mapping[str, LessonPerson]:
        if "people" not in pairs:
            return {}
        named = self._pairs(pairs["people"][1])
        if named is None:
            return {}
        if len(named) > _PEOPLE:
            self._say(pairs["people"][0], f"there are at most {_PEOPLE} people")
            return {}
        found = (self._person(name, *nodes) for name, nodes in named.items())
        return {one.name: one for one in found if one is not None}

    def _person(self, name: str, key: yaml.Node, node: yaml.Node) -> LessonPerson | None:
        if not _ID.fullmatch(name):
            self._say(key, "a name is a word of a-z, 0-9 and _ that begins with a letter")
            return None
        pairs = self._pairs(node, ("voter", "stranger", "document", "says"))
        if pairs is None:
            return None
        if ("voter" in pairs) == ("stranger" in pairs):
            self._say(key, f"{name} is either a voter or a stranger: write voter: 12")
            return None
        row = self._number(pairs, "voter", DEMO_VOTERS - 1)
        stranger = self._number(pairs, "stranger", _STRANGERS - 1) or 0
        has_document, document = self._document(pairs, row)
        says = self._words(pairs, "says")
        return LessonPerson(name, row, stranger, document, has_document, says)

    def _document(self, pairs: Pairs, row: int | None) -> tuple[bool, int | None]:
        """Whether there is one, and the row it names."""
        if "document" not in pairs:
            return True, row
        written = self._text(pairs["document"][1], _LINE)
        if written in ("own", "none"):
            return written == "own", row
        return True, self._number(pairs, "document", DEMO_VOTERS - 1)

    # --- steps -------------------------------------------------------------------------------

    def _steps(self, pairs: Pairs, people: Mapping[str, LessonPerson]) -> tuple[LessonStep, ...]:
        nodes = self._list(pairs["steps"][1], _STEPS) if "steps" in pairs else []
        steps, at_desk = list[LessonStep](), ""
        for number, node in enumerate(nodes):
            step = self._step(node, people, is_first=number == 0)
            if step is None:
                continue
            at_desk = _who_is_there(step.happens, at_desk)
            self._check(step, node, people.get(at_desk))
            steps.append(step)
        return tuple(steps)

    def _step(
        self, node: yaml.Node, people: Mapping[str, LessonPerson], *, is_first: bool
    ) -> LessonStep | None:
        pairs = self._pairs(node, ("happens", "do", "shows", "say", "offers"), ("do",))
        if pairs is None:
            return None
        do = self._line(pairs["do"][1], ACTIONS, people) if "do" in pairs else None
        happens = self._lines(pairs, "happens", HAPPENINGS, people)
        offers = self._lines(pairs, "offers", ACTIONS, people)
        shows = self._choice(pairs, "shows", Shown)
        say = self._words(pairs, "say")
        for one in happens:
            if one.is_start and not is_first:
                name = HAPPENINGS.name_of(one)
                self._say(pairs["happens"][0], f"{name} belongs to the first step")
        for offer in offers:
            if offer.place is not Place.BAR:
                name = ACTIONS.name_of(offer)
                self._say(pairs["offers"][0], f"{name} is not done at the bar: do not offer it")
        if do is None:
            return None
        return LessonStep(do, happens, shows, say, offers, node.start_mark.line + 1)

    def _check(self, step: LessonStep, node: yaml.Node, person: LessonPerson | None) -> None:
        """What the desk could not do."""
        needs_person = isinstance(step.do, LayFinger | Sit)
        if needs_person and person is None:
            self._say(node, "nobody is at the desk: write  happens: [comes NAME]  before")
        if isinstance(step.do, TypePin) and (person is None or not person.has_document):
            self._say(node, "nobody with a document is at the desk")
        if isinstance(step.do, Admit | Decide) and step.do.document is DocumentSeen.NONE:
            self._say(node, "two persons sign what document they saw: id_card, passport or other")
        if step.offers and step.do.place is Place.BAR and step.do not in step.offers:
            self._say(node, "the offers lack what this step asks for")

    def _check_stage(
        self, steps: tuple[LessonStep, ...], stage: StageKind, people: Mapping[str, LessonPerson]
    ) -> None:
        """What there is at the other stage only."""
        other = next(one for one in StageKind if one is not stage)
        for step in steps:
            acts = [one for one in (step.do, *step.offers) if _is_missing(one, stage)]
            happens = [one for one in step.happens if isinstance(one, _NOT_AT[stage])]
            names = [*map(ACTIONS.name_of, acts), *map(HAPPENINGS.name_of, happens)]
            if step.shows is not None and step.shows.startswith(_SHOWN_AT[other]):
                names.append(f"shows: {step.shows}")
            for name in dict.fromkeys(names):
                reason = f"{name} is not possible here; it belongs to lessons at: {other}"
                self._faults.append(LessonFault(step.line, reason))
        if steps:
            self._check_earlier(steps[0], people)

    def _check_earlier(self, first: LessonStep, people: Mapping[str, LessonPerson]) -> None:
        """Who cannot have been identified earlier today."""
        rows = [people[one.who].row for one in first.happens if isinstance(one, WasIdentified)]
        if rows and DayIsBefore() in first.happens:
            self._faults.append(LessonFault(first.line, "nobody is identified before the day"))
        if None in rows:
            self._faults.append(LessonFault(first.line, "a stranger cannot have been identified"))
        if len({*rows}) < len(rows):
            self._faults.append(LessonFault(first.line, "a voter is identified once"))

    def _lines(
        self,
        pairs: Pairs,
        name: str,
        forms: WordForms[FormT],
        people: Mapping[str, LessonPerson],
    ) -> tuple[FormT, ...]:
        if name not in pairs:
            return ()
        nodes = self._list(pairs[name][1], _LINES)
        lines = (self._line(node, forms, people) for node in nodes)
        return tuple(one for one in lines if one is not None)

    def _line(
        self, node: yaml.Node, forms: WordForms[FormT], people: Mapping[str, LessonPerson]
    ) -> FormT | None:
        text = self._text(node, _LINE)
        if text is None:
            return None
        try:
            line = forms.read(text)
        except WordFormError as error:
            self._say(node, str(error))
            return None
        for name in forms.people_in(line):
            if name not in people:
                known = ", ".join(people) or "nobody"
                self._say(node, f"there is no {shown_word(name)} among the people: {known}")
                return None
        return line

    # --- words and numbers ---------------------------------------------------------------------

    def _id(self, pairs: Pairs) -> str | None:
        if "lesson" not in pairs:
            return None
        text = self._text(pairs["lesson"][1], _LINE)
        if text is not None and not _ID.fullmatch(text):
            self._say(pairs["lesson"][1], "the lesson's name is a word of a-z, 0-9 and _")
            return None
        return text

    def _words(self, pairs: Pairs, name: str) -> Sentence | None:
        """A key of the catalogue in a shipped lesson, else words, in one language or several."""
        if name not in pairs:
            return None
        node, longest = pairs[name][1], _LENGTHS[name]
        if self._is_shipped:
            key = self._text(node, _LINE)
            if key is None or not _KEY.fullmatch(key):
                self._say(node, f"{name} of a shipped lesson is a key of the catalogue")
                return None
            return Sentence(key)
        if not isinstance(node, yaml.MappingNode):
            text = self._text(node, longest)
            return None if text is None else Sentence("", texts={ANY_LANGUAGE: text})
        texts = self._pairs(node, language_codes()) or {}
        said = {code: self._text(value, longest) for code, (_, value) in texts.items()}
        if not node.value:
            self._say(node, f"{name} has no words")
        return Sentence("", texts={code: text for code, text in said.items() if text is not None})

    def _number(self, pairs: Pairs, name: str, largest: int) -> int | None:
        if name not in pairs:
            return None
        node = pairs[name][1]
        text = self._text(node, _LINE)
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= largest):
            self._say(node, f"{name} is a whole number from 0 to {largest}")
            return None
        return int(text)

    def _choice(self, pairs: Pairs, name: str, kind: type[EnumT]) -> EnumT | None:
        if name not in pairs:
            return None
        node = pairs[name][1]
        text = self._text(node, _LINE)
        if text is None:
            return None
        if text not in set(kind):
            known = ", ".join(kind)
            self._say(node, f"{name} cannot be {shown_word(text)}; it is one of: {known}")
            return None
        return kind(text)

    def _text(self, node: yaml.Node, longest: int) -> str | None:
        """One line of words."""
        if not isinstance(node, yaml.ScalarNode):
            self._say(node, "here is a list or a group; write words")
            return None
        text = " ".join(str(node.value).split())
        if not text:
            self._say(node, "here is nothing; write words")
            return None
        if len(text) > longest:
            self._say(node, f"this is longer than {longest} characters")
            return None
        if any(map(_is_strange, text)):  # written as an escape, as "\\e"
            self._say(node, "here is an invisible character; delete what begins with \\")
            return None
        return text

    # --- nodes -------------------------------------------------------------------------------

    def _list(self, node: yaml.Node, most: int) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            self._say(node, "here belongs a list: lines that begin with -, or [ ]")
            return []
        if not node.value:
            self._say(node, "this list is empty")
        if len(node.value) > most:
            self._say(node, f"there are at most {most} of these")
            return []
        return list(node.value)

    def _pairs(
        self,
        node: yaml.Node,
        known: Collection[str] | None = None,
        needed: Collection[str] = (),
    ) -> Pairs | None:
        """The pairs of a mapping; `known` None for any key."""
        if not isinstance(node, yaml.MappingNode):
            self._say(node, "here belong lines of the form  name: value")
            return None
        pairs: Pairs = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else None
            if not isinstance(name, str) or (known is not None and name not in known):
                some = "" if known is None else f"; there are: {', '.join(known)}"
                what = "this" if not isinstance(name, str) else shown_word(name)
                self._say(key, f"{what} is not known here{some}")
            elif name in pairs:
                self._say(key, f"{shown_word(name)} is here twice")
            else:
                pairs[name] = key, value
        if missing := [one for one in needed if one not in pairs]:
            self._say(node, f"missing here: {', '.join(missing)}")
        return pairs

    def _say(self, node: yaml.Node, reason: str) -> None:
        self._faults.append(LessonFault(node.start_mark.line + 1, reason))


def _is_missing(action: Action, stage: StageKind) -> bool:
    is_door = action.place is Place.DOOR and stage is StageKind.DESK
    return is_door or isinstance(action, _NOT_AT[stage])


def _who_is_there(happens: tuple[Happening, ...], at_desk: str) -> str:
    for one in happens:
        match one:
            case Comes(who):
                at_desk = who
            case Leaves():
                at_desk = ""
            case _:
                pass
    return at_desk
