"""What a director does with his workbook: rows of his own, corrected cells, answers, and mistakes that are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from desk import HEAD, KANG, LI, SETTINGS, WANG, YI, Desk, add_row, header_of, shown, type_in

from salessheets.settings import Brand, Staff

W46, W47, W48 = date(2026, 11, 13), date(2026, 11, 20), date(2026, 11, 27)
LEADS, WAITING, MERGES, SALES, UNBRANDED = "有效客户名单", "待分配", "合并明细", "销售部_周报", "未分品牌"
ZHOU = "周全 | 13912345670 | 2026-11-10 | 康源 | 青岛舒活馆 | 青岛市"


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path / "办公室")
    desk.hand_in("陈静/咨询.csv", f"{HEAD}\n{WANG}\n{LI}\n{ZHOU}")
    desk.run(W46)
    return desk


def of(desk, name, brand=KANG):
    leads = desk.report.leads
    return leads[(leads["name"] == name) & (leads["brand"] == brand)].iloc[0]


def conflicts(desk):
    return desk.report.conflicts[["kind", "field", "older", "newer"]].to_numpy().tolist()


# --- rows added by hand ---------------------------------------------------------------------------------------------


def test_a_row_added_by_hand_becomes_a_lead_with_what_was_typed_beside_it(desk):
    add_row(
        desk.book("2026-W46"),
        LEADS,
        客户姓名="赵新",
        联系电话="13677770001",
        市="济南市",
        跟进人="刘洋",
        备注="会上认识",
    )
    desk.run(W46)
    lead = of(desk, "赵新")
    assert (lead["channel"], lead["owner"], lead["note"], lead["city"]) == ("市场总监", "刘洋", "会上认识", "济南市")
    ledger = desk.report.ledger.set_index("file")
    assert ledger.at["周报/2026-W46/2026-W46_康源_周报.xlsx", "新增客户"] == 1
    assert desk.report.ledger["rows"].sum() == 4
    before = desk.book("2026-W46").read_bytes()
    desk.run(W46)
    assert desk.book("2026-W46").read_bytes() == before


def test_a_row_added_for_a_known_customer_is_not_a_second_one(desk):
    add_row(desk.book("2026-W46"), LEADS, 客户姓名="王建国", 联系电话="13958671234", 备注="又来电话")
    desk.run(W46)
    assert sorted(desk.leads().values()) == ["周全", "李秀英", "王建国"]
    assert of(desk, "王建国")["note"] == "又来电话"


def test_a_row_added_without_any_contact_goes_back_to_the_director_and_returns(desk):
    add_row(desk.book("2026-W46"), LEADS, 客户姓名="赵新", 市="济南市")
    desk.run(W46)
    (row,) = desk.report.returns.to_dict("records")
    assert row["person"] == "林总监"
    path = desk.office.returns / "林总监" / "退回更正_林总监.xlsx"
    book = openpyxl.load_workbook(path)
    page = book["有效客户名单表"]
    _, texts = header_of(page)
    page.cell(4, texts["联系电话"]).value = "13677770001"
    book.save(path)
    desk.run(W46)
    assert of(desk, "赵新")["phone"] == "13677770001"
    assert desk.report.returns.empty


def test_a_row_added_under_unassigned_brand_goes_to_the_brand_chosen(desk):
    desk.hand_in("陈静/咨询2.csv", f"{HEAD}\n钱多 | 13912345671 | 2026-11-10 |  | 烟台店 | 烟台市")
    desk.run(W46)
    add_row(
        desk.book("2026-W46", SALES), UNBRANDED, 客户姓名="孙丽", 联系电话="13677770002", 地区="济南市", 归属品牌=YI
    )
    desk.run(W46)
    assert list(desk.leads(YI).values()) == ["孙丽"]


# --- white cells ----------------------------------------------------------------------------------------------------


def test_a_corrected_white_cell_becomes_a_record_and_the_old_value_stays_known(desk):
    lead = desk.lead("王建国")
    type_in(desk.book("2026-W46"), LEADS, lead, 联系电话="13677770003", **{"单位/店名": "济南新康乐店"})
    desk.run(W46)
    now = of(desk, "王建国")
    assert (now["lead"], now["phone"], now["company"]) == (lead, "13677770003", "济南新康乐店")
    roles = desk.report.merges[["role", "person", "phone"]].to_numpy().tolist()
    assert roles == [["首条", "陈静", "13958671234"], ["更正", "林总监", "13677770003"]]
    desk.hand_in("陈静/后来.csv", f"{HEAD}\n王建国 | 13958671234 | 2026-11-12 | 康源 |  | ")
    desk.run(W47)
    assert of(desk, "王建国")["lead"] == lead


def test_a_name_can_be_corrected_to_quite_another_one(desk):
    lead = desk.lead("李秀英")
    type_in(desk.book("2026-W46"), LEADS, lead, 客户姓名="黎绣盈")
    desk.run(W46)
    assert of(desk, "黎绣盈")["lead"] == lead
    type_in(desk.book("2026-W46"), LEADS, lead, 客户姓名="李秀英")
    desk.run(W47)
    assert of(desk, "李秀英")["lead"] == lead
    type_in(desk.book("2026-W47"), LEADS, lead, 客户姓名="黎绣盈")
    desk.run(W47)
    assert of(desk, "黎绣盈")["lead"] == lead


def test_a_column_sorted_alone_is_not_believed_and_named(desk):
    path = desk.book("2026-W46")
    desk.hand_in(
        "陈静/咨询2.csv",
        f"{HEAD}\n吴敏 | 13977770004 | 2026-11-10 | 康源 | | 济南市\n郑好 | 13977770005 | 2026-11-10 | 康源 | | ",
    )
    desk.run(W46)
    for header in ("客户姓名", "联系电话", "备注"):
        for lead, name in desk.leads().items():
            type_in(path, LEADS, lead, 备注=f"记{name}")
        desk.run(W46)
        book = openpyxl.load_workbook(path)
        page = book[LEADS]
        top, texts = header_of(page)
        rows = range(top + 1, page.max_row + 1)
        values = [str(page.cell(r, texts[header]).value) for r in rows]
        values = values[1:] + values[:1]
        for r, value in zip(rows, values, strict=True):
            page.cell(r, texts[header]).value = value
        book.save(path)
        before = {(n, p, o) for n, p, o in desk.report.leads[["name", "phone", "note"]].to_numpy().tolist()}
        desk.run(W46)
        assert {(n, p, o) for n, p, o in desk.report.leads[["name", "phone", "note"]].to_numpy().tolist()} == before
        assert "edit-shuffled" in {p.code for p in desk.problems()}, header


def test_what_one_brands_director_corrects_does_not_name_his_brand_to_another(desk):
    desk.hand_in("陈静/咨询2.csv", f"{HEAD}\n{WANG.replace('康源', '康源、益生')}")
    desk.run(W46)
    add_row(desk.book("2026-W46", YI), LEADS, 客户姓名="周全", 联系电话="13912345670", 备注="益生的备注")
    type_in(desk.book("2026-W46", YI), LEADS, desk.lead("王建国"), 客户姓名="王建囯")
    desk.run(W46)
    assert of(desk, "王建囯")["phone"] == "13958671234"
    book = openpyxl.load_workbook(desk.book("2026-W46"))
    text = "\n".join(str(c.value) for page in book for row in page.iter_rows() for c in row)
    assert "益生" not in text
    assert "更正" in text


# --- what cannot be placed is named ----------------------------------------------------------------------------------


def test_a_row_whose_number_was_changed_is_listed_with_what_was_typed(desk):
    path = desk.book("2026-W46")
    lead = desk.lead("王建国")
    type_in(path, LEADS, lead, 备注="重要", 客户编号="00077-1-9")
    desk.run(W46)
    assert [p.code for p in desk.problems()] == ["edit-unknown"]
    assert conflicts(desk) == [["没有采用", "", "", "备注:重要"]]
    assert shown(path, "冲突", ["情况", "客户编号", "较新的内容"]) == [("没有采用", "00077-1-9", "备注:重要")]
    assert shown(desk.book("2026-W46", SALES), "冲突", ["情况"]) == [("没有采用",)]
    from salessheets import summary

    assert any("没有采用" in line for line in summary.lines(desk.office, desk.outcome, dry=False))
    desk.run(W47)
    assert len(desk.report.conflicts) == 1
    desk.run(W48)
    assert desk.report.conflicts.empty


def test_a_formula_that_nobody_calculated_is_named_with_its_cell(desk):
    type_in(desk.book("2026-W46"), LEADS, desk.lead("王建国"), 备注='="a"&"b"')
    desk.run(W46)
    (problem,) = desk.problems()
    assert (problem.code, problem.cell[:1].isalpha()) == ("edit-formula", True)


def test_two_people_in_one_cell_are_shown_with_both_values_who_and_when(desk):
    lead = desk.lead("王建国")
    copy = desk.office.inbox / "刘洋" / "周报.xlsx"
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(desk.book("2026-W46").read_bytes())
    type_in(desk.book("2026-W46"), LEADS, lead, 备注="总监写的")
    desk.run(W46)
    type_in(copy, LEADS, lead, 备注="刘洋写的")
    desk.run(date(2026, 11, 14))
    row = desk.report.conflicts.iloc[0]
    assert (row["older"], row["older_by"]) == ("总监写的", "林总监 2026-11-13")
    assert (row["newer"], row["newer_by"]) == ("刘洋写的", "刘洋 2026-11-14")
    type_in(desk.book("2026-W46"), LEADS, lead, 备注="都看过了")
    desk.run(date(2026, 11, 14))
    assert desk.report.conflicts.empty


# --- people and brands come and go ------------------------------------------------------------------------------------


def test_r10_the_leads_of_a_person_who_left_wait_for_another(desk):
    lead = desk.lead("王建国")
    type_in(desk.book("2026-W46"), WAITING, lead, 跟进人="刘洋")
    desk.run(W46)
    assert of(desk, "王建国")["owner"] == "刘洋"
    staff = tuple(
        replace(p, left=date(2026, 11, 16), successor="赵强") if p.name == "刘洋" else p for p in SETTINGS.staff
    )
    desk.set(replace(SETTINGS, staff=staff))
    desk.run(W47)
    assert (of(desk, "王建国")["owner"], of(desk, "王建国")["former_owner"]) == ("", "刘洋(已离职,接替人 赵强)")
    rows = shown(desk.book("2026-W47"), WAITING, ["客户编号", "原跟进人"])
    assert (lead, "刘洋(已离职,接替人 赵强)") in rows
    type_in(desk.book("2026-W47"), WAITING, lead, 跟进人="赵强")
    desk.run(W47)
    assert of(desk, "王建国")["owner"] == "赵强"
    assert desk.report.conflicts.empty


def test_a_customer_who_calls_again_is_shown(desk):
    desk.hand_in("陈静/咨询2.csv", f"{HEAD}\n王建国 | 13958671234 | 2026-11-17 | 康源 | 济南康乐店 | 济南市")
    desk.run(W47)
    assert of(desk, "王建国")["called_again"] == "2026-11-17 陈静"
    assert of(desk, "李秀英")["called_again"] == ""
    assert ("2026-11-17 陈静",) in shown(desk.book("2026-W47"), LEADS, ["再次来电"])
    desk.run(W48)
    assert of(desk, "王建国")["called_again"] == ""


def test_a_lead_that_goes_to_another_brand_is_asked_for_and_moves(desk):
    head = "name | phone | channel | obtained_date | brand | content | urgent | handler | result"
    desk.hand_in(
        "陈静/移交.csv",
        f"{head}\n王建国 | 13958671234 | 网络咨询 | 2026-11-12 | 康源 | 想要床 | 否 | 周立 | 转其他品牌",
        "handover",
    )
    desk.run(W46)
    lead = desk.lead("王建国")
    assert lead in desk.leads(KANG)
    (asked,) = desk.report.unbranded.to_dict("records")
    assert (asked["lead"], asked["todo"]) == (lead, "转其他品牌(现在:康源),请选品牌")
    type_in(desk.book("2026-W46", SALES), UNBRANDED, lead, 归属品牌=YI)
    desk.run(W46)
    assert lead not in desk.leads(KANG)
    assert lead in desk.leads(YI)
    assert desk.report.unbranded.empty
    desk.run(W47)
    assert (lead in desk.leads(KANG), lead in desk.leads(YI)) == (False, True)


def test_a_brand_that_is_no_longer_in_use_has_no_workbook_and_its_leads_ask_for_another(desk):
    desk.set(replace(SETTINGS, brands=(replace(SETTINGS.brands[0], stop=date(2026, 11, 16)), SETTINGS.brands[1])))
    desk.run(W47)
    assert not desk.book("2026-W47").exists()
    assert desk.book("2026-W47", YI).exists()
    assert set(desk.report.unbranded["todo"]) == {"品牌「康源」现在不用"}
    lead = next(iter(desk.report.unbranded["lead"]))
    type_in(desk.book("2026-W47", SALES), UNBRANDED, lead, 归属品牌=YI)
    desk.run(W47)
    assert list(desk.leads(YI)) == [lead]


def test_a_renamed_brand_keeps_what_was_typed_and_its_classes(desk):
    lead = desk.lead("王建国")
    type_in(desk.book("2026-W46"), LEADS, lead, 备注="记住")
    desk.run(W46)
    desk.set(replace(SETTINGS, brands=(Brand("康源健康", "林总监", former=(KANG,)), SETTINGS.brands[1])))
    desk.run(W47)
    assert of(desk, "王建国", "康源健康")["note"] == "记住"


def test_a_first_week_set_later_counts_until_a_week_is_closed(tmp_path):
    desk = Desk(tmp_path / "办公室")
    desk.hand_in("陈静/咨询.csv", f"{HEAD}\n{WANG}")
    desk.run(W46)
    desk.set(replace(SETTINGS, rules=replace(SETTINGS.rules, first_week="2026-W44")))
    desk.run(W46)
    assert [str(done.report.week) for done in desk.outcome.weeks] == ["2026-W44", "2026-W45", "2026-W46"]


def test_answers_listed_under_the_dropdowns_of_the_office_count(desk):
    desk.set(replace(SETTINGS, choices={"企业规模": ("特大",)}))
    desk.hand_in(
        "陈静/分析.csv",
        f"lead | name | scale | analyst | analysis_date\n{desk.lead('王建国')} | 王建国 | 特大 | 陈静 | 2026-11-12",
        "analysis",
    )
    desk.run(W46)
    assert of(desk, "王建国")["scale"] == "特大"


def test_new_leads_are_counted_for_a_brand_from_the_week_that_names_it(desk):
    desk.hand_in("陈静/咨询2.csv", f"{HEAD}\n王建国 | 13958671234 | 2026-11-17 | 益生 | 济南康乐店 | 济南市")
    desk.run(W47)
    counts = desk.report.counts.set_index(["week", "brand"])["new"].to_dict()
    assert counts == {("2026-W46", KANG): 3, ("2026-W47", YI): 1}


def test_staff_without_a_date_stay(desk):
    assert SETTINGS.left(W46) == {}
    assert replace(SETTINGS, staff=(Staff("甲", left=W46),)).left(W46) == {"甲": ""}


# --- what a keyboard test found ---------------------------------------------------------------------------------------


def edit_page(path, change, sheet=LEADS):
    """Change a sheet of a workbook as ``change(page, header row, columns)`` does, and save."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    change(page, *header_of(page))
    book.save(path)


def row_of(page, top, texts, lead):
    return next(r for r in range(top + 1, page.max_row + 1) if page.cell(r, texts["客户编号"]).value == lead)


def not_taken(desk):
    rows = desk.report.conflicts
    return rows.loc[rows["kind"] == "没有采用", "newer"].tolist()


def test_a_renamed_sheet_and_a_copy_of_a_sheet_are_read(desk):
    path = desk.book("2026-W46")
    wang, li = desk.lead("王建国"), desk.lead("李秀英")
    type_in(path, LEADS, wang, 备注="改了名的表")
    book = openpyxl.load_workbook(path)
    book[LEADS].title = "我的名单"
    book.save(path)
    desk.run(W46)
    assert of(desk, "王建国")["note"] == "改了名的表"
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book[LEADS]).title = f"{LEADS} (2)"
    book.save(path)
    type_in(path, f"{LEADS} (2)", li, 备注="写在副本里")
    desk.run(W46)
    assert (of(desk, "王建国")["note"], of(desk, "李秀英")["note"]) == ("改了名的表", "写在副本里")
    assert not_taken(desk) == []


def test_a_row_that_stands_there_twice_loses_nothing(desk):
    path, lead = desk.book("2026-W46"), desk.lead("王建国")

    def again(page, top, texts):
        row = row_of(page, top, texts, lead)
        page.append([cell.value for cell in page[row]])
        page.cell(row, texts["备注"]).value = "上面写的"
        page.cell(row, texts["处理结果"]).value = "约周五"
        page.cell(page.max_row, texts["备注"]).value = "下面写的"
        page.cell(page.max_row, texts["跟进状态"]).value = "跟进中"

    edit_page(path, again)
    desk.run(W46)
    now = of(desk, "王建国")
    assert (now["note"], now["result"], now["status"]) == ("上面写的", "约周五", "跟进中")
    assert not_taken(desk) == ["备注:下面写的"]


def test_what_is_typed_into_a_cell_that_is_worked_out_is_named(desk):
    path, lead = desk.book("2026-W46"), desk.lead("王建国")
    type_in(path, LEADS, lead, 情况摘要="想开两家店", 信息来源=None)
    type_in(path, WAITING, lead, 信息来源="朋友介绍")
    desk.run(W46)
    assert sorted(not_taken(desk)) == ["信息来源:朋友介绍", "情况摘要:想开两家店"]
    advice = "「情况摘要」是程序算的,填在这里没有采用。要补充的请写在备注里"
    assert (lead, advice) in shown(path, "冲突", ["客户编号", "说明"])


def test_name_and_phone_corrected_at_once_fit_nobody_and_are_named(desk):
    type_in(desk.book("2026-W46"), LEADS, desk.lead("王建国"), 客户姓名="欧阳春", 联系电话="13677770009")
    type_in(desk.book("2026-W46"), LEADS, desk.lead("李秀英"), 客户姓名="欧阳秋", 联系电话="13677770008", 备注="改过了")
    desk.run(W46)
    said = ["客户姓名:欧阳春;联系电话:13677770009", "客户姓名:欧阳秋;联系电话:13677770008;备注:改过了"]
    assert sorted(not_taken(desk)) == said


def test_the_column_of_the_numbers_may_be_deleted(desk):
    path = desk.book("2026-W46")
    type_in(path, LEADS, desk.lead("王建国"), 备注="没有编号")
    edit_page(path, lambda page, _, texts: page.delete_cols(texts["客户编号"]))
    desk.run(W46)
    assert of(desk, "王建国")["note"] == "没有编号"
    assert len(desk.leads()) == 3


def test_a_row_of_ones_own_in_a_closed_week_is_not_typed_again_with_the_next_edit_there(desk):
    desk.run(W47)
    old = desk.book("2026-W46")
    add_row(old, LEADS, 客户姓名="赵新", 联系电话="13677770001", 备注="先写的")
    desk.run(W47)
    type_in(desk.book("2026-W47"), LEADS, of(desk, "赵新")["lead"], 备注="后写的")
    desk.run(W47)
    type_in(old, LEADS, desk.lead("王建国"), 备注="别的")
    desk.run(W47)
    assert (of(desk, "赵新")["note"], of(desk, "王建国")["note"]) == ("后写的", "别的")
    assert not len(desk.report.conflicts)


def test_an_answer_beside_a_number_that_was_typed_over_is_named(desk):
    desk.hand_in(
        "陈静/咨询2.csv",
        f"{HEAD}\n王总 | 13958671299 | 2026-11-09 | 康源 | | 济南市\n王经理 | 13958671299 | 2026-11-09 | 康源 | | ",
    )
    desk.run(W46)
    path = desk.book("2026-W46")
    rid = next(rid for rid, lead in desk.report.merges[["rid", "lead"]].to_numpy() if rid != lead)
    type_in(path, MERGES, rid, column="记录编号", 不是同一客户="不是", 记录编号="00099-1-9")
    desk.run(W46)
    assert not_taken(desk) == ["回答:不是"]


def test_what_a_rep_typed_into_his_list_is_in_the_file_of_the_customer(desk):
    lead = desk.lead("王建国")
    type_in(desk.book("2026-W46"), WAITING, lead, 跟进人="刘洋")
    desk.run(W46)
    type_in(desk.office.to_fill / "刘洋" / "2026-W46_跟进表.xlsx", "跟进表", lead, 处理结果="看过样板店,要两台")
    desk.run(W47)
    told = shown(desk.book("2026-W47"), "客户档案", ["客户编号", "内容", "谁"])
    assert (lead, "处理结果:看过样板店,要两台", "刘洋") in told
