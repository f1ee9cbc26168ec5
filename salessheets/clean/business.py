"""One business name as people write it: what it is called, its core (字号 + 行业), and its branch.

A Chinese business name is 行政区划 + 字号 + 行业 + 组织形式 (企业名称登记管理规定, article 6); signboards leave parts
out and add branches in brackets. The core is what is left when place, legal form and branch are taken away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import facts
from .places import FULL, SHORT, Candidate, Path, beginnings, is_full, lookup
from .text import is_nothing, simplify, tidy

_GROUP = ("", "集团", "控股", "投资控股", "实业")
_LIABILITY = ("", "有限责任", "有限", "责任", "股份")


def legal_forms() -> tuple[str, ...]:
    """Every legal form that may end a name: 有限公司, 集团股份有限公司, 个体工商户."""
    companies = (
        f"{group}{shares}{liability}{head}公司"
        for group in _GROUP for shares in ("", "股份") for liability in _LIABILITY for head in ("", "总")
    )  # fmt: skip
    return (*companies, *facts.words("legal-form"))


_LEGAL, _OFFICE = frozenset(legal_forms()), frozenset(facts.words("office-form"))
# Their last two characters, to ask cheaply before searching.
_LEGAL_TAILS, _OFFICE_TAILS = frozenset(f[-2:] for f in _LEGAL), frozenset(f[-2:] for f in _OFFICE)
_LEGAL_LONGEST, _OFFICE_LONGEST = max(map(len, _LEGAL)), max(map(len, _OFFICE))
_BRANCH_TAILS = frozenset("司店处部厂办市")
_LATIN_LEGAL = re.compile(
    r"[\s,]*\b(?:co\.?,?\s*(?:ltd|limited)|company(?: limited)?|ltd|limited|inc|corp(?:oration)?|llc|gmbh)\.?$",
    re.IGNORECASE,
)
_BRANCH_OF_COMPANY = re.compile(
    r"(?<=公司)(?P<branch>.{2,14}?(?:分公司|分店|店|办事处|营业部|门市部?|经营部|分部|分厂|项目部|服务部))$"
)
_COMPANY_BRANCH = re.compile(r"(?P<branch>[一-鿿]{2,6}(?:分公司|办事处|办))$")
_SHOP = r"(?:大?药[房店]|连锁|超市|养生[馆堂会所]*|美容[院会所]*|足[浴道疗]|理疗[馆店]?|推拿|[馆院堂坊阁轩斋行])"
_NUMBERED = re.compile(
    r"(?<![a-z\d])(?P<branch>第?[一二三四五六七八九十\d]{1,3}(?:号|分)?(?:分?店|门店|门市部?|分部))$"
)
_NAMED_BRANCH = re.compile(rf"^(?P<head>.*{_SHOP})(?P<branch>[一-鿿\d]{{1,8}}?(?:旗舰|加盟|直营|分|连锁|总|中心)?店)$")
# RE2, for whole columns: what every name with a branch of one of these kinds matches, and some others.
BRANCH = (
    r"公司.{2,14}[店处部市厂]$|分公司$|办事处$|办$|"
    rf"[一二三四五六七八九十](?:号|分)?(?:分?店|门店|门市部?|分部)$|{_SHOP}.{{1,11}}店$"
)
_BRACKET = re.compile(r"[(\[【<《{](?P<in>[^()\[\]【】<>《》{}]*)[)\]】>》}]?")
_REMARK = re.compile(
    r"^(?:原名?|曾用名?|现|又名|更正|已|暂|停业|关|转让|装修|新|旧|传人|备用|待|个人|个体工商户|个体户?|普通合伙|有限合伙|.+家店|招商平台留言)"
)
NOT_NAMES = frozenset(facts.words("no-company"))
_HAN = re.compile("[㐀-鿿]+")
_LETTER = re.compile(r"[^\W_]")
_BLANKS = re.compile(r"(?<=[㐀-鿿])\s+(?=[㐀-鿿(])")  # blanks between Chinese characters say nothing
_PUNCTUATION = re.compile(r"[\s\"'“”‘’`·•・,，。.!！?？、_*~^=+|/\\:;@#&-]+")
VARIANTS = str.maketrans({"葯": "药", "仝": "同", "＆": "&"})

# Words of trade that name no one: what is left after a place must hold something besides them.
_TRADES = frozenset(facts.words("trade"))
_TOWN = re.compile(r"^[一-鿿]{2,3}[镇乡](?=[一-鿿]{2})")
# A place followed by one of these is part of the name: 安康堂, 平安家 (unless a 字号 follows), 朝阳区 …
AFTER_NAME, AFTER_KIND = "堂斋阁轩坊馆居楼行记氏家药医寿福康健店", "堂斋阁轩记氏市县区省族"


@dataclass(frozen=True)
class Business:
    """A business name taken apart."""

    name: str = ""
    core: str = ""
    branch: str = ""


def read(cell: str) -> Business:
    """Read one name. Never raises; what is no name (个体户, 无) has an empty core."""
    shown = _BLANKS.sub("", simplify(tidy(cell).replace("\n", " ")).translate(VARIANTS))
    if is_nothing(shown) or not _LETTER.search(shown):
        return Business()
    text, branches = shown, list[str]()
    if not _HAN.fullmatch(shown):
        text, branches = _without_brackets(shown.strip("“”\"' "))
        text = _PUNCTUATION.sub("", _LATIN_LEGAL.sub("", text)).casefold()
    text, branch = _split_branch(text)
    core = _without_form(_without_place(text))
    if core in NOT_NAMES:
        core = ""
    return Business(shown, core, "、".join(b for b in (branch, *branches) if b))


def aside(inside: str) -> str:
    """The branch that words in brackets at the end of a name are; "" for a remark or a legal form."""
    return "" if not inside or _REMARK.match(inside) or inside in _LEGAL else inside


def _without_brackets(name: str) -> tuple[str, list[str]]:
    """Take out brackets: a place in the middle goes, a branch at the end is kept apart, a remark goes."""
    branches: list[str] = []

    def take(match: re.Match[str]) -> str:
        inside = _PUNCTUATION.sub("", match["in"])
        last = match.end() >= len(name.rstrip())
        if match.start() == 0 and inside and last:
            return inside
        if last and aside(inside):
            branches.append(inside)
        return ""

    return _BRACKET.sub(take, name), branches


def _split_branch(text: str) -> tuple[str, str]:
    """Split off a branch: 公司武汉分公司, 药房果子洼店, 第二分店."""
    if text[-1:] not in _BRANCH_TAILS or (text.endswith("公司") and not text.endswith("分公司")):
        return text, ""
    for pattern in (_BRANCH_OF_COMPANY, _NUMBERED):
        match = pattern.search(text)
        if match and match.start() >= 2:
            return text[: match.start()], match["branch"]
    match = _COMPANY_BRANCH.search(text)
    if match:
        return _head_of_branch(text, match)
    match = _NAMED_BRANCH.match(text)
    if match and len(match["head"]) >= 3 and stem(match["branch"]):
        return match["head"], match["branch"]
    return text, ""


def _head_of_branch(text: str, match: re.Match[str]) -> tuple[str, str]:
    """康源科技武汉分公司: the branch begins with a place."""
    for start in range(match.start(), match.end() - 2):
        if start >= 2 and any(lookup(text[start : start + size]) for size in (4, 3, 2)):
            return text[:start], text[start:]
    return text, ""


def _without_form(text: str) -> str:
    """Take the legal form off the end, and once a word like 经营部, while something is left."""
    while text[-2:] in _LEGAL_TAILS:
        shorter = _without(text, _LEGAL, _LEGAL_LONGEST)
        if len(shorter) < 2 or shorter == text:
            break
        text = shorter
    shorter = _without(text, _OFFICE, _OFFICE_LONGEST) if text[-2:] in _OFFICE_TAILS else text
    return shorter if len(shorter) >= 2 and stem(shorter) else text


def _without(text: str, words: frozenset[str], longest: int) -> str:
    """The text without the longest of the words that ends it."""
    for size in range(min(longest, len(text)), 1, -1):
        if text[-size:] in words:
            return text[:-size]
    return text


def _without_place(text: str) -> str:
    """Take the places off the front, from large to small, while what is left still names someone.

    康乐 is a county and a favourite 字号: a short county name goes only when a 字号 of two characters is left.
    """
    above: tuple[Path, ...] = ((),)
    while True:
        for name, meant in beginnings(text):
            rest = text[len(name) :]
            paths = _narrowed(name, meant, above)
            if len(rest) < 2 or not paths:
                continue
            if not _names_someone(rest, name, paths):
                return text
            town = _TOWN.match(rest)
            if town and any(len(name) >= town.end() for name, _ in beginnings(rest)):
                town = None  # 景德镇 is a city
            text, above = rest[town.end() :] if town else rest, paths
            break
        else:
            return text


def _narrowed(name: str, meant: tuple[Candidate, ...], above: tuple[Path, ...]) -> tuple[Path, ...]:
    usual = (c.path for c in meant if c.kind in {FULL, SHORT} or name[-1] in "市县区旗")
    return tuple(p for p in usual if any(p[: len(a)] == a and p != a for a in above))


def narrowed(name: str, above: tuple[Path, ...]) -> tuple[Path, ...]:
    """The places that a name in front of a business name may mean below one of those ``above``."""
    return _narrowed(name, lookup(name), above)


def _names_someone(rest: str, name: str, paths: tuple[Path, ...]) -> bool:
    length = stem(_without(rest, _LEGAL, _LEGAL_LONGEST))
    if is_full(name):
        return length >= 1
    if rest[0] in AFTER_NAME and length < 2:
        return False
    if rest[0] in AFTER_KIND:
        return False
    return length >= (1 if min(map(len, paths)) < 3 else 2)


def stem(text: str) -> int:
    """How many characters stand before the words of trade at the end: 康源养生馆 → 2."""
    ends = [len(text)]
    for start in range(len(text) - 1, -1, -1):
        if ends[-1] - start > 4:
            break
        if any(text[start:end] in _TRADES for end in ends):
            ends.append(start)
    return ends[-1]
