"""The dark, neutral look of the whole application: Fusion style, palette, style sheet, fonts."""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtCore import QDir
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from seamline_resources import palette as p


def apply_theme(app: QApplication) -> None:
    """Give `app` Seamline's look. Call it once, before the first window is made."""
    app.setStyle(QStyleFactory.create("Fusion"))
    QDir.setSearchPaths("icons", [str(files("seamline_resources") / "icons")])  # for the style sheet
    app.setPalette(build_palette())
    app.setStyleSheet(STYLE_SHEET)


def build_palette() -> QPalette:
    """The Qt palette made of `seamline_resources.palette`, with a disabled state of its own."""
    roles = QPalette.ColorRole
    colours = {
        roles.Window: p.WINDOW,
        roles.WindowText: p.TEXT,
        roles.Base: p.SUNKEN,
        roles.AlternateBase: p.WINDOW,
        roles.Text: p.TEXT,
        roles.PlaceholderText: p.TEXT_QUIET,
        roles.Button: p.RAISED,
        roles.ButtonText: p.TEXT,
        roles.BrightText: p.TEXT_STRONG,
        roles.ToolTipBase: p.RAISED,
        roles.ToolTipText: p.TEXT,
        roles.Highlight: p.SELECTED,
        roles.HighlightedText: p.TEXT_STRONG,
        roles.Accent: p.ACCENT,
        roles.Link: p.ACCENT,
        roles.LinkVisited: p.ACCENT,
        roles.Light: p.HOVERED,
        roles.Midlight: p.HOVERED,
        roles.Mid: p.LINE,
        roles.Dark: p.SUNKEN,
        roles.Shadow: p.PICTURE_SURROUND,
    }
    palette = QPalette()
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(p.TEXT_DISABLED))
    return palette


def figures_font(point_size: float | None = None, *, bold: bool = False) -> QFont:
    """The system's fixed-width font, in which timecodes keep their width; by default of the usual size."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    size = QApplication.font().pointSizeF() if point_size is None else point_size
    if size > 0:  # fonts given in pixels have no point size
        font.setPointSizeF(size)
    font.setBold(bold)
    return font


STYLE_SHEET = f"""
QMainWindow::separator {{ background: {p.LINE}; width: 1px; height: 1px; }}
QSplitter::handle {{ background: {p.WINDOW}; }}
QSplitter::handle:hover {{ background: {p.HOVERED}; }}
QSplitter::handle:horizontal {{ width: 4px; }}
QSplitter::handle:vertical {{ height: 4px; }}

QMenuBar {{ background: {p.WINDOW}; padding: 2px 4px; }}
QMenuBar::item {{ padding: 4px 8px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {p.HOVERED}; }}
QMenu {{ background: {p.RAISED}; border: 1px solid {p.OUTLINE}; padding: 4px; }}
QMenu::item {{ padding: 4px 24px 4px 24px; border-radius: 4px; }}
QMenu::item:selected {{ background: {p.SELECTED}; color: {p.TEXT_STRONG}; }}
QMenu::item:disabled {{ color: {p.TEXT_DISABLED}; }}
QMenu::separator {{ height: 1px; background: {p.OUTLINE}; margin: 4px 8px; }}
QToolTip {{ background: {p.RAISED}; color: {p.TEXT}; border: 1px solid {p.OUTLINE}; padding: 4px; }}
QStatusBar {{ background: {p.WINDOW}; color: {p.TEXT_QUIET}; }}
QStatusBar::item {{ border: none; }}

QToolButton {{ border: 1px solid transparent; border-radius: 4px; padding: 5px; background: transparent; }}
QToolButton:hover {{ background: {p.HOVERED}; }}
QToolButton:pressed, QToolButton:checked {{ background: {p.SELECTED}; }}
QToolButton:focus {{ border-color: {p.ACCENT}; }}
QPushButton {{ background: {p.RAISED}; border: 1px solid {p.OUTLINE}; border-radius: 4px;
  padding: 4px 12px; }}
QPushButton:hover {{ background: {p.HOVERED}; }}
QPushButton:pressed {{ background: {p.SELECTED}; }}
QPushButton:default, QPushButton:focus {{ border-color: {p.ACCENT}; }}
QPushButton:disabled {{ color: {p.TEXT_DISABLED}; border-color: {p.LINE}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QLabel#error {{ color: {p.ERROR}; }}
QLineEdit {{ background: {p.SUNKEN}; border: 1px solid {p.OUTLINE}; border-radius: 4px; padding: 4px 8px;
  selection-background-color: {p.OUTLINE}; }}
QLineEdit:focus {{ border-color: {p.ACCENT}; }}
QLineEdit:disabled {{ color: {p.TEXT_DISABLED}; border-color: {p.LINE}; }}
QComboBox {{ background: {p.RAISED}; border: 1px solid {p.OUTLINE}; border-radius: 4px; padding: 4px 8px; }}
QComboBox:hover {{ background: {p.HOVERED}; }}
QComboBox:focus {{ border-color: {p.ACCENT}; }}
QComboBox:disabled {{ color: {p.TEXT_DISABLED}; border-color: {p.LINE}; }}
QComboBox::drop-down {{ border: none; width: 20px; }}
QComboBox::down-arrow {{ image: url(icons:chevron-down.svg); width: 10px; height: 10px; }}
QComboBox QAbstractItemView {{ background: {p.RAISED}; border: 1px solid {p.OUTLINE};
  selection-background-color: {p.SELECTED}; selection-color: {p.TEXT_STRONG}; }}
QAbstractSpinBox {{ background: {p.SUNKEN}; border: 1px solid {p.OUTLINE}; border-radius: 4px;
  padding: 4px 0; selection-background-color: {p.OUTLINE}; }}
QAbstractSpinBox:focus {{ border-color: {p.ACCENT}; }}
QAbstractSpinBox:disabled {{ color: {p.TEXT_DISABLED}; border-color: {p.LINE}; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 16px; border-radius: 3px; }}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {p.HOVERED}; }}
QAbstractSpinBox::up-arrow {{ image: url(icons:chevron-up.svg); width: 10px; height: 10px; }}
QAbstractSpinBox::down-arrow {{ image: url(icons:chevron-down.svg); width: 10px; height: 10px; }}
QAbstractSpinBox::up-arrow:off, QAbstractSpinBox::down-arrow:off {{ image: none; }}

QTabWidget::pane {{ border: none; border-top: 1px solid {p.LINE}; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar::tab {{ background: {p.WINDOW}; color: {p.TEXT_QUIET}; border: 1px solid transparent;
  border-bottom: 2px solid transparent; padding: 6px 12px; }}
QTabBar::tab:hover {{ color: {p.TEXT}; }}
QTabBar::tab:selected {{ color: {p.TEXT_STRONG}; border-bottom: 2px solid {p.TEXT_QUIET}; }}
QTabBar:focus::tab:selected {{ border-bottom: 2px solid {p.ACCENT}; }}

QSlider::groove:horizontal {{ height: 4px; background: {p.LINE}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {p.TEXT_QUIET}; border-radius: 2px; }}
QSlider::handle:horizontal {{ width: 12px; margin: -4px 0; border-radius: 6px; background: {p.TEXT}; }}
QSlider::handle:horizontal:hover {{ background: {p.TEXT_STRONG}; }}
QSlider::handle:horizontal:focus {{ background: {p.ACCENT}; }}

QProgressBar {{ background: {p.LINE}; border: none; border-radius: 2px; }}
QProgressBar::chunk {{ background: {p.ACCENT}; border-radius: 2px; }}

QCheckBox::indicator {{ width: 14px; height: 14px; border-radius: 3px; }}
QCheckBox::indicator {{ border: 1px solid {p.TEXT_QUIET}; background: {p.SUNKEN}; }}
QCheckBox::indicator:checked {{ background: {p.ACCENT}; border-color: {p.ACCENT}; image: url(icons:check.svg); }}
QCheckBox::indicator:focus {{ border-color: {p.TEXT_STRONG}; }}
QCheckBox::indicator:disabled {{ border-color: {p.TEXT_DISABLED}; }}
QTableView, QTreeView, QListView {{ background: {p.SUNKEN}; border: none; outline: none; }}
QHeaderView {{ background: {p.WINDOW}; border: none; }}
QHeaderView::section {{ background: {p.WINDOW}; color: {p.TEXT_QUIET}; border: none;
  border-bottom: 1px solid {p.LINE}; padding: 4px 8px; }}
QTableCornerButton::section {{ background: {p.WINDOW}; border: none; }}

QScrollBar:vertical {{ background: {p.SUNKEN}; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: {p.SUNKEN}; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {p.TEXT_DISABLED}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::handle:hover {{ background: {p.TEXT_QUIET}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
