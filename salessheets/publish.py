"""Moving a finished week into place: the issue is archived, the workbooks replaced, the journal written last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from . import __version__
from .archive import Archive, Entry, FileKind
from .collect import collect_edited
from .consolidate import Consolidated, Plan
from .csvtext import csv_columns
from .files import sha256
from .issue import issue_id
from .journal import DAILY, Journal, Run
from .office import Office, Week
from .parallel import Job, run_all
from .passwords import Passwords
from .placing import Placing, owner, remove_if_free
from .problems import Problem
from .returned import SALES_WORKBOOK
from .roundtrip import book_id
from .settings import Settings
from .tables import TABLES
from .write import canvas, tofill
from .write.book import Book, Col
from .write.brand import write_brand
from .write.phone import write_picture, write_text
from .write.report import Report
from .write.returns import write_returns
from .write.sales import write_sales

SALES = "销售部"  # what its workbook is called where brands are named
_WORTH_HELPERS = 3_000  # leads and merged rows; fewer are written before a second process has started
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
    taken, names = {SALES}, {}
    for brand in brands:
        base = name = safe_name(brand)
        count = 1
        while name.casefold() in taken:
            count += 1
            name = f"{base}{count}"
        taken.add(name.casefold())
        names[brand] = name
    return names


def workbooks(
    week: Consolidated, *, folder: str, with_returns: bool, passwords: Passwords
) -> tuple[bytes, dict[str, bytes]]:
    """The packed issue record, and every file of the week: path below the office → bytes, locked where a brand is."""
    report = week.report
    packed = week.issue.pack()
    issue = issue_id(packed)
    stem = f"{folder}/{report.week}/{report.week}"
    jobs: dict[str, Job] = {}
    brand_of: dict[str, str] = {}
    for name, file in file_names([brand.name for brand in report.settings.brands]).items():
        jobs[f"{stem}_{file}_周报.xlsx"] = (write_brand, (name, book_id(issue, name)))
        jobs |= _pool_of(report, name, f"{stem}_{file}", locked=bool(passwords.writing(name)))
        if not passwords.writing(name):  # what leaves the office by phone cannot be locked
            jobs[f"{folder}/{report.week}/{file}_微信.txt"] = (write_text, (name,))
            if canvas.can_draw():
                jobs[f"{folder}/{report.week}/{file}_概览.png"] = (write_picture, (name,))
        brand_of |= {path: name for path in jobs if path not in brand_of}
    jobs[f"{stem}_{SALES_WORKBOOK}.xlsx"] = (write_sales, (book_id(issue, SALES_WORKBOOK),))
    jobs |= _pool_of(report, "", f"{stem}_{SALES}", locked=bool(passwords.writing(SALES)))
    brand_of |= {path: SALES for path in jobs if path not in brand_of}
    if with_returns:
        for person in sorted(set(report.returns["person"])):
            name = safe_name(person)
            jobs[f"退回更正/{name}/退回更正_{name}.xlsx"] = (write_returns, (person,))
        if not report.finished:
            jobs |= _to_fill(report, issue)
    small = len(report.leads) + len(report.merges) < _WORTH_HELPERS
    made = zip(jobs, run_all(list(jobs.values()), report, alone=small), strict=True)
    return packed, {path: passwords.seal(data, brand_of.get(path, "")) for path, data in made}


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


def _pool_of(report: Report, brand: str, stem: str, *, locked: bool) -> dict[str, Job]:
    """The 名录池 of a brand ("" = of no brand): a workbook where the brand has a password, since a CSV cannot be locked."""
    if not any((leads["brand"] == brand).any() for leads in (report.closed, report.pool)):
        return {}
    return {f"{stem}_名录池.xlsx": (_pool_book, (brand,))} if locked else {f"{stem}_名录池.csv": (_pool_csv, (brand,))}


def _pool(report: Report, brand: str) -> dict[str, pd.Series]:
    """Header → text of the leads of a brand that are no longer worked on, and of those that nobody has touched yet."""
    parts = [
        leads[leads["brand"] == brand].reindex(columns=list(_POOL_COLUMNS)) for leads in (report.closed, report.pool)
    ]
    leads = pd.concat(parts, ignore_index=True).fillna("").astype("str")
    return {header: leads[column] for column, header in _POOL_COLUMNS.items()}


def _pool_csv(report: Report, brand: str) -> bytes:
    return csv_columns(_pool(report, brand))


def _pool_book(report: Report, brand: str) -> bytes:
    """The same leads as a workbook."""
    name = f"{brand or SALES} 名录池"
    book = Book(title=name, day=report.week.monday, footer=name)
    columns = [Col(header, list(values)) for header, values in _pool(report, brand).items()]
    book.table(book.sheet("名录池"), "名录池", "不再跟进的客户，和还没有人联系过的名录客户。", columns, back=False)
    return book.done()


def publish(
    office: Office, archive: Archive, journal: Journal, plan: Plan, week: Consolidated, command: str = "weekly"
) -> Published | None:
    """Archive the issue, say in the journal what comes, replace the workbooks, then write the journal's line.

    None when somebody saved a workbook while these were made: it is archived, and the week must be made again.
    """
    packed, books = workbooks(week, folder="周报", with_returns=True, passwords=office.passwords)
    if not archive.dry and list(collect_edited(office, archive, journal, plan.as_of)):
        return None
    books = {path: data for path, data in books.items() if not in_hand(office, journal, path)}
    issued = archive_issue(archive, issue_name(plan.week), packed, plan.as_of)
    run = Run(
        week=plan.week,
        as_of=plan.as_of,
        closed=plan.finished,
        first=min((n for n, w in week_arrivals(week).items() if w == str(plan.week)), default=plan.last),
        last=plan.last,
        settings=plan.settings,
        issue=issued.number,
        issue_id=issue_id(packed),
        model=week.version.name,
        program=__version__,
        outputs={path: sha256(data) for path, data in books.items()},
        command=command,
        missing=archive.missing,
        locked=locked(week.report.settings, office.passwords),
    )
    if archive.dry:
        journal.add(run)
        return Published(run, tuple(books))
    placed = replace_books(office, archive, journal, run, books)
    if placed is None:
        return None
    _remove_stale(office, Placing(archive, journal), plan.week, books)
    journal.add(run)
    paths, problems = placed
    missing = (
        ()
        if canvas.can_draw()
        else (Problem("picture-missing", file=canvas.FONT_FILE.name, value=canvas.FONT_FILE.name),)
    )
    return Published(run, paths, (*problems, *missing))


def replace_books(
    office: Office, archive: Archive, journal: Journal, run: Run, books: Mapping[str, bytes]
) -> tuple[tuple[str, ...], tuple[Problem, ...]] | None:
    """Say in the journal what comes, then put the workbooks of a run in place. Returns the paths written (another one
    when somebody has the old one open) and why; None when somebody saved one: it is archived, and all is made again.
    """
    journal.prepare(run)
    written, problems = [], []
    placing = Placing(archive, journal)
    for path, data in books.items():
        placed = placing.place(path, data)
        if placed is None:
            list(collect_edited(office, archive, journal, run.as_of))
            return None
        written.append(placed[0].relative_to(office.root).as_posix())
        problems += placed[1]
    return tuple(written), tuple(problems)


def archive_issue(archive: Archive, name: str, packed: bytes, day: date) -> Entry:
    """The archived issue record with this content and so this id; archived now unless it was before."""
    digest = sha256(packed)
    issued = next((e for e in archive.of_kind(FileKind.ISSUE) if archive.first_digest(e) == digest), None)
    return issued or archive.put(packed, kind=FileKind.ISSUE, person="", source=name, day=day)


def issue_name(week: Week) -> str:
    """What the issue record of a week is called."""
    return f"发布_{week}.zip"


def locked(settings: Settings, passwords: Passwords) -> tuple[str, ...]:
    """The workbooks that are written with a password: brands, 销售部."""
    names = [*(brand.name for brand in settings.brands), SALES]
    return tuple(name for name in names if passwords.writing(name))


def week_arrivals(week: Consolidated) -> Mapping[int, str]:
    """File number → week label of its rows' arrival, from the trace."""
    newest = week.trace.drop_duplicates("number", keep="last")
    return dict(zip(newest["number"], newest["week"], strict=True))


def _remove_stale(office: Office, placing: Placing, week: Week, books: Mapping[str, bytes]) -> None:
    """What an earlier run of the week wrote and this one does not: a 退回更正 workbook whose rows are all settled, a
    待填 form that a newer one replaces, a 名录池 that is empty or locked now.
    """
    journal = placing.journal
    runs = (run for run in (*journal.weekly, *journal.prepared) if run.command != DAILY and run.week == week)
    found = {office.root / path for run in runs for path in run.outputs}
    found |= {*office.returns.rglob("退回更正_*.xlsx"), *office.to_fill.rglob("????-W??_*.xlsx")}
    remove_untouched(office, journal, found, books)


def remove_untouched(office: Office, journal: Journal, found: Iterable[Path], books: Mapping[str, bytes]) -> None:
    """Delete what is no longer written and nobody has changed; one that a person changed was archived and stays."""
    published = journal.published
    for path in sorted(found):
        below = path.relative_to(office.root).as_posix()
        if below not in books and path.exists() and owner(path) is None and sha256(path.read_bytes()) in published:
            remove_if_free(path)
