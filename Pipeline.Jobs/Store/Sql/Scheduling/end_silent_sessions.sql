-- Ends the sessions of nodes that are silent: all of them where a node counts as gone, before that those that hold locks in a transaction that
-- nobody goes on with. A process that is paused, or cut off from the network, would keep the others waiting for these locks. Only sessions that
-- began before the node's last sign of life: another process may have got its number since. Grain: one row per node with sessions ended.
select n.node, count(pg_terminate_backend(a.pid)) as sessions
from node n
join pg_stat_activity a on a.application_name = left('pipeline ' || n.host || '/' || n.process_id, 63) and a.datname = current_database()
where n.node <> $1 and n.stopped_at is null and a.backend_start <= n.seen_at and a.pid <> pg_backend_pid()
    and (
        n.seen_at < clock_timestamp() - make_interval(secs => $2)
        or n.seen_at < clock_timestamp() - make_interval(secs => $3)
            and a.state like 'idle in transaction%' and a.state_change < clock_timestamp() - make_interval(secs => $3)
    )
group by n.node;
