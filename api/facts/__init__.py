"""Facts as they are answered: Structs, queries and routes from the types of facts."""
