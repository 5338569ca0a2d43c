"""The mains of `bin/*` and of the installed commands."""
