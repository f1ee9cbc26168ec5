"""Raw rows of every table → records: one frame, one meaning per column, each row with its origin.

RECORD_COLUMNS is the only place that says what a record has. Nothing is dropped here: what could not be understood
becomes a flag (rid, field, code, value) beside the record.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from salessheets.tables import INTAKE, TABLES, Kind

from . import company, contact, person, phone, region
from . import date as dates
from .swapped import put_right
from .text import TEXT, distinct, objects, texts
from .text import column as ready

# rid: FFFFF-S-R (contracts.md); number/sheet/block/row: origin; table: key; person: whose folder it came from;
# file: path below 收件箱; archived: ISO day. corrects: rid of the row it puts right. customer: says who is a customer (an
# intake table, a row that a director added to his list, or a white cell that he corrected: then lead_text names him),
# not what happened with a known one. Contacts are tuples or text, "" when unknown. facts answer criteria.
RECORD_COLUMNS = (
    "rid", "number", "sheet", "block", "row", "table", "person", "file", "archived", "hidden", "corrects",
    "date", "dated", "name", "surname", "given", "full", "pinyin", "title",
    "mobiles", "landlines", "hotlines", "wechat", "qq", "company", "core", "stem", "branch",
    "province", "city", "county", "township", "address", "region_level",
    "channel", "source_detail", "brand_text", "content", "urgent", "result", "result_date", "attitude",
    "referrer", "referrer_phone", "note", "team", "experience", "likelihood",
    "fingerprint", "contact_typed", "lead_text", "bad_numbers", "customer",
)  # fmt: skip

Flag = Callable[[str, pd.Series, pd.Series], None]

_WAY_TO_CHANNEL = {"委托客户介绍": "客户转介绍", "委托同行推荐": "同行推荐", "朋友介绍": "朋友介绍"}
_GROUPS = ("行业QQ群", "会销微信群")
_HEALTH = re.compile(r"高血压|糖尿病|癌|肿瘤|病史|患病|中风|心脏病|住院|手术|抑郁")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_INTENT_TO_LIKELIHOOD = {"高": "高", "中": "中", "低": "低"}
_CORRECTS = "记录编号"  # the column in which a row names the record that it corrects
BY_HAND = "周报文件号"  # marks a row that is a white cell corrected in a workbook of ours (handmade.py)
# RE2. Blanks of any kind (what \s is to Python), and those that are more or other than one space.
_BLANKS = r"[\t-\r\x1c- \x{85}\pZ]+"
_LOOSE = r"[\t-\r\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]|  "
_NULL = pa.scalar(None, TEXT)
_NOT_CONTENT = ("serial",)  # a row number says nothing about the customer


def record_number(number: pd.Series, sheet: pd.Series, row: pd.Series) -> pd.Series:
    """``FFFFF-S-R``: archived file number, sheet index from 1, physical row (contracts.md)."""
    return number.astype("str").str.zfill(5) + "-" + sheet.astype("str") + "-" + row.astype("str")


def clean(rows: pd.DataFrame, today: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Records and flags of the rows of all tables. Rows of working tables carry ``lead_text``, the 客户编号 as typed.

    rows: number, person, file, archived (ISO) and the reader's columns, aside rows excluded; index unique.
    Returns records (RECORD_COLUMNS, same index) and flags (rid, field, code, value), in row order.
    """
    rows = rows.reset_index(drop=True)
    text = _columns(rows)
    records = rows[["number", "sheet", "block", "row", "table", "person", "file", "archived", "hidden"]].copy()
    records["rid"] = record_number(rows["number"], rows["sheet"], rows["row"])
    records["corrects"] = _by_value(rows["extra"], _corrected)
    blank = pd.Series("", index=rows.index, dtype="str")
    flags: list[pd.DataFrame] = []

    def flag(field: str, code: pd.Series, value: pd.Series) -> None:
        mark(field, code != "", code, value)

    def mark(field: str, hit: pd.Series, code: pd.Series | str, value: pd.Series) -> None:
        if hit.any():
            told = code if isinstance(code, str) else code[hit]
            flags.append(pd.DataFrame({"rid": records["rid"][hit], "field": field, "code": told, "value": value[hit]}))

    typed_name = text["name"]
    in_place, swapped = put_right(text)
    text |= in_place
    mark("name", swapped, "swapped-cells", typed_name)
    with ThreadPoolExecutor(1) as beside:  # Arrow kernels alone, so that a second core has something to do
        content = beside.submit(_content, rows)
        phones = phone.clean(text["phone"])
        _clean_person(records, text, phones["name"])
        _clean_place(records, text, flag)
    _clean_contacts(records, text, phones, flag)
    _clean_date(records, rows, text, today, flag)
    _take_facts(records, rows, text)
    written = (records["lead_text"] == "") | _by_value(rows["extra"], lambda extra: f'"{BY_HAND}"' in extra)
    records["customer"] = rows["table"].isin(INTAKE) | ((rows["table"] == "valid_leads") & written)
    records["fingerprint"] = content.result()
    mark("note", _by_value(text["note"], _tells_of_health), "health-note", blank)
    for key, mine in _rows_of(rows["table"]):
        for column in TABLES[key].columns:
            if column.kind is Kind.CHOICE and column.choices:
                value = text[column.field]
                known = _by_value(value, {"", *column.choices}.__contains__)
                mark(column.field, mine & ~known, "choice-unknown", value)
    all_flags = pd.concat(flags) if flags else pd.DataFrame(columns=["rid", "field", "code", "value"])
    return records[list(RECORD_COLUMNS)], all_flags.sort_index(kind="stable").reset_index(drop=True)


def _columns(rows: pd.DataFrame) -> dict[str, pd.Series]:
    fields = {field for table in TABLES.values() for field in table.fields}
    empty = pd.Series("", index=rows.index, dtype="str")
    return {f: rows[f].fillna("").astype("str") if f in rows else empty for f in sorted(fields)}


def _by_value(series: pd.Series, one: Callable[[str], Any]) -> pd.Series:
    """What ``one`` says of each value; asked once of each distinct one."""
    values, codes = distinct(texts(series))
    said = ready([one(v) for v in values.to_pylist() or [""]])
    return pd.Series(said.take(codes), index=series.index)


def _rows_of(series: pd.Series) -> list[tuple[str, pd.Series]]:
    """Each distinct value in order, and which rows have it."""
    values, codes = distinct(texts(series))
    listed = sorted((value, code) for code, value in enumerate(values.to_pylist()))
    return [(value, pd.Series(codes == code, index=series.index)) for value, code in listed]


def _tells_of_health(note: str) -> bool:
    return _HEALTH.search(note) is not None


def _corrected(extra: str) -> str:
    found = re.search(rf'"{_CORRECTS}": *"(\d{{5}}-\d+-\d+)"', extra) if extra else None
    return found[1] if found else ""


def _content(rows: pd.DataFrame) -> pd.Series:
    """Everything typed in the row, as one text: equal texts are the same row handed in again."""
    fields = sorted({f for table in TABLES.values() for f in table.fields} - set(_NOT_CONTENT))
    filled = [pc.replace_with_mask(c, pc.equal(c, ""), _NULL) for c in (texts(rows[f]) for f in fields if f in rows)]
    ends = texts(rows["person"]), texts(rows["table"]), texts(rows["extra"])
    content = pc.binary_join_element_wise(*ends[:2], *filled, ends[2], pa.scalar(" ", TEXT), null_handling="skip")
    loose = pc.match_substring_regex(content, _LOOSE)
    if pc.any(loose).as_py():
        tight = pc.replace_substring_regex(content.filter(loose), _BLANKS, " ")
        content = pc.replace_with_mask(content, loose, tight)
    return pd.Series(ready(content), index=rows.index)


def _clean_person(records: pd.DataFrame, text: dict[str, pd.Series], glued: pd.Series) -> None:
    typed = text["name"]
    cleaned = person.clean(typed.where(typed != "", glued))
    for field in ("name", "surname", "given", "full", "pinyin"):
        records[field] = cleaned[field]
    records["title"] = text["title"].where(text["title"] != "", cleaned["title"])


def _clean_contacts(records: pd.DataFrame, text: dict[str, pd.Series], phones: pd.DataFrame, flag: Flag) -> None:
    """Contacts of all cells: people write a mobile as WeChat or QQ, a QQ as WeChat, a landline without area code."""
    phones = phone.complete(phones, records["province"], records["city"])
    wechat = contact.wechat(text["wechat"])
    qq = contact.qq(text["qq"])
    records["mobiles"] = _with(_with(phones["mobiles"], wechat["mobile"]), qq["mobile"])
    records["landlines"], records["hotlines"] = phones["landlines"], phones["hotlines"]
    records["wechat"], records["qq"] = wechat["wechat"], qq["qq"].where(qq["qq"] != "", wechat["qq"])
    records["bad_numbers"] = phones["bad"]
    records["contact_typed"] = (text["phone"] + text["wechat"] + text["qq"]) != ""
    flag("phone", phones["problem"], text["phone"])
    flag("wechat", wechat["problem"], text["wechat"])
    flag("qq", qq["problem"], text["qq"])


def _with(mobiles: pd.Series, other: pd.Series) -> pd.Series:
    """The mobiles of each row and one more, unless it is among them."""
    also = np.flatnonzero(pc.not_equal(texts(other), "").to_numpy(zero_copy_only=False))
    numbers = mobiles.to_numpy(dtype=object).copy()
    pairs = zip(numbers[also], other.iloc[also], strict=True)
    numbers[also] = objects([m if o in m else (*m, o) for m, o in pairs])
    return pd.Series(numbers, index=mobiles.index, dtype=object)


def _clean_place(records: pd.DataFrame, text: dict[str, pd.Series], flag: Flag) -> None:
    companies = company.clean(text["company"])
    records["company"], records["core"], records["branch"] = companies["name"], companies["core"], companies["branch"]
    records["stem"] = company.stems(companies["core"])
    place = region.clean(pd.DataFrame({f: text[f] for f in ("province", "city", "county", "township", "address")}))
    for field in ("province", "city", "county", "township"):
        records[field] = place[field]
    records["region_level"] = place["level"]
    records["address"] = text["address"]
    flag("city", place["problem"], place["value"])


def _clean_date(
    records: pd.DataFrame,
    rows: pd.DataFrame,
    text: dict[str, pd.Series],
    today: date,
    flag: Flag,
) -> None:
    blank = pd.Series("", index=rows.index, dtype="str")
    typed, column = blank, blank
    for key, mine in _rows_of(rows["table"]):
        field = TABLES[key].date_field
        if field:
            typed, column = text[field].where(mine, typed), column.mask(mine, field)
    # A date without year is meant near the day the sheet was handed in, whenever it is read again.
    days = [(date.fromisoformat(day) if day else today, mine) for day, mine in _rows_of(rows["archived"])]
    cleaned = pd.concat([dates.clean(typed[mine], day) for day, mine in days] or [dates.clean(typed, today)])

    def read(field: str) -> pd.Series:
        if not (text[field] != "").any():
            return blank
        parts = [dates.clean(text[field][mine], day)["date"] for day, mine in days]
        made: pd.Series = pd.concat(parts).reindex(rows.index)
        return made

    cleaned = cleaned.reindex(rows.index)
    found = cleaned["date"].where(cleaned["date"] != "", read("handover_date"))
    records["dated"] = found != ""
    found = found.where(found != "", rows["archived"])
    # A result is as old as the answer, not as the enquiry that it answers.
    answered = read("handled_date")
    records["result_date"] = answered.where(answered != "", found)
    records["date"] = found
    missing = pd.Series("date-missing", index=rows.index, dtype="str")
    for field, mine in _rows_of(column):
        if field:
            flag(field, cleaned["problem"].where(mine, ""), typed)
            flag(field, missing.where((typed == "") & mine, ""), typed)


def _take_facts(records: pd.DataFrame, rows: pd.DataFrame, text: dict[str, pd.Series]) -> None:
    table = rows["table"]
    channel = text["channel"].copy()
    log = table == "consult_log"
    asked = _by_value(text["contact_way"], lambda way: "行业群" if way in _GROUPS else "网络咨询")
    channel = channel.where(~log, asked)
    channel = channel.where(table != "visit_log", "陌生拜访")
    way = _by_value(text["referral_way"], lambda way: _WAY_TO_CHANNEL.get(way, "朋友介绍"))
    channel = channel.where(table != "referral", way)
    records["channel"] = channel.where(table != "valid_leads", "市场总监")
    detail = text["source_detail"].where(~log, text["contact_way"])
    records["source_detail"] = detail.where(table != "visit_log", text["area"])
    records["brand_text"] = text["brand"]
    records["content"] = text["content"].where(text["content"] != "", text["products"])
    records["urgent"] = text["urgent"] == "是"
    records["result"], records["attitude"], records["note"] = text["result"], text["attitude"], text["note"]
    records["lead_text"] = text["lead"]
    records["referrer"] = person.clean(text["referrer"])["name"]
    records["referrer_phone"] = _first_mobiles(text["referrer_phone"])
    records["team"] = _band(text["staff_count"], ((5, "5人以下"), (10, "5-9人"), (20, "10-19人")), "20人以上")
    records["experience"] = _band(text["open_years"], ((1, "1年以下"), (3, "1-3年"), (5, "3-5年")), "5年以上")
    records["likelihood"] = _by_value(text["intent"], lambda intent: _INTENT_TO_LIKELIHOOD.get(intent, ""))


def _first_mobiles(cells: pd.Series) -> pd.Series:
    values, codes = distinct(texts(cells))
    numbers = phone.clean(pd.Series(ready(values)))["mobiles"]
    first = ready(["", *(m[0] if m else "" for m in numbers)])
    return pd.Series(first.take(codes + 1), index=cells.index)


def _band(values: pd.Series, steps: tuple[tuple[float, str], ...], last: str) -> pd.Series:
    """Numbers → the answer of 客户分析表 they fall into ("" when no number is found). 推断, tables.md 7."""

    def answer(cell: str) -> str:
        number = _NUMBER.search(cell)
        return next((label for limit, label in steps if float(number[0]) < limit), last) if number else ""

    return _by_value(values, answer)
