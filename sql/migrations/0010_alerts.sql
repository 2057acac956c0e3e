-- Up Migration

ALTER TABLE metrics_executions ADD COLUMN max_data_age_minutes integer
  CHECK (max_data_age_minutes BETWEEN 1 AND 5256000);
COMMENT ON COLUMN metrics_executions.max_data_age_minutes IS 'Older data than this is stale; null: none is';

-- stale_at comes by itself: by way of UTC, as PostgreSQL wants it immutable.
ALTER TABLE model_states
  ADD COLUMN max_data_age_minutes integer,
  ADD COLUMN same_data_since timestamptz,
  ADD COLUMN stale_told timestamptz,
  ADD COLUMN stale_at timestamptz GENERATED ALWAYS AS (
    ((data_timestamp AT TIME ZONE 'UTC') + max_data_age_minutes * interval '1 minute') AT TIME ZONE 'UTC'
  ) STORED;
COMMENT ON COLUMN model_states.max_data_age_minutes IS 'As in metrics_executions, by a trigger';
COMMENT ON COLUMN model_states.same_data_since IS 'The first of the runs in a row that looked at this sample row';
COMMENT ON COLUMN model_states.stale_at IS 'When the data of the newest run is too old';
COMMENT ON COLUMN model_states.stale_told IS 'The stale_at that watch has acted on';
CREATE INDEX model_states_stale_at ON model_states (stale_at) WHERE enabled AND stale_told IS DISTINCT FROM stale_at;

CREATE FUNCTION follow_data_age() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE model_states SET max_data_age_minutes = NEW.max_data_age_minutes WHERE model_id = NEW.model_id;
  RETURN NULL;
END
$$;
-- After follow_new_schedule, in the order of names, which makes the state.
CREATE TRIGGER follow_new_schedule_data_age AFTER INSERT ON metrics_executions
  FOR EACH ROW WHEN (NEW.max_data_age_minutes IS NOT NULL) EXECUTE FUNCTION follow_data_age();
CREATE TRIGGER follow_schedule_data_age AFTER UPDATE ON metrics_executions
  FOR EACH ROW WHEN (OLD.max_data_age_minutes IS DISTINCT FROM NEW.max_data_age_minutes)
  EXECUTE FUNCTION follow_data_age();

CREATE TABLE alert_rules (
  model_id uuid REFERENCES metrics_executions (model_id) ON DELETE CASCADE,
  tag text,
  name text NOT NULL,
  rule jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK (num_nonnulls(model_id, tag) = 1),
  UNIQUE (model_id, name),
  UNIQUE (tag, name)
);
COMMENT ON TABLE alert_rules IS 'Rules of one model, or of all models of a tag. lib/alerts/README.md says what a rule may have';

CREATE TABLE alerts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  model_id uuid NOT NULL REFERENCES metrics_executions (model_id) ON DELETE CASCADE,
  rule text NOT NULL,
  state text NOT NULL DEFAULT 'ok' CHECK (state IN ('ok', 'pending', 'firing')),
  severity text NOT NULL,
  since timestamptz NOT NULL,
  transition integer NOT NULL DEFAULT 0,
  evaluated timestamptz NOT NULL DEFAULT '-infinity',
  facts jsonb NOT NULL DEFAULT '{}',
  snoozed_until timestamptz,
  snooze_note text,
  UNIQUE (model_id, rule)
);
COMMENT ON TABLE alerts IS 'The state of each rule that has ever been broken or snoozed';
COMMENT ON COLUMN alerts.transition IS 'How often it began or ceased to fire';
COMMENT ON COLUMN alerts.evaluated IS 'The due time of the newest run that was looked at';
CREATE INDEX alerts_state ON alerts (state, severity, since DESC, id);
CREATE INDEX alerts_rule ON alerts (rule);

CREATE TABLE maintenance_windows (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  model_id uuid,
  tag text,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  note text NOT NULL
);
COMMENT ON TABLE maintenance_windows IS 'While one lasts nobody is notified: of a model, of the models of a tag, or of any';
CREATE INDEX maintenance_windows_end ON maintenance_windows (ends_at);

-- The outbox: written with the run or the missed due time, so that neither is there without the other.
CREATE TABLE alert_notifications (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alert_id bigint NOT NULL,
  transition integer NOT NULL,
  model_id uuid NOT NULL,
  rule text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('firing', 'resolved')),
  severity text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  facts jsonb NOT NULL,
  held_until timestamptz,
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'routed', 'dropped')),
  UNIQUE (alert_id, transition)
);
COMMENT ON COLUMN alert_notifications.held_until IS 'The end of a snooze or of maintenance';
COMMENT ON COLUMN alert_notifications.state IS 'routed: it has a delivery for each channel; dropped: it was over before it was told';
CREATE INDEX alert_notifications_new ON alert_notifications (id) WHERE state = 'new';
CREATE INDEX alert_notifications_model ON alert_notifications (model_id, id);

CREATE TABLE alert_deliveries (
  notification_id bigint NOT NULL REFERENCES alert_notifications (id) ON DELETE CASCADE,
  channel text NOT NULL,
  alert_id bigint NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  error text,
  PRIMARY KEY (notification_id, channel)
);
CREATE INDEX alert_deliveries_waiting ON alert_deliveries (channel, next_attempt_at, notification_id) WHERE state = 'waiting';
CREATE INDEX alert_deliveries_order ON alert_deliveries (alert_id, channel, notification_id) WHERE state = 'waiting';
CREATE INDEX alert_deliveries_dead ON alert_deliveries (ended_at) WHERE state = 'dead';

CREATE TABLE alert_audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  caller text NOT NULL,
  action text NOT NULL,
  model_id uuid,
  tag text,
  rule text,
  before jsonb,
  after jsonb
);
COMMENT ON TABLE alert_audit IS 'Who changed which rule, snooze or maintenance window';

-- The rules of a model: its own, else those of its tags, else those that every model has.
CREATE FUNCTION rules_of(of_model uuid) RETURNS TABLE (name text, rule jsonb, tag text, built_in boolean)
LANGUAGE sql STABLE AS $$
  SELECT DISTINCT ON (name) name, rule, tag, rank = 2 FROM (
    SELECT own.name, own.rule, NULL::text AS tag, 0 AS rank FROM alert_rules AS own WHERE own.model_id = of_model
    UNION ALL
    SELECT tagged.name, tagged.rule, tagged.tag, 1
    FROM metrics_executions AS schedule JOIN alert_rules AS tagged ON tagged.tag = ANY (schedule.tags)
    WHERE schedule.model_id = of_model
    UNION ALL
    VALUES ('missed', '{"severity": "warning"}'::jsonb, NULL, 2),
      ('invalid_data', '{"severity": "critical"}', NULL, 2), ('stale_data', '{"severity": "warning"}', NULL, 2)
  ) AS rules
  ORDER BY name, rank, tag
$$;

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

-- What comes after a state: `broken` and `held` as judge_runs counts them.
CREATE FUNCTION next_alert_state(state text, rule jsonb, broken bigint, held bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN state = 'firing' AND held >= coalesce((rule #>> '{for,at_least}')::integer, 1) THEN 'firing'
    WHEN broken >= coalesce((rule #>> '{for,at_least}')::integer, 1) THEN 'firing'
    WHEN broken > 0 THEN 'pending'
    ELSE 'ok'
  END
$$;

-- Until when nobody is told of an alert; null where nothing forbids it.
CREATE FUNCTION quiet_until(of_alert alerts) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT greatest(
    CASE WHEN of_alert.snoozed_until > now() THEN of_alert.snoozed_until END,
    (SELECT max(ends_at) FROM maintenance_windows AS pause
      WHERE starts_at <= now() AND ends_at > now()
        AND (pause.model_id IS NULL OR pause.model_id = of_alert.model_id)
        AND (pause.tag IS NULL OR EXISTS (
          SELECT FROM metrics_executions AS schedule
          WHERE schedule.model_id = of_alert.model_id AND pause.tag = ANY (schedule.tags)
        ))))
$$;

-- Writes the notification of an alert's next transition. If nobody was told of the one before, because of a snooze or
-- maintenance, nobody needs to know of either.
CREATE FUNCTION write_notification(of_alert alerts, new_kind text, new_severity text, new_facts jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE alert_notifications SET state = 'dropped'
  WHERE alert_id = of_alert.id AND transition = of_alert.transition AND state = 'new' AND held_until > now();
  INSERT INTO alert_notifications (alert_id, transition, model_id, rule, kind, severity, facts, held_until, state)
  VALUES (of_alert.id, of_alert.transition + 1, of_alert.model_id, of_alert.rule, new_kind, new_severity, new_facts,
    quiet_until(of_alert), CASE WHEN FOUND THEN 'dropped' ELSE 'new' END);
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

-- Ends an alert whose rule is gone, off, or about what is no longer computed, and tells whoever was told of it.
CREATE FUNCTION end_alert(of_alert alerts) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE alerts SET state = 'ok', since = now(), transition = transition + (state = 'firing')::integer
  WHERE id = of_alert.id;
  IF of_alert.state = 'firing' THEN
    PERFORM write_notification(of_alert, 'resolved', of_alert.severity, of_alert.facts || '{"removed": true}');
  END IF;
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

CREATE FUNCTION evaluate_run() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER evaluate_run AFTER INSERT OR UPDATE OF status, details, revision ON runs
  FOR EACH ROW WHEN (NEW.status <> 'missed' AND NEW.trigger <> 'backfill') EXECUTE FUNCTION evaluate_run();

-- Missed due times and old data: what the state says is the alert's condition.
CREATE FUNCTION evaluate_model_state(state model_states) RETURNS void LANGUAGE plpgsql AS $$
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
CREATE FUNCTION evaluate_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM evaluate_model_state(NEW);
  RETURN NULL;
END
$$;
CREATE TRIGGER evaluate_state AFTER UPDATE ON model_states
  FOR EACH ROW
  WHEN ((OLD.missed_at IS NULL) <> (NEW.missed_at IS NULL) OR OLD.enabled <> NEW.enabled
    OR (OLD.stale_at, OLD.stale_told) IS DISTINCT FROM (NEW.stale_at, NEW.stale_told))
  EXECUTE FUNCTION evaluate_state();

-- Ends the alerts of a model whose rule is gone or off.
CREATE FUNCTION end_alerts(of_model uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM end_alert(ended) FROM (
    SELECT * FROM alerts
    WHERE model_id = of_model AND state <> 'ok' AND rule NOT IN (
      SELECT name FROM rules_of(of_model) AS rules WHERE coalesce((rules.rule ->> 'enabled')::boolean, true))
    FOR UPDATE
  ) AS ended;
END
$$;

-- Looks at a model anew, whose rules have changed.
CREATE FUNCTION evaluate_model(of_model uuid) RETURNS void LANGUAGE plpgsql AS $$
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

-- The alerts of a model go with its schedule, and whoever was told of one is told that it is over.
CREATE FUNCTION end_all_alerts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM end_alert(alerts) FROM alerts WHERE model_id = OLD.model_id AND state <> 'ok';
  RETURN OLD;
END
$$;
CREATE TRIGGER end_all_alerts BEFORE DELETE ON metrics_executions FOR EACH ROW EXECUTE FUNCTION end_all_alerts();

CREATE FUNCTION follow_tags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM end_alerts(NEW.model_id);
  -- Its state may break a rule that it has now, and no run may come to look.
  PERFORM evaluate_model_state(state) FROM model_states AS state WHERE model_id = NEW.model_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER follow_tags AFTER UPDATE ON metrics_executions
  FOR EACH ROW WHEN (OLD.tags IS DISTINCT FROM NEW.tags) EXECUTE FUNCTION follow_tags();

-- How a rule would have gone over the runs that there are: when it would have begun and ceased to fire.
CREATE FUNCTION try_rule(of_model uuid, rule_name text, rule jsonb, since timestamptz)
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

-- Down Migration

DROP TRIGGER evaluate_run ON runs;
DROP TRIGGER evaluate_state ON model_states;
DROP TRIGGER follow_tags ON metrics_executions;
DROP TRIGGER end_all_alerts ON metrics_executions;
DROP TRIGGER follow_new_schedule_data_age ON metrics_executions;
DROP TRIGGER follow_schedule_data_age ON metrics_executions;
DROP FUNCTION evaluate_run, evaluate_state, follow_tags, evaluate_model, end_alerts, end_all_alerts,
  evaluate_model_state(model_states), try_rule, evaluate_rule, end_alert, move_alert, write_notification, quiet_until, next_alert_state, judge_runs, rules_of, follow_data_age;
DROP TABLE alert_audit, alert_deliveries, alert_notifications, maintenance_windows, alerts, alert_rules;
ALTER TABLE model_states
  DROP COLUMN stale_at, DROP COLUMN stale_told, DROP COLUMN same_data_since, DROP COLUMN max_data_age_minutes;
ALTER TABLE metrics_executions DROP COLUMN max_data_age_minutes;
