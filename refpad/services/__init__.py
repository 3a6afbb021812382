"""The work itself, without Prefect: watch, intake, chase, export. Flows call these verbs; so does the command line."""
