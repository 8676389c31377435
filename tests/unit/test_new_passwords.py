"""What a person learns where nobody takes a new password."""

import asyncio
from pathlib import Path

import pytest

from infra.machine.new_passwords import let_broker_know


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (PermissionError(), "run this program as that user"),
        (ConnectionRefusedError(), "no `quaystream up` with a broker of its own runs with"),
        (FileNotFoundError(), "no `quaystream up` with a broker of its own runs with"),
    ],
)
async def test_the_answer_explains_what_to_do(
    error: OSError, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(asyncio, "open_unix_connection", refused)
    problem = await let_broker_know(tmp_path, {"user": "password"})
    assert problem is not None
    assert problem.startswith("the change is stored, but the broker does not know it yet: ")
    assert expected in problem
    assert "password" not in problem


async def test_a_folder_that_is_not_there_explains_it_too(tmp_path: Path) -> None:
    assert f"runs with {tmp_path / 'none'}; one that is started" in str(await let_broker_know(tmp_path / "none", {}))
