document.body.append(document.createElement('hr'));
