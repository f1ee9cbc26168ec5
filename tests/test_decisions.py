"""People's answers about pairs of records: the newest wins, whatever the order of the archive's rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salessheets.match.decisions import ANSWERS, NO, UNSURE, YES, Decision, constraints, in_force

RIDS = [f"0000{n}-1-5" for n in range(1, 6)]
A, B, C, D, E = RIDS


def said(*answers):
    """(left, right, answer) in the order of the archive → what the answers demand."""
    return constraints(
        [Decision(frozenset(left), frozenset(right), answer, at) for at, (left, right, answer) in enumerate(answers)],
        RIDS,
    )


def links(found):
    return {(a, b) for a, b, _ in found.must_link}


@pytest.mark.parametrize(
    ("answers", "together", "apart", "contradictions"),
    [
        ([([A], [B], YES)], {(A, B)}, set(), 0),
        ([([A], [B], NO)], set(), {(A, B)}, 0),
        ([([A], [B], UNSURE)], set(), set(), 0),
        # The newest answer wins, and that the two disagreed is listed.
        ([([A], [B], YES), ([A], [B], NO)], set(), {(A, B)}, 1),
        ([([A], [B], NO), ([B], [A], YES)], {(A, B)}, set(), 1),
        # A cleared cell or 不确定 takes an answer back.
        ([([A], [B], NO), ([A], [B], "")], set(), set(), 0),
        ([([A], [B], YES), ([A], [B], UNSURE)], set(), set(), 0),
        # 是 ties each side as a whole; one record can be taken out again later.
        ([([A, B], [C], YES)], {(A, B), (A, C)}, set(), 0),
        ([([A, B], [C], YES), ([A, C], [B], NO)], {(A, C)}, {(A, B), (B, C)}, 1),
        # Through a third record, too: what is newer counts.
        ([([A], [B], YES), ([B], [C], YES), ([A], [C], NO)], {(B, C)}, {(A, C)}, 1),
        ([([A], [C], NO), ([A], [B], YES), ([B], [C], YES)], {(A, B), (B, C)}, set(), 1),
    ],
)
def test_the_newest_answer_counts_and_a_contradiction_is_listed(answers, together, apart, contradictions):
    found = said(*answers)
    assert links(found) == together
    assert set(found.cannot_link) == apart
    assert len(found.contradictions) == contradictions


def test_an_answer_about_a_row_holds_for_its_corrected_version():
    old = Decision(frozenset([A]), frozenset([B, "00009-1-1"]), NO, 7)
    (now,) = in_force([old], {A: C, C: C, B: B})
    assert (now.left, now.right) == ({C}, {B})


def test_an_answer_about_two_versions_of_one_row_says_nothing():
    assert in_force([Decision(frozenset([A]), frozenset([B]), NO, 7)], {A: B, B: B}) == ()


SIDES = st.sets(st.sampled_from(RIDS), min_size=1, max_size=3)
DECISIONS = st.lists(st.tuples(SIDES, SIDES, st.sampled_from([*ANSWERS, ""])), max_size=6)


@given(DECISIONS)
def test_what_is_left_never_contradicts_itself_and_the_last_word_always_counts(answers):
    answers = [(left, right - left, answer) for left, right, answer in answers]
    found = said(*answers)
    group = {rid: rid for rid in RIDS}
    for a, b in links(found):
        group = {rid: group[a] if g == group[b] else g for rid, g in group.items()}
    assert not [(a, b) for a, b in found.cannot_link if group[a] == group[b]]
    if answers:
        left, right, answer = answers[-1]
        pairs = {(min(a, b), max(a, b)) for a in left for b in right}
        if answer == NO:
            assert pairs <= found.cannot_link
        elif answer == YES:
            assert all(group[a] == group[b] for a, b in pairs)


@given(DECISIONS, st.randoms())
def test_the_order_in_which_answers_are_listed_says_nothing(answers, random):
    given_ = [
        Decision(frozenset(left), frozenset(right - left), answer, at)
        for at, (left, right, answer) in enumerate(answers)
    ]
    shuffled = list(given_)
    random.shuffle(shuffled)
    assert constraints(shuffled, RIDS) == constraints(given_, RIDS)
