"""`python -m madoguchi.cli`: the command line, for those who know only their Python."""

from madoguchi.cli.main import main

main()
