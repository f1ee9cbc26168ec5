"""Exact keys alone: 50 million rows, three keys each, in the product's own database within a memory limit.

    python exact_keys.py ROWS FOLDER [MEMORY]

The rows are integers made by DuckDB: six customers for ten rows, each row with its customer's mobile (of ten rows eight have
it), WeChat (four) and QQ (two), scattered by a hash. Making them does not count. Prints seconds and the number of clusters as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from salessheets.match.outofcore import Duck  # noqa: E402

KEYS = {"mobile": 8, "wechat": 4, "qq": 2}  # of ten rows


def make(engine: Duck, rows: int) -> None:
    customers = rows * 6 // 10
    columns = [
        f"CASE WHEN hash(i, '{name}') % 10 < {share} THEN CAST(hash(customer, '{name}') >> 1 AS BIGINT) END AS {name}"
        for name, share in KEYS.items()
    ]
    engine.table(
        "lists",
        f"SELECT i AS id, {', '.join(columns)} FROM (SELECT range AS i, hash(range) % {customers} AS customer FROM range({rows}))",
    )


def main() -> None:
    rows, folder, memory = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "2GB"
    seconds = {}
    with Duck(folder, memory) as engine:
        start = time.perf_counter()
        make(engine, rows)
        seconds["made"] = time.perf_counter() - start
        start = time.perf_counter()
        edges = []
        for name in KEYS:
            engine.table(
                f"first_{name}",
                f"SELECT {name}, min(id) AS a FROM lists WHERE {name} IS NOT NULL GROUP BY {name} HAVING count(*) > 1",
            )
            edges.append(
                f"SELECT f.a, l.id AS b FROM lists AS l JOIN first_{name} AS f ON f.{name} = l.{name} WHERE l.id <> f.a"
            )
        seconds["keys"] = time.perf_counter() - start
        engine.components("members", " UNION ALL ".join(edges))
        seconds["total"] = time.perf_counter() - start
        joined = engine.count("members")
        clusters = engine.value("SELECT count(DISTINCT comp) FROM members")
    print(json.dumps({**{k: round(v, 1) for k, v in seconds.items()}, "joined": joined, "clusters": clusters}))


if __name__ == "__main__":
    main()
