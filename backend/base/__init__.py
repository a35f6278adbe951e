"""What every room stands on: actor, clock, errors, ids, vocabulary, documents and events. No Flask, no feature."""
