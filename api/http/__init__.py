"""How a request becomes an answer: routes, parameters, bodies, errors, and what every answer carries."""
