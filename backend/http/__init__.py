"""The Flask edge: routes, schemas, errors, authentication, limits, observation. It knows no feature."""
