"""Measures the hot paths of LongTrace side by side with plain alternatives. Start it with `bench/run`."""
