-- Up Migration

-- A run is judged by all rules of its model at once: before, each rule had a dozen statements of its own, 0.2 ms of CPU.

-- Whoever records a run holds both: nobody is inside a function that goes.
SELECT lock_for_migration('model_states, runs, alert_rules');
DROP FUNCTION evaluate_rule, move_alert, judge_runs;

-- A rule written by hand that cannot be computed with is refused here: else it would keep runs from being recorded.
ALTER TABLE alert_rules ADD CONSTRAINT alert_rules_rule_check CHECK (
  jsonb_typeof(coalesce(rule -> 'by', rule -> 'below', rule -> 'above', '0')) = 'number'
  AND NOT jsonb_path_exists(rule, '$.for.* ? (@.type() != "number")')
  AND NOT jsonb_path_exists(rule, '$.keyvalue() ? (
    (@.key == "clear" || @.key == "min_samples" || @.key == "last") && @.value.type() != "number"
    || (@.key == "sure" || @.key == "enabled") && @.value.type() != "boolean")')
) NOT VALID;

-- What a run found of what a rule is about: the value and its interval, how many samples that is of, and what it is compared
-- with: null for a mean, which the run alone does not know. As numeric, so that nothing computed from them overflows.
-- This function and the next are expanded where they are called. Without OFFSET 0 each use of a result would compute it anew.
CREATE FUNCTION found_in(
  of_model uuid, status text, accuracy double precision, all_samples integer, details jsonb, rule jsonb)
RETURNS TABLE (value numeric, span jsonb, n_samples integer, base numeric, invalid boolean) LANGUAGE sql STABLE AS $$
  SELECT
    coalesce((part -> 'metrics' ->> (rule ->> 'metric'))::numeric,
      CASE WHEN part -> 'metrics' IS NULL AND rule ->> 'metric' = 'accuracy' AND NOT rule ? 'segment'
        THEN found_in.accuracy::numeric END), -- of a run from before there were other metrics
    part -> 'intervals' -> (rule ->> 'metric'),
    CASE WHEN rule ? 'segment' THEN (part ->> 'n_samples')::integer ELSE all_samples END,
    CASE
      WHEN NOT rule ? 'by' THEN 0
      WHEN rule ? 'last' THEN NULL
      WHEN 'baseline' IN (rule ->> 'below', rule ->> 'above') THEN (part -> 'baseline' ->> (rule ->> 'metric'))::numeric
      ELSE (SELECT (schedule.reference -> 'metrics' ->> (rule ->> 'metric'))::numeric
        FROM metrics_executions AS schedule WHERE schedule.model_id = of_model)
    END,
    status = 'invalid_data'
  FROM (
    SELECT CASE
      WHEN rule ? 'segment' THEN jsonb_path_query_first(details,
        '$.segments[*] ? (@.segment == $key && @.value == $value)',
        jsonb_path_query_first(rule -> 'segment', '$.keyvalue()'))
      WHEN status = 'ok' THEN details || '{}' -- decompressed, once for all
    END AS part
    OFFSET 0
  ) AS of_run
  OFFSET 0
$$;

-- Whether that is beyond the rule's threshold, and whether it is not yet back beyond `clear`; no row if the run does not
-- count. The rule of invalid data has no metric. The one place that knows what a rule means.
CREATE FUNCTION judge(rule jsonb, value numeric, span jsonb, n_samples integer, base numeric, invalid boolean)
RETURNS TABLE (threshold numeric, beyond boolean, holds boolean) LANGUAGE sql IMMUTABLE AS $$
  SELECT base + way * bound,
    CASE WHEN NOT has_data THEN bad_without
      ELSE coalesce(CASE WHEN below THEN edge < base + way * bound ELSE edge > base + way * bound END, false) END,
    CASE WHEN NOT has_data THEN bad_without
      WHEN below THEN value < base + way * clear ELSE value > base + way * clear END
  FROM (
    SELECT rule ? 'below' AS below,
      CASE WHEN rule ? 'below' AND rule ? 'by' THEN -1 ELSE 1 END AS way,
      coalesce(rule -> 'by', rule -> 'below', rule -> 'above')::numeric AS bound,
      coalesce(rule -> 'clear', rule -> 'by', rule -> 'below', rule -> 'above')::numeric AS clear,
      CASE WHEN (rule -> 'sure')::boolean THEN (span ->> CASE WHEN rule ? 'below' THEN 1 ELSE 0 END)::numeric
        ELSE value END AS edge,
      value IS NOT NULL AND base IS NOT NULL
        AND coalesce(n_samples, 0) >= coalesce((rule -> 'min_samples')::integer, 0) AS has_data,
      CASE WHEN rule ? 'metric' THEN rule ->> 'no_data' = 'firing' ELSE invalid END AS bad_without
    OFFSET 0
  ) AS terms
  WHERE has_data OR NOT rule ? 'metric' OR rule ->> 'no_data' <> 'keep'
  OFFSET 0
$$;

-- How many runs a rule has to be given for one judgement. Runs that do not count may lie between those that do.
CREATE FUNCTION runs_needed(rule jsonb) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce((rule -> 'last')::integer, 0)
    + CASE WHEN (rule -> 'for' -> 'of')::integer > 1 THEN (rule -> 'for' -> 'of')::integer + 20 ELSE 1 END
$$;

-- What a rule says of the last runs of a model, newest first: those that count, each with how many of the last `for.of` were
-- beyond the threshold, and how many not yet back beyond `clear`. Whoever takes the first row has no more runs read than
-- that one needs.
CREATE FUNCTION judge_runs(of_model uuid, rule jsonb, since timestamptz, until timestamptz, max_runs integer)
RETURNS TABLE (scheduled_time timestamptz, value numeric, span jsonb, n_samples integer, threshold numeric, broken bigint,
  held bigint)
LANGUAGE sql STABLE AS $$
  SELECT found.scheduled_time, found.value, found.span, found.n_samples, judged.threshold,
    count(*) FILTER (WHERE judged.beyond) OVER recent, count(*) FILTER (WHERE judged.holds) OVER recent
  FROM (
    SELECT run.scheduled_time, found.value, found.span, found.n_samples, found.invalid,
      CASE WHEN rule ? 'last' THEN
          CASE WHEN count(found.value) OVER before * 2 >= (rule -> 'last')::integer THEN avg(found.value) OVER before END
        ELSE found.base END AS base
    FROM (
      SELECT * FROM runs
      WHERE runs.model_id = of_model AND runs.scheduled_time BETWEEN since AND until
        AND runs.status <> 'missed' AND runs.trigger <> 'backfill'
      ORDER BY runs.scheduled_time DESC LIMIT max_runs
    ) AS run
    CROSS JOIN LATERAL found_in(run.model_id, run.status, run.accuracy, run.n_samples, run.details, rule) AS found
    WINDOW before AS (ORDER BY run.scheduled_time DESC
      ROWS BETWEEN 1 FOLLOWING AND coalesce((rule -> 'last')::integer, 0) FOLLOWING)
  ) AS found
  CROSS JOIN LATERAL judge(rule, found.value, found.span, found.n_samples, found.base, found.invalid) AS judged
  WINDOW recent AS (ORDER BY found.scheduled_time DESC
    ROWS BETWEEN CURRENT ROW AND coalesce((rule -> 'for' -> 'of')::integer, 1) - 1 FOLLOWING)
  ORDER BY found.scheduled_time DESC
$$;

-- What a rule says of a run, or, with `facts`, of the state of a model.
CREATE TYPE judgement AS (name text, rule jsonb, broken bigint, held bigint, facts jsonb,
  value numeric, span jsonb, n_samples integer, threshold numeric, error text);

-- Moves the alerts of a model on, and writes the notification of each that begins or ceases to fire. No run that is older
-- than one that was looked at before moves one.
CREATE FUNCTION move_alerts(of_model uuid, at timestamptz, judged judgement[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  it record;
BEGIN
  INSERT INTO alerts (model_id, rule, severity, since)
  SELECT of_model, name, rule ->> 'severity', at FROM unnest(judged)
  WHERE broken > 0 AND NOT EXISTS (SELECT FROM alerts WHERE model_id = of_model AND alerts.rule = name)
  ON CONFLICT DO NOTHING; -- somebody may snooze it at this moment
  FOR it IN
    UPDATE alerts SET state = next.state, severity = next.rule ->> 'severity', evaluated = at,
      since = CASE WHEN next.state = alerts.state THEN alerts.since ELSE at END,
      transition = alerts.transition + next.moved::integer,
      facts = next.facts || jsonb_build_object('rule', next.rule, 'fired_at',
        CASE WHEN next.moved AND next.state = 'firing' THEN to_jsonb(at) ELSE alerts.facts -> 'fired_at' END)
    FROM (
      SELECT now.*, (now.state = 'firing') <> ((now.alert).state = 'firing') AS moved
      FROM (
        SELECT alerts AS alert, by.rule, next_alert_state(alerts.state, by.rule, by.broken, by.held) AS state,
          jsonb_strip_nulls(coalesce(by.facts, jsonb_build_object('value', by.value, 'low', by.span -> 0,
            'high', by.span -> 1, 'threshold', by.threshold, 'n_samples', by.n_samples, 'error', by.error,
            'broken', by.broken))) AS facts
        FROM alerts JOIN unnest(judged) AS by ON by.name = alerts.rule
        WHERE alerts.model_id = of_model AND (alerts.evaluated <= at OR by.name IN ('missed', 'stale_data'))
        ORDER BY alerts.rule FOR UPDATE OF alerts
      ) AS now
    ) AS next
    WHERE alerts.id = (next.alert).id
    RETURNING next.alert, next.moved, alerts.state, alerts.severity, alerts.facts
  LOOP
    IF it.moved THEN
      PERFORM write_notification(it.alert, CASE it.state WHEN 'firing' THEN 'firing' ELSE 'resolved' END, it.severity,
        it.facts);
    END IF;
  END LOOP;
END
$$;

-- Ends the alerts about what a run no longer computes, of those that have not been judged by it.
CREATE FUNCTION end_uncomputed(of_model uuid, details jsonb, judged judgement[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM end_alert(alerts) FROM rules_of(of_model) AS by
  JOIN alerts ON alerts.model_id = of_model AND alerts.rule = by.name AND alerts.state <> 'ok'
  WHERE NOT details -> 'metrics' ? (by.rule ->> 'metric') AND by.name NOT IN (SELECT name FROM unnest(judged));
END
$$;

-- Looks at the newest run of a model by each of its rules: at once by all that need no other run, then by the others. One
-- that is not broken, and whose alert is not open, changes nothing. `run` is a row of runs.
CREATE FUNCTION evaluate_newest(run record) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan -- to plan for each model anew takes longer than to judge its run
AS $$
DECLARE
  judged judgement[];
  some_open boolean;
  names text[]; -- these three of the rules that look back
  rules jsonb[];
  open boolean[];
BEGIN
  run.details := run.details || '{}'; -- decompressed, once for all rules
  SELECT array_agg(ROW(by.name, by.rule, judged.beyond::integer, judged.holds::integer, NULL,
      found.value, found.span, found.n_samples, judged.threshold, run.error)::judgement)
      FILTER (WHERE judged.beyond OR NOT judged.beyond AND by.open),
    bool_or(by.open), array_agg(by.name) FILTER (WHERE by.looks_back), array_agg(by.rule) FILTER (WHERE by.looks_back),
    array_agg(by.open) FILTER (WHERE by.looks_back)
  INTO judged, some_open, names, rules, open
  FROM (
    SELECT name, rule, runs_needed(rule) > 1 AS looks_back, name = ANY (ARRAY(
      SELECT alerts.rule FROM alerts WHERE alerts.model_id = run.model_id AND alerts.state <> 'ok')) AS open
    FROM rules_of(run.model_id)
    WHERE name NOT IN ('missed', 'stale_data') AND (rule -> 'enabled')::boolean IS NOT FALSE
    OFFSET 0
  ) AS by
  LEFT JOIN (LATERAL found_in(run.model_id, run.status, run.accuracy, run.n_samples, run.details, by.rule) AS found
    CROSS JOIN LATERAL judge(by.rule, found.value, found.span, found.n_samples, found.base, found.invalid) AS judged)
    ON NOT by.looks_back;
  IF names IS NOT NULL THEN
    judged := judged || ARRAY(
      SELECT ROW(by.name, by.rule, newest.broken, newest.held, NULL,
        newest.value, newest.span, newest.n_samples, newest.threshold, run.error)::judgement
      FROM unnest(names, rules, open) AS by (name, rule, open)
      CROSS JOIN LATERAL (
        SELECT * FROM judge_runs(run.model_id, by.rule, '-infinity', run.scheduled_time, runs_needed(by.rule)) LIMIT 1
      ) AS newest
      WHERE newest.scheduled_time = run.scheduled_time AND (newest.broken > 0 OR by.open));
  END IF;
  IF cardinality(judged) > 0 THEN PERFORM move_alerts(run.model_id, run.scheduled_time, judged); END IF;
  IF some_open AND run.status = 'ok' THEN PERFORM end_uncomputed(run.model_id, run.details, judged); END IF;
END
$$;

CREATE OR REPLACE FUNCTION evaluate_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A model without rules or open alerts of its own costs these two looks.
  PERFORM FROM alert_rules WHERE model_id = NEW.model_id;
  IF NOT FOUND AND NEW.status <> 'invalid_data' THEN
    PERFORM FROM metrics_executions AS schedule WHERE schedule.model_id = NEW.model_id AND (
      EXISTS (SELECT FROM alert_rules AS tagged WHERE tagged.tag = ANY (schedule.tags))
      OR EXISTS (SELECT FROM alerts WHERE alerts.model_id = NEW.model_id AND rule = 'invalid_data' AND state <> 'ok'));
    IF NOT FOUND THEN RETURN NULL; END IF;
  END IF;
  PERFORM FROM model_states AS state -- a late run moves nothing
  WHERE state.model_id = NEW.model_id AND (state.newest_run <= NEW.scheduled_time) IS NOT FALSE;
  IF FOUND THEN PERFORM evaluate_newest(NEW); END IF;
  RETURN NULL;
END
$$;

-- Missed due times and old data: what the state says is the alert's condition.
CREATE OR REPLACE FUNCTION evaluate_model_state(state model_states) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM move_alerts(state.model_id, clock_timestamp(), ARRAY(
    SELECT ROW(rules.name, rules.rule, bad::integer, bad::integer,
      CASE rules.name WHEN 'missed' THEN jsonb_build_object('missed_at', state.missed_at)
        ELSE jsonb_build_object('data_timestamp', state.data_timestamp,
          'max_data_age_minutes', state.max_data_age_minutes) END, NULL, NULL, NULL, NULL, NULL)::judgement
    FROM rules_of(state.model_id) AS rules
    CROSS JOIN LATERAL (SELECT coalesce((rules.rule ->> 'enabled')::boolean, true) AND state.enabled AND CASE rules.name
      WHEN 'missed' THEN state.missed_at IS NOT NULL
      ELSE coalesce(state.stale_at <= now(), false) END) AS condition (bad)
    WHERE rules.name IN ('missed', 'stale_data')));
END
$$;

-- Looks at a model anew, whose rules have changed.
CREATE OR REPLACE FUNCTION evaluate_model(of_model uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  state model_states;
  newest record;
BEGIN
  SELECT * INTO state FROM model_states WHERE model_id = of_model FOR UPDATE; -- before a run, or after it
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM end_alerts(of_model);
  PERFORM evaluate_model_state(state);
  SELECT * INTO newest FROM runs
  WHERE model_id = of_model AND status <> 'missed' AND trigger <> 'backfill' ORDER BY scheduled_time DESC LIMIT 1;
  IF FOUND THEN PERFORM evaluate_newest(newest); END IF;
END
$$;

-- How a rule would have gone over the runs that there are: when it would have begun and ceased to fire.
CREATE OR REPLACE FUNCTION try_rule(of_model uuid, rule_name text, rule jsonb, since timestamptz)
RETURNS TABLE (fired_at timestamptz, ended_at timestamptz) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  run record;
  state text := 'ok';
  before text;
BEGIN
  FOR run IN SELECT * FROM judge_runs(of_model, rule, since, 'infinity', 100000) ORDER BY scheduled_time LOOP
    before := state;
    state := next_alert_state(state, rule, run.broken, run.held);
    IF state = 'firing' AND before <> 'firing' THEN
      fired_at := run.scheduled_time;
    ELSIF state <> 'firing' AND before = 'firing' THEN
      ended_at := run.scheduled_time;
      RETURN NEXT;
    END IF;
  END LOOP;
  IF state = 'firing' THEN
    ended_at := NULL;
    RETURN NEXT;
  END IF;
END
$$;

-- Down Migration

SELECT lock_for_migration('model_states, runs, alert_rules');
DROP FUNCTION evaluate_newest, end_uncomputed, move_alerts, judge_runs, runs_needed, judge, found_in;
DROP TYPE judgement;
ALTER TABLE alert_rules DROP CONSTRAINT alert_rules_rule_check;

-- What a rule says of the last runs of a model, oldest first: those that count, each with how many of the last
-- `for.of` were beyond the threshold, and how many not yet back beyond `clear`. The one place that knows what a rule means.
CREATE FUNCTION judge_runs(of_model uuid, rule_name text, rule jsonb, since timestamptz, until timestamptz, max_runs integer)
RETURNS TABLE (scheduled_time timestamptz, value double precision, low double precision, high double precision,
  threshold double precision, n_samples integer, error text, beyond boolean, broken bigint, held bigint)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  metric text := rule ->> 'metric';
  below boolean := rule ? 'below';
  against jsonb := coalesce(rule -> 'below', rule -> 'above');
  relative boolean := jsonb_typeof(against) = 'string';
  bound double precision := CASE WHEN relative THEN (rule ->> 'by')::double precision
    ELSE (against #>> '{}')::double precision END;
  clear double precision := coalesce((rule ->> 'clear')::double precision, bound);
  sign integer := CASE WHEN relative AND below THEN -1 ELSE 1 END;
  last_runs integer := coalesce((rule ->> 'last')::integer, 1);
  sure boolean := coalesce((rule ->> 'sure')::boolean, false);
  min_samples integer := coalesce((rule ->> 'min_samples')::integer, 0);
  no_data text := coalesce(rule ->> 'no_data', 'keep');
  window_runs integer := coalesce((rule #>> '{for,of}')::integer, 1);
  segment text := (SELECT key FROM jsonb_each(rule -> 'segment') LIMIT 1);
  segment_value text := rule -> 'segment' ->> segment;
  reference double precision;
BEGIN
  IF rule_name = 'invalid_data' THEN
    RETURN QUERY
    SELECT run.scheduled_time, NULL::double precision, NULL::double precision, NULL::double precision,
      NULL::double precision, run.n_samples, run.error, run.status = 'invalid_data',
      count(*) FILTER (WHERE run.status = 'invalid_data') OVER recent,
      count(*) FILTER (WHERE run.status = 'invalid_data') OVER recent
    FROM (
      SELECT * FROM runs
      WHERE runs.model_id = of_model AND runs.scheduled_time BETWEEN since AND until AND status <> 'missed'
        AND trigger <> 'backfill'
      ORDER BY runs.scheduled_time DESC LIMIT max_runs
    ) AS run
    WINDOW recent AS (ORDER BY run.scheduled_time ROWS window_runs - 1 PRECEDING)
    ORDER BY 1;
    RETURN;
  END IF;
  IF against = '"reference"' THEN
    reference := (SELECT (schedule.reference -> 'metrics' ->> metric)::double precision
      FROM metrics_executions AS schedule WHERE schedule.model_id = of_model);
  END IF;
  RETURN QUERY
  WITH seen AS (
    SELECT run.scheduled_time, run.n_samples, run.details -> 'baseline' ->> metric AS baseline,
      run.details -> 'intervals' -> metric AS span,
      CASE WHEN run.status = 'ok' THEN coalesce((run.details -> 'metrics' ->> metric)::double precision,
        CASE WHEN metric = 'accuracy' AND run.details -> 'metrics' IS NULL THEN run.accuracy END) END AS value
    FROM runs AS run
    WHERE segment IS NULL AND run.model_id = of_model AND run.scheduled_time BETWEEN since AND until
      AND status <> 'missed' AND trigger <> 'backfill'
    ORDER BY run.scheduled_time DESC LIMIT max_runs
  ), seen_segment AS (
    SELECT run.scheduled_time, (part ->> 'n_samples')::integer, NULL::text, part -> 'intervals' -> metric,
      (part -> 'metrics' ->> metric)::double precision
    FROM (
      SELECT * FROM runs
      WHERE segment IS NOT NULL AND runs.model_id = of_model AND runs.scheduled_time BETWEEN since AND until
        AND status <> 'missed' AND trigger <> 'backfill'
      ORDER BY runs.scheduled_time DESC LIMIT max_runs
    ) AS run
    LEFT JOIN LATERAL (
      SELECT part FROM jsonb_array_elements(run.details -> 'segments') AS part
      WHERE part ->> 'segment' = segment AND part ->> 'value' IS NOT DISTINCT FROM segment_value
      LIMIT 1
    ) AS parts ON true
  ), based AS (
    SELECT run.*, CASE
        WHEN NOT relative THEN 0
        WHEN against = '"baseline"' THEN run.baseline::double precision
        WHEN against = '"reference"' THEN reference
        WHEN count(run.value) OVER before * 2 >= last_runs THEN avg(run.value) OVER before
      END AS base
    FROM (SELECT * FROM seen UNION ALL SELECT * FROM seen_segment) AS run
    WINDOW before AS (ORDER BY run.scheduled_time ROWS BETWEEN last_runs PRECEDING AND 1 PRECEDING)
  ), known AS (
    SELECT based.*, (based.span ->> 0)::double precision AS low, (based.span ->> 1)::double precision AS high,
      based.value IS NOT NULL AND based.base IS NOT NULL AND coalesce(based.n_samples, 0) >= min_samples AS has_data
    FROM based
  ), judged AS (
    SELECT known.*,
      CASE
        WHEN NOT has_data THEN no_data = 'firing'
        WHEN below THEN coalesce(CASE WHEN sure THEN known.high ELSE known.value END < base + sign * bound, false)
        ELSE coalesce(CASE WHEN sure THEN known.low ELSE known.value END > base + sign * bound, false)
      END AS beyond,
      CASE
        WHEN NOT has_data THEN no_data = 'firing'
        WHEN below THEN known.value < base + sign * clear
        ELSE known.value > base + sign * clear
      END AS holds
    FROM known
    WHERE has_data OR no_data <> 'keep'
  )
  SELECT judged.scheduled_time, judged.value, judged.low, judged.high, base + sign * bound, judged.n_samples, NULL::text,
    judged.beyond, count(*) FILTER (WHERE judged.beyond) OVER recent, count(*) FILTER (WHERE judged.holds) OVER recent
  FROM judged
  WINDOW recent AS (ORDER BY judged.scheduled_time ROWS window_runs - 1 PRECEDING)
  ORDER BY 1;
EXCEPTION
  WHEN numeric_value_out_of_range THEN RETURN; -- a mean, or a threshold, that no number can hold: nothing to judge by
END
$$;

-- Moves an alert on, and writes the notification if it begins or ceases to fire. No run that is older than one
-- that was looked at before moves it.
CREATE FUNCTION move_alert(of_model uuid, rule_name text, by_rule jsonb, broken bigint, held bigint, at timestamptz, now_facts jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  alert alerts;
  next_state text;
  moved boolean;
BEGIN
  SELECT * INTO alert FROM alerts WHERE model_id = of_model AND alerts.rule = rule_name FOR UPDATE;
  IF NOT FOUND THEN
    IF broken = 0 THEN RETURN; END IF;
    INSERT INTO alerts (model_id, rule, severity, since) VALUES (of_model, rule_name, by_rule ->> 'severity', at)
    ON CONFLICT DO NOTHING; -- somebody may snooze it at this moment
    SELECT * INTO alert FROM alerts WHERE model_id = of_model AND alerts.rule = rule_name FOR UPDATE;
  END IF;
  IF at < alert.evaluated AND rule_name NOT IN ('missed', 'stale_data') THEN RETURN; END IF;
  next_state := next_alert_state(alert.state, by_rule, broken, held);
  moved := (next_state = 'firing') <> (alert.state = 'firing');
  now_facts := now_facts || jsonb_build_object('fired_at',
    CASE WHEN moved AND next_state = 'firing' THEN to_jsonb(at) ELSE alert.facts -> 'fired_at' END);
  UPDATE alerts SET state = next_state, severity = by_rule ->> 'severity', evaluated = at, facts = now_facts,
    since = CASE WHEN next_state = alert.state THEN alert.since ELSE at END,
    transition = alert.transition + moved::integer
  WHERE id = alert.id;
  IF NOT moved THEN RETURN; END IF;
  PERFORM write_notification(alert, CASE next_state WHEN 'firing' THEN 'firing' ELSE 'resolved' END,
    by_rule ->> 'severity', now_facts);
END
$$;

-- Looks at a run by one rule.
CREATE FUNCTION evaluate_rule(of_model uuid, rule_name text, rule jsonb, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  runs_of_window integer := coalesce((rule #>> '{for,of}')::integer, 1);
  last_runs integer := coalesce((rule ->> 'last')::integer, 0);
  newest record;
BEGIN
  -- Runs that do not count may lie between those that do.
  SELECT * INTO newest FROM judge_runs(of_model, rule_name, rule, '-infinity', at,
    runs_of_window + last_runs + CASE WHEN runs_of_window > 1 THEN 20 ELSE 0 END) AS judged
  ORDER BY judged.scheduled_time DESC LIMIT 1;
  IF newest.scheduled_time IS DISTINCT FROM at THEN -- this run says nothing
    PERFORM end_alert(alerts) FROM alerts JOIN runs ON runs.model_id = of_model AND scheduled_time = at
    WHERE alerts.model_id = of_model AND alerts.rule = rule_name AND alerts.state <> 'ok' AND runs.status = 'ok'
      AND NOT details -> 'metrics' ? (evaluate_rule.rule ->> 'metric');
    RETURN;
  END IF;
  PERFORM move_alert(of_model, rule_name, rule, newest.broken, newest.held, at, jsonb_strip_nulls(jsonb_build_object(
    'value', newest.value, 'low', newest.low, 'high', newest.high, 'threshold', newest.threshold,
    'n_samples', newest.n_samples, 'error', newest.error, 'broken', newest.broken, 'rule', rule)));
END
$$;

CREATE OR REPLACE FUNCTION evaluate_run() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  it record;
BEGIN
  -- A late run moves nothing, and a model without rules or alerts of its own costs this one look.
  PERFORM FROM model_states AS state
  WHERE state.model_id = NEW.model_id AND (state.newest_run <= NEW.scheduled_time) IS NOT FALSE AND (
    NEW.status = 'invalid_data'
    OR EXISTS (SELECT FROM alert_rules WHERE alert_rules.model_id = NEW.model_id)
    OR EXISTS (SELECT FROM alerts WHERE alerts.model_id = NEW.model_id AND rule = 'invalid_data')
    OR EXISTS (SELECT FROM alert_rules AS tagged WHERE tagged.tag = ANY (
      (SELECT tags FROM metrics_executions AS schedule WHERE schedule.model_id = NEW.model_id)::text[])));
  IF NOT FOUND THEN RETURN NULL; END IF;
  FOR it IN SELECT * FROM rules_of(NEW.model_id) LOOP
    IF it.name NOT IN ('missed', 'stale_data') AND coalesce((it.rule ->> 'enabled')::boolean, true)
      AND (it.name <> 'invalid_data' OR NOT it.built_in OR NEW.status = 'invalid_data'
        OR EXISTS (SELECT FROM alerts WHERE alerts.model_id = NEW.model_id AND alerts.rule = 'invalid_data')) THEN
      PERFORM evaluate_rule(NEW.model_id, it.name, it.rule, NEW.scheduled_time);
    END IF;
  END LOOP;
  RETURN NULL;
END
$$;

-- Missed due times and old data: what the state says is the alert's condition.
CREATE OR REPLACE FUNCTION evaluate_model_state(state model_states) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  it record;
  bad boolean;
BEGIN
  FOR it IN SELECT * FROM rules_of(state.model_id) AS rules WHERE rules.name IN ('missed', 'stale_data') LOOP
    bad := coalesce((it.rule ->> 'enabled')::boolean, true) AND state.enabled AND CASE it.name
      WHEN 'missed' THEN state.missed_at IS NOT NULL
      ELSE coalesce(state.stale_at <= now(), false) END;
    PERFORM move_alert(state.model_id, it.name, it.rule, bad::integer, bad::integer, clock_timestamp(), jsonb_strip_nulls(
      CASE it.name WHEN 'missed' THEN jsonb_build_object('missed_at', state.missed_at)
        ELSE jsonb_build_object('data_timestamp', state.data_timestamp,
          'max_data_age_minutes', state.max_data_age_minutes) END
      || jsonb_build_object('rule', it.rule)));
  END LOOP;
END
$$;

-- Looks at a model anew, whose rules have changed.
CREATE OR REPLACE FUNCTION evaluate_model(of_model uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  state model_states;
  newest timestamptz;
  it record;
BEGIN
  SELECT * INTO state FROM model_states WHERE model_id = of_model FOR UPDATE; -- before a run, or after it
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM end_alerts(of_model);
  PERFORM evaluate_model_state(state);
  newest := (SELECT scheduled_time FROM runs
    WHERE model_id = of_model AND status <> 'missed' AND trigger <> 'backfill' ORDER BY scheduled_time DESC LIMIT 1);
  IF newest IS NULL THEN RETURN; END IF;
  FOR it IN SELECT * FROM rules_of(of_model) LOOP
    IF it.name NOT IN ('missed', 'stale_data') AND coalesce((it.rule ->> 'enabled')::boolean, true) THEN
      PERFORM evaluate_rule(of_model, it.name, it.rule, newest);
    END IF;
  END LOOP;
END
$$;

-- How a rule would have gone over the runs that there are: when it would have begun and ceased to fire.
CREATE OR REPLACE FUNCTION try_rule(of_model uuid, rule_name text, rule jsonb, since timestamptz)
RETURNS TABLE (fired_at timestamptz, ended_at timestamptz) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  run record;
  state text := 'ok';
  before text;
BEGIN
  FOR run IN SELECT * FROM judge_runs(of_model, rule_name, rule, since, 'infinity', 100000) LOOP
    before := state;
    state := next_alert_state(state, rule, run.broken, run.held);
    IF state = 'firing' AND before <> 'firing' THEN
      fired_at := run.scheduled_time;
    ELSIF state <> 'firing' AND before = 'firing' THEN
      ended_at := run.scheduled_time;
      RETURN NEXT;
    END IF;
  END LOOP;
  IF state = 'firing' THEN
    ended_at := NULL;
    RETURN NEXT;
  END IF;
END
$$;
