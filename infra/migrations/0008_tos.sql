-- Move lists of the terminal operating system (TOS), one a call; the next import replaces it.
-- depends: 0006_cranes

CREATE TABLE tos_import (
    terminal    text NOT NULL,
    call_id     text NOT NULL,
    source      text NOT NULL,        -- name of the file, or "api"
    format      text NOT NULL CHECK (format IN ('csv', 'coarri')),
    imported_at timestamptz NOT NULL DEFAULT now(),
    imported_by text NOT NULL,
    lines       integer NOT NULL,     -- boxes in the list
    vessel      text,                 -- as the list names it
    voyage      text,
    PRIMARY KEY (terminal, call_id)
);

CREATE TABLE tos_move (
    terminal     text NOT NULL,
    call_id      text NOT NULL,
    line         integer NOT NULL,    -- of the file; in EDIFACT the number of the segment
    crane        text,
    at           timestamptz,
    container_id text,
    kind         text NOT NULL CHECK (kind IN ('load', 'discharge', 'shift')),
    size_type    text,
    stowage      text,
    check_ok     boolean NOT NULL,    -- whether the number passes ISO 6346
    PRIMARY KEY (terminal, call_id, line),
    FOREIGN KEY (terminal, call_id) REFERENCES tos_import ON DELETE CASCADE
);
CREATE INDEX tos_move_container ON tos_move (container_id);

CREATE VIEW v_tos_move AS
SELECT m.terminal, m.call_id, m.line, m.crane, m.at, m.container_id, m.kind, m.size_type, m.stowage, m.check_ok,
       i.source, i.imported_at, i.imported_by
FROM tos_move m JOIN tos_import i USING (terminal, call_id);
