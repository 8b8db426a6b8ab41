"""Tests of spreadsheets in and out: real files made on the fly, no database."""
