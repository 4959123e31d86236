"""Gateways: a message -> accepted or not, and what became of it. One file a gateway, found by its file name."""
