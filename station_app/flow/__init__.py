"""Runs sessions on a station: lanes (threads), the bridge back from them, the runner."""
