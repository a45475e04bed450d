"""Tests of balie.statements."""
