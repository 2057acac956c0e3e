-- How many models there are of each status, of those that a search finds.
-- $1 to $4 of the search: searchModels.sql, which takes its place
SELECT status, count(*)::int AS models
FROM ({search}) AS state
GROUP BY status;
