"""An event-driven collaboration bot and notification hub for programmes of city networks."""
