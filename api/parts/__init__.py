"""Parts of the stack: programs and servers that `quaystream up` keeps going."""
