"""What a file really is, and whether it is safe to open: decided from its first bytes and its zip directory.

Refuses with a reason before any parser runs (excel.md, "Hostile input"): zip bombs, entity bombs, things that are no
tables at all. Faults around a sound table are mended instead (modules ``mend`` and ``strays``).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable

from .book import RefusalError
from .parts import part_names

MAX_ENTRIES = 20_000
MAX_DIRECTORY = 3 << 20  # bytes of the zip directory: 20,000 entries with long names
MAX_PART = 400 << 20  # bytes of one sheet when inflated; it is streamed, never kept
MAX_OTHER = 64 << 20  # bytes of any other part that is read as a whole
MAX_STRINGS = 150 << 20  # bytes of shared strings: they stay in memory as a whole
MAX_ALL = 1 << 30
SUSPICIOUS = 50 << 20  # bytes above which the ratio counts
MAX_RATIO = 250  # inflated : packed; a real sheet of 100,000 rows has 12, one formatted to its last row up to 100
_ZIP_MARKS = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "这是Word文档,不是表格"),
    ("ppt/presentation.xml", "这是演示文稿,不是表格"),
    ("index/document.iwa", "这是苹果Numbers表格"),
)
_MAGIC = (
    (b"%PDF", "这是PDF,不是表格"),
    (b"Rar!", "这是压缩包,请解压后再交"),
    (b"7z\xbc\xaf", "这是压缩包,请解压后再交"),
    (b"\x1f\x8b", "这是压缩包,请解压后再交"),
    (b"\x89PNG", "这是图片,不是表格"),
    (b"\xff\xd8\xff", "这是图片,不是表格"),
    (b"GIF8", "这是图片,不是表格"),
    (b"BM", "这是图片,不是表格"),
    (b"{\\rtf", "这是Word文档,不是表格"),
    (b"MZ", "这是程序,不是表格"),
)
_ACTIVE = (
    ("xl/vbaproject", "宏"),
    ("xl/macrosheets", "宏"),
    ("basic/", "宏"),
    ("scripts/", "宏"),
    ("xl/externallinks/external", "外部链接"),
    ("xl/connections", "数据连接"),
    ("xl/embeddings/", "嵌入的文件"),
    ("xl/activex/", "控件"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sniff(data: bytes, name: str) -> str:
    """Tell the kind by the bytes, never by the name: xlsx, xlsb, ods, xls, locked, html, mhtml, xml or csv.

    Raises RefusalError when the file is empty, or plainly something else.
    """
    if name.rsplit("/", 1)[-1].startswith("~$"):
        raise RefusalError("file-unreadable", "这是Excel打开表格时的临时文件")
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if not start:
        raise RefusalError("file-empty")
    if data.startswith(b"PK"):
        return "zip"
    if data.startswith(_OLE):
        return _ole(data)
    if data[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08"):
        return "xls"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = data[:4096].decode("utf-16", "ignore").encode()
    low = start[:1024].lower()
    if low.startswith(b"mime-version:") or b"content-type: multipart/related" in low:
        return "mhtml"
    if low.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<body", b"<style", b"<div")):
        return "html"
    if low.startswith(b"<"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in data[:8192]:
            return "xml"
        return "html" if b"<table" in data[:1_000_000].lower() else "csv"
    for magic, reason in _MAGIC:
        if data.startswith(magic) and (b"\x00" in data[:512] or magic not in (b"BM", b"MZ")):
            raise RefusalError("file-unreadable", reason)
    return "csv"


def _ole(data: bytes) -> str:
    """Old Office files are small file systems; the names in their directory tell what they hold."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return "locked"
    if holds("Workbook") or holds("WorkBook") or holds("WORKBOOK") or holds("Book"):
        return "xls"
    if holds("WordDocument"):
        raise RefusalError("file-unreadable", "这是Word文档,不是表格")
    if holds("PowerPoint Document"):
        raise RefusalError("file-unreadable", "这是演示文稿,不是表格")
    return "xls"


def check_zip(archive: zipfile.ZipFile) -> str:
    """Tell the kind of a zip file from its directory: xlsx, xlsb or ods. Raises RefusalError when it is unsafe."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise RefusalError("file-too-big", f"里面有{len(entries)}个部件")
    for entry in entries:
        packed, inflated = max(entry.compress_size, 1), entry.file_size
        if inflated > _limit(entry.filename.lower().replace("\\", "/")):
            raise RefusalError("file-too-big", f"解压后有{inflated >> 20}MB")
        if inflated > SUSPICIOUS and inflated > MAX_RATIO * packed:
            raise RefusalError("file-too-big", f"解压后会变大{inflated // packed}倍")
        if entry.flag_bits & 1:
            raise RefusalError("file-password")
    if sum(entry.file_size for entry in entries) > MAX_ALL:
        raise RefusalError("file-too-big", "解压后超过1GB")
    parts = part_names(archive)
    kind = next((kind for mark, kind in _ZIP_MARKS if mark in parts), "")
    if not kind and "content.xml" in parts:
        kind = "ods"
    if not kind and "[content_types].xml" in parts and b"spreadsheetml" in archive.read(parts["[content_types].xml"]):
        kind = "xlsx"
    if kind not in ("xlsx", "xlsb", "ods"):
        raise RefusalError("file-unreadable", kind or "这是压缩包,请解压后再交")
    return kind


def check_directory(data: bytes) -> None:
    """Refuse a zip directory that alone would take seconds to read. Raises RefusalError."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    if end >= 0 and int.from_bytes(data[end + 12 : end + 16], "little") > MAX_DIRECTORY:
        raise RefusalError("file-too-big", "里面的部件太多")


def _limit(name: str) -> int:
    """How large a part may be when inflated."""
    if name.endswith(("sharedstrings.xml", "sharedstrings.bin")):
        return MAX_STRINGS
    if "/worksheets/" in name or name == "content.xml" or "/media/" in name:
        return MAX_PART
    return MAX_OTHER


def inert(names: Iterable[str]) -> str:
    """What could act or reach outside, in Chinese, "" when there is nothing. It is never run and never fetched."""
    found = {label for name in names for mark, label in _ACTIVE if name.lower().replace("\\", "/").startswith(mark)}
    return "、".join(label for label in dict.fromkeys(label for _, label in _ACTIVE) if label in found)
