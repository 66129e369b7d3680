"""Faults in the words of their help pages, so that screen and help never differ."""

from station_app.ui.texts import Texts


def fault_lines(texts: Texts, code: str) -> tuple[str, str]:
    """What has happened and what to do next; for a code without a page, the general words."""
    page = texts.help_lines(code)
    if page is None:
        return texts("tech.fault.title"), texts("tech.fault.next")
    return page[0], page[1]


def fault_sentences(texts: Texts, code: str) -> str:
    """Both lines as two sentences; the first may be written as a title, without a full stop."""
    what, then = fault_lines(texts, code)
    return f"{what.rstrip('.')}. {then}"
