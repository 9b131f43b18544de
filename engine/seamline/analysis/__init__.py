"""From pictures to signals to proposed seams."""
