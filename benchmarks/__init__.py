"""Benchmarks of the hub: each figure stands beside a ceiling that is measured in the same run."""
