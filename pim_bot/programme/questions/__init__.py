"""Questions in plain words: what is meant by them, and what may be told to whoever asks. Nothing here guesses."""
