"""Business names: what is called by one name has one core."""

from __future__ import annotations

import pandas as pd
import pytest

from salessheets.clean import company


def read(cell: str) -> tuple[str, str, str]:
    return tuple(company.clean(pd.Series([cell], dtype="str")).iloc[0])


@pytest.mark.parametrize(
    ("cell", "core", "branch"),
    [
        ("济南康乐健康生活馆", "康乐健康生活馆", ""),
        ("山东康源生物科技有限公司", "康源生物科技", ""),
        ("山东省济南市历下区康源生物科技有限公司", "康源生物科技", ""),
        ("康源生物科技有限责任公司", "康源生物科技", ""),
        ("康源生物科技股份有限公司", "康源生物科技", ""),
        ("康源生物科技集团有限公司", "康源生物科技", ""),
        ("康源生物科技集团", "康源生物科技", ""),
        ("康源（济南）生物科技有限公司", "康源生物科技", ""),
        ("康源生物科技(济南)有限公司", "康源生物科技", ""),
        ("ＫＹ生物科技有限公司", "ky生物科技", ""),
        ("康源生物科技有限公司武汉分公司", "康源生物科技", "武汉分公司"),
        ("邵武闕氏葯業行", "阙氏药业行", ""),
        ("济南市历下区明光医疗用品经营部(个体工商户)", "明光医疗用品", ""),
        ("章丘市明光医疗用品商店", "明光医疗用品商店", ""),
        ("济南章丘明光医疗用品商店", "明光医疗用品商店", ""),
        ("海口椰风商行", "椰风", ""),
        ("蒙医堂养生(宝昌店)", "蒙医堂养生", "宝昌店"),
        ("蒙医堂养生【宝昌店】", "蒙医堂养生", "宝昌店"),
        ("恒祥药房果子洼店", "恒祥药房", "果子洼店"),
        ("“蒙医堂养生(宝昌店)”", "蒙医堂养生", "宝昌店"),
        ("蒙医 堂养生 (宝昌店)", "蒙医堂养生", "宝昌店"),
        ("江西省景德镇市六爷健康科技有限公司", "六爷健康科技", ""),
        ("百草堂大药房二店", "百草堂大药房", "二店"),
        ("百草堂大药房第三分店", "百草堂大药房", "第三分店"),
        ("如诗茶疗(更正)", "如诗茶疗", ""),
        ("Healthy Life Asia Ltd", "healthylifeasia", ""),
        ("HEALTHY LIFE ASIA LIMITED", "healthylifeasia", ""),
        ("龙岩市永定区客家康养有限公司", "客家康养", ""),
        ("永定客家康养", "客家康养", ""),
        ("平昌县江口镇勇娃健康咨询服务部", "勇娃健康咨询", ""),
    ],
)
def test_core_and_branch(cell: str, core: str, branch: str) -> None:
    assert read(cell)[1:] == (core, branch)


@pytest.mark.parametrize(
    "cell",
    ["康乐养生馆", "安康大药房", "长春堂药店", "平安堂", "西昌足道", "山东省人民医院", "上海老中医养生馆", "新华书店"],
)
def test_a_place_that_is_the_name_stays(cell: str) -> None:
    assert read(cell)[1] == cell


@pytest.mark.parametrize("cell", ["", "无", "个体户", "個體戶", "没有", "自己干", "???"])
def test_no_business(cell: str) -> None:
    assert read(cell)[1:] == ("", "")


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("康 源 养 生 馆", "康源养生馆"),
        ("康源养生馆（济南店）", "康源养生馆(济南店)"),
        ("康源養生館", "康源养生馆"),
        ("Healthy  Life", "Healthy Life"),
    ],
)
def test_shown_name(cell: str, name: str) -> None:
    assert read(cell)[0] == name
