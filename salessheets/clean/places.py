"""The gazetteer: every name by which people call a province, city or county, and the place it may mean.

A place is its path of full names: ``("山东省", "济南市", "历下区")``. A name may mean several places; ``region``
decides by what else the row says and never by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from . import facts

Path = tuple[str, ...]

FULL, SHORT, FORMER, VARIANT = range(4)  # how a name is related to a place

_PEOPLES = facts.words("people")
_PEOPLE = "|".join(sorted(_PEOPLES, key=len, reverse=True))
_AUTONOMOUS = re.compile(
    rf"(?:(?:{_PEOPLE})族|蒙古|维吾尔|哈萨克|柯尔克孜|塔吉克|锡伯|达斡尔)*自治(?P<kind>[区州县旗])$"
)
_PROVINCE_END = re.compile("(?:省|特别行政区|(?:壮族|回族|维吾尔)?自治区)$")
_COUNTY_END = re.compile(r"(?:新区|林区|特区|[区县市旗])$")
_CITY_END = re.compile(r"(?:地区|[市盟])$")
_TOWN_END = re.compile("(?<=..)(?:镇|乡|街道|苏木)$")
_COUNTY_KINDS = "县市区旗"

UNDIVIDED = frozenset((("香港特别行政区",), ("澳门特别行政区",), ("台湾省",)))  # no divisions in the source
MUNICIPALITIES = frozenset(("北京市", "天津市", "上海市", "重庆市"))
CAPITALS = frozenset(facts.words("capital"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name may mean; ``under`` are former parents under which it may be written."""

    path: Path
    kind: int
    under: frozenset[Path] = frozenset()


def base(name: str) -> str:
    """Take kind and peoples off a name: 彭水苗族土家族自治县 → 彭水; "" if only one character is left."""
    if name.endswith(("特别行政区", "自治区", "省")):
        return _PROVINCE_END.sub("", name)
    autonomous = _AUTONOMOUS.search(name)
    if autonomous:
        stem = name[: autonomous.start()] or name.split("族", maxsplit=1)[0]
    else:
        stem = _COUNTY_END.sub("", _CITY_END.sub("", name)) if len(name) > 2 else ""
    return stem if len(stem) > 1 else ""


def _calls(path: Path) -> dict[str, int]:
    """Every regular name of a place."""
    name = path[-1]
    names = {name: FULL}
    stem = base(name)
    if not stem:
        return names
    names.setdefault(stem, SHORT)
    autonomous = _AUTONOMOUS.search(name)
    if autonomous and autonomous["kind"] != "区":
        names.setdefault(stem + autonomous["kind"], SHORT)
    if len(path) == 1:
        names.setdefault(stem + "省", VARIANT)
        names.setdefault(stem + "自治区", SHORT)
    if len(path) == 2:
        for end in ("市", "地区", "盟"):
            names.setdefault(stem + end, VARIANT)
    if name.endswith(("新区", "林区", "特区")):
        names.setdefault(stem + "区", SHORT)
    return names


@cache
def paths() -> tuple[Path, ...]:
    """All places of 2024. A 直辖市 is its own city; a unit directly under its province as well."""
    found: dict[Path, None] = {}
    for _, province, city, county in facts.regions():
        whole = tuple(level for level in (province, city, county) if level)
        if province in MUNICIPALITIES and len(whole) == 1:
            whole = (province, province)
        found.setdefault(whole)
    return tuple(found)


@cache
def gazetteer() -> dict[str, tuple[Candidate, ...]]:
    """Name → the places it may mean today or meant formerly (民政部: 县级以上行政区划变更情况)."""
    table: dict[str, dict[Path, Candidate]] = {}

    def add(name: str, path: Path, kind: int, under: frozenset[Path] = frozenset()) -> None:
        meant = table.setdefault(name, {})
        before = meant.get(path, Candidate(path, kind))
        meant[path] = Candidate(path, min(kind, before.kind), under | before.under)

    by_name: dict[str, list[Path]] = {}
    for path in paths():
        by_name.setdefault(path[-1], []).append(path)
        for name, kind in _calls(path).items():
            add(name, path, kind)
    for name, full in facts.called():
        for path in by_name[full]:
            add(name, path, SHORT)
            if name.endswith("师"):
                for prefix in ("兵团", "第", "兵团第", "新疆兵团", "新疆兵团第", "农"):
                    add(prefix + name, path, SHORT)
    for old, province, old_city, city, county, _ in facts.renamed():
        path = tuple(level for level in (province, city, county) if level)
        under: frozenset[Path] = frozenset()
        if old_city:
            parents = [p for p in table.get(old_city, {}) if p[0] == province]
            under = frozenset(p for p in parents if path[: len(p)] != p)
        add(old, path, FORMER, under)
        stem = base(old)
        if stem and (not old_city or all(c.kind == FORMER for c in table.get(stem, {}).values())):
            add(stem, path, FORMER, under)
    return {name: tuple(meant.values()) for name, meant in table.items()}


@cache
def _by_base() -> dict[str, tuple[Path, ...]]:
    found: dict[str, list[Path]] = {}
    for path in paths():
        stem = base(path[-1])
        if len(path) == 3 and stem:
            found.setdefault(stem, []).append(path)
    return {stem: tuple(places) for stem, places in found.items()}


def lookup(name: str) -> tuple[Candidate, ...]:
    """Return the places a name may mean; for 章丘市, no name of today, the counties of that stem of any kind."""
    exact = gazetteer().get(name, ())
    if exact or len(name) < 3 or name[-1] not in _COUNTY_KINDS:
        return exact
    return tuple(Candidate(path, VARIANT) for path in _by_base().get(name[:-1], ()))


@cache
def names() -> tuple[str, ...]:
    """Every name that means a place to ``lookup``."""
    kinds = (stem + kind for stem in _by_base() for kind in _COUNTY_KINDS)
    return tuple(dict.fromkeys([*gazetteer(), *kinds]))


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for name in gazetteer():
        found.setdefault(name[:2], set()).add(len(name))
    for stem in _by_base():
        found.setdefault(stem[:2], set()).add(len(stem) + 1)
    return {start: tuple(sorted(sizes, reverse=True)) for start, sizes in found.items()}


def beginnings(text: str) -> Iterator[tuple[str, tuple[Candidate, ...]]]:
    """Yield the names with which a text begins, the longest first, and what each may mean."""
    for size in _lengths().get(text[:2], ()):
        if size <= len(text):
            name = text[:size]
            meant = lookup(name)
            if meant:
                yield name, meant


@lru_cache(maxsize=1 << 16)
def is_full(name: str) -> bool:
    """Whether a name is written out with its kind, as an official or former name is, or 恭城县 for short."""
    return len(name) > 1 and name[-1] in "省市区县旗盟州" and any(_is_written_out(name, c) for c in lookup(name))


def _is_written_out(name: str, c: Candidate) -> bool:
    if c.kind == SHORT:
        return len(name) > 2 and name[-1] in "县旗" and name != base(c.path[-1])
    return c.kind in {FULL, FORMER} and c.path[-1] != base(name)


@cache
def towns() -> tuple[dict[str, frozenset[Path]], dict[str, frozenset[Path]]]:
    """The name of a town, and its name without 镇, 乡 or 街道 → the counties that have one so called."""
    where = {adcode: tuple(level for level in whole if level) for adcode, *whole in facts.regions()}
    names: dict[str, set[Path]] = {}
    stems: dict[str, set[Path]] = {}
    for adcode, listed in facts.towns().items():
        for town in listed:
            names.setdefault(town, set()).add(where[adcode])
            stems.setdefault(_town_stem(town), set()).add(where[adcode])
    return {n: frozenset(c) for n, c in names.items()}, {s: frozenset(c) for s, c in stems.items()}


def _town_stem(town: str) -> str:
    return _TOWN_END.sub("", town)


def by_town(known: frozenset[Path], town: str) -> frozenset[Path]:
    """Return the one county of those ``known`` that has this town, else what was known.

    Where nothing else is known, the town must be the only one of its name in the country, whatever its kind. Below a
    known city a town may have changed its kind since (公明镇 is 公明街道).
    """
    names, stems = towns()
    stem = _town_stem(town)
    nothing = known == {()}
    listed = names.get(town) or (frozenset() if nothing or stem == town else stems.get(stem, frozenset()))
    found = frozenset(path for path in listed if any(path[: len(k)] == k[: len(path)] for k in known))
    if len(found) != 1 or (nothing and (stem == town or len(stems[stem]) > 1)):
        return known
    (path,) = found
    return found if len(known) > 1 or all(len(k) < len(path) for k in known) else known


def level(path: Path, township: str = "") -> str:
    """Return the 区域层级 of rule R11: 省级, 地级市, 市级, 县级, 乡镇, or 待定 when only the province is known."""
    if not path:
        return ""
    province, city, county = (*path, "", "")[:3]
    if province in {"香港特别行政区", "澳门特别行政区"}:
        return "省级"
    if not city:
        return "待定"
    if (county and county[-1] != "区") or county.endswith("林区"):
        if township.endswith(("乡", "镇", "苏木")):
            return "乡镇"
        return "市级" if county.endswith("市") else "县级"
    return "省级" if province in MUNICIPALITIES or city in CAPITALS else "地级市"
