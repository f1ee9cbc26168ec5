"""LibreOffice driven as a person at the keyboard drives it: go to a cell, type, press Enter, sort, save.

Everything goes through the dispatcher. Setting a cell through the API bypasses dropdowns and limits and proves nothing
about a form; so does ``.uno:EnterString`` when it commits by itself. Here the text is left in the input line and
committed by moving the cursor, which is what Enter does: a refused value leaves the cell as it was (without a screen
every message box is answered with Cancel).

``Keyboard`` runs in the tests' Python. It talks JSON lines to this same file run by the system's Python, the one that
has the ``uno`` module, which in turn starts a LibreOffice with a profile of its own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Self

SYSTEM_PYTHON = "/usr/bin/python3"
FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xls": "MS Excel 97", ".ods": "calc8", ".html": "HTML (StarCalc)"}

# A Chinese office: dates as people there type them; formulas are calculated when a workbook is opened.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-CN</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/AutoCorrect"><prop oor:name="CapitalAtStartSentence" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Input"><prop oor:name="AutoInput" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Save/Document"><prop oor:name="WarnAlienFormat" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""


def why_not() -> str:
    """The reason why LibreOffice cannot be driven here; empty when it can."""
    if not shutil.which("soffice"):
        return "LibreOffice (soffice) is not installed"
    if not Path(SYSTEM_PYTHON).exists():
        return f"{SYSTEM_PYTHON} does not exist"
    if subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode:
        return "python3-uno is not installed for the system's Python"
    return ""


def make_profile(folder: Path) -> str:
    """Make a LibreOffice profile; returns the option that uses it."""
    user = folder / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
    return f"-env:UserInstallation={folder.as_uri()}"


class Keyboard:
    """One LibreOffice with at most one open workbook. A context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        self._server = subprocess.Popen(
            [SYSTEM_PYTHON, __file__, str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._ask("quit")
            self._server.wait(20)
        finally:
            self._server.kill()
            self._server.wait()

    def _ask(self, do: str, **what: Any) -> Any:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self._server.stdin.flush()
        answer = json.loads(self._server.stdout.readline() or '{"error": "LibreOffice is gone"}')
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def open(self, path: Path) -> float:
        """Open a workbook and show its first sheet; returns the seconds it took."""
        return float(self._ask("open", path=path.as_uri()))

    def type(self, cell: str, text: str) -> str:
        """Type into a cell and press Enter; returns what the cell then shows."""
        return str(self._ask("type", cells=[[cell, text]])[0])

    def type_all(self, cells: dict[str, str]) -> dict[str, str]:
        """Type into many cells; returns what they then show."""
        shown = self._ask("type", cells=list(cells.items()))
        return dict(zip(cells, shown, strict=True))

    def clear(self, area: str) -> None:
        """Select cells and press Delete."""
        self._ask("clear", area=area)

    def sort(self, area: str, column: int, *, ascending: bool = True) -> None:
        """Sort rows by a column, counted from 1 within the area."""
        self._ask("sort", area=area, column=column, ascending=ascending)

    def shown(self, area: str, sheet: str = "") -> list[list[str]]:
        """What the cells of an area show."""
        rows: list[list[str]] = self._ask("shown", area=area, sheet=sheet)
        return rows

    def formulas(self, area: str, sheet: str = "") -> list[list[str]]:
        """What was typed or calculated, numbers unformatted."""
        rows: list[list[str]] = self._ask("formulas", area=area, sheet=sheet)
        return rows

    def sheets(self) -> list[list[Any]]:
        """Name, visible?, protected? of every sheet."""
        rows: list[list[Any]] = self._ask("sheets")
        return rows

    def fills(self) -> dict[str, str]:
        """Fill colour of the coloured cells of the first sheet, as a person sees them: {"D7": "#FFC7CE"}."""
        target = self._folder / "look.html"
        self.save_as(target)
        return _Fills.read(target.read_text(encoding="utf-8"))

    def height(self, cell: str) -> int:
        """Height of the cell's row in 1/100 mm."""
        return int(self._ask("height", cell=cell))

    def press(self, command: str, area: str = "", **values: Any) -> None:
        """Select cells, if any are named, and choose a command of the menu by its dispatch name (HideColumn, Cut …)."""
        self._ask("press", command=command, area=area, values=values)

    def used(self, sheet: str) -> list[list[str]]:
        """What stands in every cell of a sheet, from A1 to its last used cell; a date as its number."""
        rows: list[list[str]] = self._ask("used", sheet=sheet)
        return rows

    def only(self, area: str, column: int, text: str) -> int:
        """Filter a table (its header included) so that one column, counted from 1, shows this text; rows left visible.

        The list behind the arrow has no dispatch; what its tick sets is set here.
        """
        return int(self._ask("only", area=area, column=column, text=text))

    def save(self) -> None:
        """Press Ctrl+S: the workbook stays what it is, where it is."""
        self._ask("press", command="Save", area="", values={})

    def close(self) -> None:
        """Close the workbook; what was not saved is gone."""
        self._ask("close")

    def save_as(self, path: Path) -> None:
        """Save a copy as xlsx, xls, ods or html, by the file name's ending."""
        self._ask("save", path=path.as_uri(), filter=FILTERS[path.suffix])


class _Fills(HTMLParser):
    """Cells of the first table of LibreOffice's HTML with their background."""

    def __init__(self) -> None:
        super().__init__()
        self.table, self.row, self.column = 0, 0, 0
        self.found: dict[str, str] = {}

    @classmethod
    def read(cls, text: str) -> dict[str, str]:
        parser = cls()
        parser.feed(text)
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "table":
            self.table += 1
        elif tag == "tr":
            self.row, self.column = self.row + 1, 0
        elif tag == "td":
            if self.table == 1 and values.get("bgcolor"):
                self.found[f"{column_letters(self.column)}{self.row}"] = str(values["bgcolor"]).upper()
            self.column += int(values.get("colspan") or 1)


def column_letters(place: int) -> str:
    """0 → A, 26 → AA."""
    return ("" if place < 26 else column_letters(place // 26 - 1)) + chr(ord("A") + place % 26)


def _serve(folder: Path) -> None:  # pragma: no cover - runs in the system's Python
    """Answer the requests on standard input, one JSON line each."""
    office = _Office(folder)
    for line in sys.stdin:
        request = json.loads(line)
        do = request.pop("do")
        try:
            answer = {"result": getattr(office, f"do_{do}")(**request)}
        except Exception as error:  # noqa: BLE001 - the caller is told, whatever it was
            answer = {"error": f"{do}: {error!r}"}
        print(json.dumps(answer), flush=True)
        if do == "quit":
            return


class _Office:  # pragma: no cover - runs in the system's Python
    """The LibreOffice of one ``Keyboard``."""

    def __init__(self, folder: Path) -> None:
        import uno

        name = f"keyboard{time.time_ns()}"
        self._process = subprocess.Popen(
            [
                "soffice",
                "--headless",
                "--norestore",
                "--nologo",
                "--nodefault",
                make_profile(folder / "profile"),
                f"--accept=pipe,name={name};urp;",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        here = uno.getComponentContext()
        resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
        for _ in range(300):
            try:
                there = resolver.resolve(f"uno:pipe,name={name};urp;StarOffice.ComponentContext")
                break
            except Exception:  # noqa: BLE001 - not listening yet
                time.sleep(0.1)
        else:
            raise RuntimeError("LibreOffice did not start")
        make = there.ServiceManager.createInstanceWithContext
        self._desktop = make("com.sun.star.frame.Desktop", there)
        self._dispatcher = make("com.sun.star.frame.DispatchHelper", there)
        self._document: Any = None

    @staticmethod
    def _properties(values: dict[str, Any]) -> tuple[Any, ...]:
        from com.sun.star.beans import PropertyValue

        found = []
        for name, value in values.items():
            item = PropertyValue()
            item.Name, item.Value = name, value
            found.append(item)
        return tuple(found)

    def _press(self, command: str, **values: Any) -> None:
        frame = self._document.CurrentController.Frame
        self._dispatcher.executeDispatch(frame, f".uno:{command}", "", 0, self._properties(values))

    def _area(self, area: str, sheet: str = "") -> Any:
        """A range; its sheet may stand before it as it does in a formula ('待 分配'.A1, 待分配!A1)."""
        sheets = self._document.Sheets
        for mark in ("!", "."):
            name, found, cells = area.rpartition(mark)
            if found:
                sheet, area = name.removeprefix("$").strip("'") or sheet, cells
        return (sheets.getByName(sheet) if sheet else sheets.getByIndex(0)).getCellRangeByName(area)

    def do_open(self, path: str) -> float:
        self._close()
        start = time.perf_counter()
        self._document = self._desktop.loadComponentFromURL(path, "_blank", 0, ())
        seconds = time.perf_counter() - start
        # Hardly anything is painted in a tiny window; hidden, it would have no input line.
        self._document.CurrentController.Frame.ContainerWindow.setPosSize(0, 0, 200, 150, 15)
        self._document.CurrentController.setActiveSheet(self._document.Sheets.getByIndex(0))
        return seconds

    def do_type(self, cells: list[list[str]]) -> list[str]:
        for cell, text in cells:
            self._press("GoToCell", ToPoint=cell)
            self._press("EnterString", StringName=text, DontCommit=True)
            self._press("GoDown")
        return [self._area(cell).String for cell, _ in cells]

    def do_clear(self, area: str) -> None:
        self._press("GoToCell", ToPoint=area)
        self._press("ClearContents")

    def do_sort(self, area: str, column: int, *, ascending: bool) -> None:
        self._press("GoToCell", ToPoint=area)
        first = self._area(area).RangeAddress.StartColumn
        self._press(
            "DataSort",
            ByRows=True,
            HasHeader=False,
            CaseSensitive=False,
            IncludeAttribs=True,
            UserDefIndex=0,
            Col1=first + column,
            Ascending1=ascending,
        )

    def do_press(self, command: str, area: str, values: dict[str, Any]) -> None:
        if area:
            self._press("GoToCell", ToPoint=area)
        self._press(command, **values)

    def do_used(self, sheet: str) -> list[list[str]]:
        cursor = self._document.Sheets.getByName(sheet).createCursor()
        cursor.gotoEndOfUsedArea(False)
        last = cursor.RangeAddress
        return self.do_formulas(f"A1:{column_letters(last.EndColumn)}{last.EndRow + 1}", sheet)

    def do_only(self, area: str, column: int, text: str) -> int:
        from com.sun.star.sheet import TableFilterField

        cells = self._area(area)
        wanted = TableFilterField()
        wanted.Field, wanted.IsNumeric, wanted.StringValue = column - 1, False, text
        wanted.Operator = type(wanted.Operator)("com.sun.star.sheet.FilterOperator", "EQUAL")
        described = cells.createFilterDescriptor(True)
        described.ContainsHeader = True
        described.setFilterFields((wanted,))
        cells.filter(described)
        size = cells.RangeAddress
        return sum(cells.Rows.getByIndex(row).IsVisible for row in range(1, size.EndRow - size.StartRow + 1))

    def do_close(self) -> None:
        self._close()

    def do_shown(self, area: str, sheet: str) -> list[list[str]]:
        cells = self._area(area, sheet)
        size = cells.RangeAddress
        rows, columns = size.EndRow - size.StartRow + 1, size.EndColumn - size.StartColumn + 1
        return [[cells.getCellByPosition(c, r).String for c in range(columns)] for r in range(rows)]

    def do_formulas(self, area: str, sheet: str) -> list[list[str]]:
        return [[str(value) for value in row] for row in self._area(area, sheet).DataArray]

    def do_height(self, cell: str) -> int:
        return int(self._area(cell).Rows.getByIndex(0).Height)

    def do_sheets(self) -> list[list[Any]]:
        return [[s.Name, s.IsVisible, s.isProtected()] for s in self._document.Sheets]

    def do_save(self, path: str, filter: str) -> None:  # noqa: A002 - LibreOffice's own word
        self._document.storeToURL(path, self._properties({"FilterName": filter}))

    def do_quit(self) -> None:
        self._close()
        try:
            self._desktop.terminate()
            self._process.wait(15)
        finally:
            self._process.kill()

    def _close(self) -> None:
        if self._document is not None:
            self._document.close(True)
            self._document = None


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
