import json

import pytest

from docs import sbom
from infra.machine.debian import Package, PackageError


def test_the_python_packages_of_the_lock() -> None:
    """Each with its version and digests, valid by the schema; tools of development are none of the product."""
    text = sbom.python()
    found = {one["name"]: one for one in json.loads(text)["components"]}
    assert sbom.problem(text) is None
    assert {"aiohttp", "asyncpg", "msgspec", "numpy", "paho-mqtt"} <= set(found)
    assert "pytest" not in found
    assert found["aiohttp"]["purl"] == f"pkg:pypi/aiohttp@{found['aiohttp']['version']}"
    assert any(
        one["hashes"][0]["alg"] == "SHA-256" for one in found["aiohttp"]["externalReferences"] if "hashes" in one
    )


def test_the_packages_of_debian() -> None:
    """Epoch and plus signs in names and versions are written as package URLs have them."""
    packages = [
        Package("mosquitto", "mosquitto_2.1.2-1_amd64.deb", 10, "ab" * 32),
        Package("libstdc++6", "libstdc++6_1%3a15.2.0-9+b1_amd64.deb", 10, "cd" * 32),
    ]
    made = sbom.debian_bom("forky", packages)
    assert sbom.problem(json.dumps(made)) is None
    assert [one["purl"] for one in made["components"]] == [
        "pkg:deb/debian/libstdc%2B%2B6@1%3A15.2.0-9%2Bb1?arch=amd64&distro=forky",
        "pkg:deb/debian/mosquitto@2.1.2-1?arch=amd64&distro=forky",
    ]
    assert made["components"][0]["version"] == "1:15.2.0-9+b1"
    assert made["components"][1]["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]


def test_what_is_no_package_is_refused() -> None:
    with pytest.raises(PackageError, match=r"x\.rpm is no name of a package"):
        sbom.debian_bom("forky", [Package("x", "x.rpm", 1, "ab" * 32)])


def test_the_validation_finds_what_is_wrong() -> None:
    made = sbom.debian_bom("forky", [])
    assert sbom.problem(json.dumps({**made, "bomFormat": "other"})) is not None
