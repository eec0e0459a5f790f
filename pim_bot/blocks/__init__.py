"""Block Kit and text, pure: things of the domain and a language in, a message or a form out."""
