"""An auditor of the evidence register that shares no code with the platform.

`python -m scripts.audit --uri mongodb://…` hashes every stored document again, builds the tree again, and checks
chains, signatures and cosignatures; it names whatever was altered, removed, inserted, moved or dated back. What it
shares with the platform is published data alone: schemas/register/forms.json.
"""
