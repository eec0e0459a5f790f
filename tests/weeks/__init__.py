"""The week of each role, played from Monday to Friday."""
