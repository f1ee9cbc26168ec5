"""Invented customers. A customer is an identity: everything the sample says about whom it is starts here."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from .people import KANG, PHONE_OF, PRODUCTS, QIN, RUI
from .places import PLACES, STREETS, Place


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严魏陶姜谢邹潘范彭鲁韦马苗方任袁柳史唐薛雷贺倪汤"
GIVEN = words(
    "国强 秀兰 志刚 桂英 海涛 玉梅 建军 淑珍 文博 晓燕 永康 丽萍 振华 春霞 立新 红梅 家豪 雪莲 宏伟 凤琴 "
    "德胜 爱华 俊杰 美玲 光明 素芬 成林 彩云 学文 月娥 卫东 慧敏 守信 翠萍 广生 金凤 长青 艳丽 宝山 瑞芳 "
    "兴旺 静怡 正平 巧云 少华 玉珍 大伟 新颖 世昌 兰英 克勤 冬梅 润生 婷婷 维民 亚楠 继业 思远 明哲 佳音 "
    "庆丰 春生 若男 子涵 启航 刚 敏 磊 静 涛 艳 斌 娟 峰 霞 勇 莉 军 萍 辉 芸 超 洁 鹏 琳"
)
WOMEN = set(
    "秀兰桂英玉梅淑珍晓燕丽萍春霞红梅雪莲凤琴美玲素芬彩云月娥慧敏翠萍金凤艳丽瑞芳静怡巧云玉珍兰英冬梅婷佳音若男艳娟莉芸洁琳颖爱"
)
SHOP_FIRST = words("康 益 福 安 颐 瑞 泰 和 寿 润 健 宁 惠 春 元 恒 盛 仁 善 禾 松 鹤 暖 馨 悦 清 舒 佰 亿 颂 祥 嘉")
SHOP_SECOND = words("乐 民 源 泽 禄 生 怡 年 宝 华 堂 缘 家 颜 乾 森 澜 邦 朗 达 园 林 爱 心 辰 阳 佳 康 诚 友")
TRADES = (
    "健康生活馆", "养生馆", "理疗馆", "医疗器械有限公司", "健康科技有限公司", "保健品商行", "康复器材店", "体验中心",
    "大药房", "健康管理有限公司", "养生会所", "老年用品店",
)  # fmt: skip
TITLES = ("总经理", "店长", "经理", "负责人", "老板", "采购")
WORDS = words("jk yang sheng fu ann lele kang ming hai feng yun dong xin mei jun hua shan qing tao bao")
PREFIXES = words(
    "130 131 132 133 135 136 137 138 139 150 151 152 153 155 156 157 158 159 166 173 175 176 177 178 180 "
    "181 182 183 185 186 187 188 189 191 198 199"
)


@dataclass(frozen=True)
class Customer:
    """One identity: a dealer-to-be. ``hook`` is the contact under which the channels know him first."""

    key: str
    name: str
    mobile: str
    place: Place
    company: str = ""
    street: str = ""
    brands: tuple[str, ...] = ()
    product: str = ""
    title: str = ""
    wechat: str = ""
    qq: str = ""
    landline: str = ""
    more: tuple[str, ...] = ()  # further mobiles
    hook: str = "phone"

    @property
    def woman(self) -> bool:
        """Whether people would say 女士 (for 李姐 and 李先生)."""
        return self.name[-1] in WOMEN


@dataclass
class People:
    """Makes customers one after the other; no name, number or shop is given out twice."""

    rng: random.Random
    taken: set[str] = field(default_factory=lambda: {"13800138000", *PHONE_OF.values(), *PHONE_OF})
    all: dict[str, Customer] = field(default_factory=dict)

    def _new(self, make: object) -> str:
        while True:
            value: str = make()  # type: ignore[operator]
            if value not in self.taken:
                self.taken.add(value)
                return value

    def mobile(self) -> str:
        """An unused mobile of a usual prefix, without the look of a placeholder."""

        def make() -> str:
            while True:
                tail = "".join(self.rng.choices("0123456789", k=8))
                if len(set(tail)) >= 5 and "1234" not in tail and not any(d * 4 in tail for d in "0123456789"):
                    return self.rng.choice(PREFIXES) + tail

        return self._new(make)

    def wechat(self) -> str:
        """A WeChat id of 8 to 14 characters."""
        rng = self.rng
        return self._new(
            lambda: rng.choice(WORDS[1:]) + rng.choice(("", "_")) + rng.choice(WORDS) + str(rng.randint(1960, 99999))
        )

    def qq(self) -> str:
        """A QQ number of 8 or 9 digits."""
        return self._new(lambda: str(self.rng.randint(12_000_000, 899_999_999)))

    def landline(self, place: Place) -> str:
        """A landline with area code, written with a hyphen."""
        digits = 7 if place.city in ("潍坊市", "临沂市", "绵阳市", "宜昌市") else 8
        return self._new(
            lambda: f"{place.area}-{self.rng.randint(2, 8)}{''.join(self.rng.choices('0123456789', k=digits - 1))}"
        )

    def company(self, place: Place) -> str:
        """A shop; two shops never share their 字号."""
        core = self._new(lambda: self.rng.choice(SHOP_FIRST) + self.rng.choice(SHOP_SECOND))
        return self.rng.choice((place.city.removesuffix("市"), "", "")) + core + self.rng.choice(TRADES)

    def name(self) -> str:
        """A full name nobody else of the sample bears."""
        return self._new(lambda: self.rng.choice(SURNAMES) + self.rng.choice(GIVEN))

    def customer(self, places: Sequence[Place] = PLACES, *, shop: float = 0.8, **known: object) -> Customer:
        """A new customer in one of these places; anything known beforehand is taken over."""
        rng = self.rng
        where: Place = known.pop("place", None) or rng.choice(list(places))  # type: ignore[assignment]
        brands = known.pop("brands", None)
        if brands is None:
            brands = rng.choice(
                ((KANG,), (KANG,), (KANG,), (RUI,), (RUI,), (QIN,), (QIN,), (KANG, RUI), (RUI, QIN), ())
            )
        facts: dict[str, object] = {
            "key": f"K{len(self.all) + 1:03d}",
            "name": known.pop("name", None) or self.name(),
            "mobile": self.mobile(),
            "place": where,
            "company": self.company(where) if rng.random() < shop else "",
            "street": f"{rng.choice(STREETS)}{rng.randint(2, 398)}号",
            "brands": brands,
            "product": rng.choice(PRODUCTS[brands[0]]) if brands else "",  # type: ignore[index]
            "title": rng.choice(TITLES),
            "wechat": self.wechat() if rng.random() < 0.4 else "",
            "qq": self.qq() if rng.random() < 0.3 else "",
            "landline": self.landline(where) if rng.random() < 0.2 else "",
            **known,
        }
        made = Customer(**facts)  # type: ignore[arg-type]
        self.taken |= {x for x in (made.name, made.mobile, made.wechat, made.qq, *made.more) if x}
        self.all[made.key] = made
        return made
