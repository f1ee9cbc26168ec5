"""What each list must hold on a day, in plain Python from the sheets as they were handed in.

Written from the manual and the rules R1-R17 without a look at the program's own; days are counted with a calendar typed in
by hand.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from quarter_records import DAY, DONE, POINTS, Records, day_of, remembered
from workdays_2026 import following, late, works


class Papers(Records):
    """The lists of the manual's chapters 1 and 3 to 8."""

    # --- R1 to R8 ---------------------------------------------------------------------------------------------------

    def matrix(self) -> dict[tuple[str, date], str]:
        """R1: (clerk, working day) → ✓, 0, 缺 or 假; the running day is not over, so nothing is missing yet."""
        found = {}
        away = {(a.person, a.first) for a in self.settings.absences}
        days = [self.monday + n * DAY for n in range(7)]
        for clerk in (s.name for s in self.settings.staff if s.role == "客服"):
            for day in (d for d in days if works(d) and d <= self.today):
                rows = [n for who, handed, n in self.forms if (who, handed) == (clerk, day)]
                missing = "缺" if day < self.today or self.finished else "待交"
                found[clerk, day] = ("✓" if sum(rows) else "0") if rows else ("假" if (clerk, day) in away else missing)
        return found

    def missed(self) -> set[tuple[str, date, str]]:
        """R2: enquiries that no form of that day has. R8: visits that nobody handed over yet.

        A hand-over row covers one day of its customer (DECISIONS.md): the day it says, else the only one it can mean.
        """
        found = set()
        for name in self.intake:
            forms = [
                (day_of(r["获取日期"] or r["日"]), day_of(r["日"]))
                for r in self.rows["客户信息移交表"]
                if r["客户姓名"] == name
            ]
            days = {(d, t) for d, t, _ in self.intake[name] if t in ("客户咨询记录本", "陌生拜访登记本")}
            used = {d for d, _ in forms if any(d == day for day, _ in days)}
            spare = [form for form in forms if form[0] not in used]
            for day, table in sorted(d for d in days if d[0] not in used):
                last = following(day) if table == "客户咨询记录本" else date.max
                fits = [form for form in spare if any(day <= said <= last for said in form)]
                if fits:
                    spare.remove(min(fits))
                elif name not in self.blocked:
                    found.add((name, day, "漏移交" if table == "客户咨询记录本" else "陌拜未移交"))
        return found

    def unrecorded(self) -> set[tuple[str, date]]:
        """R3: urgent ones without 补记日期."""
        return {(r["客户姓名"], day_of(r["日"])) for r in self.rows["客户信息移交表"]
                if r["是否紧急"] == "是" and not r["补记日期"] and r["客户姓名"] not in self.blocked}  # fmt: skip

    @remembered
    def feedback(self) -> dict[tuple[str, date], tuple[str, int]]:
        """R4: (name, handed over) → (state, working days late). A visit by a rep who happens by is no answer."""
        found = {}
        for r in self.rows["客户信息移交表"]:
            handed = day_of(r["日"])
            answered = next((d for d in self.contacts(r["客户姓名"], visits=False) if d >= handed), None)
            due = following(handed)
            if answered:
                state = ("按时", 0) if answered <= due else ("迟反馈", max(1, late(due, answered)))
            else:
                state = ("逾期未反馈", max(1, late(due, self.today))) if self.today > due else ("待反馈", 0)
            found[r["客户姓名"], handed] = state
        return found

    @remembered
    def referrals(self) -> dict[str, list[tuple[date, str]]]:
        """R6: name → referrers, the earliest first."""
        found = defaultdict(list)
        for r in self.rows["转介绍客户名录表"]:
            if r["客户姓名"] in self.valid:
                found[r["客户姓名"]].append((day_of(r["日"]), r["转介绍人"]))
        return {name: sorted(pairs) for name, pairs in found.items()}

    @remembered
    def thanks(self) -> dict[str, tuple[str, date | None]]:
        """R7: name → (待答谢, 逾期, 已答谢 or "", due) of every referred lead; success is the deal."""
        done = {self.number[r["被介绍客户编号"]] for r in self.rows["转介绍答谢记录表"]}
        found = {}
        for name in self.referrals():
            won = [day_of(r["洽谈日期"]) for r in self.talks(name) if r["洽谈状态"] == "成交"]
            due = min(won) + 7 * DAY if won else None
            state = "" if not due else "已答谢" if name in done else "逾期" if self.today > due else "待答谢"
            found[name] = state, due
        return found

    def collisions(self) -> set[tuple[str, str, str]]:
        """R6: (name, first, other) where two people referred one lead."""
        found = set()
        for name, pairs in self.referrals().items():
            found |= {(name, pairs[0][1], other) for _, other in pairs[1:] if other != pairs[0][1]}
        return found

    # --- R17 --------------------------------------------------------------------------------------------------------

    def materials(self) -> dict[str, int]:
        """Number → days left, of what is expired or expires within 30 days."""
        left = {r["资料编号"]: (day_of(r["有效期至"]) - self.today).days for r in self.rows["公司洽谈资料清单"]}
        return {number: days for number, days in left.items() if days <= 30}

    def contacts(self, name: str, *, visits: bool = True) -> list[date]:
        """Days on which the company dealt with this customer: answers, visits, talks, after-sales."""
        days = [day_of(r["处理日期"]) for r in self.rows["客户信息移交表"] if r["客户姓名"] == name and r["处理结果"]]
        for table in ("客户洽谈信息记录表", "售后服务回访记录表", *(["陌生拜访登记本"] if visits else [])):
            days += [day_of(r["日"]) for r in self.rows[table] if r["客户姓名"] == name]
        return sorted(d for d in days if d <= self.today)

    def assigned(self, name: str, brand: str) -> date:
        return (self.last_typed(name, brand, "跟进人") or (date.min, ""))[0]

    @remembered
    def dealt(self, name: str, brand: str) -> date:
        """The newest day on which the company dealt with him about this brand."""
        return max((day for day, typed, _, _ in self.statements(name, brand) if not typed), default=date.min)

    @remembered
    def planned(self, name: str, brand: str) -> date | None:
        """下次跟进日期: what was said last about it. A contact settles what was planned up to its day, a deal or a refusal
        everything; where nothing is left, the first step of 策略表 after the last contact counts.
        """
        headers = {"陌生拜访登记本": "再访日期", "客户信息移交表": "下次跟进日期", "客户洽谈信息记录表": "下次洽谈日期", "售后服务回访记录表": "下次回访日期"}  # fmt: skip
        plan = None
        for day, typed, what, row in self.statements(name, brand):
            if typed:
                plan = day_of(row[what][:10]) if what == "下次跟进日期" else plan
            elif row[headers[what]]:
                plan = day_of(row[headers[what]])
            elif row.get("洽谈状态") in ("成交", "失败") or (plan and plan <= day):
                plan = None
        steps = [] if plan or self.status(name, brand) in DONE else self.steps(name)
        return plan or min((step for step in steps if step > self.dealt(name, brand)), default=None)

    def steps(self, name: str) -> list[date]:
        mine = [
            r
            for r in self.rows["客户策略制定表"]
            if r["客户姓名"] == name and self.first_seen[tuple(r.values())] <= self.today
        ]
        return [day_of(r[f"第{n}步时间"]) for r in mine[-1:] for n in "一二三"]

    @remembered
    def reasons(self, name: str, brand: str) -> set[str]:
        """Why this customer is on 本周待办 of this brand; thanks and calls apart, which are one list each."""
        status, owner, found = self.status(name, brand), self.owner(name, brand), set()
        contacts, plan, sunday = self.contacts(name), self.planned(name, brand), self.sunday
        urgent = [
            day_of(r["获取日期"] or r["日"]) if "获取日期" in r else day_of(r["日"])
            for _, _, r in self.intake[name]
            if r.get("是否紧急") == "是"
        ]
        if urgent and status not in DONE and not any(d >= max(urgent) for d in contacts):
            found.add("紧急")
        if plan and plan <= sunday and status != "放弃":
            found.add("已逾期" if plan < self.today else "本周到期")
        first = self.last_typed(name, brand, "要求首次跟进日期")
        if (
            first
            and day_of(first[1][:10]) <= sunday
            and (not contacts or self.assigned(name, brand) > self.dealt(name, brand))
        ):
            found.add("首次跟进")
        rang = [d for d, table, _ in self.intake[name] if table == "客户咨询记录本"]
        if owner and rang and max(rang) >= max(self.monday, self.assigned(name, brand)) and self.intake[name][0][0] < max(rang) and not any(d >= max(rang) for d in contacts):  # fmt: skip
            found.add("再次来电")
        every = {"A": 3, "B": 7, "C": 30}.get(self.shown_class(name, brand))
        if owner and every and not plan and status not in DONE:
            since = max(self.dealt(name, brand), self.assigned(name, brand))
            found |= {"定期提醒"} if since + every * DAY <= sunday else set()
        if owner and status not in ("已成交", "放弃") and not (plan and plan >= self.today):
            found |= {"可回收"} if self.touched(name, brand) + 60 * DAY <= self.today else set()
        complaints = sorted(
            (r for r in self.rows["售后服务回访记录表"] if r["客户姓名"] == name), key=lambda r: r["日"]
        )
        if (
            complaints
            and complaints[-1]["问题描述"]
            and complaints[-1]["是否解决"] != "是"
            and day_of(complaints[-1]["限期"]) <= sunday
        ):
            found.add("售后未解决")
        return found

    def touched(self, name: str, brand: str) -> date:
        """The newest day on which anybody worked on him, a director's entry and a plan included."""
        entries = [day for day, _, what, _ in self.statements(name, brand) if what != "调整原因"]
        seen = [self.first_seen[tuple(r.values())] for r in self.rows["客户策略制定表"] if r["客户姓名"] == name]
        return max([*entries, *(d for d in seen if d <= self.today)], default=date.min)

    def to_call(self, brand: str) -> set[str]:
        """R14: rated, not A, and the best possible score reaches the region's A line; one question is open. At most 30."""
        found = []
        for name in self.portfolio[brand]:
            score, line = self.score(name), self.lines(brand, self.place(name)[1])[0]
            if score.complete >= 0.4 and score.high >= line and self.system_class(name, brand) != "A" and self.status(name, brand) not in DONE and len(score.confirmed) < len(POINTS):  # fmt: skip
                found.append(name)
        assert len(found) <= 30
        return set(found)

    def thanks_due(self) -> set[str]:
        """R7 on 本周待办: what is owed by Sunday."""
        return {
            name for name, (state, due) in self.thanks().items() if state in ("待答谢", "逾期") and due <= self.sunday
        }

    def stage(self, name: str) -> int:
        """How far he came in any brand: 1 dealt with (the visit that found him apart), 2 talked with, 3 signed."""
        talks = self.talks(name)
        won = any(r["洽谈状态"] == "成交" for r in talks) or any(
            r["客户姓名"] == name for r in self.rows["售后服务回访记录表"]
        )
        return 3 if won else 2 if talks else 1 if self.contacts(name, visits=False) else 0

    def funnel(self) -> dict[str, list[int]]:
        """信息来源 → valid customers, and how many of them came at least to each stage."""
        found: dict[str, list[int]] = {}
        for name in self.valid:
            reached = self.stage(name)
            line = found.setdefault(self.channel(name), [0, 0, 0, 0])
            for stage in range(reached + 1):
                line[stage] += 1
        return found

    def untouched(self) -> set[str]:
        """Leads that nobody met or worked on for 24 months (personal information law)."""
        edge = date(self.today.year - 2, self.today.month, min(self.today.day, 28))
        days = {n: [d for d, _, _ in self.intake[n]] + self.contacts(n) for n in self.valid}
        for n in days:
            for b in self.brands(n):
                first = self.last_typed(n, b, "要求首次跟进日期")
                met = [
                    min(self.touched(n, b), self.today),
                    self.planned(n, b),
                    day_of(first[1][:10]) if first else None,
                ]
                days[n] += [d for d in met if d and d <= self.today]
        return {n for n in days if max(days[n]) <= edge}
