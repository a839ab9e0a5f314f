"""How soon a prior over settings finds the best, beside Optuna."""
