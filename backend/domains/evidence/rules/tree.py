"""The tree of RFC 6962 (hashes of RFC 9162 §2.1) over one growing log, kept in tiles of 256 hashes.

A tile (level L, number N) holds up to 256 nodes of tree level 8L, from index 256N on (C2SP tlog-tiles).
The peaks of a size are the roots of its complete subtrees, widest first. Whoever has a size's peaks needs one tile per
tile level for any proof: four up to 2^32 leaves.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH = 32
HEIGHT = 8
WIDTH = 1 << HEIGHT
EMPTY = sha256(b"").digest()
Tile = tuple[int, int]  # level, number
Read = Callable[[int, int], bytes]  # the hashes of a tile, one after the other


def leaf_node(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def subtrees(size: int) -> list[Tile]:
    """(level, index) of the complete subtrees of a tree, widest first: 6 → [(2, 0), (1, 2)]."""
    levels = [level for level in range(size.bit_length()) if size >> level & 1]
    return [(level, (size >> level) - 1) for level in reversed(levels)]


def root_of(peaks: Sequence[bytes]) -> bytes:
    """The root of the tree with these peaks."""
    if not peaks:
        return EMPTY
    top = peaks[-1]
    for peak in reversed(peaks[:-1]):
        top = node(peak, top)
    return top


def grow(size: int, entries: Iterable[bytes], read: Read) -> tuple[int, dict[Tile, bytes]]:
    """Append entries: the new size, and every tile that changed, whole. Of stored tiles only the rightmost is read."""
    changed: dict[Tile, bytearray] = {}
    for entry in entries:
        _put(changed, read, size, leaf_node(entry))
        size += 1
    return size, {place: bytes(held) for place, held in changed.items()}


def _put(changed: dict[Tile, bytearray], read: Read, index: int, value: bytes) -> None:
    level = 0
    while True:
        number, place = index >> HEIGHT, index & (WIDTH - 1)
        tile = changed.get((level, number))
        if tile is None:
            tile = changed[level, number] = bytearray(read(level, number)[: place * HASH] if place else b"")
        tile += value
        if place < WIDTH - 1:
            return
        value, level, index = _perfect(tile), level + 1, number


def _perfect(hashes: bytes | bytearray) -> bytes:
    """The root over hashes whose number is a power of two."""
    row = [bytes(hashes[at : at + HASH]) for at in range(0, len(hashes), HASH)]
    while len(row) > 1:
        row = [node(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


class Nodes:
    """Nodes of a stored tree. `known` holds peaks that need no reading; each tile is read once; `tiles` counts them."""

    def __init__(self, read: Read, known: dict[Tile, bytes] | None = None) -> None:
        self._read, self._known = read, dict(known or {})
        self._held: dict[Tile, bytes] = {}

    @property
    def tiles(self) -> int:
        return len(self._held)

    def at(self, level: int, index: int) -> bytes:
        """The root of the complete subtree over leaves [index·2^level, (index+1)·2^level)."""
        if (known := self._known.get((level, index))) is not None:
            return known
        tile_level, above = divmod(level, HEIGHT)
        first = index << above
        place = (tile_level, first >> HEIGHT)
        if place not in self._held:
            self._held[place] = self._read(*place)
        start = (first & (WIDTH - 1)) * HASH
        return _perfect(self._held[place][start : start + (HASH << above)])


def peaks_at(size: int, nodes: Nodes) -> list[bytes]:
    return [nodes.at(level, index) for level, index in subtrees(size)]


def known_peaks(size: int, peaks: Sequence[bytes]) -> dict[Tile, bytes]:
    return dict(zip(subtrees(size), peaks, strict=True))


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The audit path of a leaf in the tree of that size, from the leaf up (RFC 9162 §2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} among {size}")
    peaks = subtrees(size)
    mine = next(place for place, (level, at) in enumerate(peaks) if index >> level == at)
    path = [nodes.at(level, (index >> level) ^ 1) for level in range(peaks[mine][0])]
    if right := peaks[mine + 1 :]:
        path.append(root_of([nodes.at(*peak) for peak in right]))
    return path + [nodes.at(*peak) for peak in reversed(peaks[:mine])]


def consistency(first: int, second: int, nodes: Nodes) -> list[bytes]:
    """That the tree of `second` leaves begins with that of `first` (RFC 9162 §2.1.4.1); empty if they are one."""
    if not 0 <= first <= second:
        raise ValueError(f"{first} is not before {second}")
    return _shown(first, 0, second, whole=True, nodes=nodes) if 0 < first < second else []


def _shown(first: int, start: int, end: int, *, whole: bool, nodes: Nodes) -> list[bytes]:
    if first == end - start:
        return [] if whole else [_over(start, end, nodes)]
    split = 1 << (end - start - 1).bit_length() - 1
    if first <= split:
        left = _shown(first, start, start + split, whole=whole, nodes=nodes)
        return [*left, _over(start + split, end, nodes)]
    right = _shown(first - split, start + split, end, whole=False, nodes=nodes)
    return [*right, _over(start, start + split, nodes)]


def _over(start: int, end: int, nodes: Nodes) -> bytes:
    """The hash over leaves [start, end): a complete subtree, or what is left at the right edge of the tree."""
    peaks = []
    for level, index in subtrees(end - start):
        peaks.append(nodes.at(level, (start >> level) + index))
    return root_of(peaks)
