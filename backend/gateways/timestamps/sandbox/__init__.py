"""A timestamp authority on the loopback interface, with a root made when it starts: for tests only."""

from backend.gateways.timestamps.sandbox.server import Sandbox

__all__ = ["Sandbox"]
