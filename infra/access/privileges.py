"""What each database role may do with each table: the one place where that is decided.

Roles of programs are groups without a login; whoever logs in is a member of one. `infra/access/grants.py` makes the
database follow after each migration. Who owns the tables may do everything: that user migrates, and runs commands.
"""

from typing import Final

from processing.documents import ROWS as DOCUMENTS
from processing.streams import OF_NO_STREAM, ROWS, STREAMS

WORKER: Final = "quaystream_worker"
API: Final = "quaystream_api"
READER: Final = "quaystream_reader"
"""People with psql, and Grafana."""
ROLES: Final = (WORKER, API, READER)
WORDS: Final = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}
"""Letters of privileges, as PostgreSQL's access lists have them."""


def _like(names: str, worker: str, api: str, reader: str) -> dict[str, dict[str, str]]:
    """Tables that have the same rule."""
    return {name: {WORKER: worker, API: api, READER: reader} for name in names.split()}


TABLES: Final[dict[str, dict[str, str]]] = {
    # Samples are added, and dropped by age: `drop_old_samples`. Nobody's program changes one.
    **_like(" ".join(stream.table for stream in STREAMS.values()), "ra", "r", "r"),
    **_like(
        " ".join(
            dict.fromkeys(
                [of.table for row in ROWS for of in (*row.facts, *row.terminal_facts)]
                + [of.table for of in OF_NO_STREAM]
                + [document.stored.table for document in DOCUMENTS if document.stored is not None]
            )
        ),
        "rawd",
        "r",
        "r",
    ),
    **_like("container_conflict container_event container_state container_stay truck_appointment", "rawd", "r", "r"),
    **_like("energy_hour kpi_sample vessel_call call_assignment document_topic quarantine", "rawd", "r", "r"),
    **_like("device device_cause_count device_count device_status measured_level", "rawd", "r", "r"),
    **_like("alarm_due alarm_event alarm_note alarm_postponed alarm_receiver alarm_time", "rawd", "r", "r"),
    **_like("crane_rules site_used treatment treatment_problem dcsa_event", "rawd", "r", "r"),
    **_like("recompute_appointments recompute_containers recompute_facts recompute_visits", "rawd", "r", "r"),
    **_like("treatment_log", "ra", "r", "r"),
    # What people and other systems enter over the API.
    **_like("crane_delay_edit container_conflict_resolution treatment_withdrawal", "r", "ra", "r"),
    **_like("alarm_act", "rw", "ra", "r"),
    **_like("tos_message", "r", "raw", "r"),
    **_like("tos_event", "r", "rad", "r"),
    **_like("dcsa_change", "rad", "ra", "r"),
    **_like("recompute_events recompute_kpis", "rawd", "raw", "r"),
    **_like("tos_import tos_move", "r", "rawd", "r"),
    # Access: entries of the log are added by `note_audit` and triggers, never changed.
    **_like("audit", "", "r", ""),
    **_like("api_key", "", "raw", ""),
    **_like("api_session", "", "rad", ""),
    **_like("api_user", "", "raw", ""),
    **_like("device_account", "r", "raw", "r"),
    **_like("device_credential", "", "raw", ""),
    # The migrations'.
    **_like("_yoyo_migration", "r", "r", "r"),
    **_like("_yoyo_log _yoyo_version yoyo_lock", "", "", ""),
}
"""Privileges of each role at each table."""
VIEWS: Final = ("dcsa_sent", "treatment_waiting")
"""Views that do not begin with `v_`. At views every role has SELECT: none shows what is secret."""

FUNCTIONS: Final[dict[str, tuple[str, ...]]] = {
    "drop_old_samples(regclass, integer)": (WORKER,),
    "note_audit(text, text, text, jsonb, jsonb)": (API,),
}
"""Functions that act with the owner's rights, and who may call them; all others anybody may call."""
