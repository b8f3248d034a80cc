-- Editions: what each run counted, complaint by complaint; approvals, and what they lock.

-- Where a run stands among the runs of its source: what it counted is what stands in counted_state at its place. Null for runs from before.
alter table run add column place bigint;
create unique index run_place on run (source, place);

-- One row is a complaint as runs counted it, from one place on and up to (not including) another: only what differs from the run before is
-- kept. Nothing personal: labels, dates, flags, the key of the person. Key: source, case number, from place.
create table counted_state (
    source         text collate "C" not null,
    case_number    text collate "C" not null,
    from_place     bigint not null,
    to_place       bigint,                               -- null: stands still
    received_date  date not null,
    state          jsonb not null,
    hash           bytea not null,                       -- of the state, as it was serialised
    primary key (source, case_number, from_place)
);
create index counted_state_standing on counted_state (source) include (case_number, hash) where to_place is null;

-- One row is an edition that an officer approved. Key: run.
create table published_edition (
    run_id          text primary key references run,
    month           date not null,
    source          text not null,
    edition         integer not null,
    published_by    text not null check (published_by <> ''),
    published_at    timestamptz not null,
    note            text,
    audit_sequence  bigint not null references audit_event,
    audit_hash      bytea not null,
    unique (month, source, edition)
);

-- One row is a workbook of an approved edition, as it was approved. Key: run, kind, language.
create table published_workbook (
    run_id   text not null references published_edition,
    kind     text not null,
    lang     text not null,
    name     text not null,
    sha256   text not null,
    bytes    bytea not null,
    primary key (run_id, kind, lang)
);
-- A workbook is compressed already.
alter table published_workbook alter column bytes set storage external;

create function refuse_change_of_published() returns trigger
language plpgsql as $$
begin
    raise exception 'a published edition cannot be changed or removed (% of %)', lower(tg_op), tg_table_name
        using errcode = 'restrict_violation';
end $$;

create trigger published_edition_stays before update or delete on published_edition
    for each row execute function refuse_change_of_published();
create trigger published_edition_is_not_emptied before truncate on published_edition
    for each statement execute function refuse_change_of_published();
create trigger published_workbook_stays before update or delete on published_workbook
    for each row execute function refuse_change_of_published();
create trigger published_workbook_is_not_emptied before truncate on published_workbook
    for each statement execute function refuse_change_of_published();

create function refuse_change_of_published_run() returns trigger
language plpgsql as $$
begin
    if exists (select from published_edition where run_id = old.run_id) then
        raise exception 'the run % is published and cannot be changed or removed', old.run_id using errcode = 'restrict_violation';
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end $$;

create trigger published_run_stays before update or delete on run
    for each row execute function refuse_change_of_published_run();
create trigger published_figure_stays before update or delete on figure
    for each row execute function refuse_change_of_published_run();
