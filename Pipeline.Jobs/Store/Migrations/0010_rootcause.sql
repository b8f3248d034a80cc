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
