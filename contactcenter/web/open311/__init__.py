"""Open311's GeoReport v2: requests to the city by programs, and what everybody may know of them."""
