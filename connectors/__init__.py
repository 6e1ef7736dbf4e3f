"""Where rows come from and where a checked query runs."""
