"""What people answered about two records or leads: 是 joins them, 不是 keeps them apart for ever (matching.md, "Decision").

An answer is addressed by record numbers, so it survives every rerun, every upgrade and a deleted cache. Answers may
contradict each other; the newest wins and the contradiction is listed. What is left over are the must-link and
cannot-link constraints of constrained clustering (Wagstaff & Cardie 2000), which any matcher can obey: unite the
must-links first, then refuse every edge that would bring a cannot-link pair into one cluster.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

YES, NO, UNSURE = "是", "不是", "不确定"
ANSWERS = (YES, NO, UNSURE)


@dataclass(frozen=True)
class Decision:
    """One answer. left, right: record numbers (rids) of both sides at the time of the answer, disjoint.

    answer: one of ANSWERS; 不确定 (or a cleared cell, "") withdraws what was said of these pairs before.
    when: number of the archived file that held the answer. who: the person, for people to read.
    """

    left: frozenset[str]
    right: frozenset[str]
    answer: str
    when: int
    who: str = ""


@dataclass(frozen=True)
class Constraints:
    """What the answers demand, free of contradictions.

    must_link: pairs of rids to unite before anything else, with the answer's words for 合并明细.
    cannot_link: pairs of rids (the smaller one first) that may never be in one cluster.
    contradictions: (older, newer) answers that exclude each other; the newer one counts.
    """

    must_link: tuple[tuple[str, str, str], ...] = ()
    cannot_link: frozenset[tuple[str, str]] = frozenset()
    contradictions: tuple[tuple[Decision, Decision], ...] = ()


def in_force(decisions: Sequence[Decision], newest_of: Mapping[str, str]) -> tuple[Decision, ...]:
    """The same answers about the records that are live now.

    newest_of: rid of every live record and of each of its older versions → rid of the live version. Records that are
    gone (no customer any more) drop out; an answer about nobody is left out.
    """
    found = []
    for decision in decisions:
        left, right = (
            frozenset(newest_of[rid] for rid in side if rid in newest_of) for side in (decision.left, decision.right)
        )
        # Two versions of one row are one record, whatever was answered about them.
        right -= left
        if left and right:
            found.append(replace(decision, left=left, right=right))
    return tuple(found)


def constraints(decisions: Sequence[Decision], rids: Collection[str]) -> Constraints:
    """Work the answers out, newest first: an older answer counts only where it fits what is already decided.

    rids: the records that are being clustered; answers about others say nothing. 是 makes both sides one whole: the
    person saw each side as one customer. 不是 parts every record of one side from every record of the other.
    """
    present = set(rids)
    groups = _Groups()
    settled: dict[tuple[str, str], Decision] = {}  # pair → the newest answer that spoke of it
    links: list[tuple[str, str, str]] = []
    contradictions: list[tuple[Decision, Decision]] = []
    for decision in sorted(decisions, key=lambda d: (-d.when, sorted(d.left), sorted(d.right), d.answer)):
        left, right = sorted(decision.left & present), sorted(decision.right & present)
        overruled: Decision | None = None
        for a, b in _crossing(left, right):
            newer = settled.setdefault(_pair(a, b), decision)
            if newer is not decision:
                overruled = newer if {newer.answer, decision.answer} == {YES, NO} else overruled
            elif decision.answer == NO:
                overruled = groups.part(a, b, decision) or overruled
        if decision.answer == YES and left and right:
            overruled = _unite(groups, settled, left, right, decision, links) or overruled
        if overruled is not None:
            contradictions.append((decision, overruled))
    return Constraints(tuple(sorted(links)), frozenset(groups.apart), tuple(reversed(contradictions)))


def _unite(
    groups: _Groups,
    settled: Mapping[tuple[str, str], Decision],
    left: list[str],
    right: list[str],
    decision: Decision,
    links: list[tuple[str, str, str]],
) -> Decision | None:
    """Tie both sides together, record by record; returns the newer answer that forbids it, if one does."""
    forbidding: Decision | None = None
    words = f"人工确认是同一客户({decision.who})" if decision.who else "人工确认是同一客户"
    for a, b in [(left[0], right[0]), *((side[0], other) for side in (left, right) for other in side[1:])]:
        crossing = (a in left) != (b in left)
        if crossing and settled[_pair(a, b)] is not decision and settled[_pair(a, b)].answer != YES:
            continue  # withdrawn or denied since
        refused = groups.unite(a, b, decision)
        if refused is None:
            links.append((*_pair(a, b), words))
        elif crossing:
            forbidding = refused
    return forbidding


class _Groups:
    """Records tied together by 是, and the pairs that 不是 parts. An answer that does not fit newer ones is refused."""

    def __init__(self) -> None:
        self.members: dict[str, set[str]] = {}
        self.because: dict[str, Decision] = {}  # rid → the newest 是 that tied it
        self.apart: dict[tuple[str, str], Decision] = {}

    def of(self, rid: str) -> set[str]:
        return self.members.setdefault(rid, {rid})

    def part(self, a: str, b: str, decision: Decision) -> Decision | None:
        """Keep two records apart, unless a newer 是 made them one: then that answer is returned."""
        if b in self.of(a):
            return self.because[a]
        self.apart.setdefault(_pair(a, b), decision)
        return None

    def unite(self, a: str, b: str, decision: Decision) -> Decision | None:
        """Make the groups of two records one, unless a newer 不是 forbids it: then that answer is returned."""
        if b in self.of(a):
            return None
        for one, other in _crossing(sorted(self.of(a)), sorted(self.of(b))):
            if _pair(one, other) in self.apart:
                return self.apart[_pair(one, other)]
        whole = self.of(a) | self.of(b)
        for rid in whole:
            self.members[rid] = whole
            self.because.setdefault(rid, decision)
        return None


def _crossing(left: Collection[str], right: Collection[str]) -> list[tuple[str, str]]:
    return [(a, b) for a in left for b in right if a != b]


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)
