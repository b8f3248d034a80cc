-- Grain: one row per key that stands for the person $1 now: its own and those that were merged into it.
with recursive key as (
    select $1::bigint as person_key
    union
    select complainant.person_key
    from key
    join complainant on complainant.merged_into = key.person_key
)
select person_key
from key
order by person_key;
