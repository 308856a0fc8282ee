"""Tables in files: Excel workbooks and CSV, read without trust and written without traps.

`reading` hands hostile files to a child process with limits, `writing` makes files in which no cell can become a formula, `shelf` keeps
files on the disk for the one person they belong to, and `values` turns what stands in a cell into what was meant.
"""
