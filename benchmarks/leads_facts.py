"""Facts the invented leads are made of: ../shared/data (SOURCES.md there says whose), and short word lists of our own."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
_AREA_CODES = ROOT / "salessheets" / "data" / "area_codes.csv"

TRADES = (
    "养生馆", "大药房", "美容院", "足浴店", "理疗馆", "推拿馆", "艾灸馆", "养生会所", "保健品店", "中医馆",
    "健康生活馆", "医疗器械店", "养老院", "美容养生会所", "诊所", "汗蒸馆",
)  # fmt: skip
# The same trade as the next person writes it on another day.
OTHER_TRADES = {
    "养生馆": "养生堂", "大药房": "药店", "美容院": "美容", "足浴店": "足道", "理疗馆": "理疗", "推拿馆": "按摩",
    "艾灸馆": "艾灸", "养生会所": "会所", "保健品店": "保健品", "中医馆": "中医", "健康生活馆": "健康馆",
    "医疗器械店": "医疗器械", "养老院": "敬老院", "美容养生会所": "美容会所", "诊所": "门诊", "汗蒸馆": "汗蒸",
}  # fmt: skip
INDUSTRIES = (
    "健康科技", "医疗器械", "生物科技", "健康管理", "商贸", "医药", "健康产业", "养老服务", "贸易", "大健康",
)  # fmt: skip
FORMS = ("有限公司", "有限公司", "有限公司", "有限责任公司", "公司", "股份有限公司", "")
# Names over the door in every town; no two of these shops have to do with each other.
POPULAR = (
    "康乐", "同和", "健康", "百姓", "益生", "康源", "福寿", "仁和", "济民", "永康", "康泰", "长寿", "康宁", "佳人",
    "红颜", "美丽", "丽人", "颐和", "惠民", "国康", "安康", "民康", "仁济", "同济", "宝芝", "百草", "本草", "天福",
    "金康", "康福", "福康", "益康", "健民", "寿康", "康寿", "华康", "夕阳红", "老百姓", "平安", "幸福", "阳光", "爱心",
)  # fmt: skip
TITLES_MALE = ("总", "经理", "老板", "先生", "哥", "老师", "厂长", "院长", "主任", "店长")
TITLES_FEMALE = ("总", "经理", "老板", "女士", "姐", "老师", "小姐", "院长", "主任", "店长")
ROLES = ("店长", "经理", "采购", "老板娘", "副总", "助理", "主任", "合伙人")
CHANNELS = (
    "招商网", "展会", "百度推广", "抖音", "客户转介绍", "行业QQ群", "购买名录", "陌生拜访", "电话咨询", "微信群", "3158",
)  # fmt: skip
REMARKS = (
    "要报价", "要寄样册", "下周回访", "有意向", "问过代理政策", "在看", "价格高", "等老板回来", "已加微信", "没接电话",
    "要合同", "想来考察", "有店面", "做了三年", "朋友介绍来的", "回头再联系", "发过资料", "嫌远", "节后再说", "县里独家?",
)  # fmt: skip
STREETS = (
    "人民路", "建设路", "中山路", "解放路", "和平路", "新华街", "文化路", "健康路", "南环路", "北大街", "西关街",
    "东风路", "胜利路", "迎宾大道", "府前街", "滨河路", "育才路", "工业路", "长安街", "广场北路", "朝阳路", "商业街",
)  # fmt: skip
PLACEHOLDERS = ("13800138000", "13888888888", "13333333333", "13912345678", "18888888888", "15555555555")
# Characters that sound alike or look alike in names: what a hurried typist or a voice message makes of them.
CONFUSED = (
    "伟玮炜维卫为", "丽莉利力立", "芳方房", "静婧敬靖", "军君均俊", "华花画", "红宏洪鸿虹", "英瑛颖莹", "明鸣铭",
    "杰洁捷", "霞侠夏", "燕艳雁彦", "平萍苹", "林琳霖麟", "国果", "建健剑", "志智致", "文雯闻", "玉钰雨宇", "春椿",
    "强蔷", "兰岚蓝", "梅玫美", "涛韬", "飞菲斐", "佳嘉家", "欣新鑫心", "婷庭亭", "雪学", "诗施", "涵晗函", "轩萱",
    "子紫梓", "怡宜仪艺", "思丝斯", "晓小筱", "海凯", "浩昊皓", "博勃", "泽择", "辰晨宸臣", "瑞睿锐", "宁凝",
    "龙隆", "云芸", "芬芳", "冰兵", "勇永咏", "东冬栋", "辉慧晖惠", "清青晴卿", "香湘祥", "秀绣", "珍真贞", "娟涓",
    "章张", "徐许", "余于俞", "陈程成", "李黎", "江姜", "吴武", "何贺", "谢解", "曾增", "魏卫", "付傅", "肖萧",
    "康慷", "健建", "源元缘", "福富", "寿受", "益宜", "堂唐", "仁人", "和合", "圣盛", "恒衡", "泰太",
)  # fmt: skip
SIMPLIFIED = "国华养药馆医东兰凤龙丽云张刘陈杨赵吴孙马罗郑谢韩冯邓许苏卢蒋贾韦邹陆顾贺龚钱汤万严赖义长实业发广宁关师总経红伟强军刚杰静娟艳敏霞"
TRADITIONAL = "國華養藥館醫東蘭鳳龍麗雲張劉陳楊趙吳孫馬羅鄭謝韓馮鄧許蘇盧蔣賈韋鄒陸顧賀龔錢湯萬嚴賴義長實業發廣寧關師總經紅偉強軍剛傑靜娟艷敏霞"
# Districts as they were called before (Ministry of Civil Affairs, changes since 1997): city today, county today, before.
RENAMED = (
    ("北京市", "东城区", "崇文区"), ("北京市", "西城区", "宣武区"), ("济南市", "章丘区", "章丘市"),
    ("淮安市", "淮安区", "楚州区"), ("盐城市", "大丰区", "大丰市"), ("青岛市", "即墨区", "即墨市"),
    ("绍兴市", "柯桥区", "绍兴县"), ("绍兴市", "上虞区", "上虞市"), ("佛山市", "南海区", "南海市"),
    ("佛山市", "顺德区", "顺德市"), ("三明市", "沙县区", "沙县"), ("苏州市", "吴江区", "吴江市"),
    ("南通市", "海门区", "海门市"), ("扬州市", "江都区", "江都市"), ("宁波市", "奉化区", "奉化市"),
    ("杭州市", "富阳区", "富阳市"), ("杭州市", "临安区", "临安市"), ("石家庄市", "藁城区", "藁城市"),
    ("石家庄市", "鹿泉区", "鹿泉市"), ("西安市", "鄠邑区", "户县"), ("成都市", "双流区", "双流县"),
    ("成都市", "郫都区", "郫县"), ("重庆市", "璧山区", "璧山县"), ("重庆市", "开州区", "开县"),
    ("上海市", "崇明区", "崇明县"), ("天津市", "蓟州区", "蓟县"), ("长沙市", "望城区", "望城县"),
    ("威海市", "文登区", "文登市"), ("东莞市", "", ""), ("襄阳市", "襄州区", "襄阳区"),
    ("福州市", "长乐区", "长乐市"), ("漳州市", "龙海区", "龙海市"), ("赣州市", "南康区", "南康市"),
    ("菏泽市", "定陶区", "定陶县"), ("聊城市", "茌平区", "茌平县"), ("大连市", "普兰店区", "普兰店市"),
)  # fmt: skip
_PEOPLES = (
    "(?:各族|(?:蒙古|哈萨克|柯尔克孜|达斡尔|鄂伦春|鄂温克|塔吉克|锡伯|裕固|保安|东乡|撒拉|土家|布依|仡佬|仫佬|毛南|拉祜|傈僳|哈尼|"
    "景颇|布朗|普米|独龙|朝鲜|纳西|阿昌|德昂|基诺|[京藏回苗彝壮满侗瑶白傣黎畲羌水佤怒土])族?)*自治[州县旗]$"
)
_PROVINCE_END = re.compile("(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$")


@dataclass(frozen=True)
class Facts:
    """surnames with cumulative frequency; given[0 male, 1 female]; brands; places: one row per county, with the start and
    number of its towns in ``towns`` and of the counties of its city in ``siblings``."""

    surnames: np.ndarray
    frequency: np.ndarray
    given: tuple[np.ndarray, np.ndarray]
    rank: np.ndarray
    brands: np.ndarray
    places: pd.DataFrame
    towns: np.ndarray


def short_city(name: str) -> str:
    return re.sub(_PEOPLES, "", name) if "自治" in name else re.sub("(?:市|地区|盟)$", "", name)


def short_county(name: str) -> str:
    if "自治" in name:
        return re.sub(_PEOPLES, "", name) or name  # 东乡族自治县 is called nothing else
    return name[:-1] if len(name) > 2 and name[-1] in "市县区旗" else name


def short_province(name: str) -> str:
    return _PROVINCE_END.sub("", name)


@cache
def facts() -> Facts:
    """Read everything once. Raises FileNotFoundError without ../shared/data."""
    names = pd.read_excel(DATA / "surnames.xlsx", engine="calamine")
    frequency = np.cumsum(names["TF"].to_numpy(dtype=np.float64))
    given = tuple(_given(sheet) for sheet in ("萌名通用-男孩", "萌名通用-女孩"))
    rank = np.cumsum(1 / (np.arange(len(given[0])) + 6.0))
    lines = (DATA / "company-short-names.txt").read_text(encoding="utf-8-sig").splitlines()
    brands = [
        b for b in dict.fromkeys(lines) if re.fullmatch("[一-鿿]{2,3}", b) and not re.search("公司|集团|[市县省]", b)
    ]
    places, towns = _places()
    return Facts(
        names["NameB"].to_numpy(object), frequency / frequency[-1], (given[0], given[1]), rank / rank[-1],
        np.array(sorted(brands), object), places, towns,
    )  # fmt: skip


def _given(sheet: str) -> np.ndarray:
    """Characters of given names, commonest first, 150 of them."""
    frame = pd.read_excel(DATA / "given-name-characters.xlsx", sheet_name=sheet, engine="calamine")
    listed = [c for row in frame[["NameE", "NameF", "NameD"]].itertuples(index=False) for c in row]
    return np.array([c for c in dict.fromkeys(listed) if isinstance(c, str) and len(c) == 1][:150], object)


def _places() -> tuple[pd.DataFrame, np.ndarray]:
    frame = pd.read_csv(DATA / "regions-2024.csv", dtype="str", keep_default_na=False)
    frame = frame[(frame["county"] != "") & (frame["adcode"] < "710000")].sort_values("adcode", ignore_index=True)
    own = frame["city"].isin(["市辖区", "县"])
    frame["city"] = frame["city"].where(~own, frame["province"])
    frame["city"] = frame["city"].where(~frame["city"].str.contains("直辖"), frame["county"])
    with _AREA_CODES.open(encoding="utf-8") as lines:
        codes = {(r["province"], r["city"]): r["code"] for r in csv.DictReader(lines) if not r["retired"]}
    frame["code"] = [codes.get(key, "") for key in zip(frame["province"], frame["city"], strict=True)]
    for level, shorten in (("province", short_province), ("city", short_city), ("county", short_county)):
        frame[f"short_{level}"] = frame[level].map(shorten)
    frame["alone"] = ~frame.duplicated("county", keep=False)
    old = {(city, county): before for city, county, before in RENAMED if county}
    frame["before"] = [old.get(key, "") for key in zip(frame["city"], frame["county"], strict=True)]
    frame = frame.sort_values(["province", "city", "adcode"], kind="stable", ignore_index=True)
    city = frame.groupby(["province", "city"], sort=False).ngroup()
    frame["city_start"], frame["city_size"] = (
        city.map(city.drop_duplicates().reset_index().set_index(0)["index"]),
        city.map(city.value_counts()),
    )
    towns = pd.read_csv(DATA / "townships.csv", dtype="str").sort_values("code", kind="stable")
    counts = towns.groupby("areaCode").size()
    start = counts.cumsum() - counts
    frame["towns"] = frame["adcode"].map(counts).fillna(0).astype("int64")
    frame["town_start"] = frame["adcode"].map(start).fillna(0).astype("int64")
    return frame, towns["name"].to_numpy(object)
