"""The demo's certificate: a throw-away authority and key for `*.test`, of no use anywhere else."""

#: Of the key, as `--ignore-tls` takes it: a browser that is given it trusts the certificate.
PUBLIC_KEY = "sha256/f/DQS5SSve2Qo/CJi3EBQLftXV/+dPQI7RFRNV99g8w="
