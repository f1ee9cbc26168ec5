"""What is done to one batch of rows, as Arrow tables: the same cleaners, columns, judges and clusters as in memory.

The engines for lists larger than memory (``relational``) move rows between these functions with joins and groupings. A
batch never needs to know more of the list than what stands in its own rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from . import engine, lead_table
from .cluster import grouped
from .columns import Bag, Column, Columns, Ints, array, content, encode
from .lead_table import IDENTIFIERS
from .model import Block, Model
from .pairs import Pairs
from .shared import AT, CHAIN, COMMON, CROWD, NAMESAKE, Shared, known_to_all

TEXTS = ("name", "surname", "given", "pinyin", "core", "stem", "branch", "province", "city", "county")
_MORE = ("wechat", "qq", "address", "note", "source_detail")
LISTS = ("mobiles", "landlines", "hotlines", "bad_numbers")
_LIST = pa.list_(pa.string())
_KEY = pa.struct([("block", pa.int32()), ("key_", pa.int64()), ("odd", pa.bool_())])
_WORD = "\x1f"  # between the kind of an identifier and its value

# id: position in the list. idents: kind and value; first: mobile or landline; said: numbers that its remarks name.
RECORDS = pa.schema(
    [
        ("id", pa.int64()),
        *((name, pa.string()) for name in (*TEXTS, *_MORE)),
        ("full_", pa.bool_()),
        *((name, _LIST) for name in LISTS),
        ("idents", _LIST),
        ("first_", pa.string()),
        ("said", _LIST),
    ]
)
# What the list says of a record beyond its own cells (SQL joins it): shared identifiers, own mobiles that remarks name.
NOTED = ("shared", "named", "crowded", "common", "namesake", "strange")
EDGES = pa.schema(
    [("a", pa.int64()), ("b", pa.int64()), ("weight", pa.float64()), ("strong", pa.bool_()), ("reason", pa.string())]
)
LABELS = pa.schema([("id", pa.int64()), ("label", pa.int64())])
CONTENT = pa.schema([("id", pa.int64()), ("content", pa.int64())])


@dataclass(frozen=True)
class Declared:
    """What every batch is told: the model, the ask and merge line, the phones of the office's staff, a long list or not."""

    model: Model
    lines: tuple[float, float]
    own_phones: tuple[str, ...] = ()
    businesses: int = 0  # rows with a 单位; known after the first pass

    @property
    def compared(self) -> tuple[str, ...]:
        """The columns that pairs are compared on, each once."""
        return tuple(dict.fromkeys(name for c in self.model.comparisons for name in c.columns))

    @property
    def columns(self) -> pa.Schema:
        """What ``columns`` makes: the compared columns as text (c_…) and the keys of all blocks."""
        named = [(f"c_{name}", pa.string()) for name in self.compared]
        return pa.schema([("id", pa.int64()), *named, ("met", pa.list_(_KEY))])


def records(cleaned: pd.DataFrame, ids: Ints) -> pa.Table:
    """RECORDS of cleaned records (``clean.records``); ``ids``: their positions in the list."""
    cleaned = cleaned.reset_index(drop=True)
    read = lead_table.basics(cleaned)
    idents = _listed(
        read.size,
        [(bag.rows, kind + _WORD + bag.values.take(bag.codes)) for kind, bag in _kinds(read)],
    )
    said = lead_table.numbers_said(cleaned)
    found = {
        "id": pa.array(ids, pa.int64()),
        **{name: _texts(cleaned[name]) for name in (*TEXTS, *_MORE)},
        "full_": pa.array(cleaned["full"].to_numpy(dtype=bool)),
        **{name: pa.array(cleaned[name].tolist(), _LIST) for name in LISTS},
        "idents": idents,
        "first_": _text(read.first),
        "said": _listed(read.size, [(said.rows, said.values.take(said.codes))]),
    }
    return pa.table(found, schema=RECORDS)


def _kinds(read: lead_table.Basics) -> list[tuple[str, Bag]]:
    return [(kind, read.bags[name]) for kind, name in IDENTIFIERS.items()]


def _listed(size: int, parts: list[tuple[Ints, pd.Series]]) -> pa.ListArray:
    """(row, value) pairs as one list per row."""
    rows = np.concatenate([rows for rows, _ in parts])
    values = pd.concat([values for _, values in parts], ignore_index=True)
    order = np.argsort(rows, kind="stable")
    ends = np.searchsorted(rows[order], np.arange(size + 1))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), _texts(values.take(order)))


def _texts(values: pd.Series) -> pa.Array:
    return array(values).cast(pa.string())


def _text(column: Column) -> pa.Array:
    """The text of every row, "" for blank."""
    values = pa.array([*column.values, ""], pa.string())
    return values.take(pa.array(np.where(column.codes < 0, len(column.values), column.codes)))


def _build(batch: pa.Table, declared: Declared) -> Columns:
    """Columns of the lead model for annotated records (RECORDS and NOTED)."""
    frame = batch.select([*TEXTS, *_MORE]).to_pandas().fillna("").astype("str")
    frame["full"] = batch["full_"].to_numpy(zero_copy_only=False)
    for name in LISTS:
        frame[name] = pd.Series([tuple(v or ()) for v in batch[name].to_pylist()], dtype=object)
    read = lead_table.basics(frame)
    named = frozenset(value for values in batch["named"].to_pylist() for value in values or ())
    return lead_table.build(frame, _shared(batch, frame, read, declared), read, named)


def _shared(batch: pa.Table, frame: pd.DataFrame, read: lead_table.Basics, declared: Declared) -> Shared:
    """The part of the list's shared values that stands in these rows."""
    crowd = pd.Series(sorted({v for values in batch["shared"].to_pylist() for v in values or ()}), dtype="str")
    parts = known_to_all(read, IDENTIFIERS, declared.own_phones)
    pieces = crowd.str.split(_WORD, n=1)
    parts.append(pd.DataFrame({"kind": pieces.str[0], "value": pieces.str[1], "why": CROWD}))
    placed = {"单位": ("crowded", frame["stem"] + AT + frame["city"], CHAIN), "字号": ("common", frame["stem"], COMMON)}
    placed["姓名"] = ("namesake", frame["name"] + AT + frame["city"], NAMESAKE)
    for kind, (mark, values, why) in placed.items():
        told = batch[mark].fill_null(fill_value=False).to_numpy(zero_copy_only=False)
        parts.append(pd.DataFrame({"kind": kind, "value": values[told].unique(), "why": why}))
    return Shared.of(parts, declared.businesses)


def columns(batch: pa.Table, declared: Declared) -> pa.Table:
    """The compared columns and the keys of annotated records."""
    made = _build(batch, declared)
    found = {"id": batch["id"].combine_chunks().cast(pa.int64())}
    for name in declared.compared:
        column = made[name]
        assert isinstance(column, Column)
        found[f"c_{name}"] = _text(column)
    found["met"] = _met(made, declared.model, batch.num_rows)
    return pa.table(found, schema=declared.columns)


def _met(made: Columns, model: Model, size: int) -> pa.ListArray:
    """Per row the blocks it stands in, each with the hash of its key. ``odd``: the row may be why others meet there."""
    damaged = made["damaged"]
    assert isinstance(damaged, Column)
    rows, blocks, keys, odd = [], [], [], []
    for number, block in enumerate(model.blocks):
        mine, key = hashed(block, made, size)
        rows.append(mine)
        keys.append(key)
        blocks.append(np.full(len(mine), number, dtype=np.int32))
        odd.append(damaged.codes[mine] >= 0 if "long_digits" in block.keys else np.ones(len(mine), dtype=bool))
    all_rows = np.concatenate(rows)
    order = np.argsort(all_rows, kind="stable")
    fields = [np.concatenate(part)[order] for part in (blocks, keys, odd)]
    ends = np.searchsorted(all_rows[order], np.arange(size + 1))
    structs = pa.StructArray.from_arrays([pa.array(field) for field in fields], fields=list(_KEY))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), structs)


def hashed(block: Block, made: Columns, size: int) -> tuple[Ints, Ints]:
    """Rows and keys of a block as ``pairs.keys``, the keys 64-bit hashes of the values: equal in every batch and process.

    Two of a billion different keys of one block share a hash with a chance of 3 %.
    """
    rows = np.arange(size)
    for name in block.keys:
        column = made[name]
        if isinstance(column, Bag):
            rows = column.rows
    key, known = np.zeros(len(rows), dtype=np.uint64), np.ones(len(rows), dtype=bool)
    for name in block.keys:
        column = made[name]
        codes = column.codes if isinstance(column, Bag) else column.codes[rows]
        hashes = pd.util.hash_array(column.values.to_numpy(dtype=object), categorize=False)
        known &= codes >= 0
        key = key * np.uint64(0x9E3779B97F4A7C15) + np.append(hashes, np.uint64(0))[codes]
    return rows[known], key[known].view(np.int64)


def contents(batch: pa.Table, declared: Declared) -> pa.Table:
    """What annotated records say, hashed, in an order that signed integers keep: who is next to whom in a chain."""
    made = dict(_build(batch, declared))
    del made["damaged"]
    digits = made["long_digits"]
    strange = batch["strange"].fill_null(fill_value=False).to_numpy(zero_copy_only=False)
    made["long_digits"] = Column(np.where(strange, digits.codes, -1), digits.values)
    hashes = content(made, batch.num_rows) ^ np.uint64(1 << 63)
    return pa.table({"id": batch["id"], "content": pa.array(hashes.view(np.int64))}, schema=CONTENT)


def _sides(batch: pa.Table, declared: Declared) -> tuple[engine.Encoded, Ints, Ints, npt.NDArray[np.int64]]:
    """The records on both sides of wide pairs, in order of their positions: table, left, right, ids."""
    both = np.concatenate([batch[side].to_numpy() for side in ("a", "b")])
    ids, at, place = np.unique(both, return_index=True, return_inverse=True)
    made: dict[str, Column | Bag] = {}
    for name in declared.compared:
        sides = [batch[f"{side}_{name}"].combine_chunks() for side in ("a", "b")]
        made[name] = encode(pa.concat_arrays(sides).take(pa.array(at)))
    left, right = place[: batch.num_rows], place[batch.num_rows :]
    return engine.encoded(made, len(ids), declared.model), left, right, ids


def weighed(batch: pa.Table, declared: Declared) -> pa.Table:
    """EDGES of wide pairs: a, b, flags, a_… and b_… with the compared columns of both sides."""
    encoded, left, right, ids = _sides(batch, declared)
    found = Pairs(left, right, batch["flags"].to_numpy().astype(np.uint32), {})
    done = engine.compare(encoded, declared.model, found, lines=declared.lines)
    shown = np.flatnonzero(done.weight >= declared.lines[0])
    made = {
        "a": ids[left[shown]],
        "b": ids[right[shown]],
        "weight": np.round(done.weight[shown], 1),
        "strong": done.strong(declared.lines[1])[shown],
        "reason": engine.told(done, shown),
    }
    return pa.table({name: pa.array(values) for name, values in made.items()}, schema=EDGES)


def clusters(batch: pa.Table, declared: Declared) -> pa.Table:
    """LABELS of whole components: wide pairs as for ``weighed``; flags are null for pairs that met in no block."""
    encoded, left, right, ids = _sides(batch, declared)
    flags = batch["flags"]
    met = flags.is_valid().to_numpy(zero_copy_only=False)
    found = Pairs(left[met], right[met], flags.drop_null().to_numpy().astype(np.uint32), {})
    order = np.lexsort((found.right, found.left))
    found = Pairs(found.left[order], found.right[order], found.flags[order], {})
    done = engine.compare(encoded, declared.model, found, lines=declared.lines)
    labels = grouped(encoded, declared.model, found, done, declared.lines).labels
    return pa.table({"id": ids, "label": ids[labels]}, schema=LABELS)


def packed(rows: pa.Table) -> bytes:
    """A table as bytes, for another process."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def unpacked(data: bytes) -> pa.Table:
    """What ``packed`` was given."""
    with pa.ipc.open_stream(data) as stream:
        return stream.read_all()
