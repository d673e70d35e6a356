"""The console's parts: small functions that put one thing on a page, each styled by static/staff/console.css."""
