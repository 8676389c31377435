"""Names and passwords of users."""

import pytest

from infra.access.user_password import checked_password, hashed, is_password, new_user_password
from infra.access.users import checked_name
from processing.model.errors import QuaystreamError


@pytest.mark.parametrize(
    "name", ["a", "Ana", " Ana ", "José Núñez", "o'hara@port.example", "x" * 80, "陈 伟", "1st-shift"]
)
def test_names_that_people_have(name: str) -> None:
    assert checked_name(name) == name.strip()


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a/b", "..", "a\nb", "a\x00", "a\u202eb", "-a", "<b>", "a?b"])
def test_names_that_nobody_gets(name: str) -> None:
    """They would stand for another path of the API, or for something else in a list."""
    with pytest.raises(QuaystreamError, match="must be 1 to 80 letters"):
        checked_name(name)


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("short-one", "10 to 200 signs, not 9"),
        ("x" * 201, "10 to 200 signs, not 201"),
        ("control ROOM", "is the name"),
    ],
)
def test_passwords_that_do_not_do(password: str, expected: str) -> None:
    with pytest.raises(QuaystreamError, match=expected):
        checked_password(password, "Control room")
    assert checked_password("x" * 10, "Control room") == "x" * 10


def test_a_password_opens_its_hash_only() -> None:
    """In whatever form its letters were composed; hashes of the same password differ."""
    composed, decomposed = "caf\u00e9 am hafen", "cafe\u0301 am hafen"
    one, other = hashed(composed), hashed(composed)
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert one != other
    assert [is_password(one, text) for text in (composed, decomposed, composed + " ", "")] == [True, True, False, False]
    assert is_password("no hash", composed) is False


def test_nobody_has_any_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody has costs as much: the password is compared with a hash all the same."""
    compared: list[str] = []

    def verify(_self: object, password_hash: str, _password: str) -> None:
        compared.append(password_hash)

    monkeypatch.setattr("infra.access.user_password.PasswordHasher.verify", verify)
    assert is_password(None, "anything at all") is False
    assert [one.split("$")[1:4] for one in compared] == [["argon2id", "v=19", "m=65536,t=3,p=4"]]


def test_generated_passwords_differ_and_do() -> None:
    made = {checked_password(new_user_password(), "name") for _ in range(20)}
    assert {len(one) for one in made} == {20}
    assert len(made) == 20
