"""客户分析 and 评分标准 are live: LibreOffice, and a director typing into it, get what score.py calculates (scoring.md)."""

from __future__ import annotations

import io
import random
from dataclasses import replace

import pandas as pd
import pytest
import render
from openpyxl import load_workbook
from report_fixture import KANG, SETTINGS, YI, report

from salessheets.score import score
from salessheets.settings import CRITERIA, Rules
from salessheets.trials import applied
from salessheets.write.brand import write_brand

ANALYSIS, LEADS, WAITING, STANDARD = "客户分析", "有效客户名单", "待分配", "评分标准"
FIELDS = [criterion.field for criterion in CRITERIA]
GUESSABLE = ("team", "experience", "likelihood")
SHOWN = {"级别": "final_class", "系统级别": "system_class", "得分": "score", "得分下限": "score_low", "得分上限": "score_high",
         "完整度": "completeness", "补什么可升A": "advice"}  # fmt: skip
CITIES = (
    ("山东省", "济南市"),
    ("山东省", "潍坊市"),
    ("河北省", "石家庄市"),
    ("河南省", "郑州市"),
    ("山东省", ""),
    ("", ""),
)


def office(size: int, seed: int, settings=SETTINGS):
    """A report of one brand whose leads answer at random: unknown, inferred, closed, manual, held before."""
    chance = random.Random(seed)
    sample = report().leads.iloc[0]
    rows = []
    for at in range(size):
        province, city = chance.choices(CITIES, (30, 20, 10, 1, 3, 2))[0]
        row = dict(sample) | {
            "lead": f"{at // 90 + 1:05d}-1-{at % 90 + 5}", "province": province, "city": city, "owner": chance.choice(("", "刘洋")),
            "manual_class": chance.choices(("", "A", "B", "C"), (9, 1, 1, 1))[0],
            "status": chance.choices(("", "跟进中", "已成交"), (5, 4, 1))[0],
        }  # fmt: skip
        knows = chance.random()
        for c in CRITERIA:
            row[c.field] = chance.choice(list(c.points)) if chance.random() < knows else ""
        if not row["channel"]:
            row["channel"] = "其他"
        row["inferred"] = frozenset(f for f in GUESSABLE if row[f] and chance.random() < 0.2)
        rows.append(row)
    leads = pd.DataFrame(rows)
    held = {(lead, KANG): chance.choice(("A", "B", "C", "")) for lead in leads["lead"]}
    return report(settings=settings, leads=scored(leads, settings, held))


def scored(leads: pd.DataFrame, settings, held) -> pd.DataFrame:
    active = ~leads["status"].isin(("放弃", "已成交"))
    result = score(leads.assign(open=active), settings, held)
    return leads.drop(columns=list(result.columns), errors="ignore").join(result)


def sheet_rows(source, sheet: str) -> dict[str, dict[str, object]]:
    """客户编号 → header → value."""
    page = load_workbook(source, data_only=True)[sheet]
    headers = [cell.value for cell in page[3]]
    found = [dict(zip(headers, (c.value for c in row), strict=True)) for row in page.iter_rows(min_row=4)]
    return {str(row["客户编号"]): row for row in found}


def shown(source) -> dict[str, dict[str, object]]:
    """客户编号 → what 客户分析 shows of a class."""
    rows = sheet_rows(source, ANALYSIS)
    return {lead: {field: _value(row[header]) for header, field in SHOWN.items()} for lead, row in rows.items()}


def expected(leads: pd.DataFrame) -> dict[str, dict[str, object]]:
    return {row["lead"]: {field: _value(row[field]) for field in SHOWN.values()} for row in leads.to_dict("records")}


def _value(value: object) -> object:
    return round(float(value), 9) if isinstance(value, int | float) else value or ""


def every_cell(data: bytes) -> dict[tuple[str, str], object]:
    """Value of every cell; a formula that gives no text and an empty cell look the same."""
    return {
        (sheet.title, cell.coordinate): _value(cell.value)
        for sheet in load_workbook(io.BytesIO(data), data_only=True)
        for row in sheet.iter_rows()
        for cell in row
    }


def formula_cells(data: bytes) -> list[tuple[str, str]]:
    book = load_workbook(io.BytesIO(data))
    return [(s.title, c.coordinate) for s in book for row in s.iter_rows() for c in row if c.data_type == "f"]


# --- what is written is what a spreadsheet calculates -------------------------------------------------------------


@pytest.mark.parametrize(
    ("seed", "rules"),
    [
        (1, Rules()),
        (2, Rules(region_level="省", share_a=0.125, hysteresis=0.5, unknown_share=0.35, small_region=2)),
        (3, Rules(floor_a=85, a_alone=75, b_alone=30, gate_completeness=0.9, unrated_completeness=0, hysteresis=0)),
    ],
)
def test_libreoffice_calculates_what_python_did(seed, rules):
    made = office(500, seed, replace(SETTINGS, rules=rules))
    data = write_brand(made, KANG, "x")
    places = formula_cells(data)
    assert len(places) > 500 * 35
    ours, theirs = every_cell(data), every_cell(render.convert({"book": data}, "xlsx")["book"])
    assert [(place, ours[place], theirs[place]) for place in places if ours[place] != theirs[place]] == []
    assert shown(io.BytesIO(data)) == expected(made.leads)


def test_the_cases_of_the_random_office_are_all_there():
    leads = office(500, 1).leads
    assert set(leads["system_class"]) == {"A", "B", "C", "待评"}
    assert leads["advice"].nunique() > 5
    assert {0} < set(leads["rank"])
    assert (leads["pool"] < 5).any()
    assert leads.loc[leads["rank"] > 0, ["city", "score"]].duplicated().any()  # ties
    assert ((leads["held"] == "A") & (leads["reach"] == "A") & (leads["score"] < 65)).any()  # kept by hysteresis


def test_no_formula_needs_a_new_excel():
    book = load_workbook(io.BytesIO(write_brand(report(), KANG, "x")))
    texts = [c.value for s in book for row in s.iter_rows() for c in row if c.data_type == "f"]
    assert not [t for t in texts if "_xlfn" in t or "_xlws" in t]
    assert max(map(len, texts)) < 8192  # Excel 2010's longest


# --- a director tries something out -------------------------------------------------------------------------------


def typed(keyboard, tmp_path, data: bytes, cells: dict[str, dict[str, str]]) -> io.BytesIO:
    """The workbook after somebody typed: sheet → cell → text."""
    path, saved = tmp_path / "book.xlsx", tmp_path / "saved.xlsx"
    path.write_bytes(data)
    keyboard.open(path)
    for sheet, texts in cells.items():
        for cell, text in texts.items():
            keyboard.clear(f"${sheet}.{cell}")
            keyboard.type(cell, text)
    keyboard.save_as(saved)
    return io.BytesIO(saved.read_bytes())


def standard_cell(data: bytes, name: str, answer: str | None = None) -> str:
    """The cell of a rule's value or an answer's points."""
    page = load_workbook(io.BytesIO(data))[STANDARD]
    if answer is None:
        return next(f"F{row[4].row}" for row in page.iter_rows(min_row=4) if row[4].value == name)
    return next(f"C{row[0].row}" for row in page.iter_rows(min_row=4) if (row[0].value, row[1].value) == (name, answer))


def test_other_points_and_lines_move_every_class_as_in_python(keyboard, tmp_path):
    made = office(60, 5)
    data = write_brand(made, KANG, "x")
    changes = {("需求", "明确需求"): 25, ("企业规模", "大"): 4.25, ("合作可能性", "中"): 15, ("销售难易", "易"): 0}
    lines = {
        "A类最低分": ("floor_a", 58),
        "A类比例": ("share_a", 0.3),
        "降级保留分": ("hysteresis", 6),
        "未知得分比例": ("unknown_share", 0.5),
    }
    cells = {standard_cell(data, *key): str(points) for key, points in changes.items()}
    cells |= {standard_cell(data, name): str(value) for name, (_, value) in lines.items()}
    after = typed(keyboard, tmp_path, data, {STANDARD: cells})

    criteria = []
    for c in CRITERIA:
        points = {answer: changes.get((c.name, answer), old) for answer, old in c.points.items()}
        criteria.append(replace(c, points=points, maximum=max(points.values())))
    settings = replace(SETTINGS, criteria=tuple(criteria), rules=Rules(**dict(lines.values())))
    held = dict(zip(zip(made.leads["lead"], made.leads["brand"], strict=True), made.leads["held"], strict=True))
    wanted = scored(made.leads, settings, held)
    assert shown(after) == expected(wanted)
    assert (wanted["final_class"] != made.leads["final_class"]).sum() > 5
    classes = dict(zip(wanted["lead"], wanted["final_class"], strict=True))
    for sheet in (LEADS, WAITING):  # the lists and 概览 show it too
        rows = sheet_rows(after, sheet)
        assert {lead: row["级别"] for lead, row in rows.items()} == {lead: classes[lead] for lead in rows}


def test_other_answers_states_and_a_manual_class_move_what_they_should(keyboard, tmp_path):
    made = office(40, 7)
    data = write_brand(made, KANG, "x")
    page, listed = load_workbook(io.BytesIO(data))[ANALYSIS], load_workbook(io.BytesIO(data))[LEADS]
    column = {cell.value: cell.column_letter for cell in page[3]}
    list_column = {cell.value: cell.column_letter for cell in listed[3]}
    leads, answers, states = made.leads.copy(), {}, {}
    chance = random.Random(7)
    for row in range(0, 40, 4):
        criterion = chance.choice(CRITERIA)
        answer = chance.choice([*criterion.points, ""])
        answers[f"{column[criterion.name]}{row + 4}"] = answer
        leads.loc[row, criterion.field] = answer
        leads.at[row, "inferred"] = leads.at[row, "inferred"] - {criterion.field}
    for row, (field, header, text) in enumerate(
        [("status", "跟进状态", "已成交"), ("manual_class", "人工级别", "A")] * 5
    ):
        states[f"{list_column[header]}{row + 4}"] = text
        leads.loc[row, field] = text
    after = typed(keyboard, tmp_path, data, {ANALYSIS: answers, LEADS: states})
    held = dict(zip(zip(leads["lead"], leads["brand"], strict=True), leads["held"], strict=True))
    assert shown(after) == expected(scored(leads, SETTINGS, held))


def test_what_somebody_tries_out_in_the_sample_office_gives_the_classes_that_python_gives(ran, keyboard, tmp_path):
    """A director of the sample office types other numbers, answers and states; then the same is scored in Python."""
    brand = "康源高电位"
    report_now = ran[1].weeks[-1].report
    leads = report_now.leads[report_now.leads["brand"] == brand].reset_index(drop=True)
    (path,) = ran[0].reports.glob(f"2026-W47/*{brand}*.xlsx")
    data = path.read_bytes()
    numbers = {("需求", "明确需求"): "6", ("合作可能性", "高"): "30", ("A类最低分",): "50", ("待评完整度",): "8%"}
    cells = {STANDARD: {standard_cell(data, *key): text for key, text in numbers.items()}, ANALYSIS: {}, LEADS: {}}
    book = load_workbook(io.BytesIO(data))
    for sheet, wanted in (
        (ANALYSIS, {"需求": "明确需求", "企业规模": ""}),
        (LEADS, {"跟进状态": "已成交", "人工级别": "B"}),
    ):
        column = {cell.value: cell.column_letter for cell in book[sheet][3]}
        for at, (header, text) in enumerate([*wanted.items()] * 6):
            row = at * len(leads) // 12
            cells[sheet][f"{column[header]}{row + 4}"] = text
            field = {"需求": "need", "企业规模": "scale", "跟进状态": "status", "人工级别": "manual_class"}[header]
            leads.loc[row, field] = text
            if sheet == ANALYSIS:
                leads.at[row, "inferred"] = leads.at[row, "inferred"] - {field}
    tried = {
        " → ".join(key): str(float(text.rstrip("%")) / (100 if "%" in text else 1)) for key, text in numbers.items()
    }
    held = dict(zip(zip(leads["lead"], leads["brand"], strict=True), leads["held"], strict=True))
    wanted = scored(leads, applied(report_now.settings, tried), held)
    assert shown(typed(keyboard, tmp_path, data, cells)) == expected(wanted)
    before = report_now.leads[report_now.leads["brand"] == brand].reset_index(drop=True)
    assert (wanted["system_class"] != before["system_class"]).sum() > 20


def test_sorted_lists_still_show_the_right_classes(keyboard, tmp_path):
    """Everything is looked up by 客户编号."""
    data = write_brand(office(30, 9), KANG, "x")
    path, saved = tmp_path / "book.xlsx", tmp_path / "saved.xlsx"
    path.write_bytes(data)
    keyboard.open(path)
    keyboard.clear("$有效客户名单.AZ90")  # goes to the sheet
    keyboard.sort("A4:AL33", 2, ascending=False)
    keyboard.save_as(saved)
    before, after = sheet_rows(io.BytesIO(data), LEADS), sheet_rows(saved, LEADS)
    assert list(after) != list(before)
    assert {k: (r["级别"], r["得分"]) for k, r in after.items()} == {
        k: (r["级别"], r["得分"]) for k, r in before.items()
    }
    assert shown(saved) == shown(io.BytesIO(data))


# --- above the limit ----------------------------------------------------------------------------------------------


def test_above_the_limit_values_stand_there_and_the_sheet_says_so():
    made = office(30, 3, replace(SETTINGS, rules=Rules(live_limit=29)))
    data = write_brand(made, KANG, "x")
    assert {sheet for sheet, _ in formula_cells(data)} == {"概览"}  # 跟进人 are counted
    book = load_workbook(io.BytesIO(data))
    for name in (ANALYSIS, STANDARD):
        assert "活公式上限" in book[name]["A2"].value
    assert shown(io.BytesIO(data)) == expected(made.leads)
    assert not [name for name in book.defined_names if name.startswith(("规则_", "标准_"))]


def test_a_pool_that_is_not_all_on_the_sheet_is_not_ranked_by_formulas():
    made = office(30, 3)
    fewer = replace(made, leads=made.leads.iloc[:20])
    assert {sheet for sheet, _ in formula_cells(write_brand(fewer, KANG, "x"))} == {"概览", LEADS}


def test_each_brand_has_a_standard_of_its_own_week():
    data = write_brand(report(), YI, "x")
    page = load_workbook(io.BytesIO(data))[STANDARD]
    assert [page.cell(3, at).value for at in (1, 2, 3, 5, 6, 7)] == ["项目", "答案", "分数", "规则", "数值", "意思"]
    assert page["C4"].value == 15
