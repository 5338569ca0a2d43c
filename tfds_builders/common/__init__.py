"""What the datasets share: pairs made of pictures, where pictures come from, building records."""
