"""Asks scikit-learn for the metrics of thousands of small sample rows and writes them to metricCorpus.jsonl.gz.

Needs Python 3.11 or newer and `pip install scikit-learn==1.9.1`.

A line holds task, settings (pos_label, labels), the columns as JSON texts and `values`: by key a number, or null where it is
undefined, which is where scikit-learn raises for this metric, returns nan, or what zero_division says. `partly` names the
averages that count a class as 0 which is 0/0. `invalid` stands for all metrics where the labels cannot be scored at all.
The first line has the settings of each key.
"""

import gzip
import json
import math
import random
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

warnings.simplefilter("ignore")
np.seterr(all="ignore")

KEYS = {}
UNDEFINED = object()


def key(name, **params):
    usual = {"k": 2, "bins": 10, "alpha": 0.5}
    text = "_".join([name, *(str(value) for param, value in params.items() if usual.get(param) != value)])
    KEYS[text] = {"name": name, **params} if params else name
    return text


def attempt(compute):
    try:
        value = float(compute())
    except (ValueError, TypeError, IndexError, ZeroDivisionError):
        return None
    return value if math.isfinite(value) else None


class Answer:
    def __init__(self):
        self.values = {}
        self.partly = []

    def put(self, name, compute, **params):
        self.values[key(name, **params)] = attempt(compute)

    def put_ratio(self, name, compute, average, **params):
        """`compute` takes zero_division: where that makes a difference, something is 0/0."""
        text = key(name if average == "binary" else f"{name}_{average}", **params)
        zero, one = attempt(lambda: compute(0)), attempt(lambda: compute(1))
        if zero != one and average in ("binary", "micro"):
            zero = None
        elif zero != one:
            self.partly.append(text)
        self.values[text] = zero


RATIOS = {
    "precision": (sk.precision_score, {}),
    "recall": (sk.recall_score, {}),
    "f1": (sk.f1_score, {}),
    "fbeta": (sk.fbeta_score, {"beta": 2}),
    "jaccard": (sk.jaccard_score, {}),
}


def ratios(answer, y_true, y_pred, averages, **given):
    if isinstance(y_true[0], str) and "pos_label" not in given:
        given["pos_label"] = "no string"  # the usual 1 is none either, but numpy takes "1" for it
    for name, (function, params) in RATIOS.items():
        for average in averages:
            extra = given if average == "binary" else {k: v for k, v in given.items() if k != "pos_label"}
            answer.put_ratio(
                name,
                lambda zero, f=function, p=params, a=average, e=extra: f(y_true, y_pred, average=a, zero_division=zero, **p, **e),
                average,
                **params,
            )
    answer.put_ratio(
        "fbeta",
        lambda zero: sk.fbeta_score(y_true, y_pred, beta=0.5, average="macro", zero_division=zero, **({"labels": given["labels"]} if "labels" in given else {})),
        "macro",
        beta=0.5,
    )


def classification(y_true, y_pred, pos_label=None, labels=None):
    answer = Answer()
    given = {} if pos_label is None else {"pos_label": pos_label}
    if labels is not None:
        given["labels"] = labels
    answer.put("accuracy", lambda: sk.accuracy_score(y_true, y_pred))
    answer.put("balanced_accuracy", lambda: sk.balanced_accuracy_score(y_true, y_pred))
    answer.put("zero_one_loss", lambda: sk.zero_one_loss(y_true, y_pred))
    answer.put("hamming_loss", lambda: sk.hamming_loss(y_true, y_pred))
    one_class = len(set(y_true)) == 1 or len(set(y_pred)) == 1
    answer.put("matthews_corrcoef", lambda: math.nan if one_class else sk.matthews_corrcoef(y_true, y_pred))
    answer.put("cohen_kappa", lambda: sk.cohen_kappa_score(y_true, y_pred, labels=labels))
    ratios(answer, y_true, y_pred, ["binary", "macro", "micro", "weighted"], **given)
    return answer


def multilabel(y_true, y_pred):
    answer = Answer()
    y_true, y_pred = np.array(y_true), np.array(y_pred)
    answer.put("accuracy", lambda: sk.accuracy_score(y_true, y_pred))
    answer.put("zero_one_loss", lambda: sk.zero_one_loss(y_true, y_pred))
    answer.put("hamming_loss", lambda: sk.hamming_loss(y_true, y_pred))
    ratios(answer, y_true, y_pred, ["macro", "micro", "weighted", "samples"])
    return answer


def calibration(y_true, y_score, labels, bins, positive):
    y_score = np.asarray(y_score, dtype=float)
    if y_score.min() < 0 or y_score.max() > 1:
        raise ValueError
    if y_score.ndim == 1:
        hit = np.array([label == positive for label in y_true])
        score = y_score
    else:
        if y_score.shape[1] != len(labels):
            raise ValueError
        score = y_score.max(axis=1)
        hit = np.array([labels[i] for i in y_score.argmax(axis=1)]) == np.array(y_true)
    edges = np.linspace(0.0, 1.0, bins + 1)
    ids = np.searchsorted(edges[1:-1], score)
    counts = np.bincount(ids, minlength=bins)
    if hit.any() and not hit.all():  # calibration_curve wants both classes
        frequency, confidence = calibration_curve(hit, score, n_bins=bins, strategy="uniform")
    else:
        full = counts != 0
        confidence = (np.bincount(ids, weights=score, minlength=bins) / np.maximum(counts, 1))[full]
        frequency = (np.bincount(ids, weights=hit, minlength=bins) / np.maximum(counts, 1))[full]
    return np.sum(counts[counts != 0] * np.abs(frequency - confidence)) / len(y_true)


def scores(y_true, y_score, pos_label=None, labels=None):
    """Without pos_label what scikit-learn takes by itself; with it, a single score is about y_true == pos_label."""
    answer = Answer()
    present = sorted(set(y_true))
    single = not isinstance(y_score[0], list)
    said = single and pos_label is not None
    target = [int(label == pos_label) for label in y_true] if said else y_true
    known = [0, 1] if said else labels
    if said and labels is None and pos_label not in present:
        target = None  # there is no such class
    several = len(present) > 2 or not single and len(y_score[0]) > 2

    def auc(scheme, average):
        if target is None:
            raise ValueError
        if several and not said and scheme is not None:
            return sk.roc_auc_score(target, y_score, multi_class=scheme, average=average, labels=known)
        return sk.roc_auc_score(target, y_score)

    answer.put("roc_auc", lambda: auc(None, "macro"))
    for scheme in ("ovr", "ovo"):
        answer.put(f"roc_auc_{scheme}", lambda s=scheme: auc(s, "macro"))
        answer.put(f"roc_auc_{scheme}_weighted", lambda s=scheme: auc(s, "weighted"))

    def average_precision():
        if single and not any(label == (1 if pos_label is None else pos_label) for label in y_true):
            raise ValueError
        if said:
            return sk.average_precision_score(target, y_score)
        # A label of `labels` that is not there has a column, which scikit-learn cannot take.
        return sk.average_precision_score(y_true, np.array(y_score))

    answer.put("average_precision", average_precision)
    if target is None:
        target = UNDEFINED
    answer.put("log_loss", lambda: sk.log_loss(target, y_score, labels=known))
    answer.put("brier_score", lambda: brier(target, y_score, said, known))
    for k in (1, 2, 3):
        answer.put("top_k_accuracy", lambda k=k: sk.top_k_accuracy_score(target, y_score, k=k, labels=known), k=k)
    columns = labels or present

    def ece(bins):
        if target is UNDEFINED:
            raise ValueError
        if single and not said and len(present) > 2:
            raise ValueError
        if not single and len(columns) < 2:
            raise ValueError
        positive = pos_label if said else columns[-1] if len(columns) == 2 else present[-1]
        return calibration(y_true, y_score, columns, bins, positive)

    answer.put("expected_calibration_error", lambda: ece(10), bins=10)
    answer.put("expected_calibration_error", lambda: ece(15), bins=15)
    return answer


def brier(target, y_score, said, known):
    if isinstance(y_score[0], list):
        return sk.brier_score_loss(target, y_score, labels=known)
    return sk.brier_score_loss(np.array(target), y_score, **({"pos_label": 1} if said else {}))


def regression(y_true, y_pred):
    answer = Answer()
    y_true, y_pred = np.array(y_true, dtype=float), np.array(y_pred, dtype=float)  # numpy subtracts no booleans
    for name, function in {
        "mean_absolute_error": sk.mean_absolute_error,
        "mean_squared_error": sk.mean_squared_error,
        "root_mean_squared_error": sk.root_mean_squared_error,
        "median_absolute_error": sk.median_absolute_error,
        "max_error": sk.max_error,
        "r2": sk.r2_score,
        "explained_variance": sk.explained_variance_score,
        "d2_absolute_error": sk.d2_absolute_error_score,
        "mean_absolute_percentage_error": sk.mean_absolute_percentage_error,
        "mean_squared_log_error": sk.mean_squared_log_error,
        "root_mean_squared_log_error": sk.root_mean_squared_log_error,
    }.items():
        if "log" in name and min(y_true.min(), y_pred.min()) > 1e8:
            continue  # the difference of two logarithms keeps no twelve digits
        if name in ("r2", "explained_variance") and len(y_true) > 1 and (y_true == y_true[0]).all():
            # What force_finite means; scikit-learn misses it where the mean of equal numbers is rounded.
            left = y_true - y_pred
            if not np.isfinite(np.abs(left).sum()):
                continue
            bias = np.mean(left) if name == "explained_variance" and np.ptp(left) > 0 else left[0] if name == "explained_variance" else 0
            answer.put(name, lambda rest=left - bias: float(np.sum(rest**2) == 0))
            continue
        answer.put(name, lambda f=function: f(y_true, y_pred))
    for alpha in (0.5, 0.1, 0.9):
        answer.put("mean_pinball_loss", lambda a=alpha: sk.mean_pinball_loss(y_true, y_pred, alpha=a), alpha=alpha)
    return answer


def case(task, answer, y_true, y_pred, y_score=None, **settings):
    line = {"task": task, **{k: v for k, v in settings.items() if v is not None}}
    line |= {"y_true": json.dumps(y_true), "y_pred": json.dumps(y_pred)}
    if y_score is not None:
        line["y_score"] = json.dumps(y_score)
    line["values"] = answer.values
    if answer.partly:
        line["partly"] = answer.partly
    return line


# Classes

SETS = [
    [0, 1], [0, 1], [0, 1], [-1, 1], [1, 2], [0, 1, 2], [0, 1, 2], [3, 1, 2, 10, -5], ["cat", "dog"], ["no", "yes"],
    ["a", "b", "c"], ["", "a"], ["\u00e9", "e\u0301", "\u5b57", "\U0001f600", "\uff5e"], [True, False], [0.0, 1.0], [1e3, 2e3, 5],
    [2**53, 2**53 + 1, 2**53 + 2], ["10", "9", "1"], list(range(12)), [1],
]  # fmt: skip

TRICKY = [
    ([1], [1]), ([0], [0]), ([1], [0]), ([0], [1]), ([0, 0], [0, 0]), ([1, 1], [1, 1]), ([0, 0], [1, 1]), ([1, 1], [0, 0]),
    ([0, 1], [0, 0]), ([0, 1], [1, 1]), ([0, 1], [1, 0]), ([0, 1], [0, 1]), ([0, 0, 1], [0, 0, 0]), ([0, 1, 1], [1, 1, 1]),
    ([5], [5]), ([5, 5], [5, 7]), ([0, 1, 2], [0, 0, 0]), ([0, 0, 0], [0, 1, 2]), ([0, 1, 2], [2, 0, 1]), ([0, 1], [2, 2]),
    (["a"], ["a"]), (["a"], ["b"]), (["a", "b"], ["b", "a"]), (["a", "a"], ["a", "b"]), ([True, False], [1, 0]), ([1, 0], [1.0, 0.0]),
    (list(range(200)), list(range(200))), (list(range(200)), [0] * 200), ([0] * 200, list(range(200))),
    (list(range(200)), list(range(199, -1, -1))), ([f"c{i}" for i in range(200)], [f"c{(i * 7) % 200}" for i in range(200)]),
]  # fmt: skip


def guesses(y_true, labels, right):
    return [label if random.random() < right else random.choice(labels) for label in y_true]


def random_classes():
    labels = random.choice(SETS)
    size = random.choice([1, 2, 3, 5, 8, 13, 30, 60])
    weights = [random.choice([0, 0.1, 1, 1, 5]) for _ in labels]
    if sum(weights) == 0:
        weights[0] = 1
    y_true = random.choices(labels, weights, k=size)
    others = labels if random.random() < 0.8 else random.sample(labels, max(1, len(labels) // 2))
    return labels, y_true, guesses(y_true, others, random.choice([0, 0.5, 0.8, 0.95, 1]))


def labels_for(labels):
    """Some of them, in another order, with one that is nowhere; numpy's int and float labels are one to Python."""
    labels = sorted({int(label) if isinstance(label, (bool, float)) else label for label in labels})
    if len(labels) < 2 or random.random() < 0.5:
        more = "zzz" if isinstance(labels[0], str) else 99
        labels = [*labels, more]
    return random.sample(labels, random.randint(2, len(labels)))


def class_cases():
    for y_true, y_pred in TRICKY:
        yield case("classification", classification(y_true, y_pred), y_true, y_pred)
        for pos_label in sorted({*y_true[:3], *y_pred[:3]}):
            pos_label = int(pos_label) if isinstance(pos_label, (bool, float)) else pos_label
            yield case("classification", classification(y_true, y_pred, pos_label), y_true, y_pred, pos_label=pos_label)
    for _ in range(2300):
        labels, y_true, y_pred = random_classes()
        settings = {}
        roll = random.random()
        if roll < 0.3:
            pos_label = random.choice(labels)
            if isinstance(pos_label, str) or pos_label < 2**53:
                settings["pos_label"] = int(pos_label) if isinstance(pos_label, (bool, float)) else pos_label
        elif roll < 0.5 and max([abs(x) for x in labels if not isinstance(x, str)], default=0) < 2**53:
            settings["labels"] = labels_for(labels)
        yield case("classification", classification(y_true, y_pred, **settings), y_true, y_pred, **settings)
    for _ in range(20):
        y_true = [random.randrange(200) for _ in range(400)]
        y_pred = guesses(y_true, list(range(200)), 0.7)
        yield case("classification", classification(y_true, y_pred), y_true, y_pred)


def row_cases():
    for width in (2, 3):
        for fill_true in (0, 1):
            for fill_pred in (0, 1):
                for size in (1, 2, 5):
                    y_true, y_pred = [[fill_true] * width] * size, [[fill_pred] * width] * size
                    yield case("multilabel", multilabel(y_true, y_pred), y_true, y_pred)
    for _ in range(2050):
        width = random.choice([2, 2, 3, 3, 4, 7, 20])
        size = random.choice([1, 2, 3, 5, 8, 20])
        shares = [random.choice([0, 0.1, 0.5, 0.9, 1]) for _ in range(width)]
        y_true = [[int(random.random() < share) for share in shares] for _ in range(size)]
        noise = random.choice([0, 0.1, 0.5, 1])
        y_pred = [[bit ^ int(random.random() < noise) for bit in row] for row in y_true]
        if random.random() < 0.1:
            y_pred = [[bool(bit) for bit in row] for row in y_pred]
        yield case("multilabel", multilabel(y_true, y_pred), y_true, y_pred)


# Scores

BINARY = [[0, 1]] * 5 + [[-1, 1], [1, 2], [0, 5], ["neg", "pos"], ["cat", "dog"], [True, False]]


def score_of(style, good):
    base = random.betavariate(3, 1.5) if good else random.betavariate(1.5, 3)
    return {
        "smooth": base,
        "ties": round(base, 1),
        "few": float(base > 0.5),
        "constant": 0.5,
        "edge": random.choice([0.0, 1.0, 0.5, 1e-300, 5e-324, 1 - 1e-16, base]),
        "logit": (base - 0.5) * 12,
        "huge": (base - 0.5) * 1e300,
        "bins": random.choice([i / 10 for i in range(11)]),
    }[style]


def single_scores():
    labels = random.choice(BINARY)
    size = random.choice([1, 2, 3, 5, 10, 40, 80])
    share = random.choice([0, 0.1, 0.5, 0.5, 0.9, 1])
    y_true = [labels[int(random.random() < share)] for _ in range(size)]
    style = random.choice(["smooth", "smooth", "ties", "few", "constant", "edge", "logit", "huge", "bins"])
    settings = {}
    roll = random.random()
    whole = [int(label) if isinstance(label, bool) else label for label in labels]
    if roll < 0.3:
        settings["pos_label"] = random.choice(whole)
    elif roll < 0.5:
        settings["labels"] = sorted(whole)
    elif roll < 0.6:
        settings = {"labels": sorted(whole), "pos_label": random.choice(whole)}
    return y_true, [score_of(style, label == labels[1]) for label in y_true], settings


def several_scores():
    labels = random.choice([[0, 1, 2], [0, 1, 2], ["a", "b", "c"], [10, 9, 2, 1], list(range(8))])
    size = random.choice([2, 3, 5, 10, 40])
    y_true = random.choices(labels, [random.choice([0, 1, 1, 1, 3]) + 1e-9 for _ in labels], k=size)
    settings = {"labels": sorted(labels)} if random.random() < 0.6 else {}
    columns = settings.get("labels") or sorted(set(y_true))
    if len(columns) == 1:
        columns = sorted(labels)
    if random.random() < 0.05:
        columns = sorted(labels)
    ties, free = random.random() < 0.3, random.random() < 0.1

    def row(label):
        parts = [random.random() + (1.5 if column == label else 0) for column in columns]
        if ties:
            parts = [round(part) + 1 for part in parts]
        total = 1 if free else sum(parts)
        return [part / total for part in parts]

    return y_true, [row(label) for label in y_true], settings


def score_cases():
    fixed = [
        ([0, 1], [0.1, 0.9]), ([0, 1], [0.9, 0.1]), ([0, 1], [0.5, 0.5]), ([1, 1], [0.2, 0.8]), ([0, 0], [0.2, 0.8]), ([1], [1.0]),
        ([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), ([0, 1, 1, 0], [0.5, 0.5, 0.5, 0.5]), ([0, 1], [0.0, 1.0]), ([0, 1], [1.0, 0.0]),
        ([0, 1, 0], [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]), (["a", "b"], [[0.9, 0.1], [0.2, 0.8]]), ([0, 1], [1.5, -0.5]), ([0, 1, 2], [0.1, 0.5, 0.9]),
    ]  # fmt: skip
    for y_true, y_score in fixed:
        yield case("classification", scores(y_true, y_score), y_true, y_true, y_score)
    for _ in range(1500):
        y_true, y_score, settings = single_scores()
        yield case("classification", scores(y_true, y_score, **settings), y_true, y_true, y_score, **settings)
    for _ in range(800):
        y_true, y_score, settings = several_scores()
        yield case("classification", scores(y_true, y_score, **settings), y_true, y_true, y_score, **settings)


# Numbers

def number(style):
    return {
        "normal": random.gauss(0, 1),
        "whole": random.randint(-5, 5),
        "positive": random.expovariate(1),
        "skewed": math.exp(random.gauss(0, 3)),
        "tiny": random.gauss(0, 1) * 1e-200,
        "huge": random.gauss(0, 1) * 1e150,
        "shifted": 1e9 + random.gauss(0, 1),
        "zeros": random.choice([0, 0, 0.0, -0.0, 1.5]),
        "boolean": random.random() < 0.5,
        "edge": random.choice([-1, -0.999999, 5e-324, 1e308, 0, 1e-16]),
        "digits": round(random.uniform(-100, 100), random.randint(0, 17)),
    }[style]


def number_cases():
    fixed = [
        ([1], [1]), ([1], [2]), ([1, 1], [1, 1]), ([1, 1], [1, 2]), ([1, 2], [1, 2]), ([1, 2], [2, 1]), ([0, 0, 0], [0, 0, 0]), ([0], [0]),
        ([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]), ([1, 2, 3], [2, 2, 2]), ([-1, 2], [1, 2]), ([1, 2], [-1, 2]), ([-2, 2], [1, 2]), ([0, 1], [1, 0]),
        ([1e308, -1e308], [-1e308, 1e308]), ([1e-320, 2e-320], [2e-320, 1e-320]), ([True, False], [1, 0.5]), ([5, 5, 5], [4, 5, 6]),
    ]  # fmt: skip
    for y_true, y_pred in fixed:
        yield case("regression", regression(y_true, y_pred), y_true, y_pred)
    styles = ["normal", "whole", "positive", "skewed", "tiny", "huge", "shifted", "zeros", "boolean", "edge", "digits"]
    for _ in range(2500):
        size = random.choice([1, 2, 3, 4, 7, 20, 60])
        style = random.choice(styles)
        y_true = [number(style) for _ in range(size)]
        noise = random.choice([0, 0.1, 1])
        y_pred = [value * (1 + noise * random.gauss(0, 1)) for value in y_true] if random.random() < 0.6 else [number(style) for _ in range(size)]
        if random.random() < 0.1:
            y_true = [y_true[0]] * size
        if any(not math.isfinite(value) for value in y_pred):
            continue
        yield case("regression", regression(y_true, y_pred), y_true, y_pred)


random.seed(20260101)
lines = [*class_cases(), *row_cases(), *score_cases(), *number_cases()]
with gzip.GzipFile(Path(__file__).with_name("metricCorpus.jsonl.gz"), "wb", mtime=0) as corpus:
    for line in [KEYS, *lines]:
        corpus.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
