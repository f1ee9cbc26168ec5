"""Our own engine on one table, in a process of its own as the peers are.

    python ours.py clean|raw|febrl|historical TABLE.parquet OUT.parquet [--without STEP] [--new ROWS]

Writes label (position of the first record of the cluster) per row, and beside it OUT-edges.parquet: left, right, weight,
outcome. Prints seconds as JSON. ``clean``: records made of the clean columns, matching alone (cleaning has nothing to do
and its time does not count). ``raw``: cells as typed, through salessheets.clean as the product does it. ``--without``:
leaves a cleaning step out (the ablation). ``--new``: the last ROWS rows come to an office that knows the others; only the
time of matching them counts.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from salessheets.clean import facts, han, records  # noqa: E402
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


def typed(clean: pd.DataFrame) -> pd.DataFrame:
    """Clean columns → RAW columns as the tidiest of offices would type them, so that cleaning has nothing to do."""
    made = pd.DataFrame("", index=clean.index, columns=list(FIELDS), dtype="str")
    made["姓名"] = clean["name"].where(clean["name"] != "", clean["surname"])
    numbers = zip(clean["mobile"], clean["mobile2"], clean["landline"], strict=True)
    made["电话"] = ["/".join(n for n in cell if n) for cell in numbers]
    made["微信"], made["QQ"], made["单位"] = clean["wechat"], clean["qq"], clean["core"]
    made["省"], made["市"], made["县区"] = clean["province"], clean["city"], clean["county"]
    return made


def tuples(column: pd.Series) -> pd.Series:
    """Each value that is not blank as a tuple of one."""
    out = np.empty(len(column), dtype=object)
    out[:] = [(v,) if v else () for v in column]
    return pd.Series(out, index=column.index)


# --- The ablation: what cleaning would be without one of its steps -----------------------------------------------------


def _as_typed(column: pd.Series) -> pd.Series:
    return column.fillna("").astype("str").str.strip()


def _instead(module: ModuleType, replaced: Callable[[Any, pd.DataFrame], dict[str, Any]]) -> Callable[[], None]:
    """Replace some columns of what a cleaning module returns; the others stay as they are."""

    def patch() -> None:
        real = module.clean

        def clean(typed: Any) -> pd.DataFrame:
            found = real(typed)
            return found.assign(**{c: v for c, v in replaced(typed, found).items() if c in found})

        module.clean = clean

    return patch


def _no_phone(cells: pd.Series, _found: pd.DataFrame) -> dict[str, Any]:
    nothing = tuples(pd.Series("", index=cells.index))
    parts = ("landlines", "hotlines", "local", "bad")
    return {"mobiles": tuples(_as_typed(cells)), **dict.fromkeys(parts, nothing), "name": "", "problem": ""}


def _no_person(cells: pd.Series, _found: pd.DataFrame) -> dict[str, Any]:
    name = _as_typed(cells)
    return {
        "name": name,
        "surname": name.str[:1],
        "given": name.str[1:],
        "title": "",
        "full": name != "",
        "pinyin": name,
    }


def _no_company(cells: pd.Series, _found: pd.DataFrame) -> dict[str, Any]:
    name = _as_typed(cells)
    return {"name": name, "core": name, "stem": name, "branch": ""}


def _no_region(cells: pd.DataFrame, _found: pd.DataFrame) -> dict[str, Any]:
    return {c: _as_typed(cells[c]) for c in ("province", "city", "county", "township")}


def _no_pinyin(_cells: pd.Series, found: pd.DataFrame) -> dict[str, Any]:
    return {"pinyin": found["name"].where(found["full"], "")}


def _no_traditional() -> None:
    facts.traditional = lambda: ("", "")
    han.simplified.cache_clear()


WITHOUT: dict[str, Callable[[], None]] = {
    "phone": _instead(records.phone, _no_phone),
    "person": _instead(records.person, _no_person),
    "company": _instead(records.company, _no_company),
    "region": _instead(records.region, _no_region),
    "pinyin": _instead(records.person, _no_pinyin),
    "traditional": _no_traditional,
}


# --- Runs --------------------------------------------------------------------------------------------------------------


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _between(step: str, start: tuple[float, float], end: tuple[float, float]) -> dict[str, float]:
    """Wall time of a step, and the processor's, which other load on the machine hardly changes."""
    return {step: end[0] - start[0], f"{step} cpu": end[1] - start[1]}


def run_leads(frame: pd.DataFrame, kind: str, new: int) -> tuple[np.ndarray, pd.DataFrame, dict[str, float]]:
    start = _now()
    found = records.clean(rows(frame if kind == "raw" else typed(frame)), TODAY)[0]
    cleaned = _now()
    if new:  # the others are known and matched before; their labels are not wanted here
        from salessheets.match.known import Known

        before = found.iloc[:-new]
        known = Known(before, Settings(), leads.find_shared(before, Settings()))
        ready = _now()
        matches = known.add(found.iloc[-new:])
    else:
        ready = cleaned
        matches = leads.match(found, Settings())
    done = _now()
    edges = matches.edges
    if "outcome" not in edges:
        asked = np.where(edges["weight"] >= Settings().rules.ask_line, "ask", "apart")
        edges = edges.assign(outcome=np.where(edges["joined"], "merge", asked))
    edges = edges.assign(
        **{s: edges[s].str.rsplit("-", n=1).str[1].astype("int64") - FIRST_ROW for s in ("left", "right")}
    )
    seconds = _between("match", ready, done) | (_between("clean", start, cleaned) if kind == "raw" else {"clean": 0.0})
    return matches.labels.to_numpy(), edges[["left", "right", "weight", "outcome"]], seconds


def run_public(frame: pd.DataFrame, kind: str) -> tuple[np.ndarray, pd.DataFrame, dict[str, float]]:
    """A public data set with the model declared for it (engine_models.py), trained on the very table."""
    import engine_models as declared

    from salessheets.match import engine
    from salessheets.match.cluster import grouped
    from salessheets.match.train import train

    model, table = {
        "febrl": (declared.FEBRL, declared.febrl_table),
        "historical": (declared.HISTORICAL, declared.historical_table),
    }[kind]
    start = time.perf_counter()
    encoded = engine.prepare(table(frame), model)
    model = train(encoded, model)
    trained = time.perf_counter()
    lines = (0.0, declared.MERGE_LINE)
    found = engine.candidates(encoded, model)
    weighed = engine.compare(encoded, model, found, lines=lines)
    labels = grouped(encoded, model, found, weighed, lines).labels
    done = time.perf_counter()
    outcome = np.where(weighed.weight >= lines[1], "merge", np.where(weighed.weight >= lines[0], "ask", "apart"))
    edges = pd.DataFrame({"left": weighed.left, "right": weighed.right, "weight": weighed.weight, "outcome": outcome})
    return labels, edges, {"train": trained - start, "match": done - trained}


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
