from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from small import TODAY

from salessheets.brands import resolve
from salessheets.settings import Brand, default

OFFICE = replace(default(), brands=(Brand("康源高电位", former=("康源",)), Brand("瑞颐光波房"), Brand("沁和理疗床")))


@pytest.mark.parametrize(
    ("text", "brands", "unknown"),
    [
        ("康源高电位", ("康源高电位",), ""),
        ("康源", ("康源高电位",), ""),  # a former name
        (" 沁和理疗床 ", ("沁和理疗床",), ""),  # 和 is part of the name
        ("沁和理疗床、瑞颐光波房", ("瑞颐光波房", "沁和理疗床"), ""),
        ("康源高电位和沁和理疗床", (), "康源高电位和沁和理疗床"),  # not certain where to divide
        ("康源高电位和瑞颐光波房", ("康源高电位", "瑞颐光波房"), ""),
        ("康源高电位 瑞颐光波房", ("康源高电位", "瑞颐光波房"), ""),
        ("康源高电位\uff0c瑞颐光波房", ("康源高电位", "瑞颐光波房"), ""),  # full-width comma
        ("康源高电位\uff1b瑞颐光波房", ("康源高电位", "瑞颐光波房"), ""),
        ("康源高电位/别家", ("康源高电位",), "别家"),
        ("别家", (), "别家"),
        ("", (), ""),
    ],
)
def test_brand_cells(text, brands, unknown):
    assert resolve(pd.Series([text]), OFFICE, TODAY).iloc[0].tolist() == [brands, unknown, ""]
