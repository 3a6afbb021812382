"""The work itself, without Prefect: watch, intake, chase, deliver. Flows call these verbs; so does the command line."""
