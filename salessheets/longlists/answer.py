"""Edges and clusters → what is said of every row, as relations: the same answer as ``dedupe`` gives in memory."""

from __future__ import annotations

from salessheets.dedupe import ALONE, DOUBTED, FULLEST, JOINED, MAIN, SILENT
from salessheets.match.relational import Engine


def answered(engine: Engine) -> None:
    """Make ``answer``: id, number, size, advice, weight, reason, ask; one line per row of ``rows``.

    From ``rows`` (id, place, aside), ``facts`` (id, fullness, known; the customers), ``edges`` and ``labels``.
    """
    _grouped(engine)
    _evidence(engine)
    place = "concat('与', other.place, '\uff1a', best.reason)"
    reason = (
        "CASE WHEN r.aside <> '' THEN concat('不是客户\uff08', r.aside, '\uff09') "
        f"WHEN g.size > 1 AND mains.id IS NOT NULL THEN '{FULLEST}' WHEN best.mine IS NOT NULL THEN {place} "
        f"WHEN doubts.mine IS NOT NULL THEN '{DOUBTED}' WHEN g.known THEN '{ALONE}' ELSE '{SILENT}' END"
    )
    advice = f"CASE WHEN mains.id IS NOT NULL THEN '{MAIN}' WHEN g.size > 1 THEN '{JOINED}' ELSE '' END"
    engine.table(
        "answer",
        f"SELECT r.id, g.number, g.size, {advice} AS advice, coalesce(best.weight, doubts.weight) AS weight, "
        f"{reason} AS reason, coalesce(asked.ask, '') AS ask FROM rows AS r LEFT JOIN grouped AS g ON g.id = r.id "
        "LEFT JOIN mains ON mains.id = r.id LEFT JOIN best ON best.mine = r.id LEFT JOIN rows AS other ON other.id = best.other "
        "LEFT JOIN doubts ON doubts.mine = r.id LEFT JOIN asked ON asked.number = g.number",
    )
    engine.drop("mains", "best", "doubts", "asked")


def _grouped(engine: Engine) -> None:
    """``grouped``: customers with the number and size of their cluster. ``mains``: the fullest row of each group."""
    engine.table(
        "labelled",
        "SELECT f.id, f.fullness, f.known, coalesce(labels.label, f.id) AS label "
        "FROM facts AS f LEFT JOIN labels ON labels.id = f.id",
    )
    engine.numbered(
        "clusters",
        "number",
        "SELECT label, count(*) AS size FROM labelled GROUP BY label",
        "CASE WHEN size < 2 THEN 1 ELSE 0 END, label",
    )
    engine.table(
        "grouped",
        "SELECT l.id, l.fullness, l.known, l.label, c.number, c.size "
        "FROM labelled AS l JOIN clusters AS c ON c.label = l.label",
    )
    engine.table(
        "mains",
        "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY label ORDER BY fullness DESC, id) AS place "
        "FROM grouped WHERE size > 1) AS t WHERE place = 1",
    )
    engine.drop("labelled", "clusters")


def _evidence(engine: Engine) -> None:
    """``best``: per row its strongest edge, to the main row where there is one. ``doubts``, ``asked``: what is open."""
    engine.table(
        "judged",
        "SELECT e.a, e.b, e.weight, e.reason, e.strong, x.number AS x, y.number AS y "
        "FROM edges AS e JOIN grouped AS x ON x.id = e.a JOIN grouped AS y ON y.id = e.b",
    )
    joined = _both("weight, reason", "strong AND x = y")
    engine.table(
        "best",
        "SELECT mine, other, weight, reason FROM (SELECT d.*, row_number() OVER (PARTITION BY d.mine ORDER BY "
        f"CASE WHEN mains.id IS NULL THEN 1 ELSE 0 END, d.weight DESC, d.other) AS place FROM ({joined}) AS d "
        "LEFT JOIN mains ON mains.id = d.other) AS t WHERE place = 1",
    )
    engine.table("doubts", f"SELECT mine, max(weight) AS weight FROM ({_both('weight', 'x <> y')}) AS d GROUP BY mine")
    groups = "SELECT x AS number, y AS other FROM judged WHERE x <> y"
    engine.table(
        "asked",
        f"SELECT number, {engine.listing('other')} AS ask FROM "
        f"({groups} UNION SELECT y AS number, x AS other FROM judged WHERE x <> y) AS t GROUP BY number",
    )


def _both(more: str, where: str) -> str:
    """Edges seen from either end."""
    return (
        f"SELECT a AS mine, b AS other, {more} FROM judged WHERE {where} "
        f"UNION ALL SELECT b AS mine, a AS other, {more} FROM judged WHERE {where}"
    )


def counts(engine: Engine) -> dict[str, int]:
    """The same figures as ``Deduped.counts``."""
    customers = engine.count("facts")
    clusters = engine.value("SELECT count(DISTINCT number) FROM grouped")
    groups = engine.value("SELECT count(DISTINCT number) FROM grouped WHERE size > 1")
    rows = engine.count("rows")
    return {
        "rows": rows,
        "customers": clusters,
        "groups": groups,
        "joined": engine.value("SELECT count(*) FROM grouped WHERE size > 1") - groups,
        "doubtful": engine.value("SELECT count(*) FROM judged WHERE x <> y"),
        "set_aside": rows - customers,
    }
