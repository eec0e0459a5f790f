"""What is published as iCalendar (RFC 5545, 5546, 7986), as pure functions: entries in, bytes out.

``entry`` is what one activity publishes, ``item`` turns it into the bytes of a VEVENT, ``feed`` joins items into a
calendar, ``window`` says which items stand in it, ``zones`` makes the VTIMEZONEs and ``headers`` answers conditional
requests. This is the only folder that knows icalendar. ``import calendar`` in it is still the standard library's.
"""
