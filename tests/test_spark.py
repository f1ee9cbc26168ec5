"""The cluster finds what memory finds: Spark on this machine, one session for all tests."""

from __future__ import annotations

import random
import shutil
from importlib.util import find_spec

import pandas as pd
import pyarrow.parquet as pq
import pytest
from any_engine import in_memory, through
from click.testing import CliRunner
from test_longlists import NARROW
from test_match_properties import COMPANIES, NAMES, NOTES, PHONES, PLACES, WECHATS, table

from salessheets.cli import main
from salessheets.match.leads_model import MODEL
from salessheets.settings import default

OFFICE = default()
needs_spark = pytest.mark.skipif(
    find_spec("pyspark") is None or shutil.which("java") is None, reason="Spark (pyspark and a JRE) is not installed"
)
pytestmark = needs_spark


@pytest.fixture(scope="module")
def spark():
    from salessheets.match.onspark import Spark, session

    engine = Spark(session("local[2]"))
    yield engine
    engine.spark.stop()


def drawn_leads(seed, size):
    """Leads drawn from few values, so that they meet often."""
    draw = random.Random(seed).choice
    return table([tuple(map(draw, (NAMES, PHONES, WECHATS, COMPANIES, PLACES, NOTES))) for _ in range(size)])


def test_a_random_list_with_chains_gives_the_same_clusters_and_words(spark):
    records = drawn_leads(7, 60)
    assert through(spark, records, OFFICE, NARROW, own_batches=2) == in_memory(records, OFFICE, NARROW)


def test_a_generated_list_gives_the_same_clusters_and_words(spark, generated):
    assert through(spark, generated, OFFICE, MODEL, own_batches=2) == in_memory(generated, OFFICE, MODEL)


def test_the_command_writes_what_the_other_engines_write(spark, tmp_path):
    lines = [
        "序号,姓名,手机,单位,城市,备注",
        "1,王建国,139 8765 0012,济南康乐馆,济南,",
        '2,王总,13987650012,康乐馆,济南市,"两行\n""一格"""',
    ]
    lines += ["合计,2家,,,,", "3,赵敏,13866778899,海之蓝,青岛,", "4,,13800138000,,,"]
    draw = random.Random(3).choice  # enough rows that each worker gets several, in an order of its own
    lines += [",".join((str(n), draw(NAMES), draw(PHONES), draw(COMPANIES), draw(PLACES)[1], "")) for n in range(200)]
    (tmp_path / "名录.csv").write_text("\n".join(lines) + "\n", "utf-8")
    for engine, out in (("memory", "a.csv"), ("spark", "b.parquet")):
        options = ["--engine", engine, "--master", "local[2]", "--out", str(tmp_path / out)]
        result = CliRunner().invoke(main, ["dedupe", str(tmp_path / "名录.csv"), *options])
        assert result.exit_code == 0, result.stderr
        assert "共 205 行" in result.stderr
    one = pd.read_csv(tmp_path / "a.csv", dtype="str", keep_default_na=False)
    other = pq.read_table(tmp_path / "b.parquet").to_pandas()
    other["证据分"] = [f"{v:.1f}" if pd.notna(v) else "" for v in other["证据分"]]
    for name in ("组号", "组内行数"):
        other[name] = [str(int(v)) if pd.notna(v) else "" for v in other[name]]
    other["行"] = other["行"].astype("str")
    assert other.fillna("").astype("str").to_dict("list") == one.to_dict("list")
