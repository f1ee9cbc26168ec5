"""Our own engine on one table, in a process of its own as the peers are.

    python ours.py clean|raw|febrl|historical TABLE.parquet OUT.parquet [--without STEP] [--new ROWS] [--timed PARTS]

Writes label (position of the first record of the cluster) per row, and beside it OUT-edges.parquet: left, right, weight,
outcome. Prints seconds as JSON. ``clean``: records made of clean columns, matching alone. ``raw``: cells as typed, through
salessheets.clean as the product does it. ``--without``: leaves a cleaning step out (the ablation). ``--new``: the last
ROWS rows come to an office that knows the others.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from salessheets.clean import facts, han, names, records  # noqa: E402
from salessheets.match import leads  # noqa: E402
from salessheets.settings import Settings  # noqa: E402

TODAY = date(2026, 11, 20)
FIRST_ROW = 5
FIELDS = {
    "姓名": "name", "称呼": "title", "电话": "phone", "微信": "wechat", "QQ": "qq", "单位": "company", "省": "province",
    "市": "city", "县区": "county", "乡镇": "township", "地址": "address", "来源": "source_detail", "日期": "obtained_date",
    "备注": "note",
}  # fmt: skip


def rows(raw: pd.DataFrame) -> pd.DataFrame:
    """RAW columns → rows of 客户名录表, as the reader and the ledger hand them on."""
    made = raw.rename(columns=FIELDS)[list(FIELDS.values())].reset_index(drop=True)
    return made.assign(
        number=2, sheet=1, block=1, row=np.arange(FIRST_ROW, FIRST_ROW + len(made)), table="directory", person="陈静",
        file="陈静/名录.xlsx", archived=TODAY.isoformat(), hidden=False, aside="", extra="", channel="购买名录",
    )  # fmt: skip


def tuples(*columns: pd.Series) -> pd.Series:
    """The values of the columns that are not blank, one tuple per row, none twice."""
    out = np.empty(len(columns[0]), dtype=object)
    out[:] = [tuple(dict.fromkeys(v for v in values if v)) for values in zip(*columns, strict=True)]
    return pd.Series(out)


def records_of(clean: pd.DataFrame) -> pd.DataFrame:
    """Clean columns → records, with nothing known besides."""
    size = len(clean)
    row = pd.Series(np.arange(FIRST_ROW, FIRST_ROW + size))
    numbers = pd.Series(2, index=row.index)
    given = [n[len(s) :] for n, s in zip(clean["name"], clean["surname"], strict=True)]
    spelt = {key: names.homophone(*key) if key[1] else "" for key in set(zip(clean["surname"], given, strict=True))}
    hotline = clean["landline"].str.startswith(("400", "800"))
    made: dict[str, object] = dict.fromkeys(records.RECORD_COLUMNS, "")
    made |= {
        "number": 2, "sheet": 1, "block": 1, "row": row, "table": "directory", "rid": records.record_number(numbers, numbers * 0 + 1, row),
        "archived": TODAY.isoformat(), "hidden": False, "dated": False, "urgent": False, "contact_typed": True,
        "name": clean["name"].where(clean["name"] != "", clean["surname"]), "surname": clean["surname"], "given": given,
        "full": clean["name"] != "", "pinyin": [spelt[key] for key in zip(clean["surname"], given, strict=True)],
        "mobiles": tuples(clean["mobile"], clean["mobile2"]), "landlines": tuples(clean["landline"].where(~hotline, "")),
        "hotlines": tuples(clean["landline"].where(hotline, "")), "wechat": clean["wechat"], "qq": clean["qq"],
        "company": clean["core"], "core": clean["core"], "province": clean["province"], "city": clean["city"], "county": clean["county"],
    }  # fmt: skip
    frame = pd.DataFrame(made, index=row.index)
    text = [c for c in frame if frame[c].dtype == object and not frame[c].map(type).eq(tuple).any()]
    return frame.astype(dict.fromkeys(text, "str"))


# --- The ablation: what cleaning would be without one of its steps -----------------------------------------------------


def _as_typed(column: pd.Series) -> pd.Series:
    return column.fillna("").astype("str").str.strip()


def _no_phone(column: pd.Series) -> pd.DataFrame:
    blank = tuples(pd.Series("", index=range(len(column))))
    return pd.DataFrame(
        {"mobiles": tuples(_as_typed(column)), "landlines": blank, "hotlines": blank, "local": blank, "extension": "", "name": "", "problem": "", "bad": blank}
    ).set_index(column.index)  # fmt: skip


def _no_person(column: pd.Series) -> pd.DataFrame:
    typed = _as_typed(column)
    return pd.DataFrame(
        {"name": typed, "surname": typed.str[:1], "given": typed.str[1:], "title": "", "full": typed != "", "pinyin": typed}
    )


def _no_company(column: pd.Series) -> pd.DataFrame:
    typed = _as_typed(column)
    return pd.DataFrame({"name": typed, "core": typed, "branch": ""})


def _no_region(frame: pd.DataFrame) -> pd.DataFrame:
    levels = {c: _as_typed(frame[c]) for c in ("province", "city", "county", "township")}
    return pd.DataFrame({**levels, "level": "", "problem": "", "value": ""})


def _no_pinyin() -> None:
    real = records.person.clean

    def clean(column: pd.Series) -> pd.DataFrame:
        found = real(column)
        return found.assign(pinyin=found["name"].where(found["full"], ""))

    records.person.clean = clean


def _no_traditional() -> None:
    facts.traditional = lambda: ("", "")
    han.simplified.cache_clear()


def _patched(module: object, function: Callable[..., pd.DataFrame]) -> Callable[[], None]:
    return lambda: setattr(module, "clean", function)


WITHOUT: dict[str, Callable[[], None]] = {
    "phone": _patched(records.phone, _no_phone),
    "person": _patched(records.person, _no_person),
    "company": _patched(records.company, _no_company),
    "region": _patched(records.region, _no_region),
    "pinyin": _no_pinyin,
    "traditional": _no_traditional,
}


# --- Runs --------------------------------------------------------------------------------------------------------------


def run_leads(frame: pd.DataFrame, kind: str, new: int) -> tuple[np.ndarray, pd.DataFrame, dict[str, float]]:
    start = time.perf_counter()
    found = records.clean(rows(frame), TODAY)[0] if kind == "raw" else records_of(frame)
    cleaned = time.perf_counter()
    matches = leads.match(found, Settings())
    done = time.perf_counter()
    edges = matches.edges
    if "outcome" not in edges:
        asked = np.where(edges["weight"] >= Settings().rules.ask_line, "ask", "apart")
        edges = edges.assign(outcome=np.where(edges["joined"], "merge", asked))
    edges = edges.assign(**{s: edges[s].str.rsplit("-", n=1).str[1].astype("int64") - FIRST_ROW for s in ("left", "right")})
    seconds = {"clean": cleaned - start if kind == "raw" else 0.0, "match": done - cleaned}
    return matches.labels.to_numpy(), edges[["left", "right", "weight", "outcome"]], seconds


def run_public(frame: pd.DataFrame, kind: str) -> tuple[np.ndarray, pd.DataFrame, dict[str, float]]:
    """A public data set, with its declared model. Raises ImportError where no general engine is there yet."""
    import engine_models

    start = time.perf_counter()
    labels, edges = engine_models.run(frame, kind)
    return labels, edges, {"clean": 0.0, "match": time.perf_counter() - start}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("clean", "raw", "febrl", "historical"))
    parser.add_argument("table", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--without", choices=sorted(WITHOUT))
    parser.add_argument("--new", type=int, default=0)
    args = parser.parse_args()
    if args.without:
        WITHOUT[args.without]()
    frame = pd.read_parquet(args.table)
    if args.kind in {"clean", "raw"}:
        labels, edges, seconds = run_leads(frame, args.kind, args.new)
    else:
        labels, edges, seconds = run_public(frame, args.kind)
    pd.DataFrame({"label": labels}).to_parquet(args.out, index=False)
    edges.to_parquet(args.out.with_name(f"{args.out.stem}-edges.parquet"), index=False)
    print(json.dumps({"train": 0.0, **seconds}))


if __name__ == "__main__":
    main()
