-- What happened to each box: events that follow from facts, where the box is by them, contradictions among them.
-- Boxes that are plugged in and out, as facts of reefers: those that have sent samples already get their facts again.
-- depends: 0019_treatments

CREATE TABLE reefer_plug_change (
    device_id    integer NOT NULL,
    plugged      boolean NOT NULL,
    time         timestamptz NOT NULL,
    container_id text NOT NULL,
    PRIMARY KEY (device_id, plugged, time)
);
CREATE INDEX reefer_plug_change_time ON reefer_plug_change (time DESC);

CREATE VIEW v_reefer_plug_change AS
SELECT d.terminal, d.device, p.container_id, p.time, p.plugged, p.device_id
FROM reefer_plug_change p JOIN device d USING (device_id);

-- The key names the fact that an event follows from, not the box: a number may turn out to be misread.
CREATE TABLE container_event (
    terminal     text NOT NULL,
    source       text NOT NULL,
    device       text NOT NULL,
    event        text NOT NULL,
    ordinal      integer NOT NULL,
    fact_at      timestamptz NOT NULL,
    container_id text COLLATE "C" NOT NULL,
    time         timestamptz NOT NULL,
    stream       text NOT NULL,
    place        text,
    confidence   double precision NOT NULL,
    check_ok     boolean NOT NULL,
    read_as      text,
    PRIMARY KEY (terminal, source, device, event, ordinal, fact_at)
);
CREATE INDEX container_event_container ON container_event (terminal, container_id, time);
CREATE INDEX container_event_fact_at ON container_event (terminal, fact_at);
CREATE INDEX container_event_seen ON container_event (terminal, fact_at) WHERE source <> 'tos_report';

CREATE VIEW v_container_event AS
SELECT terminal, container_id, time, event, place, stream, device, source, confidence, check_ok, read_as, ordinal,
       fact_at
FROM container_event;

-- Hours of a terminal whose events are to be derived from stored facts once more.
CREATE TABLE recompute_events (
    terminal text NOT NULL,
    hour     timestamptz NOT NULL,
    PRIMARY KEY (terminal, hour)
);

-- Where each box is by its events: one row a box, made of all of them whenever one changes.
CREATE TABLE container_state (
    terminal     text NOT NULL,
    container_id text COLLATE "C" NOT NULL,
    state        text NOT NULL,
    place        text,
    since_at     timestamptz NOT NULL,
    PRIMARY KEY (terminal, container_id)
);
CREATE INDEX container_state_search ON container_state USING gin (container_id gin_trgm_ops)
    WITH (gin_pending_list_limit = 256);
CREATE INDEX container_state_state ON container_state (terminal, state, container_id);

-- Two events of a box that cannot both be, and what was expected instead.
CREATE TABLE container_conflict (
    terminal     text NOT NULL,
    container_id text COLLATE "C" NOT NULL,
    kind         text NOT NULL,
    time         timestamptz NOT NULL,
    before_at    timestamptz,
    detail       text NOT NULL,
    PRIMARY KEY (terminal, container_id, kind, time)
);
CREATE INDEX container_conflict_newest ON container_conflict (terminal, time DESC, container_id, kind);

-- What people have found out about a conflict: the newest one counts, and all are kept.
CREATE TABLE container_conflict_resolution (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    terminal     text NOT NULL,
    container_id text COLLATE "C" NOT NULL,
    kind         text NOT NULL,
    time         timestamptz NOT NULL,
    remark       text NOT NULL,
    resolved_by  text NOT NULL,
    resolved_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX container_conflict_resolution_of
    ON container_conflict_resolution (terminal, container_id, kind, time, id DESC);

-- Boxes whose events have changed since their state was made.
CREATE TABLE recompute_containers (
    terminal     text NOT NULL,
    container_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (terminal, container_id)
);

CREATE FUNCTION note_container_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO recompute_containers VALUES (OLD.terminal, OLD.container_id) ON CONFLICT DO NOTHING;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO recompute_containers VALUES (NEW.terminal, NEW.container_id) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT OR DELETE ON container_event
    FOR EACH ROW EXECUTE FUNCTION note_container_event();
CREATE TRIGGER note_update AFTER UPDATE ON container_event
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION note_container_event();

-- Of a terminal's first 30 days nobody knows which boxes were there already: those arrived unseen. Messages tell of
-- times before its devices reported.
CREATE VIEW v_container_conflict AS
SELECT c.terminal, c.container_id, c.kind, c.time, c.before_at, c.detail, r.remark, r.resolved_by, r.resolved_at
FROM container_conflict c
LEFT JOIN LATERAL (
    SELECT * FROM container_conflict_resolution r
    WHERE (r.terminal, r.container_id, r.kind, r.time) = (c.terminal, c.container_id, c.kind, c.time)
    ORDER BY r.id DESC LIMIT 1
) r ON true
WHERE c.kind <> 'left_without_arriving'
   OR c.time >= (SELECT min(e.fact_at) FROM container_event e
                 WHERE e.terminal = c.terminal AND e.source <> 'tos_report') + interval '30 days';

-- A box of which nothing is known but its announcement is announced; any other one is where its events show it.
DROP VIEW v_container;
CREATE VIEW v_container AS
SELECT s.terminal, s.container_id,
       (SELECT a.iso_code FROM container_announcement a
        WHERE a.terminal = s.terminal AND a.container_id = s.container_id) AS iso_code,
       s.state, s.place, s.since_at AS since,
       EXISTS (SELECT 1 FROM v_container_conflict c
               WHERE c.terminal = s.terminal AND c.container_id = s.container_id AND c.resolved_at IS NULL) AS conflict
FROM container_state s
UNION ALL
SELECT a.terminal, a.container_id, a.iso_code, 'announced', NULL, a.announced_at, false
FROM container_announcement a
WHERE NOT EXISTS (SELECT 1 FROM container_state s WHERE s.terminal = a.terminal AND s.container_id = a.container_id);

-- Of facts that are stored already, events follow once.
INSERT INTO recompute_events (terminal, hour)
SELECT d.terminal, date_trunc('hour', f.time, 'UTC') FROM (
    SELECT device_id, locked_at AS time FROM crane_move
    UNION ALL SELECT device_id, entered_at FROM gate_transaction
    UNION ALL SELECT device_id, began_at FROM vehicle_trip
    UNION ALL SELECT device_id, began_at FROM reefer_excursion
) f JOIN device d USING (device_id)
UNION
SELECT terminal, date_trunc('hour', began_at, 'UTC') FROM cold_treatment;

INSERT INTO recompute_facts AS r (device_id, first, last)
SELECT d.device_id, oldest.time, newest.time FROM device d
CROSS JOIN LATERAL (SELECT time FROM reefer_telemetry t WHERE t.device_id = d.device_id ORDER BY time LIMIT 1) oldest
CROSS JOIN LATERAL (SELECT time FROM reefer_telemetry t WHERE t.device_id = d.device_id ORDER BY time DESC LIMIT 1) newest
WHERE d.stream = 'reefer'
ON CONFLICT (device_id) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);
