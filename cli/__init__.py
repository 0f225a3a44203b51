"""`respite`, the command of the lender's people: runs the servers, shows and moves what the store holds."""
