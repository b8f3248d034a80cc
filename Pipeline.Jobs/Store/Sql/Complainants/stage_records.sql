-- What is known now of complaints, before it is put in place.
create temporary table staged_record (like match_record) on commit drop;
