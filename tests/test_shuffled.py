"""Columns sorted without their table: told from people who typed, and what was new in them is not lost."""

from __future__ import annotations

import pytest

from salessheets.shuffled import Page, sorted_alone


def page(text: str, order_before: str = "") -> Page:
    """Lines ``key | field before | field now | …`` under a header that names the fields, as the sheet came back."""
    head, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    keys = [line[0] for line in lines]
    before = {name: {line[0]: line[1 + 2 * at] for line in lines} for at, name in enumerate(head[1:])}
    now = {name: {line[0]: line[2 + 2 * at] for line in lines} for at, name in enumerate(head[1:])}
    return Page(keys, order_before.split() or keys, now, before)


def test_a_column_sorted_alone():
    found = sorted_alone(
        page("""key | note
        1 |      | 丙的
        2 | 丙的 | 丁的
        3 |      |
        4 | 丁的 |     """)
    )
    assert found == {"note": ()}


def test_new_texts_in_a_sorted_column_are_handed_back():
    found = sorted_alone(
        page("""key | note
        1 |      | 丙的
        2 | 丙的 | 丁的
        3 |      | 刚写的
        4 | 丁的 |     """)
    )
    assert found == {"note": ("刚写的",)}


def test_the_only_text_of_a_column_goes_to_its_top():
    assert sorted_alone(page("key | note\n1 | | 丙的\n2 | 丙的 |")) == {"note": ()}
    assert sorted_alone(page("key | note\n1 | | \n2 | | 丙的\n3 | 丙的 |")) == {}


def test_a_block_of_columns_sorted_by_one_of_them_and_the_owner_chosen_meanwhile():
    found = sorted_alone(
        page("""key | status | next_date | note | owner
        1 | 跟进中 | 已洽谈 |            | 2026-11-20 |      | 丙的 | 刘洋 | 刘洋
        2 | 已洽谈 | 暂缓   | 2026-11-20 |            | 丙的 | 丁的 |      | 赵强
        3 |        | 跟进中 |            |            |      |      |      |
        4 | 暂缓   |        |            |            | 丁的 |      |      | """)
    )
    assert found == {"status": (), "next_date": (), "note": ()}


def test_a_single_text_that_moved_in_a_block_that_was_sorted():
    found = sorted_alone(
        page("""key | next_date | note
        1 |            | 2026-11-20 |      | 丙的
        2 |            |            | 丙的 | 丁的
        3 |            |            |      | 新的
        4 | 2026-11-20 |            | 丁的 |     """)
    )
    assert found == {"next_date": (), "note": ("新的",)}


def test_a_column_sorted_alone_and_typed_in_afterwards():
    found = sorted_alone(
        page("""key | note
        1 | 丁的 | 甲的
        2 |      | 乙的
        3 | 丙的 |
        4 | 乙的 | 丙的
        5 | 甲的 | 丁的
        6 |      | 新的""")
    )
    assert found == {"note": ("新的",)}


def test_numbers_and_names_sorted_without_what_was_typed_beside_them():
    found = sorted_alone(
        page(
            """key | note
        3 |      | 甲的
        1 | 甲的 |
        4 | 丁的 |
        2 |      | 丁的""",
            "1 3 2 4",
        )
    )
    assert found.keys() == {"note"}


@pytest.mark.parametrize(
    "typed",
    [
        "key | note\n1 | | 新的\n2 | 旧的 | 旧的\n3 | | ",
        "key | note\n1 | 甲的 | 乙的\n2 | 乙的 | 甲的\n3 | | ",  # put right: the two had been mixed up
        "key | status\n1 | 跟进中 | 已洽谈\n2 | | 跟进中\n3 | | 跟进中\n4 | | ",
        "key | note\n1 | 甲的 | 改了\n2 | 乙的 | 也改了\n3 | 丙的 | 还改了\n4 | | 甲的",
        "key | note\n1 | 甲的 | \n2 | 乙的 | \n3 | 丙的 | \n4 | | ",
    ],
)
def test_people_who_type_are_believed(typed):
    assert sorted_alone(page(typed)) == {}


def test_a_whole_table_that_was_sorted_has_changed_nothing():
    text = "key | note\n3 | 丙的 | 丙的\n1 | | \n2 | 乙的 | 乙的"
    assert sorted_alone(page(text, "1 2 3")) == {}
