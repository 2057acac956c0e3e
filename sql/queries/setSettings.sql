-- Sets what statements of the same transaction read by current_setting: $1 names, $2 their values.
SELECT set_config(name, value, true) FROM unnest($1::text[], $2::text[]) AS setting (name, value);
