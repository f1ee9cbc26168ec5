"""Matching as relations: joins and groupings for lists that no memory holds, one text for every engine that speaks SQL.

    records → what the list says of each (shared numbers, chains, namesakes) → columns and keys of blocks → groups of equal
    keys → pairs → edges → components → clusters

The words are those that DuckDB and Spark SQL have in common; a step that needs our own code is handed batches (module
``batches``). So the model is declared once (``leads_model``), and its weights are bits of the same sums everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pyarrow as pa

from . import batches
from .batches import Declared
from .shared import CROWDED_LIMIT, FEW, SHARED_LIMIT

Step = Callable[[pa.Table, Declared], pa.Table]
Progress = Callable[[str], None]


class Engine(Protocol):
    """A database that keeps named tables and hands batches of rows to our own functions."""

    explode: str  # the function that makes one row of each entry of a list

    def listing(self, column: str) -> str:
        """The aggregate that writes the numbers of a column as one text: 3;5;12."""

    def table(self, name: str, query: str) -> None:
        """Keep the rows of a query under a name."""

    def mapped(self, name: str, query: str, step: Step, declared: Declared, schema: pa.Schema) -> None:
        """Keep what ``step`` makes of the rows of a query, a batch at a time."""

    def by_component(self, name: str, query: str, step: Step, declared: Declared, schema: pa.Schema) -> None:
        """The same; rows of one ``comp`` are never in two batches."""

    def components(self, name: str, edges: str) -> None:
        """Keep (id, comp) for both ends of edges (a, b): comp is the smallest id that can be reached."""

    def numbered(self, name: str, column: str, query: str, order: str) -> None:
        """Keep the rows of a query with their place in an order, from 1."""

    def count(self, name: str) -> int:
        """How many rows a table has."""

    def value(self, query: str) -> int:
        """The only number of a query's only row."""

    def drop(self, *names: str) -> None:
        """Forget tables that are not needed any more."""


def matched(engine: Engine, declared: Declared, progress: Progress) -> None:
    """From ``records`` (batches.RECORDS) make ``edges`` (batches.EDGES) and ``labels`` (id, label; alone: not listed)."""
    progress("找公用的号码、连锁店和同名的人")
    _noted(engine)
    progress("整理要比较的列")
    engine.mapped("lead", "SELECT * FROM noted", batches.columns, declared, declared.columns)
    progress("找可能相同的行")
    _paired(engine, declared)
    progress(f"比较 {engine.count('pairs'):,} 对")
    engine.mapped("edges", _wide(declared, "pairs", ""), batches.weighed, declared, batches.EDGES)
    progress("归成组")
    _clustered(engine, declared)


def businesses(engine: Engine) -> int:
    """How many records name a business (shared.SETTLED)."""
    return engine.value("SELECT count(*) FROM records WHERE core <> ''")


def _noted(engine: Engine) -> None:
    """``noted``: records with what the whole list says of them (batches.NOTED)."""
    idents = f"(SELECT id, pinyin, core, {engine.explode}(idents) AS ident FROM records)"
    engine.table("often", f"SELECT ident FROM {idents} AS t GROUP BY ident HAVING count(*) > {SHARED_LIMIT}")
    engine.table(
        "crowd",
        f"SELECT t.ident FROM {idents} AS t JOIN often ON t.ident = often.ident GROUP BY t.ident "
        f"HAVING count(DISTINCT nullif(pinyin, '')) > {SHARED_LIMIT} OR count(DISTINCT nullif(core, '')) > {SHARED_LIMIT}",
    )
    engine.table(
        "shared_of",
        f"SELECT t.id, array_agg(t.ident) AS shared FROM {idents} AS t JOIN crowd ON t.ident = crowd.ident GROUP BY t.id",
    )
    engine.table("numbers", f"SELECT DISTINCT n FROM (SELECT {engine.explode}(said) AS n FROM records) AS t")
    engine.table(
        "named_of",
        f"SELECT t.id, array_agg(t.n) AS named FROM (SELECT id, {engine.explode}(mobiles) AS n FROM records) AS t "
        "JOIN numbers ON t.n = numbers.n GROUP BY t.id",
    )
    people = "count(DISTINCT nullif(pinyin, ''))"
    placed = "FROM records WHERE stem <> '' AND city <> ''"
    engine.table("chains", f"SELECT stem, city {placed} GROUP BY stem, city HAVING {people} > {CROWDED_LIMIT}")
    engine.table(
        "commons", f"SELECT stem {placed} GROUP BY stem HAVING count(DISTINCT city) > {FEW} OR {people} > {FEW}"
    )
    engine.table(
        "namesakes",
        "SELECT name, city FROM records WHERE full_ AND name <> '' AND city <> '' GROUP BY name, city "
        "HAVING count(DISTINCT nullif(first_, '')) > 1",
    )
    engine.table(
        "noted",
        "SELECT r.*, shared_of.shared, named_of.named, chains.stem IS NOT NULL AS crowded, "
        "commons.stem IS NOT NULL AS common, namesakes.name IS NOT NULL AS namesake, false AS strange FROM records AS r "
        "LEFT JOIN shared_of ON r.id = shared_of.id LEFT JOIN named_of ON r.id = named_of.id "
        "LEFT JOIN chains ON r.stem = chains.stem AND r.city = chains.city LEFT JOIN commons ON r.stem = commons.stem "
        "LEFT JOIN namesakes ON r.name = namesakes.name AND r.city = namesakes.city AND r.full_",
    )
    engine.drop("often", "crowd", "shared_of", "numbers", "named_of", "chains", "commons", "namesakes")


def _paired(engine: Engine, declared: Declared) -> None:
    """``pairs``: a < b, each once, with the flags of the blocks that set them."""
    blocks = declared.model.blocks
    bits = {block.evidence: n for n, block in enumerate(declared.model.flags)}
    limit = _by_block([block.limit for block in blocks])
    flag = _by_block([1 << bits[block.evidence] if block.evidence else 0 for block in blocks])
    engine.table(
        "keys", f"SELECT id, k.block, k.key_, k.odd FROM (SELECT id, {engine.explode}(met) AS k FROM lead) AS t"
    )
    engine.table(
        "met",  # whoever is not alone with his key
        "SELECT t.block, t.key_, t.id, g.size FROM keys AS t JOIN (SELECT block, key_, count(*) AS size FROM keys "
        "GROUP BY block, key_ HAVING count(*) > 1 AND bool_or(odd)) AS g ON t.block = g.block AND t.key_ = g.key_",
    )
    engine.table("long", f"SELECT block, key_, id FROM met WHERE size > {limit}")
    found = (
        f"SELECT x.id AS a, y.id AS b, x.block FROM (SELECT block, key_, id FROM met WHERE size <= {limit}) AS x "
        "JOIN met AS y ON x.block = y.block AND x.key_ = y.key_ AND x.id < y.id"
    )
    if engine.count("long"):
        _chained(engine, declared)
        found += " UNION ALL SELECT least(id, other) AS a, greatest(id, other) AS b, block FROM chain"
    engine.table("pairs", f"SELECT a, b, bit_or({flag}) AS flags FROM ({found}) AS t GROUP BY a, b")
    engine.drop("keys", "met", "long", "chain", "content")


def _by_block(values: list[int]) -> str:
    """A number for each block."""
    return f"CAST(CASE block {' '.join(f'WHEN {n} THEN {value}' for n, value in enumerate(values))} END AS BIGINT)"


def _chained(engine: Engine, declared: Declared) -> None:
    """``chain``: in groups above their limit each record meets the next in the order of what they say (``pairs.pairs``)."""
    blocks = enumerate(declared.model.blocks)
    strange = ", ".join(["-1", *(str(n) for n, block in blocks if "long_digits" in block.keys)])
    rest = ", ".join(f"r.{name}" for name in [*batches.RECORDS.names, *batches.NOTED[:-1]])
    engine.mapped(
        "content",
        f"SELECT {rest}, s.id IS NOT NULL AS strange FROM noted AS r JOIN (SELECT DISTINCT id FROM long) AS l "
        f"ON r.id = l.id LEFT JOIN (SELECT DISTINCT id FROM met WHERE block IN ({strange})) AS s ON r.id = s.id",
        batches.contents,
        declared,
        batches.CONTENT,
    )
    engine.table(
        "chain",
        "SELECT id, other, block FROM (SELECT block, l.id, lead(l.id) OVER (PARTITION BY block, key_ ORDER BY content, l.id) "
        "AS other FROM long AS l JOIN content AS c ON l.id = c.id) AS t WHERE other IS NOT NULL",
    )


def _wide(declared: Declared, pairs: str, more: str) -> str:
    """Pairs with the compared columns of both sides."""
    names = declared.compared
    sides = ", ".join(f"{side}.c_{name} AS {side}_{name}" for side in ("a", "b") for name in names)
    return f"SELECT p.a, p.b, p.flags{more}, {sides} FROM {pairs} AS p JOIN lead AS a ON a.id = p.a JOIN lead AS b ON b.id = p.b"


def _clustered(engine: Engine, declared: Declared) -> None:
    """``labels``: components of strong edges, cut where they hold what may not be one (``cluster.grouped``)."""
    largest = declared.model.largest
    engine.components("members", "SELECT a, b FROM edges WHERE strong")
    engine.table("sizes", "SELECT comp, count(*) AS size FROM members GROUP BY comp HAVING count(*) > 2")
    inside = (
        "SELECT x.id AS a, y.id AS b, x.comp FROM sizes JOIN members AS x ON x.comp = sizes.comp "
        f"JOIN members AS y ON y.comp = x.comp AND x.id < y.id WHERE size <= {largest}"
    )
    over = (
        "SELECT q.a, q.b, x.comp FROM pairs AS q JOIN members AS x ON x.id = q.a JOIN members AS y ON y.id = q.b "
        f"AND y.comp = x.comp JOIN sizes ON sizes.comp = x.comp WHERE size > {largest}"
    )
    engine.table(
        "inside",
        f"SELECT t.a, t.b, t.comp, q.flags FROM ({inside} UNION ALL {over}) AS t "
        "LEFT JOIN pairs AS q ON q.a = t.a AND q.b = t.b",
    )
    engine.by_component("refined", _wide(declared, "inside", ", p.comp"), batches.clusters, declared, batches.LABELS)
    engine.table(
        "labels",
        "SELECT m.id, coalesce(r.label, m.comp) AS label FROM members AS m LEFT JOIN refined AS r ON r.id = m.id",
    )
    engine.drop("sizes", "inside", "refined", "members")
