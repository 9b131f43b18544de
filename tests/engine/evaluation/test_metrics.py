"""The metrics, by examples worked out by hand."""

from __future__ import annotations

import pytest

from seamline.errors import ExchangeError
from seamline.evaluation.metrics import Evaluation, ExtentError, Hit, KindScore, evaluate, together
from seamline.evaluation.report import FilmScore, facts, report
from seamline.exchange.csv_list import DISTRACTOR, IGNORED, Transition
from seamline.media.timecode import TimecodeRate


def cut(frame: int, scored: int = 1) -> Transition:
    return Transition(frame - 1, frame, "cut", scored)


def places(transitions: tuple[Transition, ...]) -> list[tuple[int, int]]:
    return [(t.out_frame, t.in_frame) for t in transitions]


def test_a_film_by_hand() -> None:
    truth = [cut(100), Transition(200, 220, "dissolve"), cut(300), cut(400)]
    predicted = [cut(101), cut(210), cut(350), cut(400)]
    found = evaluate(truth, predicted)
    assert [(hit.truth.in_frame, hit.predicted.in_frame) for hit in found.hits] == [
        (100, 101),
        (220, 210),
        (400, 400),
    ]
    assert found.false_alarms == (cut(350),)
    assert found.missed == (cut(300),)
    assert found.precision == found.recall == found.f1 == 0.75
    # the dissolve was found, but called a cut
    assert found.by_kind == {"cut": KindScore(2, 3, 2), "dissolve": KindScore(1, 1, 0)}


@pytest.mark.parametrize(
    ("tolerance", "offset", "hit"),
    # a cut spans two frames, so widened by 2 it meets one 3 frames away
    [(0, 0, True), (0, 1, False), (1, 2, True), (1, 3, False), (2, 3, True), (2, 4, False), (2, -3, True)],
)
def test_the_tolerance(tolerance: int, offset: int, hit: bool) -> None:
    found = evaluate([cut(100)], [cut(100 + offset)], tolerance)
    assert len(found.hits) == hit


def test_frame_exact_means_both_frames() -> None:
    truth = [Transition(10, 20, "dissolve")]
    assert len(evaluate(truth, [Transition(10, 20, "fade")], 0).hits) == 1
    assert evaluate(truth, [Transition(10, 19, "dissolve")], 0).hits == ()


def test_one_prediction_finds_one_transition_the_nearer() -> None:
    found = evaluate([cut(100), cut(103)], [cut(102)])
    assert found.hits == (Hit(cut(103), cut(102)),)
    assert found.missed == (cut(100),)


def test_one_transition_is_found_by_one_prediction_the_nearer() -> None:
    found = evaluate([Transition(100, 140, "fade")], [cut(110), cut(121), cut(139)])
    assert places((found.hits[0].predicted,)) == [(120, 121)]
    assert found.false_alarms == (cut(110), cut(139))


def test_nearest_first_may_leave_another_without() -> None:
    # 102 lies between both: its middle is nearer to 101, which 100 needs not
    found = evaluate([cut(101), cut(105)], [cut(102), cut(98)])
    assert [(hit.truth.in_frame, hit.predicted.in_frame) for hit in found.hits] == [(101, 102)]
    assert found.missed == (cut(105),)
    assert found.false_alarms == (cut(98),)


def test_equally_near_goes_to_the_earlier_row() -> None:
    found = evaluate([cut(100)], [cut(101), cut(99)])
    assert found.hits == (Hit(cut(100), cut(101)),)


def test_a_long_prediction_reaches_back_to_its_transition() -> None:
    predicted = [Transition(0, 500, "fade"), cut(300), cut(301)]
    assert evaluate([cut(499)], predicted).hits == (Hit(cut(499), predicted[0]),)


def test_an_ignored_transition_is_neither_hit_nor_missed_nor_false() -> None:
    truth = [cut(100, IGNORED), cut(200)]
    assert evaluate(truth, [cut(200)]) == evaluate(truth, [cut(101), cut(200)])
    # it excuses one prediction, not two
    assert evaluate(truth, [cut(100), cut(101), cut(200)]).false_alarms == (cut(101),)


def test_an_ignored_transition_excuses_within_two_frames_even_where_hits_are_exact() -> None:
    assert evaluate([cut(100, IGNORED)], [cut(102)], 0).false_alarms == ()
    assert evaluate([cut(100, IGNORED)], [cut(104)], 0).false_alarms == (cut(104),)


def test_a_counted_transition_goes_before_an_ignored_one() -> None:
    found = evaluate([cut(100, IGNORED), cut(102)], [cut(100)])
    assert places((found.hits[0].truth,)) == [(101, 102)]


def test_a_prediction_at_a_distractor_is_a_false_alarm_and_known_as_one() -> None:
    found = evaluate([cut(100, DISTRACTOR), cut(200)], [cut(100), cut(150), cut(200)])
    assert found.false_alarms == (cut(100), cut(150))
    assert found.fooled == (cut(100),)
    assert found.distractors == (cut(100, DISTRACTOR),)
    assert found.missed == ()


def test_the_extent_of_gradual_ones_is_judged_by_medians() -> None:
    truth = [
        cut(50),
        Transition(100, 120, "dissolve"),
        Transition(200, 220, "wipe"),
        Transition(300, 310, "fade"),
    ]
    predicted = [
        cut(51),
        Transition(101, 118, "dissolve"),
        Transition(200, 220, "wipe"),
        Transition(297, 311, "fade"),
    ]
    # the cut has no extent
    assert evaluate(truth, predicted).extents == ExtentError(3, 1, 1, 1)
    assert evaluate(truth, [cut(50)]).extents is None


def test_a_kind_is_wrong_only_where_both_name_one() -> None:
    truth = [Transition(100, 120, "dissolve"), Transition(200, 220, ""), Transition(300, 320, "fade")]
    found = evaluate(truth, [cut(110), cut(210), Transition(305, 306, "")])
    assert [hit.truth.kind for hit in found.wrong_kinds] == ["dissolve"]


def test_nothing_predicted_and_nothing_true() -> None:
    assert evaluate([], []) == Evaluation(2, (), (), ())
    assert (evaluate([], []).precision, evaluate([], []).recall, evaluate([], []).f1) == (0, 0, 0)
    assert (evaluate([cut(5)], []).precision, evaluate([cut(5)], []).recall) == (0, 0)
    assert evaluate([], [cut(5)]).f1 == 0


def test_films_add_up_by_their_transitions() -> None:
    first = evaluate([cut(100), cut(200), cut(300)], [cut(100)])
    second = evaluate([cut(100)], [cut(100), cut(150)])
    both = together([first, second])
    assert (both.precision, both.recall) == (2 / 3, 2 / 4)
    assert both.by_kind == {"cut": KindScore(2, 4, 2)}
    with pytest.raises(ExchangeError, match=r"at one tolerance, not at \[0, 2\]"):
        together([first, evaluate([], [], 0)])
    with pytest.raises(ExchangeError, match="not at none"):
        together([])


def test_a_negative_tolerance_is_refused() -> None:
    with pytest.raises(ExchangeError, match="0 frames or more, not -1"):
        evaluate([], [], -1)


def test_the_report_word_by_word() -> None:
    truth = [cut(100), Transition(200, 220, "dissolve"), cut(300)]
    first = evaluate(truth, [cut(101), cut(210), cut(350)])
    second = evaluate([Transition(50, 60)], [])
    assert report([FilmScore("a.csv", first), FilmScore("b.csv", second)]).splitlines() == [
        "a.csv                                        hit   2 false   1 missed   1"
        "  false@349-350  missed@299-300:cut",
        "b.csv                                        hit   0 false   0 missed   1  missed@50-60:",
        "type          found     of   recall   kind right",
        "?                 0      1    0.000            0",
        "cut               1      2    0.500            1",
        "dissolve          1      1    1.000            0",
        "extent of 1 gradual ones found: 0 exact, median error 9 at the out frame, 10 at the in frame",
        "tolerance 2: precision 0.667 recall 0.500 F1 0.571",
    ]


def test_with_timecodes_every_mistake_has_its_line() -> None:
    truth = [cut(frame) for frame in range(100, 1000, 100)] + [cut(1800, DISTRACTOR)]
    found = evaluate(truth, [Transition(40, 52, "wipe"), cut(1800)])
    lines = report([FilmScore("a.csv", found, TimecodeRate(30, drop_frame=True).format)]).splitlines()
    assert lines[0].count("missed@") == 6
    assert lines[1:5] == [
        "  false wipe at 00:00:01;22 (frames 40-52)",
        "  false, at a distractor cut at 00:01:00;02 (frames 1799-1800)",
        "  missed cut at 00:00:03;10 (frames 99-100)",
        "  missed cut at 00:00:06;20 (frames 199-200)",
    ]
    assert sum(line.startswith("  missed") for line in lines) == 9


def test_the_report_counts_distractors_and_tells_of_wrong_kinds_and_exact_frames() -> None:
    truth = [cut(100), Transition(200, 220, "dissolve"), cut(300, DISTRACTOR), cut(400, DISTRACTOR)]
    predicted = [cut(100), cut(210), cut(301)]
    score = FilmScore(
        "a.csv", evaluate(truth, predicted), exact=evaluate(truth, predicted, 0), every_mistake=True
    )
    lines = report([score]).splitlines()
    assert lines[1:3] == [
        "  false, at a distractor cut at frames 300-301",
        "  dissolve taken for cut at frames 209-210",
    ]
    assert "distractors taken for transitions: 1 of 2" in lines
    assert lines[-1] == "frame-exact: precision 0.333 recall 0.500 F1 0.400"


def test_the_facts_name_every_mistake_with_its_timecodes() -> None:
    truth = [cut(100), Transition(200, 220, "dissolve"), cut(300, DISTRACTOR)]
    found = evaluate(truth, [cut(210), cut(301)])
    told = facts(FilmScore("a.csv", found, TimecodeRate(25).format, exact=evaluate(truth, [cut(210)], 0)))
    assert told["tolerance"] == {
        "precision": 0.5, "recall": 0.5, "f1": 0.5, "hits": 1, "false_alarms": 1, "missed": 1, "frames": 2,
    }  # fmt: skip
    assert told["missed"] == [
        {
            "out_frame": 99, "in_frame": 100, "kind": "cut",
            "out_timecode": "00:00:03:24", "in_timecode": "00:00:04:00",
        }
    ]  # fmt: skip
    assert told["distractors_hit"] == told["false_alarms"]
    assert told["wrong_kinds"] == [
        {
            "true_kind": "dissolve", "out_frame": 209, "in_frame": 210, "kind": "cut",
            "out_timecode": "00:00:08:09", "in_timecode": "00:00:08:10",
        }
    ]  # fmt: skip
    assert told["types"] == {
        "cut": {"found": 0, "total": 1, "kind_right": 0},
        "dissolve": {"found": 1, "total": 1, "kind_right": 0},
    }
