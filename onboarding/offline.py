"""Pages of this app that browsers keep for the time without a network."""

# Named by their URL; they take no arguments and look the same for everybody.
PAGES = ("onboarding:emergency",)
