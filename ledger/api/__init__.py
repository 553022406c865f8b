"""The books over the REST API: thin operations over the selectors, reports and acts that the pages use."""
