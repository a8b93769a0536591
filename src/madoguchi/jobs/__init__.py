"""Work that is done later (後で行う仕事): jobs in a table, claimed under a lease; ids only."""
