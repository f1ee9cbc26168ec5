"""Make the users' guide anew: python scripts/make_guide.py

1. the questions and answers at the end of 使用说明.md, from the catalogue of problems;
2. docs/images/guide/: pictures of real workbooks (the sample office after a run), and texts.json, what they say;
3. docs/使用说明.pdf: one page for each role, then the questions.

Needs LibreOffice and poppler. ``--text`` does only the first. Tests fail when one of the three is not current.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from salessheets import check, settings, summary
from salessheets.office import Office
from salessheets.problems import CATALOGUE, Severity
from salessheets.week import clock, weekly
from salessheets.write.book import fitted
from salessheets.write.look import LINE
from salessheets.write.template_text import prose

ROOT = Path(__file__).resolve().parents[1]
GUIDE, PDF = ROOT / "使用说明.md", ROOT / "docs" / "使用说明.pdf"
IMAGES = ROOT / "docs" / "images" / "guide"
TEXTS = IMAGES / "texts.json"
ROLES = ("客服", "业务代表", "市场总监", "销售部负责人", "管理员")
QUESTIONS = "常见问题"
_BEGIN, _END = "<!-- questions: written by scripts/make_guide.py -->", "<!-- /questions -->"
_MEANS = {
    Severity.RETURN: ("退回的", "行或文件退回给交表的人,改好后再交。别的行照常处理。"),
    Severity.TODO: ("待补的", "已经收下,客户照常跟进。以后有空请补上。"),
    Severity.NOTICE: ("提示", "已经照常处理,请看一眼。"),
}
_DPI = 130


@dataclass(frozen=True)
class Picture:
    """What is drawn: of the first page of a workbook that says ``needle``, so many points from the top and of the width.

    A width below 0 counts from the right edge of what is written; 0 is everything.
    """

    name: str
    workbook: str
    needle: str
    height: int
    width: int = 0


PICTURES = (
    Picture("form", "form", "客户信息移交表", 170, 400),
    Picture("returns", "returns", "退回", 120, 430),
    Picture("checked", "checked", "要改什么", 130, -420),
    Picture("overview", "brand", "需要处理", 430),
    Picture("leads", "brand", "有效客户名单\uff08", 170, -470),
    Picture("sales", "sales", "需要处理", 300),
    Picture("ledger", "sales", "交来行数+上周留待", 190, 480),
    Picture("settings", "settings", "品牌与市场总监", 115),
)


# --- 1. the questions -------------------------------------------------------------------------------------------------


def questions() -> str:
    """Every problem of the catalogue: what the person reads, and what to do."""
    parts = []
    for severity, (title, meaning) in _MEANS.items():
        entries = [entry for entry in CATALOGUE.values() if entry.severity is severity]
        parts += [f"### {title}", "", meaning, "", "| 提示 | 怎么办 |", "|---|---|"]
        parts += [f"| {general(entry.message)} | {general(entry.todo)} |" for entry in entries]
        parts.append("")
    return prose("\n".join(parts))


def general(sentence: str) -> str:
    """A sentence of the catalogue without the occurrence's own values."""
    sentence = re.sub(r"[:\uff1a]\s*\{\w+\}$", "", sentence)
    return re.sub(r"\s?\{\w+\}\s?", "…", sentence).replace("|", "\\|")


def with_questions(guide: str) -> str:
    """The guide with its last part written anew."""
    before, _, rest = guide.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not end:
        raise SystemExit(f"{GUIDE.name} has lost its markers {_BEGIN} … {_END}")
    return f"{before}{_BEGIN}\n\n{questions()}\n{_END}{after}"


# --- 2. the pictures --------------------------------------------------------------------------------------------------


def workbooks(office: Office) -> dict[str, bytes]:
    """The workbooks that are shown, from an office after its weekly run."""
    week = max(path for path in office.reports.iterdir() if path.is_dir())
    sales = next(week.glob("*销售部*.xlsx"))
    brand = next(path for path in sorted(week.glob("*.xlsx")) if path != sales)
    returned = max(office.returns.rglob("*.xlsx"), key=lambda path: (path.stat().st_size, path.name))
    return {
        "form": (ROOT / "templates_xlsx" / "客户信息移交表.xlsx").read_bytes(),
        "returns": returned.read_bytes(),
        "checked": _checked(office),
        "brand": brand.read_bytes(),
        "sales": sales.read_bytes(),
        "settings": office.settings.read_bytes(),
    }


def _checked(office: Office) -> bytes:
    """The marked copy of the narrowest sheet in the inbox that has something to correct: it is the easiest to read."""
    files = sorted(path for path in office.inbox.rglob("*.xlsx") if not path.name.startswith("~"))
    results = check.check(files, settings.load(office.settings.read_bytes()), clock(office))
    wrong = [r for r in results if r.workbook and any(p.severity is Severity.RETURN and p.cell for p in r.problems)]
    narrow = min(wrong, key=lambda r: (max(sheet.width for sheet in r.workbook.sheets), r.file))
    with tempfile.TemporaryDirectory() as folder:
        (path,) = summary.write_marked_copies([narrow], Path(folder))
        return path.read_bytes()


def to_pdf(files: dict[str, bytes], folder: Path) -> dict[str, Path]:
    """Every workbook as PDF; one start of LibreOffice with a profile of its own."""
    paths = [folder / f"{name}.xlsx" for name in files]
    for path, data in zip(paths, files.values(), strict=True):
        path.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {path.stem: path.with_suffix(".pdf") for path in paths}


@dataclass(frozen=True)
class Crop:
    """The part of a page that is drawn (points) and the words in it."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


def crop(pdf: Path, picture: Picture) -> Crop:
    """Find the page and the box round its words, down to the picture's height."""
    drawn = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, timeout=120).stdout
    for number, page in enumerate(drawn.decode("utf-8").split("<page ")[1:], 1):
        found = re.findall(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*)</word>', page)
        words = [(*(float(side) for side in box[:4]), html.unescape(box[4])) for box in found]
        if picture.needle not in "".join(str(word[4]) for word in words):
            continue
        top = min(float(word[1]) for word in words)
        shown = [word for word in words if float(word[3]) <= top + picture.height]
        left, right = min(float(w[0]) for w in shown), max(float(w[2]) for w in shown)
        if picture.width:
            left, right = (left, left + picture.width) if picture.width > 0 else (right + picture.width, right)
            shown = [word for word in shown if float(word[0]) >= left and float(word[2]) <= right]
        return Crop(number, left - 6, top - 6, right + 6, top + picture.height, " ".join(str(w[4]) for w in shown))
    raise SystemExit(f"no page of {picture.workbook} says {picture.needle}: change PICTURES in {Path(__file__).name}")


def crops(pdfs: dict[str, Path]) -> dict[str, Crop]:
    """Every picture's part of a page."""
    return {picture.name: crop(pdfs[picture.workbook], picture) for picture in PICTURES}


def texts(parts: dict[str, Crop]) -> str:
    """texts.json: what each picture says. A picture is current when its workbook still says so."""
    return json.dumps({name: part.text for name, part in parts.items()}, ensure_ascii=False, indent=1) + "\n"


def draw(pdf: Path, part: Crop, target: Path) -> None:
    """Cut one picture out of a page."""
    scale = _DPI / 72
    box = [part.left, part.top, part.right - part.left, part.bottom - part.top]
    sides = [str(round(length * scale)) for length in box]
    place = ["-x", sides[0], "-y", sides[1], "-W", sides[2], "-H", sides[3]]
    page = ["-f", str(part.page), "-l", str(part.page), "-singlefile", "-r", str(_DPI)]
    subprocess.run(["pdftoppm", "-png", *page, *place, str(pdf), str(target)], check=True, timeout=120)


# --- 3. the printable guide -------------------------------------------------------------------------------------------

_FONT = "Noto Sans CJK SC"
_HALF = 46.0  # width of each of the two columns, in characters
_PIXELS = 650  # width of both
_MOST_PIXELS = 360  # height of a picture
_LINE_SPACING = 1.15  # over the height that 10-point text needs


def sections(guide: str) -> dict[str, list[str]]:
    """Lines of each ## section."""
    found: dict[str, list[str]] = {}
    for line in guide.splitlines():
        if line.startswith("## "):
            found[line[3:]] = []
        elif found and line.strip() and not line.startswith("<!--"):
            found[list(found)[-1]].append(line)
    return found


def plain(line: str) -> str:
    """A line of Markdown as it is read."""
    line = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", line)
    return re.sub(r"\*\*|`|^#+ |^- ", "", line).replace("\\|", "|").strip()


def cells(line: str) -> list[str]:
    """The cells of a table's line."""
    return [plain(cell) for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


class Printed:
    """The guide as a workbook, one sheet a page: LibreOffice Calc prints it."""

    def __init__(self, path: Path) -> None:
        # Widths are in characters of the first font: one that LibreOffice has here
        self._book = xlsxwriter.Workbook(
            str(path), {"default_format_properties": {"font_name": _FONT, "font_size": 10}}
        )
        self._formats: dict[str, xlsxwriter.format.Format] = {}

    def close(self) -> None:
        """Write the workbook."""
        self._book.close()

    def _format(self, **look: object) -> xlsxwriter.format.Format:
        key = repr(sorted(look.items()))
        base = {"font_name": _FONT, "font_size": 11, "text_wrap": True, "valign": "top"}
        return self._formats.setdefault(key, self._book.add_format({**base, **look}))

    def page(self, title: str, lines: list[str]) -> None:
        """One role on one page, or the questions on as many as they need."""
        sheet = self._sheet(title)
        sheet.write_string(0, 0, title, self._format(font_size=20, bold=True, text_wrap=False))
        sheet.set_row(0, 36)
        shown = [line for line in lines if not line.startswith("|---")]
        for row, line in enumerate(shown, 1):
            if picture := re.match(r"!\[.*?\]\((.+?)\)", line):
                self._picture(sheet, row, ROOT / picture[1])
            elif line.startswith("###"):
                sheet.write_string(row, 0, plain(line), self._format(bold=True, font_size=13, text_wrap=False))
                sheet.set_row(row, 28)
            elif line.startswith("|"):
                self._pair(sheet, row, cells(line))
            else:
                self._text(sheet, row, line)

    def _text(self, sheet: xlsxwriter.worksheet.Worksheet, row: int, line: str) -> None:
        look = self._format()
        sheet.merge_range(row, 0, row, 1, "", look)
        pieces: list[object] = []
        for at, piece in enumerate(line.split("**")):
            if text := re.sub(r"\[(.+?)\]\(.+?\)", r"\1", piece.replace("`", "")).removeprefix("- "):
                pieces += [self._format(bold=True), text] if at % 2 else [self._format(), text]
        if len(pieces) > 2:
            sheet.write_rich_string(row, 0, *pieces, look)
        else:
            sheet.write_string(row, 0, plain(line), look)
        sheet.set_row(row, fitted(plain(line), 2 * _HALF) * _LINE_SPACING + 4)

    def _pair(self, sheet: xlsxwriter.worksheet.Worksheet, row: int, pair: list[str]) -> None:
        look = self._format(border=1, border_color=LINE)
        for at, cell in enumerate(pair):
            sheet.write_string(row, at, cell, look)
        sheet.set_row(row, max(fitted(cell, _HALF) for cell in pair) * _LINE_SPACING)

    def _picture(self, sheet: xlsxwriter.worksheet.Worksheet, row: int, path: Path) -> None:
        width, height = size(path)
        scale = min(_PIXELS / width, _MOST_PIXELS / height)
        sheet.set_row_pixels(row, round(height * scale) + 16)
        dots = scale * _DPI / 96  # xlsxwriter takes a picture for as large as its dots per inch say
        how = {"x_scale": dots, "y_scale": dots, "x_offset": 2, "y_offset": 6, "object_position": 2}
        sheet.insert_image(row, 0, str(path), how)

    def _sheet(self, title: str) -> xlsxwriter.worksheet.Worksheet:
        sheet = self._book.add_worksheet(title)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 1, _HALF)
        sheet.hide_gridlines(2)
        sheet.set_margins(0.6, 0.6, 0.6, 0.7)
        sheet.set_footer(f"&L使用说明:{title}&R第 &P 页".replace(":", "\uff1a"))
        return sheet


def size(png: Path) -> tuple[int, int]:
    """Width and height of a PNG in pixels, from its first chunk."""
    data = png.read_bytes()[16:24]
    return int.from_bytes(data[:4], "big"), int.from_bytes(data[4:], "big")


def print_guide(guide: str, path: Path) -> None:
    """Write the guide as a workbook: the roles, then the questions."""
    book = Printed(path)
    parts = sections(guide)
    for title in (*ROLES, QUESTIONS):
        book.page(title, parts[title])
    book.close()


def printed_text(guide: str) -> Iterator[tuple[str, list[str]]]:
    """What each part of the PDF must say, line by line."""
    for title, lines in sections(guide).items():
        rows = [cell for line in lines if line.startswith("|") and not line.startswith("|---") for cell in cells(line)]
        rest = [plain(line) for line in lines if not line.startswith(("|", "!["))]
        yield title, [*rest, *rows]


def main() -> None:
    """Write everything into the repository."""
    guide = with_questions(prose(GUIDE.read_text(encoding="utf-8")))
    GUIDE.write_text(guide, encoding="utf-8")
    if "--text" in sys.argv[1:]:
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = Office(Path(shutil.copytree(ROOT / "samples" / "office", folder / "office")))
        weekly(office, day=clock(office))
        pdfs = to_pdf(workbooks(office), folder)
        parts = crops(pdfs)
        IMAGES.mkdir(parents=True, exist_ok=True)
        for picture in PICTURES:
            draw(pdfs[picture.workbook], parts[picture.name], IMAGES / picture.name)
        TEXTS.write_text(texts(parts), encoding="utf-8")
        print_guide(guide, folder / "guide.xlsx")
        printed = to_pdf({"guide": (folder / "guide.xlsx").read_bytes()}, folder)
        shutil.copy(printed["guide"], PDF)


if __name__ == "__main__":
    main()
