"""Splink's models: one for clean leads, one for cells as typed, one each for FEBRL and historical_50k.

Term frequencies on every identifying value, Jaro-Winkler and edit-distance levels, many narrow blocks. The two public ones
follow the examples in Splink's own documentation (febrl3, deduplication of 50k historical persons), with more blocks.
"""

from __future__ import annotations

from typing import NamedTuple

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import SettingsCreator, block_on


class Trained(NamedTuple):
    """A model, and the single blocks inside which its parameters are estimated one after another."""

    settings: SettingsCreator
    sessions: list


NAMES = {
    "姓名": "name", "电话": "phone", "微信": "wechat", "QQ": "qq", "单位": "company", "省": "province", "市": "city", "县区": "county", "地址": "address",
}  # fmt: skip


def sql(condition: str, label: str, tf: str | None = None) -> cll.CustomLevel:
    level = cll.CustomLevel(condition, label)
    return level.configure(tf_adjustment_column=tf) if tf else level


def comparison(name: str, null: str, *levels: cll.CustomLevel) -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name=name,
        comparison_levels=[sql(null, "null").configure(is_null_level=True), *levels, cll.ElseLevel()],
    )


def exact(column: str, tf: bool = True) -> cll.ExactMatchLevel:
    return cll.ExactMatchLevel(column, term_frequency_adjustments=tf)


def clean_model() -> Trained:
    place = comparison(
        "place", "province_l is null or province_r is null",
        sql("county_l = county_r and city_l = city_r", "county"),
        sql("city_l = city_r and (county_l is null or county_r is null)", "city, county open"),
        sql("city_l = city_r", "city, other county"),
        sql("province_l = province_r and (city_l is null or city_r is null)", "province, city open"),
        sql("province_l = province_r", "province"),
    )  # fmt: skip
    name = comparison(
        "name", "surname_l is null or surname_r is null",
        exact("name"),
        sql("(name_l is null or name_r is null) and surname_l = surname_r", "surname, given name hidden", "surname"),
        sql("levenshtein(name_l, name_r) <= 1 and length(name_l) = 3", "one character"),
        sql("jaro_winkler_similarity(name_l, name_r) >= 0.75", "similar"),
        sql("surname_l = surname_r", "surname only"),
    )  # fmt: skip
    core = comparison(
        "core", "core_l is null or core_r is null",
        exact("core"),
        sql("starts_with(core_l, core_r) or starts_with(core_r, core_l)", "shortened"),
        sql("left(core_l, 2) = left(core_r, 2)", "same beginning"),
        sql("jaro_winkler_similarity(core_l, core_r) >= 0.85", "similar"),
    )  # fmt: skip
    mobile = comparison(
        "mobile", "mobile_l is null or mobile_r is null",
        exact("mobile"),
        sql("list_has_any(phones_l, phones_r)", "one of two"),
        sql("damerau_levenshtein(mobile_l, mobile_r) <= 1", "one digit"),
    )  # fmt: skip
    single = [comparison(c, f"{c}_l is null or {c}_r is null", exact(c)) for c in ("landline", "wechat", "qq")]
    blocks = [
        block_on("phones", arrays_to_explode=["phones"]), block_on("landline"), block_on("wechat"), block_on("qq"),
        block_on("name", "city"), block_on("core", "city"), block_on("name", "core"), block_on("surname", "left(core, 2)", "city"),
        block_on("left(core, 2)", "county"),
    ]  # fmt: skip
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=[mobile, *single, name, core, place],
        blocking_rules_to_generate_predictions=blocks, retain_matching_columns=False,
    )  # fmt: skip
    return Trained(
        settings, [block_on("mobile"), block_on("name", "city"), block_on("core", "county"), block_on("wechat")]
    )


def raw_model() -> Trained:
    def fuzzy(column: str, *thresholds: float) -> cl.CustomComparison:
        near = [cll.JaroWinklerLevel(column, t) for t in thresholds]
        return comparison(column, f"{column}_l is null or {column}_r is null", exact(column), *near)

    place = comparison(
        "place", "(city_l is null or city_r is null) and (county_l is null or county_r is null)",
        sql("county_l = county_r", "county"),
        sql("jaro_winkler_similarity(county_l, county_r) >= 0.8", "county similar"),
        sql("city_l = city_r", "city"),
        sql("jaro_winkler_similarity(city_l, city_r) >= 0.8", "city similar"),
    )  # fmt: skip
    blocks = [
        block_on("phone"), block_on("wechat"), block_on("qq"), block_on("company"), block_on("name", "county"),
        block_on("name", "city"), block_on("company", "county"), block_on("left(name, 1)", "address"),
        block_on("left(phone, 11)"), block_on("right(phone, 11)"), block_on("left(company, 4)", "left(county, 2)"),
    ]  # fmt: skip
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            fuzzy("phone", 0.95, 0.88), fuzzy("wechat", 0.95), fuzzy("qq", 0.95), fuzzy("name", 0.9, 0.75),
            fuzzy("company", 0.92, 0.82, 0.7), place, fuzzy("address", 0.9),
        ],
        blocking_rules_to_generate_predictions=blocks, retain_matching_columns=False,
    )  # fmt: skip
    return Trained(settings, [block_on("phone"), block_on("name", "county"), block_on("company"), block_on("wechat")])


def febrl_model() -> Trained:
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("street_number", [1]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.75]),
            cl.JaroWinklerAtThresholds("suburb", [0.9, 0.75]),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("soc_sec_id"), block_on("date_of_birth"), block_on("given_name", "surname"),
            block_on("surname", "postcode"), block_on("given_name", "postcode"), block_on("address_1", "street_number"),
            block_on("suburb", "surname"), block_on("suburb", "given_name"), block_on("left(surname, 3)", "left(given_name, 3)"),
        ],
    )  # fmt: skip
    return Trained(
        settings, [block_on("date_of_birth"), block_on("surname", "given_name"), block_on("postcode", "suburb")]
    )


def historical_model() -> Trained:
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_and_surname"
            ),
            cl.DateOfBirthComparison(
                "dob", input_is_string=True, datetime_metrics=["year", "month"], datetime_thresholds=[1, 1]
            ),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "surname"), block_on("surname", "dob"), block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"), block_on("postcode_fake", "surname"), block_on("dob", "birth_place"),
            block_on("left(surname, 4)", "dob"), block_on("left(first_name, 3)", "left(surname, 4)", "birth_place"),
            block_on("postcode_fake", "birth_place"), block_on("full_name"),
        ],
    )  # fmt: skip
    return Trained(settings, [block_on("first_name", "surname"), block_on("dob"), block_on("postcode_fake")])


MODELS = {"clean": clean_model, "raw": raw_model, "febrl": febrl_model, "historical": historical_model}
