"""The invented customers behind the leads, with the neighbours that are easily taken for them (hard negatives)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from dice import Dice
from leads_facts import INDUSTRIES, POPULAR, ROLES, STREETS, TRADES, Facts

# --- What customers are like -----------------------------------------------------------------------------------------
BUSINESS = 0.88  # the others are persons who want to open a shop
COMPANY = 0.25  # of the businesses, with a legal form; the others are shops
OWNERS_NAME = 0.18  # shops called after their owner: 丽娟养生馆, 王氏推拿馆
POPULAR_SHOP = 0.08  # hard negative: namesake shops, 康乐养生馆 in many towns with other owners
SECOND_PHONE = 0.16  # two mobiles are common in trade
NEW_PHONE = 0.05  # changed the number between two leads
LANDLINE = 0.35  # shops keep fewer and fewer
OWN_WECHAT, PHONE_WECHAT = 0.50, 0.30  # an ID of its own, or found by the phone number
QQ = 0.30
SECOND_CONTACT = 0.075  # a manager, buyer or spouse who writes as well

# --- Hard negatives: shares of all customers -------------------------------------------------------------------------
NAMESAKE = 0.03  # 王伟 twice in one city: with 90,000 customers common names meet often
BROTHERS = 0.008  # one surname, one generation character, numbers bought together
COUPLE = 0.006  # two businesses, one family phone
RESOLD = 0.012  # carriers hand a given-back number out again after 90 days
SWITCHBOARD = 0.014  # a mall's, a club's or a platform's number given by all its tenants, 8 to 30 of them
CHAIN = 0.035  # franchises: one brand in many counties, each with its own owner, 8 to 40 shops
TWO_SHOPS = 0.008  # one owner, two shops in one city: a person must be asked (column ``ask``)
SWITCHBOARD_SIZE, CHAIN_SIZE = (8, 30), (8, 40)

_PREFIXES = (
    "130", "131", "132", "133", "134", "135", "136", "137", "138", "139", "150", "151", "152", "153", "155", "156",
    "157", "158", "159", "166", "173", "176", "177", "178", "180", "181", "182", "183", "185", "186", "187", "188",
    "189", "191", "198", "199",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Contact persons, one per position."""

    surname: np.ndarray
    given: np.ndarray
    female: np.ndarray
    mobile: np.ndarray

    @property
    def name(self) -> np.ndarray:
        return self.surname + self.given


def mobiles(dice: Dice, size: int) -> np.ndarray:
    """Mobile numbers, as numbers."""
    return dice.pick([int(p) * 10**8 for p in _PREFIXES], size).astype(np.int64) + dice.number(10**8, size)


def people(dice: Dice, facts: Facts, size: int) -> Person:
    surname = facts.surnames[dice.weighted(facts.frequency, size)]
    female = dice.hit(0.45, size)
    first, second = (
        np.where(female, facts.given[1][at], facts.given[0][at])
        for at in (dice.weighted(facts.rank, size), dice.weighted(facts.rank, size))
    )
    given = np.where(dice.hit(0.22, size), first, first + second)
    return Person(surname, given, female, mobiles(dice, size))


def customers(dice: Dice, facts: Facts, size: int) -> pd.DataFrame:
    """One row per customer: ``trait`` names the hard negative it takes part in, ``ask`` the pair to ask about (or -1)."""
    owner, second = people(dice, facts, size), people(dice, facts, size)
    frame = pd.DataFrame(
        {
            "surname": owner.surname, "given": owner.given, "female": owner.female,
            "m1": owner.mobile, "m2": mobiles(dice, size), "m3": mobiles(dice, size),
            "has_m2": dice.hit(SECOND_PHONE, size), "has_m3": dice.hit(NEW_PHONE, size),
            "surname2": second.surname, "given2": second.given, "female2": second.female, "mobile2": second.mobile,
            "has2": dice.hit(SECOND_CONTACT, size), "role2": dice.pick(ROLES, size),
            "business": dice.hit(BUSINESS, size), "company": dice.hit(COMPANY, size),
            "place": dice.weighted(_crowds(facts), size),
        }
    )  # fmt: skip
    frame["brand"], frame["trade"], frame["called"] = _brands(dice, facts, frame)
    for column in ("has2", "has_m3"):  # a person without a business who changed the number cannot be known again
        frame[column] &= frame["business"]
    frame["local"] = 2_000_000 + dice.number(6_999_999, size)
    frame["has_landline"] = dice.hit(LANDLINE, size) & frame["business"]
    frame["hotline"] = ""
    _net_names(dice, frame)
    frame["street"] = (
        dice.pick(STREETS, size) + pd.Series(dice.number(400, size) + 1).astype("str").to_numpy(object) + "号"
    )
    frame["town"] = dice.number(np.maximum(facts.places["towns"].to_numpy()[frame["place"]], 1), size)
    frame["trait"], frame["ask"] = "", -1
    popular = dice.hit(POPULAR_SHOP, size) & frame["business"].to_numpy()
    frame.loc[popular, "brand"] = dice.pick(POPULAR, int(popular.sum()))
    frame.loc[popular, "company"] = False
    frame.loc[popular, "trade"] = dice.pick(TRADES[:8], int(popular.sum()))
    frame.loc[popular, "trait"] = "namesake shop"
    _hard(dice, facts, frame)
    _called_after_owners(frame)
    return frame


def _crowds(facts: Facts) -> np.ndarray:
    """Some counties have many times the customers of others."""
    weight = 1 / (1 + facts.places["adcode"].astype("int64").to_numpy() * 7919 % 997 % 40)
    cumulated = np.cumsum(weight)
    return cumulated / cumulated[-1]


def _brands(dice: Dice, facts: Facts, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    size = len(frame)
    own = dice.hit(OWNERS_NAME, size) & ~frame["company"].to_numpy()
    by_given = dice.hit(0.5, size) & (frame["given"].str.len() == 2)
    called = np.where(own, np.where(by_given, "given", "surname"), "")
    trade = np.where(frame["company"], dice.pick(INDUSTRIES, size), dice.pick(TRADES, size))
    return dice.pick(facts.brands, size), trade, called


def _called_after_owners(frame: pd.DataFrame) -> None:
    """丽娟养生馆, 王氏推拿馆; two shops of one owner bear one name."""
    own = ~frame["trait"].isin(["chain", "namesake shop"])
    given = own & (frame["called"] == "given") & (frame["given"].str.len() == 2)
    surname = own & (frame["called"] != "") & ~given
    frame["brand"] = frame["brand"].mask(given, frame["given"]).mask(surname, frame["surname"] + "氏")


def _net_names(dice: Dice, frame: pd.DataFrame) -> None:
    size = len(frame)
    letters = dice.number(26**3, size)
    spelt = np.array([chr(97 + n // 676) + chr(97 + n // 26 % 26) + chr(97 + n % 26) for n in range(26**3)], object)
    frame["wechat"] = (
        spelt[letters] + dice.pick(("_", "", "-", "wx"), size) + dice.number(10**7, size).astype(str).astype(object)
    )
    kind = dice.kind((OWN_WECHAT, PHONE_WECHAT, 1), size)
    frame["has_wechat"], frame["phone_wechat"] = kind == 0, kind == 1
    frame["qq"] = (10**5 + (dice.part(size) ** 2 * 3.2e9).astype(np.int64)).astype(str).astype(object)
    frame["has_qq"] = dice.hit(QQ, size)


def _hard(dice: Dice, facts: Facts, frame: pd.DataFrame) -> None:
    """Give disjoint parts of the customers their neighbours."""
    size = len(frame)
    free = dice.order(size)
    free = free[(frame["trait"].to_numpy()[free] == "") & frame["business"].to_numpy()[free]]

    def take(share: float, at_least: int = 2) -> np.ndarray:
        nonlocal free
        chosen, free = np.split(free, [max(round(share * size), at_least) // 2 * 2])
        return chosen

    def pairs(share: float, trait: str) -> tuple[np.ndarray, np.ndarray]:
        chosen = take(share)
        frame.loc[chosen, "trait"] = trait
        return chosen[::2], chosen[1::2]

    def copy(left: np.ndarray, right: np.ndarray, *columns: str) -> None:
        for column in columns:
            frame.loc[right, column] = frame[column].to_numpy()[left]

    a, b = pairs(NAMESAKE, "namesake")
    copy(a, b, "surname", "given", "female")
    frame.loc[b, "place"] = _in_city(dice, facts, frame["place"].to_numpy()[a])
    a, b = pairs(BROTHERS, "brothers")
    copy(a, b, "surname", "place")
    frame.loc[b, "given"] = frame["given"].str[:1].to_numpy()[a] + dice.pick(facts.given[0][:60], len(b))
    frame.loc[b, "m1"] = frame["m1"].to_numpy()[a] + 1
    frame.loc[np.concatenate((a, b)), "female"] = False
    a, b = pairs(COUPLE, "couple")
    copy(a, b, "m1", "place")
    frame.loc[b, "female"] = ~frame["female"].to_numpy()[a]
    a, b = pairs(RESOLD, "resold number")
    copy(a, b, "m1")
    a, b = pairs(TWO_SHOPS, "two shops")
    copy(
        a, b, "surname", "given", "female", "m1", "m2", "has_m2", "wechat", "has_wechat", "phone_wechat", "qq", "has_qq"
    )
    frame.loc[b, "place"] = _in_city(dice, facts, frame["place"].to_numpy()[a])
    frame.loc[a, "ask"] = frame.loc[b, "ask"] = np.arange(len(a))
    _switchboards(dice, frame, take(SWITCHBOARD, 16))
    _chains(dice, facts, frame, take(CHAIN, 16))


def _in_city(dice: Dice, facts: Facts, place: np.ndarray) -> np.ndarray:
    """Counties of the same city, the same one half of the time."""
    start, size = (facts.places[c].to_numpy()[place] for c in ("city_start", "city_size"))
    return np.where(dice.hit(0.5, len(place)), place, start + dice.number(size, len(place)))


def _groups(dice: Dice, chosen: np.ndarray, sizes: tuple[int, int]) -> np.ndarray:
    """For each chosen customer the position (in ``chosen``) of the first of its group."""
    small, large = sizes
    starts = np.cumsum(small + dice.number(large - small + 1, len(chosen) // small + 1))
    starts = np.concatenate(([0], starts[starts < len(chosen) - 2]))
    return starts[np.searchsorted(starts, np.arange(len(chosen)), side="right") - 1]


def _switchboards(dice: Dice, frame: pd.DataFrame, chosen: np.ndarray) -> None:
    first = chosen[_groups(dice, chosen, SWITCHBOARD_SIZE)]
    frame.loc[chosen, "trait"] = "switchboard"
    platform = dice.hit(0.5, len(frame))[first]  # half of them 400 numbers of a platform, the others in one town
    local = np.where(platform, frame["place"].to_numpy()[chosen], frame["place"].to_numpy()[first])
    hotline = "400" + pd.Series(1_000_000 + frame["local"].to_numpy()[first] % 8_999_999).astype("str").to_numpy(object)
    frame.loc[chosen, "hotline"] = np.where(platform, hotline, "")
    frame.loc[chosen, "place"] = local
    frame.loc[chosen, "local"] = frame["local"].to_numpy()[first]
    frame.loc[chosen, "has_landline"] = True


def _chains(dice: Dice, facts: Facts, frame: pd.DataFrame, chosen: np.ndarray) -> None:
    first = chosen[_groups(dice, chosen, CHAIN_SIZE)]
    frame.loc[chosen, "trait"] = "chain"
    near = dice.hit(0.5, len(frame))[first]  # half of the chains stay in one city
    for column in ("brand", "trade", "company"):
        frame.loc[chosen, column] = frame[column].to_numpy()[first]
    home = _in_city(dice, facts, frame["place"].to_numpy()[first])
    frame.loc[chosen, "place"] = np.where(near, home, frame["place"].to_numpy()[chosen])
