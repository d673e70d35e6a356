"""What supervisors see: one module for each side of the figures, drawn with ECharts."""
