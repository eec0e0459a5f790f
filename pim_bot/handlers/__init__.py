"""The door for people in chat, one file per subject. A handler decodes, calls one function of the core, answers."""
