-- Events of DCSA follow what is known beside a container event: whoever changes that leaves a note, as whoever changes
-- the event itself does. A message of the terminal operating system and a vessel call note it with their own statements.
-- depends: 0049_notes_locked

-- Of kinds that are sent: processing/dcsa/events.py.
CREATE VIEW dcsa_sent AS
SELECT terminal, source, device, event, ordinal, fact_at, container_id, time FROM container_event
WHERE source <> 'tos_report' AND event IN ('gate_in', 'gate_out', 'loaded', 'discharged', 'plugged', 'unplugged',
                                           'excursion_began', 'excursion_ended');

-- What is announced of a box stands in all its events.
CREATE FUNCTION note_dcsa_announcement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed container_announcement := coalesce(NEW, OLD);
BEGIN
    INSERT INTO dcsa_change (terminal, source, device, event, ordinal, fact_at)
    SELECT terminal, source, device, event, ordinal, fact_at FROM dcsa_sent
    WHERE terminal = changed.terminal AND container_id = changed.container_id;
    RETURN NULL;
END $$;
CREATE TRIGGER note_dcsa AFTER INSERT OR DELETE ON container_announcement FOR EACH ROW
    EXECUTE FUNCTION note_dcsa_announcement();
CREATE TRIGGER note_dcsa_update AFTER UPDATE ON container_announcement FOR EACH ROW
    WHEN ((OLD.iso_code, OLD.empty_indicator, OLD.category) IS DISTINCT FROM
          (NEW.iso_code, NEW.empty_indicator, NEW.category))
    EXECUTE FUNCTION note_dcsa_announcement();

-- A plate that is read better later, of the same passage.
CREATE FUNCTION note_dcsa_plate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dcsa_change (terminal, source, device, event, ordinal, fact_at)
    SELECT e.terminal, e.source, e.device, e.event, e.ordinal, e.fact_at FROM device d JOIN dcsa_sent e
        ON e.terminal = d.terminal AND e.source = 'gate_transaction' AND e.device = d.device AND e.fact_at = NEW.entered_at
    WHERE d.device_id = NEW.device_id;
    RETURN NULL;
END $$;
CREATE TRIGGER note_dcsa_update AFTER UPDATE ON gate_transaction FOR EACH ROW
    WHEN (OLD.plate IS DISTINCT FROM NEW.plate) EXECUTE FUNCTION note_dcsa_plate();

-- Readings of a reefer that came late: where its facts were recomputed, other ones may be the last before an event.
CREATE FUNCTION note_dcsa_readings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dcsa_change (terminal, source, device, event, ordinal, fact_at)
    SELECT e.terminal, e.source, e.device, e.event, e.ordinal, e.fact_at FROM device d JOIN dcsa_sent e
        ON e.terminal = d.terminal AND e.source IN ('reefer_plug_change', 'reefer_excursion') AND e.device = d.device
    WHERE d.device_id = OLD.device_id AND d.stream = 'reefer'
      AND e.time >= OLD.first AND e.time < OLD.last + interval '1 day';
    RETURN NULL;
END $$;
CREATE TRIGGER note_dcsa AFTER DELETE ON recompute_facts FOR EACH ROW EXECUTE FUNCTION note_dcsa_readings();

-- Events that did not follow so far are looked at once; those that are as they were sent stay.
INSERT INTO dcsa_change (terminal, source, device, event, ordinal, fact_at)
SELECT terminal, source, device, event, ordinal, fact_at FROM dcsa_sent ORDER BY time;
