"""Tests of the local workspace: a real SDK and a real Bolt app over real sockets."""
