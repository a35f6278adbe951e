"""The WSGI applications that LongTrace is compared with, each on the same server."""
