"""待填: forms with what is known filled in, and 跟进表 whose answers come back (issue text; workflow.md R17)."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from test_day import A, B, C, form, on, put, small
from test_roundtrip import columns, find, shown, type_in

from salessheets.week import weekly

__all__ = ["small"]
KANG, WEEK, NEXT = "康源高电位", "2026-W47", "2026-W48"
FOLLOW, FORMS = "跟进表", ("客户分析表", "客户策略制定表", "客户洽谈信息记录表")


def report_path(office, week=WEEK):
    return office.reports / week / f"{week}_{KANG}_周报.xlsx"


def form_path(office, name, week=WEEK, person="刘洋"):
    return office.to_fill / person / f"{week}_{name}.xlsx"


@pytest.fixture
def assigned(small):
    """Three leads of the week, two of them given to 刘洋 by the director; the lead numbers by name."""
    form(small, "2026-11-16", (*A, "否"), (*B, "否"), (*C, "否"))
    report = run(small, "2026-11-17")
    numbers = report.leads.set_index("name")["lead"].to_dict()
    for name in (A[0], B[0]):
        type_in(report_path(small), "待分配", numbers[name], 跟进人="刘洋")
    run(small, "2026-11-18")
    return small, numbers


def run(office, day):
    return weekly(office, day=on(day)).weeks[-1].report


def rows(path):
    """Header → cells of each row of a form's first sheet."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    at = next(r for r in range(1, 12) if "客户编号" in [c.value for c in sheet[r]])
    head = [c.value for c in sheet[at]]
    return [dict(zip(head, (c.value for c in line), strict=True)) for line in sheet.iter_rows(min_row=at + 1)]


def fill(path, lead, **values):
    """Fill in one row of a form and save it where it lies."""
    type_in(path, openpyxl.load_workbook(path).sheetnames[0], lead, **values)


def test_a_person_gets_a_form_with_number_name_and_what_is_known_of_each_new_lead(assigned):
    office, numbers = assigned
    for name in FORMS:
        told = rows(form_path(office, name))
        assert {r["客户编号"]: r["客户姓名"] for r in told} == {numbers[n]: n for n in (A[0], B[0])}
        assert all("网络咨询" in r["已知情况(供参考,不用改)"] for r in told)
    assert not (office.to_fill / "孙磊").exists()


def test_who_hands_a_filled_form_back_need_not_retype_and_gets_no_new_one_for_that_lead(assigned):
    office, numbers = assigned
    path = form_path(office, "客户分析表")
    fill(path, numbers[A[0]], 企业规模="大", 需求="明确需求", 合作可能性="高", 分析人="刘洋")
    report = run(office, "2026-11-19")
    lead = report.leads.set_index("lead").loc[numbers[A[0]]]
    assert [lead["scale"], lead["need"], lead["likelihood"]] == ["大", "明确需求", "高"]
    assert report.returns.empty
    before = path.read_bytes()
    run(office, "2026-11-24")  # the next week's form holds only the lead that is still missing
    assert [r["客户编号"] for r in rows(form_path(office, "客户分析表", NEXT))] == [numbers[B[0]]]
    assert path.read_bytes() == before  # a form that a person began stays as it is
    assert not form_path(office, "客户策略制定表").exists()  # an untouched one gave way to the new week's


def test_a_row_left_empty_is_no_talk(assigned):
    office, numbers = assigned
    path = form_path(office, "客户洽谈信息记录表")
    fill(path, numbers[A[0]], 洽谈日期=date(2026, 11, 18), 洽谈内容="谈了政策", 洽谈状态="建议报价", 下一步="寄合同",
         下次洽谈日期=date(2026, 11, 20))  # fmt: skip
    report = run(office, "2026-11-19")
    assert report.lists.events.query("kind == '洽谈'")["lead"].tolist() == [numbers[A[0]]]
    leads = report.leads.set_index("lead")
    assert leads.loc[numbers[A[0]], ["status", "next_date"]].tolist() == ["已洽谈", "2026-11-20"]
    assert leads.at[numbers[B[0]], "status"] == ""


def test_a_result_typed_into_the_follow_up_sheet_moves_status_and_next_date(assigned):
    office, numbers = assigned
    lead = numbers[A[0]]
    type_in(form_path(office, FOLLOW), FOLLOW, lead, 处理结果="约周五到公司", 下次跟进日期=date(2026, 11, 20))
    report = run(office, "2026-11-19")
    row = report.leads.set_index("lead").loc[lead]
    assert row[["status", "next_date"]].tolist() == ["跟进中", "2026-11-20"]
    assert shown(form_path(office, FOLLOW), FOLLOW, lead, "处理结果") == "约周五到公司"
    assert report.conflicts.empty
    again = run(office, "2026-11-24")  # next week the cells are empty again, and the week before is not lost
    assert shown(form_path(office, FOLLOW, NEXT), FOLLOW, lead, "处理结果") == ""
    assert shown(form_path(office, FOLLOW, NEXT), FOLLOW, lead, "上次联系") == "2026-11-19 跟进"
    type_in(form_path(office, FOLLOW, NEXT), FOLLOW, lead, 处理结果="已到访", 跟进状态="已洽谈")
    report = run(office, "2026-11-25")
    assert report.leads.set_index("lead").at[lead, "status"] == "已洽谈"
    assert report.conflicts.empty
    assert again.lists.agenda["reasons"].tolist() == ["已逾期"]


def test_a_director_who_changes_what_a_sheet_has_set_is_no_conflict(assigned):
    office, numbers = assigned
    lead = numbers[A[0]]
    type_in(report_path(office), "有效客户名单", lead, 下次跟进日期=date(2026, 11, 20))
    run(office, "2026-11-18")
    talk = f"客户编号,客户姓名,第几次,洽谈日期,洽谈方式,我方洽谈人,洽谈内容,洽谈状态,下次洽谈日期\n{lead},{A[0]},1,2026-11-19,电话,刘洋,谈,需求确认,2026-11-27"
    put(office, "洽谈记录", talk, "刘洋")
    assert run(office, "2026-11-19").leads.set_index("lead").at[lead, "next_date"] == "2026-11-27"
    type_in(report_path(office), "有效客户名单", lead, 下次跟进日期=date(2026, 11, 30))
    report = run(office, "2026-11-20")
    assert report.leads.set_index("lead").at[lead, "next_date"] == "2026-11-30"
    assert report.conflicts.empty


def test_a_follow_up_sheet_sent_to_the_inbox_is_understood_too(assigned):
    office, numbers = assigned
    path = form_path(office, FOLLOW)
    copy = office.inbox / "刘洋" / path.name
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(path.read_bytes())
    type_in(copy, FOLLOW, numbers[B[0]], 处理结果="再联系")
    report = run(office, "2026-11-19")
    assert report.leads.set_index("lead").at[numbers[B[0]], "status"] == "跟进中"


def test_running_it_again_without_news_writes_nothing(assigned):
    office, _ = assigned
    assert not weekly(office, day=on("2026-11-18")).fresh


def test_a_lead_stands_on_one_line_of_the_sheet(assigned):
    office, numbers = assigned
    sheet = openpyxl.load_workbook(form_path(office, FOLLOW))[FOLLOW]
    at, head = columns(sheet)
    leads = [sheet.cell(r, head["客户编号"]).value for r in range(at + 1, sheet.max_row + 1)]
    assert sorted(leads) == sorted(numbers[n] for n in (A[0], B[0]))
    assert find(sheet, numbers[A[0]])


def test_a_person_whose_new_leads_are_all_handed_in_gets_no_form(assigned):
    office, numbers = assigned
    path = form_path(office, "客户分析表")
    for name in (A[0], B[0]):
        fill(path, numbers[name], 企业规模="大", 需求="明确需求", 分析人="刘洋")
    run(office, "2026-11-24")
    assert not form_path(office, "客户分析表", NEXT).exists()
    assert form_path(office, FOLLOW, NEXT).exists()
