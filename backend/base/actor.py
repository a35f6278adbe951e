"""Who is asking: a frozen Actor, and the grants that say what they may do and where."""

from dataclasses import dataclass, field

from backend.base.errors import BadRequest, NotFound

PROVINCE_CODE_LENGTH = 6


def region_prefix(code: str) -> str:
    """The digits that all places inside a region share: 620000 → 62, 620600 → 6206, 620602 → 620602 (GB/T 2260)."""
    if len(code) != PROVINCE_CODE_LENGTH:
        return code
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def region_path(code: str) -> list[str]:
    """Every prefix a place lies under, widest first: 620602100 → [62, 6206, 620602, 620602100]."""
    prefix = region_prefix(code)
    return [prefix[:cut] for cut in (2, 4, 6, 9, 12) if cut <= len(prefix)]


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions in one scope: a region prefix, or one producer; never both."""

    role: str
    permissions: frozenset[str]
    region: str | None = None
    producer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` is person (WeChat or invitation), staff, client (another system with a key), system or anonymous.

    `per_minute` bounds the requests of a client; nobody else has it."""

    kind: str
    account_id: str | None = None
    name: str = ""
    session_id: str | None = None
    grants: tuple[Grant, ...] = field(default=())
    per_minute: int | None = None

    def holds(self, permission: str) -> bool:
        """Whether any grant carries the permission, wherever it applies."""
        return self.kind == "system" or any(permission in grant.permissions for grant in self.grants)

    def may(self, permission: str, *, region: str | None = None, producer_id: str | None = None) -> bool:
        """Whether a grant carries the permission for this very producer or for a region that contains `region`."""
        if self.kind == "system":
            return True
        prefix = region_prefix(region) if region else None
        return any(
            permission in grant.permissions
            and (
                (grant.producer_id is not None and grant.producer_id == producer_id)
                or (grant.region is not None and prefix is not None and prefix.startswith(grant.region))
            )
            for grant in self.grants
        )

    def regions(self, permission: str) -> tuple[str, ...]:
        """The region prefixes in which the permission is held."""
        return tuple(sorted({g.region for g in self.grants if g.region is not None and permission in g.permissions}))

    def region_of(self, permission: str, asked: str | None) -> str:
        """The region prefix to list: the one asked for, if it is theirs, or the only one they hold.

        Raises NotFound for another's region, BadRequest `region_needed` when it is not clear which.
        """
        if asked is not None:
            if not self.may(permission, region=asked):
                raise NotFound
            return region_path(asked)[-1]
        held = self.regions(permission)
        if len(held) != 1:
            raise BadRequest("region_needed", field="region")
        return held[0]

    def producers(self, permission: str) -> tuple[str, ...]:
        return tuple(sorted({g.producer_id for g in self.grants if g.producer_id and permission in g.permissions}))


ANONYMOUS = Actor(kind="anonymous")


def system(name: str) -> Actor:
    """The platform itself (worker, command line), named so that the audit trail says which part of it acted."""
    return Actor(kind="system", name=name)
