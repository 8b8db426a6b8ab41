"""Women, self-help groups, village organisations and cluster federations as registers."""

from umeed.institutions.registers.bodies import clfs, shgs, vos
from umeed.institutions.registers.women import women

__all__ = ["clfs", "shgs", "vos", "women"]
