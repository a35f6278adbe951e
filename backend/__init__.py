"""LongTrace 陇溯, the server: rooms and who may enter which are told in docs/model/house.md."""
