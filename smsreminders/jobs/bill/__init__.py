"""The bill: shown, closed, compared with the gateway's invoice."""
