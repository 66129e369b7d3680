"""Pages with larger text: rows become columns where they have no room, and the page scrolls.

At the standard size a page is its own widget and nothing here runs. With larger text it lies in a
`LargeTextArea`, which keeps every word whole: texts wrap, what had a fixed width or height takes
what its text needs, and a row whose parts no longer fit beside each other is stacked, the first
part on top. Pages need not know of it.
"""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QBoxLayout,
    QFrame,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from station_app.ui.style import Style
from station_app.ui.widgets.scroll_bar import scroll_bar_sheet
from station_app.ui.widgets.text_block import TextBlock

WHOLE = "stays_whole"
"""A property of widgets whose inside keeps its form: a field with its eye, a picture."""
LAST_FIRST = "last_first"
"""A property of rows whose last part is the one to read first: it comes on top of the others."""
_READABLE = 220
"""Base pixels below which a column of text beside another is hard to read, at the standard size."""
_AROUND = 12
"""Pixels around what has the keyboard, for its ring."""
_MOST = 16_777_215  # QWIDGETSIZE_MAX
_ACROSS = (QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.RightToLeft)


def in_large_text(style: Style, page: QWidget) -> QWidget:
    """What to put in the place of `page`: itself at the standard size, else it in a scroll area."""
    return LargeTextArea(style, page) if style.is_large else page


def add_picture(row: QBoxLayout, style: Style, picture: QWidget) -> None:
    """Put a picture into a row; with larger text on top of it, where it is in sight."""
    if style.is_large:
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    else:
        row.addWidget(picture)


class LargeTextArea(QScrollArea):
    """Scrolls down, never across, and follows the keyboard's focus."""

    def __init__(self, style: Style, page: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setStyleSheet(
            "QScrollArea, QScrollArea > QWidget > QWidget#inside { background: transparent; }"
            + scroll_bar_sheet(style.half_grown)
        )
        self.viewport().setAutoFillBackground(False)
        self._inside = _Inside(style, page)
        self.setWidget(self._inside)
        self._inside.setAutoFillBackground(False)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def sizeHint(self) -> QSize:
        """As high as the page needs at the width there is."""
        wide = self.viewport().width()
        return QSize(self._inside.sizeHint().width(), self._inside.heightForWidth(wide))

    def scroll_by(self, event: QKeyEvent) -> bool:
        """Scroll as a key asks; False where it is no such key, or everything is in sight."""
        bar = self.verticalScrollBar()
        if bar.maximum() == 0:
            return False
        match event.key():
            case Qt.Key.Key_PageDown:
                bar.setValue(bar.value() + bar.pageStep())
            case Qt.Key.Key_PageUp:
                bar.setValue(bar.value() - bar.pageStep())
            case Qt.Key.Key_Down:
                bar.setValue(bar.value() + bar.singleStep())
            case Qt.Key.Key_Up:
                bar.setValue(bar.value() - bar.singleStep())
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
            case _:
                return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the shell scrolls, wherever the keyboard is

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._inside.fit(self.viewport().width())
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.window().update()  # the focus ring lies over the whole window

    def follow(self, now: QWidget) -> None:
        """Bring a part of the page into sight."""
        whole = now.parentWidget()
        if whole is not None and whole.focusProxy() is now:
            now = whole
        bar, high = self.verticalScrollBar(), self.viewport().height()
        top = now.mapTo(self._inside, QPoint(0, 0)).y() - _AROUND
        bottom = top + now.height() + 2 * _AROUND
        # Not `ensureWidgetVisible`, which is content with the cursor of a field.
        if bottom > bar.value() + high:
            bar.setValue(bottom - high)
        if top < bar.value():
            bar.setValue(top)

    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._inside.isAncestorOf(now):
            self.follow(now)


class _Inside(QWidget):
    """Holds the page, as high as its words need at the width there is."""

    def __init__(self, style: Style, page: QWidget) -> None:
        super().__init__()
        self.setObjectName("inside")
        self._readable = style.grown.px(_READABLE)
        self._is_fitting = False
        self._settled = 0, 0, 0
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._fit_again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        assert layout is not None
        return layout.totalHeightForWidth(width)

    def event(self, event: QEvent) -> bool:
        viewport = self.parentWidget()
        if viewport is not None and not self._is_fitting:
            is_too_wide = event.type() == QEvent.Type.Resize and self.width() > viewport.width()
            if is_too_wide or event.type() == QEvent.Type.LayoutRequest:
                self.fit(viewport.width())
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A word that was changed while the page was hidden reaches no layout: what is painted in
        other sizes than it was laid out for is laid out once more.
        """
        if self._sizes() != self._settled and not self._later.isActive():
            self._later.start()
        super().paintEvent(event)

    def _sizes(self) -> tuple[int, int, int]:
        """The width there is, and how much the page needs."""
        layout, viewport = self.layout(), self.parentWidget()
        if layout is None or viewport is None:
            return 0, 0, 0
        wide = viewport.width()
        return wide, layout.minimumSize().width(), self.heightForWidth(wide)

    def _fit_again(self) -> None:
        viewport = self.parentWidget()
        if viewport is not None:
            self.fit(viewport.width(), is_certain=False)
            self._settled = self._sizes()

    def fit(self, width: int, *, is_certain: bool = True) -> None:
        """Let every word of the page fit into `width` pixels; not `is_certain`: whatever the
        layouts remember may be old. Not before it is seen: rows that were stacked in the size
        that Qt gives at first would stay so.
        """
        if not self.isVisible():
            return
        layout = self.layout()
        assert layout is not None
        self._is_fitting = True
        try:
            fitting = _Fitting(self._readable)
            fitting.free(self)
            fitting.fit(layout, width)
            if fitting.has_changed or not is_certain:
                _measure_anew(layout)
                viewport = self.parentWidget()
                high = 0 if viewport is None else viewport.height()
                self.resize(width, max(high, self.heightForWidth(width)))
                _lay_out(layout)
            self.updateGeometry()
        finally:
            self._is_fitting = False


def _measure_anew(layout: QLayout) -> None:
    """Forget what was known of sizes: a layout keeps those of its parts, and nothing tells it."""
    for place in range(layout.count()):
        item = layout.itemAt(place)
        inner = None if item is None else item.layout()
        one = None if item is None else item.widget()
        if inner is not None:
            _measure_anew(inner)
        elif one is not None:
            within = one.layout()
            if within is not None and not _is_whole(one):
                _measure_anew(within)
            one.updateGeometry()
    layout.invalidate()


def _lay_out(layout: QLayout) -> None:
    """Give everything its place now, the outer before the inner."""
    layout.activate()
    for place in range(layout.count()):
        item = layout.itemAt(place)
        inner = None if item is None else item.layout()
        one = None if item is None else item.widget()
        if inner is None and one is not None and not _is_whole(one):
            inner = one.layout()
        if inner is not None:
            _lay_out(inner)


def _is_on_picture(one: QWidget) -> bool:
    """Whether it lies in something that keeps its form."""
    at = one.parentWidget()
    while at is not None and not at.property(WHOLE):
        at = at.parentWidget()
    return at is not None


def _is_whole(one: QWidget) -> bool:
    kinds = QAbstractButton | QAbstractScrollArea | QLineEdit
    return isinstance(one, kinds) or bool(one.property(WHOLE))


class _Fitting:
    """Stacks rows; `readable` is the least width of a column of text beside another, in pixels."""

    def __init__(self, readable: int) -> None:
        self._readable = readable
        self.has_changed = False

    def free(self, root: QWidget) -> None:
        """Let texts wrap, and let what holds a layout be as high as that needs."""
        for one in root.findChildren(QWidget):
            if isinstance(one, TextBlock):
                self.has_changed |= not _is_on_picture(one) and one.let_wrap()
            elif one.layout() is not None and not _is_whole(one):
                self._free(one)

    def _free(self, one: QWidget) -> None:
        if one.maximumHeight() < _MOST:
            one.setMaximumHeight(_MOST)
            self.has_changed = True
        policy = one.sizePolicy()
        if policy.horizontalPolicy() is QSizePolicy.Policy.Fixed:
            policy.setHorizontalPolicy(QSizePolicy.Policy.Maximum)
            one.setSizePolicy(policy)
            self.has_changed = True

    def fit(self, layout: QLayout, room: int) -> None:
        """Stack rows inside `layout`, which has `room` pixels, until everything fits."""
        margins = layout.contentsMargins()
        room -= margins.left() + margins.right()
        items = _shown(layout)
        rooms = [room] * len(items)
        if isinstance(layout, QBoxLayout) and layout.direction() in _ACROSS:
            blocks = sum(map(_is_block, items)) > 1
            needs = [self.need(item, comfortable=blocks) for item in items]
            spare = room - sum(needs) - layout.spacing() * max(0, len(items) - 1)
            if spare < 0 and len(items) > 1:
                is_last_first = bool(layout.property(LAST_FIRST))
                down, up = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.BottomToTop
                layout.setDirection(up if is_last_first else down)
                self.has_changed = True
                for item in items:
                    _free_width(item.widget())
                    _hold_left(item)
            else:
                rooms = [need + max(0, spare) for need in needs]
        for item, own in zip(items, rooms, strict=True):
            self._fit_item(item, own)

    def _fit_item(self, item: QLayoutItem, room: int) -> None:
        inner, one = item.layout(), item.widget()
        if inner is not None:
            self.fit(inner, room)
        elif one is not None and (within := one.layout()) is not None and not _is_whole(one):
            need = min(room, self.need(item, comfortable=False))
            if one.minimumWidth() == one.maximumWidth() != need and one.maximumWidth() < need:
                one.setFixedWidth(need)
                self.has_changed = True
            elif one.maximumWidth() < need:
                one.setMaximumWidth(_MOST)
                self.has_changed = True
            self.fit(within, room)

    def need(self, item: QLayoutItem, *, comfortable: bool) -> int:
        """The least width of `item`; `comfortable`: in which its texts are read well, too."""
        inner, one = item.layout(), item.widget()
        if inner is not None:
            return self._need_within(inner, comfortable=comfortable)
        if one is None:
            return item.minimumSize().width()
        within = one.layout()
        if within is None or _is_whole(one) or isinstance(one, TextBlock):
            return item.minimumSize().width()
        return max(self._need_within(within, comfortable=comfortable), one.minimumWidth())

    def _need_within(self, layout: QLayout, *, comfortable: bool) -> int:
        margins = layout.contentsMargins()
        around = margins.left() + margins.right()
        items = _shown(layout)
        needs = [self.need(item, comfortable=False) for item in items]
        if not needs:
            return around
        if not isinstance(layout, QBoxLayout):
            return max(layout.minimumSize().width(), around)
        if layout.direction() in _ACROSS and sum(map(_is_block, items)) < 2:
            return sum(needs) + layout.spacing() * (len(needs) - 1) + around
        wanted = max(needs) + around
        if comfortable:
            wanted = max(wanted, min(self._readable, layout.sizeHint().width()))
        return wanted


def _shown(layout: QLayout) -> list[QLayoutItem]:
    items = (layout.itemAt(place) for place in range(layout.count()))
    return [item for item in items if item is not None and not _is_hidden(item)]


def _is_hidden(item: QLayoutItem) -> bool:
    one = item.widget()
    return one is not None and one.isHidden()


def _is_block(item: QLayoutItem) -> bool:
    """Whether it holds lines below each other: a card, a column."""
    inner, one = item.layout(), item.widget()
    if one is not None:
        inner = None if _is_whole(one) else one.layout()
    if not isinstance(inner, QBoxLayout):
        return inner is not None
    if inner.direction() in _ACROSS:
        return any(_is_block(inside) for inside in _shown(inner))
    return inner.count() > 1 or any(_is_block(inside) for inside in _shown(inner))


def _free_width(one: QWidget | None) -> None:
    """Let a part of a row that was stacked be as wide as the column."""
    if one is not None and one.layout() is not None and not _is_whole(one):
        one.setMinimumWidth(0)
        one.setMaximumWidth(_MOST)


def _hold_left(item: QLayoutItem) -> None:
    """Let a part of a fixed width lie at the left of the column. Filling it, it would say how wide
    the column is at most: Qt takes the heights of the others at that width.
    """
    kinds = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum
    one = item.widget()
    if one is not None and one.sizePolicy().horizontalPolicy() in kinds:
        item.setAlignment(item.alignment() | Qt.AlignmentFlag.AlignLeft)
