-- Topics of causes by month, so that their ids and titles are kept from month to month.

-- One row is a topic in a month, as the latest counted run of the month found it. Key: source, month, topic.
create table topic_month (
    source       text not null,
    month        date not null,                          -- first day
    topic_id     text not null,                          -- for example T2610-03: month of first sight and number
    cause        text not null,                          -- taxonomy key
    title        text not null,                          -- phrases that several complainants used
    first_month  date not null,
    complaints   integer not null,
    centroid     jsonb not null,                         -- phrases and weights that later months are matched by
    run_id       text not null references run on delete cascade,
    primary key (source, month, topic_id)
);
create index topic_month_run on topic_month (run_id);

-- One row is what the dated word lists and the unmapped columns tell of a complaint. Key: complaint.
-- A complaint whose content changed since, or that was read with other rules, is read again.
create table case_reading (
    complaint_id  bigint primary key references complaint on delete cascade,
    content_hash  bytea not null,                        -- the complaint's, as it was read
    rules_sha256  text not null,                         -- of the word lists and rules together
    tags          text[] not null,
    cause_found   text                                   -- taxonomy key of the cause that investigation found; null where no column gives one
);

-- One row is a version of the remediation register of a source. Never changed. Key: source, version.
create table remediation_version (
    source       text not null,
    version      integer not null check (version >= 1),
    sha256       text not null,                          -- of the entries: what runs are pinned to; empty for none
    entries      jsonb not null,
    file_sha256  text not null,                          -- of the workbook that they were read from
    imported_by  text not null,
    imported_at  timestamptz not null,
    primary key (source, version)
);
