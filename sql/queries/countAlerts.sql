-- How many alerts there are in each state, how many deliveries wait, and how many were given up.
SELECT
  (SELECT count(*)::int FROM alerts WHERE state = 'firing') AS firing,
  (SELECT count(*)::int FROM alerts WHERE state = 'pending') AS pending,
  (SELECT count(*)::int FROM alerts WHERE state = 'ok') AS ok,
  (SELECT count(*)::int FROM alert_deliveries WHERE state = 'waiting') AS waiting,
  (SELECT count(*)::int FROM alert_deliveries WHERE state = 'dead') AS dead;
