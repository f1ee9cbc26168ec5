"""Derive the package data in salessheets/data from public sources.

Run by hand when a source changes; never at install or at run time:

    python scripts/derive_data.py ../shared/data

Needs pandas and openpyxl (to read the sources) and, only here, pypinyin, phonenumbers and opencc.
What comes from where, and under which licence, is written in salessheets/data/SOURCES.md.
renamed.csv and mobile_prefixes.csv are written by hand and not touched.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

import opencc
import pandas as pd
import phonenumbers
from phonenumbers import geocoder
from pypinyin import Style, pinyin

DATA = Path(__file__).resolve().parent.parent / "salessheets" / "data"
MUNICIPALITY_CITIES = {"市辖区", "县"}  # 北京市/市辖区/东城区: the city is Beijing itself
DIRECT = "直辖县"  # 湖北省/直辖县/仙桃市: the unit is its own city

# Readings of surnames that differ from the commonest reading of the character.
SURNAME_READINGS = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "区": "ou", "查": "zha", "翟": "zhai", "乐": "yue",
    "盖": "ge", "朴": "piao", "任": "ren", "华": "hua", "缪": "miao", "宓": "mi", "冼": "xian", "员": "yun",
    "纪": "ji", "折": "she", "繁": "po", "种": "chong", "秘": "bi", "葛": "ge", "那": "na", "哈": "ha",
    "祭": "zhai", "洗": "xian", "晁": "chao", "訾": "zi", "曲": "qu", "撒": "sa", "牟": "mou", "阚": "kan",
    "谌": "chen", "柏": "bai", "薄": "bo", "车": "che", "强": "qiang", "宁": "ning", "能": "nai", "召": "shao",
    "黑": "he", "尉": "wei", "覃": "qin", "冯": "feng", "郇": "huan", "乜": "nie", "宿": "su", "藏": "zang",
    "降": "jiang", "朝": "chao", "隗": "wei", "贾": "jia", "沈": "shen", "长": "chang", "行": "xing", "都": "du",
    "重": "chong", "教": "jiao", "给": "ji", "瞿": "qu", "臧": "zang", "郗": "xi", "仉": "zhang", "洪": "hong",
    "尉迟": "yuchi", "万俟": "moqi", "单于": "chanyu", "长孙": "zhangsun", "澹台": "tantai", "令狐": "linghu",
    "乐正": "yuezheng", "钟离": "zhongli", "呼延": "huyan", "鲜于": "xianyu", "亓官": "qiguan", "拓跋": "tuoba",
}  # fmt: skip
MISSPELT = {"冷狐", "殴阳", "夏候", "曽", "刘付", "刘傅"}  # in the source, but not surnames as written
MORE_SURNAMES = ["侬", "起", "召", "木", "东郭", "南郭", "西门", "羊舌", "微生", "梁丘", "公良", "单于", "叶赫那拉",
                 "爱新觉罗", "吉克", "吉木", "曲木", "沙马", "东门", "左丘", "诸葛", "司徒"]  # fmt: skip

# Codes no longer in service that are still in people's lists, and codes whose source entry names no or a wrong city.
AREA_BY_HAND = {
    "0410": [("辽宁省", "铁岭市")], "0413": [("辽宁省", "抚顺市")], "0414": [("辽宁省", "本溪市")],
    "0378": [("河南省", "开封市")], "0732": [("湖南省", "湘潭市")], "0733": [("湖南省", "株洲市")],
    "0852": [("贵州省", "遵义市")], "0853": [("贵州省", "安顺市")], "0899": [("海南省", "三亚市")],
    "0910": [("陕西省", "咸阳市")], "0354": [("山西省", "晋中市")], "0358": [("山西省", "吕梁市")],
    "0731": [("湖南省", "长沙市"), ("湖南省", "株洲市"), ("湖南省", "湘潭市")],
    "0692": [("云南省", "德宏傣族景颇族自治州")], "0887": [("云南省", "迪庆藏族自治州")],
    "0691": [("云南省", "西双版纳傣族自治州")], "0433": [("吉林省", "延边朝鲜族自治州")],
    "0774": [("广西壮族自治区", "梧州市"), ("广西壮族自治区", "贺州市")],
    "0775": [("广西壮族自治区", "玉林市"), ("广西壮族自治区", "贵港市")],
    "0772": [("广西壮族自治区", "柳州市"), ("广西壮族自治区", "来宾市")],
    "0391": [("河南省", "焦作市"), ("河南省", "济源市")],
    "0937": [("甘肃省", "酒泉市"), ("甘肃省", "嘉峪关市")], "0935": [("甘肃省", "武威市"), ("甘肃省", "金昌市")],
    "0993": [("新疆维吾尔自治区", "石河子市")],
    "0435": [("吉林省", "通化市")], "0898": [("海南省", "海口市"), ("海南省", "三亚市"), ("海南省", "三沙市"),
                                           ("海南省", "儋州市")],
}  # fmt: skip
RETIRED_AREAS = {"0410", "0413", "0414", "0378", "0732", "0733", "0852", "0853", "0899", "0910"}


def _write(name: str, header: list[str], rows: list[list[str]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(f"{name}: {len(rows)} rows")


def regions(source: Path) -> list[list[str]]:
    """Write adcode, province, city, county: one row per division, a blank where the level ends above."""
    rows = []
    for _, r in pd.read_csv(source / "regions-2024.csv", dtype="str", keep_default_na=False).iterrows():
        city, county = r["city"], r["county"]
        if city in MUNICIPALITY_CITIES:
            city = r["province"]
        elif city == DIRECT:
            city = county
        rows.append([r["adcode"], r["province"], city, county])
    return sorted(rows)


def towns(source: Path, places: list[list[str]]) -> None:
    """Write adcode → its towns, townships and sub-districts; those of a development zone stand under the city."""
    known = {adcode for adcode, *_ in places}
    found: dict[str, dict[str, None]] = {}
    table = pd.read_csv(source / "townships.csv", dtype="str", keep_default_na=False)
    for name, area in zip(table["name"], table["areaCode"], strict=True):
        if re.fullmatch("[一-鿿]+(?:镇|乡|街道|苏木)", name):
            adcode = area if area in known else f"{area[:4]}00"
            found.setdefault(adcode, {}).setdefault(name)
    lines = [f"{adcode}\t{' '.join(names)}\n" for adcode, names in sorted(found.items()) if adcode in known]
    print("towns without a place:", sorted(found.keys() - known))
    (DATA / "towns.tsv").write_text("".join(lines), encoding="utf-8", newline="\n")
    print(f"towns.tsv: {sum(map(len, found.values()))} names")


def area_codes(places: list[list[str]]) -> list[list[str]]:
    """Write code, province, city, retired: several rows where a code serves several cities."""
    cities = {(p, c) for _, p, c, _ in places if c} | {("河南省", "济源市"), ("新疆维吾尔自治区", "石河子市")}
    rows = []
    candidates = ["10", *(f"2{i}" for i in range(10)), *(str(i) for i in range(300, 1000))]
    for code in candidates:
        number = phonenumbers.parse(f"+86{code}66661234")
        shorter = phonenumbers.parse(f"+86{code}6661234")
        said = geocoder.description_for_number(number, "zh") or geocoder.description_for_number(shorter, "zh")
        full = f"0{code}"
        if full in AREA_BY_HAND:
            rows += [[full, p, c, "停用" if full in RETIRED_AREAS else ""] for p, c in AREA_BY_HAND[full]]
            continue
        found = [(p, c) for p, c in sorted(cities) if _named(said, p, c)]
        rows += [[full, p, c, ""] for p, c in found]
        if said and said != "中国" and not found:
            print("no city for", full, said)
    return rows


def _named(said: str, province: str, city: str) -> bool:
    """Whether a description such as 四川省成都市、资阳市 or 云南红河 names this city."""
    short_province = re.sub(r"(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$", "", province)
    short_city = re.sub(r"(?<=..)(市|地区|盟|(蒙古族|[^尔]{1,2}族|哈萨克|蒙古|回族|柯尔克孜|朝鲜族)+自治州)$", "", city)
    if not said.startswith(short_province):
        return False
    rest = said.removeprefix(province).removeprefix(short_province)
    return (
        short_city == short_province
        if rest in {"", "市"}
        else any(part.startswith(short_city) for part in rest.split("、"))
    )


def reading(text: str) -> str:
    """The commonest reading without tone, ü as v (吕 → lv)."""
    return "".join(syllable[0] for syllable in pinyin(text, style=Style.NORMAL, v_to_u=False, errors="ignore"))


def readings() -> None:
    """Write syllable → characters, all of GBK's Chinese characters."""
    by_syllable: dict[str, str] = {}
    for point in range(0x4E00, 0x9FA6):
        said = reading(chr(point))
        if said and said.isascii() and said.isalpha():
            by_syllable[said] = by_syllable.get(said, "") + chr(point)
    lines = [f"{s}\t{c}\n" for s, c in sorted(by_syllable.items())]
    (DATA / "pinyin.tsv").write_text("".join(lines), encoding="utf-8", newline="\n")
    print(f"pinyin.tsv: {len(lines)} syllables")


def surnames(source: Path) -> None:
    """Write surname, reading, frequency per 100,000 (5 where the source only says rare, 1 where we added it)."""
    table = pd.read_excel(source / "surnames.xlsx", dtype={"NameB": "str"}, engine="openpyxl")
    frequency = {name: int(tf) for name, tf in zip(table["NameB"], table["TF"], strict=True) if isinstance(name, str)}
    for name in MORE_SURNAMES:
        frequency.setdefault(name, 1)
    rows = [
        [name, SURNAME_READINGS.get(name, reading(name)), str(n)]
        for name, n in sorted(frequency.items(), key=lambda kv: (-kv[1], kv[0]))
        if name not in MISSPELT
    ]
    _write("surnames.csv", ["surname", "reading", "frequency"], rows)


def traditional() -> None:
    """Write traditional and simplified characters, one line each, position by position.

    A character of GB 2312 is simplified orthography already (乾, 著 and 於 stay).
    """
    convert = opencc.OpenCC("t2s").convert
    pairs = []
    for point in [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)]:
        old = chr(point)
        new = convert(convert(old))  # a few go by way of a second form
        if new != old and len(new) == 1 and 0x4E00 <= ord(new) < 0x9FA6 and not _in_gb2312(old):
            pairs.append((old, new))
    text = "".join(o for o, _ in pairs) + "\n" + "".join(n for _, n in pairs) + "\n"
    (DATA / "traditional.txt").write_text(text, encoding="utf-8", newline="\n")
    print(f"traditional.txt: {len(pairs)} characters")


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def main() -> None:
    """Derive everything."""
    source = Path(sys.argv[1])
    places = regions(source)
    _write("regions.csv", ["adcode", "province", "city", "county"], places)
    towns(source, places)
    _write("area_codes.csv", ["code", "province", "city", "retired"], area_codes(places))
    readings()
    surnames(source)
    traditional()


if __name__ == "__main__":
    main()
