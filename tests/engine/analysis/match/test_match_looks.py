"""Composition: where things are counts, small shifts, bars and brightness do not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from seamline.analysis.match_directions import unit
from seamline.analysis.match_looks import Look, look_of, picture_part
from seamline.analysis.match_subjects import subjects_alike, subjects_of

Picture = NDArray[np.uint8]


def disc(x: int, y: int, radius: int = 30, *, ground: int = 60, shade: int = 200) -> Picture:
    picture = np.full((180, 320, 3), ground, np.uint8)
    cv2.circle(picture, (x, y), radius, (shade, shade, shade), -1)
    return np.asarray(picture, np.uint8)


def stripes(*, upright: bool) -> Picture:
    picture = np.full((180, 320, 3), 60, np.uint8)
    for at in range(0, 320, 40):
        if upright:
            picture[:, at : at + 20] = 200
        elif at < 180:
            picture[at : at + 20] = 200
    return picture


def cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float(unit(a[None])[0] @ unit(b[None])[0])


def mass_correlation(a: Look, b: Look) -> float:
    return cosine(a.mass - a.mass.mean(), b.mass - b.mass.mean())


def test_a_small_shift_changes_little_and_another_place_much() -> None:
    here, near, far = (look_of(disc(x, 90)) for x in (100, 110, 230))
    assert cosine(here.light, near.light) > 0.85
    assert mass_correlation(here, near) > 0.85
    assert cosine(here.lines, near.lines) > 0.8
    assert cosine(here.light, far.light) < 0.1
    assert mass_correlation(here, far) < 0.1
    assert cosine(here.lines, far.lines) < 0.2


def test_mass_is_where_the_thing_is_be_it_light_or_dark() -> None:
    light, dark = look_of(disc(90, 60)), look_of(disc(90, 60, ground=200, shade=60))
    row, column = divmod(int(light.mass.argmax()), 16)
    assert abs((column + 0.5) / 16 - 90 / 320) < 0.07
    assert abs((row + 0.5) / 9 - 60 / 180) < 0.1
    assert mass_correlation(light, dark) > 0.9
    assert cosine(light.light, dark.light) < -0.8


def test_what_stands_out_is_one_thing_or_many() -> None:
    scattered = np.random.default_rng(3).integers(0, 255, (12, 20, 3), np.uint8)
    noisy = np.asarray(cv2.resize(scattered, (320, 180), interpolation=cv2.INTER_NEAREST), np.uint8)
    here, near, far, many = subjects_of(
        np.stack([look_of(picture).mass for picture in (disc(100, 90), disc(108, 94), disc(230, 90), noisy)])
    )
    assert here[:2] == pytest.approx([100 / 320, 0.5], abs=0.04)
    assert here[4] > 0.8
    assert many[4] < 0.3
    assert subjects_alike(here[None], near[None])[0] > 0.6
    assert subjects_alike(here[None], far[None])[0] < 0.05
    larger = subjects_of(look_of(disc(100, 90, 70)).mass[None])
    assert subjects_alike(here[None], larger)[0] < 0.6


def test_lines_know_their_direction() -> None:
    upright, level = look_of(stripes(upright=True)), look_of(stripes(upright=False))
    assert int((upright.lines.reshape(-1, 8) ** 2).sum(axis=0).argmax()) == 0
    assert int((level.lines.reshape(-1, 8) ** 2).sum(axis=0).argmax()) == 4
    assert cosine(upright.lines, level.lines) < 0.2


def test_bars_are_left_out_and_lit_borders_are_not() -> None:
    picture = disc(160, 90)
    barred = np.zeros((240, 320, 3), np.uint8)
    barred[30:210] = picture
    rows, columns = picture_part([barred])
    assert (rows.start, rows.stop) == pytest.approx((31, 209), abs=1)
    assert columns == slice(0, 320)
    assert mass_correlation(look_of(barred[rows, columns]), look_of(picture)) > 0.97
    pillared = np.ascontiguousarray(barred.transpose(1, 0, 2))
    assert picture_part([pillared])[1] == rows
    assert picture_part([picture]) == (slice(0, 180), slice(0, 320))


def test_a_dark_frame_beside_a_lit_one_has_no_bars() -> None:
    dark = np.zeros((180, 320, 3), np.uint8)
    dark[60:120] = 90
    assert picture_part([dark, disc(100, 40)]) == (slice(0, 180), slice(0, 320))


@pytest.mark.parametrize(("shade", "plain"), [(60, True), (85, False), (200, False)])
def test_blank_frames_and_titles_are_plain_and_silhouettes_are_not(shade: int, plain: bool) -> None:
    for radius in (20, 60):
        assert look_of(disc(100, 90, radius, shade=shade)).is_plain is plain
    title = np.zeros((180, 320, 3), np.uint8)
    cv2.putText(title, "THE END", (90, 100), cv2.FONT_HERSHEY_SIMPLEX, 1, (255, 255, 255), 2)
    assert look_of(title).is_plain
    credits = np.zeros((180, 320, 3), np.uint8)
    for line in range(15, 180, 15):
        cv2.putText(credits, "GRIP AND GAFFER", (20, line), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 1)
    assert look_of(credits).is_plain


def test_a_fade_leaves_the_composition_as_it_is() -> None:
    full = disc(100, 90)
    faded = (full * 0.6).astype(np.uint8)
    assert cosine(look_of(full).light, look_of(faded).light) > 0.99
    assert cosine(look_of(full).lines, look_of(faded).lines) > 0.98


def test_colours_of_one_brightness_and_a_thing_by_night_are_seen_and_pages_are_plain() -> None:
    rng = np.random.default_rng(3)
    lab = np.full((180, 320, 3), 0, np.float32)
    lab[..., 0] = 60
    lab[..., 1:] = cv2.resize(rng.normal(0, 15, (6, 10, 2)).astype(np.float32), (320, 180))
    clouds = np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB) * 255, 0, 255).astype(np.uint8)
    assert not look_of(clouds).is_plain
    assert look_of(np.full((180, 320, 3), clouds.mean(axis=(0, 1)), np.uint8)).is_plain
    assert not look_of(disc(100, 90, 30, ground=5, shade=130)).is_plain
    night = np.full((180, 320, 3), 5, np.uint8)
    cv2.putText(night, "THE END", (90, 100), cv2.FONT_HERSHEY_SIMPLEX, 1, (130, 130, 130), 2)
    assert look_of(night).is_plain


def test_much_that_is_nearly_as_bright_as_the_ground_is_no_page_of_writing() -> None:
    rng = np.random.default_rng(3)
    picture = np.full((90, 160, 3), 120, np.uint8)
    picture[:, 90:] = rng.integers(128, 152, (90, 70, 1))
    page = np.full((90, 160, 3), 120, np.uint8)
    for each in (picture, page):
        each[10:80:8, 20:70] = 20
    assert look_of(page).is_plain
    assert not look_of(picture).is_plain
