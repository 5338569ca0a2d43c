"""Things on disk, without domain knowledge: pictures, atomic writes, locks."""
