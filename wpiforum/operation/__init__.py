"""Running the site: log, figures for monitoring, scheduled work, backup and restore."""
