"""Draws whole edits from a list of footage: the same seed gives the same edit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from seamline.errors import MediaError
from seamline.evaluation.synthetic_draws import (
    drawn_distractors,
    drawn_end,
    drawn_finish,
    drawn_join,
    drawn_length,
    drawn_look,
    drawn_seed,
    nearer,
)
from seamline.evaluation.synthetic_plan import PLAIN, SKIPPED_FRAMES, EditPlan, Join, Piece
from seamline.evaluation.synthetic_render import piece_pictures
from seamline.evaluation.synthetic_settings import GeneratorSettings
from seamline.evaluation.synthetic_sources import ShotSource
from seamline.exchange.csv_list import IGNORED

_TRIES = 12
_LOOKED_AT = (48, 27)


def plan_edit(
    sources: Sequence[ShotSource],
    settings: GeneratorSettings | None = None,
    *,
    seed: int,
    index: int = 0,
    previews: Sequence[ShotSource] | None = None,
) -> EditPlan:
    """Edit number `index` of those that `seed` gives for these sources and settings.

    Joins that cannot be seen, since both sides show the same, are there but not scored; to find them, single
    pictures are looked at, in `previews` where given (the same sources, small and in memory). Raises
    MediaError where no source is long enough.
    """
    settings = settings or GeneratorSettings()
    draft = _Draft(sources, settings, np.random.default_rng([seed, index]))
    return _with_unseen_ignored(draft.plan(), previews or sources, settings.unseen_levels)


class _Draft:
    """An edit in the making, piece by piece."""

    def __init__(
        self, sources: Sequence[ShotSource], settings: GeneratorSettings, rng: np.random.Generator
    ) -> None:
        if not sources:
            raise MediaError("An edit needs at least one piece of footage: give it a source.")
        self._sources, self._settings, self._rng = sources, settings, rng
        self._own_looks = rng.random() < settings.looks
        self._median = settings.typical_shot_frames * math.exp(rng.normal(0, 0.4))
        self._pieces: list[Piece] = []
        self._joins: list[Join] = []

    def plan(self) -> EditPlan:
        rng, settings = self._rng, self._settings
        opening = drawn_end(rng, settings, opening=True) if self._now_and_then() else None
        closing = drawn_end(rng, settings, opening=False) if self._now_and_then() else None
        finish = drawn_finish(rng) if rng.random() < settings.finishes else PLAIN
        logo = drawn_seed(rng) if rng.random() < settings.logos else 0
        wanted = int(rng.integers(settings.frames[0], settings.frames[1] + 1))
        before = opening
        frames = opening.frames if opening else 0
        while True:
            join = drawn_join(rng, settings)
            piece, before, join = self._piece(before, join)
            if self._pieces:
                assert before is not None
                self._joins.append(before)
                frames += before.frames
            else:
                opening = before if before and before.frames else None
            self._pieces.append(piece)
            frames += piece.full_frames
            if frames >= wanted:
                break
            before = join
        # the last piece was cut out for a join that does not come
        if closing is not None and not self._lasts(self._pieces[-1], before, closing):
            closing = None
        return EditPlan(tuple(self._pieces), tuple(self._joins), finish, logo, opening, closing)

    def _now_and_then(self) -> bool:
        return bool(self._rng.random() < self._settings.open_and_close)

    def _piece(self, before: Join | None, after: Join) -> tuple[Piece, Join | None, Join]:
        """The next piece, and the joins on both sides as they can be with the footage there is."""
        rng, settings = self._rng, self._settings
        low, high = settings.shot_frames
        full = int(np.clip(round(self._median * math.exp(rng.normal(0, 0.7))), low, high))
        speed = float(rng.uniform(0.5, 2)) if rng.random() < settings.odd_speeds else 1.0
        reverse = bool(rng.random() < settings.reversals)
        if rng.random() < settings.stills:
            speed, reverse = 0.0, False
        if self._pieces and before is not None and self._stays(before):
            piece = self._same_source(before, after, full)
            if piece is not None:
                return piece, before, after
        if before is not None and before.subtype in ("jump cut", "punch-in"):
            before = replace(before, subtype="cut")
        lead = before.lead if before else 0
        for attempt in range(_TRIES):
            source = self._another_source()
            if attempt > _TRIES // 2:
                full, speed = max(low, full // 2), min(1.0, speed)
            piece = self._cut_out(source, lead, full, after, speed, reverse)
            if piece is not None:
                return piece, before, after
        return self._what_there_is(before, after)

    def _stays(self, join: Join) -> bool:
        """Whether the join is to lead to the same source again."""
        if join.subtype in ("jump cut", "punch-in"):
            return True
        return join.kind == "dissolve" and bool(self._rng.random() < self._settings.same_source_dissolves)

    def _same_source(self, join: Join, after: Join, full: int) -> Piece | None:
        """A piece that goes on in the last one's source, some frames later or earlier."""
        rng, last = self._rng, self._pieces[-1]
        count = self._sources[last.source].frame_count
        lead_before = self._lead_of_last()
        end = int(last.numbers(lead_before, join.tail)[-1])
        look = last.look
        if join.subtype == "punch-in":
            look = replace(look, region=nearer(look.region, rng))
        for _ in range(_TRIES):
            skip = drawn_length(rng, self._settings.jump_frames) + join.frames
            visible = join.lead + full + after.tail
            back = rng.random() < 0.25
            first = end - skip - visible if back else end + 1 + skip - join.frames
            if first >= 0 and first + visible <= count:
                # the same place before and after, as two stills, is a dissolve of its own kind
                speed = 0.0 if last.speed == 0 else 1.0
                return self._dressed(Piece(last.source, first, full, look, speed), visible, after)
            full = max(self._settings.shot_frames[0], full // 2)
        return None

    def _lead_of_last(self) -> int:
        return self._joins[-1].lead if self._joins else 0

    def _another_source(self) -> int:
        """Any source but the last one's; now and then the one before, as in a dialogue."""
        rng, pieces = self._rng, self._pieces
        if len(pieces) > 1 and rng.random() < 0.25 and pieces[-2].source != pieces[-1].source:
            return pieces[-2].source
        source = int(rng.integers(len(self._sources)))
        if pieces and len(self._sources) > 1 and source == pieces[-1].source:
            source = (source + int(rng.integers(1, len(self._sources)))) % len(self._sources)
        return source

    def _cut_out(
        self, source: int, lead: int, full: int, after: Join, speed: float, reverse: bool
    ) -> Piece | None:
        visible = lead + full + after.tail
        needed = int((visible - 1) * speed) + 1
        spare = self._sources[source].frame_count - needed
        if spare < 0:
            return None
        # footage left over where the next piece goes on in it
        room = spare // 3 if self._jumps(after) and not reverse else spare
        first = int(self._rng.integers(room + 1))
        if reverse:
            first += needed - 1
        look = drawn_look(self._rng) if self._own_looks else PLAIN
        return self._dressed(Piece(source, first, full, look, speed, reverse), needed, after)

    @staticmethod
    def _jumps(join: Join) -> bool:
        return join.subtype in ("jump cut", "punch-in") or join.kind == "dissolve"

    def _dressed(self, piece: Piece, needed: int, after: Join) -> Piece:
        """The piece with distractors, less those for which the footage does not last."""
        rng = self._rng
        found = drawn_distractors(rng, self._settings, piece.full_frames, len(self._sources))
        count = self._sources[piece.source].frame_count
        at = piece.first
        spare = at - needed + 1 if piece.reverse else count - at - needed
        kept = []
        for each in found:
            cost = math.ceil(SKIPPED_FRAMES.get(each.kind, 0) * piece.speed)
            if cost <= spare:
                spare -= cost
                kept.append(each)
        return replace(piece, distractors=tuple(kept))

    def _what_there_is(self, before: Join | None, after: Join) -> tuple[Piece, Join | None, Join]:
        """As much of the longest source as there is, with joins that it suffices for."""
        longest = max(range(len(self._sources)), key=lambda at: self._sources[at].frame_count)
        count = self._sources[longest].frame_count
        lead = before.lead if before else 0
        least = self._settings.shot_frames[0]
        if lead + least > count and before is not None:
            # the film must not end here: the join becomes the one that needs no footage
            before, lead = Join(), 0
        if lead + least + after.tail > count:
            after = Join()
        full = min(self._settings.shot_frames[1], count - lead - after.tail)
        if full < least:
            raise MediaError(
                f"The longest piece of footage has {count} frames, and a shot needs {least}: "
                "give longer footage or allow shorter shots."
            )
        return Piece(longest, 0, full), before, after

    def _lasts(self, piece: Piece, before: Join | None, after: Join) -> bool:
        numbers = piece.numbers(before.lead if before else 0, after.tail)
        return int(numbers.min()) >= 0 and int(numbers.max()) < self._sources[piece.source].frame_count


def _with_unseen_ignored(plan: EditPlan, sources: Sequence[ShotSource], unseen_levels: float) -> EditPlan:
    """The plan, its joins not scored where the shots on both sides look the same."""
    joins = []
    for at, join in enumerate(plan.joins):
        full = plan.pieces[at].full_frames
        # two pictures on either side, full ones
        first = piece_pictures(plan, sources, at, max(0, full - 2), full, _LOOKED_AT).astype(np.float32)
        after = piece_pictures(
            plan, sources, at + 1, 0, min(2, plan.pieces[at + 1].full_frames), _LOOKED_AT
        ).astype(np.float32)
        apart = float(np.abs(first[-1] - after[0]).mean())
        moving = max(float(np.abs(first[-1] - first[0]).mean()), float(np.abs(after[-1] - after[0]).mean()))
        same = plan.pieces[at].source == plan.pieces[at + 1].source
        unseen = join.kind != "fade" and (apart < unseen_levels or (same and apart < 1.5 * moving))
        joins.append(replace(join, scored=IGNORED) if unseen else join)
    return replace(plan, joins=tuple(joins))
