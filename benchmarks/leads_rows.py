"""One lead after another about the invented customers: what was known and written down, still in clean columns.

Everything here is variation of the real world, which no cleaning can take away: another phone, another contact, a blank,
a wrong digit, a wrong character, a shorter name of the shop. How it was typed comes afterwards (leads_cells.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from dice import Dice
from leads_facts import CONFUSED, OTHER_TRADES, PLACEHOLDERS, TITLES_FEMALE, TITLES_MALE, Facts
from leads_world import mobiles

# --- How often one customer comes -------------------------------------------------------------------------------------
CLUSTER_SIZES = (0.60, 0.215, 0.10, 0.045, 0.02, 0.01, 0.006, 0.004)  # 1 to 8 leads; mostly 1 to 4
EXACT_COPIES = 0.03  # rows handed in twice, of the rows that are not the first of their customer

# --- The person in the lead -------------------------------------------------------------------------------------------
BY_SECOND_CONTACT = 0.25  # of the leads of a customer that has one
NAME_HIDDEN = 0.15  # 王总, 张姐: staff write what they call people
NAME_BLANK = 0.05
NAME_WRONG = 0.03  # a homophone or look-alike, heard on the telephone
# --- Contacts ---------------------------------------------------------------------------------------------------------
PHONE_BLANK = 0.09  # WeChat leads
PHONE_SECOND = 0.10  # of the leads of customers with two mobiles: only the other one is given
PHONE_BOTH = 0.15  # … both are
PHONE_LANDLINE = 0.09  # of the leads of customers with a landline: only that one
PHONE_WITH_LANDLINE = 0.15  # … it and the mobile
PHONE_NEW = 0.5  # of the later leads of somebody who changed the number
DIGIT_WRONG = 0.006
DIGIT_MISSING = 0.012  # 10 digits: cannot be cleaned, so the clean column is blank
LOST_IN_EXCEL = 0.008  # 1.39E+10: the digits are gone
STAFF_PHONE = 0.004  # hard negative: a member of staff enters the own phone, each on about 25 leads
PLACEHOLDER = 0.004  # hard negative: 13800138000, because the form wants something
WECHAT_GIVEN, QQ_GIVEN = 0.45, 0.40  # of those who have one
# --- The business and its place ---------------------------------------------------------------------------------------
COMPANY_BLANK = 0.20
COMPANY_SHORT = 0.10  # 康源 for 康源养生馆
COMPANY_OTHER_TRADE = 0.04  # 康源养生堂 for 康源养生馆
COMPANY_WRONG = 0.012  # 康缘养生馆
TOLD, COUNTY_TOLD, NAME_TOLD = (
    0.96,
    0.85,
    0.85,
)  # of the leads by another phone or contact: business and place are given
PLACE_BLANK, COUNTY_BLANK, CITY_BLANK, PROVINCE_BLANK = 0.04, 0.15, 0.10, 0.30
# Nobody writes a lead that reaches no one; this share of those without any contact still stays, with name and business.
STAYS_WITHOUT_CONTACT = 0.25

CLEAN = ("mobile", "mobile2", "landline", "wechat", "qq", "name", "surname", "core", "province", "city", "county")


def sizes(dice: Dice, rows: int) -> np.ndarray:
    """Leads per customer; together exactly ``rows``."""
    drawn = dice.kind(CLUSTER_SIZES, rows) + 1
    ends = np.cumsum(drawn)
    last = int(np.searchsorted(ends, rows))
    drawn = drawn[: last + 1]
    drawn[-1] -= int(ends[last]) - rows
    return drawn


def leads(dice: Dice, facts: Facts, known: pd.DataFrame, count: np.ndarray) -> pd.DataFrame:
    """One row per lead, those of one customer together: CLEAN, truth, ask, trait, and what the cells are made from."""
    rows = pd.DataFrame({"truth": np.repeat(np.arange(len(count)), count)})
    c = known.iloc[rows["truth"].to_numpy()].reset_index(drop=True)
    rows["trait"], rows["ask"], rows["nth"] = c["trait"], c["ask"], rows.groupby("truth").cumcount()
    for column in ("town", "street", "company", "business", "trade", "role2"):
        rows[column] = c[column]
    rows["place"] = c["place"]
    rows["by2"] = c["has2"] & dice.hit(BY_SECOND_CONTACT, len(rows))
    _person(dice, rows, c)
    _phones(dice, rows, c)
    rows["told"] = _told(dice, rows)
    nameless = rows["told"] & (rows["name"] == "") & dice.hit(NAME_TOLD, len(rows))
    rows["name"] = rows["name"].where(~nameless, rows["full_name"])
    rows["surname"] = rows["surname"].where(~nameless, rows["full_surname"])
    _business(dice, rows, c)
    _place(dice, facts, rows)
    _reachable(dice, rows, c)
    _lost(dice, rows)
    _copies(dice, rows)
    return rows


def _person(dice: Dice, rows: pd.DataFrame, c: pd.DataFrame) -> None:
    size = len(rows)
    surname = np.where(rows["by2"], c["surname2"], c["surname"])
    given = np.where(rows["by2"], c["given2"], c["given"])
    female = np.where(rows["by2"], c["female2"], c["female"])
    rows["title"] = np.where(female, dice.pick(TITLES_FEMALE, size), dice.pick(TITLES_MALE, size))
    state = dice.kind((NAME_HIDDEN, NAME_BLANK, NAME_WRONG, 1), size)
    name = surname + given
    wrong = np.flatnonzero(state == 2)
    name[wrong] = confused(dice, name[wrong])
    rows["surname"] = np.where(state == 1, "", np.where(state == 2, pd.Series(name).str[:1], surname))
    rows["name"] = np.where(state <= 1, "", name)
    rows["full_name"], rows["full_surname"] = surname + given, surname


def confused(dice: Dice, words: np.ndarray) -> np.ndarray:
    """Each with one character that sounds or looks alike, where there is one."""
    table = {a: group.replace(a, "") for group in CONFUSED for a in group}
    out = []
    for heard, where, which in zip(words, dice.part(len(words)), dice.part(len(words)), strict=True):
        word = heard
        at = [i for i, a in enumerate(heard) if a in table]
        if at:
            i = at[int(where * len(at))]
            others = table[word[i]]
            word = word[:i] + others[int(which * len(others))] + word[i + 1 :]
        out.append(word)
    return np.array(out, object)


def _phones(dice: Dice, rows: pd.DataFrame, c: pd.DataFrame) -> None:
    size = len(rows)
    main = np.where(rows["by2"], c["mobile2"], c["m1"]).astype(np.int64)
    later = c["has_m3"] & ~rows["by2"] & (rows["nth"] > 0) & dice.hit(PHONE_NEW, size)
    rows["changed"] = later
    main = np.where(later, c["m3"], main)
    two = (c["has_m2"] & ~rows["by2"]).to_numpy()
    state = dice.kind((PHONE_SECOND, PHONE_BOTH, 1), size)
    other = np.where(two & (state == 1), c["m2"], 0)
    main = np.where(two & (state == 0), c["m2"], main)
    rows["changed"] |= two & (state == 0)
    line = c["has_landline"].to_numpy()
    state = dice.kind((PHONE_LANDLINE, PHONE_WITH_LANDLINE, 1), size)
    hotline = (c["hotline"] != "").to_numpy()
    state = np.where(line & (c["trait"] == "switchboard") & dice.hit(0.6, size), dice.number(2, size), state)
    main = np.where(line & (state == 0), 0, main)
    other = np.where(line & (state == 0), 0, other)
    blank = dice.hit(PHONE_BLANK, size)
    strange = dice.kind((STAFF_PHONE, PLACEHOLDER, 1), size)
    staff = mobiles(dice, max(round(size * STAFF_PHONE / 25), 2))
    main = np.where(strange == 0, staff[dice.number(len(staff), size)], main)
    main = np.where(
        strange == 1,
        np.array([int(p) for p in PLACEHOLDERS])[(dice.part(size) ** 2 * len(PLACEHOLDERS)).astype(int)],
        main,
    )
    other = np.where(strange <= 1, 0, other)
    rows["strange"] = np.array(["staff phone", "placeholder", ""], object)[strange]
    wrong = (main > 0) & (strange == 2) & dice.hit(DIGIT_WRONG, size)
    place = 10 ** dice.number(8, size)
    main = np.where(wrong, main - main // place % 10 * place + dice.number(10, size) * place, main)
    rows["mobile"], rows["mobile2"] = as_text(np.where(blank, 0, main)), as_text(np.where(blank, 0, other))
    rows["has_line"] = line & (state <= 1) & ~blank & (strange == 2)
    rows["local"], rows["hotline"] = c["local"], np.where(hotline, c["hotline"], "")
    given = dice.hit(WECHAT_GIVEN, size)
    rows["wechat"] = np.where(c["has_wechat"] & ~rows["by2"] & given, c["wechat"], "")
    rows["phone_wechat"] = c["phone_wechat"] & ~rows["by2"] & given & (strange == 2)
    rows["qq"] = np.where(c["has_qq"] & ~rows["by2"] & dice.hit(QQ_GIVEN, size), c["qq"], "")
    # Found on WeChat by the phone number: with a blank or another phone the number stands in the WeChat cell.
    rows["wechat_number"] = np.where(rows["phone_wechat"], as_text(c["m1"].to_numpy()), "")
    news = (rows["wechat_number"] != "") & (rows["wechat_number"] != rows["mobile"])
    first = news & (rows["mobile"] == "")
    second = news & ~first & (rows["mobile2"] == "")
    rows["mobile"] = rows["mobile"].where(~first, rows["wechat_number"])
    rows["mobile2"] = rows["mobile2"].where(~second, rows["wechat_number"])
    rows["from_wechat"] = np.where(first, 1, np.where(second, 2, 0))


def _told(dice: Dice, rows: pd.DataFrame) -> pd.Series:
    """Leads without the usual number of the customer: staff who know who this is say so, with business and place."""
    unusual = rows["changed"] | rows["by2"] | (rows["strange"] != "") | (rows["mobile"] == "")
    return unusual & dice.hit(TOLD, len(rows))


def as_text(numbers: np.ndarray) -> np.ndarray:
    """Numbers as text, 0 as blank."""
    return np.array([str(n) if n else "" for n in numbers.tolist()], object)


def _business(dice: Dice, rows: pd.DataFrame, c: pd.DataFrame) -> None:
    size = len(rows)
    state = dice.kind((COMPANY_BLANK, COMPANY_SHORT, COMPANY_OTHER_TRADE, COMPANY_WRONG, 1), size)
    state = np.where((state == 0) & rows["told"], 4, state)
    brand, trade = c["brand"].to_numpy(object), c["trade"].to_numpy(object)
    other = np.array([OTHER_TRADES.get(t, t) for t in trade], object)
    wrong = np.flatnonzero(state == 3)
    brand[wrong] = confused(dice, brand[wrong])
    named_by_trade = (pd.Series(brand).str.endswith("氏")).to_numpy()
    trade = np.where((state == 1) & ~named_by_trade, "", np.where(state == 2, other, trade))
    blank = (state == 0) | ~rows["business"].to_numpy()
    rows["brand"], rows["written_trade"] = np.where(blank, "", brand), np.where(blank, "", trade)
    rows["core"] = rows["brand"] + rows["written_trade"]


def _place(dice: Dice, facts: Facts, rows: pd.DataFrame) -> None:
    """The clean columns know what follows from what was written: the city of a county that exists once, its province."""
    size = len(rows)
    p = facts.places.iloc[rows["place"].to_numpy()].reset_index(drop=True)
    none = dice.hit(PLACE_BLANK, size) & ~rows["told"]
    for level, share in (("province", PROVINCE_BLANK), ("city", CITY_BLANK), ("county", COUNTY_BLANK)):
        rows[f"has_{level}"] = ~dice.hit(share, size) & ~none
    rows["has_county"] |= rows["told"] & dice.hit(COUNTY_TOLD, size)
    county = rows["has_county"] & (rows["has_city"] | p["alone"])
    city = rows["has_city"] | county
    rows["county"] = p["county"].where(county, "")
    rows["city"] = p["city"].where(city, "")
    rows["province"] = p["province"].where(city | rows["has_province"], "")
    line = rows["has_line"] & (rows["hotline"] == "")
    # Cities with seven digits keep seven; without a city nobody knows the area code.
    number = rows["local"].astype("str").to_numpy(object)
    long = p["code"].str.len() == 3
    number = np.where(long, "8" + number, number)
    rows["code"], rows["number"] = np.where(line, p["code"], ""), np.where(line & (p["code"] != ""), number, "")
    rows["code_left_out"] = dice.hit(0.25, size) & (rows["city"] != "") & line
    rows["landline"] = np.where(
        rows["number"] != "", rows["code"] + "-" + rows["number"], np.where(rows["has_line"], rows["hotline"], "")
    )


def _reachable(dice: Dice, rows: pd.DataFrame, c: pd.DataFrame) -> None:
    contact = (rows[["mobile", "landline", "wechat", "qq"]] != "").any(axis=1)
    told = (rows["name"] != "") & (rows["core"] != "") & (rows["city"] != "")
    bare = ~contact & ~(told & dice.hit(STAYS_WITHOUT_CONTACT, len(rows)))
    rows.loc[bare, "mobile"] = as_text(np.where(rows["by2"], c["mobile2"], c["m1"])[bare])
    rows.loc[bare, "from_wechat"] = 0
    rows.loc[bare, "strange"] = ""


def _lost(dice: Dice, rows: pd.DataFrame) -> None:
    """Numbers that no cleaning brings back: they are in the cell, not in the clean column."""
    size = len(rows)
    simple = (rows["mobile"] != "") & (rows["mobile2"] == "") & (rows["from_wechat"] == 0) & (rows["strange"] == "")
    state = dice.kind((DIGIT_MISSING, LOST_IN_EXCEL, 1), size)
    state = np.where(simple & (rows[["core", "name", "city"]] != "").all(axis=1), state, 2)
    rows["broken"] = ""
    at = dice.number(8, size) + 3
    short = np.flatnonzero(state == 0)
    numbers = rows["mobile"].to_numpy(object)
    rows.loc[short, "broken"] = [numbers[i][: at[i]] + numbers[i][at[i] + 1 :] for i in short]
    lost = np.flatnonzero(state == 1)
    rows.loc[lost, "broken"] = [f"{numbers[i][0]}.{numbers[i][1:3]}E+10" for i in lost]
    rows["mobile"] = rows["mobile"].where(rows["broken"] == "", "")


def _copies(dice: Dice, rows: pd.DataFrame) -> None:
    rows["copy"] = (rows["nth"] > 0) & dice.hit(EXACT_COPIES, len(rows))
    # A copy of a copy is a copy of the first: clean columns are copied here, the cells when they are typed.


def repeated(rows: pd.DataFrame, columns: list[str]) -> None:
    """Fill the copies from the lead above them."""
    source = np.arange(len(rows))
    source[rows["copy"].to_numpy()] = -1
    source = np.maximum.accumulate(source)
    for column in columns:
        rows[column] = rows[column].to_numpy()[source]
