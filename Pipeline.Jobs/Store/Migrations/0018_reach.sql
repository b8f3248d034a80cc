-- A run finds the old complaints that are still open, and those that a source links, without reading those that are neither.
create index complaint_open on complaint (source) where status = 'open';
create index complaint_linked on complaint (source, link_number) where link_number is not null;

-- What stands of the complaints within a run's reach is found by the day of their receipt.
drop index counted_state_standing;
create index counted_state_standing on counted_state (source, received_date) include (case_number, hash) where to_place is null;
