"""The kinds of edit of the simulation, each as a person does it, and what the oracle is told about it.

A kind takes a session (one person with his workbook) and says whether it could be done: an answer needs a question.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from office_keyboard import column_letters
from roundtrip_oracle import BRAND as BRAND_HEADER
from roundtrip_oracle import GIVEN_UP, OWNER, STATUS, Copy
from roundtrip_staff import DIRECTORS, HEAD, REPS

LEADS, WAITING, DOUBTS, MERGES, UNBRANDED = "有效客户名单", "待分配", "待确认重复", "合并明细", "未分品牌"
NEXT, RESULT, NOTE, CLASS, REASON, FIRST_DUE = (
    "下次跟进日期",
    "处理结果",
    "备注",
    "人工级别",
    "调整原因",
    "要求首次跟进日期",
)
STATUSES = ("未跟进", "跟进中", "已洽谈", "已成交", "暂缓")
NASTY = ("12/5", "007", "1e5", "TRUE", "50%", "+86 139 0000", "-好", "@张总", "（全角）；，", "第一行\n第二行", "11月3日", "3-1", "0.10",
         "2026-12-01", " 前面有空格", "'引号", "NA", "#N/A 不是错误", "长" * 300)  # fmt: skip
HEADER_ROW = 3


class Session:
    """One person and the workbook that is open before him."""

    def __init__(self, sim: Any, week: Any, brand: str, person: str) -> None:
        self.sim, self.week, self.brand, self.person = sim, week, brand, person
        self.rng, self.keyboard, self.oracle = sim.rng, sim.keyboard, sim.oracle
        self.main = sim.path(week, brand)
        self.opened, self.renamed = "", False
        self.touched: set[str] = set()  # who was typed about in this session: kinds keep out of each other's way

    # --- the workbook ----------------------------------------------------------------------------------------------

    def open(self, path: str = "") -> Copy:
        """Have this workbook open; what was done to the one before is saved."""
        path = path or self.main
        if path != self.opened:
            self.leave()
            self.keyboard.open(self.file(path))
            self.opened = path
        return self.oracle.copies[path]

    def finish(self) -> None:
        """What is done last of all."""
        if self.renamed:
            self.open()
            self.keyboard.press("RenameTable", Name="我的客户", Index=self.names().index(LEADS) + 1)
        self.leave()

    def file(self, path: str) -> Path:
        return self.sim.home / path.removeprefix("家里/") if path.startswith("家里/") else self.sim.office.root / path

    def leave(self) -> None:
        if self.opened:
            self.keyboard.save()
            self.keyboard.close()
        self.opened = ""

    def sheet(self, name: str) -> tuple[dict[str, str], dict[str, int], int]:
        """Header → column letters, key → row, last row. The key is what the first of the number columns shows."""
        cells = self.keyboard.used(name)
        head = cells[HEADER_ROW - 1]
        letters = {text: column_letters(at) for at, text in reversed(list(enumerate(head))) if text}
        key = head.index("编号" if name == DOUBTS else "记录编号" if name == MERGES else "客户编号")
        rows = {row[key]: at for at, row in enumerate(cells, 1) if at > HEADER_ROW and row[key]}
        return letters, rows, len(cells)

    def people(self, name: str = LEADS, *, free: bool = True) -> dict[str, int]:
        """Customer → his row."""
        if name not in self.names():
            return {}
        _, rows, _ = self.sheet(name)
        found = {
            self.oracle.is_now(self.sim.who[number]): row for number, row in rows.items() if number in self.sim.who
        }
        return {who: row for who, row in found.items() if not free or who not in self.touched}

    def names(self) -> list[str]:
        return [name for name, *_ in self.keyboard.sheets()]

    def pick(self, count: int = 1, name: str = LEADS) -> list[tuple[str, int]]:
        found = sorted(self.people(name).items())
        chosen = self.rng.sample(found, min(count, len(found)))
        self.touched |= {who for who, _ in chosen}
        return chosen

    def type(self, who: str, row: int, header: str, text: str, sheet: str = LEADS) -> bool:
        """Into a yellow cell. What the cell refused was not typed; what it made of the text is what the person sees."""
        letters, _, _ = self.sheet(sheet)
        shown = self.keyboard.type(f"${sheet}.{letters[header]}{row}", text)
        if shown.rstrip() != text.rstrip() and header not in (NEXT, FIRST_DUE):
            return False
        self.oracle.types(self.opened, who, header, shown)
        return True

    def some(self, header: str) -> str:
        """Something to type into this cell."""
        rng = self.rng
        match header:
            case "跟进人":
                return rng.choice(REPS)
            case "跟进状态":
                return rng.choice(STATUSES)
            case "下次跟进日期" | "要求首次跟进日期":
                day = self.sim.friday + timedelta(days=rng.randint(3, 40))
                return rng.choice(
                    (f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日", "下周五上午")
                )
            case "人工级别":
                return rng.choice("ABC")
        self.sim.said += 1
        return (
            rng.choice(NASTY)
            if rng.random() < 0.4
            else f"{rng.choice(('约好见面', '要看样板店', '等老板决定'))}{self.sim.said}"
        )

    def write(self, header: str, count: int = 1) -> bool:
        done = [
            self.type(who, row, header, self.some(header)) for who, row in self.pick(count) if self.may(who, header)
        ]
        return any(done)

    @staticmethod
    def each(done: Iterable[bool]) -> bool:
        """All of it is done; whether anything was."""
        return any(list(done))

    def may(self, who: str, header: str) -> bool:
        """跟进人 of a lead that waits is picked on 待分配."""
        return header != OWNER or bool(self.oracle.copies[self.opened].shown.get((who, OWNER)))

    def area(self, first: str, last: str, top: int, bottom: int) -> str:
        return f"${LEADS}.{first}{top}:{last}{bottom}"


# --- typing into yellow cells ----------------------------------------------------------------------------------------


def assign(s: Session) -> bool:
    s.open()
    return s.each(s.type(who, row, OWNER, s.some(OWNER), WAITING) for who, row in s.pick(4, WAITING))


def reassign(s: Session) -> bool:
    s.open()
    return s.write(OWNER, 5)


def status(s: Session) -> bool:
    s.open()
    return s.write(STATUS, 3)


def give_up(s: Session) -> bool:
    s.open()
    return s.each(s.type(who, row, STATUS, GIVEN_UP) for who, row in s.pick())


def next_date(s: Session) -> bool:
    s.open()
    return s.write(NEXT, 2)


def note(s: Session) -> bool:
    s.open()
    return s.write(NOTE, 3)


def result(s: Session) -> bool:
    s.open()
    return s.write(RESULT, 2)


def first_due(s: Session) -> bool:
    s.open()
    return s.write(FIRST_DUE)


def manual_class(s: Session) -> bool:
    s.open()
    return s.each(s.type(w, r, CLASS, s.some(CLASS)) and s.type(w, r, REASON, s.some(REASON)) for w, r in s.pick(2))


def clear(s: Session) -> bool:
    """Select a filled cell and press Delete."""
    copy = s.open()
    letters, _, _ = s.sheet(LEADS)
    filled = [(w, r, h) for w, r in s.people().items() for h in (NOTE, RESULT, NEXT, STATUS) if copy.shown.get((w, h))]
    if not filled:
        return False
    who, row, header = s.rng.choice(sorted(filled))
    s.touched.add(who)
    s.keyboard.clear(f"${LEADS}.{letters[header]}{row}")
    s.oracle.types(s.opened, who, header, "")
    return True


def over_the_formula(s: Session) -> bool:
    """跟进人 typed over the formula that looks it up on 待分配."""
    s.open()
    waiting = s.people(WAITING)
    found = [(w, r) for w, r in sorted(s.people().items()) if w in waiting]
    if not found:
        return False
    who, row = s.rng.choice(found)
    s.touched.add(who)
    return s.type(who, row, OWNER, s.some(OWNER))


def retype(s: Session) -> bool:
    """Another text, and then what stood there before."""
    copy = s.open()
    for who, row in s.pick():
        old = copy.shown.get((who, NOTE), "")
        if not s.type(who, row, NOTE, "想一想"):
            return False
        if old:
            s.type(who, row, NOTE, old)
        else:
            letters, _, _ = s.sheet(LEADS)
            s.keyboard.clear(f"${LEADS}.{letters[NOTE]}{row}")
        copy.typed.pop((who, NOTE))
        return True
    return False


# --- moving things about --------------------------------------------------------------------------------------------


def sort_all(s: Session) -> bool:
    s.open()
    letters, _, last = s.sheet(LEADS)
    wide = list(letters.values())
    s.keyboard.sort(s.area("A", wide[0], HEADER_ROW + 1, last), s.rng.randint(2, 12), ascending=s.rng.random() < 0.5)
    return s.write(NOTE)


def sort_one_column(s: Session) -> bool:
    return _sort_alone(s, [s.rng.choice((NOTE, RESULT, STATUS))])


def sort_a_block(s: Session) -> bool:
    """Several yellow columns, marked and sorted without the rest of the table."""
    return _sort_alone(s, [STATUS, NEXT, RESULT, NOTE])


def _sort_alone(s: Session, headers: list[str]) -> bool:
    copy = s.open()
    letters, _, last = s.sheet(LEADS)
    if [letters[h] for h in headers] != [column_letters(_place(letters[headers[0]]) + n) for n in range(len(headers))]:
        return False  # moved apart before
    area = s.area(letters[headers[0]], letters[headers[-1]], HEADER_ROW + 1, last)
    before = s.keyboard.shown(area)
    for n, header in enumerate(headers):
        if len({line[n] for line in before}) < 3:  # too little stands there to be sorted
            s.write(header, 3)
    before = s.keyboard.shown(area)
    s.keyboard.sort(area, len(headers), ascending=True)
    after = s.keyboard.shown(area)
    moved = {h for n, h in enumerate(headers) if [r[n] for r in before] != [r[n] for r in after]}
    people = {row: who for who, row in s.people(free=False).items()}
    traces = {}
    for n, header in enumerate(headers):
        shown = [copy.shown.get((people.get(HEADER_ROW + 1 + at, ""), header), "") for at in range(len(after))]
        now = [line[n] for line in after]
        traces[header] = sum(
            was != text and shown.count(was) == 1 == now.count(was) for was, text in zip(shown, now, strict=True) if was
        )
    if traces[headers[-1]] < 2 or not all(traces[header] for header in moved):
        if moved:
            s.keyboard.press("Undo")  # no trace of it would be left: what stands there was typed just now
        return False
    copy.refused |= moved
    return True


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def filter_then_type(s: Session) -> bool:
    """Only the rows of one 信息来源; typed into the first one that is left."""
    s.open()
    letters, _, last = s.sheet(LEADS)
    column = _place(letters["信息来源"])
    cells = s.keyboard.used(LEADS)
    found = s.pick()
    if not found:
        return False
    who, row = found[0]
    wide = next(iter(letters.values()))
    s.keyboard.only(s.area("A", wide, HEADER_ROW, last), column + 1, cells[row - 1][column])
    return s.type(who, row, RESULT, s.some(RESULT))


def hide_a_column(s: Session) -> bool:
    s.open()
    letters, _, _ = s.sheet(LEADS)
    s.keyboard.press("HideColumn", f"${LEADS}.{letters[s.rng.choice(('单位/店名', '联系电话', '处理结果'))]}4")
    return s.write(STATUS)


def move_a_column(s: Session) -> bool:
    """备注 to the front: cut, an empty column, paste."""
    s.open()
    letters, _, last = s.sheet(LEADS)
    if letters[NOTE] < letters["客户姓名"]:
        return False
    s.keyboard.press("InsertColumnsBefore", f"${LEADS}.C1")
    source = column_letters(_place(letters[NOTE]) + 1)
    s.keyboard.press("Cut", s.area(source, source, HEADER_ROW, last))
    s.keyboard.press("Paste", f"${LEADS}.C{HEADER_ROW}")
    return s.write(NOTE)


def delete_a_row(s: Session) -> bool:
    s.open()
    for _, row in s.pick():
        s.keyboard.press("DeleteRows", f"${LEADS}.A{row}")
        return True
    return False


# --- one's own -------------------------------------------------------------------------------------------------------


def own_row(s: Session) -> bool:
    """A customer of his own below the last one."""
    s.open()
    return _own_row(s)


def _own_row(s: Session) -> bool:
    letters, _, last = s.sheet(LEADS)
    who = s.sim.staff.new()
    person = s.sim.staff.people[who]
    person["brand"] = s.brand
    s.sim.staff.settled.add(who)
    s.sim.brands_of[who] = {s.brand}
    for header, text in (("客户姓名", person["name"]), ("联系电话", person["phone"]), ("单位/店名", person["company"])):
        s.keyboard.type(f"${LEADS}.{letters[header]}{last + 1}", text)
    s.touched.add(who)
    return s.type(who, last + 1, NOTE, f"展会上认识{s.sim.said}") and s.type(who, last + 1, OWNER, s.some(OWNER))


def own_column(s: Session) -> bool:
    s.open()
    letters, rows, _ = s.sheet(LEADS)
    free = column_letters(max(map(_place, letters.values())) + 1)
    s.keyboard.type(f"${LEADS}.{free}{HEADER_ROW}", "我的打算")
    s.keyboard.type(f"${LEADS}.{free}{min(rows.values())}", f"打算{s.sim.said}")
    s.sim.expect_kept.append((s.opened, f"打算{s.sim.said}"))
    return True


def own_sheet(s: Session) -> bool:
    s.open()
    if "我的表" in s.names():
        return False
    s.keyboard.press("Add", Name="我的表")
    s.keyboard.type("$我的表.A1", f"自己记的{s.sim.said}")
    s.sim.expect_kept.append((s.opened, f"自己记的{s.sim.said}"))
    return True


def comment(s: Session) -> bool:
    s.open()
    letters, _, _ = s.sheet(LEADS)
    for _, row in s.pick():
        s.keyboard.press("GoToCell", ToPoint=f"${LEADS}.{letters['客户姓名']}{row}")
        s.keyboard.press("InsertAnnotation", Text=f"批注{s.sim.said}")
        s.sim.expect_kept.append((s.opened, f"批注{s.sim.said}"))
        return True
    return False


def white_cell(s: Session) -> bool:
    """A phone, name, shop or address put right."""
    s.open()
    letters, _, _ = s.sheet(LEADS)
    header = s.rng.choice(("联系电话", "单位/店名", "微信号", "详细地址", "客户姓名"))
    for who, row in s.pick():
        s.sim.said += 1
        text = {"联系电话": f"1371234{s.sim.said:04d}", "微信号": f"wx_right_{s.sim.said}", "客户姓名": f"欧阳{'甲乙丙丁戊己庚辛壬癸'[s.sim.said % 10]}{'春夏秋冬'[s.sim.said % 4]}"}.get(header, f"新的{header[:2]}{s.sim.said}号")  # fmt: skip
        if who in s.sim.staff.settled or s.keyboard.type(f"${LEADS}.{letters[header]}{row}", text) != text:
            return False
        s.sim.staff.settled.add(who)
        s.oracle.corrects(s.opened, who, header, text)
        return True
    return False


# --- rows whose number was touched -----------------------------------------------------------------------------------


def wrong_number(s: Session) -> bool:
    """The number typed over: nobody can say whose row it is, so what was typed there must be listed."""
    return _number(s, "00999-1-9")


def no_number(s: Session) -> bool:
    """The number deleted: the one customer with this name and phone is meant."""
    return _number(s, "")


def _number(s: Session, number: str) -> bool:
    copy = s.open()
    letters, _, _ = s.sheet(LEADS)
    for who, row in s.pick():
        text = f"很重要{s.sim.said}"
        s.sim.said += 1
        if not s.type(who, row, NOTE, text):
            return False
        cell = f"${LEADS}.{letters['客户编号']}{row}"
        if number:
            s.keyboard.type(cell, number)
            for header in [h for w, h in copy.typed if w == who]:
                copy.typed.pop((who, header))
            copy.unplaced.append(text)
        else:
            s.keyboard.clear(cell)
        return True
    return False


def name_and_phone(s: Session) -> bool:
    """Both put right at once: nobody can say whose row that is, so it must be listed."""
    s.open()
    letters, _, _ = s.sheet(LEADS)
    for _, row in s.pick():
        s.sim.said += 1
        text = f"1361234{s.sim.said:04d}"
        s.keyboard.type(f"${LEADS}.{letters['客户姓名']}{row}", f"诸葛{s.sim.said}")
        s.keyboard.type(f"${LEADS}.{letters['联系电话']}{row}", text)
        s.oracle.copies[s.opened].unplaced.append(text)
        return True
    return False


def worked_out_cell(s: Session) -> bool:
    """情况摘要 is written by the program: what a person writes there must be listed."""
    s.open()
    letters, _, _ = s.sheet(LEADS)
    for _, row in s.pick():
        s.sim.said += 1
        text = f"他说要两台{s.sim.said}"
        s.keyboard.type(f"${LEADS}.{letters['情况摘要']}{row}", text)
        s.oracle.copies[s.opened].unplaced.append(text)
        return True
    return False


def same_row_twice(s: Session) -> bool:
    """A row copied below the last one, and filled in there."""
    s.open()
    letters, _, last = s.sheet(LEADS)
    for who, row in s.pick():
        wide = next(iter(letters.values()))
        s.keyboard.press("Copy", f"${LEADS}.A{row}:{wide}{row}")
        s.keyboard.press("Paste", f"${LEADS}.A{last + 1}")
        return s.type(who, last + 1, NOTE, s.some(NOTE)) | s.type(who, row, RESULT, s.some(RESULT))
    return False


def rename_the_sheet(s: Session) -> bool:
    """The list gets another name, when everything else is done."""
    s.open()
    s.renamed = True
    return True


# --- copies -----------------------------------------------------------------------------------------------------------


def through_inbox(s: Session) -> bool:
    """A copy filled in at home and dropped into the director's own folder of 收件箱."""
    return _hand_in(s, s.person, s.main)


def two_people(s: Session) -> bool:
    """The head of sales and the director fill in the same cells, each in his own copy."""
    copy = s.open()
    s.leave()
    path = _copy(s, HEAD, s.main)
    s.open(path)
    found = s.pick(2)
    for who, row in found:
        s.type(who, row, NOTE, f"负责人说{s.sim.said}")
        s.sim.said += 1
    s.open()
    rows = s.people(free=False)
    for who, _ in found:
        if who in rows and (who, NOTE) not in copy.typed:
            s.type(who, rows[who], NOTE, f"总监说{s.sim.said}")
            s.sim.said += 1
    return bool(found)


def older_week(s: Session) -> bool:
    """Last week's workbook, closed by now, filled in all the same; it lies there as it was saved."""
    path = s.sim.path(s.week.back(1), s.brand)
    if path not in s.oracle.copies:
        return False
    s.open(path)
    return s.write(NOTE, 2) | s.write(RESULT, 2)


def take_home(s: Session) -> bool:
    """A copy that comes back only after the next run: whatever has changed since is a conflict."""
    s.open()
    s.leave()
    s.sim.said += 1
    path = f"家里/{s.sim.said}.xlsx"
    shutil.copyfile(s.file(s.main), s.file(path))
    s.oracle.copies[path] = s.oracle.copies[s.main].copied(s.person)
    s.oracle.copies[path].shown |= s.oracle.copies[path].typed
    del s.oracle.copies[path]
    s.sim.at_home.append((s.brand, path, s.oracle.copies[s.main].copied(s.person)))
    return True


def bring_back(s: Session) -> bool:
    """What was taken home comes back through 收件箱, filled in without a look at what happened since."""
    mine = [item for item in s.sim.at_home if item[0] == s.brand]
    if not mine:
        return False
    s.leave()
    s.sim.at_home.remove(mine[0])
    _, home, copy = mine[0]
    path = f"收件箱/{s.person}/带回来{home.removeprefix('家里/')}"
    s.file(path).parent.mkdir(exist_ok=True, parents=True)
    shutil.copyfile(s.file(home), s.file(path))
    s.oracle.copies[path] = copy
    s.open(path)
    done = s.write(NOTE, 3) | s.write(STATUS, 2) | s.write(RESULT, 2)
    s.leave()
    return done


def _copy(s: Session, person: str, source: str) -> str:
    s.sim.said += 1
    path = f"收件箱/{person}/周报{s.sim.said}.xlsx"
    s.file(path).parent.mkdir(exist_ok=True, parents=True)
    shutil.copyfile(s.file(source), s.file(path))
    s.oracle.copies[path] = s.oracle.copies[source].copied(person)
    return path


def _hand_in(s: Session, person: str, source: str) -> bool:
    s.open(source)
    s.leave()
    path = _copy(s, person, source)
    s.open(path)
    return s.write(NEXT, 2) | s.write(NOTE, 2)


# --- answers ----------------------------------------------------------------------------------------------------------


def answer_yes(s: Session) -> bool:
    return _answer(s, "是")


def answer_no(s: Session) -> bool:
    return _answer(s, "不是")


def answer_unsure(s: Session) -> bool:
    return _answer(s, "不确定")


def _answer(s: Session, text: str) -> bool:
    s.open()
    if DOUBTS not in s.names():
        return False
    letters, rows, _ = s.sheet(DOUBTS)
    cells = s.keyboard.used(DOUBTS)
    column = _place(letters["是否同一客户"])
    for key, row in sorted(rows.items()):
        numbers = key.split("/")
        pair = [s.oracle.is_now(s.sim.who.get(n, "")) for n in numbers]
        if cells[row - 1][column] or not all(pair) or {*pair} & (s.touched | s.sim.staff.settled):
            continue
        s.keyboard.type(f"${DOUBTS}.{letters['是否同一客户']}{row}", text)
        s.touched |= {*pair}
        if text == "是":
            s.sim.staff.settled |= {*pair}
        s.sim.answers.append((text, *pair, s.brand))
        return True
    return False


def take_apart(s: Session) -> bool:
    """不是 on 合并明细: 王经理 is not 王总."""
    s.open()
    if MERGES not in s.names():
        return False
    letters, rows, _ = s.sheet(MERGES)
    cells = s.keyboard.used(MERGES)
    numbers = _place(letters["客户编号"])
    for rid, row in sorted(rows.items()):
        who = s.sim.who.get(cells[row - 1][numbers], "")
        twin = s.sim.staff.twins.get(who)
        if not twin or rid == cells[row - 1][numbers] or rid in s.sim.who or {who, twin} & s.touched:
            continue
        s.keyboard.type(f"${MERGES}.{letters['不是同一客户']}{row}", "不是")
        s.touched |= {who, twin}
        s.sim.staff.settled |= {who, twin}
        s.sim.who[rid] = twin
        s.sim.answers.append(("不是合并", who, twin, s.brand))
        return True
    return False


def give_a_brand(s: Session) -> bool:
    """The head of sales chooses 归属品牌 in 销售部_周报."""
    path = s.sim.path(s.week, "")
    s.open(path)
    if UNBRANDED not in s.names():
        return False
    return s.each(s.type(who, row, BRAND_HEADER, s.brand, UNBRANDED) for who, row in s.pick(1, UNBRANDED))


def another_brand(s: Session) -> bool:
    """转其他品牌 on a 移交表; from the next run on 销售部_周报 asks for the brand."""
    for who in sorted(s.sim.listed.get(s.brand, ())):
        if (
            s.sim.brands_of[who] == {s.brand}
            and who not in s.touched | s.sim.staff.settled
            and not any(p[0] == who for p in s.oracle.now)
        ):
            s.touched.add(who)
            s.sim.staff.moves(who, s.sim.friday)
            s.sim.moved.add(who)
            return True
    return False


Kind = Callable[[Session], bool]
KINDS: dict[str, Kind] = {
    kind.__name__: kind
    for kind in (
        assign, reassign, status, give_up, next_date, note, result, first_due, manual_class, clear, over_the_formula,
        retype, sort_all, sort_one_column, sort_a_block, filter_then_type, hide_a_column, move_a_column, delete_a_row,
        rename_the_sheet, own_row, own_column, own_sheet, comment, white_cell, wrong_number, no_number, name_and_phone, worked_out_cell, same_row_twice, through_inbox, two_people,
        older_week, take_home, bring_back, answer_yes, answer_no, answer_unsure, take_apart, give_a_brand, another_brand,
    )
}  # fmt: skip
__all__ = ["DIRECTORS", "KINDS", "Session"]
