"""What a restored picture is measured by: one file a metric, which `catalog` finds by itself."""
