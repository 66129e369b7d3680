"""Paper is drawn without widgets, so that a command can print where there is no screen."""

import ast
from pathlib import Path

import station_app.papers


def test_papers_import_no_widgets() -> None:
    folder = Path(str(station_app.papers.__file__)).parent
    imported = {
        node.module
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    assert "PySide6.QtGui" in imported
    assert "PySide6.QtWidgets" not in imported
