-- Events of boxes in the form of DCSA, as they are sent: each one is kept, and marked when the broker has it.
-- depends: 0020_container_events 0021_tos_events

-- Container events that have changed and were not looked at yet. Each change has a row of its own, so nobody waits for
-- anybody: a row is seen together with the change, or not yet.
CREATE TABLE dcsa_change (
    number   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    terminal text NOT NULL,
    source   text NOT NULL,
    device   text NOT NULL,
    event    text NOT NULL,
    ordinal  integer NOT NULL,
    fact_at  timestamptz NOT NULL
);

CREATE FUNCTION note_dcsa_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed container_event := coalesce(NEW, OLD);
BEGIN
    INSERT INTO dcsa_change (terminal, source, device, event, ordinal, fact_at)
    VALUES (changed.terminal, changed.source, changed.device, changed.event, changed.ordinal, changed.fact_at);
    RETURN NULL;
END $$;
-- Of kinds that are sent: processing/dcsa/events.py.
CREATE TRIGGER note_dcsa AFTER INSERT ON container_event FOR EACH ROW
    WHEN (NEW.source <> 'tos_report' AND NEW.event IN ('gate_in', 'gate_out', 'loaded', 'discharged', 'plugged',
                                                       'unplugged', 'excursion_began', 'excursion_ended'))
    EXECUTE FUNCTION note_dcsa_change();
CREATE TRIGGER note_dcsa_removed AFTER DELETE ON container_event FOR EACH ROW
    WHEN (OLD.source <> 'tos_report' AND OLD.event IN ('gate_in', 'gate_out', 'loaded', 'discharged', 'plugged',
                                                       'unplugged', 'excursion_began', 'excursion_ended'))
    EXECUTE FUNCTION note_dcsa_change();
CREATE TRIGGER note_dcsa_update AFTER UPDATE ON container_event FOR EACH ROW
    WHEN (OLD IS DISTINCT FROM NEW AND NEW.source <> 'tos_report' AND NEW.event IN
          ('gate_in', 'gate_out', 'loaded', 'discharged', 'plugged', 'unplugged', 'excursion_began', 'excursion_ended'))
    EXECUTE FUNCTION note_dcsa_change();

CREATE TABLE dcsa_event (
    number       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    terminal     text NOT NULL,
    container_id text COLLATE "C" NOT NULL,
    source       text NOT NULL,
    device       text NOT NULL,
    event        text NOT NULL,
    ordinal      integer NOT NULL,
    fact_at      timestamptz NOT NULL,
    event_id     uuid NOT NULL,      -- of the event that is sent, or retracted
    event_type   text NOT NULL CHECK (event_type IN ('EQUIPMENT', 'REEFER')),
    retracts     boolean NOT NULL,
    document     json NOT NULL,      -- as it is sent
    created_at   timestamptz NOT NULL,
    published_at timestamptz         -- NULL: the broker has not acknowledged it yet
);
CREATE INDEX dcsa_event_of ON dcsa_event (terminal, source, device, event, ordinal, fact_at, number DESC);
CREATE INDEX dcsa_event_container ON dcsa_event (terminal, container_id, number);
CREATE INDEX dcsa_event_terminal ON dcsa_event (terminal, number);
CREATE INDEX dcsa_event_unsent ON dcsa_event (number) WHERE published_at IS NULL;

CREATE VIEW v_dcsa_event AS
SELECT terminal, container_id, event_id, event_type, event, retracts, created_at, published_at, document, number
FROM dcsa_event;

-- Events that there are already are sent once.
INSERT INTO dcsa_change (terminal, source, device, event, ordinal, fact_at)
SELECT terminal, source, device, event, ordinal, fact_at FROM container_event
WHERE source <> 'tos_report' AND event IN ('gate_in', 'gate_out', 'loaded', 'discharged', 'plugged', 'unplugged',
                                           'excursion_began', 'excursion_ended')
ORDER BY time;
