"""Where a customer is, from what the row says: the columns first, the address where they leave something open.

Every name that is mentioned may mean several places. ``follow`` keeps the places on which all mentions agree; when
more than one remains, what they have in common is known and nothing more (72 county names occur twice or oftener).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from . import facts
from .places import SHORT, UNDIVIDED, VARIANT, Candidate, Path, beginnings, is_full, lookup
from .text import is_nothing, simplify, tidy

_NEUTRAL = frozenset(facts.words("neutral-region"))
# Names that the gazetteer has once, but that people use for the like part of any city.
_GENERIC = frozenset(facts.words("generic-region"))
# City names that are also common names of roads, parks and estates: alone they place no address.
_ROADLIKE = frozenset(facts.words("roadlike"))
_SEPARATORS = re.compile(r"[\s,，、/\\>》|·.\-–_;:]+")
_ROAD = re.compile(
    r"[东南西北中内外前后新老]{0,2}[一二三四五六七八九十\d]{0,2}"
    r"(?:大?[路街]|大道|[巷弄里坊桥门站山湖河江湾]|支路|[东西南北]?环|高速|广场|大[厦楼]|公园|花园|"
    r"新村|小区|大学|学院|医院|宾馆|饭店|酒店|商[厦城场]|国际|世纪|家园)"
)
_TOWN = re.compile(r"[\s,]*(?P<town>[一-鿿]{1,6}?(?:镇|乡|苏木|街道(?:办事处)?))(?!路|大道|企业)")
_NOT_TOWN = re.compile(r"[路号村弄区县市]|大街|^[东南西北中]?[镇乡]$")
_ZONE = re.compile(r"(?:国家级?|省级)?(?:经济|高新|技术|综合|工业|科技|产业|循环|出口加工|保税|开发|旅游|度假|示范|台商|投资|试验|\s)*"
                   r"(?:开发区|园区|产业园|工业园|工业区|科技园|保税区|示范区|度假区|新区|高新区|新城)")  # fmt: skip
_COVERED = re.compile(r".{0,8}?(?:(?<!校)[区县镇乡]|街道|高新|工业园|软件园|科技园|产业园)")
_STREET = re.compile(r"[一-鿿]{2,8}?(?:路|大街|大道|街)(?:[东南西北中]?段)?\s*(?:\d|[与和交及,(])")
_STRAY = re.compile("[市是](?=[一-鿿]{1,5}?[区县市])")  # 天津 市塘沽区, 北京是朝阳区
_POSTCODE = re.compile(r"^\W*(?:邮编\s*[:：]?\s*)?\d{6}(?!\d)\W*")
_COUNTRY = re.compile(r"^\W*(?:中国|中华人民共和国)\W*")
_LABEL = re.compile(r"^[^:\d]{1,12}:\s*")


@dataclass(frozen=True, slots=True)
class Located:
    """What the columns say: the places still possible, a township found in them, and what is wrong with what text.

    ``district`` is text of a county column in 香港, 澳门 or 台湾, for which the gazetteer has no divisions.
    """

    places: frozenset[Path] = frozenset(((),))
    township: str = ""
    problem: str = ""
    value: str = ""
    district: str = ""

    @property
    def path(self) -> Path:
        """What all the possible places have in common."""
        return common(self.places)


def common(places: frozenset[Path]) -> Path:
    """Return the longest common beginning of the paths."""
    if len(places) == 1:
        return next(iter(places))
    shortest = min(places, key=len)
    for size in range(len(shortest), 0, -1):
        if all(p[:size] == shortest[:size] for p in places):
            return shortest[:size]
    return ()


def follow(places: dict[Path, int], meant: tuple[Candidate, ...], level: int) -> dict[Path, int]:
    """Return the places on which a name agrees with what was known, with the cost of reading them so.

    ``level`` is that of the column the name stands in, 0 when it may be of any.
    """
    out: dict[Path, int] = {}
    for place, cost in places.items():
        for c in meant:
            if c.path[: len(place)] == place or place in c.under:
                new = c.path
            elif place[: len(c.path)] == c.path:
                new = place
            else:
                continue
            price = cost + (level not in {0, len(c.path)}) + 8 * (c.kind == VARIANT)
            out[new] = min(price, out.get(new, price))
    return out


def _cheapest(places: dict[Path, int]) -> frozenset[Path]:
    least = min(places.values(), default=0)
    return frozenset(place for place, cost in places.items() if cost == least)


@lru_cache(maxsize=1 << 16)
def _narrowed(places: frozenset[Path], meant: tuple[Candidate, ...]) -> frozenset[Path]:
    """The places on which a name of an address agrees with those known; empty when on none."""
    return _cheapest(follow(dict.fromkeys(places, 0), meant, 0))


@lru_cache(maxsize=1 << 16)
def segment(text: str) -> tuple[tuple[str, ...], str]:
    """Cut a text into names from its beginning, as many characters as possible → (names, the rest)."""
    lead = _SEPARATORS.match(text)
    body = text[lead.end() :] if lead else text
    best: tuple[tuple[str, ...], str] = ((), body)
    for name, _ in beginnings(body):
        names, rest = segment(body[len(name) :])
        if len(rest) < len(best[1]) or not best[0]:
            best = ((name, *names), rest)
        if not rest:
            break
    return best


def columns(province: str, city: str, county: str) -> Located:
    """Bring together what the three columns say."""
    states: dict[Path, int] = {(): 0}
    unknown, last, township = "", "", ""
    cells = [simplify(tidy(cell)).strip(" ,。.") for cell in (province, city, county)]
    for level, cell in enumerate(cells, start=1):
        if is_nothing(cell) or cell in _NEUTRAL:
            continue
        names, rest = _names(cell)
        town = _township(rest)
        township = town or township
        if not names and not town:
            unknown = unknown or cell
        for name in names:
            column = level if len(names) == 1 else 0
            after = follow(states, lookup(name), column)
            if after:
                states, last = after, name
            elif _contradicts(name, column):
                shown = " ".join(c for c in cells if c)
                return Located(frozenset((common(frozenset(states)),)), township, "region-contradiction", shown)
            else:
                unknown = unknown or name
    places = _cheapest(states)
    if len(places) > 1 and common(places) not in places:
        return Located(places, township, "region-ambiguous", last)
    places = frozenset((common(places),))
    if unknown and places <= UNDIVIDED:
        return Located(places, township, district=unknown)
    return Located(places, township, "region-unknown" if unknown else "", unknown)


def _names(cell: str) -> tuple[tuple[str, ...], str]:
    names, rest = segment(cell)
    if names and rest and not is_full(names[-1]) and cell.endswith(names[-1] + rest):
        follows = _TOWN.match(rest) or _ZONE.match(rest)
        if not follows:  # 城关镇 is not 城关 and 镇
            names, rest = names[:-1], names[-1] + rest
    return names, rest


def _contradicts(name: str, level: int) -> bool:
    """Whether a name that fits nowhere is written so clearly that the row contradicts itself."""
    if name in _GENERIC:
        return False
    if is_full(name):
        return True
    return level in {1, 2} and any(len(c.path) <= 2 and c.kind == SHORT for c in lookup(name))


def _township(rest: str) -> str:
    match = _TOWN.match(rest)
    if not match or _NOT_TOWN.search(match["town"]):
        return ""
    return match["town"].removesuffix("办事处")


def address(text: str, known: frozenset[Path]) -> tuple[frozenset[Path], str]:
    """Read the beginning of an address → (the places it leaves of those ``known``, the township after them).

    Only what is written there counts: 南京西路 is no Nanjing, and 朝阳 before 门 is no district.
    """
    rest = simplify(tidy(text)).partition("\n")[0]
    if ":" in rest or not "一" <= rest[:1] <= "鿿" or rest.startswith("中"):
        for leading in (_LABEL, _POSTCODE, _COUNTRY):
            rest = leading.sub("", rest)
        separator = _SEPARATORS.match(rest)
        rest = rest[separator.end() :] if separator else rest
    places, named = known, False
    while True:
        if named:
            separator = _SEPARATORS.match(rest)
            rest = rest[separator.end() :] if separator else rest
            rest = rest[1:] if _STRAY.match(rest) else rest
        step = _step(rest, places, first=not named and known == {()})
        if step is None:
            break
        places, rest = step
        named = True
    return places, _township(rest)


def _step(rest: str, places: frozenset[Path], *, first: bool) -> tuple[frozenset[Path], str] | None:
    """Read one more name that fits, the longest first."""
    for name, meant in beginnings(rest):
        after = _narrowed(places, meant)
        left = rest[len(name) :]
        if after and _trusted(name, left, meant, after, first=first):
            return after, left
    return None


def _trusted(name: str, rest: str, meant: tuple[Candidate, ...], after: frozenset[Path], *, first: bool) -> bool:
    """Whether a name at this place of an address is surely the name of a division."""
    if is_full(name):
        return rest[:1] not in {"路", "街", "道"} and not (first and name in _GENERIC)
    depth = min(map(len, after))
    if depth < 3 and _step(rest, after, first=False) is not None:
        return True
    if all(c.kind == VARIANT for c in meant):
        return not first and rest[:1] not in {"路", "街", "道"}
    if _ROAD.match(rest):
        return False
    if not rest or _SEPARATORS.match(rest):
        return True
    if depth == 3:
        town = _TOWN.match(rest)
        return bool(_ZONE.match(rest) or (town and not _NOT_TOWN.search(town["town"])))
    if name in _ROADLIKE and first:
        return name in {"北京", "西安"} and bool(_COVERED.match(rest))
    return bool(_COVERED.match(rest) or _STREET.match(rest))
