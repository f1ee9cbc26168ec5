"""Weights learnt from a list: what EM finds in it, beside what it finds in the usual leads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small import records

from salessheets.match import engine, learn, train
from salessheets.match.comparators import exact
from salessheets.match.leads import match
from salessheets.match.leads_model import MODEL
from salessheets.match.learn import Seen, applied, differences, usual
from salessheets.match.model import Block, Model
from salessheets.settings import default


def weight(model, comparison, level):
    return next(v.weight for c in model.comparisons if c.name == comparison for v in c.levels if v.name == level)


def found(**changed):
    """A list of 20,000 records that is as usual, but for some lessons: name → (pairs, of)."""
    lists = {name: Seen(seen.share * 10_000, 10_000) for name, seen in usual(20_000).items()}
    return lists | {name: Seen(*seen) for name, seen in changed.items()}


def test_a_usual_list_teaches_nothing_and_leaves_every_weight():
    assert differences(found(), usual(20_000)) == {}
    learnt = applied({})
    assert train.weights_of(learnt.model) == train.weights_of(MODEL)
    assert (learnt.model.blocks, learnt.model.rules, learnt.changes) == (MODEL.blocks, MODEL.rules, ())


@pytest.mark.parametrize(
    ("lesson", "seen", "least", "most"),
    [
        ("姓名同音", (1500, 10_000), 1.5, 3.0),  # of true pairs, 15 % instead of 4 %
        ("单位相近", (600, 10_000), -3.0, -1.2),  # 6 % instead of 22 %
        ("字号和城市", (9_000, 10_000), -3.0, -1.5),  # every tenth pair of one 字号 in a city is two customers
        ("姓名同音", (6, 20), 0.0, 0.0),  # too few pairs
    ],
)
def test_a_list_that_differs_teaches_in_bits(lesson, seen, least, most):
    assert least <= differences(found(**{lesson: seen}), usual(20_000)).get(lesson, 0.0) <= most


@pytest.mark.parametrize("bits", [-3.0, 3.0])
def test_an_agreement_stays_an_agreement_and_a_contradiction_one(bits):
    every = dict.fromkeys([k for kinds in learn.CLASSES.values() for k in kinds], bits)
    moved = applied(every).model
    for comparison in MODEL.comparisons:
        for level in comparison.levels:
            assert weight(moved, comparison.name, level.name) * level.weight >= 0


def test_where_name_and_business_agree_a_crowded_town_counts_once():
    """Both lessons say that more strangers live in the town; a pair that shares both is not twice as doubtful."""
    both = "name | company | province | city | county | phone\n" + "\n".join(
        f"王建国 | 康乐馆 | 山东省 | 济南市 | 历下区 | {phone}" for phone in ("13987650012", "13700001111")
    )

    def bits(moved):
        return match(records(both), default(), model=applied(moved).model).edges["weight"].tolist()

    usually = bits({})
    assert bits({"姓名和城市": -1.0}) == [usually[0] - 1.0]
    assert bits({"姓名和城市": -1.0, "字号和城市": -2.0}) == [usually[0] - 2.0]


def test_what_was_learnt_is_told_simply():
    told = learn.told(applied({"字号和城市": -1.4, "地址不同": 2.5, "姓名同音": 0.7, "手机": 0.6}).changes)
    assert told == [
        "「地址不同」\uff1a在这份名单里\uff0c同一客户比平常更常这样\uff1a少扣 2.5 分",
        "同城市同字号的两行\uff0c在这份名单里不同的客户比平常多\uff1a证据减 1.4 分",
        "「姓名同音」\uff1a在这份名单里\uff0c同一客户比平常更常这样\uff1a加 0.7 分",
        "手机相同的两行\uff0c在这份名单里同一客户比平常多\uff1a证据加 0.6 分",
    ]


def test_em_finds_how_often_true_pairs_agree_and_how_many_there_are():
    """Two records a customer; one in five true pairs has another name, one in ten pairs of a key is two customers."""
    rng = np.random.default_rng(7)
    size = 4000
    name, town = rng.integers(0, 300, size), rng.integers(0, 60, size)
    strangers = rng.random(size) < 0.1
    other_name = np.where(strangers | (rng.random(size) < 0.2), rng.integers(0, 300, size), name)
    other_town = np.where(strangers, rng.integers(0, 60, size), town)
    key = np.arange(size)
    columns = {"key": (key, key), "name": (name, other_name), "town": (town, other_town)}
    table = pd.DataFrame({c: np.concatenate(v).astype(str) for c, v in columns.items()}, dtype="str")
    model = Model("small", (exact("name"), exact("town")), (Block("key", ("key",)),))
    encoded = engine.prepare(table, model)
    chance = {n: train.shares(c) for n, c in train.by_chance(encoded, model.comparisons, sample=50_000).items()}
    lesson = train.taught(encoded, model.blocks[0], model.comparisons, chance)
    agreeing = model.comparisons[0].number(model.comparisons[0].levels[1].name)
    assert lesson.pairs == size
    assert lesson.share == pytest.approx(0.9, abs=0.03)
    assert train.shares(lesson.true["name"])[agreeing] == pytest.approx(0.8, abs=0.03)


def test_learning_does_not_depend_on_the_order_of_rows():
    text = "name | phone | company | city\n" + "\n".join(
        f"王建{n} | 1398765{n:04d} | 康{n}馆 | 济南市\n王建{n} | 1398765{n:04d} | 康{n} | 济南市" for n in range(120)
    )
    table = records(text)
    mixed = table.sample(frac=1, random_state=3)
    assert learn.counted(table, default()) == learn.counted(mixed, default())
