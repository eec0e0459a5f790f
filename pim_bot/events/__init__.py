"""What happened in the programme, and who hears of it. No I/O, no driver."""
