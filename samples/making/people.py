"""The invented company: its brands, its staff and what its settings say. Nobody here exists."""

from __future__ import annotations

from datetime import date

TODAY = date(2026, 11, 20)  # a Friday; the pinned 基准日期
FIRST_WEEK = "2026-W45"

KANG, RUI, QIN = "康源高电位", "瑞颐光波房", "沁和理疗床"
DIRECTORS = {KANG: "林海", RUI: "徐慧", QIN: "郑涛"}
FORMER = {RUI: ("瑞颐",)}
PRODUCTS = {
    KANG: ("高电位治疗仪", "家用高电位垫", "体验店套装"),
    RUI: ("双人光波房", "频谱房", "光波浴舱"),
    QIN: ("温热理疗床", "玉石床", "按摩理疗床"),
}

HE, CHEN, LIU, SUN, MA, HEAD = "何敏", "陈静", "刘洋", "孙磊", "马晓东", "周立"
STAFF = (  # name, role, own phone
    (HEAD, "销售部负责人", "13953127748"),
    ("林海", "市场总监", "13864095127"),
    ("徐慧", "市场总监", "15866728403"),
    ("郑涛", "市场总监", "18753190264"),
    (HE, "客服", "15069043817"),
    (CHEN, "客服", "13573149062"),
    (LIU, "业务代表", "18615270493"),
    (SUN, "业务代表", "17753186249"),
    (MA, "业务代表", "15264837091"),
)
PHONE_OF = {name: phone for name, _, phone in STAFF}

# 拒绝联系: value, kind, reason
BLOCKED = (
    ("15904718263", "电话", "2026年10月来电要求不再联系"),
    ("tangsu_0519", "微信号", "多次投诉"),
    ("391746052", "QQ号", "本人要求删除"),
)


def settings_bytes() -> bytes:
    """设置.xlsx as the program writes it, with this office's entries. The only use of the program itself."""
    from dataclasses import replace

    from salessheets import settings as s
    from salessheets.write.settings_book import write_settings

    plain = s.default()
    return write_settings(
        replace(
            plain,
            brands=tuple(s.Brand(name=b, director=d, former=FORMER.get(b, ())) for b, d in DIRECTORS.items()),
            staff=tuple(s.Staff(name=n, role=r, phone=p) for n, r, p in STAFF),
            rules=replace(plain.rules, base_date=TODAY, first_week=FIRST_WEEK),
            blocked=tuple(s.Blocked(value=v, kind=k, reason=r) for v, k, r in BLOCKED),
        )
    )
