-- Grain: one row per state that stands at both places, of complaints received up to the day $4 that were received or closed on or after the day $5 or are open.
select case_number, state::text
from counted_state
where source = $1
    and from_place <= least($2::bigint, $3) and (to_place is null or to_place > greatest($2::bigint, $3))
    and received_date <= $4
    and (received_date >= $5 or coalesce((state -> 'fact' ->> 'closed')::date >= $5, true));
