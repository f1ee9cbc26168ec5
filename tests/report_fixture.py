"""A small week made by hand: three brands, ten customers, one of everything that a workbook can show.

Scores and classes are what score.py makes of the answers; everything else is written down here.
"""

from __future__ import annotations

import dataclasses
from datetime import date

import pandas as pd
from small import frame

from salessheets.office import Week
from salessheets.pairs import separable
from salessheets.score import score
from salessheets.settings import Brand, Settings, Staff
from salessheets.write.report import FATES, LEAD_COLUMNS, YELLOW, Report

WEEK = Week(2026, 47)
KANG, YI, EMPTY = "康源高电位", "益生/理疗*床", "新来的品牌"  # the second cannot be a sheet's or a file's name as it is
STAFF = (
    Staff("刘洋", "业务代表"),
    Staff("赵强", "业务代表"),
    Staff("陈静", "客服"),
    Staff("孙离", "业务代表", left=date(2026, 10, 1)),
)
SETTINGS = Settings(brands=(Brand(KANG, "王总监"), Brand(YI, "李总监"), Brand(EMPTY)), staff=STAFF)

LEADS = """
lead       | brand        | name   | phone         | company              | province | city   | county | region_level | channel    | first_date | week_state | summary                          | owner | status | manual_class | class_reason     | next_date  | note
00002-1-5  | 康源高电位   | 王建国 | 13912345678   | 济南康乐健康生活馆   | 山东省   | 济南市 | 历下区 | 省级         | 客户转介绍 | 2026-11-02 | 更新       | 想开第二家店,问代理政策和区域保护 | 刘洋  | 跟进中 |              |                  | 2026-11-18 | 只在下午接电话
00002-1-6  | 康源高电位   | 李秀英 | 15987654321   | 济南福寿堂药店       | 山东省   | 济南市 | 市中区 | 省级         | 网络咨询   | 2026-11-16 | 新增       | 问价格                           |       |        |              |                  |            |
00003-1-8  | 康源高电位   | 张伟   | 0531-88881234 | 济南舒活理疗         | 山东省   | 济南市 | 天桥区 | 省级         | 医疗器械展 | 2026-11-10 | 无变化     | 展会上留了名片                   | 赵强  | 未跟进 | A            | 见过面,决心很大 | 2026-11-30 |
00003-1-9  | 康源高电位   | 陈晓明 | 13700001111   | 潍坊康寿会销工作室   | 山东省   | 潍坊市 | 奎文区 | 地级市       | 陌生拜访   | 2026-11-17 | 新增       | 老板不在,店员说会转告            |       |        |              |                  |            |
00004-1-7  | 康源高电位   | 周大姐 |               | 寿光康寿理疗店       | 山东省   | 潍坊市 | 寿光市 | 市级         | 网络咨询   | 2026-11-09 | 无变化     |                                  | 刘洋  | 暂缓   | B            | 同行说资金紧张   |            |
00005-1-4  | 康源高电位   |        | 13888886666   | 北方名录公司七分店   |          |        |        | 待定         | 购买名录   | 2026-11-16 | 新增       |                                  |       |        |              |                  |            |
00002-1-6  | 益生/理疗*床 | 李秀英 | 15987654321   | 济南福寿堂药店       | 山东省   | 济南市 | 市中区 | 省级         | 网络咨询   | 2026-11-16 | 新增       | 问价格                           | 赵强  | 跟进中 |              |                  |            | 益生独有的备注
00006-1-5  | 益生/理疗*床 | 吴天宝 | 13911112222   | 石家庄天宝理疗       | 河北省   | 石家庄市 | 长安区 | 省级       | 同行推荐   | 2026-11-12 | 无变化     | 三家店                           | 赵强  | 已洽谈 |              |                  | 2026-11-25 |
00006-1-6  | 益生/理疗*床 | 郑秀兰 | 13911113333   | 保定秀兰养生馆       | 河北省   | 保定市 | 定州市 | 市级         | 朋友介绍   | 2026-11-18 | 新增       | 朋友介绍来的,等资料              |       |        |              |                  |            |
"""

ANSWERS = """
lead       | scale | team     | experience | philosophy | need     | problem_fit | likelihood | ease | inferred
00002-1-5  | 大    | 20人以上 | 5年以上    | 基本一致   | 明确需求 | 能解决      | 高         | 中   |
00002-1-6  | 中    | 5-9人    | 3-5年      | 一致       | 可激发   | 能解决      | 中         | 易   |
00003-1-8  | 大    | 10-19人  |            |            | 明确需求 | 能解决      | 高         | 易   | likelihood
00003-1-9  |       | 5人以下  |            |            |          |             | 低         |      | team,likelihood
00004-1-7  | 小    | 5人以下  | 1-3年      | 不一致     | 潜在     | 部分能      | 低         | 难   |
00006-1-5  | 大    | 20人以上 | 3-5年      | 一致       | 可激发   | 能解决      | 中         | 中   |
"""

UNBRANDED = """
lead       | brand | name   | phone       | company      | province | city   | county | region_level | channel  | first_date | week_state | summary      | todo | assigned_brand
00007-1-5  |       | 冯小刚 | 13822223333 | 青岛海滨养生 | 山东省   | 青岛市 | 市南区 | 地级市       | 网络咨询 | 2026-11-19 | 新增       | 没说哪个品牌 | 品牌 |
00007-1-6  |       | 韩雪   | 13822224444 | 烟台韩雪美容 | 山东省   | 烟台市 | 芝罘区 | 地级市       | 陌生拜访 | 2026-11-19 | 新增       |              | 品牌 | 康源高电位
"""

CLOSED = """
lead       | brand      | name   | phone       | company  | status
00002-1-99 | 康源高电位 | 钱放弃 | 13755556666 | 放弃小店 | 放弃
"""

MERGES = """
lead      | brands                  | rid       | role | date       | table          | person | name   | phone       | company            | file            | sheet    | row | reason
00002-1-5 | 康源高电位              | 00002-1-5 | 首条 | 2026-11-02 | 客户咨询记录本 | 陈静   | 王建国 | 13912345678 | 济南康乐健康生活馆 | 咨询记录.xlsx   | 十一月   | 5   |
00002-1-5 | 康源高电位              | 00004-1-5 | 并入 | 2026-11-17 | 客户信息移交表 | 陈静   | 王经理 | 13912345678 | 康乐生活馆         | 移交1117.xlsx   | 移交     | 5   | 手机相同
00006-1-5 | 益生/理疗*床            | 00006-1-5 | 首条 | 2026-11-12 | 陌生拜访登记本 | 赵强   | 吴天宝 | 13911112222 | 石家庄天宝理疗     | 拜访本.xlsx     | Sheet1   | 5   |
00006-1-5 | 益生/理疗*床            | 00006-1-9 | 更新 | 2026-11-19 | 陌生拜访登记本 | 赵强   | 吴天宝 | 13911112222 | 石家庄天宝理疗     | 拜访本(1).xlsx  | Sheet1   | 9   | 同一行的新版本
00002-1-6 | 康源高电位,益生/理疗*床 | 00002-1-6 | 首条 | 2026-11-16 | 客户咨询记录本 | 陈静   | 李秀英 | 15987654321 | 济南福寿堂药店     | 咨询记录.xlsx   | 十一月   | 6   |
00002-1-6 | 康源高电位,益生/理疗*床 | 00005-1-9 | 并入 | 2026-11-18 | 客户名录表     | 赵强   | 李秀英 | 15987654321 | 福寿堂             | 展会名单.csv    | 展会名单 | 9   | 手机和姓名相同
"""

LEDGER = """
number | person | file               | rows | opening | 新增客户 | 并入已有客户 | 更新 | 重复提交 | 无效 | 退回更正 | 留待下周 | 登记 | unread
2      | 陈静   | 陈静/咨询记录.xlsx | 12   | 2       | 5        | 2            | 1    | 3        | 1    | 1        | 0        | 1    | 0
6      | 赵强   | 赵强/拜访本.xlsx   | 4    | 0       | 2        | 0            | 0    | 0        | 0    | 1        | 1        | 0    | 3
"""

BRAND_LEDGER = """
brand        | person | file          | rows | 新增客户 | 并入已有客户 | 更新 | 重复提交 | 无效 | 退回更正 | 留待下周 | 登记
康源高电位   | 陈静   | 咨询记录.xlsx | 6    | 4        | 1            | 0    | 0        | 0    | 1        | 0        | 0
益生/理疗*床 | 赵强   | 拜访本.xlsx   | 3    | 2        | 0            | 1    | 0        | 0    | 0        | 0        | 0
"""

INVALID = """
rid        | name   | phone       | company      | reason                 | blocked | person | file               | sheet  | row
00002-1-20 | 空号哥 | 13766667777 | 没人接的小店 | 空号停机               |         | 陈静   | 陈静/咨询记录.xlsx | 十一月 | 20
00002-1-21 |        |             |              | 在「拒绝联系」名单上   | 是      | 陈静   | 陈静/咨询记录.xlsx | 十一月 | 21
"""

UNCLAIMED = """
file              | reason                                              | rows
上海展会名单.csv  | 不知道是谁交的(放在收件箱最外层)                    | 14
赵强/加密.xlsx    | 文件有密码,打不开。请去掉密码再交                   | 0
"""

CONFLICTS = """
kind     | brand      | lead      | field  | older | older_by          | newer    | newer_by          | place                                | todo
两个值   | 康源高电位 | 00002-1-5 | 跟进人 | 赵强  | 王总监 2026-11-18 | 刘洋     | 周立 2026-11-19   |                                      | 已采用较新的,请确认
没有采用 | 康源高电位 | 00002-1-6 | G7     |       |                   | 备注:约 | 王总监            | 2026-W47_康源高电位_周报.xlsx 第7行 | 周报里这一行的姓名或电话与编号对不上,这一行的修改没有采用。请不要只对一列排序;请重新填写
"""

DOUBTS = """
key                 | brands     | left_lead | left_name | left_phone  | left_company       | left_place    | left_source         | left_date  | right_lead | right_name | right_phone   | right_company | right_place   | right_source      | right_date | reason                        | weight | answer
00002-1-5/00003-1-8 | 康源高电位 | 00002-1-5 | 王建国    | 13912345678 | 济南康乐健康生活馆 | 山东省 济南市 | 陈静 客户咨询记录本 | 2026-11-02 | 00003-1-8  | 张伟       | 0531-88881234 | 济南舒活理疗  | 山东省 济南市 | 陈静 客户名录表   | 2026-11-10 | 同单位 +4.0,姓名不同 −1.0 = 3 | 3.0    |
00006-1-5/00007-1-5 |            | 00006-1-5 | 吴天宝    | 13911112222 | 石家庄天宝理疗     | 河北省        | 赵强 登记本         | 2026-11-12 | 00007-1-5  | 冯小刚     | 13822223333   | 青岛海滨养生  | 山东省 青岛市 | 陈静 咨询记录本   | 2026-11-19 | 同QQ +3 = 3                   | 3.0    | 不是
"""

HISTORY = """
lead      | brand        | date       | event    | text                                             | person | source
00002-1-5 |              | 2026-11-02 | 首次登记 | 客户姓名:王建国;联系电话:13912345678;咨询内容:想开第二家店 | 陈静   | 咨询记录.xlsx「十一月」第5行
00002-1-5 |              | 2026-11-12 | 洽谈     | 第几次:1;洽谈方式:到访公司;洽谈内容:看了样板店,问区域保护怎么定,回去和家里人商量 | 刘洋   | 洽谈记录.xlsx「Sheet1」第5行
00002-1-5 | 康源高电位   | 2026-11-15 | 级别变化 | B → A(得分 62 → 88)                              |        | 周报
00002-1-5 | 康源高电位   | 2026-11-16 | 填写     | 跟进状态:未跟进 → 跟进中                         | 王总监 | 康源高电位 周报
00002-1-6 | 益生/理疗*床 | 2026-11-16 | 填写     | 备注:益生独有的备注                              | 李总监 | 益生/理疗*床 周报
"""

COUNTS = """
week     | channel    | brand        | new
2026-W46 | 客户转介绍 | 康源高电位   | 1
2026-W46 | 医疗器械展 | 康源高电位   | 1
2026-W46 | 同行推荐   | 益生/理疗*床 | 1
2026-W47 | 网络咨询   | 康源高电位   | 1
2026-W47 | 陌生拜访   | 康源高电位   | 1
2026-W47 | 购买名录   | 康源高电位   | 1
2026-W47 | 网络咨询   | 益生/理疗*床 | 1
2026-W47 | 朋友介绍   | 益生/理疗*床 | 1
2026-W47 | 网络咨询   |              | 2
"""

# What 概览 said a week before; 新来的品牌 was not there yet.
FIGURES = """
week     | brand        | figure   | value
2026-W46 | 康源高电位   | 有效客户 | 3
2026-W46 | 康源高电位   | 待分配   | 3
2026-W46 | 康源高电位   | 紧急     | 0
2026-W46 | 康源高电位   | A类      | 1
2026-W46 | 康源高电位   | B类      | 3
2026-W46 | 康源高电位   | C类      | 0
2026-W46 | 康源高电位   | 待评     | 0
2026-W46 | 益生/理疗*床 | 有效客户 | 1
2026-W46 |              | 有效客户 | 4
2026-W46 |              | 交来行数 | 25
2026-W46 |              | 未分品牌 | 1
"""

_URGENT = ("00002-1-6", "00003-1-9")
_RETURNS = (
    {
        "person": "陈静", "rid": "00002-1-31", "table": "consult_log", "file": "陈静/咨询记录.xlsx", "sheet": "十一月",
        "row": 31, "age_days": 3,
        "fields": {"consult_date": "2026-11-17", "contact_way": "官网留言", "name": "何有问题", "phone": "1381234567",
                   "content": "问价格", "urgent": "否", "clerk": "陈静"},
        "wrong": {"phone": "电话「1381234567」只有 10 位。请核对号码,手机号是 11 位"},
    },
    {
        "person": "陈静", "rid": "00004-1-12", "table": "handover", "file": "陈静/移交1117.xlsx", "sheet": "移交",
        "row": 12, "age_days": 4,
        "fields": {"name": "田缺来源", "phone": "13812340000", "company": "日照田氏理疗", "province": "山东省", "city": "日照市",
                   "obtained_date": "2026-11-16", "content": "想做代理", "urgent": "否", "handover_date": "2026-11-17",
                   "handover_by": "陈静", "received_by": "周立"},
        "wrong": {"channel": "没有写信息来源。请从下拉中选"},
    },
    {
        "person": "赵强", "rid": "00006-1-15", "table": "visit_log", "file": "赵强/拜访本.xlsx", "sheet": "Sheet1",
        "row": 15, "age_days": 1,
        "fields": {"visit_date": "2026-11-19", "rep": "赵强", "phone": "13700009999", "attitude": "热情"},
        "wrong": {"name": "没有姓名也没有单位。请至少填一个", "company": "没有姓名也没有单位。请至少填一个"},
    },
)  # fmt: skip


def report(**changes: object) -> Report:
    """The week; ``changes`` replace fields of the Report."""
    made = Report(
        week=WEEK,
        as_of=date(2026, 11, 20),
        finished=False,
        settings=SETTINGS,
        leads=leads(LEADS),
        closed=leads(CLOSED),
        unbranded=leads(UNBRANDED, "assigned_brand"),
        merges=_merges(),
        doubts=_doubts(),
        ledger=_numbers(LEDGER, "number", "rows", "opening", *FATES, "unread"),
        brand_ledger=_numbers(BRAND_LEDGER, "rows", *FATES),
        invalid=_numbers(INVALID, "row").assign(blocked=[False, True]),
        returns=_returned(),
        unclaimed=_numbers(UNCLAIMED, "rows"),
        conflicts=frame(CONFLICTS),
        counts=_numbers(COUNTS, "new"),
        figures=_numbers(FIGURES, "value"),
        history=frame(HISTORY),
    )
    return dataclasses.replace(made, **changes)


def empty_report() -> Report:
    """A week in which nothing came in at all."""
    full = report()
    frames = {f.name: getattr(full, f.name) for f in dataclasses.fields(full)}
    return dataclasses.replace(full, **{n: f.iloc[:0] for n, f in frames.items() if isinstance(f, pd.DataFrame)})


def changed(frame_: pd.DataFrame, lead: str, **values: object) -> pd.DataFrame:
    """The frame with other values in the rows of one lead."""
    made = frame_.copy()
    for column, value in values.items():
        made.loc[made["lead"] == lead, column] = value
    return made


def leads(text: str, *more: str) -> pd.DataFrame:
    """A table of leads → LEAD_COLUMNS (and ``more``), scored."""
    table = frame(text)
    given = frame(ANSWERS).set_index("lead")
    for column in (*LEAD_COLUMNS, *YELLOW, *more):
        if column not in table:
            table[column] = table["lead"].map(given[column]).fillna("") if column in given else ""
    table["inferred"] = [frozenset(text.split(",")) - {""} for text in table["inferred"]]
    table["urgent"] = table["lead"].isin(_URGENT)
    table["other_brand"] = table["lead"].duplicated(keep=False)
    table["record_count"] = (
        table["lead"].map({"00002-1-5": 2, "00006-1-5": 2, "00002-1-6": 2}).fillna(1).astype("int64")
    )
    table["last_date"] = table["last_date"].where(table["last_date"] != "", table["first_date"])
    table["origin"] = "咨询记录.xlsx 第1表 第" + table["lead"].str.rsplit("-", n=1).str[-1] + "行"
    table["wechat"] = table["wechat"].where(table["phone"] != "", "zhoudajie88")
    table["todo"] = [
        t or ("" if name else "客户姓名、省市") for t, name in zip(table["todo"], table["name"], strict=True)
    ]
    scored = score(table.assign(open=True), SETTINGS, {})
    return table.drop(columns=list(scored.columns), errors="ignore").join(scored)[[*LEAD_COLUMNS, *more]]


def _merges() -> pd.DataFrame:
    table = _numbers(MERGES, "row")
    table = table.assign(brands=[tuple(brands.split(",")) for brands in table["brands"]])
    return separable(table, {"00006-1-5": "00006-1-9"})


def _doubts() -> pd.DataFrame:
    table = frame(DOUBTS)
    return table.assign(
        brands=[tuple(filter(None, brands.split(","))) for brands in table["brands"]],
        weight=table["weight"].astype(float),
        left_rids=[frozenset([lead]) for lead in table["left_lead"]],
        right_rids=[frozenset([lead]) for lead in table["right_lead"]],
    )


def _numbers(text: str, *columns: str) -> pd.DataFrame:
    return frame(text).astype(dict.fromkeys(columns, "int64"))


def _returned() -> pd.DataFrame:
    rows = [{**row, "todo": ";".join(dict.fromkeys(row["wrong"].values()))} for row in _RETURNS]
    return pd.DataFrame(rows)
