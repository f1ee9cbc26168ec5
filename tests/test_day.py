"""`salessheets daily`: the hand-over of each working day (workflow.md R1–R4, R8; manual chapter 1, 2①③④)."""

from __future__ import annotations

import json
from datetime import date

import faults
import openpyxl
import pytest
from openpyxl.comments import Comment
from test_roundtrip import columns, find, shown, type_in
from test_week import snapshot

from salessheets import forget, seek
from salessheets.cli import main
from salessheets.day import daily
from salessheets.journal import Journal
from salessheets.office import NotPossibleError, Office
from salessheets.passwords import Passwords, is_locked
from salessheets.settings import Brand, Staff, default
from salessheets.week import weekly
from salessheets.write.settings_book import write_settings

TODAY = "今日处理"


@pytest.fixture
def small(tmp_path):
    """An office of one brand with two clerks and a rep; nothing handed in yet."""
    from dataclasses import replace

    office = Office(tmp_path / "办公室")
    office.make()
    staff = (Staff("周立", "销售部负责人"), Staff("陈静", "客服"), Staff("何敏", "客服"), Staff("刘洋", "业务代表"))
    made = replace(default(), brands=(Brand("康源高电位", "林海"),), staff=staff)
    office.settings.write_bytes(write_settings(made))
    return office


def put(office, name, text, person="陈静"):
    """A CSV in a person's folder."""
    path = office.inbox / person / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(line.strip() for line in text.strip().splitlines()), encoding="utf-8")


def form(office, day, *rows, person="陈静"):
    """A day's 移交表: head cells and rows of name, phone, urgent."""
    lines = [f"{name},{phone},网络咨询,{day},康源高电位,问政策,{urgent}" for name, phone, urgent in rows]
    head = f"移交日期:{day},移交人:{person},接收人:周立"
    put(
        office,
        f"移交表{day}",
        "\n".join(["客户信息移交表", head, "客户姓名,联系电话,信息来源,获取日期,意向品牌,客户情况,是否紧急", *lines]),
        person,
    )


def on(text):
    return date.fromisoformat(text)


def names(outcome):
    people = {r.lead: r.name for r in outcome.consolidated.report.leads.itertuples()}
    people |= {r.lead: r.name for r in outcome.consolidated.report.unbranded.itertuples()}
    return [people[lead] for lead in outcome.day.today["lead"]]


def book(office, day):
    return office.dailies / day / f"{day}_销售部_日报.xlsx"


A, B, C, D = (("张三", "13812340001"), ("李四", "13812340002"), ("王五", "13812340003"), ("赵六", "13812340004"))


def test_urgent_ones_first_then_the_latest_then_the_new(small):
    form(small, "2026-11-16", (*A, "否"))
    form(small, "2026-11-19", (*B, "否"), (*C, "是"))
    outcome = daily(small, day=on("2026-11-19"))
    assert names(outcome) == ["王五", "张三", "李四"]
    assert outcome.day.today["late"].tolist() == [0, 2, 0]
    assert outcome.day.today["due"].tolist() == ["2026-11-20", "2026-11-17", "2026-11-20"]


def test_what_is_already_known_of_a_new_one_is_said(small):
    put(small, "登记本", f"""拜访日期,业务代表,意向区域,单位/店名,客户姓名,联系电话,详细地址,意向品牌
                            2026-11-10,刘洋,济南,福寿堂,张三,{A[1]},泉城路1号,康源高电位""", "刘洋")  # fmt: skip
    form(small, "2026-11-19", (*A, "否"))
    (row,) = daily(small, day=on("2026-11-19")).day.today.to_dict("records")
    assert row["seen"] == "11-10 刘洋 陌拜"
    page = openpyxl.load_workbook(book(small, "2026-11-19"))[TODAY]
    at, head = find(page, row["lead"])
    assert page.cell(at, head["意向品牌"]).value == "康源高电位"


def test_monday_covers_the_weekend_and_the_day_after_a_holiday_the_holiday(small):
    assert daily(small, day=on("2026-11-23")).day.since == on("2026-11-20")
    assert daily(small, day=on("2026-11-24")).day.since == on("2026-11-23")
    assert daily(small, day=on("2026-10-08")).day.since == on("2026-09-30")
    assert daily(small, day=on("2026-02-24")).day.since == on("2026-02-14")


def test_no_day_is_skipped_whenever_it_is_run(small):
    """Whatever the days on which it runs: every new customer is new on exactly one of them."""
    form(small, "2026-11-19", (*A, "否"))
    found = [daily(small, day=on("2026-11-19")).day.new]
    form(small, "2026-11-20", (*B, "否"))
    form(small, "2026-11-23", (*C, "否"))  # nobody ran it on Friday, Monday and Tuesday
    put(
        small,
        "迟交",
        f"咨询日期,咨询渠道,客户姓名,联系电话,意向品牌\n2026-11-17,咨询电话,{D[0]},{D[1]},康源高电位",
        "何敏",
    )
    found.append(daily(small, day=on("2026-11-25")).day.new)
    found.append(daily(small, day=on("2026-11-26")).day.new)
    assert found == [1, 3, 0]


def test_running_it_twice_changes_nothing(small):
    form(small, "2026-11-19", (*A, "否"))
    daily(small, day=on("2026-11-19"))
    before = snapshot(small.root)
    daily(small, day=on("2026-11-19"))
    assert snapshot(small.root) == before


def test_the_answer_typed_into_it_comes_back(small):
    form(small, "2026-11-19", (*A, "否"), (*B, "否"))
    first = daily(small, day=on("2026-11-19"))
    lead = first.day.today["lead"].iloc[0]
    path = book(small, "2026-11-19")
    type_in(
        path, TODAY, lead, 处理结果="有意向", 处理人="刘洋", 处理日期=on("2026-11-19"), 下次跟进日期=on("2026-11-23")
    )
    again = daily(small, day=on("2026-11-19"))
    assert shown(path, TODAY, lead, "处理结果") == "有意向"  # what was typed today stays in sight today
    assert len(again.day.today) == 2
    tomorrow = daily(small, day=on("2026-11-20"))
    assert lead not in set(tomorrow.day.today["lead"])
    feedback = tomorrow.consolidated.report.lists.feedback.set_index("lead")
    assert feedback.at[lead, "state"] == "按时"
    leads = tomorrow.consolidated.report.leads.set_index("lead")
    assert leads.loc[lead, ["status", "next_date"]].tolist() == ["跟进中", "2026-11-23"]
    assert leads["status"].drop(lead).tolist() == [""]


def test_the_weekly_run_knows_what_the_daily_one_was_told(small):
    form(small, "2026-11-19", (*A, "否"))
    lead = daily(small, day=on("2026-11-19")).day.today["lead"].iloc[0]
    type_in(book(small, "2026-11-19"), TODAY, lead, 处理结果="有意向", 下次跟进日期=on("2026-11-20"))
    report = weekly(small, day=on("2026-11-20")).weeks[-1].report
    assert report.lists.agenda[["lead", "reasons"]].to_numpy().tolist() == [[lead, "本周到期"]]
    assert report.conflicts.empty


def test_daily_and_weekly_on_one_day_do_not_take_each_other_for_done(small):
    form(small, "2026-11-19", (*A, "否"))
    daily(small, day=on("2026-11-19"))
    assert weekly(small, day=on("2026-11-19")).fresh
    assert not weekly(small, day=on("2026-11-19")).fresh
    daily(small, day=on("2026-11-19"))
    assert not weekly(small, day=on("2026-11-19")).fresh
    assert [run.command for run in Journal.open(small).runs] == ["daily", "weekly"]


def test_r08_a_register_handed_in_again_makes_one_draft_per_visit(small):
    visit = f"2026-11-18,刘洋,济南,福寿堂,张三,{A[1]},泉城路1号"
    head = "拜访日期,业务代表,意向区域,单位/店名,客户姓名,联系电话,详细地址"
    for name in ("登记本", "登记本(1)", "登记本最终版"):
        put(small, name, f"{head}\n{visit}", "刘洋")
        daily(small, day=on("2026-11-19"))
        visit += f"\n2026-11-19,刘洋,济南,寿康,李四{name[-1]},1381234000{len(name)},泉城路2号"
    drafts = daily(small, day=on("2026-11-19")).consolidated.report.lists.drafts
    assert sorted(drafts["phone"]) == sorted(set(drafts["phone"]))
    assert drafts["phone"].tolist().count(A[1]) == 1


def test_a_draft_that_the_clerk_saves_is_handed_in(small):
    put(
        small,
        "咨询",
        f"咨询日期,咨询渠道,客户姓名,联系电话,咨询内容,登记客服\n2026-11-18,咨询电话,张三,{A[1]},问价格,陈静",
    )
    first = daily(small, day=on("2026-11-19"))
    assert len(first.consolidated.report.lists.missed) == 1
    draft = small.to_fill / "陈静" / "2026-11-19_移交表草稿.xlsx"
    workbook = openpyxl.load_workbook(draft)
    sheet = workbook.worksheets[0]
    row = next(r for r in range(1, 12) if sheet.cell(r, 1).value == "客户姓名")
    assert [sheet.cell(row + 1, c).value for c in (1, 3)] == ["张三", A[1]]
    workbook.save(draft)  # looked at and saved
    second = daily(small, day=on("2026-11-19"))
    assert second.consolidated.report.lists.missed.empty
    assert second.consolidated.trace["table"].value_counts().to_dict() == {"consult_log": 1, "handover": 1}
    assert second.day.matrix.set_index("person").at["陈静", "2026-11-19"] == "✓"
    assert draft.exists()  # the person's own file is never taken away
    assert not second.consolidated.report.problems


def test_an_untouched_draft_gives_way_to_the_next_days(small):
    put(
        small,
        "咨询",
        f"咨询日期,咨询渠道,客户姓名,联系电话,咨询内容,登记客服\n2026-11-18,咨询电话,张三,{A[1]},问价格,陈静",
    )
    daily(small, day=on("2026-11-19"))
    daily(small, day=on("2026-11-20"))
    assert [p.name for p in (small.to_fill / "陈静").iterdir()] == ["2026-11-20_移交表草稿.xlsx"]


def test_a_day_without_anything_is_a_workbook_that_says_so(small):
    daily(small, day=on("2026-11-20"))
    sheets = openpyxl.load_workbook(book(small, "2026-11-20")).sheetnames
    assert sheets == ["概览", "交表情况", "说明"]


def test_the_json_of_a_day(small, capsys):
    form(small, "2026-11-19", (*A, "是"))
    with pytest.raises(SystemExit) as end:
        main(["daily", str(small.root), "--date", "2026-11-19", "--json"], standalone_mode=False)
    assert end.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["workbooks"] == ["日报/2026-11-19/2026-11-19_销售部_日报.xlsx"]
    assert told["totals"] == {
        "today": 1, "urgent": 1, "overdue": 0, "new": 1, "forms_missing": 2, "drafts": 0, "returns": 0,
    }  # fmt: skip


def test_no_name_or_phone_is_on_the_screen(small, capsys):
    form(small, "2026-11-19", (*A, "是"))
    with pytest.raises(SystemExit):
        main(["daily", str(small.root), "--date", "2026-11-19"], standalone_mode=False)
    told = capsys.readouterr()
    assert A[0] not in told.err + told.out
    assert A[1] not in told.err + told.out


def test_columns_are_found(small):
    form(small, "2026-11-19", (*A, "否"))
    daily(small, day=on("2026-11-19"))
    _, head = columns(openpyxl.load_workbook(book(small, "2026-11-19"))[TODAY])
    assert {"处理人", "处理日期", "处理结果", "下一步跟进", "下次跟进日期"} <= set(head)


# --- crash safety, passwords, forgetting ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [faults.KilledBefore, faults.KilledAmid])
def test_a_daily_run_that_was_killed_is_completed_by_the_next(small, tmp_path, kind):
    form(small, "2026-11-19", (*B, "否"), (*C, "是"))
    put(
        small, "咨询记录", f"咨询日期,咨询渠道,客户姓名,联系电话,意向品牌\n2026-11-18,咨询电话,{','.join(A)},康源高电位"
    )
    run_on = on("2026-11-19")
    whole = faults.copy_of(small, tmp_path / "whole")
    disk = faults.KilledBefore()
    assert faults.with_disk(disk, lambda: daily(whole, day=run_on))
    wanted = faults.snapshot(whole.root)
    for at in range(2, disk.count, 7):
        office = faults.copy_of(small, tmp_path / f"{at}")
        assert not faults.with_disk(kind(at), lambda office=office: daily(office, day=run_on))
        daily(office, day=run_on)
        assert faults.snapshot(office.root) == wanted, at


def test_the_day_is_locked_with_the_password_of_the_sales_department(small):
    form(small, "2026-11-19", (*A, "是"))
    locked = Office(small.root, Passwords({"销售部": ("geheim",)}))
    daily(locked, day=on("2026-11-19"))
    data = book(small, "2026-11-19").read_bytes()
    assert is_locked(data)
    assert not is_locked(locked.passwords.unlock(data))
    with pytest.raises(NotPossibleError, match="销售部"):
        daily(small, day=on("2026-11-20"))


def test_the_weekly_run_leaves_the_day_where_it_is(small):
    form(small, "2026-11-18", (*A, "是"))
    daily(small, day=on("2026-11-18"))
    weekly(small, day=on("2026-11-19"))
    assert book(small, "2026-11-18").exists()


def test_a_comment_in_the_day_keeps_the_old_file(small):
    form(small, "2026-11-18", (*A, "是"))
    daily(small, day=on("2026-11-18"))
    path = book(small, "2026-11-18")
    made = openpyxl.load_workbook(path)
    made[TODAY]["A4"].comment = Comment("先打电话", "周立")
    made.save(path)
    form(small, "2026-11-17", (*B, "否"))
    problems = daily(small, day=on("2026-11-18")).problems
    assert [problem.code for problem in problems] == ["workbook-kept"]
    assert path.with_name(f"{path.stem}_原件.xlsx").exists()


def test_whoever_is_forgotten_leaves_the_day_and_the_forms_too(small):
    form(small, "2026-11-18", (*A, "是"), (*B, "否"))
    put(
        small, "咨询记录", f"咨询日期,咨询渠道,客户姓名,联系电话,意向品牌\n2026-11-17,咨询电话,{','.join(C)},康源高电位"
    )
    weekly(small, day=on("2026-11-18"))
    outcome = daily(small, day=on("2026-11-18"))
    lead = outcome.day.today["lead"].iloc[names(outcome).index("李四")]
    type_in(book(small, "2026-11-18"), TODAY, lead, 处理结果="有意向")
    daily(small, day=on("2026-11-18"))
    forget.start(small, seek.find(small, numbers=(A[1],)))
    assert forget.resume(small).problems == ()
    assert find_numbers(small, A[1]) == []
    assert find_numbers(small, B[1]) != []


def find_numbers(office, number):
    """Files of the folder that show a number in one of their cells."""
    found = []
    for path in sorted(office.root.rglob("*.xlsx")):
        if number in " ".join(str(c) for sheet in openpyxl.load_workbook(path) for row in sheet.values for c in row):
            found.append(path.name)
    return found
