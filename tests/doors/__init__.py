"""The doors: what every answer says to browsers, how much one client may ask, and what nobody may get through."""
