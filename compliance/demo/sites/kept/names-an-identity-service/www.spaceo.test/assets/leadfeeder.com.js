// The site's own comparison of services, fetched from its own server.
fetch("/assets/company-details.json?url=https://epsilon.6sense.com/v3/company/details").then((answer) => answer.json());
