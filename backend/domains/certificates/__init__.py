"""Certificates of compliance (承诺达标合格证): the gate that decides, and what it decided."""
