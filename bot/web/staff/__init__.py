"""The console for staff, under /staff of the web application.

Signing in and accepting an invitation are plain forms (`doors`); everything behind the door is NiceGUI. A page is one
module of `pages`; `page.staff_page` checks who may see it and puts it into the `shell`.
"""
