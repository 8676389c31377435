-- Cold treatments announced as documents, withdrawn, and reported where they cannot be followed; topics of documents.
-- depends: 0019_treatments

-- A number as people and controllers write it, as it is compared: processing/containers/iso6346.py has the same in Python.
CREATE FUNCTION container_number(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN upper(regexp_replace($1, '[[:space:]./_–-]+', '', 'g'));

-- As announced last; `treatment` has what the worker follows: one that was announced differently is yet to be taken over,
-- one without an announcement to be withdrawn.
CREATE TABLE treatment_announcement (
    terminal         text NOT NULL,
    container_id     text NOT NULL,
    schedule         text NOT NULL,
    began_at         timestamptz NOT NULL,
    corrections_degc jsonb NOT NULL,
    payload          jsonb NOT NULL,
    received_at      timestamptz NOT NULL,
    announced_at     timestamptz NOT NULL,
    PRIMARY KEY (terminal, container_id)
);
INSERT INTO treatment_announcement
SELECT terminal, container_id, schedule, began_at, corrections,
       jsonb_build_object('schedule', schedule, 'began_at', began_at, 'corrections_degc', corrections),
       announced_at, announced_at
FROM treatment, LATERAL (SELECT jsonb_build_object(
    'usda1', corrections_degc[1], 'usda2', corrections_degc[2], 'usda3', corrections_degc[3]
)) made (corrections);
ALTER TABLE treatment ADD COLUMN withdrawn_at timestamptz;

-- Who asked for a withdrawal over the API, and when; a withdrawal by an empty retained message names nobody.
CREATE TABLE treatment_withdrawal (
    terminal     text NOT NULL,
    container_id text NOT NULL,
    asked_at     timestamptz NOT NULL DEFAULT now(),
    asked_by     text,
    PRIMARY KEY (terminal, container_id, asked_at)
);

-- Why an announcement is not followed. `retry_at`: until then nothing is tried; NULL: until it is announced again, or the
-- worker starts.
CREATE TABLE treatment_problem (
    terminal     text NOT NULL,
    container_id text NOT NULL,
    announced_at timestamptz NOT NULL,
    problem      text NOT NULL,
    retry_at     timestamptz,
    PRIMARY KEY (terminal, container_id)
);

-- What the worker has to do: `announced`: take over an announcement or its withdrawal; else take in rows, or read them.
CREATE VIEW treatment_waiting AS
SELECT terminal, container_id, since, announced FROM (
    SELECT terminal, container_id, coalesce(a.received_at, t.announced_at) AS since,
           CASE WHEN a.received_at IS NULL THEN t.withdrawn_at IS NULL
                ELSE t.announced_at IS DISTINCT FROM a.received_at OR t.withdrawn_at IS NOT NULL END AS announced,
           t.withdrawn_at IS NULL
               AND (t.followed <> t.entries OR t.logged_from IS NULL OR t.logged_from > t.began_at) AS unread
    FROM treatment_announcement a FULL JOIN treatment t USING (terminal, container_id)
) one
WHERE (announced OR unread) AND NOT EXISTS (
    SELECT FROM treatment_problem p WHERE p.terminal = one.terminal AND p.container_id = one.container_id
    AND p.announced_at = one.since AND (p.retry_at IS NULL OR p.retry_at > now()));

-- A topic other than the one with the number as it is stored, under which a document is retained: to be cleared with it.
CREATE TABLE document_topic (
    kind        text NOT NULL,
    terminal    text NOT NULL,
    document_id text NOT NULL,
    topic       text NOT NULL,
    PRIMARY KEY (kind, terminal, document_id, topic)
);
