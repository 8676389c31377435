"""A broker can grant less than QoS 1 in two places; doctor fails for either."""

import pytest

from infra.doctor.broker_check import judge_qos

REFUSED = 0x87


@pytest.mark.parametrize(
    ("largest", "subscribed", "state"),
    [(2, 1, "ok"), (1, 1, "ok"), (2, 0, "fail"), (0, 0, "fail"), (0, 1, "fail"), (2, REFUSED, "ok")],
)
def test_less_than_qos_1_fails(largest: int, subscribed: int, state: str) -> None:
    """Mosquitto lowers both together; other brokers may lower a subscription alone."""
    check = judge_qos(largest, subscribed)
    assert check.state == state
    assert "QoS" in check.seen
    assert bool(check.advice) == (state != "ok")
