"""What the gateways with an HTTP interface share."""
