"""Bill: segments delivered, months closed, and the evidence of both."""
