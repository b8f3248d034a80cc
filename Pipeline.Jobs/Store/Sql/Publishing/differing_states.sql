-- Grain: one row per state that stands at one of two places and not at the other.
select case_number, from_place <= $2 and (to_place is null or to_place > $2) as stands_before, state::text
from counted_state
where source = $1
    and (from_place <= $2 and (to_place is null or to_place > $2)) <> (from_place <= $3 and (to_place is null or to_place > $3))
order by case_number, from_place;
