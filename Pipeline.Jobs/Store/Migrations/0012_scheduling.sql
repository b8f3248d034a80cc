-- What the system does by itself: nodes, recurring jobs, tasks, alerts. Tables named qrtz_* beside these are the scheduler's own.

-- One row is a process that works or worked on this database. Key: node.
create table node (
    node              text primary key,
    host              text not null,
    process_id        integer not null,
    program_version   text not null,
    rules_sha256      text not null,                     -- of all rule files together: nodes with other rules do not work together
    schedule_sha256   text not null,
    started_at        timestamptz not null,
    seen_at           timestamptz not null,              -- by the clock of the database server
    clock_ahead_ms    integer not null default 0,        -- the node's clock minus the server's
    stopped_at        timestamptz                        -- null: it works, or it died
);

-- One row is a recurring job of the schedule file, as it was last applied. Key: name.
create table schedule_job (
    name              text primary key,
    spec              jsonb not null,
    planned_through   timestamptz not null,              -- every slot up to here has its task
    paused_at         timestamptz,
    paused_by         text
);

-- The schedule file that was last applied. One row.
create table schedule_applied (
    only_one  boolean primary key default true check (only_one),
    sha256    text not null,
    applied_at timestamptz not null
);

-- One row is one piece of work for one period: a slot of a recurring job, a month of a backfill, a request. Key: job, slot.
create table task (
    task_id            bigint generated always as identity primary key,
    job                text not null,                    -- the recurring job, or 'backfill', 'request'
    kind               text not null check (kind in ('run', 'expect', 'quality', 'maintenance')),
    slot               text not null,                    -- the slot in UTC, or what makes a request one of its own
    source             text,                             -- of a run; null: the source with most complaints in the month
    month              date,                             -- first day; never derived from the time of firing
    spec               jsonb not null,
    reason             text,                             -- why a backfill runs it
    state              text not null default 'waiting' check (state in ('waiting', 'running', 'retrying', 'done', 'failed', 'gave_up', 'withdrawn')),
    priority           integer not null default 5,
    due_at             timestamptz not null,
    deadline_at        timestamptz,
    requested_at       timestamptz not null,
    attempt            integer not null default 0,       -- attempts that ended in a fault, and the one under way
    deaths             integer not null default 0,       -- attempts whose node died
    fence              bigint not null default 0,        -- rises with each claim; an older claim can commit nothing
    node               text,
    backend_pid        integer,                          -- the session that holds the month for this claim
    backend_started_at timestamptz,
    started_at         timestamptz,
    finished_at        timestamptz,
    run_id             text,
    summary            jsonb,
    error_code         text,
    error_zh           text,
    error_en           text,
    unique (job, slot)
);
-- A month is asked for once at a time; slots of the schedule are one by their key.
create unique index task_one_request on task (month, (coalesce(source, ''))) where kind = 'run' and job in ('backfill', 'request') and state in ('waiting', 'running', 'retrying');
create index task_open on task (due_at) where state in ('waiting', 'running', 'retrying');

-- One row is a step of an attempt. Key: task, attempt, ordinal.
create table task_step (
    task_id     bigint not null references task on delete cascade,
    fence       bigint not null,
    ordinal     integer not null,
    name        text not null,
    rows        bigint,
    seconds     double precision,
    begun_at    timestamptz not null,
    primary key (task_id, fence, ordinal)
);

-- One row is a file that was taken from a drop folder. Key: drop.
create table dropped_file (
    drop_id      bigint generated always as identity primary key,
    job          text not null,
    name         text not null,                          -- as it lay in the drop folder
    kept_as      text not null,                          -- its name under taken/ or refused/
    sha256       text not null,
    bytes        bigint not null,
    outcome      text not null check (outcome in ('ingested', 'known', 'refused')),
    read_count   bigint not null default 0,
    rejected_count bigint not null default 0,
    reason_zh    text,
    reason_en    text,
    node         text not null,
    taken_at     timestamptz not null
);

-- One row is something that somebody must be told. Written in the transaction of what happened. Key: event key.
create table outbox (
    outbox_id   bigint generated always as identity primary key,
    event_key   text not null unique,                    -- the receiver's idempotency key
    kind        text not null,
    urgent      boolean not null,
    subject_zh  text not null,
    subject_en  text not null,
    body_zh     text not null,
    body_en     text not null,
    data        jsonb not null,
    created_at  timestamptz not null
);

-- One row is an event for one channel. Delivered at least once. Key: event, channel.
create table outbox_delivery (
    outbox_id    bigint not null references outbox on delete cascade,
    channel      text not null,
    state        text not null default 'waiting' check (state in ('waiting', 'delivered', 'gave_up')),
    attempts     integer not null default 0,
    next_at      timestamptz not null,
    delivered_at timestamptz,
    last_error   text,
    primary key (outbox_id, channel)
);
create index outbox_delivery_waiting on outbox_delivery (next_at) where state = 'waiting';
