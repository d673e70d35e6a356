"""Respite's core: lending arithmetic, plans, identity, support and the store. No web, no Rasa, no Telegram."""
