"""The tree of RFC 6962 in tiles: published vectors, and every proof checked by the auditor's separate code."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.evidence.rules import tree
from scripts.audit import hashing

# The reference inputs and roots of Certificate Transparency (RFC 6962's own test data).
INPUTS = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
PATH_5_OF_8 = (
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
)
PROOF_6_TO_8 = (
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
)


class Stored:
    """Tiles in memory, as the database keeps them."""

    def __init__(self) -> None:
        self.size, self.tiles = 0, dict[tree.Tile, bytes]()

    def read(self, level: int, number: int) -> bytes:
        return self.tiles.get((level, number), b"")

    def add(self, entries: list[bytes]) -> None:
        self.size, changed = tree.grow(self.size, entries, self.read)
        self.tiles |= changed

    def nodes(self, *sizes: int) -> tree.Nodes:
        known: dict[tree.Tile, bytes] = {}
        for size in sizes:
            known |= tree.known_peaks(size, tree.peaks_at(size, tree.Nodes(self.read)))
        return tree.Nodes(self.read, known)

    def root(self, size: int) -> bytes:
        return tree.root_of(tree.peaks_at(size, tree.Nodes(self.read)))


def grown(entries: list[bytes], *, by: int = 0) -> Stored:
    made = Stored()
    for at in range(0, len(entries), by or len(entries) or 1):
        made.add(entries[at : at + (by or len(entries))])
    return made


def entry(number: int) -> bytes:
    return sha256(number.to_bytes(8)).digest()


def test_roots_are_those_that_are_published() -> None:
    for size, root in enumerate(ROOTS):
        assert grown(INPUTS[:size]).root(size).hex() == root
        assert grown(INPUTS).root(size).hex() == root


def test_proofs_are_those_that_are_published() -> None:
    made = grown(INPUTS)
    assert tuple(one.hex() for one in tree.inclusion(5, 8, made.nodes(8))) == PATH_5_OF_8
    assert tuple(one.hex() for one in tree.consistency(6, 8, made.nodes(6, 8))) == PROOF_6_TO_8
    assert tree.inclusion(0, 1, made.nodes(1)) == []


LONG = [entry(number) for number in range(70_000)]


@pytest.fixture(scope="module")
def long() -> Stored:
    """Two full tile levels and a piece of the third, grown in pieces of 997."""
    return grown(LONG, by=997)


def test_growing_in_pieces_and_at_once_give_the_same_tiles(long: Stored) -> None:
    again = hashing.Log()
    for one in LONG:
        again.add(one)
    assert long.root(len(LONG)) == again.root()
    for (level, number), held in long.tiles.items():
        for at in range(len(held) // 32):
            assert again.nodes[level, number * 256 + at] == held[at * 32 : at * 32 + 32]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_inclusion_proof_holds_and_no_changed_one_does(long: Stored, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(LONG)))
    index = data.draw(st.integers(0, size - 1))
    nodes = long.nodes(size)
    path = tree.inclusion(index, size, nodes)
    assert nodes.tiles <= 3  # 70,000 leaves have three tile levels
    root, node = long.root(size), hashing.entry_node(LONG[index])
    assert hashing.root_from_inclusion(node, index, size, path) == root
    wrong = data.draw(st.integers(0, size))
    if wrong != index:
        assert hashing.root_from_inclusion(node, wrong, size, path) != root
    if path:
        at, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 255))
        flipped = (int.from_bytes(path[at]) ^ 1 << bit).to_bytes(32)
        assert hashing.root_from_inclusion(node, index, size, [*path[:at], flipped, *path[at + 1 :]]) != root
        assert hashing.root_from_inclusion(node, index, size, path[:-1]) != root


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_consistency_proof_holds_and_no_changed_one_does(long: Stored, data: st.DataObject) -> None:
    second = data.draw(st.integers(1, len(LONG)))
    first = data.draw(st.integers(1, second))
    nodes = long.nodes(first, second)
    path = tree.consistency(first, second, nodes)
    assert nodes.tiles <= 3
    old, new = long.root(first), long.root(second)
    assert hashing.consistent(first, second, old, new, path)
    assert not hashing.consistent(first, second, sha256(old).digest(), new, path)
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        assert not hashing.consistent(first, second, old, new, [*path[:at], old[::-1], *path[at + 1 :]])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=4), min_size=1, max_size=600), st.data())
def test_any_single_changed_leaf_changes_the_root(entries: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries[:at], entries[at] + b"!", *entries[at + 1 :]]
    assert grown(entries).root(len(entries)) != grown(changed).root(len(entries))


def test_a_proof_reads_at_most_four_tiles_in_a_tree_of_four_billion() -> None:
    """Nobody can build it here; the nodes that are asked for tell which tiles would be read."""
    size = 2**32 - 1
    known = dict.fromkeys(tree.subtrees(size), b"p" * 32)
    for index in (0, 1, 255, 256, 2**31 - 1, 2**31, 2**31 + 2**16 + 5, size - 1):
        nodes = tree.Nodes(lambda _level, _number: b"x" * 32 * 256, known)
        assert len(tree.inclusion(index, size, nodes)) >= 31 - 1
        assert nodes.tiles <= 4
    for first in (1, 12345, 2**16 + 1, 2**31 + 77, size - 1):
        nodes = tree.Nodes(lambda _level, _number: b"x" * 32 * 256, known | dict.fromkeys(tree.subtrees(first), b"q"))
        tree.consistency(first, size, nodes)
        assert nodes.tiles <= 4


def test_what_is_not_in_the_tree_has_no_proof() -> None:
    nodes = grown(INPUTS).nodes(8)
    for index, size in ((8, 8), (-1, 8), (0, 0)):
        with pytest.raises(ValueError, match="no leaf"):
            tree.inclusion(index, size, nodes)
    with pytest.raises(ValueError, match="not before"):
        tree.consistency(8, 7, nodes)
    assert tree.consistency(0, 8, nodes) == tree.consistency(8, 8, nodes) == []
