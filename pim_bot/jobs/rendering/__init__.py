"""Rendering: what each kind of message says, from the present state; ``renderers`` tells which is which."""
