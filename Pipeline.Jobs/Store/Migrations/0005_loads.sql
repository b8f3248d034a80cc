-- Files known by what they hold whatever they come in, loads whose trace stays, and the order of states without the order of arrival.

-- One row of source_file is a load: a file that was offered and taken. At most one load of a content stands; a load that was taken back
-- keeps its row, and the same content taken again is another load. sha256 is of the file inside .gz and .zip (of the export itself, not
-- of what it came in), offered_sha256 of the bytes that were offered. Loads from before this change of .gz and .zip files have the old
-- identity in sha256 (the archive's hash, for a member with '!' and its name behind it), by which they stay known.
alter table source_file add column offered_sha256 text;
update source_file
set offered_sha256 = split_part(sha256, '!', 1)
where corrects_file_id is null;

alter table source_file drop constraint source_file_sha256_key;
create unique index source_file_standing on source_file (sha256) where state = 'ingested';

-- Where a file stands among those of its export day: exports by their own name without folder and archive (by code point), then by
-- content; corrections of quarantined rows behind all exports, in the order of the files that they correct. Corrections of one file
-- stand in the order in which they were taken (file_id): the analyst's later word is the later one.
alter table source_file add column place text collate "C" not null default '';
update source_file
set place = '0'
    || regexp_replace(case when sha256 like '%!%' then regexp_replace(name, '^.*[!/]', '') else name end, '\.gz$', '', 'i')
    || chr(1)
    || sha256
where corrects_file_id is null;
update source_file
set place = '1' || corrected.place
from source_file as corrected
where corrected.file_id = source_file.corrects_file_id;

-- Day or month first, as the first rows of the table proved it where its profile leaves that to the data: a corrected row of it is read
-- the same way.
alter table source_table add column slash_format text;

-- One row is a complaint whose text was read for stage and threats: what the lexicon finds in a text is found once, so that a run opens the
-- texts that are new since the last one and not those of all years. Nothing of the text itself. A complaint whose content changed, and every
-- one under another lexicon, is read again. Key: complaint.
create table text_reading (
    complaint_id    bigint primary key references complaint on delete cascade,
    content_hash    bytea not null,                      -- the complaint's, as it was read
    lexicon_sha256  text not null,
    stage           text,                                -- null: the complaint has no text
    cues            text[] not null default '{}'         -- keys of the lexicon
);
