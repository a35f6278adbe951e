"""The demonstration: invented farms in the four pilot counties, their seasons and their pictures."""
