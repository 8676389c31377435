"""Ports of the private servers stay what they were."""

import json
import socket
from pathlib import Path

import pytest

from infra.machine.ports import FILE, Ports


def test_a_port_is_kept_for_each_server(tmp_path: Path) -> None:
    lines = list[str]()
    first = {name: Ports(tmp_path, lines.append).of(name) for name in ("a", "b")}
    assert first["a"] != first["b"]
    assert {name: Ports(tmp_path, lines.append).of(name) for name in ("b", "a")} == first
    assert lines == []


def test_a_port_that_another_program_has_changes_and_is_reported(tmp_path: Path) -> None:
    lines = list[str]()
    had = Ports(tmp_path, lines.append).of("a")
    with socket.create_server(("127.0.0.1", had)):
        now = Ports(tmp_path, lines.append).of("a")
    assert now != had
    assert lines == [f"port {had}, where a was, is taken by another program; a is at {now} from now on"]
    assert Ports(tmp_path, lines.append).of("a") == now


@pytest.mark.parametrize("text", ["{", "[]", '{"a": "x"}', '{"a": 70000}', '{"a": 0}'])
def test_a_file_that_is_none_is_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    port = Ports(tmp_path, lambda _line: None).of("a")
    assert json.loads((tmp_path / FILE).read_text()) == {"a": port}
