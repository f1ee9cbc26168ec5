"""Telephone numbers: one cell in, what it holds out (matching.md, "phone")."""

from __future__ import annotations

import pandas as pd
import pytest

from salessheets.clean import facts, numbers, phone


def read(cell: str) -> dict[str, object]:
    row = phone.clean(pd.Series([cell], dtype="str")).iloc[0].to_dict()
    return {name: value for name, value in row.items() if value}


MOBILES = [
    # cell, mobiles
    ("13912345678", ["13912345678"]),
    ("１３９１２３４５６７８", ["13912345678"]),
    ("139 1234 5678", ["13912345678"]),
    ("139-1234-5678", ["13912345678"]),
    ("139—1234—5678", ["13912345678"]),
    ("139.1234.5678", ["13912345678"]),
    ("1391234 5678", ["13912345678"]),
    ("139\u200b1234\u200b5678", ["13912345678"]),
    ("\ufeff13912345678", ["13912345678"]),
    ("139\u00a01234\u00a05678", ["13912345678"]),
    ("13912345678.0", ["13912345678"]),
    ("1.3912345678E+10", ["13912345678"]),
    ("1.3912345678e10", ["13912345678"]),
    ("13,912,345,678", ["13912345678"]),
    ("+8613912345678", ["13912345678"]),
    ("+86 139 1234 5678", ["13912345678"]),
    ("+86-13912345678", ["13912345678"]),
    ("(86)13912345678", ["13912345678"]),
    ("008613912345678", ["13912345678"]),
    ("0086-139-1234-5678", ["13912345678"]),
    ("8613912345678", ["13912345678"]),
    ("86 13912345678", ["13912345678"]),
    ("1790913912345678", ["13912345678"]),
    ("17951-13912345678", ["13912345678"]),
    ("12593 13912345678", ["13912345678"]),
    ("013912345678", ["13912345678"]),
    ("l39l2345678", ["13912345678"]),
    ("139l2345O78", ["13912345078"]),
    ("手机:13912345678", ["13912345678"]),
    ("Tel 13912345678", ["13912345678"]),
    ("13912345678(微信同号)", ["13912345678"]),
    ("13912345678/13812345678", ["13912345678", "13812345678"]),
    ("13912345678;13812345678", ["13912345678", "13812345678"]),
    ("13912345678；13812345678", ["13912345678", "13812345678"]),
    ("13912345678、13812345678", ["13912345678", "13812345678"]),
    ("13912345678,13812345678", ["13912345678", "13812345678"]),
    ("13912345678，13812345678", ["13912345678", "13812345678"]),
    ("13912345678或13812345678", ["13912345678", "13812345678"]),
    ("13912345678 或者 13812345678", ["13912345678", "13812345678"]),
    ("13912345678和13812345678", ["13912345678", "13812345678"]),
    ("13912345678\n13812345678", ["13912345678", "13812345678"]),
    ("13912345678\r\n13812345678", ["13912345678", "13812345678"]),
    ("13912345678 13812345678", ["13912345678", "13812345678"]),
    ("13912345678  138 1234 5678", ["13912345678", "13812345678"]),
    ("13912345678|13812345678", ["13912345678", "13812345678"]),
    ("13912345678 13912345678", ["13912345678"]),
    ("13912345678.0/13812345678.0", ["13912345678", "13812345678"]),
    ("\uff0b8613912345678", ["13912345678"]),
    ("1.3912345678E+010", ["13912345678"]),
    ("13912345678(微信同号)或13812345678", ["13912345678", "13812345678"]),
    ("\uff11\uff13912345678\uff0f13812345678、13712345678", ["13912345678", "13812345678", "13712345678"]),
]


@pytest.mark.parametrize(("cell", "mobiles"), MOBILES)
def test_mobile(cell: str, mobiles: list[str]) -> None:
    assert read(cell) == {"mobiles": tuple(mobiles)}


LANDLINES = [
    # cell, landlines, extension
    ("0531-88881234", ["0531-88881234"], ""),
    ("053188881234", ["0531-88881234"], ""),
    ("0531 88881234", ["0531-88881234"], ""),
    ("0531 8888 1234", ["0531-88881234"], ""),
    ("(0531)88881234", ["0531-88881234"], ""),
    ("（0531）88881234", ["0531-88881234"], ""),
    ("0531—88881234", ["0531-88881234"], ""),
    ("053188881234.0", ["0531-88881234"], ""),
    ("010-88881234", ["010-88881234"], ""),
    ("021 6888 1234", ["021-68881234"], ""),
    ("0827-6238819", ["0827-6238819"], ""),
    ("+86 531 88881234", ["0531-88881234"], ""),
    ("+86-0531-88881234", ["0531-88881234"], ""),
    ("0086 10 88881234", ["010-88881234"], ""),
    ("17909-0482-7231064", ["0482-7231064"], ""),
    ("0531-88881234-8001", ["0531-88881234"], "8001"),
    ("0531-88881234转8001", ["0531-88881234"], "8001"),
    ("0531-88881234 转 8001", ["0531-88881234"], "8001"),
    ("0531-88881234分机8001", ["0531-88881234"], "8001"),
    ("0531-88881234 ext 8001", ["0531-88881234"], "8001"),
    ("0531-88881234 EXT.8001", ["0531-88881234"], "8001"),
    ("0531-88881234x8001", ["0531-88881234"], "8001"),
    ("05356271188转801", ["0535-6271188"], "801"),
    ("0531-88881234(转8001)", ["0531-88881234"], "8001"),
    ("0531-88881234\uff08转8001\uff09", ["0531-88881234"], "8001"),
    ("0531-88881234转\uff1a8001", ["0531-88881234"], "8001"),
    ("0391-8320174-6", ["0391-8320174"], "6"),
    ("0599-8631702转1", ["0599-8631702"], "1"),
    ("0531-88881234/88881235", ["0531-88881234", "0531-88881235"], ""),
    ("0531-88881234、0532-66661234", ["0531-88881234", "0532-66661234"], ""),
    ("0414-3827016", ["0414-3827016"], ""),  # an area code no longer in service, still in the lists
    ("+852 9173 4062", ["+852-91734062"], ""),
    ("00852-91734062", ["+852-91734062"], ""),
    ("+853 6612 3456", ["+853-66123456"], ""),
    ("+886 912 345 678", ["+886-912345678"], ""),
    ("+84 912 705 386", ["+84-912705386"], ""),
    ("+1 415 555 0100", ["+1-4155550100"], ""),
]


@pytest.mark.parametrize(("cell", "landlines", "extension"), LANDLINES)
def test_landline(cell: str, landlines: list[str], extension: str) -> None:
    expected = {"landlines": tuple(landlines)} | ({"extension": extension} if extension else {})
    assert read(cell) == expected


@pytest.mark.parametrize(
    ("cell", "landline"),
    [
        ("53188881234", "0531-88881234"),
        ("531-88881234", "0531-88881234"),
        ("1088881234", "010-88881234"),
        ("2168881234", "021-68881234"),
        ("8276238819", "0827-6238819"),
        ("53188881234.0", "0531-88881234"),
    ],
)
def test_a_lost_leading_zero_of_an_area_code_is_restored_and_flagged(cell: str, landline: str) -> None:
    assert read(cell) == {"landlines": (landline,), "problem": "phone-area-restored"}


@pytest.mark.parametrize("cell", ["4006601827", "400-660-1827", "400 660 1827", "400-6601-827"])
def test_hotline(cell: str) -> None:
    assert read(cell) == {"hotlines": ("4006601827",)}


def test_hotline_with_extension() -> None:
    assert read("400-660-1827转8012") == {"hotlines": ("4006601827",), "extension": "8012"}
    assert read("800-810-1234") == {"hotlines": ("8008101234",)}


REFUSED = [
    # cell, what is shown as refused
    ("1391234567", "1391234567"),  # ten digits
    ("139123456789", "139123456789"),  # twelve
    ("1064901234567", "1064901234567"),  # thirteen: a SIM card in a machine
    ("12345678910", "12345678910"),
    ("00000000", "00000000"),
    ("10086", "10086"),
    ("0531-1234567", "0531 1234567"),  # no local number begins with 1
    ("010-8888123", "010 8888123"),  # Beijing's have eight digits
    ("84912705386", "84912705386"),  # foreign without a +
    ("136____9046", "136____9046"),
    ("139****5678", "139****5678"),
    ("#######4471", "#######4471"),
    ("没有电话", "没有电话"),
]


@pytest.mark.parametrize(("cell", "bad"), REFUSED)
def test_nothing_is_guessed(cell: str, bad: str) -> None:
    found = read(cell)
    assert found["problem"] == "phone-invalid"
    assert found["bad"] == (bad,)
    assert not {"mobiles", "landlines", "hotlines"} & found.keys()


@pytest.mark.parametrize("cell", ["1.39E+10", "1.39123E+10", "1.391234567E+10", "1.39e10"])
def test_digits_lost_to_scientific_notation_are_refused(cell: str) -> None:
    assert read(cell) == {"problem": "phone-scientific", "bad": (cell,)}


@pytest.mark.parametrize("cell", ["", "无", "没有", "-", "/", "暂无", "未知", "N/A", "  "])
def test_nothing_said_is_no_problem(cell: str) -> None:
    assert read(cell) == {}


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("13812345678王总", "王总"),
        ("王总13812345678", "王总"),
        ("王建国 13812345678", "王建国"),
        ("13812345678(王建国)", "王建国"),
        ("手机13812345678李姐", "李姐"),
        ("刘师傅13812345678", "刘师傅"),
        ("13812345678(代收)", ""),
        ("王总\uff1a13812345678", "王总"),
        ("電話13812345678", ""),
        ("陳姐13812345678", "陈姐"),
        ("13812345678(小灵通)", ""),
    ],
)
def test_a_name_beside_the_number(cell: str, name: str) -> None:
    assert read(cell) == {"mobiles": ("13812345678",)} | ({"name": name} if name else {})


def test_a_good_number_beside_a_bad_one_is_kept() -> None:
    assert read("13912345678/1381234567") == {
        "mobiles": ("13912345678",),
        "problem": "phone-invalid",
        "bad": ("1381234567",),
    }


def test_names_and_numbers_in_one_cell() -> None:
    assert read("13912345678王总\uff0c0531-88881234转8001\uff1b13812345678李姐") == {
        "mobiles": ("13912345678", "13812345678"),
        "landlines": ("0531-88881234",),
        "extension": "8001",
        "name": "王总",
    }
    assert read("13912345678或88881234") == {
        "mobiles": ("13912345678",), "local": ("88881234",), "problem": "phone-invalid",
    }  # fmt: skip


def test_mobile_and_landline_in_one_cell() -> None:
    assert read("0597-3329106 13799071625") == {"mobiles": ("13799071625",), "landlines": ("0597-3329106",)}
    assert read("0414-3827016-12 13841407529") == {
        "mobiles": ("13841407529",),
        "landlines": ("0414-3827016",),
        "extension": "12",
    }
    assert read("0531-88881234转8001 13799071625") == {
        "mobiles": ("13799071625",),
        "landlines": ("0531-88881234",),
        "extension": "8001",
    }


def test_a_rare_prefix_is_taken_and_flagged() -> None:
    assert read("15412345678") == {"mobiles": ("15412345678",), "problem": "phone-prefix"}
    assert read("154 1234 5678") == {"mobiles": ("15412345678",), "problem": "phone-prefix"}


LOCAL = phone.clean(pd.Series(["88881234", "8888-1234", "6633127", "88881234/1391234567"], dtype="str"))


def test_a_landline_without_area_code_waits_for_its_city() -> None:
    assert LOCAL["local"].tolist() == [("88881234",), ("88881234",), ("6633127",), ("88881234",)]
    assert LOCAL["landlines"].tolist() == [()] * 4
    assert (LOCAL["problem"] == "phone-invalid").all()


@pytest.mark.parametrize(
    ("province", "city", "first", "left"),
    [
        ("山东省", "济南市", "0531-88881234", ()),
        ("香港特别行政区", "", "+852-88881234", ()),
        ("四川省", "成都市", "028-88881234", ()),
        ("新疆维吾尔自治区", "伊犁哈萨克自治州", "", ("88881234",)),  # two codes: not guessed
        ("", "", "", ("88881234",)),
    ],
)
def test_complete_adds_the_area_code_of_the_city(province: str, city: str, first: str, left: tuple[str, ...]) -> None:
    done = phone.complete(
        LOCAL, pd.Series([province] * 4, dtype="str"), pd.Series([city] * 4, dtype="str")
    )  # fmt: skip
    assert done["landlines"].iloc[0] == ((first,) if first else ())
    assert done["local"].iloc[0] == left
    assert done["problem"].tolist()[0] == ("phone-invalid" if left else "")
    assert done["problem"].tolist()[3] == "phone-invalid"  # a mobile of ten digits stands there as well


def test_complete_does_not_put_seven_digits_behind_a_code_of_eight_digit_numbers() -> None:
    done = phone.complete(LOCAL.iloc[[2]], pd.Series(["北京市"], index=[2]), pd.Series(["北京市"], index=[2]))
    assert done["local"].iloc[0] == ("6633127",)


def test_the_quick_way_and_the_thorough_way_agree() -> None:
    cells = [c for c, *_ in (*MOBILES, *LANDLINES, *REFUSED)]
    quick = phone.clean(pd.Series(cells, dtype="str"))
    for position, cell in enumerate(cells):
        thorough = numbers.read(cell)
        assert quick["mobiles"].iloc[position] == tuple(thorough.mobiles), cell
        assert quick["landlines"].iloc[position] == tuple(thorough.landlines), cell
        assert quick["problem"].iloc[position] == thorough.problem, cell


def test_area_codes_have_the_shape_of_the_numbering_plan() -> None:
    codes = facts.area_codes()
    assert len(codes) > 320
    assert all(
        code == "010" or (code[:2] == "02" and len(code) == 3) or (len(code) == 4 and code[1] >= "3") for code in codes
    )
    assert facts.city_codes()["山东省", "济南市"] == "0531"
    assert facts.city_codes()["广东省", "深圳市"] == "0755"


def test_one_list_of_mobile_prefixes() -> None:
    prefixes = facts.mobile_prefixes()
    assert all(len(p) == 3 and p[0] == "1" and p[1] >= "3" for p in prefixes)
    assert {"130", "139", "173", "199", "198", "192"} <= prefixes
    assert "154" not in prefixes
