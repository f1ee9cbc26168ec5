"""Putting a workbook into the place of the one before, which somebody may have open, or may just have changed.

Nothing a person typed is overwritten: the workbook in place must be as we wrote it, or archived (contracts.md,
"replacing a workbook"). Where it is open the new one goes beside it; comments, columns, rows and sheets of somebody's
own keep the old one as ``_原件``.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from .archive import Archive
from .collect import KEPT
from .files import remove, sha256, write_whole
from .journal import Journal
from .passwords import is_locked
from .problems import Problem
from .read import Reader, ReadError, Sheet, Workbook
from .returned import ANALYSIS, KEY_HEADER, LEADS, UNASSIGNED
from .settings import CRITERIA
from .write import agenda, brand, daily, following, sales, tofill
from .write.book import LISTS, OVERVIEW
from .write.changes import CHANGES
from .write.conflicts import CONFLICTS
from .write.file_cards import CARDS

_OWN_SHEETS = {OVERVIEW, LISTS, *brand.SHEETS, *sales.SHEETS, *daily.SHEETS, tofill.FOLLOW_SHEET}
# Columns of ours that the next workbook may not have: a sheet without rows and a column without texts are left out.
_LEFT_OUT = {
    LEADS: "再次来电 原跟进人 拆分前备注",
    UNASSIGNED: "紧急 地区 原跟进人",
    # A sheet that does not calculate has no columns for it.
    ANALYSIS: " ".join(
        ("跟进状态 分级区域 上周级别 参加排名 名次 排名人数 分数够到 必答补齐后", *(f"{c.name}已知" for c in CRITERIA))
    ),
    CHANGES: "变化 客户 项目 原来 现在",
    agenda.AGENDA: "为什么 到期 逾期天数 做什么",
    agenda.REFERRALS: "答谢 应答谢日期 转介绍人 转介绍人电话 转介绍人客户编号 转介绍方式 转介绍日期 我方委托人 后来的转介绍人 "
    "成功判定 成功日期 实际答谢日期",
    following.MISSED: "紧急 哪一种 登记日期 天数 登记人 联系方式 情况 登记本写的已移交日期 记录编号",
    following.OVERDUE: "紧急 处理人 逾期天数 移交日期 应反馈 移交人 客户 联系方式 客户情况",
    following.UNRECORDED: "移交日期 移交人 客户 联系方式 紧急先行处理 记录编号",
    following.COLLISIONS: "哪一种 客户 先到 先到日期 后到 后到日期",
    sales.EXPIRED: "品牌 跟进人 最后联系 几个月",
    CONFLICTS: "情况 品牌 列或格 较早的内容 谁(较早) 较新的内容 谁(较新) 在哪里 说明",
    CARDS: "级别 日期 事件 内容 谁 出处",
    daily.TODAY: "紧急 来自 意向品牌 客户情况 以前见过 应反馈 逾期天数 微信号/QQ号 地区 现跟进人 移交人 移交日期 处理人 处理日期 处理结果 "
    "下一步措施 下次跟进日期",
}
_PICTURES = (".png",)  # what somebody drew on one cannot be read back: it is kept beside
_HEADER_DEPTH = 20
_NARROWEST = 3  # columns of a list; 说明 explains 客户编号 in a line of two
_BESIDE = 20  # so many versions lie beside before we give up


class State(Enum):
    """The workbook in place: free to be replaced, open in somebody's Excel, changed since it was archived, or behind a
    password that nobody told us.
    """

    FREE = 1
    OPEN = 2
    CHANGED = 3
    LOCKED = 4


@dataclass(frozen=True)
class Placing:
    """Places the workbooks of one run."""

    archive: Archive
    journal: Journal

    def place(self, path: str, data: bytes) -> tuple[Path, list[Problem]] | None:
        """Put ``data`` at ``path`` (below the office), or beside it. Returns where it is and what a person must know.

        None when somebody changed the workbook since it was archived: the week must be made again.
        """
        target = self.archive.office.root / path
        problems: list[Problem] = []
        for count in range(_BESIDE):
            spot = beside(target, count)
            state = State.FREE if _bytes(spot) == data else self._replace(spot, data, problems)
            if state is State.CHANGED:
                return None
            if state is State.FREE:
                if count == 0:
                    self._clearbeside(target)
                return spot, problems
            if count == 0:
                details = {"who": owner(target) or "别人", "beside": beside(target, 1).name}
                code = "workbook-locked" if state is State.LOCKED else "workbook-open"
                problems.append(Problem(code, file=path, value=target.name, details=details))
        raise PermissionError(path)

    def _replace(self, spot: Path, data: bytes, problems: list[Problem]) -> State:
        state = self._state(spot)
        if state is not State.FREE:
            return state
        problems += self._keep_additions(spot, data)
        try:
            written = write_whole(spot, data, lambda: self._state(spot) is State.FREE)
        except PermissionError:
            if not spot.exists():
                raise  # nobody can have it open: the folder refuses
            return State.OPEN
        return State.FREE if written else self._state(spot)

    def _state(self, spot: Path) -> State:
        """Looked at just before the replacing, on the bytes that are there."""
        if not spot.exists():
            return State.FREE
        if owner(spot) is not None:
            return State.OPEN
        try:
            old = spot.read_bytes()
        except OSError:
            return State.OPEN
        if self.known(spot, old) or spot.suffix in _PICTURES:
            return State.FREE
        return State.LOCKED if is_locked(self.archive.office.passwords.unlock(old)) else State.CHANGED

    def known(self, spot: Path, old: bytes) -> bool:
        """Whether these bytes are ours or archived: only then may they be replaced or deleted."""
        source = spot.relative_to(self.archive.office.root).as_posix()
        passwords = self.archive.office.passwords
        return sha256(old) in self.journal.published or self.archive.known(passwords.unlock(old), source)

    def _clearbeside(self, target: Path) -> None:
        """What lay beside while the workbook was open is no longer needed, unless somebody has it open, too."""
        for count in range(1, _BESIDE):
            spot = beside(target, count)
            if not spot.exists():
                return
            if self._state(spot) is State.FREE:
                self._keep_additions(spot, b"", target)
                remove_if_free(spot)

    def _keep_additions(self, spot: Path, data: bytes, target: Path | None = None) -> list[Problem]:
        """Keep the old workbook beside when somebody added something that cannot be carried over."""
        root = self.archive.office.root
        office = self.archive.office
        ours = spot.is_relative_to(office.reports) or spot.is_relative_to(office.dailies)
        if not spot.exists() or spot.suffix not in (".xlsx", *_PICTURES) or not ours:
            return []
        old = spot.read_bytes()
        if sha256(old) in self.journal.published:
            return []
        if spot.suffix in _PICTURES:
            what = ["标记"]
        else:
            what = additions(self.archive.office.passwords.unlock(old), self.archive.office.passwords.unlock(data))
        if not what:
            return []
        for count in range(1, _BESIDE):
            kept = _numbered(target or spot, KEPT, count)
            if not kept.exists() or kept.read_bytes() == old:
                write_whole(kept, old)
                details = {"what": "、".join(what), "beside": kept.name}
                return [
                    Problem("workbook-kept", file=spot.relative_to(root).as_posix(), value=spot.name, details=details)
                ]
        raise PermissionError(spot.name)


def _numbered(target: Path, mark: str, count: int) -> Path:
    return target.with_name(f"{target.stem}{mark}{count if count > 1 else ''}{target.suffix}")


def beside(target: Path, count: int) -> Path:
    """The ``count``-th place for what cannot go to ``target``; the target itself for 0."""
    return _numbered(target, "_新", count) if count else target


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def remove_if_free(path: Path) -> None:
    """Delete a file of ours; one that is open in Excel stays until the next run."""
    try:
        remove(path)
    except PermissionError:
        return


def owner(workbook: Path) -> str | None:
    """Who has a workbook open: "" when the name is not told, None when nobody has.

    Excel and WPS lay ``~$name.xlsx`` beside it, which begins with the length of the user's name and the name, once
    in the system's code page and, from byte 55, in UTF-16; LibreOffice a line of text, ``.~lock.name.xlsx#``.
    """
    excel = workbook.with_name(f"~${workbook.name}")
    if excel.exists():
        return _excel_owner(_bytes(excel) or b"")
    libre = workbook.with_name(f".~lock.{workbook.name}#")
    if libre.exists():
        text = (_bytes(libre) or b"").decode("utf-8", "replace")
        cells = next(csv.reader([text.strip()]), [])
        return next((cell for cell in cells if cell), "")
    return None


def _excel_owner(data: bytes) -> str:
    size = int.from_bytes(data[55:57], "little")
    if 0 < size <= (len(data) - 57) // 2:
        return data[57 : 57 + 2 * size].decode("utf-16-le", "ignore").strip(" \x00")
    return data[1 : 1 + data[0]].decode("gb18030", "ignore").strip(" \x00") if data else ""


def additions(old: bytes, new: bytes) -> list[str]:
    """What somebody added to a workbook of ours that no cell of the new one can hold: 批注, 工作表, 列, 行."""
    with Reader() as reader:
        try:
            before = reader.workbook(old, "old.xlsx")
        except ReadError:
            return []
        try:
            after = reader.workbook(new, "new.xlsx")
        except ReadError:
            after = Workbook((), "xlsx")
    headers = {sheet.name: set(_header(sheet)[1]) for sheet in after.sheets}
    every = set().union(
        *headers.values(), ("客户姓名", "联系电话", "单位/店名", "跟进人", "信息来源", "情况摘要", "另有品牌")
    )
    found = []
    if _commented(old):
        found.append("批注")
    if any(sheet.height and sheet.name not in _OWN_SHEETS for sheet in before.sheets):
        found.append("工作表")
    listed = [sheet for sheet in before.sheets if sheet.name in _OWN_SHEETS and _header(sheet)[0]]
    marks = [_added(sheet, _ours(sheet.name, headers, every) if after.sheets else None) for sheet in listed]
    found += [name for at, name in enumerate(("列", "行")) if any(mark[at] for mark in marks)]
    return found


def _ours(sheet: str, headers: Mapping[str, set[str]], every: set[str]) -> set[str]:
    return headers.get(sheet, every) | set(_LEFT_OUT.get(sheet, "").split())


def _added(sheet: Sheet, ours: set[str] | None) -> tuple[bool, bool]:
    """Whether a list of leads has columns that are not ours, and rows without a number."""
    at, header = _header(sheet)
    key = header.index(KEY_HEADER)
    strange = [column for column, name in enumerate(header) if ours is not None and name not in ours]
    columns = rows = False
    for _, row in sheet.rows(at + 1):
        columns = columns or any(row[column].strip() for column in strange)
        rows = rows or (not row[key].strip() and any(text.strip() for text in row))
    return columns or any(header[column] for column in strange), rows


def _header(sheet: Sheet) -> tuple[int, list[str]]:
    """Excel row of the header with 客户编号, and its texts; (0, []) where there is none."""
    for number, row in sheet.rows(0, sheet.top + _HEADER_DEPTH):
        texts = [text.strip() for text in row]
        if KEY_HEADER in texts and sum(map(bool, texts)) >= _NARROWEST:
            return number, texts
    return 0, []


def _commented(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.lower() for name in archive.namelist()]
    except zipfile.BadZipFile:
        return False
    return any("comment" in name.rsplit("/", 1)[-1] or "/threadedcomments/" in name for name in names)
