"""samples/expected: what each row, file and customer should become, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from .customers import Customer
from .model import Entry, File
from .oracle import ACCEPTED, INVALID, JOINED, NEW, NOTED, REPEATED, RETURNED, WEEKS, order
from .people import TODAY
from .places import CAPITALS

LEVELS = ("省级", "地级市", "市级", "县级", "乡镇")


def _csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def decided(entry: Entry) -> str:
    """The week whose run settles the row: what needs no customer to compare with is settled when the file arrives."""
    at_once = entry.aside or entry.fate == REPEATED or (entry.fate == RETURNED and entry.reason != "lead-unknown")
    return WEEKS[0] if at_once else entry.week


def rows_csv(entries: Sequence[Entry]) -> bytes:
    """Every non-empty row below a header, in the order of file, sheet and row."""
    return _csv(
        ("file", "sheet", "row", "table", "week", "decided", "fate", "who", "brand", "reason", "case"),
        [
            (e.file, e.sheet, e.row, e.table, e.week, decided(e), e.fate, e.who, "、".join(e.brands), e.reason, e.case)
            for e in sorted(entries, key=lambda e: (e.number, e.sheet_index, e.row))
        ],
    )


def files_csv(files: Sequence[File], entries: Sequence[Entry]) -> bytes:
    """One line per file that gets a number: outcome, header rows per sheet, rows below them."""
    lines = []
    for file in sorted(files, key=lambda f: f.number):
        if not file.number:
            continue
        headers = ";".join(f"{s.name}={'+'.join(map(str, s.header_rows))}" for s in file.sheets if s.table)
        count = sum(e.file == file.path for e in entries)
        lines.append((file.number, file.path, file.person, file.outcome, headers, count, file.tool, file.copy_of))
    return _csv(("number", "file", "person", "outcome", "headers", "rows", "made_by", "copy_of"), lines)


def _level(c: Customer, own: Sequence[Entry], analysed: Sequence[Entry]) -> str:
    """The analyst's word; else what the rows tell: the place with its county, or a city whose districts are meant."""
    if analysed:
        return str(max(analysed, key=lambda e: (e.week, e.day or 0, e.number)).values["region_level"])
    told = {e.shown for e in own}
    if "county" in told:
        return c.place.level
    if "city" in told:
        return "省级" if c.place.city in CAPITALS or c.place.city == c.place.province else "地级市"
    return "待定"


def leads_csv(entries: Sequence[Entry], people: Mapping[str, Customer], numbers: Mapping[str, str]) -> bytes:
    """Every customer of the list, with what is known of him after the last week."""
    lines = []
    replaced = {id(e.updates) for e in entries if e.updates is not None}
    for who, number in numbers.items():
        c = people[who]
        rows = sorted((e for e in entries if e.who == who), key=order)
        own = [e for e in rows if e.fate in ACCEPTED and id(e) not in replaced]
        analysed = [e for e in rows if e.table == "analysis" and e.fate == NOTED and not e.aside]
        first = next(e for e in rows if e.fate == NEW)
        dated = min((e for e in own if e.channel), key=lambda e: (e.day or TODAY, order(e)))
        named = next((e.full_name for e in own if e.full_name), "") or next(
            (str(v).strip() for e in own if (v := e.values.get("name") or e.values.get("heard"))), ""
        )
        mobiles = sorted(
            {i[2:] for e in own if not e.shared for i in e.ids if i.startswith("m:")}, key=lambda m: (m != c.mobile, m)
        )
        brands = list(dict.fromkeys(b for e in own for b in e.brands))
        valid = "否" if any(e.fate == INVALID for e in rows) else "是"
        lines.append(
            (
                who, number, named or c.name * bool(analysed), mobiles[0] if mobiles else "", "、".join(mobiles[1:]),
                next((c.company for e in own if e.company), ""), c.place.city if any(e.shown for e in own) else "",
                "、".join(sorted(brands)), _level(c, own, analysed), first.channel,
                dated.channel, first.week, len(own), valid,
                "、".join(dict.fromkeys(e.case for e in rows if e.case)),
            )
        )  # fmt: skip
    header = (
        "who",
        "number",
        "name",
        "main_mobile",
        "other_mobiles",
        "company",
        "city",
        "brands",
        "region_level",
        "channel",
        "channel_by_date",
        "first_week",
        "records",
        "valid",
        "cases",
    )
    return _csv(header, sorted(lines))


def summary(entries: Sequence[Entry]) -> dict[str, dict[str, int]]:
    """Counts by fate and by table, for the console."""
    fates: dict[str, int] = {}
    tables: dict[str, int] = {}
    for e in entries:
        fates[e.fate] = fates.get(e.fate, 0) + 1
        tables[e.table] = tables.get(e.table, 0) + 1
    return {"fates": fates, "tables": tables, "working": {t: tables.get(t, 0) for t in JOINED}}
