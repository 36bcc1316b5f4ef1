"""The demo's certificate: a throw-away authority and key for `*.test`, of no use anywhere else."""
