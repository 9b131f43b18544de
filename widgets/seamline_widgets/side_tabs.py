"""The right-hand side of the window: one view of the film at a time, by tabs."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QTabWidget, QToolButton, QWidget

from seamline_resources import palette
from seamline_widgets.own_keys import OwnKeys

_STYLE = f"""
QTabWidget::pane {{ border: none; }}
QTabBar {{ background: {palette.WINDOW}; }}
QTabBar::tab {{ padding: 6px 5px; }}
QTabBar::scroller {{ width: 24px; }}
QTabBar QToolButton {{ background: {palette.WINDOW}; border: none; border-radius: 0; }}
QTabBar QToolButton:hover {{ background: {palette.RAISED}; }}
QTabBar QToolButton::left-arrow {{ image: url(icons:chevron-left.svg); width: 10px; height: 10px; }}
QTabBar QToolButton::right-arrow {{ image: url(icons:chevron-right.svg); width: 10px; height: 10px; }}
"""


class SideTabs(QTabWidget):
    """Tabs that get the keyboard by the Tab key alone; then Left and Right, or Ctrl+Tab, change between them."""

    def __init__(self, pages: tuple[tuple[str, QWidget], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(False)  # as a document, Fusion draws a line in the accent colour
        self.setStyleSheet(_STYLE)
        bar = self.tabBar()
        bar.setDrawBase(False)
        bar.setExpanding(False)
        bar.setUsesScrollButtons(True)
        bar.setElideMode(Qt.TextElideMode.ElideNone)
        for button in bar.findChildren(QToolButton):
            # the Tab key goes to the tabs, and the arrows through them
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Views of the film")
        bar.setAccessibleName("Views of the film")
        OwnKeys(bar, (Qt.Key.Key_Left, Qt.Key.Key_Right))
        self._pages = tuple(page for _, page in pages)
        for title, page in pages:
            self.addTab(page, title)

    def add_page(self, title: str, page: QWidget) -> None:
        """Another view, behind the others, until it is removed."""
        self._pages = (*self._pages, page)
        self.addTab(page, title)

    def remove_page(self, page: QWidget) -> None:
        self._pages = tuple(other for other in self._pages if other is not page)
        self.removeTab(self.indexOf(page))

    def minimumSizeHint(self) -> QSize:
        # Qt adds a frame, which the style sheet takes away
        wide = max(max(page.minimumSizeHint().width(), page.minimumWidth()) for page in self._pages)
        return QSize(wide, super().minimumSizeHint().height())
