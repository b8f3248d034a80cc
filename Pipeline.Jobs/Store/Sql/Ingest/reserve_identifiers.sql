-- $1 new identifiers for complaints. The sequence is looked up once: looking it up for each row costs more than the row.
with identifiers as materialized (
    select pg_get_serial_sequence('complaint', 'complaint_id')::regclass as sequence
)
select nextval(identifiers.sequence)
from identifiers, generate_series(1, $1)
