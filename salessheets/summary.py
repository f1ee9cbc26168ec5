"""What a run says at the end: a few Chinese sentences for people, one JSON document for programs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import fates
from .check import Checked
from .consolidate import Consolidated
from .csvtext import csv_bytes
from .day import DailyOutcome
from .dedupe import Deduped
from .files import write_whole
from .longlists.found import Done
from .office import Office
from .problems import Problem, Severity
from .read import Outcome as ReadOutcome
from .rows import dicts
from .tables import TABLES
from .week import Outcome
from .write.marked import write_marked

SCHEMA_VERSION = 1
_TRACE = {"week": "week", "file": "file", "sheet": "sheet", "row": "row", "table": "table", "fate": "fate",
          "lead": "客户编号", "reason": "reason"}  # fmt: skip
_SHOWN_PROBLEMS = 12


def needs_correction(place: Office, outcome: Outcome) -> bool:
    """Some rows wait for a correction, or a file could not be read."""
    if not outcome.weeks:
        return place.returns.exists() and any(place.returns.rglob("*.xlsx"))
    report = outcome.weeks[-1].report
    return bool(len(report.returns)) or any(f.content.outcome is not ReadOutcome.READ for f in outcome.weeks[-1].files)


def lines(place: Office, outcome: Outcome, *, dry: bool) -> list[str]:
    """What came out and what needs a person."""
    if not outcome.fresh:
        notices = [_notice(problem) for problem in outcome.problems]
        return [*notices, f"周报在:{place.reports}", "做完了。没有新内容,周报保持原样。"]
    said = []
    for done in outcome.weeks:
        report = done.report
        state = "已结" if report.finished else "未完"
        sums = report.ledger[list(fates.FATES)].sum()
        total = "、".join(f"{fate} {int(n)}" for fate, n in sums.items() if n)
        handed = int(report.ledger["rows"].sum())
        said.append(f"{report.week}({report.week.days},{state}):交来 {handed} 行 → {total or '没有新行'}")
    if outcome.weeks:
        said += _needs_person(outcome.weeks[-1])
    verb = "试算,没有写任何文件" if dry else f"写了 {len(outcome.paths)} 个文件"
    said.append(f"{verb}。周报在:{place.reports}")
    said += [_notice(problem) for problem in outcome.problems]
    return [*said, _in_one_sentence(outcome)]


def _in_one_sentence(outcome: Outcome) -> str:
    """The last line: what a person who reads nothing else has to do now."""
    if not outcome.weeks:
        return "做完了。"
    report = outcome.weeks[-1].report
    waiting, returned = int((report.leads["owner"] == "").sum()), len(report.returns)
    tasks = [
        f"待分配 {waiting} 个客户" if waiting else "",
        f"退回 {returned} 行" if returned else "",
        f"没有品牌 {len(report.unbranded)} 个客户" if len(report.unbranded) else "",
        f"待认领 {len(report.unclaimed)} 个文件" if len(report.unclaimed) else "",
    ]
    tasks = [task for task in tasks if task]
    return f"做完了。要人处理:{'、'.join(tasks)}。" if tasks else "做完了,没有要人处理的。"


def _notice(problem: Problem) -> str:
    place = f"{problem.file}:" if problem.file and problem.file not in problem.message else ""
    return f"注意:{place}{problem.message}。{problem.todo}"


def _needs_person(done: Consolidated) -> list[str]:
    report = done.report
    waiting = int((report.leads["owner"] == "").sum())
    urgent = int(report.leads["urgent"].sum())
    said = [f"有效客户 {report.leads['lead'].nunique()} 个,待分配 {waiting} 个,紧急 {urgent} 个。"]
    if len(report.unbranded):
        said.append(f"没有品牌的客户 {len(report.unbranded)} 个:请在 销售部_周报.xlsx 的「未分品牌」里填归属品牌。")
    if len(report.pool):
        said.append(f"名录池(没有联系过的名录客户)里 {report.pool['lead'].nunique()} 个客户。")
    for person, rows in report.returns.groupby("person"):
        said.append(f"退回 {person} {len(rows)} 行,在「退回更正/{person}」。")
    for row in report.unclaimed.itertuples(index=False):
        said.append(f"待认领:{row.file}:{row.reason}")
    refused = [p for p in report.problems if p.code.startswith("edit")]
    said += [f"没有采用:{problem.place}:{problem.message}。" for problem in refused[:_SHOWN_PROBLEMS]]
    if len(report.conflicts):
        said.append(f"填写有冲突或没有采用 {len(report.conflicts)} 处,在 销售部_周报.xlsx 的「冲突」里。")
    for problem in report.settings.problems[:_SHOWN_PROBLEMS]:
        said.append(f"设置:{problem.place} {problem.message}")
    return said


def daily_lines(place: Office, outcome: DailyOutcome) -> list[str]:
    """What the day holds and what needs a person."""
    day, lists = outcome.day, outcome.consolidated.report.lists
    today = day.today
    urgent, late = int(today["urgent"].sum()), int((today["late"] > 0).sum())
    counts = f"紧急 {urgent} 个,逾期未反馈 {late} 个,新客户 {day.new} 个。"
    said = [f"{day.day.isoformat()} 日报(从 {day.since.isoformat()} 起):今日处理 {len(today)} 个客户,{counts}"]
    for row in dicts(day.matrix):
        missing = [column[5:] for column, mark in row.items() if mark == "缺"]
        if missing:
            said.append(f"{row['person']} 没有交移交表:{'、'.join(missing)}。")
    if len(lists.drafts):
        said.append(f"{len(lists.drafts)} 个登记过的客户没有移交,草稿在「待填」。")
    said += [f"注意:{remark}" for remark in lists.remarks]
    said.append(f"写了 {len(outcome.paths)} 个文件。日报在:{place.dailies / day.day.isoformat()}")
    said += [f"注意:{p.message},{p.todo}({p.details.get('beside', '')})" for p in outcome.problems]
    return said


def daily_json(place: Office, outcome: DailyOutcome) -> dict[str, Any]:
    """daily --json (docs/json.md)."""
    day, lists = outcome.day, outcome.consolidated.report.lists
    missing = (day.matrix.iloc[:, 1:] == "缺").to_numpy().sum()
    return {
        "schema_version": SCHEMA_VERSION,
        "office": place.root.name,
        "date": day.day.isoformat(),
        "since": day.since.isoformat(),
        "workbooks": list(outcome.paths),
        "totals": {
            "today": len(day.today),
            "urgent": int(day.today["urgent"].sum()),
            "overdue": int((day.today["late"] > 0).sum()),
            "new": day.new,
            "forms_missing": int(missing),
            "drafts": len(lists.drafts),
            "returns": len(outcome.consolidated.report.returns),
        },
        "problems": [problem_json(problem) for problem in outcome.problems],
    }


def problem_json(problem: Problem) -> dict[str, str]:
    """One problem as documented in docs/json.md."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "sheet": problem.sheet,
        "cell": problem.cell,
        "value": problem.value,
        "message": f"{problem.message}。{problem.todo}",
    }


def as_json(place: Office, outcome: Outcome) -> dict[str, Any]:
    """The weekly run as one document (docs/json.md)."""
    document: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "files": [], "workbooks": [], "totals": {}}
    document["fresh"] = outcome.fresh
    document["workbooks"] = [str(Path(p).as_posix()) for p in outcome.paths]
    document["weeks"] = [str(done.report.week) for done in outcome.weeks]
    document["office"] = place.root.name
    if outcome.weeks:
        newest = outcome.weeks[-1]
        document["files"] = [_file_json(newest, file) for file in newest.files]
        counted = newest.trace["fate"].value_counts()
        document["totals"] = {fate: int(counted.get(fate, 0)) for fate in fates.FATES}
    return document


def _file_json(done: Consolidated, file: Any) -> dict[str, Any]:
    mine = done.trace[done.trace["number"] == file.entry.number]
    return {
        "file": file.entry.inbox_path,
        "sheet": "、".join(dict.fromkeys(b.sheet_name for b in file.content.blocks)),
        "table": "、".join(dict.fromkeys(b.table for b in file.content.blocks)),
        "outcome": file.content.outcome.value,
        "rows": len(mine),
        "fates": {str(k): int(v) for k, v in sorted(mine["fate"].value_counts().items())},
        "problems": [problem_json(p) for p in file.content.problems],
    }


def diagnosis_lines(checked: int, mended: list[Problem], problems: list[Problem]) -> list[str]:
    """What ``doctor`` found, for people: what was mended first, then what needs somebody."""
    said = [f"检查了存档里的 {checked} 个文件。"]
    said += [f"已修好:{problem.message}。{problem.todo}" for problem in mended]
    said += [_notice(problem) for problem in problems]
    return said if mended or problems else [*said, "没有发现问题。"]


def diagnosis_json(mended: list[Problem], problems: list[Problem]) -> dict[str, Any]:
    """doctor --json (docs/json.md)."""

    def told(many: list[Problem]) -> list[dict[str, str]]:
        return [{"file": problem.file, **problem_json(problem)} for problem in many]

    return {"schema_version": SCHEMA_VERSION, "mended": told(mended), "problems": told(problems)}


def write_trace(done: Consolidated, out: Path) -> None:
    """The trace CSV (product.md), UTF-8 with BOM; text that Excel would run gets the OWASP prefix."""
    rows = done.trace[list(_TRACE)].itertuples(index=False, name=None)
    write_whole(out, csv_bytes([_TRACE.values(), *rows]))


def anything_to_correct(results: list[Checked]) -> bool:
    """A file is not readable or a row would go back."""
    return any(
        r.outcome is not ReadOutcome.READ or any(p.severity is Severity.RETURN for p in r.problems) for r in results
    )


def checked_lines(results: list[Checked]) -> list[str]:
    """What is wrong in each file, by cell, in the order of the sheet."""
    said = []
    for result in results:
        names = "、".join(TABLES[key].name for key in result.tables) or "没有认出是哪一张表"
        said.append(f"{result.file}:{names},{result.rows} 行")
        for problem in result.problems:
            mark = {Severity.RETURN: "✗", Severity.TODO: "!", Severity.NOTICE: "·"}[problem.severity]
            place = problem.cell or (f"第{problem.row}行" if problem.row else "")
            customer = result.customers.get((problem.sheet, problem.row), "")
            where = " ".join(part for part in (problem.sheet, place, customer) if part)
            said.append(f"  {mark} {where}:{problem.message}。{problem.todo}")
        if not result.problems and result.outcome is ReadOutcome.READ:
            said.append("  没有问题,可以交。")
    return said


def write_marked_copies(results: list[Checked], folder: Path) -> list[Path]:
    """A marked copy of every file that could be opened, as <name>_检查.xlsx. Returns the paths."""
    written = []
    for result in results:
        if result.workbook is not None:
            path = folder / f"{Path(result.file).stem}_检查.xlsx"
            write_whole(path, write_marked(result.workbook, result.problems, result.headers))
            written.append(path)
    return written


def checked_json(results: list[Checked]) -> dict[str, Any]:
    """check --json (docs/json.md)."""
    return {
        "schema_version": SCHEMA_VERSION,
        "files": [
            {
                "file": r.file,
                "table": "、".join(r.tables),
                "outcome": r.outcome.value,
                "rows": r.rows,
                "fates": r.fates,
                "problems": [{**problem_json(p), "row": p.row} for p in r.problems],
            }
            for r in results
        ],
    }


def deduped_lines(found: Deduped, out: Path) -> list[str]:
    """What a comparison of lists found: files, problems of whole files, the counts, where it was written."""
    said = []
    where = ",见「问题」" if out.suffix.lower() == ".xlsx" else ",写成 .xlsx 可以逐条看"
    for file in found.lists.files:
        said.append(f"{file.name}:{len(file.content.rows)} 行")
        mine = [p for p in found.lists.problems if p.file == file.name]
        shown = [p for p in mine if not p.cell or p.severity is Severity.RETURN]
        said += [f"  {p.place.removeprefix(file.name).strip()} {p.message}。{p.todo}" for p in shown[:_SHOWN_PROBLEMS]]
        if len(mine) > len(shown[:_SHOWN_PROBLEMS]):
            said.append(f"  另有 {len(mine) - len(shown[:_SHOWN_PROBLEMS])} 处提示{where}。")
    said += [f"从名单学到:{sentence}。" for sentence in found.learnt]
    return [*said, *_totals(found.counts, out)]


def _totals(n: Mapping[str, int], out: Path) -> list[str]:
    totals = (
        f"共 {n['rows']} 行,是 {n['customers']} 个客户:{n['groups']} 组有重复,{n['joined']} 行可以并入,"
        f"{n['doubtful']} 对要人确认,{n['set_aside']} 行不是客户。"
    )
    return [totals, f"已写 {out}"]


def compared_lines(done: Done, out: Path) -> list[str]:
    """The same of lists that no memory holds: cells that were not understood are only counted."""
    said = []
    for file in done.read.files:
        said.append(f"{file.name}:{file.rows} 行")
        said += [f"  {p.message}。{p.todo}" for p in file.problems[:_SHOWN_PROBLEMS]]
    unclear = [(TABLES["directory"].headers[field], times) for field, times in done.read.unclear.items()]
    said += [f"{header}:{times} 格有提示,看不懂的没有参加比较" for header, times in unclear]
    return [*said, *_totals(done.counts, out)]


def compared_json(done: Done, out: Path) -> dict[str, Any]:
    """dedupe --json of such lists (docs/json.md)."""
    return {
        "schema_version": SCHEMA_VERSION,
        "files": [
            {
                "file": file.name,
                "outcome": file.outcome.value,
                "rows": file.rows,
                "problems": [{**problem_json(problem), "row": problem.row} for problem in file.problems],
            }
            for file in done.read.files
        ],
        "totals": dict(done.counts),
        "out": out.as_posix(),
    }


def deduped_json(found: Deduped, out: Path) -> dict[str, Any]:
    """dedupe --json (docs/json.md)."""
    problems: dict[str, list[dict[str, Any]]] = {}
    for problem in found.lists.problems:
        problems.setdefault(problem.file, []).append({**problem_json(problem), "row": problem.row})
    return {
        "schema_version": SCHEMA_VERSION,
        "files": [
            {
                "file": file.name,
                "outcome": file.content.outcome.value,
                "rows": len(file.content.rows),
                "problems": problems.get(file.name, []),
            }
            for file in found.lists.files
        ],
        "totals": dict(found.counts),
        "learnt": list(found.learnt),
        "out": out.as_posix(),
    }
