"""The ground floor: settings, database, errors, files, ledger, tasks, web. It knows no concept."""
