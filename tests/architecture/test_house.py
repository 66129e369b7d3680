"""What `make house` measures and the build holds."""

from scripts.house import PACKAGE, ROOT, cycles, read_house


def test_no_modules_import_each_other() -> None:
    assert read_house(ROOT / PACKAGE)["import cycles"] == 0


def test_a_circle_is_found() -> None:
    imports = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    found = cycles({name: frozenset(others) for name, others in imports.items()})
    assert [set(group) for group in found] == [{"a", "b", "c"}]
