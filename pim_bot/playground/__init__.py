"""A local chat that speaks Slack's protocols, for tests and for trying the bot in a browser.

Nothing between the bot and this workspace is stubbed: the bot calls its Web API over HTTP, and it sends the bot
signed requests or Socket Mode envelopes. `workspace` holds the state and knows no network; `web_api` is the door
for the bot; `switchboard` sends what people do; `driver` lets tests be those people; `browser` is the page.
"""
