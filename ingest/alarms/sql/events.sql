-- name: events
INSERT INTO alarm_event (terminal, alarm, subject, severity, payload)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]);
