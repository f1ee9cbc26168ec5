"""``forget``: his numbers are nowhere in the folder, his name is gone from his rows, everything else is as it was."""

from __future__ import annotations

import io
import random
import re
import shutil
import zipfile
from datetime import date
from pathlib import Path

import faults
import openpyxl
import pandas as pd
import pytest
import xlwt
from click.testing import CliRunner
from desk import Desk, type_in
from faults import KilledAmid, KilledBefore, copy_of, snapshot, with_disk
from openpyxl.comments import Comment

from salessheets import forget, seek, week
from salessheets.archive import Archive
from salessheets.cli import main
from salessheets.erase import Person, clear_row
from salessheets.forgotten import Forgotten
from salessheets.journal import Journal
from salessheets.office import Office

PHONE, WECHAT, NAME = "13677770002", "qiu_er_88", "邱二"
HEADER = "咨询日期,咨询渠道,客户姓名,联系电话,微信号,意向品牌,所在省,所在市,备注"
KEY = b"k" * 32
W46, W47 = date(2026, 11, 13), date(2026, 11, 20)


def call(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def as_xls(rows: list[list[object]], path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("咨询")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(path))


def as_xlsx(rows: list[list[object]], path: Path) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active["A1"].comment = Comment(f"问过 {PHONE}", "陈静")
    book.properties.creator = WECHAT
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


@pytest.fixture(scope="module")
def peopled(tmp_path_factory) -> Office:
    """The small office after its second week, and the person in every kind of file and place."""
    office = faults.make_office(tmp_path_factory.mktemp("forget") / "办公室")
    head = HEADER.split(",")
    as_xls(
        [head, ["2026-11-17", "咨询电话", NAME, 13677770002.0, "", "益生", "山东省", "青岛市", "再次来电"],
         ["2026-11-17", "咨询电话", NAME, 13677770088.0, "", "益生", "山东省", "济南市", "同名的人"]],
        office.inbox / "赵强" / "老格式.xls",
    )  # fmt: skip
    as_xlsx(
        [head, ["2026-11-18", "咨询电话", "吴介绍", "13677770055", "", "康泰", "山东省", "青岛市", f"找 136 7777 0002 或 {WECHAT} 的朋友"],
         ["2026-11-18", "咨询电话", "", "", WECHAT.upper(), "康泰", "山东省", "青岛市", ""]],
        office.inbox / "赵强" / f"客户{PHONE}.xlsx",
    )  # fmt: skip
    (office.inbox / "赵强" / "_草稿.csv").write_text(f"{HEADER}\n,,{NAME},{PHONE},,,,,\n", encoding="gb18030")
    target = office.reports / "2026-W46" / "2026-W46_益生_周报.xlsx"
    book = openpyxl.load_workbook(target)
    page = book["有效客户名单"]
    at = {cell.value: cell.column for cell in page[3]}
    page.cell(4, at["备注"]).value = f"加了微信 {WECHAT}"
    book.create_sheet("我的备忘").append([f"给 {PHONE} 回电话"])
    book.save(target)
    settings = openpyxl.load_workbook(office.settings)
    settings["拒绝联系"].cell(settings["拒绝联系"].max_row + 1, 1).value = "电话"
    settings.save(office.settings)
    week.weekly(office, day=faults.DAY)
    week.replay(office, Journal.open(office).runs[0].week)
    (office.archive / ".密钥").write_bytes(KEY)  # else each office has one of its own
    return office


@pytest.fixture
def office(peopled, tmp_path) -> Office:
    return copy_of(peopled, tmp_path / "办公室")


def everything(root: Path) -> dict[str, str]:
    """Every file as text, by a search of its own: zip parts inflated, Parquet and .xls decoded, names included."""
    texts = {}
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        below = path.relative_to(root).as_posix()
        texts[below] = below + "\n" + "\n".join(decoded(path.read_bytes()))
    return texts


def decoded(data: bytes) -> list[str]:
    found = [data.decode(code, "ignore") for code in ("utf-8", "gb18030", "utf-16-le")]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                found += [name, *decoded(archive.read(name))]
    if data.startswith(b"PAR1"):
        found.append(pd.read_parquet(io.BytesIO(data)).to_csv())
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        import xlrd

        for sheet in xlrd.open_workbook(file_contents=data).sheets():
            found += [re.sub(r"\.0$", "", str(value)) for row in sheet.get_rows() for value in (c.value for c in row)]
    return found


def holding(office: Office, *numbers: str) -> list[str]:
    pattern = re.compile("|".join(numbers), re.IGNORECASE)
    return [
        path for path, text in everything(office.root).items() if pattern.search(re.sub(r"(?<=\d) (?=\d)", "", text))
    ]


def erase(office: Office, *arguments: str):
    result = call("forget", office.root, *arguments)
    assert result.exit_code == 0, result.stderr
    return result


def test_the_search_finds_him_before(office):
    """The test below is worth something."""
    where = {path.split("/")[0] for path in holding(office, PHONE, WECHAT)}
    assert where == {"收件箱", "存档", "缓存", "周报", "复原", "退回更正"}
    kinds = {path.rsplit(".", 1)[-1] for path in holding(office, PHONE, WECHAT)}
    assert kinds == {"csv", "xls", "xlsx", "zip", "parquet"}


@pytest.mark.parametrize(
    "how", [("--phone", PHONE), ("--wechat", WECHAT), ("--phone", "+86 136-7777-0002"), ("--lead",)]
)
def test_his_numbers_are_nowhere(office, how):
    if how == ("--lead",):
        done = week.trace(office)
        leads = done.report.leads
        how = ("--lead", leads.loc[leads["phone"] == PHONE, "lead"].iloc[0])
    result = erase(office, *how)
    assert holding(office, PHONE, WECHAT) == []
    assert not (office.archive / ".删除中.json").exists()
    assert PHONE not in result.stderr
    assert WECHAT not in result.stderr
    assert NAME not in result.stderr


def test_his_name_is_gone_from_his_rows_and_stays_with_his_namesake(office):
    erase(office, "--phone", PHONE)
    report = week.trace(office).report
    namesakes = report.leads[report.leads["name"] == NAME]
    assert set(namesakes["phone"]) == {"13677770088"}
    book = openpyxl.load_workbook(office.inbox / "赵强" / "老格式.xlsx")  # an .xls became an .xlsx
    assert [[c.value for c in row][2:4] for row in book.active.iter_rows(min_row=2)] == [
        [None, None],
        [NAME, "13677770088"],
    ]
    assert not (office.inbox / "赵强" / "老格式.xls").exists()
    csv = (office.inbox / "陈静" / "第46周.csv").read_text("utf-8-sig")
    assert NAME not in csv
    assert "邱一" in csv


def test_everybody_else_is_as_before(office):
    before = week.trace(office)
    erase(office, "--phone", PHONE)
    after = week.trace(office)
    leads = before.report.leads
    mine = set(leads.loc[leads["phone"] == PHONE, "lead"])
    columns = ["lead", "brand", "name", "phone", "wechat", "city", "score", "final_class", "owner", "note", "origin"]
    others = leads[~leads["lead"].isin(mine)][columns].reset_index(drop=True)
    assert after.report.leads[columns].to_dict("records") == [
        {
            **row,
            "note": row["note"].replace(WECHAT, "已删除"),
            "origin": row["origin"].replace(PHONE, "已删除").replace(".xls ", ".xlsx "),
        }
        for row in others.to_dict("records")
    ]
    fates = before.trace[before.trace["rid"].isin(after.trace["rid"])][["rid", "fate", "week"]]
    assert after.trace[["rid", "fate", "week"]].to_dict("records") == fates.to_dict("records")


def test_the_archive_is_whole_afterwards_and_nothing_is_new(office):
    numbers = [entry.number for entry in Archive.open(office).entries]
    erase(office, "--phone", PHONE)
    archive = Archive.open(office)
    archive.survey([entry.number for entry in archive.entries])
    assert archive.damaged == {}
    assert [entry.number for entry in archive.entries][: len(numbers)] == numbers
    before = snapshot(office.root)
    assert not week.weekly(office, day=faults.DAY).fresh
    assert snapshot(office.root) == before


def test_closed_weeks_can_still_be_written_again(office):
    erase(office, "--phone", PHONE)
    paths = week.replay(office, Journal.open(office).runs[0].week)
    again = {path: (office.root / path).read_bytes() for path in paths}
    assert again == {path: (office.root / path.replace("复原", "周报", 1)).read_bytes() for path in again}
    assert holding(office, PHONE, WECHAT) == []


def test_what_directors_typed_for_others_still_comes_back(office):
    """A copy of a workbook issued before the erasing is still understood."""
    book = next(office.reports.glob("2026-W47/*康泰_周报.xlsx"))
    sent = office.inbox / "陈静" / "微信发回.xlsx"
    shutil.copyfile(book, sent)
    erase(office, "--phone", PHONE)
    sent.unlink(missing_ok=True)
    shutil.copyfile(next(office.reports.glob("2026-W47/*康泰_周报.xlsx")), sent)
    page = (made := openpyxl.load_workbook(sent))["有效客户名单"]
    at = {cell.value: cell.column for cell in page[3]}
    row = next(r for r in range(4, page.max_row + 1) if page.cell(r, at["客户姓名"]).value == "邱一")
    page.cell(row, at["备注"]).value = "删除之后写的"
    made.save(sent)
    leads = week.weekly(office, day=faults.DAY).weeks[-1].report.leads
    assert leads.loc[(leads["name"] == "邱一") & (leads["brand"] == "康泰"), "note"].tolist() == ["删除之后写的"]


def test_he_is_kept_out_when_he_is_handed_in_again(office):
    erase(office, "--phone", PHONE)
    again = office.inbox / "陈静" / "又来了.csv"
    again.write_text(
        f"{HEADER}\n2026-11-19,咨询电话,{NAME},{PHONE},,康泰,,,\n2026-11-19,咨询电话,郑新,13677770077,,康泰,,,\n",
        "utf-8",
    )
    done = week.weekly(office, day=faults.DAY).weeks[-1]
    assert PHONE not in set(done.report.leads["phone"])
    assert "13677770077" in set(done.report.leads["phone"])
    fates = [(r.fate, r.reason) for r in done.trace.itertuples() if r.file == "陈静/又来了.csv"]
    assert fates == [("无效", "拒绝联系名单"), ("新增客户", "")]
    assert [p for p in holding(office, PHONE) if p.startswith(("周报", "退回更正"))] == []
    erase(office, "--phone", PHONE)  # and once more, for the file that brought him back
    assert holding(office, PHONE) == []


def test_the_list_of_the_erased_holds_no_number(office):
    erase(office, "--phone", PHONE)
    text = (office.archive / "已删除.csv").read_text("utf-8-sig")
    assert re.fullmatch(r"mark,day\n([0-9a-f]{64},\d{4}-\d\d-\d\d\n){2}", text)
    assert len(Forgotten.open(office).marks) == 2


def test_who_shares_his_shop_stays(office):
    rows = f"{HEADER},单位\n2026-11-19,咨询电话,钱伙伴,13677770099,,益生,山东省,青岛市,,健康小屋\n"
    rows += f"2026-11-19,咨询电话,{NAME},{PHONE},,益生,山东省,青岛市,,健康小屋\n"
    (office.inbox / "陈静" / "同一个店.csv").write_text(rows, "utf-8")
    week.weekly(office, day=faults.DAY)
    erase(office, "--phone", PHONE)
    phones = set(week.trace(office).report.leads["phone"])
    assert "13677770099" in phones
    assert holding(office, PHONE, WECHAT) == []


def test_a_dry_run_says_how_much_and_erases_nothing(office):
    before = snapshot(office.root)
    result = erase(office, "--phone", PHONE, "--dry-run")
    assert re.search(r"找到 \d+ 行,在 \d+ 个文件里", result.stderr)
    assert snapshot(office.root) == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [((), 2, "请写明是谁"), (("--lead", "99999-1-1"), 1, "没有找到客户编号")],
)
def test_who_nobody_knows(office, arguments, code, said):
    result = call("forget", office.root, *arguments)
    assert result.exit_code == code
    assert said in result.stderr


def test_a_file_nobody_can_read_is_named(office):
    (office.inbox / "赵强" / "名片.pdf").write_bytes(b"%PDF-1.7 " + bytes(range(256)))
    result = call("forget", office.root, "--phone", PHONE)
    assert result.exit_code == 3
    assert "收件箱/赵强/名片.pdf 打不开" in result.stderr


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("13677770002", "已删除"),
        ("电话136 7777 0002,微信Qiu_Er_88。", "电话已删除,微信已删除。"),
        ("+8613677770002", "+86已删除"),
        ("136-7777-0002转1", "已删除转1"),
        ("１３６７７７７０００２", "已删除"),
        ("113677770002", "113677770002"),
        ("136777700021", "136777700021"),
        ("xqiu_er_88", "xqiu_er_88"),
        ("0532-8888 0001", "已删除"),
    ],
)
def test_a_number_is_found_however_it_is_written(text, left):
    person = Person((PHONE, WECHAT, "0532-88880001"), (NAME,), frozenset())
    assert person.cleared(text) == left


def test_rows_of_others_lose_his_numbers_only():
    person = Person((PHONE,), (NAME,), frozenset({"00002-1-3"}), frozenset({"00009-1-1"}))
    assert clear_row(["00002-1-3", "邱二", "x"], person) == ["", "", ""]
    assert clear_row(["00004-1-1", NAME, f"由{NAME} {PHONE} 介绍"], person) == [
        "00004-1-1",
        "",
        f"由{NAME} 已删除 介绍",
    ]
    assert clear_row(["00004-1-1", NAME, "同名"], person) == ["00004-1-1", NAME, "同名"]
    assert clear_row(["00009-1-1", NAME, "店"], person) == ["00009-1-1", "", "店"]


def test_a_kill_in_between_is_taken_up_again(office, tmp_path):
    """At seeded operations; what comes next finishes the job, and the folder is as after an undisturbed one."""
    job = seek.find(office, numbers=(PHONE,))

    def whole(place):
        forget.start(place, job)
        forget.resume(place)

    undisturbed = copy_of(office, tmp_path / "ganz")
    disk = KilledBefore()
    assert with_disk(disk, lambda: whole(undisturbed))
    wanted = snapshot(undisturbed.root)
    assert disk.count > 60
    different = {}
    for at in (5, *random.Random(7).sample(range(6, disk.count), 7)):  # the first four write down what is to be done
        place = copy_of(office, tmp_path / f"{at}")
        assert not with_disk(KilledAmid(at), lambda place=place: whole(place))
        call("weekly", place.root, "--as-of", str(faults.DAY))
        left = snapshot(place.root)
        different |= {(at, path): 1 for path in wanted.keys() | left.keys() if wanted.get(path) != left.get(path)}
        shutil.rmtree(place.root)
    assert sorted(different) == []


@pytest.fixture
def partners(tmp_path):
    """Two partners with one phone who are one customer by a person's word; the number is that of the first."""
    desk = Desk(tmp_path / "伙伴")
    head = "name | phone | wechat | consult_date | brand | city"
    desk.hand_in("赵强/一.csv", f"{head}\n郑一建 | 13312345670 | zheng_yi_1 | 2026-11-09 | 康源 | 青岛市")
    desk.hand_in("陈静/二.csv", f"{head}\n郑二娘 | 13312345670 | | 2026-11-10 | 康源 | 青岛市")
    desk.run(W46)
    first, second = sorted(desk.leads())
    type_in(desk.book("2026-W46"), "待确认重复", f"{first}/{second}", column="编号", 是否同一客户="是")
    type_in(desk.book("2026-W46"), "有效客户名单", first, 备注="约周五,加了 zheng_yi_1", 跟进状态="跟进中")
    desk.run(W46)
    assert list(desk.leads()) == [first]
    return desk, first, second


def test_what_was_typed_stays_with_the_partner_when_the_oldest_record_is_erased(partners):
    desk, first, second = partners
    assert call("forget", "--wechat", "zheng_yi_1", "--yes", desk.office.root).exit_code == 0
    desk.run(W47)
    (lead,) = desk.report.leads.to_dict("records")
    assert (lead["lead"], lead["name"], lead["status"]) == (second, "郑二娘", "跟进中")
    assert lead["note"] == "约周五,加了 已删除"
    assert holding(desk.office, "zheng_yi_1", "郑一建") == []
    type_in(desk.book("2026-W47"), "有效客户名单", second, 备注="改了")
    desk.hand_in(
        "陈静/谈.csv",
        f"lead | name | talk_number | talk_date | our_people | content | talk_state\n{first} | 郑二娘 | 1 | 2026-11-19 | 刘洋 | 谈政策 | 建议报价",
        "negotiation",
    )
    desk.run(W47)
    assert desk.report.leads[["note", "status"]].to_numpy().tolist() == [["改了", "已洽谈"]]
    assert desk.report.conflicts.empty


def test_what_was_typed_goes_with_the_last_record_of_a_customer(partners):
    desk, *_ = partners
    for number in ("--wechat", "zheng_yi_1"), ("--phone", "13312345670"):
        assert call("forget", *number, "--yes", desk.office.root).exit_code == 0
    desk.run(W47)
    assert desk.report.leads.empty
    assert holding(desk.office, "约周五") == []
