"""Who is told what and when: recipients, ladders of reminders, quiet hours, digests, states of delivery. No I/O."""
