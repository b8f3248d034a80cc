-- Grain: one row per key and complaint that has it, at most so many of a key. $1 keys, $2 how many at most.
select wanted.key, member.complaint_id
from unnest($1::bigint[], $2::integer[]) as wanted (key, most)
cross join lateral (
    select match_key.complaint_id
    from match_key
    where match_key.key = wanted.key
    limit wanted.most
) member;
