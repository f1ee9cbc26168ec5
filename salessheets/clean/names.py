"""One person's name as people write it: surname, given name, and the title that hides or follows it.

``person`` runs this over whole columns. 王总 and 张姐 hide the name (``full`` is false); 张小花副院长 does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from . import facts
from .text import is_nothing, simplify, tidy

# Longest first: 副总经理 before 总经理 before 经理.
OFFICES = facts.words("office")
VOCATIVES = frozenset(facts.words("vocative"))
_RANK = (
    "(?:前任?|原|现任|常务|执行|高级|资深|首席|大区|区域|销售|采购|市场|业务|"
    "行政|财务|人事|招商|运营|项目|客户|技术)?副?"
)
OFFICE = f"{_RANK}(?:{'|'.join(sorted(OFFICES, key=len, reverse=True))}|副总)"  # for re and for RE2
_TITLE_END = re.compile(rf"(?P<title>(?:{OFFICE})+)$")
_TITLE_START = re.compile(rf"^(?P<title>{OFFICE}):?")
LABEL = (
    "客户姓名|姓名|联系人|团员 *[0-9]*|签收人?|买方|卖方|甲方|乙方|法人|负责人|转介绍人?|介绍人"  # for re and for RE2
)
_LABEL = re.compile(rf"^(?:{LABEL})\s*[:.]\s*")
_EDGE = " 。.,;、"
_BRACKETS = re.compile(r"[(\[【{<《](?P<in>[^()\[\]【】{}<>《》]*)[)\]】}>》]?")
_BETWEEN_HAN = re.compile(r"(?<=[㐀-鿿])[\s.·•・‧∙⋅,_\-]+(?=[㐀-鿿])")
_DOT = re.compile(r"\s*[·•・‧∙⋅●•.]\s*")
_HAN = re.compile(r"[㐀-鿿]+")
_LATIN = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")
_MASK = re.compile(r"^(?P<surname>[㐀-鿿]{1,2}?)(?:[*xX×]{1,3}|某{1,3})$")
_SEVERAL = re.compile(r"[/;、,&\n]|(?<=[㐀-鿿]{2})和(?=[㐀-鿿]{2,3}$)")
_DIGITS = re.compile(r"\+?\d[\d -]{6,}\d")
KIN = frozenset("总姐哥嫂叔姨婶爷奶")
KINSHIP = "[姐哥嫂妈爷叔婶娘姨妹弟奶伯婆]$"  # for re and for RE2
_YI_CLANS = frozenset(("吉克", "吉木", "曲木", "沙马"))  # their given names have up to three characters
NO_NAMES = frozenset(facts.words("no-person"))


@dataclass(frozen=True)
class Person:
    """A name taken apart; ``full`` when surname and given name are known (or a whole foreign or minority name)."""

    name: str = ""
    surname: str = ""
    given: str = ""
    title: str = ""
    full: bool = False
    pinyin: str = ""


@cache
def _compounds() -> frozenset[str]:
    return frozenset(s for s in facts.surnames() if len(s) > 1)


def surname_of(text: str) -> str:
    """Return the surname a Chinese name begins with, a compound one first, when a given name is left."""
    for length in (4, 2):
        if len(text) > length and text[:length] in _compounds():
            return text[:length]
    if text in _compounds():
        return text
    return text[:1] if text[:1] in facts.surnames() else ""


def homophone(surname: str, given: str) -> str:
    """``wang jianguo``: the surname in its own reading, the given name syllable by syllable."""
    known = facts.surnames().get(surname)
    first = known[0] if known else spell(surname)
    return f"{first} {spell(given)}".strip()


def spell(text: str) -> str:
    """Characters as syllables without tone; other letters as they are, in lower case."""
    table = facts.readings()
    return "".join(table.get(c, c.casefold() if c.isalnum() else "") for c in text)


def is_title(text: str) -> bool:
    """Whether a text is one title or several and nothing else."""
    return _TITLE_END.fullmatch(text) is not None


def read(cell: str) -> Person:
    """Read one name. Never raises; what is no name is kept as ``name`` with ``full`` false."""
    text = simplify(tidy(cell))
    if is_nothing(text) or not any(c.isalnum() for c in text):
        return Person()
    text = _LABEL.sub("", text.strip(_EDGE) if _HAN.search(text) else text)
    titles: list[str] = []
    text = _BRACKETS.sub(lambda m: _aside(m, titles), text).strip() or _BRACKETS.sub(r"\g<in> ", text).strip()
    text = _first(_DIGITS.sub(" ", text) if _HAN.search(text) else text)
    if is_nothing(text) or not any(c.isalnum() for c in text):
        return Person()
    if not _HAN.search(text):
        return _foreign(text, titles)
    text = _join_han(text.strip(_EDGE))
    if "·" in text:
        return Person(text, "", text, _title(titles), full=True, pinyin=" ".join(map(spell, text.split("·"))))
    return _chinese(re.sub(r"\s+", "", text) if _HAN.fullmatch(re.sub(r"\s+", "", text)) else text, titles)


def _aside(match: re.Match[str], titles: list[str]) -> str:
    """Words in brackets: a title is kept as title, a remark (代收, 演示) goes."""
    inside = match["in"].strip()
    if is_title(inside):
        titles.append(inside)
    return ""


def _first(text: str) -> str:
    """Return the first of several people in one cell."""
    parts = [p.strip() for p in _SEVERAL.split(text) if p.strip()]
    return re.sub(r"\s+", " ", parts[0]) if parts else ""


def _join_han(text: str) -> str:
    """帅 红 霞 and 帅·红霞 are one Chinese name; 买买提·艾力 keeps its dot."""
    parts = [p for p in re.split(_BETWEEN_HAN, text) if p]
    bare = "".join(parts)
    if len(parts) == 1 or not _HAN.fullmatch(bare):
        return text
    short = len(bare) <= 3 or (len(bare) == 4 and bare[:2] in _compounds())
    if short and (parts[0] in facts.surnames() or len(parts[0]) == 1 or len(parts) == len(bare)):
        return bare
    if _DOT.search(text):
        return "·".join(parts)
    return bare


def _title(titles: list[str]) -> str:
    return "、".join(dict.fromkeys(t for t in titles if t))


def _foreign(text: str, titles: list[str]) -> Person:
    name = re.sub(r"\s+", " ", text).strip()
    full = bool(_LATIN.fullmatch(name)) and len(re.findall(r"[^\W\d_]{2,}", name)) >= 2
    pinyin = " ".join(re.findall(r"[^\W\d_]+", name.casefold())) if full else ""
    return Person(name, "", name if full else "", _title(titles), full, pinyin)


def _chinese(text: str, titles: list[str]) -> Person:
    masked = _MASK.match(text)
    if masked:
        return Person(text, masked["surname"] if masked["surname"] in facts.surnames() else "", title=_title(titles))
    body, shown = text, text
    end = _TITLE_END.search(body)
    if end and end.start():
        body = body[: end.start()]
        titles.insert(0, end["title"])
    elif end is None or end.start():
        start = _TITLE_START.match(body)
        rest = body[start.end() :] if start else ""
        if start and 2 <= len(rest) <= 4 and (surname_of(rest) or rest[0] in "老小"):
            titles.insert(0, start["title"])
            body = body[start.end() :]
    else:
        return Person(text, title=text)  # 老板娘: a title and no name
    if body != text and _is_full(body):
        if end and len(body) == 2 and re.search(KINSHIP, titles[0]) and titles[0] != "小姐":
            return Person(text, "", title=_title(titles))  # 阳光姐姐 is no 阳光
        shown = body
    return _named(body, shown, titles)


def _is_full(body: str) -> bool:
    surname = surname_of(body)
    given = len(body) - len(surname)
    if not surname or not _HAN.fullmatch(body) or body in NO_NAMES:
        return False
    if len(surname) > 1:
        return 1 <= given <= (3 if surname in _YI_CLANS else 2)
    if given == 2 and body[-1] in KIN:
        return False  # 桂花姐
    return 1 <= given <= 2 or (given == 3 and is_common(body[0]) and is_common(body[1]))  # 陈李淑仪


def is_called(body: str) -> bool:
    """Whether what stands before 总 or 姐 is a full name with a common surname; 桂花姐 and 安安姐 are nicknames."""
    return 2 <= len(body) <= 3 and is_common(body[0]) and body[0] != body[1] and _is_full(body)


def is_common(character: str) -> bool:
    """Whether one person in a thousand or more has this surname."""
    return facts.surnames().get(character, ("", 0))[1] >= 100


def _named(body: str, shown: str, titles: list[str]) -> Person:
    surnames = facts.surnames()
    if len(body) == 2 and body[0] in "老小大阿":
        surname = body[1] if body[0] != "阿" and body[1] in surnames else ""
        return Person(shown, surname, title=_title(titles))  # 老李, 小王, 阿福
    if body in surnames:
        return Person(shown, body, title=_title(titles))  # 王总, 欧阳先生, or only 赖
    hidden = body[-1] if body[-1] in VOCATIVES and body[:-1] in surnames else ""
    if hidden and not titles and hidden not in _GIVEN_TOO:
        return Person(shown, body[:-1], title=hidden)
    if body[0] in "老小" and body[-1] in VOCATIVES and body[1:-1] in surnames:
        return Person(shown, body[1:-1], title=_title([body[-1], *titles]))  # 老王总, 小李姐
    if titles and body.endswith(tuple("总姐哥")) and body[:-1] in surnames:
        return Person(body, body[:-1], title=_title(titles))  # 张姐(老板娘)
    if body[-1] in KIN and is_called(body[:-1]):
        return _named(body[:-1], body[:-1], [body[-1], *titles])  # 王雯姐, 刘雨谦总
    if not _is_full(body):
        return Person(shown, "", title=_title(titles))
    surname = surname_of(body)
    given = body[len(surname) :]
    return Person(shown, surname, given, _title(titles), full=True, pinyin=homophone(surname, given))


# Also ordinary given names: 李工 is an engineer, but 王师, 陈生, 刘书, 王女 may be names of two characters.
_GIVEN_TOO = frozenset("书师生女太科医院校伯弟妹婆娘导处所")
