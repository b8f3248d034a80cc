-- Ends the session of a claim that was overtaken, if it is still that session. Grain: at most one row.
select pg_terminate_backend(pid)
from pg_stat_activity
where pid = $1 and backend_start = $2 and datname = current_database();
