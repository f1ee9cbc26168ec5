"""The public benchmarks declared for the engine: what a user of ``salessheets.match`` would write for his own list."""

from __future__ import annotations

import pandas as pd

from salessheets.match.comparators import edits, exact, similar
from salessheets.match.model import Block, Model

MERGE_LINE = 4.0  # bits above even odds: 94 % sure; the same for every list here

FEBRL = Model(
    "febrl",
    (
        similar("given_name", (0.9, 0.75)),
        similar("surname", (0.9, 0.75)),
        edits("date_of_birth", (1, 2)),
        edits("soc_sec_id", (1, 2)),
        similar("address_1", (0.9, 0.75)),
        similar("suburb", (0.9, 0.75)),
        edits("postcode", (1,)),
        edits("street_number", (1,)),
        exact("state"),
    ),
    (
        Block("number", ("soc_sec_id",)),
        Block("born", ("date_of_birth",)),
        Block("name", ("given_name", "surname")),
        Block("name begins", ("surname:3", "given_name:3")),
        Block("address", ("address_1", "street_number")),
        Block("postcode and surname", ("postcode", "surname:3")),
        Block("postcode and given name", ("postcode", "given_name:3")),
        Block("suburb and street", ("suburb", "address_1:3")),
    ),
    bridge=-5.0,
    largest=1500,
)

HISTORICAL = Model(
    "historical_50k",
    (
        similar("first_name", (0.92, 0.8), rare=3),
        similar("surname", (0.92, 0.8), rare=4),
        edits("dob", (1, 2)),
        similar("postcode", (0.9, 0.75)),
        similar("birth_place", (0.9,), rare=3),
        exact("occupation", rare=3),
        exact("gender"),
    ),
    tuple(
        Block(" + ".join(keys), keys)
        for keys in (
            ("first_name", "surname"),
            ("surname", "dob"),
            ("first_name", "dob"),
            ("postcode", "first_name"),
            ("postcode", "surname"),
            ("dob", "birth_place"),
            ("surname:4", "dob"),
            ("dob", "postcode:4"),
            ("first_name:3", "surname:4", "birth_place"),
            ("surname", "dob:4", "birth_place"),
            ("postcode", "birth_place"),
            ("full_name",),
            ("first_name:3", "postcode:4", "surname:4"),
            ("dob:4", "first_name", "occupation"),
            ("dob:4", "surname", "first_name:3"),
        )
    ),
    bridge=-5.0,
    largest=1500,
)


def febrl_table(records: pd.DataFrame) -> pd.DataFrame:
    """FEBRL's columns with the beginnings that blocks use."""
    table = records.fillna("").astype("str")
    return table.assign(**{f"{c}:3": table[c].str[:3] for c in ("given_name", "surname", "suburb", "address_1")})


def historical_table(records: pd.DataFrame) -> pd.DataFrame:
    """historical_50k's columns with the beginnings that blocks use; the outward part of a postcode."""
    table = records.rename(columns={"postcode_fake": "postcode"}).fillna("").astype("str")
    begins = {"first_name:3": table["first_name"].str[:3], "surname:4": table["surname"].str[:4]}
    begins |= {"dob:4": table["dob"].str[:4], "postcode:4": table["postcode"].str.rsplit(" ", n=1).str[0]}
    return table.assign(**begins)
