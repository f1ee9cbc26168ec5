"""Splink (DuckDB) on invented leads: a model for the clean columns and one for the cells as typed.

    python splink_leads.py LEADS.parquet clean|raw EDGES.parquet

Settings: u from random pairs, m by EM inside single blocks, term frequencies on every identifying value, Jaro-Winkler
and edit-distance levels. Writes every scored pair above ``FLOOR``: left, right (row positions), weight.
"""

from __future__ import annotations

import logging
import sys
import time

import pandas as pd
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

SEED = 7  # of Splink's own sampling
FLOOR = -5  # match weight of the weakest pair kept for choosing the threshold
U_PAIRS = 1e7
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


def clean_model() -> tuple[SettingsCreator, list]:
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
    single = [
        comparison(c, f"{c}_l is null or {c}_r is null", exact(c)) for c in ("landline", "wechat", "qq")
    ]
    blocks = [
        block_on("phones", arrays_to_explode=["phones"]), block_on("landline"), block_on("wechat"), block_on("qq"),
        block_on("name", "city"), block_on("core", "city"), block_on("name", "core"), block_on("surname", "left(core, 2)", "city"),
        block_on("left(core, 2)", "county"),
    ]  # fmt: skip
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=[mobile, *single, name, core, place],
        blocking_rules_to_generate_predictions=blocks, retain_matching_columns=False,
    )  # fmt: skip
    return settings, [block_on("mobile"), block_on("name", "city"), block_on("core", "county"), block_on("wechat")]


def raw_model() -> tuple[SettingsCreator, list]:
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
    return settings, [block_on("phone"), block_on("name", "county"), block_on("company"), block_on("wechat")]


def prepare(path: str, kind: str) -> pd.DataFrame:
    frame = pd.read_parquet(path)
    if kind == "clean":
        columns = ["mobile", "mobile2", "landline", "wechat", "qq", "name", "surname", "core", "province", "city", "county"]
        frame = frame[columns]
        phones = [[m for m in pair if m] or None for pair in zip(frame["mobile"], frame["mobile2"], strict=True)]
        frame = frame.drop(columns="mobile2").assign(phones=phones)
    else:
        frame = frame[list(NAMES)].rename(columns=NAMES)
    frame = frame.astype(object).where(lambda f: f != "", None)
    return frame.assign(unique_id=range(len(frame)))


def main(path: str, kind: str, out: str) -> None:
    logging.getLogger("splink").setLevel(logging.ERROR)
    frame = prepare(path, kind)
    settings, training = clean_model() if kind == "clean" else raw_model()
    settings.probability_two_random_records_match = 1.5 / len(frame)
    start = time.perf_counter()
    api = DuckDBAPI()
    linker = Linker(api.register(frame), settings, log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=SEED)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, fix_u_probabilities=True)
    trained = time.perf_counter()
    pairs = linker.inference.predict(threshold_match_weight=FLOOR).as_pandas_dataframe()
    done = time.perf_counter()
    print(f"train {trained - start:.1f} s, predict {done - trained:.1f} s, {len(pairs):,} pairs")
    if "--show" in sys.argv:
        for c in linker.misc.save_model_to_json()["comparisons"]:
            for level in c["comparison_levels"]:
                print(c["output_column_name"], level.get("label_for_charts"), level.get("m_probability"), level.get("u_probability"))
    edges = pairs[["unique_id_l", "unique_id_r", "match_weight"]].set_axis(["left", "right", "weight"], axis=1)
    edges.to_parquet(out, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:4])
