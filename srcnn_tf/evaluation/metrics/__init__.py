"""What a restored picture is measured by: one file a metric, listed in `catalog`."""
