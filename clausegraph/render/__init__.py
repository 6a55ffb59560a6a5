"""Renderers: functions of results, which never reason."""
