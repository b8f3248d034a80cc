-- A batch of what was found of complaints, before it is put in place.
create temporary table staged_prepared (like match_prepared) on commit drop;
