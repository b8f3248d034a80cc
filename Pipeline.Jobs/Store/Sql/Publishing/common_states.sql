-- Grain: one row per state of a complaint received up to a day that stands at both places.
select case_number, state::text
from counted_state
where source = $1
    and from_place <= least($2::bigint, $3) and (to_place is null or to_place > greatest($2::bigint, $3))
    and received_date <= $4;
