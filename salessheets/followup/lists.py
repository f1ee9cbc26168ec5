"""All the lists of one week or day, put together for the workbooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from salessheets.returned import FOLLOW
from salessheets.rows import tuples
from salessheets.workdays import unknown_years

from . import agenda, events, funnel, handover, materials, referrals, standing
from .facts import Facts
from .standing import Standing

_ANSWERING = (events.TALK, events.FOLLOWED, events.ANSWER, events.CALL, events.AFTER)


@dataclass(frozen=True)
class Prepared:
    """What is known before leads are scored. typed: (lead, brand, field) → value as 有效客户名单 shall show it."""

    events: pd.DataFrame
    plans: pd.DataFrame
    standings: Mapping[tuple[str, str], Standing]
    typed: Mapping[tuple[str, str, str], str]


@dataclass(frozen=True)
class FollowUp:
    """Every list, as the modules describe them; ``remarks`` belong on 说明. assigned: (lead, brand) → day on which the
    present 跟进人 got the lead. touched: (lead, brand) → the newest day on which anybody worked on him. filed: table →
    leads of which it was handed in, filled. typed: what was typed into 跟进表: (workbook, lead, field) → value.
    """

    matrix: pd.DataFrame = field(default_factory=pd.DataFrame)
    missed: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=handover.MISSED_COLUMNS))
    drafts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=handover.DRAFT_COLUMNS))
    feedback: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=handover.FEEDBACK_COLUMNS))
    people: pd.DataFrame = field(default_factory=pd.DataFrame)
    unrecorded: pd.DataFrame = field(default_factory=pd.DataFrame)
    referrals: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=referrals.REFERRAL_COLUMNS))
    collisions: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=referrals.COLLISION_COLUMNS))
    agenda: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=agenda.AGENDA_COLUMNS))
    funnel: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=funnel.FUNNEL_COLUMNS))
    materials: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=materials.MATERIAL_COLUMNS))
    events: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=events.EVENT_COLUMNS))
    plans: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=events.PLAN_COLUMNS))
    assigned: Mapping[tuple[str, str], str] = field(default_factory=dict)
    stages: Mapping[tuple[str, str], int] = field(default_factory=dict)
    touched: Mapping[tuple[str, str], str] = field(default_factory=dict)
    filed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    typed: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def nothing() -> FollowUp:
    """No lists at all."""
    return FollowUp()


def prepare(
    facts: Facts, brands_of: Mapping[str, Sequence[str]], typed: Mapping[tuple[str, str, str], str]
) -> Prepared:
    """Events, plans and where each lead stands. typed: what directors typed."""
    made, planned = events.events(facts), events.plans(facts)
    standings = standing.standings(facts, made, planned, brands_of, typed)
    return Prepared(made, planned, standings, standing.overlay(typed, standings))


def follow_up(facts: Facts, prepared: Prepared, leads: pd.DataFrame, others: pd.DataFrame) -> FollowUp:
    """All the lists. leads: open leads × brands (LEAD_COLUMNS). others: unbranded and given-up ones."""
    made, standings = prepared.events, prepared.standings
    contacted = events.contacted_days(made, *_ANSWERING)
    answers = handover.feedback(facts, contacted)
    missed = handover.missed(facts)
    referred = referrals.referrals(facts, made, standings)
    owners: dict[str, list[tuple[str, str]]] = {}
    for lead, brand, owner in tuples(leads.loc[leads["owner"] != "", ["lead", "brand", "owner"]]):
        owners.setdefault(lead, []).append((owner, standings.get((lead, brand), Standing()).assigned))
    every = pd.concat([leads, others], ignore_index=True)
    # A visit is the office's own step towards a customer, but it does not answer one who called.
    dealt = events.contacted_days(made, *_ANSWERING, events.VISIT)
    found = agenda.items(facts, leads, standings, dealt, referred)
    return FollowUp(
        matrix=handover.form_matrix(facts),
        missed=missed,
        drafts=handover.drafts(facts, missed),
        feedback=answers,
        people=handover.by_person(facts, answers),
        unrecorded=handover.unrecorded(facts),
        referrals=referred,
        collisions=referrals.collisions(facts, referred, owners),
        agenda=agenda.agenda(facts, leads, found),
        funnel=funnel.funnel(facts, every, standings),
        materials=materials.expiring(facts),
        events=made,
        plans=prepared.plans,
        assigned={key: one.assigned for key, one in standings.items() if one.assigned},
        stages={key: one.stage for key, one in standings.items()},
        touched={key: one.touched for key, one in standings.items() if one.touched},
        filed={
            "analysis": frozenset(row.lead for row in facts.of("analysis") if row.scale or row.need or row.likelihood),
            "strategy": frozenset(prepared.plans["lead"]),
            "negotiation": frozenset(made.loc[made["kind"] == events.TALK, "lead"]),
        },
        typed={
            (workbook, lead, name): value
            for (lead, workbook, name), value in prepared.typed.items()
            if workbook.startswith(FOLLOW)
        },
        remarks=_remarks(facts),
    )


def _remarks(facts: Facts) -> tuple[str, ...]:
    """Years near this day whose public holidays nobody has announced to the program yet."""
    days: list[date] = [facts.as_of, facts.week.monday, facts.week.sunday + timedelta(days=14)]
    return tuple(
        f"{year} 年的法定节假日和调休程序还不知道\uff0c只把周末当作休息\uff1b可以写在 设置.xlsx「请假与调休」里。"
        for year in unknown_years(days)
    )
