from __future__ import annotations

import pandas as pd
import pytest
from small import cleaned

from salessheets import fates
from salessheets.issue import FATE_COLUMNS
from salessheets.office import Week
from salessheets.settings import Blocked, default

W45, W46, W47 = Week(2026, 45), Week(2026, 46), Week(2026, 47)
NONE = pd.DataFrame(columns=FATE_COLUMNS, dtype="str")


def judge(text, *, week=W47, arrival=W45, settings=None, decided=NONE):
    records, flags = cleaned(text)
    numbers = dict.fromkeys(records["number"], arrival)
    return fates.judge(records, flags, numbers, week, settings or default(), decided)


GOOD = "王建国 | 13912345678 | 2026-11-18"


@pytest.mark.parametrize(
    ("row", "fate", "code"),
    [
        ("王建国 | 13912345678 |  |  | 2026-11-18", "", ""),
        (" | 13912345678 |  | 康乐馆 | 2026-11-18", "", ""),
        (" | 13912345678 |  |  | 2026-11-18", "退回更正", "no-name"),
        ("王建国 |  |  |  | 2026-11-18", "退回更正", "no-contact"),
        ("王建国 | 1391234567 |  |  | 2026-11-18", "退回更正", "bad-contact"),
        ("王建国 | 1391234567 | wangjg_75 |  | 2026-11-18", "", ""),
        ("王建国 | 13912345678 |  |  | 2026-12-18", "退回更正", "future-date"),
        ("王建国 | 13912345678 |  |  | 没写清", "", ""),
        ("王建国 | 13912345678 |  |  | ", "", ""),
    ],
)
def test_few_rows_go_back(row, fate, code):
    judged = judge(f"name | phone | wechat | company | consult_date\n{row}")
    assert judged[["fate", "code"]].to_numpy().tolist() == [[fate, code]]


@pytest.mark.parametrize(("table", "fate"), [("directory", "退回更正"), ("handover", "退回更正"), ("visit_log", "")])
def test_r05_a_row_without_source_goes_back_where_the_manual_demands_it(table, fate):
    judged = judge(f"table | name | phone | obtained_date\n{table} | 王建国 | 13912345678 | 2026-11-18")
    assert judged["fate"].tolist() == [fate]


def test_a_city_outside_its_province_goes_back():
    judged = judge("name | phone | province | city\n王建国 | 13912345678 | 山东省 | 郑州市")
    assert judged["code"].tolist() == ["region-contradiction"]


def test_rows_dated_after_the_weeks_sunday_wait():
    text = "name | phone | consult_date\n王建国 | 13912345678 | 2026-11-08\n李丽 | 13912345679 | 2026-11-09"
    assert judge(text, week=W45)["fate"].tolist() == ["", "留待下周"]
    assert judge(text, week=W46)[["fate", "week"]].to_numpy().tolist() == [["", "2026-W45"], ["", "2026-W46"]]


@pytest.mark.parametrize("result", ["空号停机", "拒绝联系", "无效"])
def test_r16_a_result_of_the_sales_department_makes_a_row_invalid(result):
    judged = judge(f"table | name | phone | channel | result\nhandover | 王建国 | 13912345678 | 网络咨询 | {result}")
    assert judged[["fate", "reason"]].to_numpy().tolist() == [["无效", result]]


def test_r16_who_must_not_be_contacted_is_invalid():
    from dataclasses import replace

    settings = replace(default(), blocked=(Blocked("13912345678", "电话", "投诉"),))
    judged = judge("name | phone\n王建国 | 139 1234 5678\n李丽 | 13912345679", settings=settings)
    assert judged["fate"].tolist() == ["无效", ""]


def test_the_same_row_handed_in_again_is_repeated():
    judged = judge(
        """number | file | row | name | phone | consult_date
           2 | 陈静/咨询.xlsx | 5 | 王建国 | 13912345678 | 2026-11-03
           3 | 陈静/咨询最终版.xlsx | 5 | 王建国 | 13912345678 | 2026-11-03
           3 | 陈静/咨询最终版.xlsx | 6 | 李丽 | 13912345679 | 2026-11-04""",
    )
    assert judged["fate"].tolist() == ["", "重复提交", ""]
    assert judged["repeats"].tolist() == ["", "00002-1-5", ""]


def test_the_same_row_from_another_person_is_a_sighting_not_a_repetition():
    judged = judge(
        """number | person | name | phone
           2 | 陈静 | 王建国 | 13912345678
           3 | 李娟 | 王建国 | 13912345678""",
    )
    assert judged["fate"].tolist() == ["", ""]


@pytest.mark.parametrize(
    ("new", "successor"),
    [
        ("王建国 | 13912345679 | 2026-11-03", "00003-1-5"),  # the phone was corrected
        ("王建囯 | 13912345678 | 2026-11-03", "00003-1-5"),  # the name was corrected
        ("赵敏 | 13700001111 | 2026-11-03", ""),  # somebody else
    ],
)
def test_a_changed_row_of_a_register_takes_the_place_of_its_old_version(new, successor):
    judged = judge(
        f"""number | file | row | name | phone | consult_date
            2 | 陈静/登记.xlsx | 5 | 王建国 | 13912345678 | 2026-11-03
            2 | 陈静/登记.xlsx | 6 | 李丽 | 13800001111 | 2026-11-03
            3 | 陈静/登记(1).xlsx | 5 | {new}
            3 | 陈静/登记(1).xlsx | 6 | 李丽 | 13800001111 | 2026-11-03""",
    )
    assert judged["superseded_by"].tolist()[0] == successor
    assert judged["fate"].tolist() == ["", "", "", "重复提交"]


@pytest.mark.parametrize(
    ("one", "other", "taken"),
    [
        ("济南康乐店 | 山东省 | 济南市", "青岛福寿堂 | 山东省 | 青岛市", False),
        (" | 山东省 | 济南市", " | 山东省 | 青岛市", False),
        ("济南康乐店 | 山东省 | 济南市", "康乐店 | 山东省 | 济南市", True),
        (" |  | ", "济南康乐店 | 山东省 | 济南市", True),
    ],
)
def test_namesakes_of_one_day_at_other_places_do_not_take_each_others_place(one, other, taken):
    judged = judge(
        f"""number | file | name | phone | consult_date | company | province | city
            2 | 陈静/咨询(1).csv | 张伟 | 13912345678 | 2026-11-03 | {one}
            3 | 陈静/咨询(2).csv | 张伟 | 13800001111 | 2026-11-03 | {other}""",
    )
    assert bool(judged["superseded_by"].tolist()[0]) is taken


def test_two_old_rows_that_fit_equally_are_not_guessed_between():
    judged = judge(
        """number | file | row | name | phone | consult_date
           2 | 陈静/登记.xlsx | 5 | 王建国 | 13912345678 | 2026-11-03
           2 | 陈静/登记.xlsx | 6 | 王建国 | 13800001111 | 2026-11-03
           3 | 陈静/登记.xlsx | 9 | 王建国 | 13700002222 | 2026-11-03""",
    )
    assert judged["superseded_by"].tolist() == ["", "", ""]


def test_a_correction_sheet_names_the_row_it_replaces():
    judged = judge(
        """number | file | row | name | phone | extra
           2 | 陈静/登记.xlsx | 5 | 王建国 | 139123 |
           3 | 陈静/退回更正_陈静.xlsx | 4 | 王建国 | 13912345678 | {"记录编号": "00002-1-5"}""",
    )
    assert judged["superseded_by"].tolist() == ["00003-1-4", ""]


def test_a_correction_that_is_wrong_again_takes_the_place_of_the_old_return():
    judged = judge(
        """number | file | row | name | phone | extra
           2 | 陈静/登记.xlsx | 5 | 王建国 | 139123 |
           3 | 陈静/退回更正_陈静.xlsx | 4 | 王建国 | 139124 | {"记录编号": "00002-1-5"}""",
    )
    assert judged[["fate", "superseded_by"]].to_numpy().tolist() == [["退回更正", "00003-1-4"], ["退回更正", ""]]


def test_a_returned_row_stays_returned_when_settings_or_program_change_later():
    decided = pd.DataFrame(
        [
            ["00002-1-5", "2026-W45", "退回更正", "", "no-contact", "旧规则"],
            ["00002-1-6", "2026-W45", "新增客户", "00002-1-6", "", ""],
        ],
        columns=FATE_COLUMNS,
    )
    judged = judge(
        "name | phone | consult_date\n王建国 | 13912345678 | 2026-11-03\n李丽 |  | 2026-11-03",
        week=W46,
        decided=decided,
    )
    assert judged["fate"].tolist() == ["退回更正", ""]


@pytest.mark.parametrize(
    "name",
    [
        "登记本.xlsx",
        "登记本(1).xlsx",
        "登记本 最终版2.xlsx",
        "登记本-副本.xls",
        "登记本(2) - 副本.xlsx",
        "登记本_v3.csv",
    ],
)
def test_copies_of_a_file_are_one_series(name):
    assert fates.series_of(f"刘洋/{name}") == "登记本"


def test_dated_files_are_series_of_their_own():
    assert fates.series_of("移交表1105.xlsx") != fates.series_of("移交表1106.xlsx")
