"""How the leads are typed: the dirt that cleaning can take away."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from dice import Dice
from leads_facts import CHANNELS, FORMS, REMARKS, SIMPLIFIED, TRADITIONAL, Facts

# --- Shares of cells --------------------------------------------------------------------------------------------------
# Telephone cells that are not just the digits: from sheets seen, about one in two.
PHONE_TYPED = {
    "spaces": 0.09, "dashes": 0.08, "plus": 0.05, "float": 0.08, "scientific": 0.015, "label": 0.04, "wide": 0.015,
    "name": 0.065, "note": 0.04, "letters": 0.003, "quote": 0.01, "zero": 0.005,
}  # fmt: skip
NAME_TYPED = {
    "title": 0.12, "bracket": 0.06, "space": 0.04, "label": 0.02, "traditional": 0.02, "dot": 0.005, "mark": 0.01, "title first": 0.01,
}  # fmt: skip
TITLE_COLUMN = 0.25  # a title in its own column
TITLE_IN_BRACKETS = 0.15  # 张姐(老板娘)
PLACE_IN_COMPANY = (0.40, 0.24, 0.20, 0.09, 0.07)  # none, short city, short county, full city, province and city
BRANCH_IN_COMPANY = 0.08  # 康源养生馆(宝昌店)
COMPANY_TYPED = {"space": 0.02, "traditional": 0.015, "wide": 0.02, "mark": 0.01}
FORM_CHANGED = 0.35  # the legal form is left out or written in another way
SHORT_PROVINCE, SHORT_CITY, SHORT_COUNTY = 0.55, 0.50, 0.35
OLD_DISTRICT = 0.35  # of the districts that were renamed
WRONG_LEVEL = 0.02  # the county in the column of the city
TOWN_GIVEN, STREET_GIVEN = 0.30, 0.45
REMARK_GIVEN = 0.25

_WIDE = str.maketrans(
    "0123456789+-()", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff0b\uff0d\uff08\uff09"
)
_OLD = str.maketrans(SIMPLIFIED, TRADITIONAL)
RAW = ("姓名", "称呼", "电话", "微信", "QQ", "单位", "省", "市", "县区", "乡镇", "地址", "来源", "日期", "备注")


def type_in(dice: Dice, facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """RAW columns of the leads, as staff type them."""
    size = len(rows)
    p = facts.places.iloc[rows["place"].to_numpy()].reset_index(drop=True)
    raw = pd.DataFrame(index=rows.index)
    raw["姓名"], raw["称呼"] = _names(dice, rows)
    raw["电话"] = _phones(dice, rows)
    raw["微信"], raw["QQ"] = _net(dice, rows)
    raw["单位"] = _companies(dice, rows, p)
    raw["省"], raw["市"], raw["县区"] = _places(dice, rows, p)
    towns = facts.towns[
        (p["town_start"] + rows["town"].to_numpy() % p["towns"].clip(lower=1)).clip(upper=len(facts.towns) - 1)
    ]
    has_town = (p["towns"] > 0) & dice.hit(TOWN_GIVEN, size) & rows["has_county"]
    raw["乡镇"] = np.where(has_town, towns, "")
    raw["地址"] = np.where(
        dice.hit(STREET_GIVEN, size), np.where(dice.hit(0.2, size), p["county"] + rows["street"], rows["street"]), ""
    )
    raw["来源"] = dice.pick(CHANNELS, size)
    raw["日期"] = _dates(dice, size)
    raw["备注"] = np.where(dice.hit(REMARK_GIVEN, size), dice.pick(REMARKS, size), "")
    return raw


def _typed(
    dice: Dice, cells: np.ndarray, ways: dict[str, float], write: Callable[[str, np.ndarray], list[str]]
) -> np.ndarray:
    """Some of the cells that are not blank, rewritten in each of the ways."""
    kind = dice.kind([*ways.values(), 1], len(cells))
    kind[cells == ""] = len(ways)
    cells = cells.copy()
    for number, way in enumerate(ways):
        chosen = np.flatnonzero(kind == number)
        cells[chosen] = write(way, chosen)
    return cells


def _names(dice: Dice, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    size = len(rows)
    name, surname, title = (rows[c].to_numpy(object) for c in ("name", "surname", "title"))
    role = np.where(rows["by2"], rows["role2"], dice.pick(("老板", "老板娘", "负责人", "店主", "法人"), size))
    hidden = (name == "") & (surname != "")
    called = np.where(
        dice.hit(0.08, size), "老" + surname, np.where(dice.hit(0.06, size), "小" + surname, surname + title)
    )
    called = np.where(dice.hit(TITLE_IN_BRACKETS, size), called + "(" + role + ")", called)
    plain = np.where(hidden, called, name)

    def write(way: str, chosen: np.ndarray) -> list[str]:
        cells = plain[chosen]
        if way == "title":
            return [c if h else c + t for c, h, t in zip(cells, hidden[chosen], title[chosen], strict=True)]
        if way == "title first":
            return [c if h else f"{t} {c}" for c, h, t in zip(cells, hidden[chosen], role[chosen], strict=True)]
        if way == "bracket":
            return [f"{c}({r})" if "(" not in c else c for c, r in zip(cells, role[chosen], strict=True)]
        return [
            {
                "space": f"{c[0]} {c[1:]}",
                "label": f"联系人:{c}",
                "traditional": c.translate(_OLD),
                "dot": f"{c[0]}·{c[1:]}",
                "mark": f" {c}。",
            }[way]
            for c in cells
        ]

    own = np.where(dice.hit(TITLE_COLUMN, size) & (surname != ""), title, "")
    return _typed(dice, plain, NAME_TYPED, write), own


def _phones(dice: Dice, rows: pd.DataFrame) -> np.ndarray:
    """The telephone cell: mobile or mobiles, landline, broken numbers; a number that stands under WeChat is not here."""
    size = len(rows)
    first = np.where(rows["from_wechat"] == 1, "", rows["mobile"])
    second = np.where(rows["from_wechat"] == 2, "", rows["mobile2"])
    name = np.where(
        rows["name"] != "", rows["name"], np.where(rows["surname"] != "", rows["surname"] + rows["title"], "")
    )

    def write(way: str, chosen: np.ndarray) -> list[str]:
        out = []
        for c, who in zip(first[chosen], name[chosen], strict=True):
            out.append(
                {
                    "spaces": f"{c[:3]} {c[3:7]} {c[7:]}", "dashes": f"{c[:3]}-{c[3:7]}-{c[7:]}", "plus": f"+86{c}",
                    "float": f"{c}.0", "scientific": f"{c[0]}.{c[1:]}E+10", "label": f"手机:{c}", "wide": c.translate(_WIDE),
                    "name": f"{c}{who}", "note": f"{c}(微信同号)", "letters": c.replace("1", "l", 1), "quote": f" {c} ",
                    "zero": f"0{c}",
                }[way]
            )  # fmt: skip
        return out

    cell = _typed(dice, first, PHONE_TYPED, write)
    cell = np.where(rows["broken"] != "", rows["broken"], cell)
    by = dice.pick(("/", " ", ";", "、", "\uff0c", "或", "\n"), size)
    for more in (second.astype(object), _landlines(dice, rows)):
        cell = np.where((cell != "") & (more != ""), cell + by + more, np.where(more != "", more, cell))
    return cell


def _landlines(dice: Dice, rows: pd.DataFrame) -> np.ndarray:
    size = len(rows)
    code, number, hotline = (rows[c].to_numpy(object) for c in ("code", "number", "hotline"))
    way = dice.kind((0.52, 0.14, 0.10, 0.10, 0.06, 0.04, 0.04), size)
    lost = np.array([c.lstrip("0") for c in code], object)
    inside = np.array([n[-3:] for n in number], object)
    whole = code + "-" + number
    shown = [
        whole,
        code + number,
        "(" + code + ")" + number,
        code + " " + number,
        whole + "转" + inside,
        lost + number,
        "电话" + whole,
    ]
    typed = np.choose(way, [s.astype(object) for s in shown])
    local = rows["code_left_out"].to_numpy()
    typed = np.where(local, number, typed)
    typed = np.where(number == "", "", typed)
    split = dice.hit(0.5, size)
    free = np.array([f"{h[:3]}-{h[3:6]}-{h[6:]}" if s else h for h, s in zip(hotline, split, strict=True)], object)
    return np.where((hotline != "") & rows["has_line"], free, typed)


def _net(dice: Dice, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    size = len(rows)
    wechat, qq = rows["wechat"].to_numpy(object), rows["qq"].to_numpy(object)
    ways = {"upper": 0.06, "label": 0.05, "space": 0.03}
    wechat = _typed(
        dice, wechat, ways,
        lambda way, at: [{"upper": c.upper(), "label": f"微信:{c}", "space": f"{c} "}[way] for c in wechat[at]],
    )  # fmt: skip
    same = dice.hit(0.5, size) & (rows["from_wechat"] == 0) & (rows["wechat_number"] == rows["mobile"])
    by_phone = np.where(same, dice.pick(("同手机", "同号", "同电话", "微信同手机号"), size), rows["wechat_number"])
    by_phone = np.where((rows["wechat_number"] != "") & (rows["broken"] == ""), by_phone, "")
    stands = (rows["wechat_number"] == rows["mobile"]) | (rows["wechat_number"] == rows["mobile2"])
    wechat = np.where((wechat == "") & stands, by_phone, wechat)
    ways = {"mail": 0.15, "float": 0.06, "label": 0.04}
    qq = _typed(
        dice, qq, ways,
        lambda way, at: [{"mail": f"{c}@qq.com", "float": f"{c}.0", "label": f"QQ{c}"}[way] for c in qq[at]],
    )  # fmt: skip
    return wechat, qq


def _companies(dice: Dice, rows: pd.DataFrame, p: pd.DataFrame) -> np.ndarray:
    size = len(rows)
    core = rows["core"].to_numpy(object)
    form = np.where(dice.hit(FORM_CHANGED, size), dice.pick(FORMS, size), "有限公司")
    form = np.where(rows["company"] & (rows["written_trade"] != ""), form, "")
    kind = dice.kind(PLACE_IN_COMPANY, size)
    before = np.choose(kind, [np.full(size, "", object), p["short_city"].to_numpy(object), p["short_county"].to_numpy(object),
                              p["city"].to_numpy(object), p["province"].where(p["province"] == p["city"], p["province"] + p["city"]).to_numpy(object)])  # fmt: skip
    chain = (rows["trait"] == "chain").to_numpy()
    before = np.where(chain & (kind > 0) & dice.hit(0.5, size), "", before)
    branch = np.where(dice.hit(np.where(chain, 0.5, BRANCH_IN_COMPANY), size), "(" + p["short_county"] + "店)", "")
    cells = np.where(core != "", before + core + form + branch, "")

    def write(way: str, chosen: np.ndarray) -> list[str]:
        return [
            {
                "space": f"{c[:2]} {c[2:]}",
                "traditional": c.translate(_OLD),
                "wide": c.translate(_WIDE),
                "mark": f"“{c}”",
            }[way]
            for c in cells[chosen]
        ]

    return _typed(dice, cells, COMPANY_TYPED, write)


def _places(dice: Dice, rows: pd.DataFrame, p: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    size = len(rows)
    province = np.where(dice.hit(SHORT_PROVINCE, size), p["short_province"], p["province"])
    city = np.where(dice.hit(SHORT_CITY, size), p["short_city"], p["city"])
    short = dice.hit(SHORT_COUNTY, size) & rows["has_city"]
    county = np.where(short, p["short_county"], p["county"])
    county = np.where(dice.hit(OLD_DISTRICT, size) & (p["before"] != "") & rows["has_city"], p["before"], county)
    province = np.where(rows["has_province"], province, "")
    city, county = np.where(rows["has_city"], city, ""), np.where(rows["has_county"], county, "")
    shifted = dice.hit(WRONG_LEVEL, size) & (city == "") & (county != "")
    return province, np.where(shifted, county, city), np.where(shifted, "", county)


def _dates(dice: Dice, size: int) -> np.ndarray:
    year, month, day = 2024 + dice.number(3, size), 1 + dice.number(12, size), 1 + dice.number(28, size)
    way = dice.kind((0.6, 0.15, 0.15, 0.1), size)
    forms = ("{0}-{1:02d}-{2:02d}", "{0}.{1}.{2}", "{0}/{1}/{2}", "{0}年{1}月{2}日")
    return np.array([forms[w].format(y, m, d) for w, y, m, d in zip(way, year, month, day, strict=True)], object)
