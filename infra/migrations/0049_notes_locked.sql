-- Whoever writes an event of a box locks the note that its state is to be made, and whoever makes the state takes the
-- note before reading events: so no change falls between the reading and the end of the note. A note whose box cannot be
-- judged waits until `retry_at`, or until the box has another event.
-- depends: 0038_runs_of

ALTER TABLE recompute_containers ADD COLUMN retry_at timestamptz;

-- What is updated is locked, also where the condition leaves it as it is: a box with many events in one transaction
-- leaves no dead rows.
CREATE OR REPLACE FUNCTION note_container_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO recompute_containers AS r (terminal, container_id) VALUES (OLD.terminal, OLD.container_id)
        ON CONFLICT (terminal, container_id) DO UPDATE SET retry_at = NULL WHERE r.retry_at IS NOT NULL;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO recompute_containers AS r (terminal, container_id) VALUES (NEW.terminal, NEW.container_id)
        ON CONFLICT (terminal, container_id) DO UPDATE SET retry_at = NULL WHERE r.retry_at IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
