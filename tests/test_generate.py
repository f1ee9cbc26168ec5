"""The invented leads of the benchmarks: frozen, seeded, with every hard negative."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import generate  # noqa: E402
import leads_facts  # noqa: E402

pytestmark = pytest.mark.skipif(
    not leads_facts.DATA.exists(), reason="../shared/data is missing: the leads are made of its facts"
)
ROWS = 2_000
FROZEN = "5ad990723c21cd842b047fce78ce7739d6066cb55cba6a841df2dcd4c3cc965c"


@pytest.fixture(scope="module")
def leads():
    return generate.generate(ROWS, 1)


def digest(frame: pd.DataFrame) -> str:
    return hashlib.sha256(frame.to_csv(index=False, lineterminator="\n").encode()).hexdigest()


def customers(leads: pd.DataFrame, trait: str) -> pd.DataFrame:
    return leads[leads["trait"] == trait]


def shared_by(leads: pd.DataFrame, column: str) -> pd.Series:
    """How many customers each value of a column belongs to."""
    return leads[leads[column] != ""].groupby(column)["truth"].nunique()


def test_the_leads_of_version_1_never_change(leads):
    assert (generate.VERSION, digest(leads)) == (1, FROZEN)


def test_a_seed_gives_the_same_leads_again_and_another_seed_others(leads):
    pd.testing.assert_frame_equal(leads, generate.generate(ROWS, 1))
    assert digest(generate.generate(ROWS, 2)) != digest(leads)


@pytest.mark.parametrize("rows", [1, 7, 100])
def test_any_number_of_rows(rows):
    assert len(generate.generate(rows, 3)) == rows


def test_columns_are_text_and_a_blank_cell_is_empty(leads):
    assert list(leads.columns) == [*generate.RAW, "truth", "ask", "trait", "strange", *generate.CLEAN]
    assert not leads.isna().any(axis=None)
    assert (leads.drop(columns=["truth", "ask"]).dtypes == "str").all()


def test_most_customers_come_one_to_four_times(leads):
    times = leads["truth"].value_counts()
    assert times.max() <= 8
    assert (times <= 4).mean() > 0.9
    assert 0.5 < (times == 1).mean() < 0.7


def test_some_rows_are_exact_copies_and_copies_are_of_the_same_customer(leads):
    assert leads.duplicated(list(generate.RAW)).sum() > 5
    copies = leads.groupby(list(generate.RAW))["truth"].nunique()
    assert (copies == 1).all()


@pytest.mark.parametrize(("column", "low", "high"), [
    ("姓名", 0.02, 0.10), ("电话", 0.02, 0.12), ("微信", 0.5, 0.8), ("QQ", 0.8, 0.95), ("单位", 0.2, 0.4),
    ("省", 0.2, 0.45), ("市", 0.08, 0.3), ("县区", 0.08, 0.3), ("地址", 0.4, 0.7), ("备注", 0.6, 0.9),
])  # fmt: skip
def test_blank_cells_in_the_proportions_of_a_sheet(leads, column, low, high):
    assert low < (leads[column] == "").mean() < high


@pytest.mark.parametrize("shape", [
    r"^\+86", r"^\d{11}\.0$", r"E\+10$", r"^\d{3} \d{4} \d{4}$", r"^\d{3}-\d{4}-\d{4}$", r"^\d{11}[一-鿿]", r"^\d{10}$",
    r"\d{11}(?:/|;|、|或)", r"^0\d{2,3}-\d{7,8}", r"^\d{7,8}$", r"[\uff10-\uff19]", "微信同号",
])  # fmt: skip
def test_telephone_numbers_are_typed_in_every_way(leads, shape):
    assert leads["电话"].str.contains(shape).any()


@pytest.mark.parametrize("shape", ["总$", "姐", r"\(老板娘\)$", "经理", "^联系人", "^老.$", r"^.\s.", "[張劉陳楊趙吳]"])
def test_names_are_typed_in_every_way(leads, shape):
    assert leads["姓名"].str.contains(shape).any()


def test_a_clean_column_is_what_was_typed_without_the_dirt(leads):
    plain = leads[leads["电话"].str.fullmatch(r"1\d{10}") & ~leads["微信"].str.fullmatch(r"1\d{10}")]
    assert (plain["mobile"] == plain["电话"]).all()
    assert leads["mobile"].str.fullmatch(r"(?:1[3-9]\d{9})?").all()
    assert leads["landline"].str.fullmatch(r"(?:0\d{2,3}-\d{7,8}|400\d{7})?").all()
    assert leads.loc[leads["单位"] == "", "core"].eq("").all()


def test_namesakes_live_in_one_city_and_share_no_number(leads):
    names = customers(leads, "namesake")
    known = names[(names["name"] != "") & (names["city"] != "")]
    assert known.groupby(["name", "city"])["truth"].nunique().max() > 1
    assert shared_by(names[names["strange"] == ""], "mobile").max() == 1


def test_a_switchboard_is_shared_by_many_customers(leads):
    assert shared_by(customers(leads, "switchboard"), "landline").max() > 3


def test_chains_have_one_core_and_many_customers(leads):
    assert shared_by(customers(leads, "chain"), "core").max() > 3


@pytest.mark.parametrize("trait", ["couple", "resold number"])
def test_one_number_two_customers(leads, trait):
    assert shared_by(customers(leads, trait), "mobile").max() >= 2


def test_brothers_have_neighbouring_numbers_and_one_surname(leads):
    brothers = customers(leads, "brothers").query("mobile != '' and surname != ''")
    found = brothers.assign(next=(brothers["mobile"].astype("int64") + 1).astype("str"))
    pairs = found.merge(brothers, left_on=["next", "surname"], right_on=["mobile", "surname"])
    assert (pairs["truth_x"] != pairs["truth_y"]).any()


def test_namesake_shops_stand_in_many_places(leads):
    assert shared_by(customers(leads, "namesake shop"), "core").max() >= 2


@pytest.mark.parametrize("strange", ["staff phone", "placeholder"])
def test_numbers_that_are_nobodys(leads, strange):
    assert shared_by(leads[leads["strange"] == strange], "mobile").max() >= 2


def test_two_shops_of_one_owner_are_marked_to_be_asked_about(leads):
    asked = leads[leads["ask"] >= 0]
    assert (asked["trait"] == "two shops").all()
    assert asked.groupby("ask")["truth"].nunique().max() == 2


def test_hard_negatives_are_a_minority(leads):
    assert 0.10 < (leads["trait"] != "").mean() < 0.30
