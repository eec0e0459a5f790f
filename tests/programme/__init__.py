"""The domain: editions, files, names."""
