-- What messages of the terminal operating system state of boxes: COARRI, CODECO, CSV.
-- depends: 0019_treatments

CREATE TABLE tos_message (
    terminal    text NOT NULL,
    message_id  text NOT NULL,        -- hash of all that it states: sent once more it is the same
    sender      text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('coarri', 'codeco', 'csv')),
    document    text NOT NULL,        -- empty where it has no number
    version     integer NOT NULL,
    function    text NOT NULL CHECK (function IN ('adds', 'replaces', 'cancels')),
    complete    boolean NOT NULL,
    prepared_at timestamptz,
    ordinal     integer NOT NULL,
    holds       boolean NOT NULL DEFAULT true, -- false: a later message of its document took its place, or cancelled it
    source      text NOT NULL,        -- name of the file, or "api"
    imported_at timestamptz NOT NULL DEFAULT now(),
    imported_by text NOT NULL,
    PRIMARY KEY (terminal, message_id)
);
CREATE INDEX tos_message_document ON tos_message (terminal, sender, kind, document) WHERE document <> '';

CREATE TABLE tos_event (
    terminal        text NOT NULL,
    message_id      text NOT NULL,
    line            integer NOT NULL, -- of the file; in EDIFACT the number of the segment
    container_id    text COLLATE "C" NOT NULL,
    container_raw   text NOT NULL,
    check_ok        boolean NOT NULL,
    event           text NOT NULL CHECK (event IN ('gate_in', 'gate_out', 'discharged', 'loaded', 'shifted')),
    time            timestamptz,      -- NULL: not stated, or impossible
    place           text,
    vessel          text,
    voyage          text,
    stowage         text,
    plate           text,
    reference_numbers text[] NOT NULL,
    empty_indicator text,
    size_type       text,
    gross_weight_kg double precision,
    seals           text[] NOT NULL,
    problems        text[] NOT NULL,
    PRIMARY KEY (terminal, message_id, line),
    FOREIGN KEY (terminal, message_id) REFERENCES tos_message ON DELETE CASCADE
);
CREATE INDEX tos_event_container ON tos_event (terminal, container_id, time);
CREATE INDEX tos_event_time ON tos_event (terminal, time);

CREATE VIEW v_tos_event AS
SELECT e.terminal, e.container_id, e.time, e.event, e.place, e.vessel, e.voyage, e.stowage, e.plate,
       e.reference_numbers, e.empty_indicator, e.size_type, e.gross_weight_kg, e.seals, e.container_raw, e.check_ok,
       e.problems, m.kind, m.sender, m.document, m.version, m.holds, e.message_id, e.line, m.source, m.imported_at,
       m.imported_by
FROM tos_event e JOIN tos_message m USING (terminal, message_id);
