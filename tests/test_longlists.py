"""Lists that no memory holds: the same clusters, words and bytes as in memory, whatever engine finds them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from any_engine import in_memory, through
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from read_making import xlsx
from test_match_properties import lead, table

from salessheets.cli import main
from salessheets.longlists import choice
from salessheets.match import outofcore
from salessheets.match.leads_model import MODEL
from salessheets.read import Reader
from salessheets.read.headers import Names
from salessheets.read.stretches import LongList
from salessheets.settings import default

OFFICE = default()
# Groups of three and more are chained, so that small lists see what large ones do.
NARROW = replace(MODEL, blocks=tuple(replace(block, limit=2) for block in MODEL.blocks), largest=3)
BOUGHT = """名录2026
序号,公司名称,法人,有效手机号,所属城市,注册地址,备注
1,济南康乐健康生活馆,王建国,13987650012,济南市,泉城路188号,=1+1
2,康乐健康生活馆,王总,139 8765 0012,济南,,"两行
一格"

3,青岛海之蓝养生馆,赵敏,13866778899,青岛市,,王建国介绍\uff0c13987650012
合计,3家,,,,,
4,海之蓝,赵姐,1386677889,青岛,,
5,海之蓝(即墨店),孙伟,,青岛,,没有,多一格
"""
FAIR = "姓名,手机\n王建国,013987650012\n孙伟,13712345670\n赵敏,13800138000\n"


@pytest.fixture(scope="module")
def duck(tmp_path_factory):
    with outofcore.Duck(tmp_path_factory.mktemp("duck"), "500MB") as engine:
        yield engine


@pytest.fixture
def lists(tmp_path):
    (tmp_path / "名录.csv").write_bytes(BOUGHT.encode("gb18030"))
    (tmp_path / "展会.csv").write_text(FAIR, "utf-8")
    return tmp_path


def call(folder, *names, out, options=()):
    paths = [str(folder / name) for name in names]
    return CliRunner().invoke(main, ["dedupe", *paths, "--out", str(folder / out), *options])


def on_disk(folder, *names, out, options=()):
    result = call(folder, *names, out=out, options=("--engine", "duckdb", "--memory", "500MB", *options))
    assert result.exit_code in (0, 3), result.stderr
    return result


@pytest.mark.parametrize("model", [MODEL, NARROW], ids=["shipped", "chained"])
def test_the_database_finds_what_memory_finds(duck, model):
    @hypothesis(max_examples=8, deadline=None)
    @given(st.lists(lead, min_size=2, max_size=40))
    def same(drawn):
        records = table(drawn)
        assert through(duck, records, OFFICE, model, own_batches=3) == in_memory(records, OFFICE, model)

    same()


def test_a_generated_list_gives_the_same_clusters_and_words(duck, generated):
    assert through(duck, generated, OFFICE, MODEL, own_batches=4) == in_memory(generated, OFFICE, MODEL)


def test_the_result_is_the_same_byte_for_byte(lists):
    call(lists, "名录.csv", "展会.csv", out="a.csv")
    on_disk(lists, "展会.csv", "名录.csv", out="b.csv")
    assert (lists / "b.csv").read_bytes() == (lists / "a.csv").read_bytes()


def test_stretches_and_helpers_change_nothing(lists, monkeypatch):
    call(lists, "名录.csv", "展会.csv", out="a.csv")
    monkeypatch.setattr("salessheets.read.stretches.ROWS", 3)
    monkeypatch.setattr(outofcore, "BATCH", 2)
    on_disk(lists, "展会.csv", "名录.csv", out="b.csv")
    assert (lists / "b.csv").read_bytes() == (lists / "a.csv").read_bytes()


def test_parquet_comes_in_and_goes_out(lists):
    shown = pd.read_csv(lists / "展会.csv", dtype="str").assign(评分=[1.0, 2.5, None], 已联系=[True, False, None])
    shown.to_parquet(lists / "展会.parquet")
    call(lists, "展会.parquet", out="a.csv", options=("--engine", "memory"))
    on_disk(lists, "展会.parquet", out="b.csv")
    assert (lists / "b.csv").read_bytes() == (lists / "a.csv").read_bytes()
    on_disk(lists, "展会.parquet", out="c.parquet")
    found = pq.read_table(lists / "c.parquet")
    assert found.schema.field("组号").type == pa.int64()
    assert found.column("评分").to_pylist() == ["1", "2.5", ""]
    assert found.column("手机").to_pylist() == shown["手机"].tolist()


def test_a_workbook_beside_a_long_list_is_read_as_ever(lists):
    rows = [["姓名", "电话"], ["王建国", "13987650012"]]
    (lists / "旧表.xlsx").write_bytes(xlsx(rows))
    call(lists, "名录.csv", "旧表.xlsx", out="a.csv")
    on_disk(lists, "名录.csv", "旧表.xlsx", out="b.csv")
    one, other = (pd.read_csv(lists / name, dtype="str", keep_default_na=False) for name in ("a.csv", "b.csv"))
    assert one.drop(columns=["工作表"]).equals(other.drop(columns=["工作表"]))


def test_files_that_cannot_be_read_are_named_and_the_others_go_on(lists):
    (lists / "坏.parquet").write_bytes(b"PAR1 broken")
    (lists / "别的.csv").write_text("颜色,大小\n红,3\n", "utf-8")
    result = on_disk(lists, "坏.parquet", "别的.csv", "展会.csv", out="b.csv")
    assert result.exit_code == 3
    assert "展会.csv:3 行" in result.stderr.replace("\uff1a", ":")
    assert "没有认识的表头" in result.stderr


def test_a_lone_quotation_mark_swallows_nothing(lists):
    text = "姓名,手机,备注\n" + '王建国,13987650012,"没有关上\n' + "孙伟,13712345670,\n" * 80
    (lists / "引号.csv").write_text(text, "utf-8")
    call(lists, "引号.csv", out="a.csv")
    on_disk(lists, "引号.csv", out="b.csv")
    assert (lists / "b.csv").read_bytes() == (lists / "a.csv").read_bytes()
    assert (lists / "b.csv").read_text("utf-8-sig").count("孙伟") == 80


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_file_read_in_stretches_is_the_file_read_at_once(lists, size):
    more = BOUGHT + BOUGHT.replace("注册地址", "地址")
    (lists / "两遍.csv").write_text(more, "utf-8")
    long = LongList(lists / "两遍.csv", Names({}), max(size, 3))
    found = list(long.stretches())
    with Reader({}) as reader:
        whole = reader.read_list(more.encode(), "两遍.csv")
    rows = pd.concat([s.rows for s in found], ignore_index=True).fillna("")
    shared = [c for c in rows.columns if c not in ("extra", "block")]
    assert rows[shared].equals(whole.rows[rows.columns].fillna("")[shared])
    cells = [
        dict(zip(long.tables[s.table].headers.values(), row, strict=False))
        for s in found
        for row in s.cells.to_pylist()
    ]
    assert pd.DataFrame(cells).fillna("").astype("str").equals(whole.original)


def test_the_engine_is_chosen_by_size(lists, monkeypatch):
    from salessheets.office import NotPossibleError

    csv = lists / "展会.csv"
    assert choice.chosen([csv], lists / "a.csv", None) == "memory"
    assert choice.chosen([csv], lists / "a.parquet", None) == "duckdb"
    assert choice.chosen([csv], lists / "a.csv", "duckdb") == "duckdb"
    monkeypatch.setattr(choice, "MOST", 2)
    assert choice.chosen([csv], lists / "a.csv", None) == "duckdb"
    with pytest.raises(NotPossibleError):
        choice.chosen([csv], lists / "a.xlsx", None)


def test_a_folder_is_replaced_only_when_it_is_an_earlier_result(lists):
    from salessheets.office import NotPossibleError

    out = lists / "a.parquet"
    out.mkdir()
    for engine in ("duckdb", "spark"):
        with pytest.raises(NotPossibleError):
            choice.chosen([lists / "展会.csv"], out, engine)
    (out / "_SUCCESS").touch()
    assert choice.chosen([lists / "展会.csv"], out, "spark") == "spark"


def test_what_is_missing_is_named(lists, monkeypatch):
    monkeypatch.setattr(choice, "find_spec", lambda _: None)
    result = call(lists, "展会.csv", out="b.csv", options=("--engine", "duckdb"))
    assert result.exit_code == 1
    assert 'pip install "salessheets[large]"' in result.stderr
