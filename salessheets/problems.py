"""The catalogue of everything that can be wrong with what people hand in.

One entry per problem: a stable code, a severity, a sentence in Chinese and what to do. A ``Problem`` is one
occurrence, with the place and the person's own value. Problems are values; exceptions are for program errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """What a problem means for the row or file it is about."""

    RETURN = "退回"  # the row or file goes back to the person
    TODO = "待补"  # taken in; something is still to be filled in
    NOTICE = "提示"  # taken in; worth a look


@dataclass(frozen=True)
class Entry:
    """One kind of problem. ``message`` and ``todo`` may use {value} and the occurrence's details."""

    code: str
    severity: Severity
    message: str
    todo: str


def _catalogue(*entries: tuple[str, Severity, str, str]) -> dict[str, Entry]:
    return {code: Entry(code, severity, message, todo) for code, severity, message, todo in entries}


_R, _T, _N = Severity.RETURN, Severity.TODO, Severity.NOTICE

CATALOGUE: dict[str, Entry] = _catalogue(
    # files
    ("file-busy", _N, "{value} 这次没有读到(正被别的程序占用或已移走)", "请关闭后再运行一次"),
    ("file-empty", _R, "文件是空的", "请确认文件已保存,再交一次"),
    ("file-unreadable", _R, "文件打不开:{value}", "请用Excel或WPS打开后另存为 .xlsx 再交"),
    ("file-unknown", _R, "没有认出是哪一张表", "请使用「模板」文件夹里的表格填写,表头不要改"),
    (
        "file-nearly",
        _R,
        "很像《{table}》,但表头对不上:缺少 {missing};多出 {found}",
        "请对照模板改表头,或在 设置.xlsx「列名对照」里加一行",
    ),
    (
        "list-unknown",
        _R,
        "前20行里没有认识的表头(姓名、单位、电话、微信、QQ至少要有一个)",
        "请把表头写成「公司名称」「联系人」「电话」这样,或在 设置.xlsx「列名对照」里加一行",
    ),
    ("file-password", _R, "文件有密码", "请去掉密码后再交"),
    ("file-too-big", _R, "文件太大或结构异常,为安全起见没有打开:{value}", "请把数据复制到空白模板里再交"),
    ("sheet-unknown", _N, "工作表「{sheet}」没有认出是哪一张表,有 {rows} 行没有读入", "如果里面有客户,请使用模板填写"),
    ("row-aside", _N, "这一行不是客户({value}),已登记", "不用处理"),
    ("hidden-row", _N, "这一行是隐藏行,已照常读入", "如果不该交,请删除这一行"),
    ("cell-error", _T, "单元格是错误值 {value}", "请改成正确的内容"),
    ("cell-image", _N, "单元格里是图片,没有读入", "图片里的内容请用文字填写"),
    ("number-cut", _T, "数字超过15位,Excel已把后面的改成0:{value}", "请把单元格设为文本,重新填写"),
    ("hidden-sheet", _N, "工作表「{sheet}」是隐藏的,已照常读入", "如果不该交,请删除这个工作表"),
    ("header-guessed", _N, "表头「{value}」按「{column}」读入", "不对的话,请在 设置.xlsx「列名对照」里加一行"),
    (
        "header-proposed",
        _N,
        "表头「{value}」可能是「{column}」",
        "是的话,请在 设置.xlsx「列名对照」里加一行:{value},{column}",
    ),
    ("header-joined", _N, "表头「{value}」也是{column},内容已合在一起", "不用处理"),
    ("inert-content", _N, "文件里有{value},没有运行,也没有打开", "不用处理"),
    (
        "example-filled",
        _T,
        "「{sheet}」这一页里有 {rows} 行不是原来的例子,没有读入",
        "如果是客户,请抄到前面填写的那一页再交",
    ),
    ("far-cell", _N, "离表格很远的地方有一格「{value}」,没有读入", "如果有用,请移到表格里"),
    ("sheet-unreadable", _T, "工作表「{sheet}」打不开,没有读入", "请用Excel或WPS打开后另存为 .xlsx 再交"),
    ("cell-formula", _T, "公式没有算出结果", "请用Excel打开后保存一次,或直接填内容"),
    # the archive and the folder itself
    ("archive-missing", _R, "存档里缺少第{value}号文件", "请从备份中找回存档文件夹"),
    ("archive-changed", _R, "存档里第{value}号文件被改过", "请从备份中找回原来的文件,存档里的文件不要改"),
    ("archive-restored", _N, "存档里第{value}号文件不对,已用收件时的原文件补回", "不用处理"),
    ("archive-extra", _N, "存档里多了一个没有登记的文件:{value}", "如果收件箱里没有它,请放回收件箱再交一次"),
    ("forget-left", _R, "{value} 里还有他的号码", "请打开这个文件,自己删掉"),
    ("forget-unread", _N, "{value} 打不开,里面有没有他不知道", "请打开看一看,有的话自己删掉"),
    ("doctor-leftover", _N, "上次没有做完时留下的文件,已删除:{value}", "不用处理"),
    ("doctor-torn", _N, "{value} 最后一行没有写完,已去掉", "请再运行一次周报,会补上"),
    ("doctor-cache", _N, "缓存坏了,已删除:{value}", "不用处理,下次运行会重新生成"),
    ("doctor-gap", _R, "登记里少了第{value}号", "请从备份中找回 登记.csv"),
    ("doctor-run", _R, "{value} 的运行记录和登记对不上", "请从备份中找回 登记.csv 和 运行记录.csv"),
    ("doctor-report-gone", _N, "周报不在了:{value}", "再运行一次周报,会重新生成"),
    ("doctor-open", _N, "{value} 正被{who}打开着", "请关闭;如果没有人开着,请删除旁边 ~$ 开头的文件"),
    ("office-busy", _R, "另一个人正在运行:{value}", "请等它结束后再试"),
    ("disk-full", _R, "磁盘满了,没有做完;交来的文件都没有动", "请腾出空间后再运行一次,会接着做完"),
    ("not-writable", _R, "这个文件夹不能写入:{value}", "请检查是不是只读、正被占用,或者没有权限,再运行一次"),
    ("disk-error", _R, "读写磁盘时出错,没有做完;交来的文件都没有动", "请检查磁盘或网络盘,再运行一次,会接着做完"),
    # rows that go back
    ("no-name", _R, "客户姓名和单位/店名都没有填", "请至少填一个"),
    ("no-contact", _R, "联系电话、微信号、QQ号都没有填", "请至少填一个能联系上的"),
    ("bad-contact", _R, "没有一个能用的联系方式:{value}", "请核对电话(手机11位,座机带区号)、微信或QQ"),
    ("no-channel", _R, "没有注明信息来源", "手册规定必须注明,请从下拉中选一个"),
    ("region-contradiction", _R, "地区填写矛盾:{value}", "请核对省、市、县/区"),
    ("future-date", _R, "日期在交表之后:{value}", "请改成真实的日期"),
    ("bad-date", _R, "日期看不懂:{value}", "请写成 2026-11-02 这样"),
    ("lead-unknown", _R, "找不到这个客户:{value}", "请从周报复制客户编号,或填客户姓名和电话"),
    # taken in, something missing
    ("phone-invalid", _T, "电话号码不对:{value}", "手机应为11位;座机请带区号"),
    ("phone-area-restored", _N, "座机区号少了前面的0,已补上:{value}", "请核对"),
    ("phone-prefix", _N, "手机号段少见:{value}", "请核对"),
    ("phone-scientific", _T, "号码被Excel变成了科学计数,后几位已丢失:{value}", "请把单元格设为文本,重新填号码"),
    ("wechat-invalid", _T, "微信号不对:{value}", "微信号是字母开头6到20位"),
    ("qq-invalid", _T, "QQ号不对:{value}", "QQ号是5到11位数字"),
    ("swapped-cells", _N, "姓名和别的一格填反了,已对调:{value}", "请核对"),
    ("date-missing", _T, "没有填{column}", "请补上日期"),
    ("missing", _T, "没有填{column}", "请补上"),
    (
        "choice-unknown",
        _T,
        "{column}「{value}」不在可选项里",
        "请从下拉中选;确实需要的话请在 设置.xlsx「下拉选项」里添加",
    ),
    ("brand-unknown", _T, "品牌「{value}」不在品牌名单里", "请从下拉中选品牌"),
    ("region-ambiguous", _T, "地区「{value}」有好几处同名,没有猜", "请补上省和市"),
    ("region-unknown", _T, "地区「{value}」没有认出来", "请从下拉中选省、市、县/区"),
    ("duplicate-header", _N, "表头「{value}」出现了两次,后一列按备注保存", "请删掉多余的列"),
    ("health-note", _N, "备注里可能有健康信息", "请不要在备注里写病情"),
    # settings
    ("setting-invalid", _T, "设置不对:{value};允许:{allowed}", "已按默认值「{default}」处理,请在 设置.xlsx 里改正"),
    (
        "setting-sheet-missing",
        _T,
        "设置.xlsx 缺少工作表「{sheet}」",
        "已按默认值处理;可用 salessheets init 生成一份新的作参考",
    ),
    # returned workbooks
    ("edit-conflict", _N, "两个人改了同一格:{value}", "已采用较新的,请确认"),
    ("edit-mismatch", _N, "周报里这一行的姓名或电话与编号对不上,这一行的修改没有采用", "请不要只对一列排序;请重新填写"),
    ("edit-unknown", _N, "周报里的这一行没有认出是哪个客户", "请不要改客户编号;新客户请把编号留空"),
    ("edit-shuffled", _N, "「{value}」这一列像是单独排过序,这一列的修改没有采用", "请选整张表排序;请重新填写"),
    ("edit-formula", _N, "填的公式没有算出结果,没有采用", "请直接填内容,或用Excel打开后保存一次"),
    ("edit-number", _N, "评分标准里填的「{value}」不是这里能填的数,没有采用", "请填数字;项目、答案和规则的名称不要改"),
    ("edit-answer", _N, "回答「{value}」看不懂,没有采用", "请从下拉中选"),
    (
        "workbook-open",
        _N,
        "{value} 正被{who}打开着,新的写在旁边:{beside}",
        "请关闭后再运行一次,就会合到一起;如果没有人开着,请删除旁边 ~$ 开头的文件",
    ),
    ("workbook-kept", _N, "{value} 里有自己加的{what},原来的文件保留为 {beside}", "需要的内容请从里面抄出来"),
    (
        "picture-missing",
        _N,
        "概览的图片没有画成:程序里少了 Pillow 或字体 {value}",
        "周报照常写好了;请管理员重新安装程序",
    ),
    ("workbook-locked", _R, "{value} 有密码,给的密码打不开,新的写在旁边:{beside}", "请给出它现在的密码,再运行一次"),
)


@dataclass(frozen=True)
class Problem:
    """One occurrence: what, where (file, sheet, cell, the person's own value) and what to do.

    ``file`` is the path below the office or the name given on the command line; ``row`` is the Excel row
    (0 when the problem is about a whole file or sheet); ``cell`` like ``C15``.
    """

    code: str
    file: str = ""
    sheet: str = ""
    row: int = 0
    cell: str = ""
    value: str = ""
    details: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.code not in CATALOGUE:
            raise KeyError(f"unknown problem code {self.code}")

    @property
    def severity(self) -> Severity:
        """Returned, to be filled in, or only a notice."""
        return CATALOGUE[self.code].severity

    def _fill(self, template: str) -> str:
        return template.format_map({"value": self.value, "sheet": self.sheet, **self.details})

    @property
    def message(self) -> str:
        """What is wrong, in Chinese, without the place."""
        return self._fill(CATALOGUE[self.code].message)

    @property
    def todo(self) -> str:
        """What the person should do, in Chinese."""
        return self._fill(CATALOGUE[self.code].todo)

    @property
    def place(self) -> str:
        """Where: file, sheet and cell, as far as known."""
        cell = self.cell or (f"第{self.row}行" if self.row else "")
        return " ".join(part for part in (self.file, f"「{self.sheet}」" if self.sheet else "", cell) if part)
