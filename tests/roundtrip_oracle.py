"""What must become of everything that people type, said again in plain Python: workflow.md (Definitions) and contracts.md.

It knows nothing of the program. It is told which workbook was handed to whom, what each person typed into which copy, and
in which order the archive sees the copies; before any run it names what the next workbooks must show, and which edits are
in conflict. The rules, each with its source:

* What a director types belongs to customer × brand.
* The newest edit wins, in the order in which the archive first saw the copies: 收件箱 before the workbooks in their place,
  each by path (README of the archive: "copied under a number before anything else happens").
* An edit on a stale copy of a cell that changed since is a conflict; both values are listed with their authors. Two people
  who typed the same agree. Whoever types into the cell after that has seen it, and the conflict is over.
* A column that was sorted alone is not believed, it is listed; so is a row whose 客户编号 is unknown or fits nobody.
* Blank never overwrites a white cell; a cleared yellow cell is cleared.
* Two leads that became one keep what was typed for both: the newest shows, the other is listed.
* A lead that was split off shows what was typed before as 拆分前备注; the typed cells stay with the oldest record.
"""

from __future__ import annotations

from dataclasses import dataclass, field

NOT_TAKEN, TWO_VALUES, CONTRADICTION = "没有采用", "两个值", "回答矛盾"
OWNER, STATUS, BRAND = "跟进人", "跟进状态", "归属品牌"
GIVEN_UP = "放弃"
NOTHING = ("", "", 0)
Place = tuple[str, str, str]  # customer, brand ("" = the sales department's), header


@dataclass
class Copy:
    """One workbook as it lies somewhere. shown: what was written or archived last. typed: what a person typed since.

    refused: headers whose column was sorted alone. lost: (customer, header) → text typed in a row that fits nobody.
    """

    brand: str
    person: str
    shown: dict[tuple[str, str], str]
    typed: dict[tuple[str, str], str] = field(default_factory=dict)
    white: dict[tuple[str, str], str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    unplaced: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def copied(self, person: str) -> Copy:
        """The same file in somebody else's hands."""
        return Copy(self.brand, person, dict(self.shown), dict(self.typed), dict(self.white))


@dataclass(frozen=True)
class Conflict:
    """A line of 冲突: two values of one cell, and who typed them."""

    who: str
    brand: str
    header: str
    older: str
    older_by: str
    newer: str
    newer_by: str


@dataclass(frozen=True)
class Refused:
    """A line of 冲突 that says what was not taken; texts: what must be readable there."""

    brand: str
    texts: tuple[str, ...]


class Oracle:
    """The office's memory as it ought to be."""

    def __init__(self) -> None:
        self.now: dict[Place, tuple[str, str, int]] = {}  # → text, by whom, the how manieth edit
        self.white: dict[tuple[str, str], str] = {}  # corrected white cells: customer, header
        self.copies: dict[str, Copy] = {}
        self.conflicts: dict[Place, Conflict] = {}
        self.refused: list[Refused] = []
        self.joined: dict[str, str] = {}  # customer → the one he turned out to be
        self.split: dict[str, tuple[str, str]] = {}  # who was split off → what he must show as 拆分前备注, brand
        self.edits = self.conflicting = self.taken = 0

    # --- what happens before a run ---------------------------------------------------------------------------------

    def issued(self, path: str, brand: str, person: str, customers: set[str], headers: tuple[str, ...]) -> None:
        """The program wrote this workbook: it shows what is known of these customers."""
        shown = {(who, header): self.text(who, brand, header) for who in customers for header in headers}
        self.copies[path] = Copy(brand, person, shown)

    def types(self, path: str, who: str, header: str, text: str) -> None:
        """A yellow cell."""
        self.copies[path].typed[who, header] = text.strip()
        self.edits += 1

    def corrects(self, path: str, who: str, header: str, text: str) -> None:
        """A white cell."""
        self.copies[path].white[who, header] = text.strip()
        self.edits += 1

    # --- a run -----------------------------------------------------------------------------------------------------

    def archive(self, day: str) -> None:
        """The copies come into the archive, in its order."""
        self.refused = []
        for path in sorted(self.copies, key=lambda p: (not p.startswith("收件箱/"), p)):
            copy = self.copies[path]
            by = f"{copy.person} {day}"
            for header in copy.refused:
                texts = {t for (_, h), t in copy.typed.items() if h == header and t}
                kept = {t for (w, h), t in copy.shown.items() if h == header}
                self.refused.append(Refused(copy.brand, (header, *sorted(texts - kept))))
            for text in copy.unplaced:
                self.refused.append(Refused(copy.brand, (text,)))
            for (who, header), new in copy.typed.items():
                old = copy.shown.get((who, header), "")
                if header not in copy.refused and new != old:
                    self._edit((who, copy.brand, header), old, new, by)
                    copy.shown[who, header] = new
            for (who, header), new in copy.white.items():
                if new:
                    self.white[who, header] = new
            copy.typed, copy.white, copy.refused, copy.unplaced = {}, {}, set(), []

    def _edit(self, place: Place, old: str, new: str, by: str) -> None:
        who, brand, header = place
        who = self.is_now(who)
        place = (who, brand, header)
        current, current_by, _ = self.now.get(place, NOTHING)
        self.conflicts.pop(place, None)
        if current not in (old, new):
            self.conflicts[place] = Conflict(who, brand, header, current, current_by, new, by)
            self.conflicting += 1
        self.taken += 1
        self.now[place] = (new, by, self.taken)

    # --- answers ---------------------------------------------------------------------------------------------------

    def same(self, older: str, younger: str) -> None:
        """是: one customer from now on, under the older number."""
        older, younger = self.is_now(older), self.is_now(younger)
        self.joined[younger] = older
        for place in [p for p in self.now if p[0] == younger]:
            mine, hers = (older, *place[1:]), self.now.pop(place)
            first, last = sorted([self.now.get(mine, NOTHING), hers], key=lambda said: said[2])
            if first[0] and last[0] and first[0] != last[0]:
                self.conflicts[mine] = Conflict(*mine, *first[:2], *last[:2])
            self.now[mine] = last

    def parts(self, older: str, younger: str) -> None:
        """不是 on 合并明细: the younger is a customer of his own again."""
        for (who, brand, header), (text, *_) in sorted(self.now.items()):
            if who == older and text:
                self.split[younger] = (f"{self.split.get(younger, ('', ''))[0]} {header}:{text}", brand)

    def is_now(self, who: str) -> str:
        """Whom a customer is part of."""
        while who in self.joined:
            who = self.joined[who]
        return who

    # --- what the next workbooks must show -------------------------------------------------------------------------

    def text(self, who: str, brand: str, header: str) -> str:
        """What a cell must show."""
        return self.now.get((self.is_now(who), brand, header), NOTHING)[0]

    def given_up(self, who: str, brand: str) -> bool:
        """放弃: on 名录池 instead of the list."""
        return self.text(who, brand, STATUS) == GIVEN_UP
