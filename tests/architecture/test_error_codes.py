"""Every code of a known fault is a member of one enum; one that reaches a screen has its page."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import station_app
from station_app.domain.error_codes import Code
from station_app.domain.errors import JOURNAL_INTACT_CODES, MIRROR_CODES, SCREEN_CODES

PACKAGE = Path(station_app.__file__).parent
LANGUAGES = sorted((PACKAGE / "content" / "languages").iterdir())
WITHOUT_PAGE = Path(__file__).with_name("codes_without_page.txt").read_text("utf-8").split()
"""Codes of rooms that screens use, told by a general page or by commands alone.

A new code gets a page instead of a line here.
"""
TERMINAL = {"commands", "centre", "synthetic", "settings", "evaluation", "training", "__main__.py"}
"""Rooms whose faults no screen of a station shows."""


def _name(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")


@cache
def _trees() -> dict[Path, ast.Module]:
    """Every module of the program; not read while tests are only collected."""
    return {
        path.relative_to(PACKAGE): ast.parse(path.read_text(encoding="utf-8"))
        for path in PACKAGE.rglob("*.py")
    }


@cache
def _error_classes() -> dict[str, int]:
    """The errors that have a code, and which of their arguments it is."""
    known = {"KnownError": 0}
    while True:
        more = {
            node.name: _place_of_code(node)
            for tree in _trees().values()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and any(_name(base) in known for base in node.bases)
        }
        if more.items() <= known.items():
            return known
        known |= more


def _place_of_code(node: ast.ClassDef) -> int:
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and one.name == "__init__":
            names = [given.arg for given in one.args.args[1:]]
            return names.index("code") if "code" in names else len(names)
    return 0


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from _leaves(node.body)
        yield from _leaves(node.orelse)
    else:
        yield node


def _named(tree: ast.AST) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and _name(node.value) == "Code"
    }


def _arguments(tree: ast.AST) -> list[ast.expr]:
    """What a module's errors are raised with."""
    return [
        argument
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and (place := _error_classes().get(_name(call.func))) is not None
        for given in (
            *call.args[place : place + 1],
            *(one.value for one in call.keywords if one.arg == "code"),
        )
        for argument in _leaves(given)
    ]


def _form(made: ast.JoinedStr) -> str:
    """A pattern of the codes that a kind of file makes of its own word, `<journal>_missing`."""
    values = made.values
    parts = [ast.unparse(one.value) for one in values if isinstance(one, ast.FormattedValue)]
    assert parts == ["self.code"], f"{ast.unparse(made)} makes codes of something else"
    return "".join(
        re.escape(str(one.value)) if isinstance(one, ast.Constant) else "[a-z_]+" for one in values
    )


@cache
def _all_named() -> dict[Path, set[str]]:
    return {path: _named(tree) for path, tree in _trees().items()}


def test_no_code_is_a_literal() -> None:
    """A misspelt one would be found by whoever meets it on a screen."""
    literals = [
        f"{path}:{argument.lineno} {ast.unparse(argument)}"
        for path, tree in _trees().items()
        for argument in _arguments(tree)
        if isinstance(argument, ast.Constant)
    ]
    assert literals == []


def test_every_member_is_used() -> None:
    named = set().union(*_all_named().values())
    forms = [
        _form(one)
        for tree in _trees().values()
        for one in _arguments(tree)
        if isinstance(one, ast.JoinedStr)
    ]
    unused = [one for one in Code if one.name not in named]
    assert [one for one in unused if not any(re.fullmatch(form, one) for form in forms)] == []


def test_a_name_is_its_code() -> None:
    assert [one for one in Code if one.name != one.value.upper()] == []
    assert {*SCREEN_CODES, *MIRROR_CODES, *JOURNAL_INTACT_CODES} <= set(Code)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.name)
def test_a_code_that_can_reach_a_screen_has_its_page(language: Path) -> None:
    pages = {page.stem for page in (language / "help").glob("*.md")}
    codes = {
        Code[name].value
        for path, names in _all_named().items()
        if path.parts[0] not in TERMINAL
        for name in names
    }
    assert {*SCREEN_CODES, *MIRROR_CODES} <= pages
    assert codes - pages - set(WITHOUT_PAGE) == set()
    assert [one for one in WITHOUT_PAGE if one in pages or one not in codes] == []
