"""The domain: editions, networks, cities, people, roles, activities and assignments. No I/O, no driver."""
