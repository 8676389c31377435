-- Expected boxes stand among those that are searched, so that a page of them is read in order from one table. A box of
-- which nothing is known but its announcement is announced; any other one is where its events show it.
-- depends: 0020_container_events

INSERT INTO container_state (terminal, container_id, state, place, since_at)
SELECT terminal, container_id, 'announced', NULL, announced_at FROM container_announcement
ON CONFLICT DO NOTHING;

CREATE FUNCTION note_container_announcement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO container_state (terminal, container_id, state, place, since_at)
        VALUES (NEW.terminal, NEW.container_id, 'announced', NULL, NEW.announced_at) ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM container_state
        WHERE terminal = OLD.terminal AND container_id = OLD.container_id AND state = 'announced';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT OR DELETE ON container_announcement
    FOR EACH ROW EXECUTE FUNCTION note_container_announcement();

CREATE OR REPLACE VIEW v_container AS
SELECT s.terminal, s.container_id,
       (SELECT a.iso_code FROM container_announcement a
        WHERE a.terminal = s.terminal AND a.container_id = s.container_id) AS iso_code,
       s.state, s.place, s.since_at AS since,
       EXISTS (SELECT 1 FROM v_container_conflict c
               WHERE c.terminal = s.terminal AND c.container_id = s.container_id AND c.resolved_at IS NULL) AS conflict
FROM container_state s;

-- Numbers are taken from where a box was handed over since: of facts that are stored already, events follow once more.
INSERT INTO recompute_events (terminal, hour)
SELECT DISTINCT d.terminal, date_trunc('hour', f.time, 'UTC') FROM (
    SELECT device_id, locked_at AS time FROM crane_move
    UNION ALL SELECT device_id, entered_at FROM gate_transaction
    UNION ALL SELECT device_id, began_at FROM vehicle_trip
) f JOIN device d USING (device_id)
ON CONFLICT DO NOTHING;
