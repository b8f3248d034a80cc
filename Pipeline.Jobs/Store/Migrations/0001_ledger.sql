-- The ledger: files, complaints and their revisions, quarantine, persons, labels, models, flags, runs, figures, audit.
-- Grain and key stand above each table. Applied once, in one transaction, under an advisory lock.
-- Personal data is only in the columns named sealed (AES-256-GCM by the application) and *_token (HMAC-SHA256, 16 bytes).

-- One row is a file that was offered, by content. A rolled-back file keeps its row (state rolled_back) and may be taken again.
create table source_file (
    file_id          bigint generated always as identity primary key,
    sha256           text not null unique,               -- of the bytes that were offered; members of an archive: archive sha256 + '!' + member name
    name             text not null,                      -- file name without its folder
    source           text not null,                      -- profile's source, for example cn-bank
    profile          text not null,
    profile_sha256   text not null,
    encoding         text,
    as_of_date       date not null,                      -- the day the export was made: decides which of two states is the later one
    state            text not null default 'ingested' check (state in ('ingested', 'rolled_back')),
    ingested_at      timestamptz not null,
    bytes            bigint not null,
    read_count       bigint not null default 0,
    new_count        bigint not null default 0,
    updated_count    bigint not null default 0,
    unchanged_count  bigint not null default 0,
    duplicate_count  bigint not null default 0,
    rejected_count   bigint not null default 0,
    warning_count    bigint not null default 0,
    cleaned_count    bigint not null default 0,
    check (read_count = new_count + updated_count + unchanged_count + duplicate_count + rejected_count)
);

-- One row is a complaint as last reported by its source. Key: source, case number.
create table complaint (
    complaint_id        bigint generated always as identity primary key,
    source              text not null,
    case_number         text not null,
    revision            integer not null default 1,
    content_hash        bytea not null,                  -- HMAC of the canonical row: equal content, equal hash
    as_of_date          date not null,
    file_id             bigint not null references source_file,
    line_number         bigint not null,                 -- 1-based, in the file; in a workbook the row number
    sheet_name          text,
    received_date       date not null,
    closed_date         date,
    status              text not null check (status in ('open', 'closed', 'withdrawn')),
    channel             text,                            -- taxonomy key
    business_channel    text,                            -- taxonomy key
    business_reported   text,                            -- taxonomy key; null where the export has none that is valid
    cause_reported      text,                            -- taxonomy key
    product_label       text,                            -- the source's own labels, as they came
    sub_product_label   text,
    issue_label         text,
    sub_issue_label     text,
    branch_name         text,                            -- the organisation complained of
    branch_code         text,
    parent_branch_name  text,                            -- its superior (reporting) organisation; the company in the US export
    region              text,
    city                text,
    severity            text,                            -- taxonomy key
    amount_yuan         numeric(18, 2),                  -- claimed, in the currency unit of the source (yuan, dollars)
    persons_count       integer not null default 1,
    due_date            date,
    reply_date          date,
    follow_up_date      date,
    satisfaction        text check (satisfaction in ('satisfied', 'fairly_satisfied', 'dissatisfied', 'not_reached')),
    is_liable           boolean,
    is_compensated      boolean,
    compensation_yuan   numeric(18, 2),
    is_escalated_reported boolean,
    is_timely_reported  boolean,
    response_label      text,                            -- company response in the US export
    overdue_reason      text,
    original_number     text,                            -- number in the system before
    regulator_number    text,                            -- the regulator's own number
    link_number         text,                            -- the case that the source itself says this one continues
    tags                text,
    gender              text,
    birth_year          integer,
    identity_state      text not null default 'absent' check (identity_state in ('absent', 'valid', 'masked', 'invalid')),
    name_token          bytea,
    identity_token      bytea,
    phone_tokens        bytea[] not null default '{}',   -- in the order contact, reply, reserved; without repeats
    email_token         bytea,
    account_token       bytea,
    warnings            text[] not null default '{}',    -- codes, see the warning catalogue
    key_id              integer not null,
    sealed              bytea not null,                  -- name, identity number, phones, narrative and every unmapped column
    unique (source, case_number)
);
create index complaint_received on complaint (received_date);
create index complaint_file on complaint (file_id);

-- One row is an earlier state of a complaint that changed (or an older state that arrived late). Key: complaint, revision.
create table complaint_revision (
    like complaint,
    superseded_by_file_id bigint references source_file,
    primary key (complaint_id, revision)
);
create index complaint_revision_file on complaint_revision (file_id);

-- One row is a value that was set aside or cleaned with doubt: the complaint counts, the value does not. Key: complaint, field, code.
create table complaint_warning (
    complaint_id  bigint not null references complaint on delete cascade,
    file_id       bigint not null references source_file,
    line_number   bigint not null,
    field         text not null,
    code          text not null,
    primary key (complaint_id, field, code)
);

-- One row is a row that could not be taken. Key: file, sheet, line.
create table quarantined_row (
    quarantine_id  bigint generated always as identity primary key,
    file_id        bigint not null references source_file,
    sheet_name     text not null default '',
    line_number    bigint not null,
    case_number    text,
    column_name    text,                                 -- header of the offending column
    column_number  integer,                              -- 1-based
    field          text,                                 -- canonical field
    reason_code    text not null,
    value_masked   text,                                 -- the offending value, personal data masked
    state          text not null default 'open' check (state in ('open', 'released', 'dismissed')),
    decided_at     timestamptz,
    decided_file_id bigint references source_file,       -- the correction that released it
    key_id         integer not null,
    sealed         bytea not null,                       -- the original cells
    unique (file_id, sheet_name, line_number)
);

-- One row is a person or company, with a key that never changes.
create table complainant (
    person_key   bigint generated always as identity primary key,
    first_seen_date date not null,
    merged_into  bigint references complainant,
    created_run  text
);

-- One row is complaint -> complainant, with the evidence. Key: complaint.
create table complainant_link (
    complaint_id  bigint primary key references complaint on delete cascade,
    person_key    bigint not null references complainant,
    revision      integer not null,                      -- the complaint's revision that was judged
    evidence      jsonb not null                         -- rule and tokens that decided, never the values
);
create index complainant_link_person on complainant_link (person_key);

-- One row is a merge or split of persons.
create table identity_event (
    event_id     bigint generated always as identity primary key,
    kind         text not null check (kind in ('merge', 'split', 'confirm', 'refuse')),
    person_key   bigint not null references complainant,
    other_key    bigint references complainant,
    complaint_id bigint references complaint on delete set null,
    evidence     jsonb not null,
    decided_by   text not null,
    decided_at   timestamptz not null
);

-- One row is a trained model.
create table model (
    model_id     text primary key,                       -- first 12 hex digits of the sha-256 of its bytes
    name         text not null,
    taxonomy     text not null,
    language     text not null,
    heads        text[] not null,
    state        text not null check (state in ('champion', 'challenger', 'retired')),
    trained_at   timestamptz not null,
    data_sha256  text not null,
    rows_count   integer not null,
    metrics      jsonb not null,
    bytes        bytea not null
);
create unique index model_one_champion on model (taxonomy, language) where state = 'champion';

-- One row is complaint x head -> class, by which model or analyst. Key: complaint, head, decided by.
create table label (
    complaint_id  bigint not null references complaint on delete cascade,
    head          text not null,
    decided_by    text not null,                         -- 'model:<model id>' or 'analyst:<who>'
    class         text not null,
    probability   real,
    needs_review  boolean not null default false,
    text_hash     bytea not null,                        -- of the text that was judged: a changed text is judged again
    decided_at    timestamptz not null,
    primary key (complaint_id, head, decided_by)
);

-- One row is one execution for one month, with pinned inputs and counts.
create table run (
    run_id        text primary key,                      -- first 12 hex digits of the sha-256 of the pinned inputs
    month         date not null,                         -- first day
    source        text not null,
    edition       integer not null,
    state         text not null check (state in ('running', 'complete', 'failed')),
    as_of_date    date not null,
    inputs        jsonb not null,
    counts        jsonb not null default '{}',
    started_at    timestamptz not null,
    completed_at  timestamptz,
    document      bytea,                                 -- everything that the workbooks print (masked), gzip of JSON
    unique (month, source, edition)
);

create table run_step (
    run_id   text not null references run on delete cascade,
    ordinal  integer not null,
    name     text not null,
    rows     bigint not null,
    seconds  double precision not null,
    primary key (run_id, ordinal)
);

-- One row is complaint x flag with its evidence. Key: run, complaint, kind.
create table flag (
    run_id        text not null references run on delete cascade,
    complaint_id  bigint not null references complaint on delete cascade,
    kind          text not null check (kind in ('repeat', 'escalating', 'group', 'organised')),
    score         double precision not null,
    evidence      jsonb not null,
    primary key (run_id, complaint_id, kind)
);

-- One row is a figure of a run. Key: run, key.
create table figure (
    run_id       text not null references run on delete cascade,
    key          text not null,
    value        numeric,                                -- null: not defined (nothing in the denominator)
    numerator    numeric,
    denominator  numeric,
    unit         text not null,
    rows_count   bigint not null,
    primary key (run_id, key)
);

create table workbook (
    run_id   text not null references run on delete cascade,
    kind     text not null,
    lang     text not null,
    name     text not null,
    sha256   text not null,
    primary key (run_id, kind, lang)
);

-- Who did what: append-only, each row carries the hash of the one before.
create table audit_event (
    sequence    bigint primary key,
    occurred_at timestamptz not null,
    actor       text not null,
    action      text not null,
    detail      jsonb not null,
    previous    bytea not null,
    hash        bytea not null
);
create table audit_head (
    only_one  boolean primary key default true check (only_one),
    sequence  bigint not null,
    hash      bytea not null
);
insert into audit_head values (true, 0, '\x00');

create function audit_append(p_at timestamptz, p_actor text, p_action text, p_detail jsonb) returns bigint
language plpgsql as $$
declare
    h audit_head;
    n bytea;
begin
    select * into h from audit_head for update;
    n := sha256(convert_to(format('%s|%s|%s|%s|%s|%s', h.sequence + 1,
        to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), p_actor, p_action, p_detail::text, encode(h.hash, 'hex')), 'UTF8'));
    insert into audit_event values (h.sequence + 1, p_at, p_actor, p_action, p_detail, h.hash, n);
    update audit_head set sequence = h.sequence + 1, hash = n;
    return h.sequence + 1;
end $$;
