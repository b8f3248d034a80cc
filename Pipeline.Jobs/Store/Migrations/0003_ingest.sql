-- What ingest keeps beside the ledger: which files reported a state again, and the headers of the tables that it read.

-- One row is a row of a file that reported a state which already stood (or an older one): no new state, but evidence of when the
-- state was seen. Together with the rows of complaint and complaint_revision these are all observations of a case, from which its
-- history can be rebuilt when an older export arrives late or a file is taken back. Key: complaint, file, sheet, line.
create table complaint_sighting (
    complaint_id  bigint not null references complaint on delete cascade,
    file_id       bigint not null references source_file,
    sheet_name    text not null default '',
    line_number   bigint not null,
    content_hash  bytea not null,
    primary key (complaint_id, file_id, sheet_name, line_number)
);
create index complaint_sighting_file on complaint_sighting (file_id);

-- One row is a table of a file as it was read: its header, by which quarantined rows are exported and read again. Key: file, sheet,
-- first line below the header.
create table source_table (
    file_id       bigint not null references source_file on delete cascade,
    ordinal       integer not null,
    sheet_name    text not null default '',
    first_line    bigint not null,
    header        jsonb not null,                        -- array of header rows, each an array of cells
    columns       text[] not null,                       -- one unique name per column
    primary key (file_id, ordinal)
);

-- A correction of quarantined rows is a file of its own; it states what was so on the day of the export that it corrects.
alter table source_file add column corrects_file_id bigint references source_file;
-- Rows that an older export reported after a newer one was known (counted as unchanged); titles and totals that are no rows; what was cleaned, by kind.
alter table source_file add column late_count bigint not null default 0;
alter table source_file add column skipped_count bigint not null default 0;
alter table source_file add column repairs jsonb not null default '{}';

alter table quarantined_row add column decided_reason text;
create index quarantined_row_case on quarantined_row (case_number) where case_number is not null;

-- What a bulk load pays for on every row (95,922 rows by COPY, 2026-11-21: 0.5 s without index, 2.1 s with all of 0001; 0.9 s with these).
-- Case numbers are compared by code point and differ where sources do not; rows of a file stand together, so a block range index finds
-- them, and a month likewise; the reference to the file is kept by the load, which writes the file first and removes its rows before it.
alter table complaint drop constraint complaint_source_case_number_key;
alter table complaint alter column case_number type text collate "C", alter column source type text collate "C";
alter table complaint_revision alter column case_number type text collate "C", alter column source type text collate "C";
alter table complaint add constraint complaint_key unique (case_number, source);
drop index complaint_file;
create index complaint_file on complaint using brin (file_id) with (pages_per_range = 16, autosummarize = on);
drop index complaint_received;
create index complaint_received on complaint using brin (received_date) with (pages_per_range = 16, autosummarize = on);
alter table complaint drop constraint complaint_file_id_fkey;

-- Ciphertext does not compress: storing it out of line as it is saves the attempt.
alter table complaint alter column sealed set storage external;
alter table complaint_revision alter column sealed set storage external;
