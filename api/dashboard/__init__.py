"""The page's web sources (TypeScript, built by Vite) and the program that builds them."""
