-- Ids that an upload has more than once with something different.
-- Returns the first twenty lines that do not say the same as an earlier one.
SELECT later.line, later.id, first.line AS first_line
FROM (SELECT id, min(line) AS line FROM incoming GROUP BY id HAVING count(*) > 1) AS repeated
JOIN incoming AS first USING (id, line)
JOIN incoming AS later ON later.id = first.id AND later.line > first.line
WHERE (later.y_pred, later.y_score, later.y_true, later."timestamp", later.segments)
  IS DISTINCT FROM (first.y_pred, first.y_score, first.y_true, first."timestamp", first.segments)
ORDER BY later.line
LIMIT 20;
