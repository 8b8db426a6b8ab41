"""Tests of the kernel: plain values, no database."""
