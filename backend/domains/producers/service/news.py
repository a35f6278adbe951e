"""What producers tell the features above; handlers are wired by the application alone."""

from dataclasses import dataclass

from backend.base.events import Event


@dataclass(frozen=True)
class ProducerRenamed(Event):
    """What strangers see of the producer changed: its name or its public contact."""

    producer_id: str


@dataclass(frozen=True)
class ProducerAdmitted(Event):
    """Its first declaration was approved: from now on it may certify."""

    producer_id: str


@dataclass(frozen=True)
class ProducerSuspended(Event):
    producer_id: str


@dataclass(frozen=True)
class ProducerReinstated(Event):
    producer_id: str
