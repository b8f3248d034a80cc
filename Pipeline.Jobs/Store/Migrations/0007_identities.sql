-- The analyst's word on identities, what merges and splits moved, and who was held apart.

-- One row is what an analyst said of identities once. It binds case numbers of its source, not keys or ids: so it stands when files are taken back
-- and come again, and when persons are recognised anew. Words are never changed or removed; a later one overrules an earlier one. Key: word.
create table identity_word (
    word_id  bigint generated always as identity primary key,
    source   text collate "C" not null,
    kind     text not null check (kind in ('confirm', 'refuse', 'merge', 'split')),
    bond     text not null check (bond in ('together', 'apart')),
    note     text,                                       -- the analyst's reason, personal data masked
    said_by  text not null,                              -- 'analyst:<who>'
    said_at  timestamptz not null
);
create index identity_word_source on identity_word (source, word_id);

-- One row is a case that a word names. Together: all on side 1. Apart: nobody of side 1 is one with anybody of side 2. Key: word, side, place.
create table identity_word_case (
    word_id      bigint not null references identity_word,
    side         smallint not null check (side in (1, 2)),
    place        integer not null,
    case_number  text collate "C" not null,
    primary key (word_id, side, place)
);
create index identity_word_case_number on identity_word_case (case_number);

-- Of a merge or split: whose it is, the word that made it (null: evidence did), and the figures of kept editions that it moves.
alter table identity_event add column source text collate "C";
alter table identity_event add column word_id bigint references identity_word;
alter table identity_event add column figures jsonb;
update identity_event
set source = complaint.source
from complaint
where complaint.complaint_id = identity_event.complaint_id;
create index identity_event_source on identity_event (source, event_id);
create index identity_event_person on identity_event (person_key);
create index identity_event_other on identity_event (other_key) where other_key is not null;

-- One row is a complaint that a merge or split brought from one key to another. By case number, as words are. Key: event, case.
create table identity_move (
    event_id     bigint not null references identity_event,
    source       text collate "C" not null,
    case_number  text collate "C" not null,
    from_key     bigint not null references complainant,
    to_key       bigint not null references complainant,
    primary key (event_id, case_number)
);
create index identity_move_case on identity_move (case_number, source);

-- One row is a complaint of a person who would not be the same without the analysts' words; rewritten by each linking that differs. What a
-- word does to the persons of a month is pinned among the inputs of a run by these rows. Key: complaint.
create table identity_effect (
    complaint_id  bigint primary key references complaint on delete cascade
);

-- One row is two complaints that look like one person's and were held apart, the most alike of each two persons; rewritten by each linking
-- that differs. Key: the two complaints.
create table held_apart (
    complaint_id        bigint not null references complaint on delete cascade,
    other_complaint_id  bigint not null references complaint on delete cascade,
    kind                text not null,                   -- what speaks for it: match, or the key
    reason              text not null,                   -- what speaks against it
    field               text,
    evidence            jsonb,                           -- of kind match: the weights; no values of persons
    primary key (complaint_id, other_complaint_id)
);
create index held_apart_other on held_apart (other_complaint_id);

-- The newest identity event when a run was kept: between two runs lie the events after the one's and up to the other's.
create function last_identity_event() returns bigint
language sql stable as 'select coalesce(max(event_id), 0) from identity_event';
alter table run add column identity_event_id bigint;
alter table run alter column identity_event_id set default last_identity_event();
