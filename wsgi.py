"""The WSGI entry point every production server loads."""

from backend.app import create_app

app = create_app()
