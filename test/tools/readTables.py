"""Reads the tables of the service with pandas and DuckDB, and says where they are not as its JSON. Arguments: URL, model_id"""

import json
import math
import sys
from tempfile import NamedTemporaryFile

import duckdb
import pandas as pd
import requests

url, model = sys.argv[1:]
tables = {f"results/{model}/history": "items", f"results/{model}/report": "classes", "overview": "items"}


def cells(value, path):
    """What the columns of a row should hold."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from cells(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and path.startswith("intervals."):
        yield from zip((f"{path}.low", f"{path}.high"), value)
    elif isinstance(value, list):
        yield path, json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    elif value != {}:
        yield path, value


def same(cell, value):
    if value is None:
        return bool(pd.isna(cell))
    if isinstance(value, (bool, str)):
        texts = {str(value), f"'{value}"} if str(value).startswith("=") else {str(value)}
        return str(cell) in texts
    return math.isclose(float(cell), value)


def differences(name, found, rows):
    if len(found) != len(rows):
        yield f"{name}: {len(found)} rows, not {len(rows)}"
    for (_, line), row in zip(found.iterrows(), rows):
        yield from (f"{name}: {path} is {line[path]!r}, not {value!r}" for path, value in row if not same(line[path], value))


for path, key in tables.items():
    items = requests.get(f"{url}/{path}").json()[key]
    rows = [list(cells(item, "")) for item in items]
    csv, ndjson = f"{url}/{path}?format=csv", f"{url}/{path}?format=ndjson"
    found = list(differences(f"{path} in pandas", pd.read_csv(csv), rows))
    found += [] if pd.read_json(ndjson, lines=True).columns.tolist() == list(items[0]) else [f"{path}: other names"]
    with NamedTemporaryFile(suffix=".csv") as file, NamedTemporaryFile(suffix=".ndjson") as lines:
        file.write(requests.get(csv).content)
        lines.write(requests.get(ndjson).content)
        file.flush(), lines.flush()
        read = duckdb.sql(f"FROM read_csv('{file.name}', all_varchar = true)").df()
        numbers = [[(name, value) for name, value in row if not isinstance(value, bool)] for row in rows]
        found += differences(f"{path} in DuckDB", read, numbers)
        count = duckdb.sql(f"SELECT count(*) FROM read_json('{lines.name}')").fetchall()[0][0]
        found += [] if count == len(items) else [f"{path}: {count} lines in DuckDB"]
    print(f"{path.replace(model, 'model')} {len(items)}", *found, sep="\n")
