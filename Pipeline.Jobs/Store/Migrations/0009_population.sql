-- What decides whether a case counts as a complaint, in the export's own words: the kind of matter, and the reason for which it was
-- taken out of the count after review (核减). Null where the export has none.
alter table complaint add column matter_type text, add column exclusion_reason text;
alter table complaint_revision add column matter_type text, add column exclusion_reason text;
