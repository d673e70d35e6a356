"""What an operator reads off this process: figures in the format of Prometheus."""
