"""Small invented worlds with known truth, in which an estimator must hold, or must fail."""
