"""What the workbooks of one week are made from. Built by week.py, only read here.

Frames carry plain text, numbers and dates as ISO text ("" when empty); nothing here depends on Excel.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from salessheets.changes import no_changes
from salessheets.followup import FollowUp, nothing
from salessheets.issue import no_figures
from salessheets.office import Week
from salessheets.pool import POOL_COLUMNS
from salessheets.problems import Problem
from salessheets.settings import Settings
from salessheets.suggestions import no_suggestions

FATES = (
    "新增客户",
    "并入已有客户",
    "更新",
    "重复提交",
    "无效",
    "退回更正",
    "留待下周",
    "登记",
)

# One row per lead and brand, in the order of R11 (区域层级, province, city, class, score).
LEAD_COLUMNS = (
    # who (golden record, product.md "One lead")
    "lead",
    "brand",
    "name",
    "title",
    "phone",
    "wechat",
    "qq",
    "company",
    "province",
    "city",
    "county",
    "township",
    "address",
    "region_level",
    # where from
    "channel",
    "source_detail",
    "referrer",
    "first_date",
    "last_date",
    "summary",
    "urgent",
    "origin",
    "record_count",
    "week_state",
    "called_again",
    "other_brand",
    "todo",
    # answers to the nine criteria: scale, team, experience, philosophy, need, problem_fit, likelihood, ease (channel above)
    "scale",
    "team",
    "experience",
    "philosophy",
    "need",
    "problem_fit",
    "likelihood",
    "ease",
    "inferred",
    # score (score.py)
    "score",
    "score_low",
    "score_high",
    "completeness",
    "rank",
    "pool",
    "line_a",
    "system_class",
    "advice",
    "reasons",
    "held",
    "reach",
    "final_class",
    # 客户分析表: 归档日期, 移交跟进人 (R15)
    "archived_date",
    "handed_to",
    # typed by the director (roundtrip.py)
    "manual_class",
    "class_reason",
    "owner",
    "first_due",
    "status",
    "result",
    "next_date",
    "note",
    # what becomes of it when somebody left or a lead was split
    "former_owner",
    "split_note",
)

# The director's yellow cells, in the order of the form.
YELLOW = ("manual_class", "class_reason", "owner", "first_due", "status", "result", "next_date", "note")
# Those that 客户分析 shows, too: there they look up what stands on the list, or take what is typed over it.
ANALYSIS_YELLOW = ("manual_class", "status")


@dataclass(frozen=True)
class Report:
    """One week, ready to be written.

    leads: LEAD_COLUMNS; only valid and open leads; brand "" never occurs here. ``urgent`` and ``other_brand`` are
        bool, ``inferred`` a frozenset of criterion fields, ``reasons`` a tuple of (criterion, answer, points, inferred),
        completeness 0..1, ``todo`` the missing facts in Chinese joined by 、, ``origin`` file, sheet and row as text.
    closed: LEAD_COLUMNS; leads that are 放弃 or 已成交.
    pool: pool.POOL_COLUMNS; untouched customers of bought lists, in no workbook.
    unbranded: LEAD_COLUMNS with brand ""; plus ``assigned_brand``, what was typed into the yellow 归属品牌.
    merges: lead, brands (tuple), rid, role (首条 / 并入 / 更新 / 被更新 / 更正), date, table (Chinese name), person, name, phone,
        company, file, sheet (name), row, reason (evidence in Chinese), left_rids and right_rids (frozensets: both sides if
        the record is taken out of its lead; empty where it cannot be). Only leads of more than one record.
    doubts: pairs.DOUBT_COLUMNS: pairs of leads that may be one.
    ledger: number, person, file, rows, opening (上周留待, rows carried over from earlier weeks), one column per FATE,
        unread. One row per file that counts in this week.
        Always: rows + opening == the sum of the fates.
    brand_ledger: brand, person, file, rows, one column per FATE: the rows of that brand alone.
    invalid: rid, name, phone, company, reason, blocked (bool: on the do-not-contact list, then the personal cells are
        empty), person, file, sheet, row.
    returns: person, rid, table (key), file, sheet, row, age_days, fields (dict field → raw text), wrong (dict field →
        what to do, in Chinese; the cells to mark), todo (all reasons in one sentence).
    unclaimed: file, reason, rows: files without a known person, and files that could not be read.
    conflicts: ledger.CONFLICT_COLUMNS: cells changed by two people, answers that exclude each other, what was typed but
        not taken; brand "" is 销售部_周报.
    counts: week (label), channel, brand ("" = none), new: new leads by week, up to eight weeks back.
    figures: week (label) and issue.FIGURE_COLUMNS: what 概览 counted in the closed weeks before.
    history: history.EVENT_COLUMNS: what happened with A leads and leads with events; brand "" = for every brand.
    lists: what is to be followed up (followup.lists).
    weights: the office's own weights of the evidence, by name, day and person; "" for the shipped ones.
    changes: changes.CHANGE_COLUMNS against the list of the week ``changes_since`` ("" = there is none).
    suggestions: suggestions.SUGGESTION_COLUMNS: what directors tried out in 评分标准.
    problems: what the 说明 or console should mention (settings problems, unreadable files).
    """

    week: Week
    as_of: date
    finished: bool
    settings: Settings
    leads: pd.DataFrame
    closed: pd.DataFrame
    unbranded: pd.DataFrame
    merges: pd.DataFrame
    doubts: pd.DataFrame
    ledger: pd.DataFrame
    brand_ledger: pd.DataFrame
    invalid: pd.DataFrame
    returns: pd.DataFrame
    unclaimed: pd.DataFrame
    conflicts: pd.DataFrame
    counts: pd.DataFrame
    history: pd.DataFrame
    figures: pd.DataFrame = field(default_factory=lambda: no_figures().assign(week=""))
    problems: tuple[Problem, ...] = field(default=())
    lists: FollowUp = field(default_factory=nothing)
    pool: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(POOL_COLUMNS), dtype="str"))
    weights: str = ""
    changes: pd.DataFrame = field(default_factory=no_changes)
    changes_since: str = ""
    suggestions: pd.DataFrame = field(default_factory=no_suggestions)
