"""Which records are the same customer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import records

from salessheets.match.cluster import Clusters
from salessheets.match.leads import match
from salessheets.settings import Staff, default

OFFICE = replace(default(), staff=(Staff("赵强", phone="13600000001"),))


def groups(text, office=OFFICE):
    """The rows that are one customer, as tuples of positions."""
    frame = records(text)
    labels = match(frame, office).labels
    found = {}
    for position, label in enumerate(labels):
        found.setdefault(label, []).append(position)
    return sorted(tuple(g) for g in found.values())


@pytest.mark.parametrize(
    ("case", "two", "same"),
    [
        ("same mobile", "王建国 | 13987650012 | | 康乐馆\n王建国 | 139 8765 0012 | | 康乐馆", True),
        ("hidden name", "王建国 | 13987650012 | |\n王总 | 13987650012 | |", True),
        ("homophone", "刘洋 | 13987650012 | |\n柳洋 | 13987650012 | |", True),
        ("a letter forgotten", "李丽丽 | 13987650012 | |\n李丽 | 13987650012 | |", True),
        ("family phone", "王建国 | 13987650012 | |\n赵秀英 | 13987650012 | |", False),
        ("two people of one shop", "王建国 | 13987650012 | | 康乐馆\n赵秀英 | 13987650012 | | 康乐馆", True),
        ("WeChat is the phone", "王建国 | 13987650012 | |\n王建国 | | 13987650012 |", True),
        ("same WeChat, capitals", "王建国 | | WangJG_75 |\n王总 | | wangjg_75 |", True),
        ("namesakes", "王伟 | 13987650012 | |\n王伟 | 13700001111 | |", False),
        ("same person, shop and city", "王伟 | 13987650012 | | 康乐馆\n王伟 | 13700001111 | | 康乐馆", True),
        ("nothing in common", "王伟 | 13987650012 | | 康乐馆\n李丽 | 13700001111 | | 仁和堂", False),
    ],
)
def test_two_records(case, two, same):
    lines = [f"{line} | 山东省 | 济南市" for line in two.split("\n")]
    found = groups("name | phone | wechat | company | province | city\n" + "\n".join(lines))
    assert (len(found) == 1) is same, case


def test_the_same_shop_name_in_another_city_is_another_shop():
    found = groups(
        """name | phone | company | province | city
           王伟 | 13987650012 | 康乐馆 | 山东省 | 济南市
           王伟 | 13700001111 | 康乐馆 | 山东省 | 青岛市""",
    )
    assert found == [(0,), (1,)]


@pytest.mark.parametrize("phone", ["13800138000", "13600000001"])
def test_placeholders_and_our_own_phones_join_nobody(phone):
    assert groups(f"name | phone\n王伟 | {phone}\n王伟 | {phone}") == [(0,), (1,)]


def test_a_phone_of_many_people_joins_nobody_and_is_reported():
    names = ["王伟", "李丽", "赵敏", "孙强", "周杰"]
    text = "name | phone\n" + "\n".join(f"{n} | 13987650012" for n in names)
    assert len(groups(text)) == 5
    found = match(records(text), OFFICE).shared
    assert found[["value", "why"]].to_numpy().tolist() == [["13987650012", "多家共用的号码"]]


def test_a_hidden_name_does_not_chain_two_people_who_share_a_phone():
    """王总 fits both, but joining both would make one customer of two."""
    found = groups("name | phone\n王建国 | 13987650012\n王总 | 13987650012\n赵秀英 | 13987650012")
    assert found == [(0, 1), (2,)]


def test_the_evidence_is_told_in_words():
    edges = match(records("name | phone\n王建国 | 13987650012\n王建国 | 13987650012"), OFFICE).edges
    assert edges["reason"].tolist() == ["同手机 +11.2\uff0c同姓名 +5.0 = 16.2"]


ROWS = """name | phone | wechat | company | province | city
王建国 | 13987650012 | | 康乐馆 | 山东省 | 济南市
王总 | 13987650012 | | | |
赵秀英 | 13987650012 | zxy_1980 | | |
赵秀英 | | zxy_1980 | | |
王建国 | 13700001111 | | 康乐馆 | 山东省 | 济南市
孙强 | 13700001111 | | 仁和堂 | 山东省 | 青岛市
李丽 | 13500002222 | | | |
李丽 | 13500002223 | | | |"""
TABLE = records(ROWS)
EXPECTED = [(0, 1, 4), (2, 3), (5,), (6,), (7,)]


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(len(TABLE))))
def test_independent_of_the_order_of_rows(order):
    shuffled = TABLE.iloc[order]
    labels = match(shuffled, OFFICE).labels
    found = {}
    for position, label in labels.items():
        found.setdefault(label, []).append(position)
    assert sorted(tuple(sorted(g)) for g in found.values()) == EXPECTED


def test_clusters_ask_before_they_join():
    clusters = Clusters(lambda left, right, _: not (0 in left and 3 in right))
    assert clusters.join(1, 0)
    assert clusters.join(3, 2)
    assert not clusters.join(2, 1)
    assert [clusters.find(n) for n in range(4)] == [0, 0, 2, 2]
    assert clusters.join(0, 1)
