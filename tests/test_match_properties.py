"""What must always hold of the matching, on leads made at random from few values, so that they meet often."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import rows as raw_rows

from salessheets.clean.records import clean
from salessheets.match.decisions import NO, YES, Decision
from salessheets.match.known import Known
from salessheets.match.leads import find_shared, match
from salessheets.settings import default

OFFICE = default()
NAMES = ("王建国", "王总", "李丽", "李丽丽", "赵敏", "赵姐", "")
PHONES = ("13987650012", "13987650021", "139 8765 0012", "0531-88881234", "88881234", "13800138000", "")
WECHATS = ("wang_75", "WANG_75", "13987650012", "")
COMPANIES = ("济南康乐馆", "康乐馆有限公司", "康乐馆(历下店)", "仁和堂", "")
PLACES = (("山东省", "济南市", "历下区"), ("", "济南", ""), ("山东", "青岛市", ""), ("", "", ""))
NOTES = ("", "跟王总是两家,各做各的", "店正在转让中", "王建国是老板")

lead = st.tuples(*(st.sampled_from(values) for values in (NAMES, PHONES, WECHATS, COMPANIES, PLACES, NOTES)))
leads = st.lists(lead, min_size=2, max_size=14)


def table(drawn):
    """Cleaned records of drawn leads, two to a file."""
    lines = [
        {
            "name": name, "phone": phone, "wechat": wechat, "company": company, "province": place[0], "city": place[1],
            "county": place[2], "note": note,
        }
        for name, phone, wechat, company, place, note in drawn
    ]  # fmt: skip
    frame = pd.DataFrame(lines, dtype="str")
    text = " | ".join(frame.columns) + "\n" + "\n".join(" | ".join(row) for row in frame.to_numpy())
    rows = raw_rows(text)
    rows["number"] = 1 + rows.index // 2
    rows["row"] = 5 + rows.index % 2
    from salessheets.clean.records import record_number

    rows["rid"] = record_number(rows["number"], rows["sheet"], rows["row"])
    return clean(rows, pd.Timestamp("2026-11-20").date())[0]


def groups(records, result):
    """The clusters as a set of frozensets of rids."""
    found = {}
    for rid, label in zip(records["rid"], result.labels.reindex(records.index), strict=True):
        found.setdefault(label, set()).add(rid)
    return {frozenset(g) for g in found.values()}


def groups_of(labels):
    found = {}
    for rid, first in labels.items():
        found.setdefault(first, set()).add(rid)
    return {frozenset(g) for g in found.values()}


@settings(max_examples=60, deadline=None)
@given(leads, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(drawn, random):
    records = table(drawn)
    order = list(range(len(records)))
    random.shuffle(order)
    shuffled = records.iloc[order]
    one, other = match(records, OFFICE), match(shuffled, OFFICE)
    assert groups(records, one) == groups(shuffled, other)
    assert one.edges.to_dict("list") == other.edges.to_dict("list")


@settings(max_examples=60, deadline=None)
@given(leads, st.integers(min_value=1, max_value=13))
def test_new_records_against_known_ones_equal_a_full_run(drawn, cut):
    records = table(drawn)
    cut = min(cut, len(records) - 1)
    shared = find_shared(records, OFFICE)
    known = Known(records[:cut], OFFICE, shared)
    for at in range(cut, len(records), 2):  # week by week
        known.add(records[at : at + 2])
    assert groups_of(known.labels) == groups(records, match(records, OFFICE, shared=shared))


@settings(max_examples=40, deadline=None)
@given(leads)
def test_handing_in_everything_twice_makes_the_same_customers(drawn):
    records = table(drawn)
    shared = find_shared(records, OFFICE)
    again = records.assign(number=records["number"] + 100, rid="1" + records["rid"].str[1:])
    both = pd.concat([records, again], ignore_index=True)
    once = groups(records, match(records, OFFICE, shared=shared))
    twice = {frozenset(r for r in g if r[0] == "0") for g in groups(both, match(both, OFFICE, shared=shared))} - {
        frozenset()
    }
    # Two equal rows may now prove to be one customer who had nothing but a name; nobody is taken apart.
    assert all(any(g <= h for h in twice) for g in once)


@settings(max_examples=60, deadline=None)
@given(leads, st.data())
def test_a_persons_answers_are_always_obeyed_and_undone(drawn, data):
    records = table(drawn)
    before = match(records, OFFICE)
    rids = records["rid"].tolist()
    a, b = data.draw(st.lists(st.sampled_from(rids), min_size=2, max_size=2, unique=True))
    answers = {
        answer: match(records, OFFICE, [Decision(frozenset([a]), frozenset([b]), answer, when=1)])
        for answer in (YES, NO)
    }
    assert any({a, b} <= g for g in groups(records, answers[YES]))
    assert not any({a, b} <= g for g in groups(records, answers[NO]))
    taken_back = [
        Decision(frozenset([a]), frozenset([b]), NO, when=1),
        Decision(frozenset([a]), frozenset([b]), "", when=2),
    ]
    assert groups(records, match(records, OFFICE, taken_back)) == groups(records, before)


@settings(max_examples=40, deadline=None)
@given(leads)
def test_every_edge_tells_its_evidence_and_joined_edges_lie_in_one_cluster(drawn):
    records = table(drawn)
    result = match(records, OFFICE)
    cluster = dict(zip(records["rid"], result.labels, strict=True))
    for edge in result.edges.itertuples():
        total = float(edge.reason.split(" = ")[1].split("\uff08")[0].replace("\u2212", "-"))
        assert total == pytest.approx(edge.weight, abs=0.06)
        assert edge.joined == (edge.outcome == "merge")
        assert not edge.joined or cluster[edge.left] == cluster[edge.right]
        assert edge.outcome != "ask" or cluster[edge.left] != cluster[edge.right]
