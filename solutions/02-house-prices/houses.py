"""House prices: 546 sales in the city of Windsor, Canada, in 1987; see SOURCES.md.

Students get 382 of the sales. Only the grader has the other 164.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_COLUMNS = {
    "lotsize": "lot size",
    "bedrooms": "bedrooms",
    "bathrms": "bathrooms",
    "stories": "floors",
    "driveway": "driveway",
    "recroom": "recreation room",
    "fullbase": "full basement",
    "gashw": "gas hot water",
    "airco": "air conditioning",
    "garagepl": "garage places",
    "prefarea": "preferred area",
}
HOUSE_FEATURES = tuple(_COLUMNS.values())
"""The name of each column of features; the lot size is in square feet."""
PUBLIC_SALES = Path(__file__).with_name("houses.csv")
_PRICE = "price"
_ANSWERS = {"no": "0", "yes": "1"}


def houses(sales: Path = PUBLIC_SALES) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Load the houses that were sold in Windsor, and their prices, in random order.

    Args:
        sales: A CSV file with the columns of houses.csv.

    Returns:
        Features, shape (samples, 11), float32, in the order of `HOUSE_FEATURES`, 1 for yes and 0
        for no; and prices, shape (samples,), float32, in Canadian dollars of 1987.

    Raises:
        OSError: If the file cannot be read.
        KeyError: If a column is missing.
        ValueError: If a value is not a number, yes or no.
    """
    with sales.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    x = [[_number(row[column]) for column in _COLUMNS] for row in rows]
    price = [_number(row[_PRICE]) for row in rows]
    return np.array(x, dtype=np.float32), np.array(price, dtype=np.float32)


def _number(value: str) -> float:
    return float(_ANSWERS.get(value, value))
