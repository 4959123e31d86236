"""A round: who is planned, claimed, sent, asked for; and what holds it back."""
