-- Which texts a model has judged, and what became of models.

-- One row is complaint x model: what the model was shown. A complaint whose content changed since is judged again; one without text
-- has a row too, so that it is not opened every month. Key: complaint, decided by.
create table judged_text (
    complaint_id  bigint not null references complaint on delete cascade,
    decided_by    text not null,                         -- 'model:<model id>'
    content_hash  bytea not null,                        -- the complaint's, as it was judged
    text_hash     bytea,                                 -- keyed; null where there was no text to judge
    judged_at     timestamptz not null,
    primary key (complaint_id, decided_by)
);

-- One row is a change in the registry of models. Key: event.
create table model_event (
    event_id           bigint generated always as identity primary key,
    model_id           text not null references model,
    kind               text not null check (kind in ('trained', 'promoted', 'rolled_back')),
    replaced_model_id  text references model,            -- the champion before, where the champion changed
    actor              text not null,
    occurred_at        timestamptz not null
);
