"""Databases that earlier versions wrote, and what makes and loads them."""
