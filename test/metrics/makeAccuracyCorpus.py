"""Asks the real scikit-learn about pairs of JSON texts and writes its answers to accuracyCorpus.jsonl.

Needs Python 3.12 and `pip install scikit-learn==1.9.1 numpy==2.5.5`.

A line holds y_true and y_pred (JSON texts) and either `accuracy` or `error`, which says in a few words what
was raised, with `types`: what type_of_target says of each column alone. PostgreSQL's type json takes every text.
"""

import itertools
import json
import random
import re
import warnings
from pathlib import Path

from sklearn.metrics import accuracy_score
from sklearn.utils.multiclass import type_of_target

warnings.simplefilter("ignore")

INT64 = 2**63
UINT64 = 2**64
SAFE = 2**53

ERRORS = [
    (r"recursion depth", "depth"),
    (r"integer string conversion", "digits"),
    (r"must be an array-like|Expected array-like", "not a list"),
    (r"inconsistent numbers of samples", "lengths"),
    (r"Found empty input array", "empty"),
    (r"legacy multi-label", "sequence of sequences"),
    (r"contains infinity", "infinity"),
    (r"'<' not supported", "not sortable"),
    (r"mix of (\S+) and (\S+) targets", r"mix of \1 and \2"),
    (r"^(\S+) is not supported", r"\1"),
    (r"Mix of label input types", "strings and numbers"),
    (r"different numbers of labels", "row widths"),
]


def kind(error):
    for pattern, name in ERRORS:
        match = re.search(pattern, str(error))
        if match:
            return match.expand(name)
    raise error


def target_type(column):
    try:
        return type_of_target(column)
    except (TypeError, ValueError) as error:
        return kind(error)


def ask(y_true, y_pred):
    case = {"y_true": y_true, "y_pred": y_pred}
    try:
        columns = json.loads(y_true), json.loads(y_pred)
    except (RecursionError, ValueError) as error:
        return case | {"error": kind(error)}
    # The length of an object decides nothing: it is refused with any.
    if any(isinstance(column, dict) for column in columns):
        return case | {"error": "not a list"}
    try:
        return case | {"accuracy": accuracy_score(*columns)}
    except (TypeError, ValueError) as error:
        return case | {"error": kind(error), "types": [target_type(column) for column in columns]}


# Columns of two samples: every one is scored against every one.
COLUMNS = [
    "[0,1]", "[1,0]", "[1,1]", "[0, -0]", "[-1,1]", "[true,false]", "[true,1]", "[1.0,0.0]", "[1e0,0E0]", "[-0.0,1]",
    "[0.2,0.9]", "[1.5,1]", "[1e999,1]", "[-1e999,1]", "[1e-400,1]", "[9007199254740992,9007199254740993]",
    "[9007199254740993,9007199254740993]", "[9007199254740992.0,9007199254740993]", "[999999999999999,1000000000000000]",
    f"[{INT64},1]", f"[{INT64},{INT64 + 1}]", f"[{INT64},true]", f"[{INT64 - 1},1]", f"[{INT64 - 1},1.0]",
    f"[-{INT64},1]", f"[-{INT64},1.0]", f"[-{INT64 + 1},1]", f"[{UINT64 - 1},{INT64}]", f"[{UINT64},1]", f"[{INT64}.0,1]",
    f'["a",{UINT64}]', f'["a",{INT64}]', f'["a","{INT64}"]',
    '["a","b"]', '["b","a"]', r'["\u0061","b"]', '["a",1]', '["a","1"]', '["a",1.0]', '["a","1.0"]', '["a",true]',
    '["a","True"]', '["a",null]', '[null,"a"]', "[null,1]", "[null,null]", '["a",{}]', '["a",[]]', "[{},{}]", '["a",["b"]]',
    r'["a\u0000","b"]', r'["a\u0000b","b"]', r'["\u0000","\u0000\u0000"]', '["",""]', '["","a"]', '["True",1]', '["0","1"]',
    "[[0],[1]]", "[[1],[0]]", "[[true],[0.0]]", '[["a"],["b"]]', '[["a"],[1]]', "[[0.5],[1]]", "[[null],[1]]", '[["a"],[null]]',
    "[[0,1],[1,1]]", "[[0,1],[1,0]]", "[[1,1],[1,1]]", "[[true,false],[true,true]]", "[[0.0,1.0],[1,1]]", "[[-0.0,0.0],[1,1]]",
    "[[0,1,1],[1,1,0]]", "[[0,1],[2,1]]", "[[2,7],[7,2]]", "[[0.5,1],[1,1]]", "[[0.5,1],[2,1]]", "[[1e999,1],[1,1]]",
    f"[[{INT64},true],[1,1]]", f"[[{INT64},true],[true,true]]", f"[[{INT64 - 1},1],[1,1]]", f"[[{SAFE},{SAFE + 1}],[{SAFE},{SAFE}]]",
    f"[[{SAFE},{SAFE + 1}],[{SAFE}.0,{SAFE}]]", f"[[{SAFE},{SAFE + 1}],[1.0,1]]", f"[[{UINT64},1],[1,1]]",
    '[["a","b"],["b","a"]]', '[["a",1],["b",1]]', "[[null,null],[null,null]]", "[[1,null],[1,1]]", "[[{},{}],[{},{}]]",
    "[[1,2],[1]]", "[1,[2]]", "[[1],2]", "[[],[]]", "[[],[1]]", "[[[1]],[[2]]]", "[[[1],[2]],[[3],[4]]]", "[[1],[[2]]]",
    "[[[1,2],[3]],[[4],[5]]]", "[[[1],2],[3,4]]", "[[[]],[[]]]",
]

# Columns of other lengths, and what is no list: scored against each other and some of the above.
OTHERS = [
    "[]", "[ ]", "[[]]", "[[[]]]", "{}", '{"a":[0,1]}', '{"a":1,"a":2}', "0", "1.5", '"ab"', '""', "true", "false", "null", "[1]",
    "[1.0]", '["a"]', "[[1]]", "[[1,2]]", "[[1,2,2]]", "[[1,2,3]]", "[0,1,2]", "[0,1,2,3]", '["a","b","c"]', "[1e308,1e308,0.5]",
    "[[1,2],[3,4],[5,6]]", "[null]", "[{}]", f"[{10**40}]",
]  # fmt: skip

PAIRS = [
    ("[0,1,2,3]", "[0,2,1,3]"),
    ("  [ 0 ,\t1,\n2 , 3\r\n] ", "[0,2,1,3]"),
    ("[0,1,2,3]\n", "\n[0,1,2,-3]"),
    ("[10,1,100]", "[1,10,100]"),
    ("[12,-12,12]", "[12,12,-12]"),
    ("[12,-1,1]", "[1,-12,12]"),
    ('["a","b","c"]', '["a","c","b"]'),
    ('["a,b","[c]","d ]"]', '["a,b","[c]","d"]'),
    ('["ab","a","abc"]', '["a","ab","abc"]'),
    ('["\u00e9"]', '["e\u0301"]'),
    ('["\u00e9"]', r'["\u00e9"]'),
    ('["\u00e9"]', r'["\u00E9"]'),
    ('["\u5b57","\U0001f600"]', r'["\u5b57","\ud83d\ude00"]'),
    (r'["\ud800","a"]', r'["\ud800","a"]'),
    (r'["\ud800","a"]', r'["\udc00","a"]'),
    (r'["\ud800","\udc00"]', '[1,2]'),
    (r'["\ude00\ud83d"]', r'["\ud83d\ude00"]'),
    (r'["\"","\\","\/","\b","\f","\n","\r","\t"]', r'["\u0022","\u005c","/","\u0008","\u000c","\u000A","\u000d","\u0009"]'),
    (r'["\\u0061","a"]', r'["\u0061","a"]'),
    (r'["a\\","b"]', r'["a\\\"","b"]'),
    ('["\x7f"]', r'["\u007f"]'),
    (r'["a\u0000\u0000","b","\u0000c"]', r'["a","b\u0000","c"]'),
    (r'["a\u0000 ","b"]', '["a ","b"]'),
    ('["a","A"," a","a "]', '["a","a","a","a"]'),
    ('["a",1,1.0,true,false]', '["a","1","1.0","True","False"]'),
    ('["a",-0,-0.0,0.0,0]', '["a","0","-0.0","0.0","0"]'),
    ('["a",1e22,1e16,1e15,1e-4,1e-5]', '["a","1e+22","1e+16","1000000000000000.0","0.0001","1e-05"]'),
    ('["a",123456789012345680.0,1E5,0.1,100.50]', '["a","1.2345678901234568e+17","100000.0","0.1","100.5"]'),
    ('["a",5e-324,1.7976931348623157e308,-2.2250738585072014e-308]', '["a","5e-324","1.7976931348623157e+308","-2.2250738585072014e-308"]'),
    ('["a",1e999,-1e999]', '["a","inf","-inf"]'),
    ('["a",0.30000000000000004,2.50,1e2]', '["a","0.30000000000000004","2.5","100.0"]'),
    (f'["a",{INT64},-1]', f'["a","{INT64}","-1"]'),
    (f'["a",-{INT64},{UINT64 - 1}]', f'["a","-{INT64}","{UINT64 - 1}"]'),
    ("[1,2.0,true]", "[1.0,2,1]"),
    ("[1,2.5,true]", "[1.0,2,1]"),
    (f"[{SAFE + 1}]", f"[{SAFE}.0]"),
    (f"[{SAFE + 1}]", f"[{SAFE}]"),
    (f"[{SAFE + 1},1.0]", f"[{SAFE},1]"),
    (f"[{SAFE * 4 + 2},1]", f"[{SAFE * 4}.0,1]"),
    (f"[{SAFE * 4 + 6},1]", f"[{SAFE * 4 + 8}.0,1]"),
    (f"[-{SAFE + 1},1]", f"[-{SAFE},1]"),
    (f"[{INT64 - 512},1.0]", f"[{INT64 - 512},1]"),
    (f"[{INT64 - 1024},1.0]", f"[{INT64 - 1024},1]"),
    (f"[{INT64},{INT64 + 1}]", f"[{INT64},{INT64}]"),
    (f"[{INT64},true]", f"[{INT64 - 1},1]"),
    (f"[{UINT64 - 1}]", "[-1]"),
    (f"[{UINT64 - 1}]", f"[{UINT64 - 1}.0]"),
    (f"[[{INT64},true]]", f"[[{INT64 - 1},1]]"),
    (f"[[{INT64},{INT64}]]", f"[[{INT64 - 1},{INT64 - 1}]]"),
    (f"[[{INT64},{INT64 + 1}]]", f"[[{INT64},{INT64}]]"),
    (f"[[{INT64},true]]", "[[true,true]]"),
    (f"[[{SAFE},{SAFE + 1}]]", f"[[{SAFE},{SAFE}]]"),
    (f"[[{SAFE},{SAFE + 1}]]", f"[[{SAFE}.0,{SAFE}]]"),
    (f"[[{INT64 - 1},1]]", f"[[{INT64 - 1},1]]"),
    (f"[[{INT64 - 1},1.0]]", f"[[{INT64 - 1},1]]"),
    ("[[0.0,-0.0],[1.0,0.0]]", "[[0,0],[1,0]]"),
    ("[[0,1],[1,1],[0,0]]", "[[0,1],[1,0],[0,0]]"),
    ("[ [0 , 1] ,\n[1,1 ]]", "[[0,1],[1,1]]"),
    ("[[5,5],[5,5]]", "[[0,1],[5,5]]"),
    ("[[1,2,3]]", "[[1,2,3]]"),
    ("[[0],[1],[2]]", "[0,1,3]"),
    ("[[0],[1],[2]]", "[[0],[1.0],[true]]"),
    ('[["a"],["b"]]', r'["a","\u0062"]'),
    (r'[{"a":"]}\"]"},1]', "[0,1]"),
    (r'[["]\\"],["[\""]]', r'["]\\","[\""]'),
    ("[" + "[" * 2000 + "]" * 2000 + ",1]", "[0,1]"),
    ('[{"a":' * 1000 + "1" + "}]" * 1000, "[0]"),
    ("[0.1e1,20e-1,300E-2]", "[1,2,3]"),
    ("[123456789012345.0,1234567890123.45]", "[123456789012345,1]"),
    ("[0.000000000000001e15,1]", "[1,1]"),
    ("[1.000000000000000000001,2]", "[1,2]"),
    ("[0.99999999999999999999,2]", "[1,2]"),
    ("[-0.0,-0,0]", "[0,0,0.0]"),
    (f"[{'0.' + '0' * 400 + '1'},1]", "[0,1]"),
    (f"[1{'0' * 400}.0,1]", "[0,1]"),
    (f"[{10**400},1]", "[0,1]"),
    (f"[{10**4000},1]", f"[{10**4000},1]"),
    (f"[{'1' * 4301},1]", "[0,1]"),
    ("[" * 70 + "1" + "]" * 70, "[1]"),
    ("[" * 2000 + "]" * 2000, "[1]"),
    ("[" * 20000 + "]" * 20000, "[1]"),
    (str([1] * 3), str([1, 1, 0])),
    (json.dumps([i % 7 for i in range(2999)]), json.dumps([i % 5 for i in range(2999)])),
    (json.dumps([f"class {i % 7}" for i in range(999)]), json.dumps([f"class {i % 5}" for i in range(999)])),
]

SPACES = ["", "", "", " ", "\n", "\t ", " \r\n"]
NUMBERS = ["0", "1", "2", "-1", "-0", "10", "1.0", "0.0", "-0.0", "2.0", "1e0", "10e-1", "1.5", "1e22", "true", "false",
           "999999999999999", "9007199254740993", str(SAFE), str(INT64), str(INT64 - 1)]  # fmt: skip
STRINGS = ['"a"', '"b"', '"ab"', '""', r'"\u0061"', r'"a\u0000"', '"1"', '"1.0"', '"True"', '"1e+22"', '"\u00e9"', r'"\u00E9"']
ODD = ["null", "{}", "[]", "[1]", "1e999", str(UINT64)]


def spaced(parts, opening, closing):
    space = lambda: random.choice(SPACES)  # noqa: E731
    inner = ",".join(f"{space()}{part}{space()}" for part in parts)
    return f"{space()}{opening}{inner}{closing}{space()}"


def random_pair():
    size = random.choice([1, 2, 3, 5, 8, 20])
    width = random.choice([0, 0, 0, 1, 2, 3])
    pools = [NUMBERS[:4], NUMBERS[:10], NUMBERS, STRINGS, STRINGS[:3], STRINGS + NUMBERS, STRINGS + NUMBERS + ODD, NUMBERS + ODD]
    pool = random.choice(pools)
    labels = random.sample(pool, min(random.choice([2, 2, 3, 4]), len(pool)))
    others = labels if random.random() < 0.9 else random.choice(pools)

    def column(labels):
        row = lambda: spaced(random.choices(labels, k=width), "[", "]")  # noqa: E731
        return spaced([row() if width else random.choice(labels) for _ in range(size)], "[", "]")

    return column(labels), column(others)


def pairs():
    yield from PAIRS
    yield from ((b, a) for a, b in PAIRS)
    yield from itertools.product(COLUMNS, repeat=2)
    yield from itertools.product(OTHERS, repeat=2)
    yield from itertools.product(OTHERS, random.sample(COLUMNS, 8))
    yield from itertools.product(random.sample(COLUMNS, 8), OTHERS)
    for _ in range(3000):
        yield random_pair()


random.seed(20260101)
with Path(__file__).with_name("accuracyCorpus.jsonl").open("w") as corpus:
    for pair in dict.fromkeys(pairs()):
        corpus.write(json.dumps(ask(*pair), separators=(",", ":")) + "\n")
