"""How pictures are degraded, rounded and shaved before they are scored: one file a protocol."""
