"""One cell of telephone numbers, read as people write them. ``phone`` runs this over whole columns.

A cell is cut into runs of digit groups; ``_arrange`` finds the way to join neighbouring groups that leaves the
fewest digits unexplained, so that blanks may stand inside a number as well as between two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from . import facts
from .text import is_nothing, simplify, tidy

MOBILE, LANDLINE, HOTLINE, LOCAL, FOREIGN, EXTENSION, BAD = (
    "mobile", "landline", "hotline", "local", "foreign", "extension", "bad",
)  # fmt: skip

# Prefixes once dialled for cheap long-distance calls.
_IP_DIAL = ("17909", "17951", "12593", "17911", "17910", "17908", "10193", "17900", "17901", "17931", "11808", "17968")
# Country calling codes of one and two digits, so that +84912705386 can be cut; all others have three (ITU-T E.164).
_COUNTRY = re.compile(r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")

_LOST = re.compile(r"(?<![\d.A-Za-z])(\d)(?:\.(\d+))?[eE]\+?(\d{1,3})(?!\d)")
_FLOAT = re.compile(r"(?<![\d.])(\d{5,})\.0+(?!\d)")
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3}){3,}(?!\d)")
_LETTERS = re.compile(r"(?<![0-9A-Za-z])[1lI][0-9OoIl]{10}(?![0-9A-Za-z])")
_BRACKET = re.compile(r"[(\[【]\s*(\+?\d{2,4})\s*[)\]】]\s*-?")
_DOTTED = re.compile(r"(?<=\d)[.·•*](?=\d)")
_BARE = re.compile(r"[\d\s/;+一-鿿-]*")  # nothing that _standard would change
_HARD = re.compile(r"[/;、,|\n\\&。]|(?<=[\d)])\s*(?:或者?|和|与|及|以及|还有)\s*(?=[+(\d])")
_MASKED = re.compile(r"[_*#Xx?�]{2,}")
_RUN = re.compile(r"\+?\d(?:[\d -]*\d)?")
_GROUP = re.compile(r"([ -]*)(\+?\d+)")
_EXTENSION = re.compile(r"\s*\(?(?:转接?|分机号?|内线|[eE][xX][tT]\.?|[xX#])\s*[:.]?\s*(\d{1,6})(?!\d)")
_NOISE = re.compile(
    r"(?:联系|移动|办公室?|单位|公司|家里?的?)?(?:手机|电话|座机|固话|传真|号码?|热线|总机|客服)[号码]*|"
    r"微信同?号?步?|同微信|小灵通|代收|代接|本人|备用|停机|空号|转|分机|同号|"
    r"(?i:tel|phone|mobile|mob|wechat|vx|wx|fax|qq)|[\W_]+"
)
_NAME = re.compile(r"[^\d\W]{1,8}(?:\s[^\d\W]{1,8}){0,3}")


@dataclass
class Numbers:
    """What one cell holds. Tuples keep the order of the cell, without repetitions."""

    mobiles: list[str] = field(default_factory=list)
    landlines: list[str] = field(default_factory=list)
    hotlines: list[str] = field(default_factory=list)
    local: list[str] = field(default_factory=list)
    extension: str = ""
    name: str = ""
    bad: list[str] = field(default_factory=list)
    restored: bool = False
    scientific: bool = False

    @property
    def problem(self) -> str:
        """The gravest problem of the cell."""
        if self.scientific:
            return "phone-scientific"
        if self.bad or self.local:
            return "phone-invalid"
        if self.restored:
            return "phone-area-restored"
        known = facts.mobile_prefixes()
        return "" if all(m[:3] in known for m in self.mobiles) else "phone-prefix"


def read(cell: str) -> Numbers:
    """Read one cell. Never raises; what is no number is in ``bad`` or, when it looks like a name, in ``name``."""
    found = Numbers()
    text = tidy(cell)
    if is_nothing(text):
        return found
    words: list[str] = []
    for chunk in _HARD.split(text if _BARE.fullmatch(text) else _standard(text, found)):
        _read_chunk(chunk, found, words)
    found.name = next(filter(None, map(name, words)), "")
    if not (found.mobiles or found.landlines or found.hotlines or found.local or found.bad or found.scientific):
        found.bad.append(text)
    return found


def _standard(text: str, found: Numbers) -> str:
    """What spreadsheets and hurried fingers do to numbers, undone."""
    text = _FLOAT.sub(r"\1", _LOST.sub(lambda m: _expand(m, found), text))
    text = _THOUSANDS.sub(lambda m: m[0].replace(",", ""), text)
    text = _LETTERS.sub(_as_digits, text)
    return _DOTTED.sub("-", _BRACKET.sub(r" \1-", text))


def _expand(match: re.Match[str], found: Numbers) -> str:
    """1.3912345678E+10 still has all its digits; 1.39E+10 has lost them."""
    whole, decimals, exponent = match[1], match[2] or "", int(match[3])
    if len(decimals) == exponent:
        return f" {whole}{decimals} "
    found.scientific = True
    found.bad.append(match[0])
    return " / "


def _as_digits(match: re.Match[str]) -> str:
    """l38O5266l47: letters typed for digits, when the rest leaves no doubt."""
    if sum(c.isdigit() for c in match[0]) < 7:
        return match[0]
    return re.sub("[Oo]", "0", re.sub("[Il]", "1", match[0]))


def _read_chunk(chunk: str, found: Numbers, words: list[str]) -> None:
    if not _BARE.fullmatch(chunk) and _MASKED.search(chunk):
        found.bad.append(chunk.strip())
        return
    end = 0
    while run := _RUN.search(chunk, end):
        words.append(chunk[end : run.start()])
        end = run.end()
        groups = tuple((sep, digits) for sep, digits in _GROUP.findall(run[0]))
        called = _EXTENSION.match(chunk, end)
        if called:
            end = called.end()
        parts = _arrange(groups)
        for kind, value, restored in parts:
            found.restored |= restored
            keep(kind, value, found)
        if called and parts and parts[-1][0] in {LANDLINE, HOTLINE, LOCAL, MOBILE}:
            found.extension = found.extension or called[1]
    words.append(chunk[end:])


def keep(kind: str, value: str, found: Numbers) -> None:
    """Add one number to what a cell holds."""
    if kind == LOCAL and found.landlines and found.landlines[-1][0] == "0":
        area, number = found.landlines[-1].split("-")
        if len(number) == len(value):  # 0531-88881234/88881235
            kind, value = LANDLINE, f"{area}-{value}"
    if kind == EXTENSION:
        found.extension = found.extension or value
        return
    target = {
        MOBILE: found.mobiles, LANDLINE: found.landlines, FOREIGN: found.landlines, HOTLINE: found.hotlines,
        LOCAL: found.local, BAD: found.bad,
    }[kind]  # fmt: skip
    if value not in target:
        target.append(value)


Part = tuple[str, str, bool]


def _arrange(groups: tuple[tuple[str, str], ...]) -> list[Part]:
    """Join neighbouring groups into numbers: least bad digits, then least local numbers, then least parts."""
    if len(groups) == 1:
        return [classify(groups[0][1]) or (BAD, groups[0][1], False)]
    if len(groups) > 16:
        return [(BAD, "".join(sep + digits for sep, digits in groups).strip(" -"), False)]
    best: list[tuple[tuple[int, int, int], list[Part]]] = [((0, 0, 0), [])]
    for end in range(1, len(groups) + 1):
        options = []
        for start in range(max(0, end - 8), end):
            (bad, local, parts), before = best[start]
            sep, digits = groups[start]
            part = _number(groups[start:end])
            if part and part[0] == LOCAL:
                options.append(((bad, local + 1, parts + 1), [*before, part]))
            elif part:
                options.append(((bad, local, parts + 1), [*before, part]))
            elif end - start == 1:
                follows = before and before[-1][0] in {LANDLINE, HOTLINE, LOCAL}
                if "-" in sep and follows and len(digits) <= 6:
                    options.append(((bad, local, parts + 1), [*before, (EXTENSION, digits, False)]))
                options.append(((bad + len(digits), local, parts + 1), [*before, (BAD, digits, False)]))
        best.append(min(options, key=lambda option: option[0]))
    return _joined_bad(best[-1][1])


def _joined_bad(parts: list[Part]) -> list[Part]:
    """Show neighbouring refused groups as one piece, as they were typed.

    010-8888123 is refused whole: 8888123 is no local number when something that is no area code stands before it.
    """
    joined: list[Part] = []
    spoilt = any(kind == BAD for kind, _, _ in parts)
    for kind, value, restored in parts:
        part = (BAD if spoilt and kind == LOCAL else kind, value, restored)
        if part[0] == BAD and joined and joined[-1][0] == BAD:
            joined[-1] = (BAD, f"{joined[-1][1]} {part[1]}", False)
        else:
            joined.append(part)
    return joined


def _number(groups: tuple[tuple[str, str], ...]) -> Part | None:
    """Read the groups as one number. A number ends where it is complete: 8888123-4 is not 88881234."""
    digits = "".join(d for _, d in groups)
    part = classify(digits)
    if part is None or len(groups) == 1 or part[0] == FOREIGN:
        return part
    if "+" in digits[1:] or (part[0] == MOBILE and any(len(d) in {9, 10} for _, d in groups)):
        return None
    for cut in range(1, len(groups)):
        head = classify("".join(d for _, d in groups[:cut]))
        if head and (head[0] != LOCAL or part[0] == LOCAL):
            return None
    return part


@lru_cache(maxsize=1 << 16)
def classify(digits: str) -> Part | None:
    """One number without separators → (kind, its standard form, whether a lost 0 was restored), or None."""
    international = digits.startswith(("+", "00"))
    d = digits.lstrip("+") if digits.startswith("+") else digits.removeprefix("00") if international else digits
    if international and not d.startswith("86"):
        return _foreign(d)
    if d.startswith("86") and (international or len(d) >= 12):
        home = _mobile(d[2:]) or _landline(d[2:]) or _landline("0" + d[2:]) or _hotline(d[2:])
        if home or international:
            return home
    for prefix in _IP_DIAL:
        if d.startswith(prefix) and len(d) > 14:
            return _mobile(d[5:]) or _landline(d[5:])
    return _mobile(d) or _hotline(d) or _landline(d) or _restored(d) or _local(d)


def _mobile(d: str) -> Part | None:
    if len(d) == 12 and d[0] == "0":  # the 0 once dialled before a mobile of another city
        d = d[1:]
    return (MOBILE, d, False) if len(d) == 11 and d[0] == "1" and d[1] >= "3" else None


def _hotline(d: str) -> Part | None:
    return (HOTLINE, d, False) if len(d) == 10 and d[:3] in {"400", "800"} else None


def _landline(d: str) -> Part | None:
    if d[:3] == "010" or d[:2] == "02":
        area, number, lengths = d[:3], d[3:], {8}
    elif d[:1] == "0" and d[1:2] >= "3":
        area, number, lengths = d[:4], d[4:], {7, 8}
    else:
        return None
    return (LANDLINE, f"{area}-{number}", False) if len(number) in lengths and number[0] >= "2" else None


def _restored(d: str) -> Part | None:
    part = _landline("0" + d) if len(d) in {10, 11} else None
    if part is None or part[1].split("-")[0] not in facts.area_codes():
        return None
    return (LANDLINE, part[1], True)


def _local(d: str) -> Part | None:
    return (LOCAL, d, False) if len(d) in {7, 8} and d[0] >= "2" else None


def _foreign(d: str) -> Part | None:
    short = _COUNTRY.match(d)
    country = short[0] if short else d[:3]
    number = d[len(country) :]
    if d[:1] == "0" or not 6 <= len(number) <= 12:
        return None
    return (FOREIGN, f"+{country}-{number}", False)


def name(word: str) -> str:
    """The person's name in a word written beside a number, "" when it says something else (手机, 微信同号)."""
    text = _NOISE.sub(" ", simplify(word)).strip()
    return text if _NAME.fullmatch(text) else ""
