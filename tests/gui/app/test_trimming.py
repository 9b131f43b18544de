"""Moving one end of a seam by keys, of one or of all that are selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands


def _places(hands: Hands) -> list[tuple[str, int, int]]:
    assert hands.window.document is not None
    return [(str(seam.kind), seam.out_frame, seam.in_frame) for seam in hands.window.document.project.seams]


def test_a_cut_becomes_a_dissolve_and_a_cut_again(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.press("Down")
    hands.press("Alt+Shift+Left", times=3)
    assert _places(hands)[0] == ("dissolve", 21, 25)
    hands.sees(21)
    hands.press("Ctrl+Shift+Right", times=2)
    assert _places(hands)[0] == ("dissolve", 21, 27)
    hands.sees(27)
    hands.press("Alt+Shift+Right", times=5)
    assert _places(hands)[0] == ("cut", 26, 27)
    hands.press("Ctrl+Shift+Left")
    assert "cannot be made shorter" in hands.message
    hands.press("Ctrl+Z", times=10)
    assert _places(hands)[0] == ("cut", 24, 25)


def test_all_selected_ones_are_trimmed_as_one_step(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.press("Ctrl+A")
    hands.press("Ctrl+Shift+Right")
    assert _places(hands) == [("dissolve", 24, 26), ("dissolve", 59, 61)]
    assert hands.window.document is not None
    assert len(hands.window.document.selected_ids) == 2
    hands.press("Ctrl+Z")
    assert _places(hands) == [("cut", 24, 25), ("cut", 59, 60)]


def test_without_a_seam_there_can_still_be_one_to_ask_about(hands: Hands, film: FilmSpec) -> None:
    hands.open(film)
    hands.press("Ctrl+A")
    hands.press("Delete")
    assert _places(hands) == []
    enabled = {
        name: hands.window.actions_by_id[name].isEnabled()
        for name in ("delete_seam", "next_seam", "select_all")
    }
    assert enabled == {"delete_seam": True, "next_seam": False, "select_all": False}
