"""A whole quarter against an oracle that has never seen the program: no list of a workbook ever contradicts the sheets.

The runs fall on Mondays, Tuesdays and first days after a holiday; no week is skipped, whichever it is. The lists are read
from the workbooks as they lie in 周报/, the sheets from 收件箱/ as they lay there at the time.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from datetime import date, timedelta
from functools import cached_property

import pytest
import python_calamine
from quarter import BRANDS, Quarter
from quarter_oracle import Papers
from quarter_records import LEVELS

from salessheets.office import Office, Week
from salessheets.week import weekly

# The autumn has 中秋 and National Day, the winter Spring Festival and 清明; each with a day off that is worked instead.
QUARTERS = {
    "autumn": (date(2026, 9, 7), 1, ("09-07", "09-15", "09-21", "09-28", "10-08", "10-13", "10-19", "10-27", "11-02", "11-09", "11-17", "11-23", "11-30", "12-04")),
    "winter": (date(2026, 1, 12), 2, ("01-12", "01-19", "01-27", "02-02", "02-10", "02-24", "03-02", "03-09", "03-17", "03-23", "03-30", "04-07", "04-10")),
}  # fmt: skip
SALES = "销售部"
_OF_SHEETS = {"紧急", "已逾期", "本周到期", "首次跟进", "再次来电", "定期提醒", "可回收", "售后未解决"}


class Written:
    """One week as a run wrote it: the oracle's papers, and what the workbooks show."""

    def __init__(self, papers: Papers, done, folder) -> None:
        self.papers, self.done, self.folder = papers, done, folder
        self.label = f"{done.report.week} {done.report.as_of}"

    @cached_property
    def books(self) -> dict[str, dict[str, list[list]]]:
        found = {}
        for name in (SALES, *BRANDS):
            book = python_calamine.load_workbook(next(self.folder.glob(f"*_{name}_*.xlsx")))
            found[name] = {s: book.get_sheet_by_name(s).to_python(skip_empty_area=False) for s in book.sheet_names}
        return found

    def rows(self, book: str, sheet: str) -> list[dict]:
        """The lines under the header of a list; a sheet that is left out has none."""
        _, _, head, *lines = [*self.books[book].get(sheet, ()), (), (), ()][: len(self.books[book].get(sheet, ())) or 3]
        return [dict(zip(head, line, strict=True)) for line in lines if any(cell != "" for cell in line)]

    def shown(self, brand: str) -> dict[str, dict]:
        """有效客户名单 of a brand by name."""
        return {row["客户姓名"]: row for row in self.rows(brand, "有效客户名单")}


@pytest.fixture(scope="module", params=list(QUARTERS))
def weeks(request, tmp_path_factory):
    """Every week that a run wrote, in the order of writing."""
    first, seed, runs = QUARTERS[request.param]
    root = tmp_path_factory.mktemp(request.param)
    office = Office(root / "办公室")
    quarter = Quarter(office, first, seed)
    days = [date.fromisoformat(f"2026-{day}") for day in runs]
    at, written, typed, held, seen = first, [], [], {}, {}
    for n, day in enumerate(days):
        while at <= day:
            quarter.day(at)
            at += timedelta(days=1)
        quarter.hand_in()
        sheets = shutil.copytree(office.inbox, root / f"收件箱{n}")
        outcome = weekly(office, day=day)
        for done in outcome.weeks:
            report = done.report
            every = [frame[["lead", "name"]].to_numpy() for frame in (report.leads, report.closed, report.unbranded)]
            number = {lead: name for pairs in every for lead, name in pairs}
            papers = Papers(sheets, quarter.settings, list(typed), report.as_of, day, report.week.monday, report.finished, held, number, seen)  # fmt: skip
            for row in papers.rows["客户策略制定表"]:
                seen.setdefault(tuple(row.values()), day)
            folder = shutil.copytree(office.reports / str(report.week), root / f"{n}-{report.week}")
            written.append(Written(papers, done, folder))
            if report.finished:
                held = {(name, b): papers.system_class(name, b) for b in BRANDS for name in papers.portfolio[b]}
            quarter.read_numbers({name: lead for lead, name in number.items()})
        if n + 1 < len(days):
            typed += quarter.type_in(str(outcome.weeks[-1].report.week), days[n + 1])
    return written


def _date(value) -> date | None:
    return value if isinstance(value, date) else date.fromisoformat(value[:10]) if value else None


def test_no_week_is_skipped_whatever_day_it_runs(weeks):
    closed = [w.done.report.week for w in weeks if w.done.report.finished]
    wanted, week = [], Week.of(weeks[0].papers.ran)
    while week < weeks[-1].done.report.week:
        wanted.append(week)
        week = week.next()
    assert closed == wanted


def test_it_is_a_quarter_in_which_everything_happens(weeks):
    reasons, reached = set(), defaultdict(int)
    for w in weeks:
        p = w.papers
        for brand in BRANDS:
            reasons |= {reason for name in p.portfolio[brand] for reason in p.reasons(name, brand)}
            reached["待分配"] += bool(p.unassigned(brand))
            reached["待电话核实"] += len(p.to_call(brand))
            reached["放弃"] += sum(p.status(name, brand) == "放弃" for name in p.valid)
            for name in p.portfolio[brand]:
                reached[p.system_class(name, brand)] += 1
                reached[p.level(name)] += 1
        for what, found in (("漏移交", p.missed()), ("补记", p.unrecorded()), ("撞单", p.collisions()), ("拒绝联系名单", p.blocked), ("未分品牌", p.portfolio[""]),
                            ("退回", p.returned), ("到期", p.untouched()), ("资料", p.materials()), *((r, [r]) for r in p.invalid.values()),
                            *((s, [s]) for s, _ in p.feedback().values()), *((s, [s]) for s, _ in p.thanks().values()), *((s, [s]) for s in p.matrix().values())):  # fmt: skip
            reached[what] += len(found)
    assert reasons >= _OF_SHEETS - {"可回收", "售后未解决"}
    wanted = [*LEVELS, "A", "B", "C", "待评", "待分配", "待电话核实", "放弃", "漏移交", "补记", "撞单", "拒绝联系名单", "未分品牌", "退回", "到期", "资料",
              "空号停机", "按时", "迟反馈", "逾期未反馈", "待反馈", "待答谢", "逾期", "✓", "0", "缺", "假"]  # fmt: skip
    assert not [what for what in wanted if not reached[what]]
    assert len(weeks[-1].papers.valid) > 130


def test_r01_every_missing_form_and_no_other(weeks):
    for w in weeks:
        told = {(who, f"{day.month}-{day.day}"): state for (who, day), state in w.papers.matrix().items()}
        shown = {
            (row["姓名"], head.split(" ")[0]): str(state).replace("0.0", "0")
            for row in w.rows(SALES, "交表情况")
            for head, state in row.items()
            if re.match(r"\d+-\d+ ", head)
        }
        assert shown == (told if shown or set(told.values()) & {"缺"} else {}), w.label


def test_r02_r08_everybody_who_was_not_handed_over_and_nobody_else(weeks):
    for w in weeks:
        rows = w.rows(SALES, "漏移交")
        assert {(r["客户姓名"], _date(r["登记日期"]), r["哪一种"]) for r in rows} == w.papers.missed(), w.label
        drafts = w.done.report.lists.drafts
        assert sorted(drafts["name"]) == sorted(r["客户姓名"] for r in rows), w.label


def test_r03_urgent_ones_without_a_later_record(weeks):
    for w in weeks:
        assert {(r["客户"], _date(r["移交日期"])) for r in w.rows(SALES, "待补记")} == w.papers.unrecorded(), w.label


def test_r04_every_answer_its_due_day_and_how_late_it_is(weeks):
    for w in weeks:
        told = w.papers.feedback()
        rows = w.rows(SALES, "逾期未反馈")
        late = {(r["客户"], _date(r["移交日期"])): ("逾期未反馈", r["逾期天数"]) for r in rows}
        told = {key: state for key, state in told.items() if key[0] not in w.papers.blocked}
        assert late == {key: state for key, state in told.items() if state[0] == "逾期未反馈"}, w.label
        every = w.done.report.lists.feedback
        shown = {(r.name, date.fromisoformat(r.handed)): (r.state, r.late) for r in every.itertuples(index=False)}
        assert shown == told, w.label


def test_r05_exactly_the_unusable_rows_go_back(weeks):
    for w in weeks:
        shown = sorted(
            (fields["name"], person) for fields, person in w.done.report.returns[["fields", "person"]].to_numpy()
        )
        told = sorted(w.papers.returned)
        assert shown == told, w.label


def test_r06_r07_referrers_collisions_and_thanks(weeks):
    for w in weeks:
        rows = w.rows(SALES, "撞单")
        assert {(r["客户"], r["先到"], r["后到"]) for r in rows if "介绍" in r["哪一种"]} == w.papers.collisions(), (
            w.label
        )
        thanks, referred, owed = w.papers.thanks(), w.papers.referrals(), set()
        for brand in BRANDS:
            shown = {
                r["客户姓名"]: (r["转介绍人"], r.get("答谢", ""), _date(r.get("应答谢日期")))
                for r in w.rows(brand, "转介绍与答谢")
            }
            mine = [name for name in w.papers.portfolio[brand] if name in thanks]
            assert shown == {name: (referred[name][0][1], *thanks[name]) for name in mine}, w.label
            owed |= {r["客户姓名"] for r in w.rows(brand, "本周待办") if "待答谢" in r["为什么"]}
        listed = {name for brand in BRANDS for name in w.papers.portfolio[brand]}
        assert owed == w.papers.thanks_due() & listed, w.label


def test_r09_r10_r16_every_valid_customer_in_his_brands_and_the_others_by_reason(weeks):
    for w in weeks:
        for brand in BRANDS:
            assert sorted(w.shown(brand)) == sorted(w.papers.portfolio[brand]), (w.label, brand)
            assert {r["客户姓名"] for r in w.rows(brand, "待分配")} == w.papers.unassigned(brand), (w.label, brand)
            owners = {name: row["跟进人"] for name, row in w.shown(brand).items() if row["跟进人"]}
            assert owners == {n: o for n in w.papers.portfolio[brand] if (o := w.papers.owner(n, brand))}, (
                w.label,
                brand,
            )
        assert {r["客户姓名"] for r in w.rows(SALES, "未分品牌")} == set(w.papers.portfolio[""]), w.label
        invalid = {(r["客户姓名"], r["原因"]) for r in w.rows(SALES, "无效") if r["客户姓名"]}
        assert invalid == set(w.papers.invalid.items()), w.label


def test_who_must_not_be_contacted_is_nowhere(weeks):
    for w in weeks:
        cells = {str(cell) for book in w.books.values() for lines in book.values() for line in lines for cell in line}
        assert not [name for name in w.papers.blocked if any(name in cell for cell in cells)], w.label


def test_r11_region_levels_and_their_order(weeks):
    for w in weeks:
        for brand in BRANDS:
            shown = {name: row["区域层级"] for name, row in w.shown(brand).items()}
            assert shown == {name: w.papers.level(name) for name in shown}, (w.label, brand)
            order = [LEVELS.index(level) for level in shown.values()]
            assert order == sorted(order), (w.label, brand)


def test_r12_r13_points_interval_completeness_and_class(weeks):
    for w in weeks:
        p = w.papers
        for brand in BRANDS:
            for name, row in w.shown(brand).items():
                score = p.score(name)
                assert (row["得分"], row["得分下限"], row["得分上限"]) == (score.value, score.low, score.high), (
                    w.label,
                    name,
                )
                assert row["完整度"] == pytest.approx(score.complete), (w.label, name)
                if p.status(name, brand) != "已成交":  # who has signed competes with nobody
                    assert row["系统级别"] == p.system_class(name, brand), (w.label, name)
                    assert row["级别"] == p.shown_class(name, brand), (w.label, name)


def test_r14_worth_a_call(weeks):
    for w in weeks:
        for brand in BRANDS:
            shown = {r["客户姓名"] for r in w.rows(brand, "本周待办") if "待电话核实" in r["为什么"]}
            assert shown == w.papers.to_call(brand), (w.label, brand)


def test_r17_status_next_date_and_what_is_due(weeks):
    for w in weeks:
        p = w.papers
        for brand in BRANDS:
            shown = {name: (row["跟进状态"], _date(row["下次跟进日期"])) for name, row in w.shown(brand).items()}
            assert shown == {name: (p.status(name, brand), p.planned(name, brand)) for name in shown}, (w.label, brand)
            due: dict[str, set[str]] = {name: set() for name in shown}
            for row in w.rows(brand, "本周待办"):
                due[row["客户姓名"]] |= set(row["为什么"].split("、")) & _OF_SHEETS
            assert due == {name: p.reasons(name, brand) for name in shown}, (w.label, brand)


def test_the_funnel_counts_everybody_once_at_the_farthest_stage(weeks):
    for w in weeks:
        lines = w.rows(SALES, "渠道漏斗")
        shown = {r["信息来源"]: [r[stage] for stage in ("有效客户", "已跟进", "已洽谈", "已成交")] for r in lines}
        total = [sum(stage) for stage in zip(*w.papers.funnel().values(), strict=True)]
        assert shown == {**w.papers.funnel(), "合计": total}, w.label


def test_r17_materials_and_whom_nobody_met_for_two_years(weeks):
    for w in weeks:
        shown = {r["资料编号"]: r["还有天数"] for r in w.rows(SALES, "资料到期")}
        assert shown == w.papers.materials(), w.label
        assert {r["客户姓名"] for r in w.rows(SALES, "到期")} == w.papers.untouched(), w.label


def test_nothing_that_was_typed_is_reported_as_a_conflict(weeks):
    assert all(w.done.report.conflicts.empty for w in weeks)
