"""Any lists of customers, compared row with row: which rows are the same customer, how sure that is, and why.

Nothing is merged and nothing dropped: rows out are rows in, every cell as it stood, with the answer in front. The same
cleaning and matching as in the weekly run; a file's place on the command line changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from .clean.records import clean, record_number
from .files import sha256, write_whole
from .match.leads import MERGE, REFUSED, Matches, match
from .match.leads_model import MODEL
from .match.learn import ENOUGH, enough, learn, told
from .match.model import Model
from .office import NotPossibleError
from .problems import Problem, Severity
from .read import ListRows, Reader
from .read.filerows import Outcome
from .read.headers import Names
from .read.lists import list_of
from .read.stretches import PARQUET, whole
from .settings import Settings
from .tables import TABLES
from .write.deduped import (
    ADVICE,
    ASK,
    DOUBTFUL,
    FILE,
    FRONT,
    GROUP,
    MOST_ROWS,
    REASON,
    ROW,
    SHEET,
    SIZE,
    WEIGHT,
    write_book,
    write_csv,
)

MAIN, JOINED = "主", "并入"
FULLEST, ALONE, SILENT = "这一组里最完整的一行", "没有找到相同的客户", "没有姓名、单位和联系方式\uff0c无法比较"
DOUBTED = "可能与别的行相同\uff0c请看「待确认」"
NEAR, TORN = "证据不够\uff0c请人确认", "分数够了\uff0c但会与组里别的行矛盾"
_TABLE = "directory"  # the manual's table for lists that were bought or given
COMPARED = ("phone", "wechat", "qq", "city")  # fields whose flags matter to a list that is no form of ours
_TELLS = ("name", "company", "wechat", "qq", "province", "city", "county", "address", "title")


@dataclass(frozen=True)
class ListFile:
    """One file of the lists. ``number``: its place by name and content, from 1, whatever the order it was named in."""

    number: int
    name: str
    content: ListRows


@dataclass(frozen=True)
class Lists:
    """Files read. rows: as ledger.stack (table ``directory``); original: same index, every column as it stood.

    records, flags: ``clean`` of the rows that are customers; records have the index of rows. problems: the readers'.
    """

    files: tuple[ListFile, ...]
    rows: pd.DataFrame
    original: pd.DataFrame
    records: pd.DataFrame
    problems: tuple[Problem, ...]

    @property
    def unread(self) -> bool:
        """Some file, sheet or row could not be taken in."""
        return any(p.severity is Severity.RETURN or p.code == "sheet-unknown" for p in self.problems) or any(
            file.content.outcome is not Outcome.READ for file in self.files
        )


@dataclass(frozen=True)
class Deduped:
    """table: FRONT and the columns of the lists, one line per row, text ("" = blank); ``WEIGHT`` numbers or None.

    groups of more rows come first. doubtful: DOUBTFUL, a line per pair that a person should look at, the surest first.
    clusters: labels (rows' index) of the rows that are customers. learnt: what the list taught, in sentences.
    """

    lists: Lists
    table: pd.DataFrame
    doubtful: pd.DataFrame
    clusters: pd.Series
    learnt: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """rows, customers (clusters), groups (of two rows and more), joined (rows beside a main one), doubtful pairs."""
        sizes = self.clusters.value_counts()
        groups = int((sizes > 1).sum())
        return {
            "rows": len(self.table),
            "customers": len(sizes),
            "groups": groups,
            "joined": int(sizes[sizes > 1].sum()) - groups,
            "doubtful": len(self.doubtful),
            "set_aside": len(self.table) - len(self.clusters),
        }


def read_lists(paths: Sequence[Path], settings: Settings, day: date, progress: Callable[[str], None]) -> Lists:
    """Read every file once. A file that cannot be read is among the problems; the others go on."""
    known: dict[tuple[str, str], tuple[Path, bytes | None]] = {}
    for path in dict.fromkeys(path.resolve() for path in paths):
        try:
            data: bytes | None = path.read_bytes()
        except OSError:
            data = None
        known[path.name, sha256(data or str(path).encode())] = (path, data)
    files = []
    with Reader(settings.aliases) as reader:
        for number, key in enumerate(sorted(known), 1):
            path, data = known[key]
            progress(path.name)
            files.append(ListFile(number, path.name, _read(reader, path, data, settings)))
    rows = _stacked(files, day)
    original = _together([f.content.original for f in files])
    customers = rows[rows["aside"] == ""]
    records, flags = clean(customers, day)
    problems = [problem for file in files for problem in file.content.problems]
    problems += _flagged(flags, files, rows)
    return Lists(tuple(files), rows, original, records.set_axis(customers.index), tuple(problems))


def _read(reader: Reader, path: Path, data: bytes | None, settings: Settings) -> ListRows:
    name = path.name
    if data is None:
        busy = Problem("file-busy", name, value=name)
        return ListRows(Outcome.FAILED, pd.DataFrame(columns=["sheet", "row"]), pd.DataFrame(), (busy,))
    if path.suffix.lower() == PARQUET:
        return list_of(whole(path), name, Names(settings.aliases))
    return reader.read_list(data, name)


def _stacked(files: Sequence[ListFile], day: date) -> pd.DataFrame:
    """Rows of all files as those of one table, each with its origin."""
    parts = [
        file.content.rows.assign(number=file.number, file=file.name)
        for file in files
        if len(file.content.rows)
    ]  # fmt: skip
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in ("aside", "extra", "file")}).assign(
        **{name: pd.Series(dtype="int64") for name in ("number", "sheet", "block", "row")}, hidden=False
    )
    return as_rows(pd.concat(parts, ignore_index=True) if parts else empty, day)


def as_rows(rows: pd.DataFrame, day: date) -> pd.DataFrame:
    """Rows of a list (ListRows.rows with number and file), as ``clean`` takes them, with their rids."""
    text = [c for c in rows.columns if c not in {"number", "sheet", "block", "row", "hidden"}]
    rows[text] = rows[text].fillna("").astype("str")
    rows = rows.assign(table=_TABLE, person="", archived=day.isoformat())
    return rows.assign(rid=record_number(rows["number"], rows["sheet"], rows["row"]))


def _together(originals: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The columns of all files; headers that differ only in case are one column, as Excel sees them."""
    spelled: dict[str, str] = {}
    parts = [o.rename(columns=lambda name: spelled.setdefault(name.casefold(), name)) for o in originals]
    return pd.concat(parts, ignore_index=True).fillna("").astype("str")


def _flagged(flags: pd.DataFrame, files: Sequence[ListFile], rows: pd.DataFrame) -> list[Problem]:
    """Contacts and places that could not be understood, each with its cell."""
    wanted = flags[flags["field"].isin(COMPARED)]
    places = rows.set_index("rid")[["number", "sheet", "block", "row"]].loc[wanted["rid"]]
    found = []
    told = zip(places.itertuples(index=False, name=None), wanted["field"], wanted["code"], wanted["value"], strict=True)
    for (number, sheet, block_number, row), field, code, value in told:
        file = files[number - 1]
        block = file.content.block(sheet, block_number)
        details = {"column": TABLES[_TABLE].headers[field]}
        found.append(Problem(code, file.name, block.sheet_name, row, block.cell(field, row), value, details))
    return found


def run(
    paths: Sequence[Path],
    settings: Settings,
    day: date,
    progress: Callable[[str], None],
    *,
    learning: bool = False,
) -> Deduped:
    """Read, compare and answer. learning: with weights of these very lists, where they are long enough."""
    lists = read_lists(paths, settings, day, lambda name: progress(f"读 {name}"))
    if learning:
        progress("学习")
    model, learnt = _learnt(lists, settings) if learning else (MODEL, ())
    progress("比较")
    return replace(dedupe(lists, settings, model), learnt=learnt)


def _learnt(lists: Lists, settings: Settings) -> tuple[Model, tuple[str, ...]]:
    """The model for these lists, and what to tell of it."""
    if not enough(lists.records):
        few = f"名单里能比较的只有 {len(lists.records):,} 行,少于 {ENOUGH:,} 行,看不出它的特点,按平常的分数比较"
        return MODEL, (few,)
    learnt = learn(lists.records, settings)
    return learnt.model, tuple(told(learnt.changes)) or ("和平常的名单差不多,按平常的分数比较",)


def dedupe(lists: Lists, settings: Settings, model: Model = MODEL) -> Deduped:
    """Compare all rows; ``settings`` give the lines."""
    matches = match(lists.records, settings, model=model)
    records = lists.records
    labels = matches.labels
    place = _places(lists)
    group = _numbered(lists.rows.index, labels)
    size = group.map(group[group > 0].value_counts()).fillna(0).astype("int64")
    full = fullness(records, (lists.original.loc[records.index] != "").sum(axis=1))
    main = _mains(labels, full)
    weight, reason = _evidence(lists, matches, labels, main, place)
    asked = matches.edges[matches.edges["outcome"].isin(("ask", REFUSED))]
    ask = _asked(asked, records, group)
    several = size > 1
    table = pd.DataFrame(
        {
            GROUP: group,
            SIZE: size,
            ADVICE: np.where(several, np.where(group.index.isin(main), MAIN, JOINED), ""),
            WEIGHT: weight,
            REASON: reason,
            ASK: ask.astype("object").reindex(group.index).fillna("").astype("str"),
            FILE: lists.rows["file"],
            SHEET: _sheet_names(lists),
            ROW: lists.rows["row"],
        }
    )
    order = np.lexsort((table.index, table[ADVICE] == JOINED, group.where(group > 0, len(group) + 1), ~several))
    taken = {name: f"{name}(原)" for name in FRONT if name in lists.original}
    table = pd.concat([table, lists.original.rename(columns=taken)], axis=1).iloc[order].reset_index(drop=True)
    return Deduped(lists, table, _doubtful(asked, records, group, place), labels)


def _numbered(index: pd.Index, labels: pd.Series) -> pd.Series:
    """Group numbers from 1: groups of more rows first, then by their first row. 0: the row is no customer."""
    sizes = labels.map(labels.value_counts())
    first = labels.index.to_series().groupby(labels).transform("min")
    order = np.lexsort((first, sizes < 2))
    number = pd.Series(pd.factorize(labels.iloc[order])[0] + 1, index=labels.index[order], dtype="int64")
    return number.reindex(index, fill_value=0)


def fullness(records: pd.DataFrame, cells: pd.Series) -> pd.Series:
    """How much a record says: what people call, then what they are told apart by; at last the number of filled cells."""
    told = sum((records[field] != "").astype("int64") for field in _TELLS)
    reached = sum(records[field].map(len).clip(upper=2) for field in ("mobiles", "landlines"))
    return (told + reached + records["full"].astype("int64") * 2) * 1000 + cells


def says_who(records: pd.DataFrame) -> pd.Series:
    """Records with a name, a business or a contact: there is something to compare."""
    named = (records[["name", "company", "wechat", "qq"]] != "").any(axis=1)
    numbers = records[["mobiles", "landlines", "hotlines", "bad_numbers"]].map(len)
    return named | numbers.gt(0).any(axis=1)


def _mains(labels: pd.Series, full: pd.Series) -> frozenset[int]:
    """The fullest row of each cluster, the first of equals."""
    order = full.sort_values(ascending=False, kind="stable").index
    return frozenset(labels.loc[order].drop_duplicates().index)


def _sheet_names(lists: Lists) -> pd.Series:
    names = {(f.number, b.sheet): b.sheet_name for f in lists.files for b in f.content.blocks}
    places = zip(lists.rows["number"], lists.rows["sheet"], strict=True)
    return pd.Series([names[place] for place in places], index=lists.rows.index, dtype="str")


def _places(lists: Lists) -> pd.Series:
    """How a row is called in a sentence: as shortly as the lists allow."""
    row = "第" + lists.rows["row"].astype("str") + "行"
    sheets = _sheet_names(lists)
    if lists.rows.groupby("number")["sheet"].nunique().gt(1).any():
        row = "「" + sheets + "」" + row
    return lists.rows["file"] + row if len(lists.files) > 1 else row


def _evidence(
    lists: Lists, matches: Matches, labels: pd.Series, main: frozenset[int], place: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """The strongest evidence of every row, in words; to the main row of its group where there is some."""
    at = pd.Series(lists.records.index, index=lists.records["rid"].to_numpy())
    best: dict[int, tuple[bool, float, int, str]] = {}
    doubtful: dict[int, float] = {}
    edges = matches.edges
    told = zip(at[edges["left"]], at[edges["right"]], edges["weight"], edges["reason"], edges["outcome"], strict=True)
    for left, right, bits, words, outcome in told:
        for mine, other in ((left, right), (right, left)):
            if outcome == MERGE:
                found = (other in main, bits, -other, words)
                best[mine] = max(best.get(mine, found), found)
            else:
                doubtful[mine] = max(doubtful.get(mine, bits), bits)
    sizes = labels.map(labels.value_counts())
    known = says_who(lists.records)
    weight: dict[int, float] = {row: found[1] for row, found in best.items()}
    reason: dict[int, str] = {}
    for row, why in lists.rows["aside"].items():
        index = int(str(row))
        if why:
            reason[index] = f"不是客户\uff08{why}\uff09"
        elif sizes[index] > 1 and index in main:
            reason[index] = FULLEST
        elif index in best:
            reason[index] = f"与{place[-best[index][2]]}\uff1a{best[index][3]}"
        elif index in doubtful:
            weight[index] = doubtful[index]
            reason[index] = DOUBTED
        else:
            reason[index] = ALONE if known[index] else SILENT
    every = lists.rows.index
    return pd.Series(weight, dtype="float64").reindex(every), pd.Series(reason, dtype="str").reindex(every)


def _asked(asked: pd.DataFrame, records: pd.DataFrame, group: pd.Series) -> pd.Series:
    """Groups that a person should compare a row's own group with, joined by ; in every row of the group."""
    number = pd.Series(group.loc[records.index].to_numpy(), index=records["rid"].to_numpy())
    left, right = number[asked["left"]].to_numpy(), number[asked["right"]].to_numpy()
    pairs = pd.DataFrame({"mine": np.r_[left, right], "other": np.r_[right, left]}).drop_duplicates()
    pairs = pairs.sort_values(["mine", "other"])
    joined = pairs.astype({"other": "str"}).groupby("mine")["other"].agg(";".join)
    return group.map(joined)


def _doubtful(asked: pd.DataFrame, records: pd.DataFrame, group: pd.Series, place: pd.Series) -> pd.DataFrame:
    """Both sides of every pair that a person should look at."""
    at = pd.Series(records.index, index=records["rid"].to_numpy())
    columns: dict[str, object] = {
        "证据分": asked["weight"].to_numpy(),
        "理由": asked["reason"].to_numpy(),
        "情况": np.where(asked["outcome"] == REFUSED, TORN, NEAR),
    }
    phones = _phones(records)
    for side, before in (("left", ""), ("right", "对方")):
        rows = at[asked[side]].to_numpy()
        shown = {"组号": group, "位置": place, "姓名": records["name"], "电话": phones, "单位": records["company"]}
        columns |= {f"{before}{name}": values.loc[rows].to_numpy() for name, values in shown.items()}
    return pd.DataFrame(columns)[list(DOUBTFUL)]


def _phones(records: pd.DataFrame) -> pd.Series:
    numbers = (records[field] for field in ("mobiles", "landlines", "hotlines", "bad_numbers"))
    return pd.Series(["/".join(n for part in row for n in part) for row in zip(*numbers, strict=True)], records.index)


def with_lines(settings: Settings, merge_line: float | None, ask_line: float | None) -> Settings:
    """The settings with other lines. Raises NotPossibleError when the ask line lies above the merge line."""
    merge = settings.rules.merge_line if merge_line is None else merge_line
    ask = min(settings.rules.ask_line, merge) if ask_line is None else ask_line
    if ask > merge:
        raise NotPossibleError(f"询问分 {ask:g} 比合并分 {merge:g} 高")
    return replace(settings, rules=replace(settings.rules, merge_line=merge, ask_line=ask))


def write(found: Deduped, out: Path, settings: Settings, day: date) -> None:
    """Write the answer, as the ending of ``out`` says. Raises NotPossibleError with what stands in the way."""
    if out.suffix.lower() == ".csv":
        data = write_csv(found.table)
    elif len(found.table) > MOST_ROWS:
        raise NotPossibleError(f"{len(found.table):,} 行放不进一张Excel表,请把 --out 写成 .csv")
    else:
        lines = (settings.rules.ask_line, settings.rules.merge_line)
        data = write_book(found.table, found.doubtful, found.lists.problems, found.counts, lines, day, found.learnt)
    try:
        write_whole(out, data)
    except PermissionError:
        raise NotPossibleError(f"{out.name} 写不进去,可能正被打开,请关闭后再运行") from None
