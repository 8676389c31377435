"""The chain of hashes over a treatment's readings; hashes as `sha256sum` prints them."""

from processing.treatments.chain import before_the_first, chain_hash, row_hash

FIRST = "f65137fe9e2af0b19e45cd4b8d172212a02f6a487b613b99908c38ad9c53cd40"
"""Of `demo/CSQU3054383`."""
ROW = "f9d86028c6e0d64e225186f96acb69338b2c59764df79162107f5c4bb34d1310"
"""Of `{"a": 1}`."""
BOTH = "9b75d976c1f0689a98d75e88970c6f09f61c931e75c9e7809468c443abfa343a"
"""Of the bytes of both, one behind the other."""


def test_the_first_entry_follows_a_hash_of_the_container() -> None:
    assert before_the_first("demo", "CSQU3054383").hex() == FIRST


def test_an_entry_hashes_the_entry_before_and_its_row() -> None:
    assert row_hash('{"a": 1}').hex() == ROW
    assert chain_hash(bytes.fromhex(FIRST), bytes.fromhex(ROW)).hex() == BOTH
