"""Staff accounts: sign-in with a second factor, throttled tries, sessions that end."""
