-- When what runs by itself ended last and what it found, by name, how many models are stale, and how many
-- labels wait for a prediction, up to 100,000.
SELECT
  coalesce((SELECT jsonb_object_agg(name, jsonb_build_object('finished_at', finished_at, 'outcome', outcome))
    FROM service_states), '{}') AS services,
  coalesce((SELECT sum(models) FROM status_counts WHERE status = 'stale'), 0)::int AS stale,
  (SELECT count(*)::int FROM (SELECT FROM labels LIMIT 100000) AS waiting) AS waiting_labels;
