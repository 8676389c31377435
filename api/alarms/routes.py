"""Routes of alarms."""

from api.alarms.acts import Acknowledgement, Comment, Shelf, acknowledge, comment, shelve, unshelve
from api.alarms.answers import AlarmDetail, Alarms, Conditions
from api.alarms.listing import AlarmPath, AlarmsQuery, ConditionsQuery, alarm, alarms, conditions
from api.http.route import API, Route
from infra.access.roles import Role

ONE = f"{API}/alarms/{{id}}"
STATUSES = (404, 503)

ROUTES = (
    Route(f"{API}/alarms", alarms, AlarmsQuery, Alarms, "Alarms that touch the span, newest first"),
    Route(
        f"{API}/alarms/conditions",
        conditions,
        ConditionsQuery,
        Conditions,
        "Alarms that there may be, and what to do",
        (),
    ),
    Route(ONE, alarm, AlarmPath, AlarmDetail, "One alarm with all that people did about it", STATUSES),
    Route(
        f"{ONE}/acknowledge",
        acknowledge,
        AlarmPath,
        AlarmDetail,
        "Acknowledge an alarm; who and when is kept",
        STATUSES,
        method="POST",
        role=Role.OPERATOR,
        body=Acknowledgement,
    ),
    Route(
        f"{ONE}/shelve",
        shelve,
        AlarmPath,
        AlarmDetail,
        "Put alarms of this name and subject aside until a time",
        STATUSES,
        method="POST",
        role=Role.OPERATOR,
        body=Shelf,
    ),
    Route(
        f"{ONE}/unshelve",
        unshelve,
        AlarmPath,
        AlarmDetail,
        "Take alarms off their shelf",
        STATUSES,
        method="POST",
        role=Role.OPERATOR,
        body=Acknowledgement,
    ),
    Route(
        f"{ONE}/comment",
        comment,
        AlarmPath,
        AlarmDetail,
        "Say something about an alarm",
        STATUSES,
        method="POST",
        role=Role.OPERATOR,
        body=Comment,
    ),
)
