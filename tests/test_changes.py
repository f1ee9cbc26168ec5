"""本周变化: the list of a brand against the list of the last closed week, cell by cell (workflow.md)."""

from __future__ import annotations

import pandas as pd
from small import frame

from salessheets.changes import CHANGED, GONE, NEW, Now, changes
from salessheets.issue import Issue

NO_FATES = pd.DataFrame(columns=["rid", "week", "fate", "lead", "code", "reason"], dtype="str")


def before(leads: str, typed: str = "") -> Issue:
    """What an issue record says: who was listed, and what stood in the yellow cells."""
    listed = frame(leads).assign(score=50.0)
    every = [("owner", ""), ("note", "")]
    cells = {(row.brand, row.lead, field): value for row in listed.itertuples() for field, value in every}
    for row in frame(typed).itertuples() if typed else ():
        cells[row.brand, row.lead, row.field] = row.value
    found = [(brand, "有效客户名单", lead, field, value) for (brand, lead, field), value in cells.items()]
    return Issue(pd.DataFrame(found, columns=["workbook", "sheet", "lead", "field", "value"]), NO_FATES, listed)


def now(leads: str, closed: str = "lead | brand | status", belongs=None, renamed=None) -> Now:
    listed = frame(leads)
    listed["score"] = listed["score"].astype(float) if "score" in listed else 50.0
    for field in ("owner", "note", "name", "company", "channel", "final_class"):
        listed[field] = listed.get(field, pd.Series("", index=listed.index, dtype="str"))
    known = {lead: lead for lead in listed["lead"]} | (belongs or {})
    return Now(listed, frame(closed), known, renamed or {})


def told(now: Now, before: Issue | None) -> list[tuple[str, ...]]:
    rows = changes(now, before)
    return list(rows[["lead", "kind", "field", "old", "new"]].itertuples(index=False, name=None))


def test_every_cell_that_is_another_one_is_a_line_old_and_new():
    old = before("lead | brand | name | final_class\n1-1-5 | 康源 | 王建国 | B\n1-1-6 | 康源 | 李秀英 | C",
                 "brand | lead | field | value\n康源 | 1-1-5 | owner | 刘洋")  # fmt: skip
    new = now(
        "lead | brand | name | final_class | score | owner | note\n1-1-5 | 康源 | 王建国 | A | 66.5 | 赵强 | 急\n1-1-6 | 康源 | 李秀英 | C | 50 |  | "
    )
    assert told(new, old) == [
        ("1-1-5", CHANGED, "级别", "B", "A"),
        ("1-1-5", CHANGED, "得分", "50.0", "66.5"),
        ("1-1-5", CHANGED, "跟进人", "刘洋", "赵强"),
        ("1-1-5", CHANGED, "备注", "", "急"),
    ]


def test_who_came_is_one_line_and_who_left_says_where_to():
    old = before(
        "lead | brand | name\n1-1-5 | 康源 | 甲\n1-1-6 | 康源 | 乙\n1-1-7 | 康源 | 丙\n1-1-8 | 康源 | 丁\n1-1-9 | 康源 | 戊"
    )
    new = now(
        "lead | brand | name | final_class | channel\n1-1-4 | 康源 | 己 | 待评 | 陌生拜访\n1-1-5 | 康源 | 甲 |  | ",
        "lead | brand | status\n1-1-6 | 康源 | 放弃",
        {"1-1-6": "1-1-6", "1-1-7": "1-1-5", "1-1-8": "1-1-8"},
    )
    assert told(new, old) == [
        ("1-1-4", NEW, "", "", "待评、陌生拜访"),
        ("1-1-6", GONE, "", "", "放弃"),
        ("1-1-7", GONE, "", "", "并入 1-1-5"),
        ("1-1-8", GONE, "", "", "移出本品牌"),
        ("1-1-9", GONE, "", "", "不再有效"),
    ]
    names = changes(new, old).set_index("lead")["name"]
    assert (names["1-1-8"], names["1-1-9"]) == ("丁", "")  # who must not be contacted any more is not named


def test_each_brand_is_compared_with_its_own_list_under_its_new_name():
    old = before(
        "lead | brand | name\n1-1-5 | 康源 | 甲\n1-1-5 | 益生 | 甲",
        "brand | lead | field | value\n益生 | 1-1-5 | note | 老",
    )
    new = now(
        "lead | brand | name | note\n1-1-5 | 康源高电位 | 甲 | \n1-1-5 | 益生 | 甲 | 新", renamed={"康源": "康源高电位"}
    )
    rows = changes(new, old)
    assert rows[["brand", "field", "old", "new"]].to_numpy().tolist() == [["益生", "备注", "老", "新"]]


def test_the_first_week_has_nothing_to_compare_with():
    assert told(now("lead | brand | name\n1-1-5 | 康源 | 甲"), None) == []


def test_a_column_that_an_older_program_did_not_record_says_nothing():
    old = before("lead | brand | name\n1-1-5 | 康源 | 甲")
    new = now("lead | brand | name | summary\n1-1-5 | 康源 | 甲 | 问价格")
    assert told(new, old) == []
