"""The aiohttp door: the signature guard before Slack's requests, calendars, health."""
