"""Moving a finished week into place: the issue is archived, the workbooks replaced, the journal written last."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from . import __version__
from .archive import Archive, FileKind
from .collect import collect_edited
from .consolidate import Consolidated, Plan
from .files import sha256, write_whole
from .issue import issue_id
from .journal import Journal, Run
from .match.leads import MODEL_VERSION
from .office import Office
from .parallel import Job, run_all
from .problems import Problem
from .roundtrip import SALES_WORKBOOK, book_id
from .tables import TABLES
from .write import tofill
from .write.brand import write_brand
from .write.report import Report
from .write.returns import write_returns
from .write.sales import write_sales

_WORTH_HELPERS = 3_000  # leads and merged rows; fewer are written before a second process has started
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_POOL_COLUMNS = {
    "lead": "客户编号", "name": "客户姓名", "phone": "联系电话", "wechat": "微信号", "company": "单位/店名",
    "province": "省", "city": "市", "county": "县/区", "status": "跟进状态", "note": "备注",
}  # fmt: skip


@dataclass(frozen=True)
class Published:
    """paths: what was written, posix paths below the office. problems: workbooks that were open, and where they went."""

    run: Run
    paths: tuple[str, ...]
    problems: tuple[Problem, ...] = field(default=())


def safe_name(text: str) -> str:
    """A brand or person's name as part of a file name on Windows."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", text).strip(" .") or "未命名"


def file_names(brands: list[str]) -> dict[str, str]:
    """Brand → its part of the file name; brands that differ only in what Windows forbids, or are called like the
    sales department, get a number.
    """
    taken, names = {"销售部"}, {}
    for brand in brands:
        base = name = safe_name(brand)
        count = 1
        while name.casefold() in taken:
            count += 1
            name = f"{base}{count}"
        taken.add(name.casefold())
        names[brand] = name
    return names


def workbooks(week: Consolidated, *, folder: str, with_returns: bool) -> tuple[bytes, dict[str, bytes]]:
    """The packed issue record, and every file of the week: path below the office → bytes."""
    report = week.report
    packed = week.issue.pack()
    issue = issue_id(packed)
    stem = f"{folder}/{report.week}/{report.week}"
    jobs: dict[str, Job] = {}
    for name, file in file_names([brand.name for brand in report.settings.brands]).items():
        jobs[f"{stem}_{file}_周报.xlsx"] = (write_brand, (name, book_id(issue, name)))
        pool = report.closed[report.closed["brand"] == name]
        if len(pool):
            jobs[f"{stem}_{file}_名录池.csv"] = (_pool_csv, (name,))
    jobs[f"{stem}_{SALES_WORKBOOK}.xlsx"] = (write_sales, (book_id(issue, SALES_WORKBOOK),))
    if with_returns:
        for person in sorted(set(report.returns["person"])):
            name = safe_name(person)
            jobs[f"退回更正/{name}/退回更正_{name}.xlsx"] = (write_returns, (person,))
        if not report.finished:
            jobs |= _to_fill(report, issue)
    small = len(report.leads) + len(report.merges) < _WORTH_HELPERS
    return packed, dict(zip(jobs, run_all(list(jobs.values()), report, alone=small), strict=True))


def _to_fill(report: Report, issue: str) -> dict[str, Job]:
    """待填: each follower's 跟进表, and the forms that his new leads still need."""
    jobs: dict[str, Job] = {}
    for person in tofill.owners(report):
        stem = f"待填/{safe_name(person)}/{report.week}"
        carried = book_id(issue, tofill.follow_name(report, person))
        jobs[f"{stem}_{tofill.FOLLOW_SHEET}.xlsx"] = (tofill.write_follow, (person, carried))
        for key in tofill.FORMS:
            if len(tofill.waiting(report, person, key)):
                jobs[f"{stem}_{TABLES[key].name}.xlsx"] = (tofill.write_form, (person, key))
    return jobs


def in_hand(office: Office, journal: Journal, path: str) -> bool:
    """A 待填 form on which a person has begun: it is his until he is done; what he saves is handed in."""
    target = office.root / path
    form = path.startswith("待填/") and tofill.FOLLOW_SHEET not in path
    return form and target.exists() and sha256(target.read_bytes()) not in journal.published


def place_books(
    office: Office, archive: Archive, journal: Journal, books: Mapping[str, bytes]
) -> tuple[list[str], list[Problem]]:
    """Put workbooks in place. Returns the paths written (another one when somebody has the old one open) and why."""
    written, problems = [], []
    for path, data in books.items():
        where, problem = _replace(office.root / path, data, lambda old, at=path: _held(archive, journal, at, old))  # type: ignore[misc]
        written.append(where.relative_to(office.root).as_posix())
        problems += problem
    return written, problems


def _pool_csv(report: Report, brand: str) -> bytes:
    """Leads of a brand that are no longer worked on. Text that Excel would take for a formula gets the OWASP prefix."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_POOL_COLUMNS.values())
    for lead in report.closed[report.closed["brand"] == brand].to_dict("records"):
        texts = [str(lead[column]) for column in _POOL_COLUMNS]
        writer.writerow([f"'{text}" if text.startswith(_FORMULA_START) else text for text in texts])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def publish(office: Office, archive: Archive, journal: Journal, plan: Plan, week: Consolidated) -> Published | None:
    """Archive the issue, replace the workbooks, then write the journal line.

    None when somebody saved a workbook while these were made: it is archived, and the week must be made again.
    """
    packed, books = workbooks(week, folder="周报", with_returns=True)
    if not archive.dry and list(collect_edited(office, archive, journal, plan.as_of)):
        return None
    books = {path: data for path, data in books.items() if not in_hand(office, journal, path)}
    digest = sha256(packed)
    issued = next((e for e in archive.of_kind(FileKind.ISSUE) if e.sha256 == digest), None)
    if issued is None:
        name = f"发布_{plan.week}.zip"
        issued = archive.put(packed, kind=FileKind.ISSUE, person="", source=name, day=plan.as_of)
    run = Run(
        week=plan.week,
        as_of=plan.as_of,
        closed=plan.finished,
        first=min((n for n, w in week_arrivals(week).items() if w == str(plan.week)), default=plan.last),
        last=plan.last,
        settings=plan.settings,
        issue=issued.number,
        issue_id=issue_id(packed),
        model=MODEL_VERSION,
        program=__version__,
        outputs={path: sha256(data) for path, data in books.items()},
    )
    if archive.dry:
        journal.add(run)
        return Published(run, tuple(books))
    written, problems = place_books(office, archive, journal, books)
    remove_untouched(office, journal, office.returns, "退回更正_*.xlsx", books)
    remove_untouched(office, journal, office.to_fill, "????-W??_*.xlsx", books)
    journal.add(run)
    return Published(run, tuple(written), tuple(problems))


def week_arrivals(week: Consolidated) -> Mapping[int, str]:
    """File number → week label of its rows' arrival, from the trace."""
    return dict(zip(week.trace["number"], week.trace["week"], strict=True))


def _held(archive: Archive, journal: Journal, path: str, old: bytes) -> bool:
    """Whether the workbook in place is ours or archived: only then may it be replaced."""
    return sha256(old) in journal.published or archive.known(old, path)


def _replace(target: Path, data: bytes, may_replace: Callable[[bytes], bool]) -> tuple[Path, list[Problem]]:
    """Put the new workbook in place; when somebody has the old one open or just saved it, write beside and say so."""
    beside = target.with_name(f"{target.stem}_新{target.suffix}")
    if target.exists() and target.read_bytes() == data:
        return target, []
    owner = target.with_name(f"~${target.name}")
    if not owner.exists() and (not target.exists() or may_replace(target.read_bytes())):
        try:
            write_whole(target, data)
        except PermissionError:
            pass
        else:
            beside.unlink(missing_ok=True)
            return target, []
    write_whole(beside, data)
    return beside, [Problem("workbook-open", file=target.name, value=target.name, details={"beside": beside.name})]


def remove_untouched(office: Office, journal: Journal, folder: Path, names: str, books: Mapping[str, bytes]) -> None:
    """A 退回更正 workbook whose rows are all settled goes away, and a 待填 form that a newer one replaces; one that a person
    changed was archived and stays.
    """
    if not folder.exists():
        return
    published = journal.published
    for path in sorted(folder.rglob(names)):
        below = path.relative_to(office.root).as_posix()
        if below not in books and sha256(path.read_bytes()) in published:
            path.unlink()
