"""Milliseconds that scikit-learn takes for classification_report and confusion_matrix from two files of JSON, best of five."""

import json
import sys
import warnings
from pathlib import Path
from time import perf_counter

from sklearn.metrics import classification_report, confusion_matrix

warnings.simplefilter("ignore")
texts = [Path(sys.argv[1], name).read_text() for name in ("y_true", "y_pred")]


def score():
    start = perf_counter()
    y_true, y_pred = map(json.loads, texts)
    classification_report(y_true, y_pred)
    confusion_matrix(y_true, y_pred)
    return (perf_counter() - start) * 1000


print(min(score() for _ in range(5)))
