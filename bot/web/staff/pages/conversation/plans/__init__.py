"""The plan desk: quoting plans within one's authority, offering them, and asking for more."""
