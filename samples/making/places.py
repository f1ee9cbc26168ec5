"""Where the invented customers live: real places of several provinces and all five levels, invented streets."""

from __future__ import annotations

from dataclasses import dataclass

CAPITALS = ("济南市", "郑州市", "石家庄市", "南京市", "成都市", "武汉市", "沈阳市")


@dataclass(frozen=True)
class Place:
    """One place. ``level`` follows R11 and was written down by hand, ``area`` is the telephone area code."""

    province: str
    city: str
    county: str
    township: str
    level: str
    area: str

    @property
    def district(self) -> bool:
        """Whether the city alone already tells the level (a district of a city)."""
        return self.county.endswith("区")


def _places(text: str) -> tuple[Place, ...]:
    return tuple(Place(*("" if part == "-" else part for part in line.split())) for line in text.strip().splitlines())


PLACES = _places(
    """
    山东省 济南市 历下区 - 省级 0531
    山东省 济南市 市中区 - 省级 0531
    山东省 济南市 槐荫区 - 省级 0531
    山东省 济南市 历城区 - 省级 0531
    山东省 济南市 章丘区 - 省级 0531
    山东省 济南市 商河县 - 县级 0531
    山东省 济南市 商河县 玉皇庙镇 乡镇 0531
    山东省 青岛市 市北区 - 地级市 0532
    山东省 青岛市 李沧区 - 地级市 0532
    山东省 青岛市 胶州市 - 市级 0532
    山东省 潍坊市 奎文区 - 地级市 0536
    山东省 潍坊市 寿光市 - 市级 0536
    山东省 潍坊市 青州市 - 市级 0536
    山东省 潍坊市 昌乐县 - 县级 0536
    山东省 潍坊市 临朐县 五井镇 乡镇 0536
    山东省 临沂市 兰山区 - 地级市 0539
    山东省 临沂市 沂水县 - 县级 0539
    山东省 临沂市 沂水县 许家湖镇 乡镇 0539
    河南省 郑州市 金水区 - 省级 0371
    河南省 郑州市 二七区 - 省级 0371
    河南省 郑州市 巩义市 - 市级 0371
    河南省 洛阳市 涧西区 - 地级市 0379
    河南省 洛阳市 洛龙区 - 地级市 0379
    河南省 洛阳市 新安县 - 县级 0379
    河南省 洛阳市 新安县 磁涧镇 乡镇 0379
    河北省 石家庄市 裕华区 - 省级 0311
    河北省 石家庄市 正定县 - 县级 0311
    河北省 石家庄市 辛集市 - 市级 0311
    江苏省 南京市 江宁区 - 省级 025
    江苏省 南京市 秦淮区 - 省级 025
    江苏省 徐州市 泉山区 - 地级市 0516
    江苏省 徐州市 邳州市 - 市级 0516
    江苏省 徐州市 睢宁县 - 县级 0516
    江苏省 徐州市 睢宁县 双沟镇 乡镇 0516
    江苏省 徐州市 沛县 龙固镇 乡镇 0516
    上海市 上海市 浦东新区 - 省级 021
    上海市 上海市 宝山区 - 省级 021
    四川省 成都市 武侯区 - 省级 028
    四川省 成都市 彭州市 - 市级 028
    四川省 绵阳市 涪城区 - 地级市 0816
    四川省 绵阳市 江油市 - 市级 0816
    四川省 绵阳市 三台县 芦溪镇 乡镇 0816
    湖北省 武汉市 武昌区 - 省级 027
    湖北省 宜昌市 西陵区 - 地级市 0717
    湖北省 宜昌市 枝江市 - 市级 0717
    辽宁省 沈阳市 铁西区 - 省级 024
    辽宁省 沈阳市 法库县 - 县级 024
    """
)


def place(city: str, county: str, township: str = "") -> Place:
    """The place of the list with these names."""
    return next(p for p in PLACES if (p.city, p.county, p.township) == (city, county, township))


def among(*cities: str) -> tuple[Place, ...]:
    """The places of these cities."""
    return tuple(p for p in PLACES if p.city in cities)


STREETS = (
    "长乐路", "建安路", "青松街", "康宁路", "文兴街", "东升路", "和顺街", "新华北路", "育英街", "永泰路", "南关大街",
    "香樟路", "向阳街", "兴业路", "桃源路", "安居街", "锦绣路", "迎春街", "学府路", "胜利西街",
)  # fmt: skip
