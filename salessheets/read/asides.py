"""Rows below a header that are no records: totals, signatures, examples, notes. Set aside, never dropped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from itertools import islice

TOTAL, SIGNATURE, EXAMPLE, NOTE, BLANK = "合计行", "签名行", "示例行", "说明行", "空白行"

_TOTAL = re.compile(
    r"(?:本页|本日|本周|本月|当日|今日|页|全部)?(?:合|总|小|共|累)\s*(?:计|数|和)"
    r"(?:$|[\s:,。0-9共人条户个]|人数|客户|条数|数量)|共\s*\d+\s*[条人户个家]|总\s*数",
)
_SIGNATURE = re.compile(
    r"(?:制表|制单|填表|填报|审核|审批|复核|批准|负责|经办|主管|经理|领导|移交|交接|接收|记录|统计|登记|部门|总监|客服)"
    r"[^\s:]{0,8}(?:签字|签名|签章|盖章|\s*:)|签\s*(?:字|名|章)\s*(?:$|:)|盖\s*章",
)
_EXAMPLE = re.compile(
    r"[(\[【「]?(?:填写|填表)?(?:示\s*例|样\s*例|范\s*例|举\s*例|例\s*:|例如|例子|例$|样板\s*:|example)",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:备\s*)?注\s*\d*\s*[:、.]|(?:说\s*明|填[表写](?:说明|要求|须知)|注意|提示|温馨提示)\s*(?:$|[:事])|[※*★]\s*\S{6,}",
)
_LONG = 12  # characters; a name or a phone is shorter
_SENTENCE = re.compile(r"[。;!?]|,.*,")
_STARTS = frozenset("合总小共累本当今页全制填审复批负经主领移交接记统登部客签盖示样范举例备注说提温※*★（([【「Ee")


def aside(row: Sequence[str], serial: int, people: Collection[int]) -> str:
    """Why a row is no record, "" when it is one.

    ``serial`` is the column of the running number (-1 when there is none), ``people`` the columns of name, company
    and contacts. Only the first two filled cells decide: 合计 in a remark means nothing.
    """
    filled = list(islice((at for at, text in enumerate(row) if text), 3))
    if filled == [serial]:
        return BLANK if row[serial].isdigit() else _by_text(row[serial]) or NOTE
    for at in filled[:2]:
        if row[at][0] in _STARTS:
            found = _by_text(row[at])
            if found and not (found == SIGNATURE and _reachable(row, people)):
                return found
    if len(filled) == 1:
        text = row[filled[0]]
        lonely = filled[0] not in people or len(text) > _LONG
        if lonely and (len(text) > _LONG or _SENTENCE.search(unicodedata.normalize("NFKC", text))):
            return NOTE
    return ""


def _by_text(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:40])
    if _TOTAL.match(text):
        return TOTAL
    if _SIGNATURE.match(text):
        return SIGNATURE
    if _EXAMPLE.match(text):
        return EXAMPLE
    return NOTE if _NOTE.match(text) else ""


def _reachable(row: Sequence[str], people: Collection[int]) -> bool:
    """A row with a phone number in it is somebody, whatever its first word."""
    return any(sum(map(str.isdigit, row[at])) >= 7 for at in people if at < len(row))
