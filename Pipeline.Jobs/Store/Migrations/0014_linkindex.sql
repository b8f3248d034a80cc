-- By what the complaints of a month are found that a new or changed complaint may concern, so that linking judges those and no others.
-- Everything here follows from the ledger: it is made anew where the rules, or what was learned, changed. Names and numbers stand in it as signs
-- (HMAC-SHA256 of the application, cut to 64 bits) and nowhere else.

-- One row is the state of a source's persons: by which rules and weights they were judged. Key: source.
create table match_state (
    source         text collate "C" primary key,
    rules_sha256   text not null,                        -- of schema, names, thresholds and the method of judging
    due            integer not null,                     -- complaints at which the weights were due to be learned; 0: too few
    learned_until  date,                                 -- what exports up to this as-of date told is what they were learned from
    files_sha256   text not null,                        -- of the exports up to that date
    model          bytea                                 -- the weights; null: too few complaints, exact keys only
);

-- One row is a complaint as linking judged it; it outlives the complaint until the next linking, so that what was taken back is found. Key: complaint.
create table match_record (
    complaint_id  bigint primary key,
    source        text collate "C" not null,
    content_hash  bytea not null,                        -- the complaint's, as it was judged
    digest        bytea not null,                        -- of what it shows of its person: where that is the same nothing is judged anew
    component     bigint not null,                       -- complaints of one component may become one person; smallest complaint of it
    name_sound    bigint not null,                       -- sign of how the name sounds; 0: none
    keys          bigint[] not null                      -- see match_key
);
create index match_record_component on match_record (component);

-- One row is a key of a complaint: identity number, contact, value that many may share, blocking key; which of them stands in the last seven
-- bits. Key: key, complaint.
create table match_key (
    key           bigint not null,
    complaint_id  bigint not null,
    primary key (key, complaint_id)
);

-- One row is a contact or value that too many persons use, or a blocking key that too many complaints share. Key: source, key.
create table match_common (
    source  text collate "C" not null,
    key     bigint not null,
    primary key (source, key)
);

-- One row is a word on identities that an analyst took back: it binds nothing any more, and says no opposite. Key: word.
create table identity_withdrawal (
    word_id       bigint primary key references identity_word,
    note          text,                                  -- the analyst's reason, personal data masked
    withdrawn_by  text not null,                         -- 'analyst:<who>'
    withdrawn_at  timestamptz not null
);
alter table identity_event drop constraint identity_event_kind_check;
alter table identity_event add constraint identity_event_kind_check check (kind in ('merge', 'split', 'confirm', 'refuse', 'withdraw'));
