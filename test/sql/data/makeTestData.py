"""Trains real classifiers on the data sets inside scikit-learn and writes what they predict to
sql/test_data.sql, and to expected.json the accuracy scikit-learn gives each row.

Needs Python 3.12 and `pip install scikit-learn==1.9.1 numpy==2.5.5`.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

HERE = Path(__file__).parent
SQL = HERE.parent.parent / "sql" / "test_data.sql"
FIRST = datetime(2026, 1, 5, 6, tzinfo=UTC)
WEEK = timedelta(days=7)


def named(data):
    return data.data, data.target_names[data.target]


def digit_properties():
    """Labels of several bits: is the digit odd, is it above four, has it a closed loop."""
    digits, target = load_digits(return_X_y=True)
    return digits, np.column_stack([target % 2, target > 4, np.isin(target, [0, 6, 8, 9])]).astype(int)


def model(name, features_and_labels, classifier, batches, model_id=None):
    """One row a week: the held-out half of the data, in as many batches."""
    features, labels = features_and_labels
    x_train, x_test, y_train, y_test = train_test_split(features, labels, test_size=0.5, random_state=0)
    y_pred = classifier.fit(x_train, y_train).predict(x_test)
    rows = [
        (FIRST + week * WEEK, truth.tolist(), guess.tolist())
        for week, (truth, guess) in enumerate(
            zip(np.array_split(y_test, batches), np.array_split(y_pred, batches), strict=True)
        )
    ]
    newest = accuracy_score(*rows[-1][1:])
    assert 0.8 < newest < 1, f"{name}: {newest}"
    return name, model_id or str(uuid5(NAMESPACE_DNS, name)), rows


MODELS = [
    model(
        "digits, logistic regression",
        load_digits(return_X_y=True),
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
        batches=8,
        model_id="550e8400-e29b-41d4-a716-446655440000",
    ),
    model("breast cancer, decision tree", named(load_breast_cancer()), DecisionTreeClassifier(random_state=0), batches=6),
    model("wine, nearest neighbours", load_wine(return_X_y=True), make_pipeline(StandardScaler(), KNeighborsClassifier(1)), batches=3),
    model("iris, naive Bayes", named(load_iris()), GaussianNB(), batches=3),
    model("properties of digits, nearest neighbours", digit_properties(), KNeighborsClassifier(5), batches=4),
]


def row_of_sql(model_id, timestamp, y_true, y_pred):
    return f"  ('{model_id}'::uuid, '{timestamp}'::timestamptz,\n   '{json.dumps(y_true)}'::json,\n   '{json.dumps(y_pred)}'::json)"


values, expected = [], []
for name, model_id, rows in MODELS:
    for at, y_true, y_pred in rows:
        timestamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        comment = f"  -- {name}\n" if at == FIRST else ""
        values.append(comment + row_of_sql(model_id, timestamp, y_true, y_pred))
        expected.append(
            {
                "model_id": model_id,
                "timestamp": timestamp,
                "accuracy": accuracy_score(y_true, y_pred),
                "n_samples": len(y_true),
            }
        )

SQL.write_text(
    f"""\
-- Test data: true and predicted labels of {len(MODELS)} models, one sample row a week. Loading it again adds nothing.
-- Source: the public data sets inside scikit-learn 1.9 (digits, breast cancer, wine, iris), each model trained on
-- one half of its data and predicting the other. Made by test/sql/data/makeTestData.py; do not edit.

INSERT INTO results (model_id, "timestamp", y_true, y_pred)
SELECT model_id, "timestamp", y_true, y_pred
FROM (VALUES
"""
    + ",\n".join(values)
    + """
) AS sample (model_id, "timestamp", y_true, y_pred)
WHERE NOT EXISTS (
  SELECT FROM results
  WHERE results.model_id = sample.model_id AND results."timestamp" = sample."timestamp"
)
ORDER BY "timestamp";
"""
)
(HERE / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")
