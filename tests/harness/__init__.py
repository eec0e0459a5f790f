"""The fault harness: a chat with its state on disk, hubs that are killed, a judge who counts, and a naive rival."""
