-- Each transaction that changes facts sends notifications on the channel quaystream_facts: {"terminal", "table"}, one
-- for each pair. Triggers do it, so that it holds for everybody who writes facts: worker, recomputation, people.
-- depends: 0011_site_used

CREATE FUNCTION notify_device_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('quaystream_facts', json_build_object('terminal', d.terminal, 'table', TG_TABLE_NAME)::text)
    FROM device d WHERE d.device_id = coalesce(NEW.device_id, OLD.device_id);
    RETURN NULL;
END $$;

CREATE FUNCTION notify_terminal_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('quaystream_facts',
                      json_build_object('terminal', coalesce(NEW.terminal, OLD.terminal), 'table', TG_TABLE_NAME)::text);
    RETURN NULL;
END $$;

CREATE TRIGGER notify AFTER INSERT OR DELETE ON crane_move
    FOR EACH ROW EXECUTE FUNCTION notify_device_fact();
CREATE TRIGGER notify_update AFTER UPDATE ON crane_move
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION notify_device_fact();

CREATE TRIGGER notify AFTER INSERT OR DELETE ON reefer_excursion
    FOR EACH ROW EXECUTE FUNCTION notify_device_fact();
CREATE TRIGGER notify_update AFTER UPDATE ON reefer_excursion
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION notify_device_fact();

CREATE TRIGGER notify AFTER INSERT OR DELETE ON truck_visit
    FOR EACH ROW EXECUTE FUNCTION notify_terminal_fact();
CREATE TRIGGER notify_update AFTER UPDATE ON truck_visit
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION notify_terminal_fact();
