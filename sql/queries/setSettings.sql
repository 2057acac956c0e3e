-- Sets settings of the connection, or of the transaction alone.
-- $1 names, $2 their values, $3 whether only until the transaction ends
SELECT set_config(name, value, $3) FROM unnest($1::text[], $2::text[]) AS setting (name, value);
