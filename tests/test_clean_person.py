"""Names of contact persons."""

from __future__ import annotations

import pandas as pd
import pytest

from salessheets.clean import facts, names, person


def read(cell: str) -> pd.Series:
    return person.clean(pd.Series([cell], dtype="str")).iloc[0]


FULL = [
    # cell, name, surname, given, title, pinyin
    ("王建国", "王建国", "王", "建国", "", "wang jianguo"),
    ("王 建 国", "王建国", "王", "建国", "", "wang jianguo"),
    ("王　建国", "王建国", "王", "建国", "", "wang jianguo"),
    ("王·建国", "王建国", "王", "建国", "", "wang jianguo"),
    ("王\u200b建国", "王建国", "王", "建国", "", "wang jianguo"),
    ("張紅", "张红", "张", "红", "", "zhang hong"),
    ("周桂蘭", "周桂兰", "周", "桂兰", "", "zhou guilan"),
    ("欧阳娜娜", "欧阳娜娜", "欧阳", "娜娜", "", "ouyang nana"),
    ("歐陽娜娜", "欧阳娜娜", "欧阳", "娜娜", "", "ouyang nana"),
    ("司马光", "司马光", "司马", "光", "", "sima guang"),
    ("诸葛亮", "诸葛亮", "诸葛", "亮", "", "zhuge liang"),
    ("尉迟恭", "尉迟恭", "尉迟", "恭", "", "yuchi gong"),
    ("第五红梅", "第五红梅", "第五", "红梅", "", "diwu hongmei"),
    ("陈李淑仪", "陈李淑仪", "陈", "李淑仪", "", "chen lishuyi"),  # a married woman in Hong Kong
    ("王建国(店长)", "王建国", "王", "建国", "店长", "wang jianguo"),
    ("王建国（店长）", "王建国", "王", "建国", "店长", "wang jianguo"),
    ("王建国先生", "王建国", "王", "建国", "先生", "wang jianguo"),
    ("张小花副院长", "张小花", "张", "小花", "副院长", "zhang xiaohua"),
    ("张红经理", "张红", "张", "红", "经理", "zhang hong"),
    ("董事长李强", "李强", "李", "强", "董事长", "li qiang"),
    ("科长关宏", "关宏", "关", "宏", "科长", "guan hong"),
    ("药师任远", "任远", "任", "远", "药师", "ren yuan"),
    ("任远(药师)", "任远", "任", "远", "药师", "ren yuan"),
    ("联系人:王建国", "王建国", "王", "建国", "", "wang jianguo"),
    ("联系人\uff1a王建国。", "王建国", "王", "建国", "", "wang jianguo"),
    ("店长\uff1a王建国", "王建国", "王", "建国", "店长", "wang jianguo"),
    ("法人 王建国", "王建国", "王", "建国", "法人", "wang jianguo"),
    ("老板娘 杨韵", "杨韵", "杨", "韵", "老板娘", "yang yun"),
    ("(王建国)", "王建国", "王", "建国", "", "wang jianguo"),
    ("王雯姐", "王雯", "王", "雯", "姐", "wang wen"),
    ("刘雨谦总", "刘雨谦", "刘", "雨谦", "总", "liu yuqian"),
    ("吴沛小姐", "吴沛", "吴", "沛", "小姐", "wu pei"),
    ("王建国13812345678", "王建国", "王", "建国", "", "wang jianguo"),
    ("刘芳、孙立民", "刘芳", "刘", "芳", "", "liu fang"),
    ("买买提·艾力", "买买提·艾力", "", "买买提·艾力", "", "maimaiti aili"),
    ("買買提．艾力", "买买提·艾力", "", "买买提·艾力", "", "maimaiti aili"),
    ("吉克阿依莫", "吉克阿依莫", "吉克", "阿依莫", "", "jike ayimo"),
    ("Jack Chen", "Jack Chen", "", "Jack Chen", "", "jack chen"),
    ("Ｌｉｕ　Ｙａｎｇ", "Liu Yang", "", "Liu Yang", "", "liu yang"),
    ("Nguyễn Thị Hoa", "Nguyễn Thị Hoa", "", "Nguyễn Thị Hoa", "", "nguyễn thị hoa"),
]


@pytest.mark.parametrize(("cell", "name", "surname", "given", "title", "pinyin"), FULL)
def test_a_full_name(cell: str, name: str, surname: str, given: str, title: str, pinyin: str) -> None:
    assert tuple(read(cell)) == (name, surname, given, title, True, pinyin)


HIDDEN = [
    # cell, name, surname, title
    ("王总", "王总", "王", "总"),
    ("王 总", "王总", "王", "总"),
    ("李经理", "李经理", "李", "经理"),
    ("李副总", "李副总", "李", "副总"),
    ("欧阳总", "欧阳总", "欧阳", "总"),
    ("张姐", "张姐", "张", "姐"),
    ("張姐", "张姐", "张", "姐"),
    ("鞠大姐", "鞠大姐", "鞠", "大姐"),
    ("王二哥", "王二哥", "王", "二哥"),
    ("老李", "老李", "李", ""),
    ("小王", "小王", "王", ""),
    ("老王总", "老王总", "王", "总"),
    ("小李姐", "小李姐", "李", "姐"),
    ("小王(徒弟)", "小王", "王", ""),
    ("张先生", "张先生", "张", "先生"),
    ("刘女士", "刘女士", "刘", "女士"),
    ("梁小姐", "梁小姐", "梁", "小姐"),
    ("肖老板", "肖老板", "肖", "老板"),
    ("曲院长", "曲院长", "曲", "院长"),
    ("王主任", "王主任", "王", "主任"),
    ("宓师傅", "宓师傅", "宓", "师傅"),
    ("苌医生", "苌医生", "苌", "医生"),
    ("阴大夫", "阴大夫", "阴", "大夫"),
    ("李工", "李工", "李", "工"),
    ("张姐(老板娘)", "张姐", "张", "老板娘"),
    ("王总/李总", "王总", "王", "总"),
    ("赖", "赖", "赖", ""),
    ("欧阳", "欧阳", "欧阳", ""),
    ("雷**", "雷**", "雷", ""),
    ("李某某", "李某某", "李", ""),
    ("老板娘", "老板娘", "", "老板娘"),
    ("桂花姐", "桂花姐", "", ""),
    ("安安姐", "安安姐", "", ""),
    ("王副总经理", "王副总经理", "王", "副总经理"),
    ("阳光姐姐", "阳光姐姐", "", "姐姐"),
    ("平安是福", "平安是福", "", ""),
    ("冰糖葫芦", "冰糖葫芦", "", ""),
    ("阿福", "阿福", "", ""),
    ("Ольга", "Ольга", "", ""),
    ("用户8827310", "用户8827310", "", ""),
]


@pytest.mark.parametrize(("cell", "name", "surname", "title"), HIDDEN)
def test_a_title_hides_the_name(cell: str, name: str, surname: str, title: str) -> None:
    assert tuple(read(cell)) == (name, surname, "", title, False, "")


@pytest.mark.parametrize("cell", ["", "无", "???", "��", "-", "***", "未知"])
def test_no_name(cell: str) -> None:
    assert tuple(read(cell)) == ("", "", "", "", False, "")


@pytest.mark.parametrize(
    ("surname", "reading"),
    [
        ("单", "shan"), ("仇", "qiu"), ("曾", "zeng"), ("解", "xie"), ("区", "ou"), ("查", "zha"), ("翟", "zhai"),
        ("乐", "yue"), ("盖", "ge"), ("朴", "piao"), ("任", "ren"), ("尉迟", "yuchi"), ("万俟", "moqi"), ("冼", "xian"),
    ],
)  # fmt: skip
def test_surnames_have_their_own_reading(surname: str, reading: str) -> None:
    assert read(surname + "红")["pinyin"] == f"{reading} hong"


def test_homophones_have_one_key() -> None:
    assert read("张晓红")["pinyin"] == read("章小宏")["pinyin"] == "zhang xiaohong"


def test_the_lists_are_whole() -> None:
    assert len(facts.surnames()) > 1000
    assert len(facts.readings()) > 20000
    old, new = facts.traditional()
    assert len(old) == len(new) > 2500
    assert not set(old) & set(new)


@pytest.mark.parametrize("surname", ["王", "欧阳", "阿", "单", "和", "老", "司"])
@pytest.mark.parametrize(
    "ending", ["", "总", "某", "生", "建国", "经理", "副总", "和平", "小姐", "海生", "阳光", "馬", "丽姐", "知", "马"]
)
def test_the_quick_way_and_the_thorough_way_agree(surname: str, ending: str) -> None:
    thorough = names.read(surname + ending)
    assert tuple(read(surname + ending)) == (
        thorough.name, thorough.surname, thorough.given, thorough.title, thorough.full, thorough.pinyin,
    )  # fmt: skip
