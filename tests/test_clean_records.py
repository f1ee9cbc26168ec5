"""From raw rows of any table to records: contacts gathered from all cells, facts inferred, problems flagged."""

from __future__ import annotations

import pytest
from small import cleaned, records


@pytest.mark.parametrize(
    ("phone", "wechat", "qq", "mobiles", "landlines", "kept_wechat", "kept_qq"),
    [
        ("13987650012", "", "", ("13987650012",), (), "", ""),
        ("", "13987650012", "", ("13987650012",), (), "", ""),
        ("", "", "13987650012", ("13987650012",), (), "", "13987650012"),
        ("13987650012", "同手机", "", ("13987650012",), (), "", ""),
        ("", "WangJG_75", "", (), (), "wangjg_75", ""),
        ("", "284651937", "", (), (), "", "284651937"),
        ("88881234", "", "", (), ("0531-88881234",), "", ""),  # 济南 has one area code
        ("13987650012/0531-88881234", "", "", ("13987650012",), ("0531-88881234",), "", ""),
    ],
)
def test_contacts_are_gathered_from_all_cells(phone, wechat, qq, mobiles, landlines, kept_wechat, kept_qq):
    row = records(f"phone | wechat | qq | province | city\n{phone} | {wechat} | {qq} | 山东省 | 济南市").iloc[0]
    assert [row["mobiles"], row["landlines"], row["wechat"], row["qq"]] == [mobiles, landlines, kept_wechat, kept_qq]


@pytest.mark.parametrize(
    ("typed", "read", "swapped"),
    [
        ("13987650012 | 袁敏 | ", ("袁敏", ("13987650012",), ""), True),
        ("0531-88881234 | | 康乐馆", ("", (), "康乐馆"), True),
        ("金沙足浴城 | 13987650012 | 柏松", ("柏松", ("13987650012",), "金沙足浴城"), True),
        ("康乐养生馆 | 13987650012 | 李馆", ("康乐养生馆", ("13987650012",), "李馆"), False),  # no person's name
        ("袁敏 | 13987650012 | 康乐馆", ("袁敏", ("13987650012",), "康乐馆"), False),
        ("8号店 | 13987650012 | ", ("8号店", ("13987650012",), ""), False),
    ],
)
def test_cells_in_each_others_columns_are_put_right_and_named(typed, read, swapped):
    found, flags = cleaned(f"name | phone | company\n{typed}")
    row = found.iloc[0]
    assert (row["name"], row["mobiles"], row["company"]) == read
    assert ("swapped-cells" in set(flags["code"])) is swapped


def test_a_name_glued_to_the_phone_is_a_name():
    assert records("name | phone\n | 13987650012袁总")["name"].tolist() == ["袁总"]


@pytest.mark.parametrize(
    ("row", "channel"),
    [
        ("consult_log | 咨询电话 | |", "网络咨询"),
        ("consult_log | 行业QQ群 | |", "行业群"),
        ("visit_log | | |", "陌生拜访"),
        ("referral | | 委托客户介绍 |", "客户转介绍"),
        ("referral | | 委托同行推荐 |", "同行推荐"),
        ("directory | | | 医疗器械展", "医疗器械展"),
        ("directory | | | ", ""),
    ],
)
def test_r05_every_table_says_its_channel(row, channel):
    assert records(f"table | contact_way | referral_way | channel\n{row}")["channel"].tolist() == [channel]


@pytest.mark.parametrize(
    ("count", "team"),
    [("", ""), ("4", "5人以下"), ("5", "5-9人"), ("约12人", "10-19人"), ("20", "20人以上"), ("多", "")],
)
def test_facts_of_a_visit_answer_criteria(count, team):
    assert records(f"table | name | staff_count\nvisit_log | 王建国 | {count}")["team"].tolist() == [team]


def test_head_cells_date_a_row_that_has_no_date_of_its_own():
    row = records("table | name | handover_date\nhandover | 王建国 | 2026年11月5日").iloc[0]
    assert [row["date"], row["dated"]] == ["2026-11-05", True]
    undated = records("name\n王建国").iloc[0]
    assert [undated["date"], undated["dated"]] == ["2026-11-20", False]


@pytest.mark.parametrize(
    ("columns", "row", "flag"),
    [
        ("phone", "1391234567", ("phone", "phone-invalid", "1391234567")),
        ("consult_date", "随便", ("consult_date", "bad-date", "随便")),
        ("consult_date", "", ("consult_date", "date-missing", "")),
        ("intent", "很高", ("intent", "choice-unknown", "很高")),
        ("note", "有高血压", ("note", "health-note", "")),
        ("county", "朝阳区", ("city", "region-ambiguous", "朝阳区")),
    ],
)
def test_what_is_not_understood_is_flagged_with_the_persons_own_value(columns, row, flag):
    flags = cleaned(f"name | {columns}\n王建国 | {row}")[1]
    assert flag in set(flags[["field", "code", "value"]].itertuples(index=False, name=None))
