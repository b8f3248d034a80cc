-- Grain: one row: the key that a key stands for now, itself where it was never merged away; none where there is no such key.
with recursive standing as (
    select person_key, merged_into
    from complainant
    where person_key = $1
    union all
    select complainant.person_key, complainant.merged_into
    from standing
    join complainant on complainant.person_key = standing.merged_into
)
select person_key
from standing
where merged_into is null;
