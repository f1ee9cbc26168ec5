"""Our model: which records are the same customer (matching.md, "What counts as one customer").

Weights are log2(m/u): the share of true pairs that agree like this over the share of other candidate pairs that do;
shipped with the program, tuned on the generator's seeds 1 to 3, so that an office of ten records has them too.
"""

from __future__ import annotations

from .judges import (
    ADDRESSES,
    BUSINESSES,
    NAMED,
    NAMES,
    PHONES,
    PLACES,
    REMARKS,
    SAYS,
    judge_addresses,
    judge_businesses,
    judge_names,
    judge_phones,
    judge_places,
    judge_remarks,
    judge_sayings,
)
from .model import UNKNOWN, Block, Comparison, Contradiction, Group, Level, Model, Rule

VERSION = "leads-2"
_CONTACTS = ("mobile", "wechat", "qq", "line", "tail", "hotline", "said", "digits", "ids")
_SAME_NAME = ("alone", "rare", "usual", "common")
_FITTING = (*_SAME_NAME, "homophone", "part")
_OTHER_NAME = ("other", "other_surname")
_UNSURE_NAME = (UNKNOWN, "surname", "near", "hidden_other", *_OTHER_NAME)
_HIDDEN = (UNKNOWN, "surname", "near")
_NOT_THERE = (UNKNOWN, "other")
_SAME_BUSINESS = ("own", "own_close", "same", "close")
_ELSEWHERE = ("other_county", "other_city")
_HERE = (UNKNOWN, "province", "city", "county")


def _made(levels: tuple[str, ...], weights: dict[str, tuple[float, str]]) -> tuple[Level, ...]:
    return tuple(Level(name, *weights.get(name, (0.0, ""))) for name in levels)


NAME = Comparison(
    "name", ("name", "pinyin", "surname", "given", "full", "alone"),
    _made(NAMES, {
        "alone": (6.8, "同姓名\uff0c当地没有第二个号码"), "rare": (6.0, "同姓名"), "usual": (5.0, "同姓名"),
        "common": (3.4, "同姓名"), "homophone": (3.0, "姓名同音"), "part": (3.0, "姓名写得短"), "surname": (1.8, "同姓"),
        "near": (-1.0, "姓名差一字"), "other_surname": (-5.0, "姓名不同"), "other": (-7.0, "姓名不同"),
        "hidden_other": (-5.0, "姓不同"),
    }),
    judge_names,
)  # fmt: skip
BUSINESS = Comparison(
    "business", ("core", "stem", "branch", "crowded", "own"),
    _made(BUSINESSES, {
        "own": (11.3, "同单位\uff0c别处没有这个字号"), "own_close": (10.4, "单位相近\uff0c别处没有这个字号"),
        "same": (6.0, "同单位"), "close": (4.0, "单位相近"), "chain": (1.0, "单位同名的多"),
        "generic": (2.0, "单位名很普通"), "alike": (0.5, "单位音近"), "branch": (-6.0, "分店不同"),
        "other": (-3.5, "单位不同"),
    }),
    judge_businesses,
)  # fmt: skip
PLACE = Comparison(
    "place", ("province", "city", "county"),
    _made(PLACES, {
        "county": (1.5, "同县区"), "city": (0.7, "同城市"), "province": (0.0, ""), "other_county": (-2.5, "县区不同"),
        "other_city": (-4.0, "城市不同"),
    }),
    judge_places,
)  # fmt: skip
ADDRESS = Comparison(
    "address",
    ("address",),
    _made(ADDRESSES, {"same": (6.5, "同地址"), "other": (-3.0, "地址不同")}),
    judge_addresses,
    equal="same",
)
PHONE = Comparison(
    "phone",
    ("digits",),
    _made(PHONES, {"near": (4.5, "号码只差一位"), "far": (-0.7, "号码不同")}),
    judge_phones,
    equal=UNKNOWN,
    late=True,
)
REMARK = Comparison(
    "remark", ("any", "remark", *NAMED), _made(REMARKS, {"mention": (5.0, "备注提到对方")}), judge_remarks, late=True
)
SAYING = Comparison("saying", ("says",), _made(SAYS, {"apart": (-8.0, "备注说明不是一家")}), judge_sayings)

BLOCKS = (
    Block("手机", ("mobiles",), "mobile", 11.2, "同手机"),
    Block("微信", ("wechat",), "wechat", 11.0, "同微信"),
    Block("QQ", ("qq",), "qq", 10.5, "同QQ"),
    Block("座机", ("lines",), "line", 8.5, "同座机"),
    Block("座机后七位", ("tails",), "tail", 7.5, "座机后七位相同"),
    Block("热线", ("hotlines",), "hotline", 5.0, "同400电话"),
    Block("备注里的号码", ("said",), "said", 6.5, "备注里有对方号码"),
    Block("号码数字", ("long_digits",), "digits", 9.0, "号码数字相同"),
    Block("执照号", ("ids",), "ids", 10.0, "同执照号"),
    Block("公用号码和单位", ("weak", "stem"), "weak", 2.5, "同公用号码"),
    Block("公用号码和姓名", ("weak", "pinyin"), "weak", 2.5, "同公用号码"),
    Block("姓名和字号", ("pinyin", "stem")),
    Block("姓名和城市", ("pinyin", "city")),
    Block("字号和城市", ("open_stem", "city")),  # a chain says little: there the surname must fit too
    Block("字号和姓", ("stem", "surname", "city")),
    Block("字号和县区", ("open_stem", "county")),  # where the city is not known
    Block("地址和城市", ("address", "city"), limit=50),
)

MODEL = Model(
    VERSION,
    (NAME, BUSINESS, PLACE, ADDRESS, SAYING, PHONE, REMARK),
    BLOCKS,
    rules=(
        Rule("同单位的另一联系人", {"name": _OTHER_NAME, "business": _SAME_BUSINESS, "place": _HERE}, 4.0),
        Rule("同单位的另一联系人", {"name": ("hidden_other",), "business": _SAME_BUSINESS, "place": _HERE}, 1.5),
        Rule("当地同姓的店主", {"name": ("surname",), "business": ("close",), "place": ("county",)}, 0.8),
        Rule("不知道在哪里", {"business": ("same", "close"), "place": (UNKNOWN,)}, -2.0),
        Rule("不在那个地方", {"name": ("alone",), "place": _ELSEWHERE}, -2.5),
        Rule("同名同址的店", {"name": _OTHER_NAME, "business": ("chain",), "address": ("same",)}, 7.0),
        Rule("不在一个地方", {"name": _UNSURE_NAME, "business": _SAME_BUSINESS, "place": _ELSEWHERE}, asks=True),
        # At one address it is one shop that has another name now.
        Rule("号码在另一家店", {"name": _HIDDEN, "business": ("other", "branch"), "address": _NOT_THERE}, asks=True),
        Rule("同一人两家店", {"name": _FITTING, "business": ("other", "branch"), "address": _NOT_THERE}, asks=True),
        Rule("同一人两地的店", {"name": _FITTING, "business": ("close", "own_close"), "place": ("other_city",)}, asks=True),
        Rule("备注说是两家", {"name": _UNSURE_NAME, "saying": ("apart",)}, asks=True),
        Rule("正在转让", {"saying": ("passing",)}, asks=True),
    ),
    groups=(
        Group(("mobile", "said", "digits")), Group(("line", "tail", "digits")),  # one number seen in several ways
        Group(_CONTACTS, extra=2.0),
    ),
    contradictions=(
        Contradiction(
            {"name": _OTHER_NAME, "business": (UNKNOWN,)},
            waived={"name": (UNKNOWN, "hidden_other", *_OTHER_NAME), "business": _SAME_BUSINESS},
        ),
        Contradiction({"name": _OTHER_NAME, "business": ("generic", "alike", "other")}),
        Contradiction({"name": _OTHER_NAME, "business": ("chain",), "address": (UNKNOWN, "other")}),
        Contradiction({"business": ("branch", "other")}),
        Contradiction({"place": ("other_city",)}),
    ),
)  # fmt: skip
