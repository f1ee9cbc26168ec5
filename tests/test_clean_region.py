"""Places: 省 | 市 | 县/区 | 乡镇 | 详细地址 in, full names of 2024 and the level of rule R11 out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from salessheets.clean import facts, places, region

COLUMNS = ["province", "city", "county", "township", "address"]
ADDRESSES = Path(__file__).resolve().parents[2] / "shared" / "data" / "addresses.csv"


def read(row: str) -> list[str]:
    cells = [cell.strip() for cell in row.split("|")]
    frame = pd.DataFrame([cells + [""] * (5 - len(cells))], columns=COLUMNS, dtype="str")
    return [str(v) for v in region.clean(frame).iloc[0]]


PLACED = [
    # full and short names
    ("山东省|济南市|历下区", "山东省 济南市 历下区  省级"),
    ("山东|济南|历下", "山东省 济南市 历下区  省级"),
    ("山东|烟台|芝罘", "山东省 烟台市 芝罘区  地级市"),
    ("廣東|江門|台山", "广东省 江门市 台山市  市级"),
    ("内蒙古|兴安盟|扎赉特旗", "内蒙古自治区 兴安盟 扎赉特旗  县级"),
    ("内蒙|||", "   "),
    ("广西|桂林|恭城县", "广西壮族自治区 桂林市 恭城瑶族自治县  县级"),
    ("河北|承德|围场县", "河北省 承德市 围场满族蒙古族自治县  县级"),
    ("四川|凉山|昭觉县", "四川省 凉山彝族自治州 昭觉县  县级"),
    ("四川|凉山州|西昌", "四川省 凉山彝族自治州 西昌市  市级"),
    ("青海|海南州|贵南县", "青海省 海南藏族自治州 贵南县  县级"),
    ("吉林|延边|和龙市", "吉林省 延边朝鲜族自治州 和龙市  市级"),
    ("云南|版纳|勐海县", "云南省 西双版纳傣族自治州 勐海县  县级"),
    ("新疆|巴州|库尔勒", "新疆维吾尔自治区 巴音郭楞蒙古自治州 库尔勒市  市级"),
    ("内蒙古|锡盟|太仆寺旗", "内蒙古自治区 锡林郭勒盟 太仆寺旗  县级"),
    ("内蒙古|通辽|科左后旗", "内蒙古自治区 通辽市 科尔沁左翼后旗  县级"),
    # 直辖市
    ("北京|北京|东城区", "北京市 北京市 东城区  省级"),
    ("北京||东城区", "北京市 北京市 东城区  省级"),
    ("北京|东城区|", "北京市 北京市 东城区  省级"),
    ("上海市|市辖区|浦东新区", "上海市 上海市 浦东新区  省级"),
    ("|上海|浦东", "上海市 上海市 浦东新区  省级"),
    ("重庆||彭水县", "重庆市 重庆市 彭水苗族土家族自治县  县级"),
    ("天津||", "天津市 天津市   省级"),
    # units directly under their province are their own city; cities without counties
    ("湖北|仙桃|", "湖北省 仙桃市 仙桃市  市级"),
    ("湖北||仙桃市", "湖北省 仙桃市 仙桃市  市级"),
    ("湖北省|省直辖县级行政区划|神农架林区", "湖北省 神农架林区 神农架林区  县级"),
    ("海南|陵水|", "海南省 陵水黎族自治县 陵水黎族自治县  县级"),
    ("广东|东莞||寮步镇", "广东省 东莞市  寮步镇 地级市"),
    ("新疆|兵团八师|", "新疆维吾尔自治区 石河子市 石河子市  市级"),
    # missing levels are filled from below
    ("||历下区", "山东省 济南市 历下区  省级"),
    ("|满洲里|", "内蒙古自治区 呼伦贝尔市 满洲里市  市级"),
    ("|大连|", "辽宁省 大连市   地级市"),
    ("|广州|", "广东省 广州市   省级"),
    ("山东||", "山东省    待定"),
    # the wrong column
    ("山东|章丘区|", "山东省 济南市 章丘区  省级"),
    ("南京|江苏|", "江苏省 南京市   省级"),
    ("历下区||", "山东省 济南市 历下区  省级"),
    ("吉林|吉林|", "吉林省 吉林市   地级市"),
    ("|朝阳|", "辽宁省 朝阳市   地级市"),
    ("北京|朝阳|", "北京市 北京市 朝阳区  省级"),
    ("吉林|长春|朝阳", "吉林省 长春市 朝阳区  省级"),
    # several names in one cell
    ("山东济南||", "山东省 济南市   省级"),
    ("||山东省济南市历下区", "山东省 济南市 历下区  省级"),
    ("山东-济南-历下||", "山东省 济南市 历下区  省级"),
    ("山东省|山东省济南市|", "山东省 济南市   省级"),
    ("河南|鹤壁|浚县善堂镇", "河南省 鹤壁市 浚县 善堂镇 乡镇"),
    # 乡镇
    ("云南|西双版纳|勐海县|勐混镇", "云南省 西双版纳傣族自治州 勐海县 勐混镇 乡镇"),
    ("江苏|扬州|高邮市|三垛镇", "江苏省 扬州市 高邮市 三垛镇 乡镇"),
    ("上海||宝山区|罗店镇", "上海市 上海市 宝山区 罗店镇 省级"),
    ("四川|达州|万源市|太平街道办事处", "四川省 达州市 万源市 太平街道 市级"),
    ("云南|昭通|彝良县||小草坝镇街上", "云南省 昭通市 彝良县 小草坝镇 乡镇"),
    # renamed districts
    ("山东|济南|章丘市", "山东省 济南市 章丘区  省级"),
    ("湖北|襄樊|襄阳区", "湖北省 襄阳市 襄州区  地级市"),
    ("|襄樊市|", "湖北省 襄阳市   地级市"),
    ("北京|崇文区|", "北京市 北京市 东城区  省级"),
    ("北京||宣武", "北京市 北京市 西城区  省级"),
    ("上海||闸北区", "上海市 上海市 静安区  省级"),
    ("江苏|盐城|大丰市", "江苏省 盐城市 大丰区  地级市"),
    ("江苏|淮安|楚州区", "江苏省 淮安市 淮安区  地级市"),
    ("江苏|南通|通州市", "江苏省 南通市 通州区  地级市"),
    ("河北|邢台|桥东区", "河北省 邢台市 襄都区  地级市"),
    ("山东|济宁|市中区", "山东省 济宁市 任城区  地级市"),
    ("广东|佛山|南海市", "广东省 佛山市 南海区  地级市"),
    ("广东|台山縣|", "广东省 江门市 台山市  市级"),
    ("陕西|西安|户县", "陕西省 西安市 鄠邑区  省级"),
    ("西藏|那曲地区|", "西藏自治区 那曲市   地级市"),
    # moved to another city
    ("吉林|四平|公主岭市", "吉林省 长春市 公主岭市  市级"),
    ("四川|资阳|简阳市", "四川省 成都市 简阳市  市级"),
    ("安徽|巢湖市|庐江县", "安徽省 合肥市 庐江县  县级"),
    ("山东|莱芜|钢城区", "山东省 济南市 钢城区  省级"),
    # the address, where the columns leave something open
    ("||||山东省济南市历下区泉城路188号", "山东省 济南市 历下区  省级"),
    ("山东|济南|||历下区泉城路188号", "山东省 济南市 历下区  省级"),
    ("||||157500黑龙江宁安市宁安镇", "黑龙江省 牡丹江市 宁安市 宁安镇 乡镇"),
    ("||||江苏高邮三垛镇东桥路玉琴美容", "江苏省 扬州市 高邮市 三垛镇 乡镇"),
    ("||||地址:中国广东省深圳市福田区金田路4028号", "广东省 深圳市 福田区  地级市"),
    ("||||浦东新区亮秀路112号", "上海市 上海市 浦东新区  省级"),
    ("||||上海南京西路1038号", "上海市 上海市   省级"),
    ("||||江宁经济技术开发区隐龙路28号", "江苏省 南京市 江宁区  省级"),
    ("浙江省||||下城区环城北路292号", "浙江省 杭州市 拱墅区  省级"),
    ("江苏||鼓楼区||南京市鼓楼区中山路1号", "江苏省 南京市 鼓楼区  省级"),
    ("山东|济南|历下区||北京市朝阳区建国路1号", "山东省 济南市 历下区  省级"),  # never against the columns
    ("||||青岛市市南区香港中路63号", "山东省 青岛市 市南区  地级市"),
    ("||||青岛市南区香港中路52号", "山东省 青岛市 市南区  地级市"),
    ("||||哈尔滨市道里区经纬街1号", "黑龙江省 哈尔滨市 道里区  省级"),
    ("||||江苏镇江丹徒新区镇荣公路52号", "江苏省 镇江市 丹徒区  地级市"),
    ("||||江苏常州五一路258号", "江苏省 常州市   地级市"),
    ("||||上海中山北路3000号", "上海市 上海市   省级"),
    ("||||佛山南海桂城深海路17号", "广东省 佛山市 南海区  地级市"),
    ("||||广州增城新塘牛仔城", "广东省 广州市 增城区  省级"),
    ("||||广州天河珠江新城30楼", "广东省 广州市   省级"),
    ("||||临安市经济开发区南环路63号", "浙江省 杭州市 临安区  省级"),
    ("||||重庆市酉阳县老酉师校", "重庆市 重庆市 酉阳土家族苗族自治县  县级"),
    ("||||(总部)厦门市思明区前埔西三路288号", "福建省 厦门市 思明区  地级市"),
    ("||||西安高新一路12号", "陕西省 西安市   省级"),
    ("||||深圳市龙华新区大浪街道华繁路289号", "广东省 深圳市 龙华区 大浪街道 地级市"),
    ("||||海安县海安镇镇南路588号", "江苏省 南通市 海安市 海安镇 乡镇"),
    # a town tells the county: the only one of its name, or the only one below what is known
    ("||||拱宸桥街道温州路40号", "浙江省 杭州市 拱墅区 拱宸桥街道 省级"),
    ("||||广东省清远市龙塘镇广清大道759号", "广东省 清远市 清城区 龙塘镇 地级市"),
    ("||||白云区太和镇永兴村", "广东省 广州市 白云区 太和镇 省级"),
    ("||||深圳市公明镇马田村科裕二路", "广东省 深圳市 光明区 公明镇 地级市"),
    ("浙江|杭州||三墩镇", "浙江省 杭州市 西湖区 三墩镇 省级"),
    ("辽宁|沈阳|沈北新", "辽宁省 沈阳市 沈北新区  省级"),
    # nothing said
    ("||||", "   "),
    ("无|-|", "   "),
    ("香港||荃湾", "香港特别行政区  荃湾  省级"),
]


@pytest.mark.parametrize(("row", "expected"), [p for p in PLACED if p[0] != "内蒙|||"])
def test_placed(row: str, expected: str) -> None:
    *place, problem, value = read(row)
    assert " ".join(place) == (expected if expected.strip() else "    ")
    assert (problem, value) == ("", "")


@pytest.mark.parametrize(
    ("row", "place", "value"),
    [
        ("||鼓楼区", ["", "", ""], "鼓楼区"),
        ("江苏||鼓楼区", ["江苏省", "", ""], "鼓楼区"),
        ("||朝阳区", ["", "", ""], "朝阳区"),
        ("||城关区", ["", "", ""], "城关区"),
        ("江苏|苏州|吴县", ["江苏省", "苏州市", ""], "吴县"),  # divided into two
        ("浙江|杭州|江干区", ["浙江省", "杭州市", ""], "江干区"),
    ],
)
def test_ambiguous_is_never_guessed(row: str, place: list[str], value: str) -> None:
    found = read(row)
    assert found[:3] == place
    assert found[5:] == ["region-ambiguous", value]


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("山东|南京|", "山东 南京"),
        ("山东省|南京市|", "山东省 南京市"),
        ("山东|济南|昆山市", "山东 济南 昆山市"),
        ("广东|广州|福田区", "广东 广州 福田区"),
        ("北京||浦东新区", "北京 浦东新区"),
    ],
)
def test_a_contradiction(row: str, value: str) -> None:
    assert read(row)[5:] == ["region-contradiction", value]


@pytest.mark.parametrize(
    ("row", "place", "value"),
    [
        ("山东|济南|高新区", ["山东省", "济南市", ""], "高新区"),
        ("山东|淄博|开发区", ["山东省", "淄博市", ""], "开发区"),
        ("陕西|西安|城区", ["陕西省", "西安市", ""], "城区"),
        ("|芒街|", ["", "", ""], "芒街"),
        ("新疆|兵团八师|143团", ["新疆维吾尔自治区", "石河子市", "石河子市"], "143团"),
    ],
)
def test_unknown(row: str, place: list[str], value: str) -> None:
    found = read(row)
    assert found[:3] == place
    assert found[5:] == ["region-unknown", value]


@pytest.mark.parametrize(
    "address",
    [
        "南京西路1038号", "上海路5号", "北京东路22号", "中山北路3553号", "四川北路859号", "泰山路2号国际科技合作园",
        "北京朝阳门外大街1号"[2:], "东区城东路8号", "开发区", "高新区天府三街19号", "滨湖区徽州大道6669号", "朝阳区东三环北路28号",
        "杭州湾新区兴慈一路358号", "国中会所酒店A栋",
        "东方科技园3号", "兴业工业园5号", "新兴太平洋大厦", "永和开发区禾丰路69号", "淳化工业园淳徐路1号",  # words, or towns too
        "宁乡金州新区泉州北路118号", "城关镇人民路1号", "太平街道1号", "上海路桥大厦",
    ],
)  # fmt: skip
def test_an_address_that_only_sounds_like_a_place(address: str) -> None:
    assert read(f"||||{address}")[:3] == ["", "", ""]


def test_every_division_of_2024_is_found_by_its_own_full_names() -> None:
    rows = pd.DataFrame([p for p in places.paths() if len(p) == 3], columns=COLUMNS[:3], dtype="str")
    found = region.clean(rows)
    pd.testing.assert_frame_equal(found[COLUMNS[:3]], rows)
    assert (found["problem"] == "").all()


def test_every_former_name_is_understood_where_it_was() -> None:
    rows = pd.DataFrame(
        [(p, old_city or city, old, city, county) for old, p, old_city, city, county, _ in facts.renamed()],
        columns=["province", "city", "county", "new_city", "new_county"],
        dtype="str",
    )
    found = region.clean(rows[COLUMNS[:3]])
    assert not (found["problem"] == "region-contradiction").any()
    assert not (found["problem"] == "region-unknown").any()
    sure = found["problem"] == ""
    assert (found["city"] == rows["new_city"])[sure].all()
    assert (found["county"] == rows["new_county"])[sure & (rows["new_county"] != "")].all()


def test_a_frame_without_some_columns() -> None:
    assert region.clean(pd.DataFrame({"city": ["济南"]}, dtype="str"))["province"].tolist() == ["山东省"]


@pytest.mark.skipif(not ADDRESSES.exists(), reason="../shared/data/addresses.csv is not here")
def test_most_real_addresses_are_placed() -> None:
    typed = pd.read_csv(ADDRESSES, dtype="str", keep_default_na=False).iloc[:, 0]
    found = region.clean(pd.DataFrame({"address": typed[typed.str.strip() != ""]}))
    assert (found["city"] != "").mean() > 0.81
    assert (found["county"] != "").mean() > 0.645


ADDRESSED = pd.DataFrame([p for p in places.paths() if len(p) == 3], columns=COLUMNS[:3], dtype="str")


@pytest.mark.parametrize(
    "written", [("province", "city", "county"), ("city", "county"), ("province", "county"), ("county",)]
)
def test_no_address_of_any_county_is_placed_elsewhere(written: tuple[str, ...]) -> None:
    begun = ADDRESSED[list(written)].agg(lambda names: "".join(dict.fromkeys(names)), axis=1)
    found = region.clean(pd.DataFrame({"address": begun + "康源路12号"}))
    for level in COLUMNS[:3]:
        assert ((found[level] == ADDRESSED[level]) | (found[level] == "")).all()
    if "city" in written:
        assert (found["county"] == ADDRESSED["county"]).all()


@pytest.mark.parametrize("rest", ["路12号", "大道5号", "科技园3号", "大厦3楼", "东路8号"])
def test_no_short_name_of_a_county_is_taken_for_another_place(rest: str) -> None:
    short = ADDRESSED["county"].map(places.base)
    found = region.clean(pd.DataFrame({"address": short.where(short != "", ADDRESSED["county"]) + rest}))
    guessed = (found["county"] != "") & (found["county"] != ADDRESSED["county"])
    assert not guessed.any()
