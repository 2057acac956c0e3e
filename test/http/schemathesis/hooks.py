"""What the document's own string formats look like: Schemathesis makes no strings of a format that it does not know."""

import itertools
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote

import schemathesis
from hypothesis import strategies as st

NAMED_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
NAMED_DAYS = "SUN MON TUE WED THU FRI SAT".split()


def field(low, high, names=()):
    number = st.integers(low, high)
    ranges = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    steps = st.integers(1, high)
    item = st.one_of(
        number.map(str),
        ranges,
        st.tuples(ranges, steps).map(lambda pair: f"{pair[0]}/{pair[1]}"),
        *([st.sampled_from(names)] if names else []),
    )
    return st.one_of(
        st.just("*"),
        steps.map(lambda step: f"*/{step}"),
        st.lists(item, min_size=1, max_size=4).map(",".join),
    )


def cron_expressions():
    # Days up to the 28th: an expression that names no date at all is refused.
    fields = (field(0, 59), field(0, 23), field(1, 28), field(1, 12, NAMED_MONTHS), field(0, 6, NAMED_DAYS))
    return st.tuples(*fields).map(" ".join)


schemathesis.openapi.format("cron-expression", cron_expressions())
schemathesis.openapi.format(
    "iana-timezone",
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Etc/GMT-14"]),
)

schemathesis.openapi.format("cursor", st.just("WyIyMDI2LTAzLTAxIDExOjU4OjMwKzAwIiwiMSJd"))

# Which metrics fit together is more than the document says: valid settings get some that do.
METRICS = itertools.cycle(
    [
        {"task": "classification", "metrics": ["f1_macro", {"name": "fbeta_macro", "beta": 2}], "labels": ["a", "b"]},
        {"task": "classification", "metrics": ["f1", "roc_auc"], "pos_label": "spam"},
        {"task": "multilabel", "metrics": ["f1_samples", "hamming_loss"]},
        {"task": "regression", "metrics": ["r2", {"name": "mean_pinball_loss", "alpha": 0.9}]},
    ]
)


# Of the past: sample rows of the future are refused.
TIMESTAMP = "2026-03-01T12:00:00Z"


# Schemathesis makes no CSV, and no NDJSON: test/functions/windows.test.ts does.
@schemathesis.hook
def before_load_schema(context, raw_schema):
    raw_schema["paths"].pop("/labels/{model_id}", None)
    for media_type in ("text/csv", "application/x-ndjson"):
        raw_schema["paths"]["/predictions/{model_id}"]["post"]["requestBody"]["content"].pop(media_type, None)


MAINTENANCE = {"starts_at": "2026-03-01T22:00:00Z", "ends_at": "2026-03-02T02:00:00Z"}

# serverless-offline takes an encoded "?" or "#" for the end of the path: another path is asked for then.
@schemathesis.hook
def filter_path_parameters(context, path_parameters):
    return not path_parameters or not any(set("?#") & set(unquote(str(value))) for value in path_parameters.values())


# What a duration is, and that only windows have segments, is more than the document says.
WINDOW = {"data": {"window": "P1D", "delay": "PT6H"}, "segments": ["country"]}


# Which fields a rule may have together, and which metrics the schedule has, is more than the document says.
BUILT_IN = ("missed", "invalid_data", "stale_data")


def fix_rule(case):
    if "until" in case.body:
        case.path_parameters["rule"] = "missed"
    elif "model_id" in case.path_parameters or case.path_parameters["rule"] in BUILT_IN:
        # The other two are about no runs that could be tried.
        if case.path_parameters["rule"] not in BUILT_IN or case.operation.path.endswith("/try"):
            case.path_parameters["rule"] = "invalid_data"
        case.body = {"severity": "critical", "enabled": True}
    else:
        case.body = {"metric": "accuracy", "below": 0.8, "severity": case.body.get("severity", "warning")}


def fit(settings):
    """Changes settings of a schedule so that they fit together."""
    if {"task", "metrics", "pos_label", "labels"} & settings.keys():
        settings.update({"pos_label": None, "labels": None, **next(METRICS)})
    if {"data", "segments"} & settings.keys():
        settings.update(WINDOW)
    if "revise_for" in settings:
        settings["revise_for"] = "P7D"
    settings.pop("name", None)  # no two models may have the same


@schemathesis.hook
def before_call(context, case, kwargs):
    if not case.meta or not case.meta.generation.mode.is_positive:
        return
    if case.operation.path.endswith(("/run", "/alerts/test")):
        # They have no body, so the document cannot ask for the header.
        case.headers["Content-Type"] = "application/json"
    if case.operation.path == "/predictions/{model_id}" and case.method == "DELETE":
        case.query["id"] = "1"  # or from and to
    if not isinstance(case.body, dict):
        return
    if case.operation.path.endswith("/backfill"):
        now = datetime.now(timezone.utc)
        case.body.update({"from": (now - timedelta(hours=3)).isoformat(), "to": now.isoformat()})
    if case.operation.path == "/maintenance":
        case.body.update({**MAINTENANCE, "model_id": None})
    if case.operation.path.startswith("/alert"):
        fix_rule(case)
    if case.body.get("timestamp"):
        case.body["timestamp"] = TIMESTAMP
    if case.operation.path == "/schedules":
        # Each model once, and nothing that others need is deleted.
        case.body.pop("tag", None)
        models = {str(settings["model_id"]).lower(): settings for settings in case.body["schedules"]}
        case.body["schedules"] = list(models.values())
        for settings in models.values():
            fit(settings)
    elif case.operation.path.startswith("/schedule"):
        fit(case.body)
