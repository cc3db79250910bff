"""The Merkle tree of RFC 6962: hashes, a frontier that grows by one leaf at a time, proofs.

The frontier holds the roots of the largest complete subtrees, from the left: all that further leaves need, and as many
hashes as the size has bits set. Proofs follow RFC 9162 sections 2.1.3 and 2.1.4. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

EMPTY: Final = sha256(b"").digest()
HASH_BYTES: Final = 32


class BadProof(ValueError):
    """A proof that proves nothing."""


def leaf_hash(data: bytes) -> bytes:
    """Of a leaf."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Of the two subtrees under a node."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree of `size` leaves, of which only the right edge is kept."""

    __slots__ = ("nodes", "size")

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        """Raises ValueError if so many nodes are not the edge of such a tree."""
        self.size, self.nodes = size, list(nodes)
        if size < 0 or len(self.nodes) != size.bit_count() or any(len(node) != HASH_BYTES for node in self.nodes):
            raise ValueError("no frontier of a tree of this size")

    def add(self, leaf: bytes) -> None:
        """One more leaf, by its hash."""
        size, nodes = self.size, self.nodes
        while size & 1:
            leaf = node_hash(nodes.pop(), leaf)
            size >>= 1
        nodes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The tree's head."""
        if not self.nodes:
            return EMPTY
        *rest, root = self.nodes
        for node in reversed(rest):
            root = node_hash(node, root)
        return root

    def copy(self) -> Frontier:
        """One that grows apart from this."""
        return Frontier(self.size, self.nodes)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The head of the tree over these leaf hashes."""
    tree = Frontier()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """That the leaf at `index` is in the tree over these leaf hashes. Raises IndexError if there is none."""
    if not 0 <= index < len(leaves):
        raise IndexError("no such leaf")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(index, leaves[:split]), root_of(leaves[split:])]
    return [*inclusion_proof(index - split, leaves[split:]), root_of(leaves[:split])]


def consistency_proof(size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """That the tree over these leaf hashes continues the one over the first `size`. Raises IndexError if it can't."""
    if not 0 < size <= len(leaves):
        raise IndexError("no such tree")
    return _consistency(size, leaves, whole=True)


def _consistency(size: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if size == len(leaves):
        return [] if whole else [root_of(leaves)]
    split = _split(len(leaves))
    if size <= split:
        return [*_consistency(size, leaves[:split], whole=whole), root_of(leaves[split:])]
    return [*_consistency(size - split, leaves[split:], whole=False), root_of(leaves[:split])]


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises BadProof unless the leaf hash is the `index`-th of the tree of this size and head."""
    if not 0 <= index < size or any(len(node) != HASH_BYTES for node in proof):
        raise BadProof("no inclusion proof")
    number, last, found = index, size - 1, leaf
    for node in proof:
        if last == 0:
            raise BadProof("the proof is too long")
        if number & 1 or number == last:
            found = node_hash(node, found)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, node)
        number, last = number >> 1, last >> 1
    if last or found != root:
        raise BadProof("the leaf is not in the tree")


def check_consistency(size: int, root: bytes, later_size: int, later_root: bytes, proof: Sequence[bytes]) -> None:
    """Raises BadProof unless the later tree begins with the earlier one."""
    if not 0 < size <= later_size or any(len(node) != HASH_BYTES for node in proof):
        raise BadProof("no consistency proof")
    if size == later_size:
        if proof or root != later_root:
            raise BadProof("the trees differ")
        return
    path = [root, *proof] if size.bit_count() == 1 else list(proof)
    if not path:
        raise BadProof("the proof is too short")
    number, last = size - 1, later_size - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    first, *rest = path
    old = new = first
    for node in rest:
        if last == 0:
            raise BadProof("the proof is too long")
        if number & 1 or number == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, node)
        number, last = number >> 1, last >> 1
    if last or old != root or new != later_root:
        raise BadProof("the trees differ")


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
