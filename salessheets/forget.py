"""``forget``: the one command that rewrites the past (contracts.md). A person is taken out of archive, inbox and reports,
and a pseudonymous mark keeps him out.

What is to be done is written down first (存档/.删除中.json, the only place where his numbers still stand, deleted at the
end); every step can be done twice. A run that was killed is taken up again by the next command.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from . import consolidate, publish
from .archive import Archive, Entry, FileKind
from .erase import Person, clear_issue, clear_workbook, found_in
from .files import remove, sha256, write_whole
from .forgotten import HEIRS, Forgotten
from .issue import Issue, unpack
from .journal import Journal
from .office import NotPossibleError, Office, Week
from .passwords import is_locked
from .problems import Problem
from .read import Reader, ReadError
from .seek import Job
from .week import need_passwords, plan_of, sweep

_KEEP_SUFFIX = (".xlsx", ".csv", ".txt", ".tsv")
_OURS = ("登记.csv", "运行记录.csv", "已删除.csv", HEIRS, ".密钥", ".删除中.json", ".锁", ".谁在运行")
_ATTEMPTS = 3


@dataclass(frozen=True)
class Erased:
    """What was done. rows: how many of his rows. files: how many files were changed. problems: what is left to people."""

    rows: int
    files: int
    problems: tuple[Problem, ...]

    @property
    def said(self) -> list[str]:
        """The same for people; it never says who."""
        return [
            f"已删除:{self.rows} 行,改了 {self.files} 个文件,以后再交来也不会进名单。",
            "请注意:备份、已发出去的周报和同事自己电脑里的表不在这里,请另外删。",
            *(f"注意:{problem.message}。{problem.todo}" for problem in self.problems),
        ]


def job_file(place: Office) -> Path:
    """Where an unfinished job stands."""
    return place.archive / ".删除中.json"


def job_waits(place: Office) -> bool:
    """Whether a ``forget`` was begun and not finished."""
    return job_file(place).exists()


def start(place: Office, job: Job) -> None:
    """From here on the job is done, whatever happens."""
    job.save(job_file(place))


def resume(place: Office) -> Erased | None:
    """Do what is written down; None when nothing is. Under the lock only."""
    file = job_file(place)
    if not file.exists():
        return None
    sweep(place)
    job = Job.load(file)
    work = _Work(place, job)
    need_passwords(place, work.archive, work.journal)
    forgotten = Forgotten.open(place)
    forgotten.add(job.person.numbers, job.day.isoformat())
    forgotten.inherit(job.heirs, job.day.isoformat())
    with Reader() as reader:
        work.archived(reader)
        work.issues()
        work.others(reader)
        if job.weeks is None:
            job = replace(job, weeks=work.weeks())
            job.save(file)
        work.reports(job.weeks or ())
        work.registers()
        problems = work.left(reader)
    remove(file)
    return Erased(sum(len(rows) for rows in job.rows.values()), len(work.changed), tuple(problems))


class _Work:
    """The steps of one job."""

    def __init__(self, place: Office, job: Job) -> None:
        self.place, self.job, self.person = place, job, job.person
        self.archive, self.journal = Archive.open(place), Journal.open(place)
        self.changed: set[str] = set()

    def archived(self, reader: Reader) -> None:
        """Copies in the archive, and the files they were made from where those still lie."""
        groups: dict[str, list[Entry]] = {}
        for entry in self.archive.entries:
            if entry.kind is not FileKind.ISSUE:
                groups.setdefault(entry.path, []).append(entry)
        for path, entries in groups.items():
            before = self.job.digests.get(path)
            if before is None:
                continue  # done: it has another name now
            target = self.place.root / self.person.cleared(path)
            data = _read(self.place.root / path) or _read(target)
            if data is None:
                continue
            made = data if sha256(data) != before else self._cleared(reader, data, entries[0], path)
            if made is None and target == self.place.root / path and not self._named(entries):
                continue
            made = data if made is None else made
            if _read(target) != made:
                write_whole(target, made)
            if target != self.place.root / path:
                remove(self.place.root / path)
            for entry in entries:
                self._handed_in(entry, before, made)
                source = self._source(entry, made)
                new = replace(entry, sha256=sha256(made), path=self.person.cleared(path), source=source)
                if new != entry:
                    self.archive.register(new)
            self.changed.add(path)

    def _named(self, entries: list[Entry]) -> bool:
        return any(self.person.cleared(entry.source) != entry.source for entry in entries)

    def _cleared(self, reader: Reader, data: bytes, entry: Entry, path: str) -> bytes | None:
        if entry.kind is FileKind.SETTINGS:
            return _clear_settings(data, self.person)
        return _clear(reader, data, entry.name, self.person, self.job.rows.get(path, ()))

    def _source(self, entry: Entry, made: bytes) -> str:
        """The name in 收件箱: what became an .xlsx is called so."""
        source = Path(self.person.cleared(entry.source))
        if made.startswith(b"PK") and source.suffix.lower() not in _KEEP_SUFFIX and "收件箱" in source.parts:
            source = source.with_suffix(".xlsx")
        return source.as_posix()

    def _handed_in(self, entry: Entry, before: str, made: bytes) -> None:
        """The file itself: in 收件箱 it is replaced; a report that somebody filled in is written again later."""
        old, new = self.place.root / entry.source, self.place.root / self._source(entry, made)
        data = _read(old)
        if data is None or sha256(self.place.passwords.unlock(data)) != before:
            return
        if old.is_relative_to(self.place.reports) or old.is_relative_to(self.place.returns):
            remove(old)
            return
        if new != old or data != made:
            write_whole(new, made)
        if new != old:
            remove(old)

    def issues(self) -> None:
        """Issue records keep their numbers and the ids that workbooks carry."""
        for entry in list(self.archive.of_kind(FileKind.ISSUE)):
            data = _read(self.place.root / entry.path)
            if data is None:
                continue
            issue = unpack(data)
            cleared = clear_issue(issue, self.person)
            made = data if _same(issue, cleared) else cleared.pack()
            if made != data:
                write_whole(self.place.root / entry.path, made)
            if sha256(made) != entry.sha256 and (made != data or self.job.digests.get(entry.path) == entry.sha256):
                self.archive.register(replace(entry, sha256=sha256(made)))
                self.changed.add(entry.path)

    def others(self, reader: Reader) -> None:
        """Everything else in the folder: what can be made again goes, what people made is cleared."""
        for folder in (self.place.cache, self.place.replays):
            for path in _files(folder):
                remove(path)
        for path in self._unregistered():
            data = _read(path)
            if data is None:
                continue
            plain = self.place.passwords.unlock(data)
            made = _clear(reader, plain, path.name, self.person, ())
            name = self.person.cleared(path.name)
            if made is None and name == path.name:
                continue
            self.changed.add(path.relative_to(self.place.root).as_posix())
            ours = sha256(data) in self.journal.published
            if not ours:
                write_whole(path.with_name(name), plain if made is None else made)
            if ours or name != path.name:
                remove(path)

    def _unregistered(self) -> Iterator[Path]:
        known = {entry.path for entry in self.archive.entries}
        for path in _files(self.place.root):
            below = path.relative_to(self.place.root).as_posix()
            if below not in known and not (path.parent == self.place.archive and path.name in _OURS):
                yield path

    def weeks(self) -> tuple[str, ...]:
        """Reports to write again: those with a workbook that is gone now, and the newest."""
        runs = self.journal.weekly
        if not runs:
            return ()
        newest = {run.week: run for run in runs}
        gone = {
            week for week, run in newest.items() if any(not (self.place.root / path).exists() for path in run.outputs)
        }
        return tuple(str(week) for week in sorted(gone | {runs[-1].week}))

    def reports(self, weeks: tuple[str, ...]) -> None:
        """Write the weeks again, oldest first. What a closed week decided about others stays as it was."""
        for week in map(Week.parse, weeks):
            if any(run.week == week for run in self.journal.runs[self.job.runs :]):
                continue
            run = self.journal.closings.get(week) or self.journal.newest(week)
            assert run is not None
            for _ in range(_ATTEMPTS):
                plan = plan_of(self.archive, self.journal, run)
                done = consolidate.consolidate(self.archive, plan)
                if run.closed:
                    old = unpack(self.archive.data(self.archive.entry(run.issue)))
                    done = replace(done, issue=replace(done.issue, fates=old.fates))
                if publish.publish(self.place, self.archive, self.journal, plan, done, command="forget"):
                    break
            else:
                raise NotPossibleError("周报正在被不停地保存。请让大家先关闭周报,再运行一次")

    def registers(self) -> None:
        """File names in manifest and journal."""
        for path in (self.archive.manifest, self.journal.path):
            text = (_read(path) or b"").decode()
            if self.person.cleared(text) != text:
                write_whole(path, self.person.cleared(text).encode())

    def left(self, reader: Reader) -> list[Problem]:
        """Where his numbers still stand, and which files nobody could look into."""
        problems = []
        issues = {entry.path for entry in self.archive.of_kind(FileKind.ISSUE)}
        for path in _files(self.place.root):
            below = path.relative_to(self.place.root).as_posix()
            if (
                below in issues
                or path.is_relative_to(self.place.cache)
                or (path.parent == self.place.archive and path.name in _OURS[2:])
            ):
                continue  # cleared value by value, made again since, or no numbers but marks
            data = self.place.passwords.unlock(_read(path) or b"")
            if path.suffix == ".png" and sha256(data) in self.journal.published:
                continue  # our own picture: numbers of customers only (write/phone.py)
            if found_in(data, self.person.numbers) or self.person.cleared(path.name) != path.name:
                problems.append(Problem("forget-left", file=below, value=below))
            elif is_locked(data) or not (_plain(path) or _readable(reader, data, path.name)):
                problems.append(Problem("forget-unread", file=below, value=below))
        return problems


def _plain(path: Path) -> bool:
    """Files that a search of their bytes sees through."""
    return path.suffix.lower() in (".csv", ".txt", ".tsv", ".json", ".log", "")


def _readable(reader: Reader, data: bytes, name: str) -> bool:
    try:
        reader.workbook(data, name)
    except ReadError as error:
        return error.code == "file-empty"
    return True


def _clear(reader: Reader, data: bytes, name: str, person: Person, own: tuple[tuple[int, int], ...]) -> bytes | None:
    """The file without him; None when nothing in it is his, or nobody can read it."""
    try:
        book = reader.workbook(data, name)
    except ReadError:
        return None
    made = clear_workbook(book, person, frozenset(own))
    if made is None and found_in(data, person.numbers):  # a comment, a property, a picture's name: not in any cell
        made = clear_workbook(book, person, (), always=True)
    return made


def _clear_settings(data: bytes, person: Person) -> bytes | None:
    """设置.xlsx is edited in place: it must go on looking and checking as it does. His line of 拒绝联系 is emptied."""
    import openpyxl

    if not found_in(data, person.numbers):
        return None
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book:
        for row in sheet.iter_rows():
            texts = ["" if cell.value is None else str(cell.value) for cell in row]
            if [person.cleared(text) for text in texts] != texts:
                for cell, text in zip(row, texts, strict=True):
                    his = sheet.title == "拒绝联系"
                    if text and (his or person.cleared(text) != text) and not hasattr(cell, "is_merged"):
                        cell.value = None if his else person.cleared(text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _same(one: Issue, other: Issue) -> bool:
    return all(getattr(one, name).equals(getattr(other, name)) for name in ("cells", "fates", "leads"))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
