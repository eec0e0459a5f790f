"""Pure Block Kit and text: a domain object and a language in, a message out."""
