-- Ends the standing states of the complaints that are counted otherwise from this place on, or not any more.
update counted_state
set to_place = $2
where source = $1 and case_number = any($3) and to_place is null;
