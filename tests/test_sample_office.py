"""The sample office against its own oracle, with the independent reader: neither side has seen the program."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import independent
import pytest

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
INBOX = SAMPLES / "office" / "收件箱"
FILES = independent.read_csv(SAMPLES / "expected" / "files.csv")
ROWS = independent.read_csv(SAMPLES / "expected" / "rows.csv")
LEADS = independent.read_csv(SAMPLES / "expected" / "leads.csv")
READ = [f for f in FILES if f["outcome"] == "read"]


@pytest.mark.parametrize("file", READ, ids=lambda f: f["file"])
def test_the_oracle_holds_exactly_the_filled_rows(file):
    found = independent.filled_rows(INBOX / file["file"], independent.parse_headers(file["headers"]))
    told = Counter((r["sheet"], int(r["row"])) for r in ROWS if r["file"] == file["file"])
    assert told == Counter((sheet, row) for sheet, rows in found.items() for row in rows)
    assert int(file["rows"]) == sum(told.values())


def test_every_file_of_the_inbox_is_told_and_numbered_in_the_order_of_the_paths():
    there = sorted(
        p.relative_to(INBOX).as_posix()
        for p in INBOX.rglob("*")
        if p.is_file() and not p.name.startswith(("~$", ".", "_"))
    )
    assert [f["file"] for f in FILES] == there
    assert [int(f["number"]) for f in FILES] == list(range(2, len(there) + 2))


def test_each_customer_is_new_exactly_once():
    new = [r["who"] for r in ROWS if r["fate"] == "新增客户"]
    assert len(new) == len(set(new))
    assert set(new) == {r["who"] for r in ROWS if r["fate"] == "并入已有客户"} | set(new) == {x["who"] for x in LEADS}


def test_a_customers_number_is_his_first_row():
    number = {f["file"]: int(f["number"]) for f in FILES}
    first = {r["who"]: f"{number[r['file']]:05d}-" for r in ROWS if r["fate"] == "新增客户"}
    assert all(x["number"].startswith(first[x["who"]]) and x["number"].endswith(_row(x["who"])) for x in LEADS)


def _row(who: str) -> str:
    return "-" + next(r["row"] for r in ROWS if r["fate"] == "新增客户" and r["who"] == who)


def test_every_kind_of_bad_row_is_there():
    reasons = {r["reason"] for r in ROWS if r["fate"] == "退回更正"}
    assert reasons == {
        "no-name",
        "no-contact",
        "bad-contact",
        "no-channel",
        "region-contradiction",
        "future-date",
        "lead-unknown",
    }
    assert {r["reason"] for r in ROWS if r["fate"] == "无效"} == {"空号停机", "拒绝联系", "无效", "拒绝联系名单"}


def test_the_office_stays_small():
    assert sum(p.stat().st_size for p in INBOX.parent.rglob("*") if p.is_file()) < 600_000


def test_each_customers_first_row_shows_him():
    leads = {x["who"]: x for x in LEADS}
    for row in (r for r in ROWS if r["fate"] == "新增客户"):
        lead = leads[row["who"]]
        shown = "|".join(independent.cells(INBOX / row["file"], row["sheet"], int(row["row"])))
        signs = (lead["name"], lead["main_mobile"], lead["company"], lead["name"][:1] + "总", lead["name"][:1] + "女士")
        assert any(sign and sign in shown for sign in signs) or lead["name"][:1] in shown, (row["file"], row["row"])
