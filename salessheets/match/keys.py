"""Identifiers of records as a long frame of integer keys, and which of them are shared by too many to mean anything."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

# A value seen with more full names or more companies than this belongs to nobody in particular (matching.md, "Keys").
SHARED_LIMIT = 4
_PLACEHOLDERS = re.compile(r"^1(\d)\1{9}$|^13800138000$|^12345678901$|^1\d{2}(\d)\2{7}$|^13[0-9]12345678$")


def identifiers(records: pd.DataFrame) -> pd.DataFrame:
    """Every mobile, WeChat and QQ of every record: columns row (position), kind, value; no duplicates."""
    position = pd.RangeIndex(len(records))
    mobiles = pd.Series(records["mobiles"].to_numpy(), index=position, dtype=object).explode().dropna()
    parts = [pd.DataFrame({"row": mobiles.index, "kind": "手机", "value": mobiles.astype("str").to_numpy()})]
    for kind, column in (("微信", "wechat"), ("QQ", "qq")):
        values = pd.Series(records[column].to_numpy(), index=position)
        values = values[values != ""]
        parts.append(pd.DataFrame({"row": values.index, "kind": kind, "value": values.astype("str").to_numpy()}))
    found = pd.concat(parts, ignore_index=True).drop_duplicates()
    return found.sort_values(["row", "kind", "value"], kind="stable", ignore_index=True)


def shared(found: pd.DataFrame, records: pd.DataFrame, own_phones: Iterable[str]) -> pd.DataFrame:
    """Identifiers that join nobody: kind, value, why. Placeholders, the office's own phones, and crowded ones."""
    values = found[["kind", "value"]].drop_duplicates()
    placeholder = values[(values["kind"] == "手机") & values["value"].str.match(_PLACEHOLDERS)].assign(why="占位号码")
    own = values[values["value"].isin(list(own_phones))].assign(why="本公司人员的号码")
    crowded = found.assign(
        person=records["pinyin"].to_numpy()[found["row"]],
        company=records["core"].to_numpy()[found["row"]],
    )
    keys = [crowded["kind"], crowded["value"]]
    counts = pd.DataFrame(
        {
            "people": crowded["person"].where(crowded["person"] != "").groupby(keys).nunique(),
            "companies": crowded["company"].where(crowded["company"] != "").groupby(keys).nunique(),
        }
    )
    many = counts[(counts > SHARED_LIMIT).any(axis=1)].reset_index()[["kind", "value"]].assign(why="多家共用的号码")
    listed = pd.concat([placeholder, own, many], ignore_index=True).drop_duplicates(["kind", "value"])
    return listed.sort_values(["kind", "value"], ignore_index=True)
