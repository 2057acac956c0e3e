"""Trains real classifiers on the data sets inside scikit-learn and writes what they predict to
sql/test_data.sql, and to expected.json what scikit-learn says of them.

Needs Python 3.12 and `pip install scikit-learn==1.9.1 numpy==2.5.5`.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

HERE = Path(__file__).parent
SQL = HERE.parents[2] / "sql" / "test_data.sql"
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


def predictions_by_id():
    """A cell's size, the diagnosis predicted and its score, and the true one, of the held-out half."""
    data = load_breast_cancer()
    x_train, x_test, y_train, y_test = train_test_split(data.data, data.target, test_size=0.5, random_state=0)
    classifier = make_pipeline(StandardScaler(), LogisticRegression()).fit(x_train, y_train)
    malignant = classifier.predict_proba(x_test)[:, 0].round(4)
    sizes = np.where(x_test[:, 0] > np.median(data.data[:, 0]), "large", "small")
    names = np.array(["malignant", "benign"])
    return list(zip(sizes, names[(malignant < 0.5).astype(int)], malignant.tolist(), names[y_test], strict=True))


def values_of_predictions(rows):
    return ",\n".join(
        f"  ({n}, '{size}', '{pred}', {score}, '{true}')" for n, (size, pred, score, true) in enumerate(rows)
    )


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

PREDICTIONS_NAME = "breast cancer, logistic regression, by id"
PREDICTIONS_ID = str(uuid5(NAMESPACE_DNS, PREDICTIONS_NAME))
predictions = predictions_by_id()
_, y_pred, y_score, y_true = zip(*predictions, strict=True)
is_malignant = [label == "malignant" for label in y_true]
expected_predictions = {
    "model_id": PREDICTIONS_ID,
    "n_samples": len(predictions),
    "accuracy": accuracy_score(y_true, y_pred),
    "f1": f1_score(y_true, y_pred, pos_label="malignant"),
    "roc_auc": roc_auc_score(is_malignant, y_score),
}

SQL.write_text(
    f"""\
-- Test data: true and predicted labels of {len(MODELS)} models, one sample row a week, and a model whose predictions come one by
-- one, under ids. Loading it again adds nothing.
-- Source: the public data sets inside scikit-learn 1.9 (digits, breast cancer, wine, iris), each model trained on
-- one half of its data and predicting the other. Made by test/sql/data/makeTestData.py; do not edit.

INSERT INTO results (model_id, "timestamp", y_true, y_pred)
SELECT model_id, "timestamp", y_true, y_pred
FROM (VALUES
"""
    + ",\n".join(values)
    + f"""
) AS sample (model_id, "timestamp", y_true, y_pred)
WHERE NOT EXISTS (
  SELECT FROM results
  WHERE results.model_id = sample.model_id AND results."timestamp" = sample."timestamp"
)
ORDER BY "timestamp";

-- {PREDICTIONS_NAME}: the first came in a week before this was loaded, the last now. The labels
-- take six hours, so that the newest have none yet.
INSERT INTO predictions (model_id, id, "timestamp", y_pred, y_score, y_true, label_timestamp, segments)
SELECT model_id, 'cell-' || n, made_at, to_json(y_pred), to_json(y_score),
  CASE WHEN known_at <= now() THEN to_json(y_true) END, CASE WHEN known_at <= now() THEN known_at END,
  jsonb_build_object('size', size)
FROM (VALUES
"""
    + values_of_predictions(predictions)
    + f"""
) AS prediction (n, size, y_pred, y_score, y_true)
CROSS JOIN LATERAL (VALUES ('{PREDICTIONS_ID}'::uuid, now() - ({len(predictions) - 1} - n) * interval '36 minutes'))
  AS made (model_id, made_at)
CROSS JOIN LATERAL (VALUES (made_at + interval '6 hours')) AS known (known_at)
WHERE NOT EXISTS (SELECT FROM predictions WHERE model_id = '{PREDICTIONS_ID}');
"""
)
(HERE / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")
(HERE / "expectedPredictions.json").write_text(json.dumps(expected_predictions, indent=2) + "\n")
