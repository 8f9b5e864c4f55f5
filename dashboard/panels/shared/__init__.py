"""Blocks that pages of several families draw: cases as rows, the progress of one."""
