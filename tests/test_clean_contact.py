"""WeChat and QQ cells."""

from __future__ import annotations

import pandas as pd
import pytest

from salessheets.clean import contact

NOTHING = ("", "", "", False, "")


@pytest.mark.parametrize(
    ("cell", "wechat", "mobile", "qq", "same", "problem"),
    [
        ("wangjg_1975", "wangjg_1975", "", "", False, ""),
        ("WangJG_1975", "wangjg_1975", "", "", False, ""),
        ("ｗａｎｇｊｇ＿1975", "wangjg_1975", "", "", False, ""),
        ("wxid_k2h7dq90", "wxid_k2h7dq90", "", "", False, ""),
        ("微信:wangjg_1975", "wangjg_1975", "", "", False, ""),
        ("微信号 wangjg_1975", "wangjg_1975", "", "", False, ""),
        ("wangjg_1975(王总)", "wangjg_1975", "", "", False, ""),
        ("13727580163", "", "13727580163", "", False, ""),
        ("+86 137 2758 0163", "", "13727580163", "", False, ""),
        ("微信13727580163", "", "13727580163", "", False, ""),
        ("wx13727580163", "", "13727580163", "", False, ""),
        ("abc123456/13727580163", "abc123456", "13727580163", "", False, ""),
        ("284651937", "", "", "284651937", False, ""),
        ("284651937@qq.com", "", "", "284651937", False, ""),
        ("同手机", "", "", "", True, ""),
        ("同手机号", "", "", "", True, ""),
        ("手机同号", "", "", "", True, ""),
        ("微信同号", "", "", "", True, ""),
        ("同号", "", "", "", True, ""),
        ("同电话", "", "", "", True, ""),
        ("与手机相同", "", "", "", True, ""),
        ("手机号", "", "", "", True, ""),
        ("(同手机)", "", "", "", True, ""),
        ("vx:wangjg_1975", "wangjg_1975", "", "", False, ""),
        ("VX\uff1awangjg_1975", "wangjg_1975", "", "", False, ""),
        ("加V\uff1awangjg_1975", "wangjg_1975", "", "", False, ""),
        ("微信\uff1a13727580163", "", "13727580163", "", False, ""),
        ("王总", "", "", "", False, "wechat-invalid"),
        ("abc12", "", "", "", False, "wechat-invalid"),  # five characters
        ("a" * 21, "", "", "", False, "wechat-invalid"),
        ("1abc234", "", "", "", False, "wechat-invalid"),  # begins with a digit
        ("1372758016", "", "", "1372758016", False, ""),  # ten digits may be a QQ number
        ("同上", "", "", "", False, ""),  # says nothing about this person
        ("", *NOTHING),
        ("无", *NOTHING),
    ],
)
def test_wechat(cell: str, wechat: str, mobile: str, qq: str, same: bool, problem: str) -> None:
    row = contact.wechat(pd.Series([cell], dtype="str")).iloc[0]
    assert tuple(row) == (wechat, mobile, qq, same, problem)


@pytest.mark.parametrize(
    ("cell", "qq", "mobile", "problem"),
    [
        ("284651937", "284651937", "", ""),
        ("２８４６５１９３７", "284651937", "", ""),
        ("284 651 937", "284651937", "", ""),
        ("284651937.0", "284651937", "", ""),
        ("QQ:284651937", "284651937", "", ""),
        ("qq284651937", "284651937", "", ""),
        ("1064872935@QQ.COM", "1064872935", "", ""),
        ("１０６４８７２９３５＠ｑｑ．ｃｏｍ", "1064872935", "", ""),
        ("12345", "12345", "", ""),
        ("15931786042", "15931786042", "15931786042", ""),  # a mobile in the wrong column: kept as both
        ("284651937/1064872935", "284651937", "", ""),
        ("QQ号\uff1a284651937", "284651937", "", ""),
        ("0284651937", "", "", "qq-invalid"),
        ("5216", "", "", "qq-invalid"),
        ("123456789012", "", "", "qq-invalid"),
        ("wang@163.com", "", "", "qq-invalid"),
        ("王总", "", "", "qq-invalid"),
        ("", "", "", ""),
        ("没有", "", "", ""),
    ],
)
def test_qq(cell: str, qq: str, mobile: str, problem: str) -> None:
    assert tuple(contact.qq(pd.Series([cell], dtype="str")).iloc[0]) == (qq, mobile, problem)
