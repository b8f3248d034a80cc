-- Grain: one row per new person: the next keys, ascending.
select nextval(pg_get_serial_sequence('complainant', 'person_key'))
from generate_series(1, $1);
