"""What a lot came from, as the gate asks it: which lots speak for all goods of a harvest, and where goods came in."""

from collections.abc import Mapping, Sequence

Parents = Mapping[str, Sequence[str]]


def routes_from(origin: str, lot: str, parents: Parents) -> dict[str, int]:
    """How many routes lead from the origin to each lot, up to `lot` itself; lots that none reaches are left out."""
    found: dict[str, int] = {origin: 1}
    for name in _upwards(lot, parents):
        if name != origin and (number := sum(found.get(one, 0) for one in parents.get(name, ()))):
            found[name] = number
    return found


def on_every_route(origin: str, lot: str, parents: Parents) -> tuple[str, ...]:
    """The lots through which all goods of the origin went on their way, the origin and the lot among them."""
    begun = routes_from(origin, lot, parents)
    onward = {lot: 1}
    for name in reversed(_upwards(lot, parents)):
        for one in parents.get(name, ()):
            onward[one] = onward.get(one, 0) + onward.get(name, 0)
    return tuple(name for name, number in begun.items() if number * onward.get(name, 0) == begun.get(lot, 0))


def _upwards(lot: str, parents: Parents) -> list[str]:
    """Every lot after all that it came from (the graph has no cycle); without recursion, it may be deep."""
    done: dict[str, None] = {}
    waiting = [(lot, False)]
    while waiting:
        name, ready = waiting.pop()
        if ready:
            done[name] = None
        elif name not in done:
            waiting.append((name, True))
            waiting += [(one, False) for one in parents.get(name, ()) if one not in done]
    return list(done)
