"""An office whose directors really type: LibreOffice, by dispatched input, week after week; the oracle is told what they do.

    python tests/roundtrip_office.py --weeks 12 --seed 1      # the whole simulation, with a line of figures at its end

Three brands and their staff (roundtrip_staff.py), whose registers grow every week. After each weekly run every director opens his
workbook and does some of the kinds of edit of roundtrip_kinds.py; copies travel through 收件箱, stay at home for a week,
or are an older week's. After the next run the workbooks are read cell by cell and compared with what the oracle named
before the run: every difference is a line of ``Simulation.wrong``.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [p for p in (str(ROOT), str(ROOT / "tests")) if p not in sys.path]

import openpyxl  # noqa: E402
from office_keyboard import Keyboard  # noqa: E402
from roundtrip_oracle import BRAND as BRAND_HEADER  # noqa: E402
from roundtrip_oracle import OWNER, Oracle  # noqa: E402
from roundtrip_staff import BRANDS, DIRECTORS, HEAD, Staff  # noqa: E402

from salessheets.office import Office, Week  # noqa: E402
from salessheets.week import weekly  # noqa: E402

LEADS, WAITING, DOUBTS, MERGES, UNBRANDED, CONFLICTS = (
    "有效客户名单",
    "待分配",
    "待确认重复",
    "合并明细",
    "未分品牌",
    "冲突",
)
SALES = "销售部_周报"
YELLOW = ("跟进人", "跟进状态", "下次跟进日期", "处理结果", "备注", "人工级别", "调整原因", "要求首次跟进日期")
WHITE = ("客户姓名", "联系电话", "单位/店名", "微信号", "详细地址")
FIRST_DAY = date(2026, 9, 4)  # a Friday
ONE = timedelta(days=1)


class Simulation:
    """The office, its oracle, and what did not come out as the oracle said."""

    def __init__(self, folder: Path, seed: int, keyboard: Keyboard, per_session: int = 8) -> None:
        from roundtrip_kinds import KINDS

        self.office = Office(folder / "办公室")
        self.staff = Staff(self.office, seed)
        self.rng, self.keyboard, self.oracle = random.Random(seed), keyboard, Oracle()
        self.home = folder / "家里"
        self.home.mkdir()
        self.per_session = per_session
        self.kinds = KINDS
        self.deck: list[str] = []
        self.done: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.checked = self.said = self.hours = 0
        self.friday, self.weeks = FIRST_DAY, 0
        self.brands_of: dict[str, set[str]] = {}
        self.who: dict[str, str] = {}  # 客户编号 → customer
        self.waiting_brand: set[str] = set()  # on 未分品牌
        self.at_home: list[tuple[str, Path]] = []
        self.expect_kept: list[tuple[str, str]] = []
        self.answers: list[tuple[str, str, str, str]] = []
        self.told: list[tuple[str, str]] = []  # typed into 日报 and 跟进表: (customer, text that 客户档案 must hold)
        self.listed: dict[str, set[str]] = {}
        self.moved: set[str] = set()  # 转其他品牌

    # --- a week ----------------------------------------------------------------------------------------------------

    def path(self, week: Week, brand: str) -> str:
        """Posix path of a workbook below the office."""
        name = SALES if brand == "" else f"{brand}_周报"
        return f"周报/{week}/{week}_{name}.xlsx"

    def run_week(self, new: int, *, typing: bool) -> None:
        """Registers, run, look, type."""
        self.staff.week(self.friday, new)
        self.staff.hand_in()
        self._expect_new()
        self.oracle.archive(self.friday.isoformat())
        self._apply_answers()
        outcome = weekly(self.office, day=self.friday)
        self.weeks += 1
        week = Week.of(self.friday)
        self._look(week, outcome)
        again = weekly(self.office, day=self.friday)
        if again.fresh:
            self.wrong.append(f"{week}: a second run without news wrote again")
        if typing:
            self._type(week)
        self.friday += 7 * ONE

    def _expect_new(self) -> None:
        for who, person in self.staff.people.items():
            if who in self.brands_of or who in self.staff.twins.values():
                continue
            self.brands_of[who] = set(filter(None, person["brand"].split("、")))

    def _apply_answers(self) -> None:
        for kind, one, other, _ in self.answers:
            if kind == "是":
                self.oracle.same(one, other)
                self.brands_of[one] |= self.brands_of.pop(other, set())
            elif kind == "不是合并":
                self.oracle.parts(one, other)
                self.brands_of[other] = set(self.brands_of[one])
        for place, (text, *_) in self.oracle.now.items():
            if place[2] == BRAND_HEADER and text:
                self.brands_of[place[0]] = {text} if place[0] in self.moved else self.brands_of[place[0]] | {text}
        self.answers = []

    # --- what the workbooks show -----------------------------------------------------------------------------------

    def read(self, path: str) -> dict[str, list[dict[str, str]]]:
        """Sheet → its rows as header → text, as a person reads them."""
        book = openpyxl.load_workbook(self.office.root / path, data_only=True)
        return {page.title: _rows(page) for page in book}

    def customer(self, row: dict[str, str], brand: str) -> str:
        """Whose row this is: by the number once it is known, else by phone and name."""
        number = row["客户编号"]
        if number not in self.who:
            fits = [
                w for w, p in self.staff.people.items() if (p["name"], p["phone"]) == (row["客户姓名"], row["联系电话"])
            ]
            if not fits:  # 王总 and 王经理 are one until somebody parts them
                fits = [w for w, p in self.staff.people.items() if p["phone"] == row["联系电话"]]
            if fits and fits[0] in self.staff.twins.values():
                fits = [one for one, twin in self.staff.twins.items() if twin == fits[0]]
            if not fits:
                return ""
            self.who[number] = fits[0]
        return self.oracle.is_now(self.who[number])

    def _look(self, week: Week, outcome) -> None:
        """Compare every workbook of the running week with the oracle; then it is what people see."""
        for person in outcome.weeks[-1].report.leads.itertuples():  # numbers, for 移交表 and the like
            if person.lead in self.who:
                self.staff.number[self.who[person.lead]] = person.lead
        said: dict[str, dict[str, list[dict[str, str]]]] = {}
        for brand in BRANDS:
            said[brand] = self.read(self.path(week, brand))
            self._look_at_brand(week, brand, said[brand])
        said[""] = self.read(self.path(week, ""))
        self._look_at_conflicts(week, said)
        self._look_at_sales(week, said[""])
        for folder, what in self.expect_kept:
            self._look_at_kept(folder, what)
        self.expect_kept = []
        for who, text in self.told:
            brands = self.brands_of.get(self.oracle.is_now(who), set())
            for brand in brands:
                self.checked += 1
                cards = said[brand].get("客户档案", [])
                if not self.oracle.given_up(who, brand) and not any(text in row["内容"] for row in cards):
                    self.wrong.append(f"{week} {brand}: 客户档案 says nothing of {text!r}")
        self.told = []
        closed = {w for w in (week.back(1),) if self.weeks > 1}
        for each in (*closed, week):
            for brand, person in zip((*BRANDS, ""), (*DIRECTORS, HEAD), strict=True):
                listed = self.listed.get(brand, set()) if brand else self.waiting_brand
                headers = YELLOW if brand else (BRAND_HEADER,)
                self.oracle.issued(self.path(each, brand), brand, person, listed, headers)

    def _look_at_brand(self, week: Week, brand: str, said) -> None:
        rows = {}
        for row in said.get(LEADS, []):
            who = self.customer(row, brand)
            if not who or who in rows:
                self.wrong.append(f"{week} {brand}: {row['客户编号']} {row['客户姓名']} is nobody, or twice")
                continue
            rows[who] = row
        self.listed[brand] = set(rows)
        mine = {w for w, brands in self.brands_of.items() if brand in brands}
        wanted = {w for w in mine if not self.oracle.given_up(w, brand)}
        if rows.keys() != wanted:
            more, less = rows.keys() - wanted, wanted - rows.keys()
            self.wrong.append(f"{week} {brand}: listed but not expected {sorted(more)}, missing {sorted(less)}")
        for who in rows.keys() & wanted:
            self._look_at_row(f"{week} {brand} {who}", brand, who, rows[who])
        waiting = {self.customer(row, brand) for row in said.get(WAITING, [])}
        if waiting != {w for w in wanted if not self.oracle.text(w, brand, OWNER)}:
            self.wrong.append(f"{week} {brand}: 待分配 differs")
        pool = self.office.root / self.path(week, brand).replace("_周报.xlsx", "_名录池.csv")
        self._look_at_pool(week, brand, mine - wanted, pool)

    def _look_at_row(self, where: str, brand: str, who: str, row: dict[str, str]) -> None:
        for header in YELLOW:
            self.checked += 1
            if row[header] != self.oracle.text(who, brand, header):
                self.wrong.append(f"{where} {header}: {row[header]!r}, typed {self.oracle.text(who, brand, header)!r}")
        for header in WHITE:
            if (who, header) in self.oracle.white:
                self.checked += 1
                if row[header] != self.oracle.white[who, header]:
                    self.wrong.append(
                        f"{where} {header}: {row[header]!r}, corrected {self.oracle.white[who, header]!r}"
                    )
        chosen = self.oracle.text(who, brand, "人工级别")
        if chosen and row["级别"] != chosen:
            self.wrong.append(f"{where} 级别: {row['级别']!r} in spite of {chosen!r}")
        if who in self.oracle.split and self.oracle.split[who][1] == brand:
            note = row.get("拆分前备注", "")
            lost = [part for part in self.oracle.split[who][0].split(" ") if part and part not in note]
            if lost:
                self.wrong.append(f"{where} 拆分前备注 {note!r} lacks {lost}")

    def _look_at_pool(self, week: Week, brand: str, gone: set[str], pool: Path) -> None:
        with pool.open(encoding="utf-8-sig") if pool.exists() else open("/dev/null") as file:  # noqa: PTH123
            rows = list(csv.DictReader(file))
        found = {self.who.get(row["客户编号"], ""): row for row in rows}
        if found.keys() != gone:
            self.wrong.append(f"{week} {brand}: 名录池 {sorted(found)} is not {sorted(gone)}")
        for who in found.keys() & gone:
            self.checked += 1
            if found[who]["备注"] != self.oracle.text(who, brand, "备注"):
                self.wrong.append(f"{week} {brand} {who}: 备注 of 名录池 {found[who]['备注']!r}")

    def _look_at_conflicts(self, week: Week, said) -> None:
        today = self.friday.isoformat()
        for brand in (*BRANDS, ""):
            listed = said[""].get(CONFLICTS, [])
            rows = [r for r in (said[brand].get(CONFLICTS, []) if brand else listed) if r["情况"] == "两个值"]
            shown = {(self.oracle.is_now(self.who.get(r["客户编号"], "?")), r["列或格"], r["较早的内容"], r["谁(较早)"], r["较新的内容"], r["谁(较新)"])
                     for r in rows if brand or r["品牌"] == "销售部"}  # fmt: skip
            named = {(c.who, c.header, c.older, c.older_by, c.newer, c.newer_by) for c in self.oracle.conflicts.values()
                     if c.brand == brand and c.newer_by.split()[-1] == today}  # fmt: skip
            self.checked += len(named)
            if shown != named:
                self.wrong.append(
                    f"{week} {brand}: 冲突 not named {shown - named}, named and not shown {named - shown}"
                )
        for refused in self.oracle.refused:
            lines = said[refused.brand].get(CONFLICTS, [])
            texts = [" ".join(row.values()) for row in lines if row["情况"] == "没有采用"]
            for text in refused.texts:
                self.checked += 1
                if not any(text in line for line in texts):
                    self.wrong.append(
                        f"{week} {refused.brand}: {text!r} was not taken, and 冲突 does not say so: {texts}"
                    )
        expected = sum(1 for r in self.oracle.refused)
        listed = [r for r in said[""].get(CONFLICTS, []) if r["情况"] == "没有采用"]
        if listed and not expected and not self.refused_before:
            self.wrong.append(f"{week}: not expected in 冲突: {listed}")
        self.refused_before = bool(expected)

    refused_before = False

    def _look_at_sales(self, week: Week, said) -> None:
        rows = {self.customer(row, ""): row for row in said.get(UNBRANDED, [])}
        self.waiting_brand = set(rows)
        wanted = {w for w, brands in self.brands_of.items() if not brands} | {
            w for w in self.moved if not self.oracle.text(w, "", BRAND_HEADER)
        }
        if rows.keys() != wanted:
            self.wrong.append(f"{week}: 未分品牌 {sorted(rows)} is not {sorted(wanted)}")

    def _look_at_kept(self, path: str, what: str) -> None:
        """The person's own workbook lies beside, with what he added."""
        self.checked += 1
        target = self.office.root / path
        for file in sorted(target.parent.glob(f"{target.stem}_原件*.xlsx")):
            book = openpyxl.load_workbook(file)
            cells = [c for page in book for row in page.iter_rows() for c in row]
            texts = {str(c.value) for c in cells} | {c.comment.text for c in cells if c.comment} | set(book.sheetnames)
            if any(what in text for text in texts):
                return
        self.wrong.append(f"{path}: no 原件 holds {what!r}")

    # --- typing ----------------------------------------------------------------------------------------------------

    def draw(self) -> str:
        """The next kind of edit: all of them come by before one comes again."""
        if not self.deck:
            self.deck = list(self.kinds)
            self.rng.shuffle(self.deck)
        return self.deck.pop()

    def _type(self, week: Week) -> None:
        from roundtrip_kinds import Session

        began = time.monotonic()
        for brand, person in zip(BRANDS, DIRECTORS, strict=True):
            session = Session(self, week, brand, person)
            for _ in range(self.per_session):
                kind = self.draw()
                if self.kinds[kind](session):
                    self.done[kind] += 1
            session.finish()
        self.hours += time.monotonic() - began

    def figures(self) -> str:
        """One line."""
        o = self.oracle
        return (
            f"{self.weeks} weeks, {len(self.done)} kinds of edit done {sum(self.done.values())} times, {o.edits} cells typed: "
            f"{self.checked} cells compared, {o.conflicting} conflicts named beforehand, {len(self.wrong)} differences"
        )


def _rows(page) -> list[dict[str, str]]:
    for row in page.iter_rows(min_row=1, max_row=20):
        head = [_text(c.value) for c in row]
        if {"客户编号", "编号"} & set(head) and len(set(head)) > 2:
            below = page.iter_rows(min_row=row[0].row + 1, values_only=True)
            rows = [dict(zip(head, map(_text, values), strict=True)) for values in below]
            return [row for row in rows if any(row.values())]
    return []


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.date().isoformat() if hasattr(value, "date") else str(value).rstrip()


def simulate(folder: Path, weeks: int, seed: int, per_session: int = 8, first: int = 8, new: int = 2) -> Simulation:
    """Run it. first: new customers per brand in the first week. new: in each later one."""
    with Keyboard(folder / "lo") as keyboard:
        made = Simulation(folder, seed, keyboard, per_session)
        for n in range(weeks + 1):
            made.run_week(new if n else first, typing=n < weeks)
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where the office stays")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    made = simulate(folder, options.weeks, options.seed)
    print(*made.wrong, sep="\n")
    print(f"seed {options.seed}: {made.figures()}; typing took {made.hours:.0f} s")
    print(dict(sorted(made.done.items())))
    if not options.keep:
        shutil.rmtree(folder)
    return 1 if made.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
