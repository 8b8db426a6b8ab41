"""Tests of people, postings and sight."""
