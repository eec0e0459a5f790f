"""Background work, as thin as handlers: relay events, let things fall due, deliver messages, match people."""
