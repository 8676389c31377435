"""The API's connections to the database, which may be away, and the queries that go over them."""
