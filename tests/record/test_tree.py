"""The Merkle tree: RFC 6962's own vectors, laws, and proofs that prove nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.record.tree import (
    EMPTY,
    BadProof,
    Frontier,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
)

# The tree that implementations of certificate transparency (RFC 6962) test themselves with.
LEAVES = [
    leaf_hash(bytes.fromhex(data))
    for data in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

hashes = st.binary(min_size=32, max_size=32)
trees = st.lists(hashes, min_size=1, max_size=40)


def naive(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    from hashlib import sha256

    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive(leaves[:split]) + naive(leaves[split:])).digest()


def flipped(found: bytes) -> bytes:
    """One bit of it is another."""
    return bytes([found[0] ^ 1]) + found[1:]


def test_the_vectors_of_rfc_6962() -> None:
    assert [root_of(LEAVES[: size + 1]).hex() for size in range(8)] == ROOTS
    assert root_of([]) == EMPTY


@given(st.lists(hashes, max_size=70))
def test_the_frontier_grows_to_the_root_of_the_definition(leaves: list[bytes]) -> None:
    tree = Frontier()
    for count, leaf in enumerate(leaves, 1):
        tree.add(leaf)
        assert tree.root() == naive(leaves[:count])
        assert Frontier(tree.size, tree.nodes).root() == tree.root()


@pytest.mark.parametrize(("size", "nodes"), [(1, 0), (3, 1), (0, 1), (-1, 0), (4, 2)])
def test_no_frontier_is_made_of_the_wrong_number_of_nodes(size: int, nodes: int) -> None:
    with pytest.raises(ValueError, match="no frontier"):
        Frontier(size, [bytes(32)] * nodes)


@given(trees, st.data())
def test_every_leaf_can_be_proved_and_no_forged_proof_is_taken(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root, size = inclusion_proof(index, leaves), root_of(leaves), len(leaves)
    check_inclusion(leaves[index], index, size, proof, root)
    forged: list[tuple[bytes, int, int, list[bytes], bytes]] = [
        (flipped(leaves[index]), index, size, proof, root),
        (leaves[index], index, size, [*proof, bytes(32)], root),
        (leaves[index], index, size, proof, flipped(root)),
        (leaves[index], size, size, proof, root),
        (leaves[index], -1, size, proof, root),
        (leaves[index], index, size, [*proof, b"short"], root),
        *([(leaves[index], index, size, proof[:-1], root)] if proof else []),
        *(
            (leaves[index], index, size, [*proof[:n], flipped(proof[n]), *proof[n + 1 :]], root)
            for n in range(len(proof))
        ),
    ]
    for case in forged:
        with pytest.raises(BadProof):
            check_inclusion(*case)


@given(trees, st.data())
def test_a_tree_continues_each_earlier_one_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(leaves)))
    proof, early, late = consistency_proof(size, leaves), root_of(leaves[:size]), root_of(leaves)
    check_consistency(size, early, len(leaves), late, proof)
    forged: list[tuple[int, bytes, int, bytes, list[bytes]]] = [
        (size, flipped(early), len(leaves), late, proof),
        (size, early, len(leaves), flipped(late), proof),
        (size, early, len(leaves), late, [*proof, bytes(32)]),
        (0, early, len(leaves), late, proof),
        (len(leaves) + 1, early, len(leaves), late, proof),
        *([(size, early, len(leaves), late, proof[:-1])] if proof else []),
        *(
            (size, early, len(leaves), late, [*proof[:n], flipped(proof[n]), *proof[n + 1 :]])
            for n in range(len(proof))
        ),
    ]
    for case in forged:
        with pytest.raises(BadProof):
            check_consistency(*case)
