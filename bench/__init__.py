"""Measures the budgets against a floor in the same run: `make bench`. Machines are noisy; ratios and p95 tell, single times do not."""
