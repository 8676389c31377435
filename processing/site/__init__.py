"""Site configuration: what each terminal has decided for itself."""
