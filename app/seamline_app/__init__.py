"""The application: window, jobs, command line, settings."""
