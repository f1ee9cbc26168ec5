"""Where a customer is, from what the row says: the columns first, the address where they leave something open.

Every name that is mentioned may mean several places. ``follow`` keeps the places on which all mentions agree; when
more than one remains, what they have in common is known and nothing more (72 county names occur twice or oftener).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from . import facts
from .places import CAPITALS, SHORT, UNDIVIDED, VARIANT, Candidate, Path, beginnings, by_town, is_full, lookup, towns
from .text import is_nothing, simplify, tidy

_NEUTRAL = frozenset(facts.words("neutral-region"))
# Names that the gazetteer has once, but that people use for the like part of any city.
GENERIC = frozenset(facts.words("generic-region"))
# City names that are also common names of roads, parks and estates: alone they place no address.
_ROADLIKE = frozenset(facts.words("roadlike"))
# County names that are also names of firms and estates: alone they place no address.
_WORDLIKE = frozenset(facts.words("wordlike"))
_SEPARATORS = re.compile(r"[\s,，、/\\>》|·.\-–_;:?]+")
_ROAD = re.compile(
    r"(?!中山[东南西北大一二三四五六]*[路街])[东南西北中内外前后新老]{0,2}[一二三四五六七八九十\d]{0,2}"
    r"(?:大?[路街]|大道|[巷弄里坊桥门站山湖河江湾]|支路|[东西南北]?环|高速|广场|大[厦楼]|公园|花园|"
    r"新村|小区|大学|学院|医院|宾馆|饭店|酒店|商[厦城场]|国际|世纪|家园)"
)
_TOWN = re.compile(r"[\s,]*(?P<town>[一-鿿]{1,6}?(?:镇|乡|苏木|街道(?:办事处)?))(?!路|大道|企业)")
_TOWN_KINDS = ("镇", "乡", "街道", "苏木")
_NOT_TOWN = re.compile(r"[路号村弄区县市]|大街|^[东南西北中]?[镇乡]$")
_ZONE = re.compile(
    r"(?:国家级?|省级|城市|民营|经济|高新|技术|综合|工业|化学|化工|科技|产业|循环|出口加工|保税|开发|旅游|度假|示范|台商|投资|创业|滨江|滨海|"
    r"临港|临空|空港|物流|软件|生态|试验|\s)*(?:开发区|经济区|园区|产业园|工业园|工业区|集中区|集聚区|科技园|科学园|创业园|技术园|软件园|保税区|示范区|"
    r"度假区|新区|高新区|新城)"
)
_COVERED = re.compile(r".{0,8}?(?:(?<!校)[区县镇乡]|街道|高新|工业园|软件园|科技园|产业园)")
_STREET = re.compile(r"[一-鿿]{2,8}?(?:路|大街|大道|街)(?:[东南西北中]?段)?\s*(?:\d|[与和交及,(])")
# What makes a short name the name of a road or a sight (杭州湾, 武侯祠), and a street that has a name of its own.
_OWN_ROAD = re.compile(
    r"[东南西北中内外前后新老]{0,2}[一二三四五六七八九十]?(?:大?[路街道]|大道|[巷弄里坊桥门站山湖河江湾港海口岛])"
)
_OTHER_STREET = re.compile(rf"(?![祠寺庙观山湖门桥塔河江湾港海口岸岛站场苑园宫殿阁楼台亭坝坡城村]){_STREET.pattern}")
_STRAY = re.compile("[市是](?=[一-鿿]{1,5}?[区县市])")  # 天津 市塘沽区, 北京是朝阳区
_SPLIT_DISTRICT = re.compile("[中南北]区")
_POSTCODE = re.compile(r"^\W*(?:邮编\s*[:：]?\s*)?\d{6}(?!\d)\W*")
_COUNTRY = re.compile(r"^\W*(?:中国|中华人民共和国)\W*")
_ASIDE = re.compile(r"^[(\[【][^)\]】]{1,10}[)\]】]\s*")
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
def narrowed(places: frozenset[Path], meant: tuple[Candidate, ...]) -> frozenset[Path]:
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


@dataclass(frozen=True, slots=True)
class Said:
    """What the columns said so far: places and the cost of reading them so, the last name, an unknown one, a town."""

    places: tuple[tuple[Path, int], ...] = (((), 0),)
    last: str = ""
    unknown: str = ""
    township: str = ""
    broken: bool = False


def located(said: Said, shown: str) -> Located:
    """What the columns say together. ``shown``: their cells in one text, for a row that contradicts itself."""
    if said.broken:
        return Located(frozenset((common(_all(said)),)), said.township, "region-contradiction", shown)
    places = _cheapest(dict(said.places))
    if len(places) > 1 and common(places) not in places:
        return Located(places, said.township, "region-ambiguous", said.last)
    places = frozenset((common(places),))
    if said.unknown and places <= UNDIVIDED:
        return Located(places, said.township, district=said.unknown)
    return Located(places, said.township, "region-unknown" if said.unknown else "", said.unknown)


def _all(said: Said) -> frozenset[Path]:
    return frozenset(place for place, _ in said.places)


@lru_cache(maxsize=1 << 16)
def normal(typed: str) -> str:
    """A cell as it is read, with what 浦东新 lacks; "" when it says nothing about the place."""
    text = simplify(tidy(typed)).strip(" ,。.")
    if is_nothing(text):
        return ""
    return f"{text}区" if text[-1] in "新林特" and len(text) > 2 and is_full(f"{text}区") else text


def told(said: Said, cell: str, level: int) -> Said:
    """What is known when one more column has been read. ``cell``: as ``normal`` makes it."""
    if not cell or said.broken or cell in _NEUTRAL:
        return said
    names, rest = _names(cell)
    town = _township(rest)
    places, last, unknown = dict(said.places), said.last, said.unknown
    if not names and not town:
        unknown = unknown or cell
    township = said.township or town
    for name in names:
        column = level if len(names) == 1 else 0
        after = follow(places, lookup(name), column)
        if after:
            places, last = after, name
        elif _contradicts(name, column):
            return Said(tuple(places.items()), last, unknown, township, broken=True)
        else:
            unknown = unknown or name
    return Said(tuple(places.items()), last, unknown, township)


def _names(cell: str) -> tuple[tuple[str, ...], str]:
    names, rest = segment(cell)
    if names and rest and not is_full(names[-1]) and cell.endswith(names[-1] + rest):
        follows = _TOWN.match(rest) or _ZONE.match(rest)
        if not follows:  # 城关镇 is not 城关 and 镇
            names, rest = names[:-1], names[-1] + rest
    return names, rest


def _contradicts(name: str, level: int) -> bool:
    """Whether a name that fits nowhere is written so clearly that the row contradicts itself."""
    if name in GENERIC:
        return False
    if is_full(name):
        return True
    return level in {1, 2} and any(len(c.path) <= 2 and c.kind == SHORT for c in lookup(name))


def _township(rest: str, known: frozenset[Path] = frozenset()) -> str:
    """The town a text begins with: one of the places known, else what is written like a town."""
    listed = _listed_town(rest, known)
    if listed:
        return listed
    match = _TOWN.match(rest)
    if not match or _NOT_TOWN.search(match["town"]) or lookup(match["town"]):
        return ""  # 宁乡 and 景德镇 are no towns
    return match["town"].removesuffix("办事处")


def _listed_town(rest: str, known: frozenset[Path]) -> str:
    """The town of one of these places with which a text begins."""
    names = towns()[0]
    for size in range(min(10, len(rest)), 2, -1):
        listed = names.get(rest[:size], frozenset()) if rest[:size].endswith(_TOWN_KINDS) else frozenset()
        if any(k and path[: len(k)] == k for path in listed for k in known):
            return rest[:size]
    return ""


def address(text: str, known: frozenset[Path]) -> tuple[frozenset[Path], str]:
    """Read the beginning of an address → (the places it leaves of those ``known``, the township after them).

    Only what is written there counts: 南京西路 is no Nanjing, and 朝阳 before 门 is no district.
    """
    rest = simplify(tidy(text)).partition("\n")[0]
    if ":" in rest or not "一" <= rest[:1] <= "鿿" or rest.startswith("中"):
        for leading in (_ASIDE, _LABEL, _POSTCODE, _COUNTRY):
            rest = leading.sub("", rest)
        separator = _SEPARATORS.match(rest)
        rest = rest[separator.end() :] if separator else rest
    places, named, text_before = known, False, ""
    while True:
        if named:
            separator = _SEPARATORS.match(rest)
            rest = rest[separator.end() :] if separator else rest
        first = not named and known == {()}
        step = _step(rest, places, first=first, below=named)
        if step is None and named and _STRAY.match(rest):
            step = _step(rest[1:], places, first=False, below=True)
        if step is None and _SPLIT_DISTRICT.match(rest) and text_before.endswith("市"):
            step = _step("市" + rest, places, first=False, below=True)  # 青岛市南区
        if step is None:
            break
        text_before = rest[: len(rest) - len(step[1])]
        places, rest = step
        named = True
    town = _township(rest, places)
    return by_town(places, town) if town else places, town


def _step(rest: str, places: frozenset[Path], *, first: bool, below: bool) -> tuple[frozenset[Path], str] | None:
    """Read one more name that fits, the longest first.

    ``first``: nothing is known yet; ``below``: another name stands directly before.
    """
    for name, meant in beginnings(rest):
        after = narrowed(places, meant)
        after = (first and _capital(after)) or after
        left = rest[len(name) :]
        if after and _trusted(name, left, meant, places, after, first=first, below=below):
            return after, left
        if after and first and not is_full(name):
            return None  # 四方台东路: what is no 四方台 is no 四方 either
    return None


def _capital(places: frozenset[Path]) -> frozenset[Path]:
    """西安 is the capital and no district of that name; 朝阳, which is none, stays open."""
    return frozenset(p for p in places if len(p) == 2 and p[1] in CAPITALS) if len(places) > 1 else frozenset()


def _trusted(
    name: str, rest: str, meant: tuple[Candidate, ...], before: frozenset[Path], after: frozenset[Path],
    *, first: bool, below: bool,
) -> bool:  # fmt: skip
    """Whether a name at this place of an address is surely the name of a division."""
    if is_full(name):
        road = rest[:1] in {"路", "街", "道"} and not _county_of(after, rest)  # 哈尔滨市道里区 is no road
        return not road and not (first and name in GENERIC)
    if rest.startswith(_TOWN_KINDS) and not _county_of(after, rest):
        return False  # 海安县海安镇: the town
    depth = min(map(len, after))
    if depth < 3 and _step(rest, after, first=False, below=True) is not None:
        return True
    if all(c.kind == VARIANT for c in meant):  # 临安市, a district of today, when no other county has that stem
        return (not first or (len(meant) == 1 and name[-1] in "市县")) and rest[:1] not in {"路", "街", "道"}
    if below and len(after) == 1 and _goes_on(name, rest, len(common(before)), depth):
        return True
    if _ROAD.match(rest):
        return False
    if first and depth == 3 and name in _WORDLIKE:
        return bool(_listed_town(rest, after))
    if depth == 3 and len(after) == 1 and _town_of(after, rest):
        return True
    if first and depth == 3 and not towns()[1].get(name, after) <= after:
        # 淳化 is a county, and a town of Nanjing; zones of the state are named after counties.
        return bool(_listed_town(rest, after)) or rest.startswith(("经济技术开发区", "高新技术产业开发区"))
    if first and depth == 2 and name not in _ROADLIKE and _county_of(after, rest):
        return True
    if not rest or _SEPARATORS.match(rest):
        return True
    if depth == 3:
        town = _TOWN.match(rest)
        return bool(_ZONE.match(rest) or (town and not _NOT_TOWN.search(town["town"])))
    if name in _ROADLIKE and first:
        return name in {"北京", "西安"} and bool(_COVERED.match(rest))
    return bool(_COVERED.match(rest) or _STREET.match(rest))


def _town_of(county: frozenset[Path], rest: str) -> bool:
    """Whether a text goes on with a town of this county, with or without 镇: 怀柔雁栖经济开发区."""
    stems = towns()[1]
    return any(rest[:size] in stems and county <= stems[rest[:size]] for size in (4, 3, 2))


def _county_of(above: frozenset[Path], rest: str) -> bool:
    """Whether a text goes on with a place below one of these: 广州天河珠江新城."""
    return any(narrowed(above, meant) - above for _, meant in beginnings(rest))


def _goes_on(name: str, rest: str, above: int, depth: int) -> bool:
    """Whether a short name goes on the one before it: 江苏常州五一路, 佛山南海桂城深海路17号."""
    if name in _ROADLIKE or not rest:
        return False
    if (above, depth) == (1, 2):
        return not _OWN_ROAD.match(rest)
    return (above, depth) == (2, 3) and not _ROAD.match(rest) and bool(_OTHER_STREET.match(rest))
