"""A whole quarter against an oracle that has never seen the program: no list ever contradicts the records.

The runs fall on Mondays, Tuesdays and first days after a holiday; no week is skipped, whichever it is.
"""

from __future__ import annotations

from datetime import date, timedelta

import following_oracle as oracle
import pytest
from quarter import BRANDS, Quarter

from salessheets.office import Office, Week
from salessheets.week import weekly

# The autumn has 中秋 and National Day, the winter Spring Festival and 清明; each with a day off that is worked instead.
QUARTERS = {
    "autumn": (date(2026, 9, 7), 1, ("09-07", "09-15", "09-21", "09-28", "10-08", "10-13", "10-19", "10-27", "11-02", "11-09", "11-17", "11-23", "11-30", "12-04")),
    "winter": (date(2026, 1, 12), 2, ("01-12", "01-19", "01-27", "02-02", "02-10", "02-24", "03-02", "03-09", "03-17", "03-23", "03-30", "04-07", "04-10")),
}  # fmt: skip


@pytest.fixture(scope="module", params=list(QUARTERS))
def weeks(request, tmp_path_factory):
    """Every week that a run wrote: (quarter, run day, consolidated week)."""
    first, seed, runs = QUARTERS[request.param]
    office = Office(tmp_path_factory.mktemp(request.param) / "办公室")
    quarter = Quarter(office, first, seed)
    days = [date.fromisoformat(f"2026-{day}") for day in runs]
    at, written = first, []
    for n, day in enumerate(days):
        while at <= day:
            quarter.day(at)
            at += timedelta(days=1)
        quarter.hand_in(day)
        outcome = weekly(office, day=day)
        for done in outcome.weeks:
            quarter.read_numbers(done.report)
            written.append((quarter, done, _snapshot(quarter, done)))
        if n + 1 < len(days):
            quarter.assign(outcome.weeks[-1].report, days[n + 1])
    return written


def _snapshot(quarter, done):
    """The oracle's word at that time (later entries have later days, but plans and numbers are filled in as we go)."""
    diary, today = quarter.diary, done.report.as_of
    sunday = done.report.week.sunday
    classes = done.report.leads.set_index("name")["final_class"].to_dict()
    known = oracle.everybody(diary, today)
    return {
        "matrix": oracle.matrix(diary, done.report.week.monday, today, over=done.report.finished),
        "missed": oracle.missed(diary, today),
        "feedback": oracle.feedback(diary, today),
        "unrecorded": oracle.unrecorded(diary, today),
        "thanks": oracle.thanks(diary, today),
        "collisions": oracle.collisions(diary, today),
        "due": {
            who: oracle.due(diary, who, today, sunday, classes.get(quarter.people[who]["name"], "")) for who in known
        },
        "status": {who: oracle.status_and_next(diary, who, today) for who in known},
        "expiring": oracle.expiring(diary, today),
        "stages": [oracle.stage(diary, who, today) for who in known],
    }


def people(quarter, done):
    """Lead → identity, by the unique names."""
    by_name = {p["name"]: who for who, p in quarter.people.items()}
    return {lead: by_name[name] for lead, name in done.report.leads[["lead", "name"]].to_numpy()}


def test_no_week_is_skipped_whatever_day_it_runs(weeks):
    quarter, last, _ = weeks[-1]
    closed = [done.report.week for _, done, _ in weeks if done.report.finished]
    wanted, week = [], Week.of(quarter.first)
    while week < last.report.week:
        wanted.append(week)
        week = week.next()
    assert closed == wanted


def test_it_is_a_quarter_with_work_in_it(weeks):
    quarter, done, told = weeks[-1]
    lists = done.report.lists
    assert len(done.report.leads) > 150
    assert set(done.report.leads["brand"]) == set(BRANDS)
    assert min(len(lists.missed), len(lists.agenda), len(lists.collisions), len(quarter.diary.talks)) > 3
    assert sum(state in ("待答谢", "逾期", "已答谢") for _, state in told["thanks"].values()) >= 1
    everything = set().union(*(reasons for _, _, t in weeks for reasons in t["due"].values()))
    assert everything >= {"紧急", "已逾期", "本周到期", "再次来电", "定期提醒"}


def test_r01_every_missing_form_and_no_other(weeks):
    for _, done, told in weeks:
        matrix = done.report.lists.matrix
        shown = {
            (row["person"], date.fromisoformat(day)): row[day]
            for row in matrix.to_dict("records")
            for day in matrix.columns[1:]
        }
        assert shown == told["matrix"], done.report.week


def test_r02_r08_everybody_who_was_not_handed_over_and_nobody_else(weeks):
    for quarter, done, told in weeks:
        who = people(quarter, done)
        rows = done.report.lists.missed
        shown = [(who[r.lead], date.fromisoformat(r.date), r.kind) for r in rows.itertuples()]
        assert sorted(shown) == sorted(told["missed"]), done.report.week
        assert len(done.report.lists.drafts) == len(rows)


def test_r03_urgent_ones_without_a_later_record(weeks):
    for quarter, done, told in weeks:
        who = people(quarter, done)
        rows = done.report.lists.unrecorded
        assert {(who[r.lead], date.fromisoformat(r.date)) for r in rows.itertuples()} == told["unrecorded"]


def test_r04_every_answer_its_due_day_and_how_late_it_is(weeks):
    for quarter, done, told in weeks:
        who = people(quarter, done)
        rows = done.report.lists.feedback
        shown = {(who[r.lead], date.fromisoformat(r.handed)): (r.state, r.late) for r in rows.itertuples()}
        assert shown == told["feedback"], done.report.week
        assert len(rows) == len(shown)


def test_r06_r07_referrers_collisions_and_thanks(weeks):
    for quarter, done, told in weeks:
        who = people(quarter, done)
        lists = done.report.lists
        shown = {who[r.lead]: (r.referrer, r.state) for r in lists.referrals.itertuples()}
        assert shown == told["thanks"], done.report.week
        assert {(who[r.lead], r.first, r.other) for r in lists.collisions.itertuples()} == told["collisions"]


def test_r17_status_next_date_and_what_is_due(weeks):
    for quarter, done, told in weeks:
        who = people(quarter, done)
        for row in done.report.leads.itertuples():
            status, planned = told["status"][who[row.lead]]
            assert (row.status, row.next_date) == (status, planned.isoformat() if planned else ""), (
                done.report.week,
                row.lead,
            )
        shown: dict[str, set[str]] = {w: set() for w in told["due"]}
        for row in done.report.lists.agenda.itertuples():
            shown[who[row.lead]] |= set(row.reasons.split("、")) - {"待电话核实"}
        assert shown == told["due"], done.report.week


def test_r17_materials_and_the_funnel(weeks):
    for _, done, told in weeks:
        lists = done.report.lists
        assert set(lists.materials["material_id"]) == told["expiring"]
        counted = lists.funnel[["leads", "followed", "talked", "won"]].sum().tolist()
        assert counted == [sum(stage >= n for stage in told["stages"]) for n in range(4)]


def test_nothing_that_was_typed_is_reported_as_a_conflict(weeks):
    assert all(done.report.conflicts.empty for _, done, _ in weeks)
    assert all(done.report.returns.empty for _, done, _ in weeks)
