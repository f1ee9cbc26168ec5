"""One lead from its records: which value survives."""

from __future__ import annotations

import pandas as pd
import pytest
from small import records

from salessheets.merge import join_working, lead_numbers, merge


def golden(text, **more):
    frame = records(text).assign(lead="00002-1-5", **more)
    return merge(frame).iloc[0]


def test_the_newest_value_wins_and_blank_never_overwrites():
    lead = golden(
        """name | phone | company | city | province | consult_date
           王建国 | 13912345678 | 康乐馆 | 济南市 | 山东省 | 2026-11-02
           王建国 | 13912345678 | 康乐健康馆 | | | 2026-11-05""",
    )
    assert lead["company"] == "康乐健康馆"
    assert lead["city"] == "济南市"
    assert [lead["first_date"], lead["last_date"], lead["record_count"]] == ["2026-11-02", "2026-11-05", 2]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ("王建国 | 2026-11-02\n王总 | 2026-11-05", "王建国"),
        ("王总 | 2026-11-02\n王建国 | 2026-11-05", "王建国"),
        ("王总 | 2026-11-02\n | 2026-11-05", "王总"),
    ],
)
def test_a_full_name_beats_a_hidden_one(rows, name):
    assert golden(f"name | consult_date\n{rows}")["name"] == name


def test_a_mobile_beats_a_landline():
    lead = golden("phone | consult_date\n13912345678 | 2026-11-02\n0531-88881234 | 2026-11-05")
    assert lead["phone"] == "13912345678"
    assert set(lead["numbers"]) == {"13912345678", "0531-88881234"}


def test_a_persons_own_word_beats_a_bought_list():
    lead = golden(
        """table | name | company | obtained_date | consult_date | channel | contact_way
           consult_log | 王建国 | 康乐馆 | | 2026-11-02 | | 咨询电话
           directory | 王建国 | 康乐公司旧名 | 2026-11-05 | | 购买名录 |""",
    )
    assert lead["company"] == "康乐馆"
    assert lead["channel"] == "网络咨询"


def test_the_newest_result_is_that_of_the_newest_answer_whenever_its_customer_called():
    lead = golden(
        """table | name | phone | obtained_date | handled_date | result
           handover | 王建国 | 13912345678 | 2026-11-03 | 2026-11-09 | 无效
           handover | 王建国 | 13912345678 | 2026-11-05 | 2026-11-06 | 有意向""",
    )
    assert lead["result"] == "无效"


def judged(*rows):
    return pd.DataFrame(rows, columns=["rid", "week", "fate", "superseded_by"])


def test_the_number_of_a_lead_is_its_first_sighting_by_week_file_and_row():
    frame = pd.DataFrame({"rid": ["00003-1-9", "00004-1-2", "00002-1-7"]})
    table = judged(
        ("00003-1-9", "2026-W45", "", ""), ("00004-1-2", "2026-W45", "", ""), ("00002-1-7", "2026-W46", "", "")
    )
    numbers = lead_numbers(frame, pd.Series([0, 0, 0]), table)
    assert set(numbers) == {"00003-1-9"}


def test_an_older_version_of_a_row_keeps_giving_the_number_a_returned_one_does_not():
    frame = pd.DataFrame({"rid": ["00005-1-2", "00006-1-2"]})
    table = judged(
        ("00003-1-2", "2026-W45", "", "00005-1-2"),
        ("00005-1-2", "2026-W45", "", ""),
        ("00004-1-2", "2026-W45", "退回更正", "00006-1-2"),
        ("00006-1-2", "2026-W45", "", ""),
    )
    numbers = lead_numbers(frame, pd.Series([0, 1]), table)
    assert numbers.to_dict() == {
        "00003-1-2": "00003-1-2", "00005-1-2": "00003-1-2", "00006-1-2": "00006-1-2",
    }  # fmt: skip


KNOWN = records("name | phone\n王建国 | 13912345678\n赵秀英 | 13912345678\n李丽 | 13700001111").assign(
    lead=["00002-1-5", "00002-1-6", "00002-1-7"]
)
NUMBERS = pd.Series({"00002-1-5": "00002-1-5", "00002-1-6": "00002-1-6", "00002-1-7": "00002-1-7"})


@pytest.mark.parametrize(
    ("lead", "name", "phone", "found"),
    [
        ("00002-1-7", "李丽", "", "00002-1-7"),
        ("00002-1-7", "", "", "00002-1-7"),
        ("00002-1-7", "王建国", "", ""),  # the number was copied from another line
        ("00099-1-1", "李丽", "13700001111", ""),  # no such number
        ("", "李丽", "13700001111", "00002-1-7"),
        ("", "赵秀英", "13912345678", "00002-1-6"),  # one phone, two people: the name decides
        ("", "", "13912345678", ""),  # one phone, two people, no name: nothing is guessed
        ("", "李丽", "", ""),
    ],
)
def test_a_working_row_finds_its_lead_or_goes_back(lead, name, phone, found):
    working = records(
        f"table | row | lead | name | phone | analysis_date\nanalysis | 9 | {lead} | {name} | {phone} | 2026-11-05"
    )
    assert join_working(working, KNOWN, NUMBERS) == {"00002-1-9": found}
