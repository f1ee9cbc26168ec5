"""Columns that several tables share: the customer block, the brand block, and single shared columns."""

from __future__ import annotations

from dataclasses import replace

from .columns import By, Column, Kind, Source

WEB_CLAUSE = "第一章2①收集方法"
MANAGE_CLAUSE = "第一章3"

CHANNELS = (
    "网络咨询",
    "陌生拜访",
    "购买名录",
    "同行提供",
    "医疗器械展",
    "客户转介绍",
    "同行推荐",
    "朋友介绍",
)
YES_NO = ("是", "否")
HIGH_LOW = ("高", "中", "低", "未知")
REGION_LEVELS = ("省级", "地级市", "市级", "县级", "乡镇")
CLASSES = ("A", "B", "C")
URGENT_RULE = "客户要求马上答复、今天要来、或有竞争对手在谈时选「是」"

_CUSTOMER = (
    Column(
        "name",
        "客户姓名",
        aliases=("姓名", "客户", "联系人", "联系人姓名", "客户联系人", "负责人", "老板姓名", "客户名字"),
        example="王建国",
        rule="写全名;只知道姓时写「王总」「李姐」也可以。姓名和单位/店名至少填一个",
        clause=WEB_CLAUSE,
    ),
    Column(
        "title",
        "称呼/职务",
        aliases=("称呼", "职务", "职位", "称谓"),
        example="总经理",
        rule="先生、女士、总经理、店长等",
    ),
    Column(
        "phone",
        "联系电话",
        kind=Kind.PHONE,
        aliases=(
            "电话",
            "手机",
            "手机号",
            "手机号码",
            "电话号码",
            "联系方式",
            "联系手机",
            "移动电话",
            "Tel",
            "Phone",
            "电话/手机",
            "客户电话",
            "咨询电话号码",
        ),
        example="13912345678",
        rule="手机11位,或带区号的座机(0531-88881234)。几个号码用「/」隔开。电话、微信、QQ至少填一个",
        clause=WEB_CLAUSE,
    ),
    Column(
        "wechat",
        "微信号",
        kind=Kind.WECHAT,
        aliases=("微信", "微信ID", "WeChat"),
        example="wangjg_1975",
        rule="字母开头6到20位;与手机号相同时写「同手机」",
    ),
    Column(
        "qq",
        "QQ号",
        kind=Kind.QQ,
        aliases=("QQ", "QQ号码", "企业QQ号", "扣扣"),
        example="284651937",
        rule="5到11位数字",
        clause=WEB_CLAUSE,
    ),
    Column(
        "company",
        "单位/店名",
        aliases=(
            "单位",
            "店名",
            "公司",
            "公司名称",
            "企业名称",
            "客户名称",
            "单位名称",
            "店面名称",
            "门店名称",
            "客户单位",
            "单位店名",
            "公司/店名",
        ),
        example="济南康乐健康生活馆",
        rule="写招牌或执照上的名字",
    ),
    Column(
        "province",
        "省",
        kind=Kind.CHOICE,
        source=Source.PROVINCES,
        aliases=("省份", "所在省", "省/直辖市"),
        example="山东省",
        rule="从下拉中选",
        clause="第二章3①",
    ),
    Column(
        "city",
        "市",
        kind=Kind.CHOICE,
        source=Source.CITIES,
        aliases=("城市", "地市", "所在市", "地级市"),
        example="济南市",
        rule="先选省,再从下拉中选",
        clause="第二章3①",
    ),
    Column(
        "county",
        "县/区",
        kind=Kind.CHOICE,
        source=Source.COUNTIES,
        aliases=("区县", "县区", "区/县", "县", "区", "所在区县"),
        example="历下区",
        rule="先选市,再从下拉中选",
        clause="第二章3①",
    ),
    Column(
        "township",
        "乡镇",
        aliases=("乡/镇", "镇", "乡", "街道", "乡镇/街道"),
        example="",
        rule="客户在乡镇时填写",
        clause="第二章3①",
    ),
    Column(
        "address",
        "详细地址",
        aliases=("地址", "联系地址", "店面地址", "通讯地址", "公司地址", "门店地址"),
        example="泉城路188号",
        rule="街道门牌",
    ),
)


def customer(**changes: dict[str, object]) -> tuple[Column, ...]:
    """Make the customer block (tables.md, "Shared blocks"), with changes per field: ``phone={"required": True}``.

    省 and 市 are asked for unless the table says otherwise; a missing one is 待补, never a return.
    """
    asked: dict[str, dict[str, object]] = {"province": {"required": True}, "city": {"required": True}, **changes}
    return tuple(replace(c, **asked.get(c.field, {})) for c in _CUSTOMER)  # type: ignore[arg-type]


def brand(**changes: object) -> tuple[Column, Column]:
    """Make the brand block. Several brands in one cell are joined by 、."""
    column = Column(
        "brand",
        "意向品牌",
        kind=Kind.CHOICES,
        source=Source.BRANDS,
        aliases=("品牌", "咨询品牌", "意向品牌/产品", "感兴趣品牌", "合作品牌"),
        example="康源高电位",
        rule="对几个品牌有意向时都写上;不知道可以留空",
        clause=MANAGE_CLAUSE,
    )
    product = Column(
        "product",
        "意向产品",
        aliases=("产品", "咨询产品", "意向型号", "产品类型"),
        example="高电位治疗仪",
        rule="客户问的是哪种产品",
        clause="第二章2②",
    )
    return replace(column, **changes), product  # type: ignore[arg-type]


def as_tool(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Make the same columns filled by the program: nothing is asked for."""
    return tuple(replace(c, by=By.TOOL, required=False, rule="由程序填写") for c in columns)


def note(rule: str = "其他需要说明的。不要写客户的病情等健康信息") -> Column:
    """Make the column 备注. Health remarks do not belong here (workflow.md, Privacy)."""
    return Column("note", "备注", aliases=("备注信息", "说明", "其他", "备注说明"), rule=rule)


LEAD_NUMBER = Column(
    "lead",
    "客户编号",
    aliases=("编号", "客户编码", "客户ID"),
    required=True,
    example="00012-1-15",
    rule="从周报或待填表中复制;没有编号时必须填客户姓名和电话",
)
LEAD_NAME = Column(
    "name", "客户姓名", aliases=("姓名", "客户", "客户名称"), example="王建国", rule="用来核对编号没有抄错"
)
LEAD_PHONE = Column(
    "phone",
    "联系电话",
    kind=Kind.PHONE,
    aliases=("电话", "手机", "手机号", "客户电话"),
    example="13912345678",
    rule="没有客户编号时必填",
)
