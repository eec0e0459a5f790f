"""Outbound I/O: the chat and the queue."""
