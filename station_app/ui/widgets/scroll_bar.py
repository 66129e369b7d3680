"""How scroll bars look: a plain grey bar, wide enough for a finger to see."""

from station_app.ui.style import Style


def scroll_bar_sheet(style: Style, top: int = 0) -> str:
    """The style sheet of vertical scroll bars inside a widget; `top` pixels stay free."""
    colours, wide = style.colours, style.px(12)
    return (
        f"QScrollBar:vertical {{ background: transparent; width: {wide}px;"
        f" margin: {top}px 0 0 0; }}"
        f"QScrollBar::handle:vertical {{ background: {colours.slot}; min-height: {3 * wide}px;"
        f" border-radius: {style.px(4)}px; margin: 2px {style.px(2)}px; }}"
        "QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical { height: 0; }"
        "QScrollBar::add-page:vertical, QScrollBar::sub-page:vertical { background: none; }"
    )
