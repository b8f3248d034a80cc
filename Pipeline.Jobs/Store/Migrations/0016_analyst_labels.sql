-- Labels that analysts gave are few beside those that models gave: whoever asks a complaint for the one does not read the other.
create index label_by_analyst on label (complaint_id, head) where decided_by like 'analyst:%';
