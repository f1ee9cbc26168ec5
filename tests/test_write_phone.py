"""What is forwarded from a phone: five lines and a picture, numbers only (issue: "For the phone")."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from types import SimpleNamespace

import pytest
from PIL import Image
from report_fixture import EMPTY, KANG, YI, empty_report, report
from written import week

from salessheets.archive import Archive
from salessheets.journal import Journal
from salessheets.office import Office
from salessheets.passwords import Passwords
from salessheets.placing import Placing
from salessheets.publish import workbooks
from salessheets.write import canvas
from salessheets.write.phone import five_lines, write_picture, write_text


def plain(lines):
    return [unicodedata.normalize("NFKC", line) for line in lines]


def test_five_lines_say_what_a_director_must_know():
    assert plain(five_lines(report(), KANG)) == [
        "【康源高电位】2026-W47 周报,11月16日–11月22日,截至 2026-11-20,本周未完",
        "有效客户 6 个(比上周 +3),本周新增 3 个(上周 2)。",
        "待分配 3 个(和上周一样):00002-1-6、00003-1-9、00005-1-4,请在周报「待分配」里选跟进人。",
        "紧急 2 个(比上周 +2):00002-1-6、00003-1-9,请先联系。",
        "A类 2 个,B类 2 个,C类 0 个,待评 2 个;本周待办 0 个。",
    ]


def test_more_than_five_customers_are_only_counted():
    made = report()
    many = made.leads.assign(brand=KANG, owner="", lead=[f"0000{at}-1-5" for at in range(len(made.leads))])
    line = plain(five_lines(report(leads=many), KANG))[2]
    assert line.startswith("待分配 9 个")
    assert len(re.findall(r"\d{5}-1-5", line)) == 5
    assert "等" in line


def test_a_brand_without_customers_has_five_lines_too():
    assert plain(five_lines(report(), EMPTY))[1:4] == ["有效客户 0 个,本周新增 0 个。", "待分配 0 个。", "紧急 0 个。"]


def test_notepad_opens_the_text():
    data = write_text(report(), KANG)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n") == 5


@pytest.mark.parametrize("brand", [KANG, YI])
def test_neither_a_name_nor_a_phone_is_in_what_leaves_the_office(brand, monkeypatch):
    """The picture is asked by what is drawn on it."""
    made, drawn = week(), []
    real = canvas.Canvas._text
    monkeypatch.setattr(
        canvas.Canvas, "_text", lambda self, at, text, *a, **k: (drawn.append(text), real(self, at, text, *a, **k))
    )
    write_picture(made, brand)
    told = " ".join([*five_lines(made, brand), *drawn])
    assert len(drawn) > 30
    for frame in (made.leads, made.unbranded, made.closed):
        for column in ("name", "phone", "wechat", "company", "owner", "referrer"):
            assert not [value for value in frame[column] if value and value in told]
    assert not [person.name for person in made.settings.staff if person.name in told]
    assert not re.search(r"1\d{10}", told)
    others = {lead for lead in made.leads["lead"] if lead not in set(made.leads["lead"][made.leads["brand"] == brand])}
    assert not [lead for lead in others if lead in told]


def test_the_picture_is_the_same_in_another_process():
    code = (
        "import sys; sys.path.insert(0, 'tests'); from report_fixture import *; from salessheets.write.phone import *; "
    )
    code += "import hashlib; print(hashlib.sha256(write_picture(report(), KANG)).hexdigest())"
    seen = {
        subprocess.run([sys.executable, "-X", "utf8", "-c", code], check=True, capture_output=True, text=True,
                       env={"PYTHONHASHSEED": seed, "PYTHONPATH": ".", "TZ": zone}).stdout
        for seed, zone in (("1", "UTC"), ("7", "Asia/Shanghai"))
    }  # fmt: skip
    assert len(seen) == 1


@pytest.mark.parametrize(("made", "brand"), [(report(), KANG), (report(), EMPTY), (empty_report(), YI)])
def test_the_picture_fits_a_phone(made, brand):
    picture = Image.open(io.BytesIO(write_picture(made, brand)))
    assert picture.width == 1080
    assert 600 < picture.height < 2800
    edge = picture.crop((0, picture.height - 20, 1080, picture.height)).convert("L")
    assert edge.getextrema() == (255, 255)  # nothing is cut off at the end


def test_a_long_name_is_written_smaller_and_a_number_never_broken():
    page = canvas.Canvas()
    page.title("很长很长的品牌名称" * 8, "")
    assert page._image.crop((1040, 0, 1080, 200)).convert("L").getextrema()[0] == 255  # the margin stays free
    lines = page._broken("、".join(["00080-1-5"] * 12), 30)
    assert [re.fullmatch(r"(\d{5}-1-5、?)+", line) is not None for line in lines] == [True] * len(lines)


# --- in the office folder -----------------------------------------------------------------------------------------


def paths(passwords=None, **changes):
    consolidated = SimpleNamespace(report=report(**changes), issue=SimpleNamespace(pack=lambda: b"issue"))
    _, books = workbooks(consolidated, folder="周报", with_returns=False, passwords=passwords or Passwords())
    return books


def test_each_brand_has_both_beside_its_workbook():
    made = paths()
    assert [path for path in made if not path.endswith((".xlsx", ".csv"))] == [
        f"周报/2026-W47/{name}_{what}" for name in (KANG, "益生_理疗_床", EMPTY) for what in ("微信.txt", "概览.png")
    ]


def test_a_brand_with_a_password_has_neither():
    made = paths(Passwords({KANG: ("geheim",)}))
    assert not [path for path in made if KANG in path and path.endswith((".txt", ".png"))]
    assert [path for path in made if EMPTY in path and path.endswith(".png")]


def test_without_a_font_there_is_a_text_and_no_picture(monkeypatch):
    monkeypatch.setattr(canvas, "FONT_FILE", canvas.FONT_FILE.with_name("missing.otf"))
    canvas._font.cache_clear()
    made = paths()
    canvas._font.cache_clear()
    assert not [path for path in made if path.endswith(".png")]
    assert [path for path in made if path.endswith("_微信.txt")]


def test_a_picture_that_somebody_drew_on_is_kept_beside(tmp_path):
    place = Office(tmp_path)
    placing = Placing(Archive.open(place), Journal.open(place))
    path = "周报/2026-W47/康源高电位_概览.png"
    placing.place(path, b"ours")
    (tmp_path / path).write_bytes(b"ours, with a circle round the 7")
    spot, problems = placing.place(path, b"newer")
    assert spot.read_bytes() == b"newer"
    assert spot.with_name("康源高电位_概览_原件.png").read_bytes() == b"ours, with a circle round the 7"
    assert [problem.code for problem in problems] == ["workbook-kept"]


def test_the_settings_of_a_brand_change_nothing_in_anothers_picture():
    made = report()
    other = replace(made, leads=made.leads[made.leads["brand"] != YI])
    assert write_picture(made, KANG) == write_picture(other, KANG)
