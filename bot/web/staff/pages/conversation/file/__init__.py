"""The file beside a conversation: what a member decides by, live."""
