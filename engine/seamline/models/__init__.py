"""Networks: what exists, where it comes from, and how it is converted and run."""
