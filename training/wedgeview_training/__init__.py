"""Trains the networks of Wedgeview's bundles from observations alone: no ground truth is ever read."""

__version__ = "0.1.0"
