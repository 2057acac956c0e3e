-- When what runs by itself ended last and what it found, by name, and how many models are stale.
SELECT
  coalesce((SELECT jsonb_object_agg(name, jsonb_build_object('finished_at', finished_at, 'outcome', outcome))
    FROM service_states), '{}') AS services,
  coalesce((SELECT sum(models) FROM status_counts WHERE status = 'stale'), 0)::int AS stale;
